"""`manage.py rehearse SCRIPT.json`: a meeting run from a script, by the real orders and the real clock.

`--random N --seed S` runs N random meetings instead and asks after each command what must always hold.
`--random N --seed S --show K` prints the script of meeting K, for a look at it step by step.
"""

import sys
from collections import Counter
from json import dumps, loads
from pathlib import Path

from django.core.management.base import BaseCommand

from meetings import rehearsal, trials
from meetings.refusals import SENTENCES
from reviewhub.ui.commands import AnswersInJson

BROKEN, UNUSABLE = 1, 2
LARGEST_SCRIPT = 5_000_000


class Command(AnswersInJson, BaseCommand):
    help = "Run a meeting from a script and show its clock after each command. Nothing is stored."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("script", nargs="?", help="a JSON file, or - for standard input")
        parser.add_argument("--random", type=int, metavar="N", help="N random meetings instead of a script")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same meetings")
        parser.add_argument("--show", type=int, metavar="K", help="print the script of random meeting K")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args, script, **options):
        if (script is None) == (options["random"] is None):
            self._give_up("either a script or --random N is needed", options["json"])
        if script is None:
            return self._try_out(**options)
        try:
            result = rehearsal.run(_read(script))
        except (rehearsal.Unusable, OSError, ValueError, RecursionError) as problem:
            self._give_up(f"{script}: {problem}", options["json"])
        if options["json"]:
            self.stdout.write(dumps(result))
            return
        for line in map(_line, result["states"]):
            self.stdout.write(line)

    def _try_out(self, random, seed, show, json, **options):
        if not 1 <= random <= trials.MOST_SCRIPTS:
            self._give_up(f"--random: from 1 to {trials.MOST_SCRIPTS:,} meetings", json)
        if show is not None:
            if not 0 <= show < random:
                self._give_up(f"--show: from 0 to {random - 1}", json)
            return self.stdout.write(dumps(trials.scripted(seed, show)))
        found = trials.run(random, seed)
        lines = [dumps(_document(found, seed))] if json else _report(found, seed)
        for line in lines:
            self.stdout.write(line)
        if found.broken:
            sys.exit(BROKEN)

    def _give_up(self, problem, as_json):
        if as_json:
            self.stdout.write(dumps({"status": "unusable", "problem": problem}))
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
    return loads(raw.decode("utf-8-sig"))


def _document(found, seed):
    return {
        "status": "broken" if found.broken else "held",
        "seed": seed,
        "scripts": found.scripts,
        "commands": found.commands,
        "refused": found.refused,
        "clock_set_back": found.backward,
        "events": dict(found.events.most_common()),
        "checks": dict(sorted(found.checks.items())),
        "broken": found.broken,
    }


def _report(found, seed):
    yield (
        f"{found.scripts:,} random meetings of seed {seed}: {found.commands:,} commands, {found.refused:,} refused,"
        f" {found.events.total():,} lines of the log, clock set back {found.backward:,} times"
    )
    wrong = Counter(each["rule"] for each in found.broken)
    for rule, asked in sorted(found.checks.items()):
        yield f"{asked:>10,} × {rule.replace('_', ' ')}{f'  BROKEN in {wrong[rule]}' if wrong[rule] else ''}"
    for each in found.broken:
        yield f"meeting {each['script']}, command {each['command']}: {each['rule'].replace('_', ' ')}"


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
