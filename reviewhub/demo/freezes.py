"""The held review of the demo company, frozen before its meeting by two signatures and restated once since.

Everything goes through the commands that people press: checks, waivers, signatures, certification. It reads every fact
and asks every check twice, some seconds that nobody waits for: `serve` does it when its pages are there already.
"""

import datetime as dt
import time

import pandas as pd

from meetings import questions
from metrics import certification, fact_digests, facts, freezing, pair_checks, sightings, snapshots, summaries
from metrics.checks import runs, waiving
from metrics.checks.results import FAILED
from metrics.intake.profile import Profile
from metrics.models import CheckRun, Observation, Review, Snapshot, Submission
from reviewhub.demo import reported
from reviewhub.people.models import User

WAIVED_BECAUSE = "这份模板每周一行；已与部门核对"
RESTATED_BECAUSE = "德国9月退款在关账后补记了12%"
READERS = ("ceo", "sales", "owner")
READ = {"ceo": ("customers", "sales", "profit"), "sales": ("sales",)}
MOST_RUNS = 3
# How long a worker may take for a run of the checks, and how often is looked whether it is done.
LONGEST_RUN_S, LOOK_S = 180, 0.5


def waiting() -> Review | None:
    """The newest review that was held and never frozen."""
    return Review.objects.filter(state=Review.State.MET, snapshots=None).order_by("-period_end").first()


def create() -> Snapshot | None:
    """Freeze it, let some read it, restate it; the snapshot that stands, None where nothing waits."""
    review = waiting()
    if review is None:
        return None
    people = {row.username: row for row in User.objects.filter(is_active=True)}
    while fact_digests.ahead():
        pass
    _state(review, Review.State.OPEN)
    frozen_at = review.freeze_at - dt.timedelta(hours=1)
    try:
        first = _sign(review, people, at=frozen_at)
    finally:  # it was held, whatever became of its figures
        _state(review, Review.State.MET)
    for name in READERS:
        sightings.note(review, by=people[name], at=frozen_at + dt.timedelta(days=2), snapshot=first)
    for name, sections in READ.items():
        for section in sections:
            when = frozen_at + dt.timedelta(days=2)
            questions.receive(review, section, by=people[name], at=when, is_read=True)
    mended_at = review.meeting_at + dt.timedelta(days=9)
    freezing.restate(review, RESTATED_BECAUSE, by=people["steward"], at=mended_at)
    certification.certify(_late_refunds(review, mended_at), by=people["steward"], at=mended_at)
    return _sign(review, people, at=mended_at + dt.timedelta(hours=3))


def _state(review: Review, state: str) -> None:
    review.state = state
    review.save(update_fields=["state"])


def _sign(review: Review, people: dict[str, User], *, at: dt.datetime) -> Snapshot:
    _check(review, people["steward"], at=at)
    seen = freezing.standing(review).fingerprint
    freezing.sign(review, "FIN", seen=seen, by=people["finance"], at=at)
    freezing.sign(review, "TEC", seen=seen, by=people["tech"], at=at + dt.timedelta(minutes=20))
    review.refresh_from_db()
    return snapshots.latest(review)


def _check(review: Review, steward: User, *, at: dt.datetime) -> None:
    """Ask the checks until they have seen what stands (a pair may switch a metric on), and waive what fails."""
    for _turn in range(MOST_RUNS):
        run = runs.ask(review, at=at)
        if run.state != CheckRun.State.DONE:
            pair_checks.run(run.pk, at=at)
        run = _done(run)
        if runs.basis(review) == run.basis:
            break
    for one in runs.results(run):
        if one.state == FAILED:
            waiving.waive(review, one, by=steward, at=at, reason=WAIVED_BECAUSE)


def _done(run: CheckRun) -> CheckRun:
    """The run when it has ended: a worker may have taken it first."""
    for _turn in range(int(LONGEST_RUN_S / LOOK_S)):
        run.refresh_from_db()
        if run.state == CheckRun.State.DONE:
            break
        time.sleep(LOOK_S)
    return run


def _late_refunds(review: Review, at: dt.datetime) -> Submission:
    """A second version of the month's sales: refunds from Germany, booked after the month was closed."""
    profile = Profile.load("sales-daily")
    row = Submission.objects.get(
        profile=profile.name, period_start=review.period_start, state=Submission.State.CERTIFIED
    )
    rows = Observation.objects.filter(submission=row).values(
        "metric",
        "day",
        "value",
        "rows",
        "currency",
        *(f"slice__{one}" for one in summaries.NAMED),
        "slice__other",
    )
    frame = pd.DataFrame(
        {name.removeprefix("slice__"): value for name, value in one.items() if name != "slice__other"}
        | (one["slice__other"] or {})
        for one in rows.iterator()
    ).fillna("")
    late = (frame["metric"] == "SAL_REF") & (frame["country"] == "Germany")
    frame.loc[late, "value"] = (frame.loc[late, "value"] * 112 // 10_000) * 100
    row.pk, row.number, row.state = None, row.number + 1, Submission.State.HANDED_IN
    row.certified_at = row.certified_by = None
    row.uploaded_at, row.handed_in_at = at - dt.timedelta(hours=3), at - dt.timedelta(hours=2)
    row.totals = reported.totals(profile, frame)[f"{review.period_start:%Y-%m}"]
    row.save()
    facts.store(row, frame)
    return row
