"""The bound: an asyncio server that writes the same bytes to every connection. `python bare.py PORT FILE`.

FILE holds a frame; each number on standard input goes out at once, as the number of that frame, to every reader.
"""

import asyncio
import re
import sys
from pathlib import Path

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


class Reader(asyncio.Protocol):
    there: set = set()
    frame = b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(HEAD + self.frame)
        self.there.add(self.transport)

    def connection_lost(self, exc):
        self.there.discard(self.transport)


async def main() -> None:
    loop = asyncio.get_running_loop()
    Reader.frame = Path(sys.argv[2]).read_bytes()
    await loop.create_server(Reader, "127.0.0.1", int(sys.argv[1]), backlog=4096)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        frame = re.sub(rb'"seq":\d+', b'"seq":' + line.strip().encode(), Reader.frame, count=1)
        for transport in Reader.there:
            transport.write(frame)


if __name__ == "__main__":
    asyncio.run(main())
