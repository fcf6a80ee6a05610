"""A word to the workers that something waits. Losing it costs at most a minute: the tick looks anyway (F10)."""

from reviewhub.health import waking

TASK = "reviewhub.notices.tasks.deliver"


def wake() -> None:
    """Ask a worker to look now. Never raises and never waits long for a broker that is away."""
    waking.wake(TASK)
