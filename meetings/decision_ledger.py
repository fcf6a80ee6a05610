"""The ledger of decisions: what each was meant to bring, when it is looked at again, what came of it (W4).

Lines of a confidential kind stay with who may read them (Capture.visible_to); a hit rate counts what its reader sees.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from meetings import hit_rate, running
from meetings.capturing import cleaned
from meetings.hit_rate import Hits
from meetings.models import Capture, DecisionReview
from metrics import readings
from metrics.models import Metric
from metrics.periods import Period
from reviewhub.people import activity
from reviewhub.people.models import Department, User

Outcome = DecisionReview.Outcome
LONGEST = DecisionReview._meta.get_field("sentence").max_length
ALONG = (
    "owner__department",
    "part__segment__department",
    "meeting__review",
    "review__metric",
    "review__judged_by",
)
DUE, WAITING, UNSET = "due", "waiting", "unset"
STATES = (DUE, WAITING, UNSET, *Outcome.values)
ORDER = {DUE: 0, WAITING: 1, UNSET: 1}


class CannotKeep(Exception):
    """Nothing was changed; `problems`: field (metric, sentence, review_on, outcome, said or "") → why."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Decision:
    """One line: `state` is due, waiting, unset or its outcome. `department`: of the item, else of its owner."""

    row: Capture
    review: DecisionReview | None
    state: str
    department: Department | None
    quarter: str


@dataclass(frozen=True)
class Wanted:
    """The filters of the page's address; "" or None asks for all."""

    department: Department | None = None
    quarter: str = ""
    state: str = ""


def rows(reader: User):
    found = Capture.objects.visible_to(reader).filter(kind=Capture.Kind.DECISION)
    return found.select_related(*ALONG)


def all_of(reader: User, *, on: dt.date, zone) -> list[Decision]:
    """Every decision that `reader` may see: due ones first, the longest overdue on top, then the newest. One query."""
    found = [decision(row, on=on, zone=zone) for row in rows(reader)]
    found.sort(key=lambda one: (one.row.captured_at, one.row.pk), reverse=True)
    due = sorted(
        (one for one in found if one.state == DUE), key=lambda one: (one.review.review_on, one.row.pk)
    )
    return [*due, *(one for one in found if one.state != DUE)]


def decision(row: Capture, *, on: dt.date, zone) -> Decision:
    segment = row.part.segment if row.part else None
    home = (segment.department if segment else None) or (row.owner.department if row.owner else None)
    review = getattr(row, "review", None)
    quarter = Period.containing(row.captured_at.astimezone(zone).date(), "quarter").text
    return Decision(row, review, state(review, on), home, quarter)


def state(review: DecisionReview | None, on: dt.date) -> str:
    if review is None:
        return UNSET
    return review.outcome or (DUE if review.review_on <= on else WAITING)


def matching(found: list[Decision], wanted: Wanted) -> list[Decision]:
    return [
        one
        for one in found
        if (wanted.department is None or one.department == wanted.department)
        and wanted.quarter in ("", one.quarter)
        and wanted.state in ("", one.state)
    ]


def hits(found: list[Decision]) -> tuple[Hits, list[tuple[Department, Hits]]]:
    """Of the company, and of each department of which something was judged."""
    homes = {one.department.pk: one.department for one in found if one.department}
    each = [
        (home, hit_rate.of(one.state for one in found if one.department == home))
        for home in sorted(homes.values(), key=lambda one: one.position)
    ]
    return hit_rate.of(one.state for one in found), [pair for pair in each if pair[1].judged]


def may_keep(row: Capture, by: User) -> bool:
    """Whoever answers for the decision, and who completes what was written in its meeting."""
    return by.is_active and (row.owner_id == by.pk or running.may_complete(row.meeting, by))


@dataclass(frozen=True)
class Expected:
    """What somebody types: the code of a metric, a sentence, or both, and the day of the review."""

    metric: str = ""
    sentence: str = ""
    review_on: dt.date | None = None


