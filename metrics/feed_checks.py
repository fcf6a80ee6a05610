"""What a run of a source shows besides that it was answered: fewer or more rows than usual, figures that jump, a slow
answer, a certificate that ends.

Usual is the median of the runs before. None of these stops anything: the figures go through the checks of every upload.
"""

import datetime as dt
from decimal import Decimal
from statistics import median

from metrics.models import Feed, FeedRun, Submission

ENOUGH, LOOKED_BACK = 3, 10  # runs that say what is usual
FEWER, MORE = 0.5, 2  # rows, of the usual ones
JUMP = 3  # a figure of a day, of or below the usual one
SLOWER, SLOW_MS = 3, 2_000  # times the usual, and at least so long
CERTIFICATE_DAYS = 21  # public certificates are renewed a month before their end
MOST_NAMED = 5
BROUGHT = {"FEWER_ROWS", "MORE_ROWS", "JUMP"}
TOLD = {*BROUGHT, "CERTIFICATE"}  # a slow answer stands on the page alone


def warnings(feed: Feed, run: FeedRun, *, on: dt.date) -> list[dict]:
    """[{code, params}] of a run that was answered, on that day. Four queries at most."""
    found = []
    runs = FeedRun.objects.filter(feed=feed, started_at__lt=run.started_at).order_by("-started_at")
    if run.state == FeedRun.State.DONE:
        rows = runs.filter(state=FeedRun.State.DONE, rows__gt=0)
        found += counted(run.rows, list(rows.values_list("rows", flat=True)[:LOOKED_BACK]))
        found += jumps(run)
    if run.took_ms is not None:
        took = runs.exclude(took_ms=None).exclude(state=FeedRun.State.FAILED)
        found += slow(run.took_ms, list(took.values_list("took_ms", flat=True)[:LOOKED_BACK]))
    if feed.certificate_until and (days := (feed.certificate_until - on).days) < CERTIFICATE_DAYS:
        said = {"days": days, "day": feed.certificate_until.isoformat()}
        found.append({"code": "CERTIFICATE", "params": said})
    return found


def counted(rows: int, before: list[int]) -> list[dict]:
    """Whether a run brought less than half or more than twice the usual number of rows."""
    if len(before) < ENOUGH:
        return []
    usual = median(before)
    code = "FEWER_ROWS" if rows < FEWER * usual else "MORE_ROWS" if rows > MORE * usual else ""
    return [{"code": code, "params": {"rows": rows, "usual": round(usual)}}] if code else []


def slow(took: int, before: list[int]) -> list[dict]:
    if len(before) < ENOUGH or took < SLOW_MS or took <= SLOWER * median(before):
        return []
    return [{"code": "SLOW", "params": {"took": took, "usual": round(median(before))}}]


def jumps(run: FeedRun) -> list[dict]:
    """Metrics whose sum a day is three times the usual one, or a third of it, beside the periods before."""
    submissions = [job.submission for job in run.jobs.select_related("submission") if job.submission_id]
    found = [code for one in submissions for code in jumped(one)]
    if not found:
        return []
    return [{"code": "JUMP", "params": {"metrics": ", ".join(sorted(set(found))[:MOST_NAMED])}}]


def jumped(one: Submission) -> list[str]:
    """Codes of the metrics of a version that jump."""
    rows = Submission.objects.filter(
        department=one.department_id, profile=one.profile, period_start__lt=one.period_start
    )
    before: dict[dt.date, Submission] = {}
    for row in rows.order_by("-period_start", "number")[: 4 * LOOKED_BACK]:
        before[row.period_start] = row  # the newest version of a period
    usual: dict[str, list[Decimal]] = {}
    for row in list(before.values())[:LOOKED_BACK]:
        for code, total in row.totals.items():
            usual.setdefault(code, []).append(a_day(row, total))
    return [
        code
        for code, total in one.totals.items()
        if len(usual.get(code, ())) >= ENOUGH and is_jump(a_day(one, total), median(usual[code]))
    ]


def a_day(row: Submission, total) -> Decimal:
    return Decimal(str(total)) / max(1, (row.period_end - row.period_start).days)


def is_jump(now: Decimal, usual: Decimal) -> bool:
    """Three times as much, a third, or the other sign; from nothing nobody jumps."""
    if not usual:
        return False
    ratio = now / usual
    return ratio > JUMP or ratio < Decimal(1) / JUMP
