"""Keeping the promotion calendar, and what of it concerns the figures of one version."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from metrics import season
from metrics.models import Promotion, RollUp, Submission
from reviewhub.people import activity
from reviewhub.people.permissions import may

LONGEST_NAME, MOST_DAYS = 60, 92


class CannotKeep(Exception):
    """The calendar stays as it is; `problems` says why: field → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Wish:
    """A promotion as somebody enters it: `first` and `last` day both belong to it; empty lists concern everything."""

    name_zh: str
    name_en: str
    first: dt.date | None
    last: dt.date | None
    platforms: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


def keep_problems(*, by) -> list[str]:
    """Why `by` may not change the calendar: administrators and the data owners of the whole company do."""
    owns = by.is_active and None in by.abilities.get("dictionary.govern", ())
    return (
        [] if owns or may(by, "people.manage") else [_("Administrators and data owners keep the calendar.")]
    )


@transaction.atomic
def keep(wish: Wish, *, by, at: dt.datetime, row: Promotion | None = None) -> Promotion:
    """Enter a promotion, or change `row`. The same again changes nothing. Raises CannotKeep."""
    others = list(Promotion.objects.select_for_update().filter(name_en__iexact=_clean(wish.name_en)))
    if problems := _problems(wish, [one for one in others if row is None or one.pk != row.pk], by=by):
        raise CannotKeep(problems)
    given = {
        "name_zh": _clean(wish.name_zh),
        "name_en": _clean(wish.name_en),
        "starts_on": wish.first,
        "ends_on": wish.last + dt.timedelta(days=1),
        "platforms": sorted(wish.platforms),
        "countries": sorted(wish.countries),
    }
    kept = row or Promotion()
    before = {name: getattr(kept, name) for name in given} if row else None
    if before == given:
        return kept
    for name, value in given.items():
        setattr(kept, name, value)
    kept.changed_at, kept.changed_by = at, by
    kept.save()
    _record("promotion.changed" if row else "promotion.entered", kept, by=by, at=at)
    return kept


@transaction.atomic
def remove(row: Promotion, *, by, at: dt.datetime) -> None:
    """Take a promotion out of the calendar. Twice the same is once. Raises CannotKeep."""
    if problems := keep_problems(by=by):
        raise CannotKeep({"": " ".join(problems)})
    for found in Promotion.objects.select_for_update().filter(pk=row.pk):
        _record("promotion.removed", found, by=by, at=at)
        found.delete()


def _problems(wish: Wish, others: Iterable[Promotion], *, by) -> dict[str, str]:
    found = {"": " ".join(said)} if (said := keep_problems(by=by)) else {}
    for name in ("name_zh", "name_en"):
        if not 0 < len(_clean(getattr(wish, name))) <= LONGEST_NAME:
            found[name] = _("Write its name in both languages.")
    if wish.first is None or wish.last is None:
        return found | {"first": _("Say from when and to when.")}
    days = (wish.last - wish.first).days + 1
    if not 1 <= days <= MOST_DAYS:
        found["last"] = _("It lasts from one day to %(most)s days.") % {"most": MOST_DAYS}
    if any(one.starts_on <= wish.last and wish.first < one.ends_on for one in others):
        found["first"] = _("The calendar has this promotion on these days already.")
    return found


def _clean(text: str) -> str:
    return " ".join(text.split())


def _record(code: str, row: Promotion, *, by, at) -> None:
    said = {"name": row.name_en, "first": row.starts_on.isoformat()}
    activity.record(code, row, by=by, at=at, params=said)


# --- What concerns a version ---------------------------------------------------------------------------------


def of(submission: Submission) -> list[season.Promotion]:
    """The calendar as far as it concerns the platforms and countries of `submission`. Three queries at most."""
    rows = list(Promotion.objects.order_by("starts_on", "name_en"))
    sold_on = _members(submission, "platform") if any(row.platforms for row in rows) else set()
    sold_in = _members(submission, "country") if any(row.countries for row in rows) else set()
    return [
        season.Promotion(row.name_en.casefold(), row.starts_on, row.ends_on)
        for row in rows
        if _concerns(row.platforms, sold_on) and _concerns(row.countries, sold_in)
    ]


def names() -> dict[str, str]:
    """Key of a promotion → its name in the reader's language. One query."""
    return {row.name_en.casefold(): row.name for row in Promotion.objects.order_by("starts_on")}


def _members(submission: Submission, dimension: str) -> set[str]:
    found = RollUp.objects.filter(submission=submission, grain="M").order_by()
    return set(found.values_list(f"slice__{dimension}", flat=True).distinct()) - {""}


def _concerns(wanted: list[str], found: set[str]) -> bool:
    """A file that is not split by it may hold all of them."""
    return not wanted or not found or bool(found & set(wanted))
