"""The owner's sentence over a figure: who may write it, and which one stands."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import IntegerField, Value
from django.utils.translation import gettext as _

from metrics.exceptions import LONGEST, SHORTEST
from metrics.models import Explanation, Metric, MetricVersion, Sentence, Submission
from metrics.periods import Period
from reviewhub.people import activity
from reviewhub.people.models import User
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
    the explanation of their total. One query."""
    codes = list(codes)
    came = Explanation.objects.filter(
        key__in=[f"total:{code}" for code in codes],
        submission__state=Submission.State.CERTIFIED,
        submission__period_start=period.start,
        submission__period_end=period.end,
    )
    said = Sentence.objects.filter(metric__code__in=codes, period_start=period.start, period_end=period.end)
    writer = [f"written_by__{name}" for name in ("username", "name", "name_latin")]
    of_file, of_owner = (Value(place, output_field=IntegerField()) for place in (0, 1))
    rows = came.order_by().values_list(of_file, "written_at", "pk", "key", "sentence", *writer)
    rows = rows.union(
        said.order_by().values_list(of_owner, "written_at", "pk", "metric__code", "text", *writer), all=True
    )
    found = {}
    for *_order, code, text, username, name, latin in sorted(rows, key=_age):
        by = User(username=username or "", name=name or "", name_latin=latin or "")
        found[code.removeprefix("total:")] = Said(text, by.display_name)
    return found


def _age(row: tuple) -> tuple:
    """Sentences come after what came with files; of these the last one written, of those the last row stands."""
    return (row[0], row[2]) if row[0] else (row[0], row[1], row[2])


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
