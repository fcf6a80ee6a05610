"""Keeping the calendar of the company: a holiday with the weekends that are worked for it, in one entry."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from reviewhub.people import activity, workdays
from reviewhub.people.models import Company, CompanyDays, User
from reviewhub.people.staffing import may_manage
from reviewhub.people.workdays import WorkingDays

LONGEST_NAME, MOST_DAYS, MOST_MAKE_UPS = 40, 31, 8
FIRST_YEAR, LAST_YEAR = 2000, 2100


class CannotKeepDays(Exception):
    """The calendar stays as it is; `problems` says why: field → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def working_days() -> WorkingDays:
    """The working days of the company as its calendar stands. One query."""
    return workdays.of(CompanyDays.objects.values_list("first_on", "last_on", "works"))


def keep_problems(
    name_zh: str, name_en: str, first: dt.date | None, last: dt.date | None, make_ups: str, *, by: User
) -> dict[str, str]:
    """Field → what stands against entering it."""
    found = {} if may_manage(by) else {"": _("Only an administrator keeps the calendar.")}
    if not 0 < len(name_zh or name_en) <= LONGEST_NAME or len(name_en) > LONGEST_NAME:
        found["name_zh"] = _("Write what it is called.")
    found |= _span_problems(first, last)
    if not first and not last and not make_ups.strip():
        found["first"] = _("Say which day.")
    if found:
        return found
    worked = workdays.written(make_ups, first or _a_day())
    if worked is None:
        return {"make_ups": _("Write days like 2026-10-10, parted by commas.")}
    return _clashes(workdays.span(first, last) if first else [], worked)


def _a_day() -> dt.date:
    """What a day without a year is near to when nothing else was entered: the last day that is known."""
    last = CompanyDays.objects.order_by("last_on").values_list("last_on", flat=True).last()
    return last or dt.date(FIRST_YEAR, 1, 1)


def _span_problems(first: dt.date | None, last: dt.date | None) -> dict[str, str]:
    if bool(first) != bool(last):
        return {"last" if first else "first": _("Say which day.")}
    if not first or not last:
        return {}
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        return {"first": _("Choose a day between %(first)s and %(last)s.") % _years()}
    if last < first:
        return {"last": _("It cannot come before the day above it.")}
    if (last - first).days >= MOST_DAYS:
        return {"last": _("A holiday has %(most)s days at most.") % {"most": MOST_DAYS}}
    return {}


def _years() -> dict[str, int]:
    return {"first": FIRST_YEAR, "last": LAST_YEAR}


def _clashes(off: list[dt.date], worked: list[dt.date]) -> dict[str, str]:
    """What the calendar that stands has against these days."""
    known = {}
    for row in CompanyDays.objects.all():
        known |= dict.fromkeys(workdays.span(row.first_on, row.last_on), row.name)
    for field, given in (("first", off), ("make_ups", worked)):
        if taken := [day for day in given if day in known]:
            said = {"day": taken[0].isoformat(), "name": known[taken[0]]}
            return {field: _("%(day)s is entered already: %(name)s.") % said}
    if len(worked) > MOST_MAKE_UPS:
        return {"make_ups": _("At most %(most)s days are worked for one holiday.") % {"most": MOST_MAKE_UPS}}
    if outside := [day for day in worked if not FIRST_YEAR <= day.year <= LAST_YEAR]:
        return {"make_ups": _("%(day)s is too far away.") % {"day": outside[0].isoformat()}}
    wrong = [day for day in worked if day.weekday() < 5 or day in off]
    if wrong:
        said = {"day": wrong[0].isoformat()}
        return {"make_ups": _("%(day)s is no day at a weekend outside the holiday.") % said}
    return {}


@transaction.atomic
def keep(
    name_zh: str,
    name_en: str,
    first: dt.date | None,
    last: dt.date | None,
    make_ups: str,
    *,
    by: User,
    at: dt.datetime,
) -> list[CompanyDays]:
    """Enter a holiday and the days that are worked for it; either may be missing. Raises CannotKeepDays."""
    Company.objects.select_for_update().filter(pk=1).first()  # two administrators enter one after the other
    name_zh, name_en = (" ".join(name.split()) for name in (name_zh, name_en))
    if problems := keep_problems(name_zh, name_en, first, last, make_ups, by=by):
        raise CannotKeepDays(problems)
    names = {"name_zh": name_zh or name_en, "name_en": name_en or name_zh}
    worked = workdays.written(make_ups, first or _a_day()) or []
    spans = [(first, last, False)] if first and last else []
    spans += [(day, day, True) for day in worked]
    made = [
        CompanyDays.objects.create(
            **names, first_on=begin, last_on=end, works=works, entered_at=at, entered_by=by
        )
        for begin, end, works in spans
    ]
    for row in made:
        _record("company.day_worked" if row.works else "company.days_off", row, by=by, at=at)
    return made


@transaction.atomic
def remove(pk: int, *, by: User, at: dt.datetime) -> None:
    """Take an entry away. Twice the same is once. Raises CannotKeepDays."""
    if not may_manage(by):
        raise CannotKeepDays({"": _("Only an administrator keeps the calendar.")})
    for row in CompanyDays.objects.select_for_update(of=("self",)).filter(pk=pk):
        _record("company.days_removed", row, by=by, at=at)
        row.delete()


def _record(code: str, row: CompanyDays, *, by: User, at: dt.datetime) -> None:
    said = {"name": row.name_en, "first": row.first_on.isoformat(), "last": row.last_on.isoformat()}
    activity.record(code, row, by=by, at=at, params=said)
