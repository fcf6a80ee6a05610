"""Seconds for a whole conversation: whoever trickles a byte a second does not hold a worker (F26)."""

import contextlib
import os
import queue
import socket
import threading
import time


class Deadline:
    """Cuts every socket it watches when the seconds are over; whoever waits there then reads an end of file.

    A time limit of a socket starts anew with each byte; this one does not.
    """

    def __init__(self, seconds: float):
        self.ends = time.monotonic() + seconds
        self.seconds = seconds
        self.is_over = False
        self._watched: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self):
        self._timer.start()
        return self

    def __exit__(self, *_error):
        self._timer.cancel()
        with self._lock:
            for watched in self._watched:
                watched.close()
            self._watched.clear()

    def left(self) -> float:
        """The seconds that remain. TimeoutError when none do."""
        seconds = self.ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError(f"no end after {self.seconds:g} s")
        return seconds

    def watch(self, sock: socket.socket) -> None:
        """Cut the connection below `sock` at the end, also while TLS wraps it."""
        with self._lock:
            self._watched.append(socket.socket(fileno=os.dup(sock.fileno())))

    def _cut(self) -> None:
        with self._lock:
            self.is_over = True
            for watched in self._watched:
                with contextlib.suppress(OSError):
                    watched.shutdown(socket.SHUT_RDWR)


def resolve(host: str, port: int, *, seconds: float) -> list[tuple]:
    """The addresses of `host` as getaddrinfo gives them. OSError, also when no answer came in time."""
    answer: queue.SimpleQueue = queue.SimpleQueue()

    def ask() -> None:
        try:
            answer.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answer.put(error)

    # The system's resolver takes no time limit: a thread of its own waits for it, and may be left waiting.
    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answer.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError(f"the name {host} was not resolved in {seconds:g} s") from None
    if isinstance(found, UnicodeError):
        raise OSError(f"the name {host} cannot be resolved") from found
    if isinstance(found, OSError):
        raise found
    return found


def connect(addresses: list[tuple], *, seconds: float, deadline: Deadline) -> socket.socket:
    """A connection to the first of `addresses` that answers, within `seconds` for all of them. OSError if none does."""
    ends = time.monotonic() + seconds
    last: OSError = OSError("no address")
    for family, kind, protocol, _name, address in addresses:
        left = min(ends - time.monotonic(), deadline.left())
        if left <= 0:
            break
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(left)
            sock.connect(address)
            sock.settimeout(deadline.left())
            deadline.watch(sock)
            return sock
        except OSError as error:
            sock.close()
            last = error
    raise last
