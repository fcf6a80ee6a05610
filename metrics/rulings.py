"""Deciding a difference: accept its bridge, make one side official, ask both, park it, open it again. Four eyes."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from metrics import deadlines, reconciliation, suspects
from metrics.models import Review, Ruling, SideAnswer, Submission
from metrics.reconciliation import Difference
from reviewhub.notices import planning
from reviewhub.people import activity
from reviewhub.people.models import Confidentiality, Department
from reviewhub.people.permissions import may

Decision, Reach = Ruling.Decision, Ruling.Reach
LONGEST_REASON, LONGEST_ANSWER = 300, 500
MOST_PRECEDENTS = 5
# Kinds of notices (ruling_notices).
ASKED, RULED = "ruling.asked", "ruling.made"


class CannotRule(Exception):
    """Nothing was decided; `problems` says why, in the reader's language. `is_stale`: the figures are others now."""

    def __init__(self, problems: list[str], *, is_stale: bool = False):
        super().__init__(" ".join(problems))
        self.problems, self.is_stale = problems, is_stale


# --- What stands against it -------------------------------------------------------------------------------------


def own_figures(found: Difference, *, by) -> list[Submission]:
    """What `by` uploaded or handed in of the figures on either side."""
    mine = Submission.objects.filter(pk__in=[one.pk for one in found.sources])
    return list(mine.filter(Q(uploaded_by=by) | Q(handed_in_by=by)).select_related("department"))


def ruling_problems(review: Review, found: Difference | None, *, by) -> list[str]:
    """Why `by` cannot decide this difference now; the same list greys the button and refuses the command."""
    if not may(by, "figure.certify"):
        return [_("Only the data owner decides whose figure is official.")]
    problems = []
    if review.state != Review.State.OPEN:
        problems.append(_("The figures of this review are frozen."))
    if found is None or not found.is_conflict:
        return [*problems, _("Both sides agree within the tolerance; there is nothing to decide.")]
    if found.ruling is not None:
        problems.append(_("This is decided. Open it again to decide otherwise."))
    if own_figures(found, by=by):
        problems.append(
            _("You uploaded or handed in one of these figures yourself; somebody else must decide.")
        )
    return problems


def _input_problems(decision, reach, reason: str, answer_by, review: Review, at) -> list[str]:
    problems = []
    if decision not in (Decision.ACCEPTED, Decision.LEFT, Decision.RIGHT, Decision.ASKED, Decision.PARKED):
        problems.append(_("Choose one of the four ways."))
    if reach not in Reach.values:
        problems.append(_("Choose how far it reaches."))
    if not reason:
        problems.append(_("Say why in one sentence."))
    elif len(reason) > LONGEST_REASON:
        problems.append(_("The sentence may have %(most)s characters.") % {"most": LONGEST_REASON})
    if decision == Decision.ASKED and (answer_by is None or not at < answer_by <= review.meeting_at):
        problems.append(_("Say until when they answer: later than now, before the meeting."))
    return problems


def answer_problems(ruling: Ruling, department: Department, *, by, text: str | None = None) -> list[str]:
    """Why `by` cannot answer for `department`; `text` None: it is not written yet."""
    problems = []
    named = (ruling.left_department, ruling.right_department)
    if by.is_partner or department.code not in named or not may(by, "submission.edit", department):
        problems.append(_("Only the two sides answer."))
    if text is not None and not text:
        problems.append(_("Write what your figure counts, or what you will change."))
    elif text is not None and len(text) > LONGEST_ANSWER:
        problems.append(_("An answer may have %(most)s characters.") % {"most": LONGEST_ANSWER})
    return problems


# --- What happens -----------------------------------------------------------------------------------------------


def find(review: Review, key: str) -> Difference | None:
    """The difference of `review` with this key (`ID69-2026-10`), as it is now."""
    rule, _dash, month = key.partition("-")
    periods = [one for one in reconciliation.months(review) if one.text == month]
    pairs = [one for one in reconciliation.declared_pairs.PAIRS if one.rule == rule]
    if not periods or not pairs:
        return None
    return next(iter(reconciliation.Reconciliation(periods, pairs=pairs).differences), None)


def figures_seen(found: Difference) -> str:
    """What a page shows of a difference, so that a decision about other figures is refused."""
    return "/".join(f"{one:f}" for one in reconciliation.stated_figures(found))


