"""Who holds up whom: a block names a department or a person, lands with them, and has three working days."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from actions.followup import CannotChange
from actions.models import ANSWERS_FOR, LONGEST, Action, Blocker
from reviewhub.notices import planning
from reviewhub.people import activity, company_days
from reviewhub.people.models import Assignment, Department, User

DAYS = 3
BLOCKED, UNBLOCKED = "blocked", "unblocked"


@dataclass(frozen=True)
class Helper:
    """Whom a block may name. `code` is what the form sends: d:3 a department, u:7 a person."""

    code: str
    row: Department | User

    @property
    def is_person(self) -> bool:
        return isinstance(self.row, User)

    @property
    def name(self) -> str:
        return self.row.display_name if self.is_person else self.row.name


def helpers(owner: User) -> list[Helper]:
    """The departments with somebody who answers for them, and the people, that `owner` may name.

    A partner sees nobody but its own people; it may name the facilitators, who are its door to the company.
    """
    answered = Assignment.objects.filter(
        role__code__in=ANSWERS_FOR, ended_at=None, user__is_active=True, department__isnull=False
    ).exclude(user=owner)
    departments = Department.objects.visible_to(owner).active().filter(pk__in=answered.values("department"))
    known = User.objects.visible_to(owner).values("pk")
    chairs = User.objects.with_role("facilitator").values("pk")
    people = User.objects.active().filter(Q(pk__in=known) | Q(pk__in=chairs)).exclude(pk=owner.pk)
    return [Helper(f"d:{row.pk}", row) for row in departments] + [
        Helper(f"u:{row.pk}", row) for row in people.order_by("pinyin", "id")
    ]


def asked(blocker: Blocker):
    """The people to whom it is addressed."""
    if blocker.person_id:
        return User.objects.active().filter(pk=blocker.person_id)
    leads = Assignment.objects.filter(
        department=blocker.department_id, role__code__in=ANSWERS_FOR, ended_at=None
    )
    return User.objects.active().filter(pk__in=leads.values("user"))


def titles(rows, reader: User | None) -> dict[int, str]:
    """Blocker → its action's title for those who may see it; the sentence was written for whoever is asked."""
    seen = Action.objects.visible_to(reader) if reader else Action.objects.none()
    known = set(seen.filter(pk__in=[row.action_id for row in rows]).values_list("pk", flat=True))
    return {row.pk: row.action.title if row.action_id in known else untitled(row) for row in rows}


def title_for(blocker: Blocker, reader: User | None) -> str:
    return titles([blocker], reader)[blocker.pk]


def untitled(blocker: Blocker) -> str:
    return _("A task of %(name)s") % {"name": blocker.raised_by.display_name}


def name_blocker(
    action: Action, helper: Helper, wanted: str, *, by: User, at: dt.datetime, zone: zoneinfo.ZoneInfo
) -> Blocker:
    """`action` waits for `helper`. Named again, the clock of the first time runs on. Call it in a transaction."""
    standing = Blocker.objects.unended().filter(action=action).first()
    names = {"department": None, "person": None} | {
        "person" if helper.is_person else "department": helper.row
    }
    if standing and all(getattr(standing, field) == row for field, row in names.items()):
        if standing.wanted != wanted:
            standing.wanted = wanted
            standing.save(update_fields=["wanted"])
        return standing
    if standing:
        end(standing, by=by, at=at)
    blocker = Blocker.objects.create(
        action=action,
        wanted=wanted,
        raised_at=at,
        raised_by=by,
        due_at=company_days.working_days().after(at, DAYS, zone),
        **names,
    )
    record("action.blocked", blocker, by=by, at=at)
    planning.raise_occurrence(BLOCKED, blocker, at=at)
    return blocker


def clear(action: Action, *, by: User, at: dt.datetime) -> None:
    """`action` waits for nobody any more, says its owner. Call it in a transaction."""
    for blocker in Blocker.objects.unended().filter(action=action):
        end(blocker, by=by, at=at)


def end(blocker: Blocker, *, by: User, at: dt.datetime, answer: str = "") -> None:
    blocker.ended_at, blocker.ended_by, blocker.answer = at, by, answer
    blocker.save(update_fields=["ended_at", "ended_by", "answer"])
    planning.cancel(BLOCKED, blocker, at=at)
    record("action.unblocked", blocker, by=by, at=at)


def answer_problems(blocker: Blocker, answer: str, *, by: User) -> list[str]:
    """Why `by` cannot answer it; empty when nothing stands against it."""
    problems = []
    if not Blocker.objects.asking(by).filter(pk=blocker.pk).exists():
        problems.append(_("Only whoever is asked for help can answer."))
    if not answer:
        problems.append(_("Say in one sentence what you did or decided."))
    elif len(answer) > LONGEST:
        problems.append(_("One sentence takes at most %(number)s characters.") % {"number": LONGEST})
    return problems


@transaction.atomic
def answer(blocker: Blocker, said: str, *, by: User, at: dt.datetime) -> Blocker:
    """Whoever was asked has helped; the owner is told. Twice is once. Raises CannotChange."""
    blocker = Blocker.objects.select_for_update(of=("self",)).select_related("action").get(pk=blocker.pk)
    if problems := answer_problems(blocker, said, by=by):
        raise CannotChange(problems)
    if blocker.ended_at is None:
        end(blocker, by=by, at=at, answer=said)
        planning.raise_occurrence(UNBLOCKED, blocker, at=at)
    return blocker


def record(code: str, blocker: Blocker, *, by: User, at: dt.datetime) -> None:
    named = {"department": blocker.department.code} if blocker.department else {}
    named |= {"person": blocker.person.username} if blocker.person else {}
    activity.record(
        code,
        blocker.action,
        by=by,
        at=at,
        params={"title": blocker.action.title},
        after=named if code == "action.blocked" else None,
        department=blocker.action.department,
        confidentiality=blocker.action.confidentiality,
    )
