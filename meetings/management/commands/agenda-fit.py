"""`manage.py agenda-fit`: the published minutes fitted into the time there is, strategy by strategy."""

import argparse
import json
import sys

from django.core.management.base import BaseCommand

from meetings import fitting
from reviewhub.ui.commands import AnswersInJson

REFUSED = 1


class Command(AnswersInJson, BaseCommand):
    help = "Fit an agenda template into a budget of minutes. Nothing is stored."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--template", choices=list(fitting.TEMPLATES), default="published")
        parser.add_argument("--budget", type=_minutes, default=240, help="minutes")
        parser.add_argument("--strategy", choices=list(fitting.STRATEGIES), help="all when left out")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args, template, budget, strategy, **options):
        chosen = fitting.TEMPLATES[template]
        names = [strategy] if strategy else list(fitting.STRATEGIES)
        rows = {name: _row(chosen, budget, name) for name in names}
        if options["json"]:
            self.stdout.write(json.dumps({"template": template, "budget": budget, "strategies": rows}))
        else:
            for name, row in rows.items():
                self.stdout.write(f"{name:<4}{_line(row)}")
        if strategy and "refused" in rows[strategy]:
            sys.exit(REFUSED)


def _minutes(typed):
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 4 and 1 <= int(typed) <= 1440):
        raise argparse.ArgumentTypeError("minutes between 1 and 1440 are needed")
    return int(typed)


def _row(template, budget, strategy):
    try:
        minutes = fitting.fitted(template, budget, strategy)
    except fitting.Infeasible as problem:
        return {"refused": "infeasible", "missing": problem.missing}
    total = sum(minutes.values())
    kept = fitting.discussion_kept(template, minutes)
    return {
        "minutes": minutes,
        "total": total,
        "over": max(0, total - budget),
        "discussion_kept": f"{float(kept):.2f}",
    }


def _line(row):
    if "refused" in row:
        return f"not possible: {row['missing']} minutes missing; drop a part, lower a minimum, or end later"
    minutes = "  ".join(f"{part} {value}" for part, value in row["minutes"].items() if value)
    over = f"  over by {row['over']}" if row["over"] else ""
    return f"{row['total']:>4}{over}  {minutes}"
