"""Who holds up whom: a block names a department or a person, lands with them, and has three working days.

They promise help by a day, refuse with a reason, or have helped. A refusal leaves the block standing: the owner and the
next check-in decide. What nobody answers goes to the lead, two working days later to the executives.
"""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from actions.models import ANSWERS_FOR, LONGEST, Action, Blocker
from reviewhub.notices import planning
from reviewhub.notices.hours import instant
from reviewhub.people import activity, company_days
from reviewhub.people.models import Assignment, Department, User

# Working days to answer in; and after that, until the executives are told.
DAYS, THEN = 3, 2
# The farthest day for which help may be promised.
FARTHEST = dt.timedelta(days=366)
BLOCKED, UNBLOCKED = "blocked", "unblocked"
State = Blocker.State


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


def standing_words(blocker: Blocker, reader: User) -> str:
    """How it stands, for whoever is to act on it: that help is promised, or whom it was asked of first."""
    if blocker.state == State.ACCEPTED:
        return str(State.ACCEPTED.label)
    if blocker.department_id or blocker.person_id == reader.pk:
        return ""
    return _("asked: %(name)s") % {"name": blocker.named}


def untitled(blocker: Blocker) -> str:
    return _("A task of %(name)s") % {"name": blocker.raised_by.display_name}


def by_department(reader: User, *, at: dt.datetime) -> dict[Department | None, dict[str, int]]:
    """The standing blocks that `reader` may see, by the department that is asked or is the person's: how many are
    late, refused, without an answer, with help promised. In the order of departments; none of them last."""
    rows = Blocker.objects.visible_to(reader).standing().select_related("department", "person__department")
    found: dict = {}
    for row in rows:
        asked_of = row.department or row.person.department
        counts = found.setdefault(asked_of, dict.fromkeys(("late", "refused", "asked", "accepted"), 0))
        is_late = row.state != State.REFUSED and row.due_at <= at
        counts["late" if is_late else row.state] += 1
    order = sorted(found, key=lambda one: (one is None, one.position if one else 0, one.code if one else ""))
    return {one: found[one] for one in order}


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
    days = company_days.working_days()
    blocker = Blocker.objects.create(
        action=action,
        wanted=wanted,
        raised_at=at,
        raised_by=by,
        due_at=days.after(at, DAYS, zone),
        escalates_at=days.after(at, DAYS + THEN, zone),
        **names,
    )
    record("action.blocked", blocker, by=by, at=at)
    planning.raise_occurrence(BLOCKED, blocker, at=at)
    return blocker


def clear(action: Action, *, by: User, at: dt.datetime) -> None:
    """`action` waits for nobody any more, says its owner. Call it in a transaction."""
    for blocker in Blocker.objects.unended().filter(action=action):
        end(blocker, by=by, at=at)


def end(blocker: Blocker, *, by: User, at: dt.datetime) -> None:
    """Its owner does not wait any more."""
    blocker.state, blocker.ended_at, blocker.ended_by = State.CLEARED, at, by
    blocker.save(update_fields=["state", "ended_at", "ended_by"])
    planning.cancel(BLOCKED, blocker, at=at)
    record("action.unblocked", blocker, by=by, at=at)


@dataclass(frozen=True)
class Answer:
    """What whoever is asked says: ACCEPTED with the day by which help comes, REFUSED with why, HELPED with what was
    done or decided."""

    state: str
    said: str = ""
    until: dt.date | None = None


def answer_problems(blocker: Blocker, given: Answer, *, by: User, at: dt.datetime, on: dt.date) -> dict:
    """Field ("state", "said", "until", "" for none) → why `by` cannot answer so; empty when they can."""
    problems = {}
    if not may_answer(blocker, by, at):
        problems[""] = _("Only whoever is asked for help can answer.")
    if given.state not in (State.ACCEPTED, State.REFUSED, State.HELPED):
        problems["state"] = _("Choose what you answer.")
    elif not given.said and given.state == State.REFUSED:
        problems["said"] = _("Say in one sentence why not.")
    elif not given.said and given.state == State.HELPED:
        problems["said"] = _("Say in one sentence what you did or decided.")
    if len(given.said) > LONGEST:
        problems["said"] = _("One sentence takes at most %(number)s characters.") % {"number": LONGEST}
    if given.state == State.ACCEPTED and not (given.until and on <= given.until <= on + FARTHEST):
        problems["until"] = _("Say by which day, from today on.")
    return problems


def may_answer(blocker: Blocker, person: User, at: dt.datetime) -> bool:
    """Whoever is asked, and whom it went on to when nobody answered."""
    rows = Blocker.objects.filter(pk=blocker.pk)
    return rows.asking(person).exists() or rows.escalated_to(person, at).exists()


class CannotAnswer(Exception):
    """It stands as before; `problems` says why: field → sentence."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@transaction.atomic
def answer(blocker: Blocker, given: Answer, *, by: User, at: dt.datetime, zone: zoneinfo.ZoneInfo) -> Blocker:
    """Keep what was answered; the owner is told. The same again is once, after its end nothing is kept.

    A promise moves the clock to the end of its day. Raises CannotAnswer.
    """
    blocker = Blocker.objects.select_for_update(of=("self",)).select_related("action").get(pk=blocker.pk)
    if blocker.ended_at:
        return blocker
    if problems := answer_problems(blocker, given, by=by, at=at, on=at.astimezone(zone).date()):
        raise CannotAnswer(problems)
    due_at = end_of(given.until, zone) if given.state == State.ACCEPTED else blocker.due_at
    if (blocker.state, blocker.answer, blocker.due_at) == (given.state, given.said, due_at):
        return blocker
    blocker.state, blocker.answer, blocker.answered_at, blocker.answered_by = given.state, given.said, at, by
    if given.state == State.ACCEPTED:
        blocker.due_at = due_at
        blocker.escalates_at = company_days.working_days().after(due_at, THEN, zone)
    if given.state == State.HELPED:
        blocker.ended_at, blocker.ended_by = at, by
    blocker.save()
    planning.cancel(BLOCKED, blocker, at=at)
    record(f"action.block_{given.state}", blocker, by=by, at=at)
    planning.raise_occurrence(
        UNBLOCKED,
        blocker,
        at=at,
        cycle_key=f"{given.state}@{int(at.timestamp())}",
        params={"state": given.state, "said": given.said, "by": by.display_name, "due": due_at.isoformat()},
    )
    return blocker


def end_of(day: dt.date, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """The last minute of `day` on the wall of `zone`, UTC."""
    return instant(dt.datetime.combine(day, dt.time(23, 59)), zone)


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
