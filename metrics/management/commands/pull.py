"""`manage.py pull`: ask a source now, or all that are due, in this process; without a worker."""

import json
import sys

from django.core.management.base import BaseCommand
from django.utils import timezone, translation

from metrics import feed_words, pulling
from metrics.management.commands.submit import LANGUAGES, clean, shell_language
from metrics.models import Feed, FeedRun
from reviewhub.ui.commands import AnswersInJson

REFUSED, UNUSABLE = 1, 2


class Command(AnswersInJson, BaseCommand):
    help = "Fetch from SOURCE (its name or number) now, or from every source that is due. Exit status 1: one failed."

    def add_arguments(self, parser):
        parser.add_argument("source", nargs="?", default="", metavar="SOURCE")
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--language", choices=LANGUAGES, default=shell_language())

    def handle(self, *, source, as_json, language, **options):
        with translation.override(language):
            found = wanted(clean(source))
            if source and not found:
                self.tell(
                    {"status": "unusable", "runs": [], "problem": f"no source {clean(source)}"}, as_json
                )
                sys.exit(UNUSABLE)
            reason = FeedRun.Reason.COMMAND if source else FeedRun.Reason.SCHEDULE
            runs = [told(feed, pulling.pull(feed.pk, clock=timezone.now, reason=reason)) for feed in found]
            failed = [run for run in runs if run["state"] == "failed"]
            self.tell({"status": "failed" if failed else "done", "runs": runs}, as_json)
            if failed:
                sys.exit(REFUSED)

    def tell(self, document: dict, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(document, ensure_ascii=False))
            return
        lines = [
            f"{run['source']}: {run['state']}, {run['files']} / {run['rows']:,} {run['problem']}".rstrip()
            for run in document["runs"]
        ]
        self.stdout.write("\n".join([*lines, document.get("problem") or document["status"]]))


def wanted(text: str) -> list[Feed]:
    if not text:
        return list(Feed.objects.due(timezone.now()))
    rows = Feed.objects.filter(name=text)
    return list(rows) or (list(Feed.objects.filter(pk=text)) if text.isdecimal() and len(text) < 19 else [])


def told(feed: Feed, run: FeedRun | None) -> dict:
    """One run for machines; a source that another process asks just now is `running`."""
    if run is None:
        return {
            "source": feed.name,
            "state": "running",
            "files": 0,
            "rows": 0,
            "problem": "",
            "submissions": [],
        }
    jobs = run.jobs.exclude(submission=None)
    return {
        "source": feed.name,
        "state": run.state,
        "files": run.files,
        "rows": run.rows,
        "problem": feed_words.worded(run.problem),
        "submissions": list(jobs.values_list("submission", flat=True)),
    }
