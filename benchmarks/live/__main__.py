"""`python -m benchmarks.live`: a live meeting on many screens, one order a second, beside its bounds and its peer.

The product serves its streams as in production: one uvicorn, PostgreSQL and one Redis subscription (or, with
`--database sqlite`, a look at the database). In the same run as many readers get the same bytes from a bare asyncio
broadcast (the bound), and ask the pages for the state every two seconds, as a screen without streams would (the peer).
Server, readers and the facilitator are processes of their own.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

CONTESTANTS = ("bare", "product", "polling")


def arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    parser.add_argument("--viewers", type=int, default=500)
    parser.add_argument("--orders", type=int, default=30, help="orders of a round, one a second")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument(
        "--contestants", default=",".join(CONTESTANTS), help="any of " + ", ".join(CONTESTANTS)
    )
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="live-") as scratch:
        folder = Path(scratch)
        prepare(asked, folder)
        run(asked, folder)


def prepare(asked, folder: Path) -> None:
    """An empty database of its own, and with PostgreSQL a Redis."""
    said, sys.argv = sys.argv, ["-h"]  # importing the module would start servers for tests
    from tests import services  # noqa: PLC0415

    sys.argv = said
    sqlite = asked.database == "sqlite"
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "reviewhub.settings",
        "DATABASE_URL": f"sqlite:///{folder}/live.sqlite3" if sqlite else services.postgresql(),
        "REDIS_URL": "" if sqlite else services.redis(),
        "REVIEWHUB_DATA": str(folder),
        "REVIEWHUB_PLAIN_STATIC": "1",
    }
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


def run(asked, folder: Path) -> None:
    from benchmarks.live import contest, room, tables  # noqa: PLC0415
    from benchmarks.validation.tables import machine  # noqa: PLC0415

    wake = "one Redis subscription" if os.environ["REDIS_URL"] else "a look at the database"
    print(
        machine(f"{asked.database}, {asked.viewers} viewers, {asked.rounds} × {asked.orders} orders, {wake}")
    )
    meeting, sessions = room.opened(asked.viewers)
    found: dict[str, list] = {name: [] for name in asked.contestants.split(",")}
    for _turn in range(asked.rounds):
        for name, measured in found.items():
            measured.append(getattr(contest, name)(meeting, sessions, asked.orders, folder))
    print(tables.race(found, asked.viewers))
    print(tables.targets(found))


if __name__ == "__main__":
    main()
