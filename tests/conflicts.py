"""`python -m tests.conflicts --seed N [--seed M …] [--json]`: plants what the seed says, asks the desk, compares.

Prints for every seed what was planted, what was found and what explains it; exit 1 where one was missed, explained by
something else, or found though nobody planted it. Seeds of `manage.py demo --conflicts SEED`, day of the demo company
given by --on (the day of the tests unless given).
"""

import argparse
import datetime as dt
import json
import os
import sys
import tempfile

AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def main() -> int:
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("--seed", type=int, action="append", required=True)
    given.add_argument("--on", type=dt.date.fromisoformat, default=AT.date(), help="the demo company's day")
    given.add_argument("--json", action="store_true", dest="as_json")
    asked = given.parse_args()
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "reviewhub.settings",
            "DATABASE_URL": f"sqlite:////{data.strip('/')}/conflicts.sqlite3",
            "REVIEWHUB_DATA": data,
            "SECRET_KEY": "conflicts",
        }
        return compare(asked.seed, asked.on, as_json=asked.as_json)


def compare(seeds: list[int], on: dt.date, *, as_json: bool) -> int:
    import django  # noqa: PLC0415 - the database is this command's own

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415

    from metrics import dictionary  # noqa: PLC0415
    from reviewhub.demo import tables  # noqa: PLC0415
    from tests import planted  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    dictionary.ensure(at=AT)
    handed = tables.handed_in(on)
    planted.hand_in(handed, at=AT)
    months, failed = planted.last_months(handed), 0
    if planted.seen(months):
        sys.stdout.write(f"Without conflicts: {planted.seen(months)}\n")
        failed = 1
    for seed in seeds:
        changed, told = planted.plant(handed, seed)
        with transaction.atomic():
            planted.hand_in(changed, {one.table for one in told}, at=AT)
            found = planted.seen(months)
            transaction.set_rollback(True)
        is_right = [(one.rule, one.month, one.causes) for one in found] == planted.expected(told)
        failed |= not is_right
        sys.stdout.write(
            as_document(seed, told, found, is_right) if as_json else as_text(seed, told, found, is_right)
        )
        sys.stdout.flush()
    return int(failed)


def as_document(seed, told, found, is_right) -> str:
    document = {
        "seed": seed,
        "planted": [one.document() for one in told],
        "found": [vars(one) for one in found],
        "right": is_right,
    }
    return json.dumps(document, ensure_ascii=False) + "\n"


def as_text(seed, told, found, is_right) -> str:
    lines = [f"seed {seed}: {'as planted' if is_right else 'NOT as planted'}"]
    for one in told:
        for month, amount in one.amounts.items():
            lines.append(f"  planted  {one.rules[0]} {month}  {one.kind} {one.where or ''} {amount}")
    for one in found:
        why = "; ".join(f"{code} {params}" for code, params in zip(one.causes, one.told, strict=True))
        lines.append(f"  found    {one.rule} {one.month}  {why or 'nothing explains it'}")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
