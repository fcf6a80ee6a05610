"""The owner's sentence over a figure: who may write it, and which one stands."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.exceptions import LONGEST, SHORTEST
from metrics.models import Explanation, Metric, MetricVersion, Sentence, Submission
from metrics.periods import Period
from reviewhub.people import activity
from reviewhub.people.permissions import departments_with


class CannotSay(Exception):
    """Nothing was kept; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Said:
    """The sentence that stands, and who wrote it."""

    text: str
    by: str


def standing(codes: Iterable[str], period: Period) -> dict[str, Said]:
    """Metric → what its owner says of `period`: the newest sentence, else the one that came with certified figures as
    the explanation of their total. Two queries."""
    codes, found = list(codes), {}
    came = Explanation.objects.filter(
        key__in=[f"total:{code}" for code in codes],
        submission__state=Submission.State.CERTIFIED,
        submission__period_start=period.start,
        submission__period_end=period.end,
    )
    for row in came.select_related("written_by").order_by("written_at", "pk"):
        found[row.key.removeprefix("total:")] = Said(
            row.sentence, row.written_by.display_name if row.written_by else ""
        )
    rows = Sentence.objects.filter(
        metric__code__in=codes, period_start=period.start, period_end=period.end
    ).select_related("metric", "written_by")
    for row in rows.order_by("pk"):
        found[row.metric.code] = Said(row.text, row.written_by.display_name)
    return found


def open_to(codes: Iterable[str], *, by) -> set[str]:
    """The metrics over which `by` may write: those of departments whose data they edit; data owners write over all.
    At most two queries."""
    rows = MetricVersion.objects.filter(metric__code__in=list(codes), effective_to=None)
    if not by.is_active or by.is_partner:
        return set()
    if None not in by.abilities.get("dictionary.govern", ()):
        if not by.abilities.get("submission.edit"):
            return set()
        rows = rows.filter(owner_dept__in=departments_with(by, "submission.edit"))
    return set(rows.values_list("metric__code", flat=True))


def say_problems(code: str, *, by) -> list[str]:
    if code not in open_to([code], by=by):
        return [_("The department that owns the metric writes its sentence.")]
    return []


@transaction.atomic
def say(code: str, period: Period, text: str, *, by, at: dt.datetime) -> None:
    """Have `text` stand over the figure of `period`; the same again changes nothing. Raises CannotSay."""
    metric, text = Metric.objects.select_for_update().get(code=code), " ".join(text.split())
    problems = say_problems(code, by=by)
    if not SHORTEST <= len(text) <= LONGEST:
        problems.append(
            _("Each sentence has %(least)s to %(most)s characters: what happened, why, what next.")
            % {"least": SHORTEST, "most": LONGEST}
        )
    if problems:
        raise CannotSay(problems)
    before = standing([code], period).get(code)
    if before and before.text == text:
        return
    Sentence.objects.create(
        metric=metric,
        period_start=period.start,
        period_end=period.end,
        text=text,
        written_at=at,
        written_by=by,
    )
    said = {"metric": code, "period": period.text, "text": text}
    activity.record("review.sentence_written", metric, by=by, at=at, params=said)