@transaction.atomic
def expect(row: Capture, typed: Expected, *, by: User, at: dt.datetime, on: dt.date) -> DecisionReview:
    """Keep what is expected. The same again changes nothing. Raises CannotKeep."""
    row = _held(row)
    kept = DecisionReview.objects.filter(capture=row).first()
    metric = _metric(typed.metric, by)
    sentence = cleaned(typed.sentence)
    if found := _expect_problems(row, kept, typed, metric, sentence, by=by, on=on):
        raise CannotKeep(found)
    given = {"metric": metric, "sentence": sentence, "review_on": typed.review_on}
    if kept is not None and all(getattr(kept, name) == value for name, value in given.items()):
        return kept
    kept = kept or DecisionReview(capture=row)
    for name, value in given.items():
        setattr(kept, name, value)
    kept.set_at, kept.set_by = at, by
    kept.save()
    _record("meeting.decision_expected", row, by=by, at=at)
    return kept


def _expect_problems(row, kept, typed, metric, sentence, *, by, on) -> dict[str, str]:
    if not may_keep(row, by):
        return {
            "": _("Only who answers for the decision and who runs or writes for its meeting can say this.")
        }
    if kept is not None and kept.outcome:
        return {"": _("What came of it is written down already.")}
    found = {}
    if typed.metric and metric is None:
        found["metric"] = _("There is no such metric.")
    elif metric is None and not sentence:
        found["sentence"] = _("Say what the decision is meant to bring: a metric, a sentence, or both.")
    if len(sentence) > LONGEST:
        found["sentence"] = _("A sentence takes at most %(most)s characters.") % {"most": LONGEST}
    if typed.review_on is None:
        found["review_on"] = _("Choose the day on which it is looked at again.")
    elif typed.review_on < on and (kept is None or kept.review_on != typed.review_on):
        found["review_on"] = _("This day is over.")
    return found


@transaction.atomic
def judge(row: Capture, outcome: str, said: str, *, by: User, at: dt.datetime) -> DecisionReview:
    """Say what came of it. Another word later replaces it and stands in the log. Raises CannotKeep."""
    row = _held(row)
    kept, said = DecisionReview.objects.filter(capture=row).first(), cleaned(said)
    if found := _judge_problems(row, kept, outcome, said, by=by):
        raise CannotKeep(found)
    if (kept.outcome, kept.said) == (outcome, said):
        return kept
    before = kept.outcome
    kept.outcome, kept.said, kept.judged_at, kept.judged_by = outcome, said, at, by
    kept.save(update_fields=["outcome", "said", "judged_at", "judged_by"])
    _record(
        "meeting.decision_judged", row, by=by, at=at, before={"outcome": before}, after={"outcome": outcome}
    )
    return kept


def _judge_problems(row, kept, outcome, said, *, by) -> dict[str, str]:
    if not may_keep(row, by):
        return {
            "": _("Only who answers for the decision and who runs or writes for its meeting can say this.")
        }
    if kept is None:
        return {"": _("First say what the decision is meant to bring.")}
    found = {}
    if outcome not in Outcome.values:
        found["outcome"] = _("Choose what came of it.")
    if not said:
        found["said"] = _("Say in one sentence what shows it.")
    elif len(said) > LONGEST:
        found["said"] = _("A sentence takes at most %(most)s characters.") % {"most": LONGEST}
    return found


def _held(row: Capture) -> Capture:
    return Capture.objects.select_for_update(of=("self",)).select_related("meeting__review").get(pk=row.pk)


def _metric(code: str, by: User) -> Metric | None:
    code = code.strip().upper()
    return readings.open_metrics(by).filter(code=code).first() if code else None


def _record(code: str, row: Capture, *, by, at, before=None, after=None) -> None:
    segment = row.part.segment if row.part else None
    activity.record(
        code,
        row,
        by=by,
        at=at,
        params={"review": row.meeting.review.code},
        before=before,
        after=after,
        department=segment.department if segment else None,
        confidentiality=row.confidentiality,
    )
