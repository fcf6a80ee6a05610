"""Waits with the reader's libraries loaded and forks one limited reader for each workbook.

Run by file path like child.py, so that nothing of the product is imported. Argument: the descriptor of a socket. Each
message on it carries one descriptor more: the connection of one order. A reader answers there in JSON and ends; this
process adds a line with the reader's end. Whoever hangs up ends the reader; when the socket closes everything ends.
"""

import importlib.util
import json
import os
import select
import signal
import socket
import sys
from pathlib import Path

LONGEST_ORDER = 1 << 20


def main() -> int:
    child = loaded()
    control = socket.socket(fileno=int(sys.argv[1]))
    control.send(b"!")
    waking, told = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(waking, select.POLLIN)
    running: dict[int, socket.socket] = {}
    while True:
        for descriptor, _ in poll.poll():
            if descriptor == control.fileno():
                if (asked := received(control)) is None:
                    return ended(running)
                pid = forked(child, asked, [control, *running.values()], (waking, told))
                running[pid] = asked
                poll.register(asked, 0)  # only its hanging up: the order is the reader's to read
            elif descriptor == waking:
                os.read(waking, 4096)
            else:
                poll.unregister(descriptor)
                hung_up = next((pid for pid, one in running.items() if one.fileno() == descriptor), None)
                if hung_up:
                    os.kill(hung_up, signal.SIGKILL)
        reap(running, poll)


class NoPandas:
    """Arrow looks for pandas at its first array, which takes half a second; the reader hands it none."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "pandas":
            raise ModuleNotFoundError(name)


def loaded():
    """child.py as a module, with the libraries that it reads with."""
    sys.meta_path.insert(0, NoPandas)
    import pyarrow.compute  # noqa: F401, PLC0415
    import python_calamine  # noqa: F401, PLC0415

    spec = importlib.util.spec_from_file_location("child", Path(__file__).with_name("child.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def received(control) -> socket.socket | None:
    """The connection of the next order; None when nobody will ask any more."""
    message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
    if not message or not descriptors:
        return None
    return socket.socket(fileno=descriptors[0])


def forked(child, asked, others, pipe) -> int:
    """The process id of a reader for the order that comes on `asked`."""
    if pid := os.fork():
        return pid
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for one in others:
            one.close()
        for one in pipe:
            os.close(one)
        order = b""
        while not order.endswith(b"\n") and len(order) < LONGEST_ORDER:
            order += asked.recv(65_536)
        asked.sendall(json.dumps(child.answered(json.loads(order))).encode())
        status = 0
    finally:
        os._exit(status)


def reap(running, poll) -> None:
    """Tell of every reader that has ended how it ended."""
    while running:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        asked = running.pop(pid)
        try:
            poll.unregister(asked)
        except KeyError:
            pass  # hung up before
        asked.setblocking(False)
        try:
            asked.send(b"\n%d" % os.waitstatus_to_exitcode(status))
        except OSError:
            pass
        asked.close()


def ended(running) -> int:
    for pid in running:
        os.kill(pid, signal.SIGKILL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
