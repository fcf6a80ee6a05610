"""A failing check in somebody's hands: until it passes, or until it is closed with the reason."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.checks.results import FAILED, PASSED, WARNING, Check
from metrics.deadlines import held
from metrics.models import CheckIncident, Review
from reviewhub.people import activity
from reviewhub.people.models import Assignment, Department, Role, User
from reviewhub.people.permissions import departments_with, may

LONGEST = 300


class CannotHand(Exception):
    """Nothing was changed; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


def may_hand(check: Check, *, by) -> bool:
    """Data owners, and whoever prepares the data of a department that the check asks."""
    if may(by, "figure.certify"):
        return True
    return any(one.code in check.departments for one in departments_with(by, "submission.edit"))


def candidates(checks: Iterable[Check]) -> dict[str, list[User]]:
    """Code of a check → who can take it: its departments' people that prepare data, and data owners. Three queries."""
    roles = list(Role.objects.all())
    prepares = [role.pk for role in roles if "submission.edit" in role.abilities]
    certifies = [role.pk for role in roles if "figure.certify" in role.abilities]
    rows = Assignment.objects.filter(ended_at=None, user__is_active=True, user__is_machine=False)
    held_ = list(rows.filter(role__in={*prepares, *certifies}).select_related("user", "department"))
    codes = {one.pk: one.code for one in Department.objects.active()}
    found = {}
    for check in checks:
        people = {
            one.user
            for one in held_
            if one.role_id in certifies
            or one.department_id is None
            or codes.get(one.department_id) in check.departments
        }
        found[check.code] = sorted(people, key=lambda one: one.display_name)
    return found


def standing(review: Review) -> dict[str, CheckIncident]:
    """Code of a check → in whose hands it is. One query."""
    return {
        one.code: one for one in review.check_incidents.standing().select_related("assignee", "opened_by")
    }


def of_person(person: User):
    """What `person` has in hand, the oldest first. One query."""
    return (
        CheckIncident.objects.standing()
        .filter(assignee=person)
        .select_related("review")
        .order_by("opened_at")
    )


def problems(review: Review, check: Check | None, assignee: User | None, *, by, note: str) -> list[str]:
    """Why `by` cannot put this check into these hands."""
    found = []
    if check is None or check.state not in (FAILED, WARNING):
        found.append(_("This check does not fail; there is nothing to mend."))
    elif not may_hand(check, by=by):
        found.append(_("Only who prepares these figures and the data owner say who mends them."))
    elif assignee is None or assignee not in candidates([check])[check.code]:
        found.append(_("Choose somebody who can mend it."))
    if review.state != Review.State.OPEN:
        found.append(_("The figures of this review are frozen."))
    if len(note.strip()) > LONGEST:
        found.append(_("The note may have %(most)s characters.") % {"most": LONGEST})
    return found


@transaction.atomic
def hand(
    review: Review, check: Check | None, assignee: User | None, *, by, at: dt.datetime, note: str = ""
) -> CheckIncident:
    """Put a failing check into somebody's hands, or into other ones. Raises CannotHand."""
    review = held(review)
    if found := problems(review, check, assignee, by=by, note=note):
        raise CannotHand(found)
    given = {"assignee": assignee, "note": note.strip(), "opened_at": at, "opened_by": by}
    row = CheckIncident.objects.standing().filter(review=review, code=check.code).first()
    if row and (row.assignee, row.note) == (assignee, note.strip()):
        return row
    row = row or CheckIncident(review=review, code=check.code)
    for name, value in given.items():
        setattr(row, name, value)
    row.save()
    told = {"check": check.code, "person": assignee.display_name}
    activity.record("check.handed", review, by=by, at=at, params=told)
    return row


def close_problems(row: CheckIncident | None, *, by, reason: str) -> list[str]:
    if row is None:
        return [_("It is in nobody's hands any more.")]
    if by != row.assignee and not may(by, "figure.certify"):
        return [_("Only who has it in hand and the data owner close it.")]
    if not reason.strip():
        return [_("Say in a sentence why nothing is to be mended.")]
    if len(reason.strip()) > LONGEST:
        return [_("The reason may have %(most)s characters.") % {"most": LONGEST}]
    return []


@transaction.atomic
def close(review: Review, code: str, *, by, at: dt.datetime, reason: str) -> None:
    """Close it though the check does not pass. Raises CannotHand."""
    review = held(review)
    row = CheckIncident.objects.standing().filter(review=review, code=code).select_related("assignee").first()
    if found := close_problems(row, by=by, reason=reason):
        raise CannotHand(found)
    row.closed_at, row.closed_by, row.reason = at, by, reason.strip()
    row.save(update_fields=["closed_at", "closed_by", "reason"])
    activity.record("check.closed", review, by=by, at=at, params={"check": code, "reason": row.reason})


def settle(review: Review, checks: Iterable[Check], *, at: dt.datetime) -> int:
    """What passes by now is closed by itself; how many were. What could not be asked stays open."""
    passed = [check.code for check in checks if check.state == PASSED]
    return CheckIncident.objects.standing().filter(review=review, code__in=passed).update(closed_at=at)
