"""A worker that dies where it is told: `python -m tests.metrics.crash POINT JOB`, SIGKILL as the kernel gives it."""

import os
import signal
import sys

import django


def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


def after(function):
    """`function`, and then the end."""

    def last(*args, **options):
        function(*args, **options)
        die()

    return last


def arm(point: str) -> None:
    from metrics import facts, importing, outcomes  # noqa: PLC0415 - Django has to be set up first
    from metrics.models import ImportJob, RollUp  # noqa: PLC0415

    write = facts.write
    {
        "file saved": lambda: setattr(importing, "_checked", die),
        "checked": lambda: setattr(outcomes, "of", after(outcomes.of)),
        "half of the facts": lambda: setattr(
            facts, "write", lambda model, *rest: die() if model is RollUp else write(model, *rest)
        ),
        "before commit": lambda: setattr(ImportJob, "save", after(ImportJob.save)),
        "after commit": lambda: setattr(importing, "_store", after(importing._store)),
    }[point]()


if __name__ == "__main__":
    django.setup()
    from django.utils import timezone

    from metrics import importing

    arm(sys.argv[1])
    importing.run(sys.argv[2], at=timezone.now())
