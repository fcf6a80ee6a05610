"""A real SMTP server in a process of its own: each letter it accepts is in a file before it answers 250."""

import email
import os
import sys
import time

from aiosmtpd.controller import Controller


class Sink:
    def __init__(self, path):
        self.file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def handle_DATA(self, server, session, envelope):
        headers = email.message_from_bytes(envelope.content)
        again = "again" if headers["X-ReviewHub-Retry"] else "first"
        os.write(self.file, f"{headers['Message-ID']} {again}\n".encode())
        return "250 taken"


if __name__ == "__main__":
    port, path = int(sys.argv[1]), sys.argv[2]
    Controller(Sink(path), hostname="127.0.0.1", port=port, ready_timeout=30).start()
    print("ready", flush=True)
    while os.getppid() != 1:
        time.sleep(1)
