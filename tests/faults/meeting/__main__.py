"""`python -m tests.faults.meeting`: one meeting told again and again, each time with another process killed in it.

What it comes to is compared with the same meeting without faults: log, seconds of every part and account, decisions
and other lines, minutes. Starts its own PostgreSQL (or, with `--database sqlite`, a file and no Redis), Redis, pages,
streams and worker; needs nothing but the test requirements.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

SAME = ("log", "parts", "ledger", "decisions", "minutes")
BLIND_S = 6


def arguments():
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.meeting", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--rounds", type=int, default=5, help="each fault is met once in a round")
    parser.add_argument("--seed", type=int, default=1, help="decides at which order a fault is met, and when")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--only", default="", help="names of faults, apart by commas")
    parser.add_argument("--json", type=Path, help="write the figures into this file")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    said, sys.argv = sys.argv, ["-h"]  # importing the module would start servers for tests
    from tests.faults import servers  # noqa: PLC0415

    sys.argv = said
    with tempfile.TemporaryDirectory(prefix="meeting-faults-") as scratch:
        folder = Path(scratch)
        is_small = asked.database == "sqlite"
        postgres = None if is_small else servers.Postgres()
        redis = None if is_small else servers.Redis(folder).start()
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "reviewhub.settings",
            "DATABASE_URL": f"sqlite:///{folder}/meeting.sqlite3" if is_small else postgres.url,
            "REDIS_URL": redis.url if redis else "",
            "REVIEWHUB_DATA": str(folder),
            "REVIEWHUB_PLAIN_STATIC": "1",
        }
        try:
            found = run(asked, folder, redis, postgres)
        finally:
            for each in (redis, postgres):
                if each:
                    each.stop()
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1))
    sys.exit(0 if all(each["same"] and each["blind_s"] <= BLIND_S for each in found) else 1)


def run(asked, folder: Path, redis, postgres) -> list[dict]:
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    if postgres:  # the clusters of tests confirm a commit before it is written down: a crash would forget it
        with connection.cursor() as cursor:
            cursor.execute("ALTER DATABASE postgres SET synchronous_commit = on")
        connection.close()
    from tests import make  # noqa: PLC0415
    from tests.faults.meeting.house import House  # noqa: PLC0415

    people = make.people()
    house = House(folder, redis, postgres).start()
    try:
        return told(asked, house, people)
    finally:
        house.stop()


def told(asked, house, people) -> list[dict]:
    from tests.faults.meeting import story  # noqa: PLC0415

    chance, found = random.Random(asked.seed), []  # noqa: S311 - the same faults again, not a secret
    calm = story.told(house, people, story.opened(people, 0, house.clock))
    print(f"without faults: blind {calm['blind_s']:.2f} s, {len(calm['log'])} lines of the log")
    number = 0
    for _round in range(asked.rounds):
        for name, fault in house.faults().items():
            if asked.only and name not in asked.only.split(","):
                continue
            number += 1
            place, delay = chance.choice(story.CLOCK_ORDERS), chance.random() * 0.1
            what = (
                fault if fault == "browser" else lambda fault=fault, delay=delay: (time.sleep(delay), fault())
            )
            shaken = story.told(house, people, story.opened(people, number, house.clock), [(place, what)])
            differs = [key for key in SAME if shaken[key] != calm[key]]
            found.append(
                {
                    "fault": name, "order": place, "delay_s": round(delay, 3), "same": not differs,
                    "differs": differs, "again": shaken["repeated"], "blind_s": round(shaken["blind_s"], 2),
                }
            )  # fmt: skip
            print(f"{name}, at order {place}: {differs or 'the same'}, blind {shaken['blind_s']:.2f} s")
    print(table(found))
    return found


def table(found) -> str:
    lines = ["", "| fault | meetings | the same in the end | orders given again | blind: median, longest s |"]
    lines += ["|---|---|---|---|---|"]
    for name in dict.fromkeys(each["fault"] for each in found):
        own = [each for each in found if each["fault"] == name]
        blind = [each["blind_s"] for each in own]
        same, again = sum(each["same"] for each in own), sum(each["again"] for each in own)
        lines += [
            f"| {name} | {len(own)} | {same} | {again} | {statistics.median(blind):.2f}, {max(blind):.2f} |"
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
