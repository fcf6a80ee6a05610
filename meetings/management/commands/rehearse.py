"""`manage.py rehearse SCRIPT.json`: a meeting run from a script, by the real orders and the real clock."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from meetings import rehearsal
from meetings.refusals import SENTENCES
from reviewhub.ui.commands import AnswersInJson

UNUSABLE = 2
LARGEST_SCRIPT = 5_000_000


class Command(AnswersInJson, BaseCommand):
    help = "Run a meeting from a script and show its clock after each command. Nothing is stored."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("script", help="a JSON file, or - for standard input")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args, script, **options):
        try:
            result = rehearsal.run(_read(script))
        except (rehearsal.Unusable, OSError, ValueError, RecursionError) as problem:
            self._give_up(f"{script}: {problem}", options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(result))
            return
        for line in map(_line, result["states"]):
            self.stdout.write(line)

    def _give_up(self, problem, as_json):
        if as_json:
            self.stdout.write(json.dumps({"status": "unusable", "problem": problem}))
        else:
            self.stderr.write(problem)
        sys.exit(UNUSABLE)


def _read(script):
    """The script as Python values. Raises OSError, ValueError or RecursionError."""
    if script == "-":
        raw = sys.stdin.buffer.read(LARGEST_SCRIPT + 1)
    else:
        with Path(script).open("rb") as file:
            raw = file.read(LARGEST_SCRIPT + 1)
    if len(raw) > LARGEST_SCRIPT:
        raise rehearsal.Unusable(f"a script has at most {LARGEST_SCRIPT} bytes")
    return json.loads(raw.decode("utf-8-sig"))


def _line(state):
    if "refused" in state:
        sentence = SENTENCES.get(state["refused"], "").split("%(")[0]
        return f"{'':>9}  refused: {state['refused']}  {sentence}".rstrip()
    moved = " ".join(f"{account}{seconds:+d}" for account, seconds in state["deltas_s"].items())
    return (
        f"{_clock(state['at_s'])}  {state['state']:<8}{state['part'] or '–':<7}left {_clock(state['remaining_s'])}"
        f"  buffer {_clock(state['buffer_s'])}  end {_clock(state['projected_end_s'])}  {moved}"
    ).rstrip()


def _clock(seconds):
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else ' '}{minutes // 60:d}:{minutes % 60:02d}:{rest:02d}"
