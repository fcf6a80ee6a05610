"""Child processes that end with their parent, even when the parent was killed and could say nothing."""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent(**_event) -> None:
    """Called in a child: on Linux the kernel ends it when its parent is gone.

    Killed, not asked: a worker that is just starting does not listen yet, and work that was cut short is a
    row whose lease runs out.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
