"""`manage.py submit`: the files of one hand-in, checked and stored at once, without a worker (interfaces, Numbers)."""

import json
import os
import sys
import time

from django.core.management.base import BaseCommand
from django.utils import timezone, translation

from metrics import importing, outcomes, reception, submission
from metrics.models import ImportJob
from metrics.periods import BadPeriod, Period
from reviewhub.people.models import Department, User
from reviewhub.people.permissions import may
from reviewhub.ui.commands import AnswersInJson

EXIT = {"accepted": 0, "warnings": 0, "rejected": 1, "unreadable": 2}
LANGUAGES = ("en", "zh-hans")


class Refused(Exception):
    """Arguments that cannot be used; carries the document that says so."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.document = outcomes.refusal(code, status="unreadable", **params)


class Command(AnswersInJson, BaseCommand):
    help = "Check FILE … and store it as a new version of a department's figures for a period. Nothing is half stored."
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument(
            "files", metavar="FILE", nargs="+", help="several for one hand-in of several tables"
        )
        parser.add_argument(
            "--department", required=True, help="code, short name or name: SAL, sales, 销售部"
        )
        parser.add_argument(
            "--period", required=True, help="2011, 2011-Q1, 2011-01, 2011-W05, 2011-01-31 or a..b"
        )
        parser.add_argument("--profile", default="", help="found by the column headers when not given")
        parser.add_argument("--sheet", default="", help="of a workbook with several")
        parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="pairs")
        parser.add_argument(
            "--hand-in", action="store_true", help="hand the new version in to the data owner"
        )
        parser.add_argument("--by", default="", metavar="USER", help="who uploads; default: the machine")
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--language", choices=LANGUAGES, default=shell_language())

    def handle(self, *, as_json, language, **given):
        with translation.override(language):
            document, version, status = outcome_of(given)
            told = outcomes.published(document, submission=version.pk if version else None, language=language)
            if as_json:
                self.stdout.write(json.dumps(told))
            else:
                self.stdout.write("\n".join(lines(told, document, version)))
        if status:
            sys.exit(status)


def outcome_of(given: dict) -> tuple[dict, object, int]:
    """(document, stored submission or None, exit status) of the whole command."""
    try:
        receipt = received(given)
    except (Refused, reception.CannotReceive) as refusal:
        return refusal.document, None, EXIT[refusal.document["status"]]
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        return outcomes.refusal("FILE_UNREADABLE", status="unreadable", why=why), None, 2
    job = finished(receipt.job)
    document, version = job.outcome, job.submission
    status = EXIT[document["status"]]
    if version and given["hand_in"] and version.state != version.State.HANDED_IN:
        try:
            version = submission.hand_in(version, by=person(given["by"]), at=timezone.now())
        except submission.CannotHandIn as refusal:
            document, status = outcomes.noted(document, "HAND_IN_REFUSED", why=str(refusal)), 1
    return document, version, status


def received(given: dict) -> importing.Receipt:
    department = Department.objects.named(clean(given["department"])).first()
    if department is None:
        known = ", ".join(Department.objects.active().values_list("slug", flat=True))
        raise Refused("DEPARTMENT_UNKNOWN", name=clean(given["department"]), known=known)
    try:
        period = Period.parse(clean(given["period"]))
    except BadPeriod:
        raise Refused("PERIOD_INVALID", text=clean(given["period"])) from None
    by = person(given["by"])
    if by is not None and given["hand_in"] and not may(by, "submission.hand_in", department):
        raise reception.CannotReceive(outcomes.refusal("DEPARTMENT_CLOSED", who=by.display_name))
    first, *more = ((path, os.path.basename(os.path.abspath(path))) for path in given["files"])
    return importing.receive(
        first[0],
        name=first[1],
        more=more,
        department=department,
        period=period,
        profile=clean(given["profile"]),
        settings=dict(pair(text) for text in given["pairs"]),
        sheet=clean(given["sheet"]),
        by=by,
        at=timezone.now(),
        enqueue=False,
    )


def finished(job: ImportJob) -> ImportJob:
    """The job when it is over: run here, or awaited where a worker was faster."""
    while job.outcome is None:
        job = importing.run(job.pk, at=timezone.now())
        if job.state == job.State.QUEUED and job.attempts >= importing.ATTEMPTS:
            importing.give_up(job.pk, at=timezone.now())
        elif job.outcome is None:
            time.sleep(0.2)
    return job


def person(username: str) -> User | None:
    if not username:
        return None
    user = User.objects.active().filter(username=clean(username)).first()
    if user is None:
        raise Refused("USER_UNKNOWN", name=clean(username))
    return user


def pair(text: str) -> tuple[str, str]:
    key, sign, value = clean(text).partition("=")
    if not sign or not key.strip():
        raise Refused("SETTING_FORM", text=clean(text))
    return key.strip(), value.strip()


def clean(text: str) -> str:
    """Arguments may hold bytes that are no text in this locale; a database would refuse them."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")[:200].strip()


def shell_language() -> str:
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh-hans" if spoken.lower().startswith("zh") else "en"


def lines(told: dict, document: dict, version) -> list[str]:
    """The document for people."""
    head = told["status"]
    if version:
        head += f" · submission {version.pk} · {version.profile} · version {version.number}"
    elif told["profile"]:
        head += f" · {told['profile']}"
    text = [head, f"rows: {told['rows_read']:,} read, {told['rows_used']:,} used"]
    text += [f"  {rows:>10,}  {reason}" for reason, rows in told["rows_excluded"].items()]
    text += [f"{code:<14}{value:>20}" for code, value in told["totals"].items()]
    text += [f"{name:<24}{value!s:>14}" for name, value in document.get("counts", {}).items()]
    for finding in told["findings"]:
        place = ", ".join(
            str(part) for part in (finding["sheet"], finding["row"] and f"row {finding['row']}", finding["column"])
            if part
        )  # fmt: skip
        text.append(
            f"{finding['severity']} {finding['code']} {place}: {finding['message']} {finding['hint']}".strip()
        )
    if told["findings_total"] > len(told["findings"]):
        text.append(f"… {told['findings_total']:,} findings altogether")
    return text
