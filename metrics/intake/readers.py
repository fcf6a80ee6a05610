"""Readers of workbooks: processes of their own under limits, forked from one that waits with its libraries loaded.

Loading the libraries takes half a second of processor time, reading a small workbook a hundredth of that. The waiting
process knows nothing of the product: no settings, no database, an environment of a few names. It belongs to the
process that started it and ends with it.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

SERVER = Path(__file__).with_name("child_server.py")
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "LD_LIBRARY_PATH")
# One arena of memory: others are reserved ahead, which the limit of a reader would not count.
CAREFUL = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
}
START_S = 60

_lock = threading.Lock()
_waiting: tuple[int, socket.socket, subprocess.Popen] | None = None


class ReaderStopped(Exception):
    """The reader ended without an answer; `status` as subprocess tells it, negative for a signal."""

    def __init__(self, status: int):
        super().__init__(str(status))
        self.status = status


def start() -> None:
    """Have the waiting process ready, so that the first order need not wait for its libraries."""
    with _lock:
        _control()


class Asked:
    """One order that a reader works on (see child.py). Whoever hangs up ends the reader.

    Raises ReaderStopped where no reader can be had.
    """

    def __init__(self, order: dict, *, seconds: float):
        self._ours, theirs = socket.socketpair()
        self._ours.settimeout(seconds)
        try:
            with theirs:
                _hand_over(theirs)
            self._ours.sendall(json.dumps(order).encode() + b"\n")
        except (BrokenPipeError, ConnectionResetError):
            self.hang_up()
            raise ReaderStopped(1) from None
        except ReaderStopped:
            self.hang_up()
            raise

    def answer(self) -> dict:
        """What the reader answers. Raises ReaderStopped, and TimeoutError when it is silent for too long."""
        with self._ours:
            try:
                answer, _, status = _everything(self._ours).rpartition(b"\n")
            except (BrokenPipeError, ConnectionResetError):
                raise ReaderStopped(1) from None
        if not answer:
            raise ReaderStopped(int(status or 1))
        return json.loads(answer)

    def hang_up(self) -> None:
        self._ours.close()


def _everything(connection) -> bytes:
    found = bytearray()
    while block := connection.recv(1 << 20):
        found += block
    return bytes(found)


def _hand_over(connection) -> None:
    """Give the connection to the waiting process; one that is gone is started anew."""
    with _lock:
        for attempt in (1, 2):
            control = _control()
            try:
                socket.send_fds(control, [b"?"], [connection.fileno()])
                return
            except OSError:
                _forget()
                if attempt == 2:
                    raise ReaderStopped(1) from None


def _control() -> socket.socket:
    """The socket of this process's own waiting process."""
    global _waiting
    if _waiting is None or _waiting[0] != os.getpid() or _waiting[2].poll() is not None:
        _forget()
        _waiting = (os.getpid(), *_started())
    return _waiting[1]


def _started() -> tuple[socket.socket, subprocess.Popen]:
    ours, theirs = socket.socketpair()
    environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ} | CAREFUL
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-I", str(SERVER), str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env=environment,
            start_new_session=True,
        )
    ours.settimeout(START_S)
    try:
        ready = ours.recv(1)
    except OSError:
        ready = b""
    if not ready:
        ours.close()
        process.kill()
        process.wait()
        raise ReaderStopped(1)
    return ours, process


@atexit.register
def _forget() -> None:
    """Let the waiting process end."""
    global _waiting
    if _waiting is None:
        return
    owner, control, process = _waiting
    _waiting = None
    control.close()
    if owner == os.getpid():
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _after_fork() -> None:
    global _lock
    _lock = threading.Lock()
    if _waiting is not None:
        _waiting[1].close()


os.register_at_fork(after_in_child=_after_fork)
