"""Run every periodic job once, here and now: installations without a worker call it from cron, each minute."""

import json
import time

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from metrics import importing, pair_checks, pulling
from reviewhub.celery import app
from reviewhub.notices import expanding, outbox

LAST = "reviewhub.notices.tasks.tick"
# Wake-ups for workers that do not exist would fill the folder of the embedded broker.
NOBODY_CAME_S = 3600


class Command(BaseCommand):
    help = "Run every periodic job once in this process and send what is due. Exit status 1: a job failed."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", dest="as_json", help="one document for machines")

    def handle(self, *, as_json, **options):
        app.loader.import_default_modules()
        # First what workers would do, so that what it gives rise to is told in the same sweep.
        jobs = [timed("uploads", lambda: importing.run_waiting(clock=timezone.now))]
        jobs.append(timed("fetching", lambda: pulling.pull_due(clock=timezone.now)))
        jobs += [run(name, entry) for name, entry in in_order(settings.CELERY_BEAT_SCHEDULE)]
        jobs.append(timed("checking", lambda: pair_checks.run_waiting(clock=timezone.now)))
        jobs.append(timed("outbox", drain))
        forget_old_wake_ups()
        failed = [job["job"] for job in jobs if "error" in job]
        if as_json:
            said = {"status": "failed" if failed else "done", "failed": failed, "jobs": jobs}
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1, default=str))
        else:
            for job in jobs:
                self.stdout.write(f"{job['job']}: {job.get('error') or job['result']} ({job['seconds']} s)")
        if failed:
            self.stderr.write(f"Failed: {', '.join(failed)}")
            raise SystemExit(1)


def in_order(schedule: dict) -> list[tuple[str, dict]]:
    """As they stand, the notices last: what the other jobs find is told in the same run."""
    return sorted(schedule.items(), key=lambda item: item[1]["task"] == LAST)


def run(name: str, entry: dict) -> dict:
    """One entry of the schedule, whatever it raises."""
    return timed(name, lambda: app.tasks[entry["task"]](*entry.get("args", ()), **entry.get("kwargs", {})))


def timed(name: str, act) -> dict:
    """What `act` gave or why it failed, and how long it took: one failing job does not stop the others."""
    began = time.monotonic()
    try:
        said = {"result": act()}
    except Exception as error:  # noqa: BLE001 - it is named, and the exit status is 1
        said = {"error": f"{type(error).__name__}: {error}"}
    return {"job": name, "seconds": round(time.monotonic() - began, 2), **said}


def drain() -> int:
    """Tell and send until nothing is due; how many deliveries were attempted. Safe beside a worker."""
    attempted = 0
    while True:
        decided, done = expanding.expand(clock=timezone.now), outbox.run(clock=timezone.now)
        attempted += done
        if not decided and not done:
            return attempted


def forget_old_wake_ups() -> None:
    """Messages of the embedded broker that no worker took; what they were about has just been done."""
    folder = getattr(settings, "BROKER_DIR", None)
    for path in folder.glob("queue/*.msg") if folder else ():
        if time.time() - path.stat().st_mtime > NOBODY_CAME_S:
            path.unlink(missing_ok=True)