@transaction.atomic
def decide(
    review: Review,
    key: str,
    decision: str,
    reason: str,
    *,
    by,
    at: dt.datetime,
    reach: str = Reach.REVIEW,
    answer_by: dt.datetime | None = None,
    seen: str | None = None,
) -> Ruling:
    """Decide the difference `key`. `seen`: the figures (figures_seen) that the decision is about. Raises CannotRule."""
    review = deadlines.held(review)
    found, reason = find(review, key), " ".join(reason.split())
    problems = ruling_problems(review, found, by=by)
    if not problems and seen is not None and seen != figures_seen(found):
        raise CannotRule(
            [_("The figures have changed since the page was opened. Look at them again.")], is_stale=True
        )
    if problems := problems or _input_problems(decision, reach, reason, answer_by, review, at):
        raise CannotRule(problems)
    official = decision in (Decision.LEFT, Decision.RIGHT)
    changes = {"reach": reach if official else Reach.REVIEW}
    changes["answer_by"] = answer_by if decision == Decision.ASKED else None
    ruling = _write(review, found, decision, reason, by=by, at=at, **changes)
    planning.raise_occurrence(ASKED if decision == Decision.ASKED else RULED, ruling, at=at)
    return ruling


@transaction.atomic
def reopen(review: Review, key: str, reason: str, *, by, at: dt.datetime) -> Ruling:
    """Take the decision that holds away again: a new row that says why. Raises CannotRule."""
    review = deadlines.held(review)
    found, reason = find(review, key), " ".join(reason.split())
    problems = reopen_problems(review, found, by=by)
    if not problems and not 0 < len(reason) <= LONGEST_REASON:
        problems = [_("Say why in one sentence.")]
    if problems:
        raise CannotRule(problems)
    ruling = _write(review, found, Decision.REOPENED, reason, by=by, at=at)
    planning.raise_occurrence(RULED, ruling, at=at)
    return ruling


def reopen_problems(review: Review, found: Difference | None, *, by) -> list[str]:
    if not may(by, "figure.certify"):
        return [_("Only the data owner decides whose figure is official.")]
    if review.state != Review.State.OPEN:
        return [_("The figures of this review are frozen.")]
    if found is None or found.ruling is None:
        return [_("There is no decision to open again.")]
    return []


def _write(review, found: Difference, decision, reason, *, by, at, **more) -> Ruling:
    left, right, residual = map(str, reconciliation.stated_figures(found))
    why = suspects.explain(found)
    profiles = sorted({one.profile for one in found.sources})
    row = Ruling(
        review=review,
        pair=found.pair.rule,
        left_department=found.pair.left.department,
        right_department=found.pair.right.department,
        period_start=found.period.start,
        period_end=found.period.end,
        decision=decision,
        reason=reason,
        left=left,
        right=right,
        residual=residual,
        causes=[one.code for one in why.causes] if why else [],
        profiles=f"|{'|'.join(profiles)}|",
        decided_at=at,
        decided_by=by,
        **more,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # the database counts four eyes too
        raise CannotRule(
            [_("You uploaded or handed in one of these figures yourself; somebody else must decide.")]
        ) from None
    said = {"pair": row.pair, "period": found.period.text, "review": review.code, "reason": reason}
    activity.record(
        f"ruling.{decision}", row, by=by, at=at, params=said, confidentiality=Confidentiality.CONFIDENTIAL
    )
    return row


@transaction.atomic
def answer(ruling: Ruling, department: Department, text: str, *, by, at: dt.datetime) -> SideAnswer:
    """What one side says to the question. Raises CannotRule."""
    text = " ".join(text.split())
    problems = answer_problems(ruling, department, by=by, text=text)
    newest = Ruling.objects.filter(pair=ruling.pair, period_start=ruling.period_start)
    newest = newest.order_by("-decided_at", "-pk").first()
    if ruling.decision != Decision.ASKED or newest != ruling:
        problems.append(_("Nobody waits for this answer any more."))
    if problems:
        raise CannotRule(problems)
    row = SideAnswer.objects.create(
        ruling=ruling, department=department, text=text, answered_at=at, answered_by=by
    )
    said = {"pair": ruling.pair, "department": department.code, "review": ruling.review.code}
    activity.record(
        "ruling.answered",
        ruling,
        by=by,
        at=at,
        params=said,
        department=department,
        confidentiality=Confidentiality.CONFIDENTIAL,
    )
    return row


def precedents(found: Difference, causes: list[str]) -> list[Ruling]:
    """Earlier decisions that are alike: about the same pair in other months, or explained by the same cause."""
    rows = Ruling.objects.exclude(decision__in=(Decision.ASKED, Decision.REOPENED))
    rows = rows.exclude(pair=found.pair.rule, period_start=found.period.start).select_related("decided_by")
    alike = [one for one in rows[:200] if one.pair == found.pair.rule or set(one.causes) & set(causes)]
    alike.sort(key=lambda one: (not set(one.causes) & set(causes), one.pair != found.pair.rule))
    return alike[:MOST_PRECEDENTS]
