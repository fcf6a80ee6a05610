"""A planner of its own: `python -m tests.faults.outbox.planner TICKS`, the same made-up hours for everybody."""

import datetime as dt
import sys

import django

BEGIN = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def hourly(company, since, until):
    """A cycle at every full hour of (since, until]."""
    from reviewhub.notices.kinds import Plan  # noqa: PLC0415 - django.setup() first

    moment = since.replace(minute=0)
    while (moment := moment + HOUR) <= until:
        yield Plan(f"{moment:%m-%dT%H}", moment)


def main(ticks: int) -> None:
    from reviewhub.notices import kinds, planning  # noqa: PLC0415
    from reviewhub.people.models import Company  # noqa: PLC0415

    kind = kinds.Kind("fault.hourly", "", "", list, str, lambda since, until: Company.objects.all(), hourly)
    for number in range(ticks):
        planning.plan_kind(kind, clock=lambda at=BEGIN + number * HOUR: at)


if __name__ == "__main__":
    django.setup()
    print("ready", flush=True)
    sys.stdin.readline()
    main(int(sys.argv[1]))
