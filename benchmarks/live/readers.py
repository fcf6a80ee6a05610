"""Many readers in one process: `python readers.py stream|poll PORT PATH SECONDS`, one cookie a line on standard input.

Prints "ready" once every reader has had the first state, and at the end of its input one JSON object: number of a line
of the log → when each reader had it (monotonic clock, s).
"""

import asyncio
import json
import re
import sys
import time

SEQ = re.compile(rb'"seq": ?(\d+)')


class Crowd:
    def __init__(self, size: int):
        self.size, self.first, self.ready = size, 0, asyncio.Event()
        self.had: dict[int, list[float]] = {}
        self.polls, self.broken = 0, 0

    def begun(self) -> None:
        self.first += 1
        if self.first == self.size:
            self.ready.set()

    def has(self, seq: int, before: int, at: float) -> None:
        """A reader that skipped states had those in between at the same moment."""
        for one in range(before + 1, seq + 1):
            self.had.setdefault(one, []).append(at)


class Listener(asyncio.Protocol):
    """One stream; frames end with an empty line."""

    def __init__(self, crowd: Crowd, ask: bytes):
        self.crowd, self.ask, self.waiting, self.seq = crowd, ask, b"", -1

    def connection_made(self, transport):
        transport.write(self.ask)

    def data_received(self, data):
        at = time.monotonic()
        self.waiting += data
        *frames, self.waiting = self.waiting.split(b"\n\n")
        for frame in frames:
            if b"event: state" in frame and (found := SEQ.search(frame)):
                self.take(int(found[1]), at)

    def take(self, seq: int, at: float) -> None:
        if self.seq < 0:
            self.crowd.begun()
        else:
            self.crowd.has(seq, self.seq, at)
        self.seq = max(self.seq, seq)

    def connection_lost(self, exc):
        self.crowd.broken += 1


async def poll(crowd: Crowd, port: int, ask: bytes, every: float, delay: float) -> None:
    """The same connection again and again, as a browser asks."""
    await asyncio.sleep(delay)
    seq, reader, writer = -1, None, None
    while True:
        due = time.monotonic() + every
        try:
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(ask)
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(int(re.search(rb"(?i)content-length: (\d+)", head)[1]))
        except (OSError, asyncio.IncompleteReadError):
            crowd.broken += 1
            writer = None
            await asyncio.sleep(0.1)
            continue
        crowd.polls += 1
        found = int(SEQ.search(body)[1])
        if seq < 0:
            crowd.begun()
        else:
            crowd.has(found, seq, time.monotonic())
        seq = max(seq, found)
        await asyncio.sleep(max(0.0, due - time.monotonic()))


async def main() -> None:
    how, port, path, every = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
    loop = asyncio.get_running_loop()
    cookies = [await loop.run_in_executor(None, sys.stdin.readline) for _ in range(int(sys.argv[5]))]
    crowd = Crowd(len(cookies))
    begun, kept = time.monotonic(), []
    for place, cookie in enumerate(cookies):
        ask = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie.strip()}\r\n\r\n".encode()
        if how == "stream":
            kept.append(await loop.create_connection(lambda ask=ask: Listener(crowd, ask), "127.0.0.1", port))
        else:
            kept.append(loop.create_task(poll(crowd, port, ask, every, every * place / len(cookies))))
    waiting = loop.create_task(crowd.ready.wait())
    done, _ = await asyncio.wait(
        [waiting, *(one for one in kept if isinstance(one, asyncio.Task))], return_when="FIRST_COMPLETED"
    )
    for one in done:
        one.result()
    print(json.dumps({"ready_s": time.monotonic() - begun}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    print(json.dumps({"had": crowd.had, "polls": crowd.polls, "broken": crowd.broken}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
