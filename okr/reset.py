"""The reset of a cycle: every key result is graded, then all are scored and the cycle stays as it is. Once."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okr import carrying, cycles, scoring
from okr import cascade as cascades
from okr.cascade import MILLION, Cascade
from okr.models import Cycle, Grade, KeyResult, Reset
from okr.setting import CannotSet, set_problems
from reviewhub.people import activity

LONGEST = 200


@dataclass(frozen=True)
class Line:
    """A key result and what it comes to: `score` from 0 to 1, of its own measure where `actual` is known, else of what
    stands below it; None where nothing is known."""

    row: KeyResult
    grade: Grade | None
    score: Fraction | None
    baseline: Decimal | None
    target: Decimal | None
    actual: Decimal | None

    @property
    def is_graded(self) -> bool:
        """A score that fell or vanished since it was graded asks for its cause again."""
        return self.grade is not None and (bool(self.grade.cause) or not needs_cause(self.score))


def needs_cause(score: Fraction | None) -> bool:
    """Whatever was not wholly reached, or is not known, says why."""
    return score is None or score < 1


def last_day(cycle: Cycle, at: dt.datetime) -> dt.date:
    """The day by which it is scored: today, or the last of the cycle."""
    return min(timezone.localdate(at), cycle.ends_on - dt.timedelta(days=1))


def lines(found: Cascade) -> list[Line]:
    """The key results of a cycle that is not scored yet, as they stand."""
    grades = {one.result_id: one for one in Grade.objects.filter(result__cycle=found.cycle)}
    return [
        Line(
            row,
            grades.get(row.pk),
            found.progress[key].value,
            found.tree[key].baseline,
            scoring.target_of(found.tree[key]),
            found.standings[row.pk].actual,
        )
        for key, row in found.results.items()
    ]


def grade_problems(row: KeyResult, *, by) -> list[str]:
    """Why `by` may not grade it: the owner does, or who may set it."""
    said = set_problems(row.cycle, row.department, by=by)
    is_owner = by.is_active and not by.is_partner and by.pk == row.owner_id
    if not said or (is_owner and row.cycle.state != Cycle.State.CLOSED):
        return []
    return said


def reset_problems(found: Cascade, *, by, at: dt.datetime) -> list[str]:
    """Why `by` may not score the cycle at `at`."""
    cycle = found.cycle
    if said := set_problems(cycle, None, by=by):
        return [_("Executives score a cycle.")] if cycle.state != Cycle.State.CLOSED else said
    problems = []
    if timezone.localdate(at) < cycle.ends_on:
        problems.append(_("The cycle is not over yet."))
    if not found.plain_results:
        problems.append(_("It has no key results."))
    open_ = sum(1 for one in lines(found) if not one.is_graded)
    if open_:
        problems.append(
            ngettext(
                "%(number)s key result is not graded yet.",
                "%(number)s key results are not graded yet.",
                open_,
            )
            % {"number": open_}
        )
    return problems


@transaction.atomic
def grade(row: KeyResult, *, cause: str, sentence: str, then: str, by, at: dt.datetime) -> Grade:
    """Keep why a key result came to what it came to, and what becomes of it. Raises CannotSet."""
    cycle = Cycle.objects.select_for_update().get(pk=row.cycle_id)
    found = cascades.cascade(cycle, user=by, on=last_day(cycle, at))
    key = cascades.result_key(row.pk)
    problems, sentence = {}, " ".join(sentence.split())
    row = found.result(row.pk)
    if row is None:
        raise CannotSet({"": _("It was dropped.")})
    row.cycle = cycle
    if said := grade_problems(row, by=by):
        raise CannotSet({"": said[0]})
    if cause not in ("", *Grade.Cause.values) or (not cause and needs_cause(found.progress[key].value)):
        problems["cause"] = _("It was not wholly reached, or nobody knows: choose the cause.")
    if len(sentence) > LONGEST or (not sentence and cause):
        problems["sentence"] = _("Say why in one sentence, in at most %(most)s characters.") % {
            "most": LONGEST
        }
    if then not in Grade.Then.values:
        problems["then"] = _("Choose what becomes of it.")
    if problems:
        raise CannotSet(problems)
    said = {"cause": cause, "sentence": sentence, "then": then, "at": at, "by": by}
    kept, _made = Grade.objects.update_or_create(result=row, defaults=said)
    params = {"title": row.title, "cycle": cycle.code}
    activity.record("okr.graded", row, by=by, at=at, params=params, department=row.department)
    return kept


@transaction.atomic
def reset(cycle: Cycle, *, by, at: dt.datetime) -> Reset:
    """Score every key result of the cycle, close it, and make the next one of what goes on. Pressed twice, also at
    once, it is done once. Raises CannotSet.

    The row of the cycle is locked: who comes second waits, finds it done, and gets what was done. The unique key of
    `Reset` stands behind that.
    """
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    held = None in by.abilities.get("okr.set", set()) if by.is_active and not by.is_partner else False
    if held and (done := Reset.objects.filter(cycle=cycle).first()):
        return done
    found = cascades.cascade(cycle, user=by, on=last_day(cycle, at))
    if problems := reset_problems(found, by=by, at=at):
        raise CannotSet({"": " ".join(problems)})
    scored = lines(found)
    for one in scored:
        one.row.grade = one.grade
        one.grade.score = stored(one.score)
        one.grade.baseline, one.grade.target = stored(one.baseline), stored(one.target)
        one.grade.actual = stored(one.actual)
        one.grade.save(update_fields=["score", "baseline", "target", "actual"])
    cycle.state = Cycle.State.CLOSED
    cycle.save(update_fields=["state"])
    kept = Reset.objects.create(cycle=cycle, at=at, by=by)
    into = cycles.following(cycle, by=by, at=at)
    made = carrying.carry((one.row for one in scored), into=into, at=at)
    said = {"cycle": cycle.code, "results": len(found.results), "into": into.code, "made": len(made)}
    activity.record("okr.reset", cycle, by=by, at=at, params=said)
    return kept


def stored(value: Decimal | Fraction | None) -> int | None:
    """Rounded to six decimals."""
    return None if value is None else round(Fraction(value) * MILLION)
