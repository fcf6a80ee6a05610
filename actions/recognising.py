"""Recognition of another department: nominated with a number, decided by an executive, kept in a ledger."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from actions.models import Action, Project, Recognition, Reward
from actions.models.recognition import decides
from actions.projects import FARTHEST, CannotKeep
from metrics.models import Metric
from metrics.periods import Period
from metrics.units import scaled
from okr.models.cascade import SCALE
from reviewhub.notices import planning
from reviewhub.people import activity
from reviewhub.people.models import Company, Confidentiality, Department, User

State = Recognition.State
MONEY = Decimal(10_000)
WAITS, DECIDED = "recognition.waits", "recognition.decided"


@dataclass(frozen=True)
class Wish:
    """Whom to recognise for what: a person or a whole department, a sentence, and what was measured.

    Where `metric` is given, `measure`, `before` and `after` were read for its months (actions.recognised_figures).
    `action`: the task by which it was done.
    """

    person: User | None
    department: Department | None
    sentence: str
    measure: str
    before: Decimal | None
    after: Decimal | None
    reward: str = ""
    amount: Decimal | None = None
    metric: Metric | None = None
    before_month: Period | None = None
    after_month: Period | None = None
    action: Action | None = None

    @property
    def home(self) -> Department | None:
        return self.person.department if self.person else self.department


@dataclass(frozen=True)
class Win:
    """One line of the ledger: a recognition or a closed project, of the day `on`."""

    on: dt.date
    departments: tuple[Department, ...]
    row: Recognition | Project
    is_project: bool


@dataclass(frozen=True)
class Thanked:
    """Somebody who was thanked more than once in a quarter, with what was said."""

    person: User
    sentences: tuple[str, ...]


# Gives those who were thanked again and again in a period, as a reader may know it; the meetings stand above this app.
ThanksSource = Callable[[User, Period], list[Thanked]]
_thanks: list[ThanksSource] = []


def register_thanks(source: ThanksSource) -> None:
    _thanks.append(source)


def suggested(reader: User, quarter: Period, zone: dt.tzinfo) -> list[Thanked]:
    """Whom `reader` might nominate: thanked at least twice in the quarter, of another department, and not nominated by
    anybody in that quarter. Nothing is nominated by itself."""
    if not may_nominate(reader):
        return []
    begin, end = (dt.datetime.combine(day, dt.time(), zone) for day in (quarter.start, quarter.end))
    named = set(
        Recognition.objects.filter(nominated_at__gte=begin, nominated_at__lt=end).values_list(
            "person_id", flat=True
        )
    )
    found = [one for source in _thanks for one in source(reader, quarter)]
    return [
        one
        for one in found
        if one.person.department_id not in (None, reader.department_id) and one.person.pk not in named
    ]


def may_nominate(person: User) -> bool:
    """Colleagues who belong to a department."""
    return person.is_active and not person.is_partner and person.department_id is not None


def problems_with(wish: Wish, *, by: User) -> dict[str, str]:
    """Field → why `by` cannot nominate so."""
    found = {}
    if not may_nominate(by):
        found[""] = _("People of a department recognise those of another one.")
    if (wish.person is None) == (wish.department is None):
        found["person"] = _("Name a person or a department, one of both.")
    elif wish.home is None or wish.home.pk == by.department_id:
        found["person" if wish.person else "department"] = _("Recognise somebody of another department.")
    if not wish.sentence:
        found["sentence"] = _("Say in one sentence what they did.")
    if not wish.measure:
        found["measure"] = _("Say what was measured.")
    numbers = (wish.before, wish.after)
    if None in numbers:
        found["after"] = _("An effect has a number before and one after.")
    elif wish.before == wish.after:
        found["after"] = _("Before and after are the same: nothing was measured.")
    elif any(abs(one) > FARTHEST for one in numbers):
        found["after"] = _("This number is too large.")
    if wish.action is not None and not Action.objects.visible_to(by).filter(pk=wish.action.pk).exists():
        found["action"] = _("Choose a task that you see.")
    elif wish.action is not None and wish.action.confidentiality > Confidentiality.INTERNAL:
        found["action"] = _("Recognition is read by all colleagues: choose a task that is not confidential.")
    if wish.amount is not None and not (wish.reward and 0 < wish.amount <= FARTHEST):
        found["amount"] = _("An amount belongs to a reward, and is more than nothing.")
    return found


@transaction.atomic
def nominate(wish: Wish, *, by: User, at: dt.datetime, review=None) -> Recognition:
    """Put somebody up; the reward is kept apart. Raises CannotKeep."""
    if problems := problems_with(wish, by=by):
        raise CannotKeep(problems)
    row = Recognition.objects.create(
        department=wish.home,
        person=wish.person,
        from_department=by.department,
        nominated_by=by,
        nominated_at=at,
        review=review,
        sentence=wish.sentence,
        measure=wish.measure,
        before=scaled(wish.before, SCALE),
        after=scaled(wish.after, SCALE),
        metric=wish.metric,
        before_on=wish.before_month.start if wish.metric else None,
        after_on=wish.after_month.start if wish.metric else None,
        action=wish.action,
    )
    if wish.reward:
        amount = None if wish.amount is None else int((wish.amount * MONEY).to_integral_value())
        Reward.objects.create(
            recognition=row, kind=wish.reward, amount=amount, currency=Company.objects.get(pk=1).currency
        )
    _record("recognition.nominated", row, by=by, at=at)
    planning.raise_occurrence(WAITS, row, at=at)
    return row


def may_decide(row: Recognition, person: User) -> bool:
    """An executive who neither nominated, nor is recognised, nor belongs to either department."""
    if not decides(person) or row.state != State.PROPOSED:
        return False
    if person.pk in (row.nominated_by_id, row.person_id):
        return False
    return person.department_id is None or person.department_id not in (
        row.department_id,
        row.from_department_id,
    )


@transaction.atomic
def decide(row: Recognition, *, approve: bool, reason: str = "", by: User, at: dt.datetime) -> Recognition:
    """Approve, or decline with a reason; what was decided stays. Raises CannotKeep."""
    row = Recognition.objects.select_for_update(of=("self",)).get(pk=row.pk)
    wanted = State.APPROVED if approve else State.DECLINED
    if row.state == wanted and row.decided_by_id == by.pk:
        return row
    if not may_decide(row, by):
        raise CannotKeep({"": _("An executive of neither department decides, once.")})
    if not approve and not reason:
        raise CannotKeep({"reason": _("Say in one sentence why not.")})
    row.state, row.decided_at, row.decided_by, row.reason = wanted, at, by, reason
    row.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    _record(f"recognition.{wanted}", row, by=by, at=at)
    planning.cancel(WAITS, row, at=at)
    planning.raise_occurrence(DECIDED, row, at=at)
    return row


def _record(code: str, row: Recognition, *, by, at) -> None:
    """The log names who, never the reward."""
    named = row.person.username if row.person else row.department.code
    is_open = row.state == State.APPROVED
    activity.record(
        code,
        row,
        by=by,
        at=at,
        params={"person": named},
        department=row.department,
        confidentiality=Confidentiality.INTERNAL if is_open else Confidentiality.CONFIDENTIAL,
    )


def listed(reader: User):
    """Recognitions that `reader` may see, with everybody who is named."""
    rows = Recognition.objects.visible_to(reader)
    return rows.select_related(
        "person", "department", "from_department", "nominated_by", "decided_by", "metric", "action"
    )


def rewards(rows, reader: User) -> dict[int, Reward]:
    """Recognition → its reward, where `reader` may see it."""
    found = Reward.objects.visible_to(reader).filter(recognition__in=[row.pk for row in rows])
    return {one.recognition_id: one for one in found}


def since(first: dt.datetime | None, last: dt.datetime | None) -> list[Recognition]:
    """Approved after `first` and until `last`, the earliest first."""
    rows = Recognition.objects.approved()
    rows = rows.filter(decided_at__gt=first) if first else rows
    rows = rows.filter(decided_at__lte=last) if last else rows
    return list(
        rows.select_related("person", "department", "from_department", "metric").order_by("decided_at", "pk")
    )


def wins(reader: User, zone: dt.tzinfo) -> dict[Period, list[Win]]:
    """Quarter of the company's wall → what departments won together in it, the latest first: approved recognitions,
    and closed projects with a number, as far as `reader` may see them."""
    found = [
        Win(row.decided_at.astimezone(zone).date(), (row.from_department, row.department), row, False)
        for row in listed(reader).approved()
    ]
    projects = Project.objects.visible_to(reader).filter(closed_at__isnull=False).exclude(measure="")
    found += [
        Win(row.closed_at.astimezone(zone).date(), tuple(row.departments.all()), row, True)
        for row in projects.prefetch_related("departments")
    ]
    found.sort(key=lambda one: (one.on, one.is_project, one.row.pk), reverse=True)
    quarters: dict[Period, list[Win]] = {}
    for one in found:
        quarters.setdefault(Period.containing(one.on, "quarter"), []).append(one)
    return quarters
