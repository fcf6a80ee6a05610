"""Keeping the peak seasons, what they forbid, and the season that runs on a day."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from metrics.definitions import Definition, Definitions
from metrics.models import PeakSeason, RollUp, Submission
from metrics.peaks import Limit, Peak
from reviewhub.people import activity
from reviewhub.people.models import Company, User
from reviewhub.ui import days

LONGEST_NAME, MOST_DAYS, MOST_LIMITS = 60, 184, 40
DAY = dt.timedelta(days=1)
ADDED_UP = "sum"


class CannotKeep(Exception):
    """The seasons stay as they are; `problems` says why: field → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Wish:
    """A season as somebody enters it. All four days belong to it: `prepares` and `starts` are first days, `ends` and
    `settles` last ones. `limits`: metric code → Limit."""

    name_zh: str
    name_en: str
    prepares: dt.date | None
    starts: dt.date | None
    ends: dt.date | None
    settles: dt.date | None
    platforms: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    decided_by: User | None = None


def today(at: dt.datetime) -> dt.date:
    """The day of the company."""
    company = Company.objects.first()
    return at.astimezone(zoneinfo.ZoneInfo(company.time_zone) if company else dt.UTC).date()


def decides(person: User) -> bool:
    """Data owners of the whole company and executives."""
    return leads(person) or _holds(person, "dictionary.govern")


def leads(person: User) -> bool:
    """Executives alone."""
    return _holds(person, "budget.approve")


def _holds(person: User, ability: str) -> bool:
    return person.is_active and not person.is_partner and None in person.abilities.get(ability, ())


def deciders() -> list[User]:
    """Who may decide, by name."""
    holders = User.objects.with_role("executive") | User.objects.with_role("steward")
    return sorted((one for one in holders.active() if decides(one)), key=lambda one: one.display_name)


def keep_problems(*, by) -> list[str]:
    """Why `by` may not enter, change or end a season."""
    return [] if decides(by) else [_("Data owners and executives decide about peak seasons.")]


def change_problems(row: PeakSeason, *, by) -> list[str]:
    found = keep_problems(by=by)
    return found or ([_("It was ended; enter another one.")] if row.ended_at else [])


def end_problems(row: PeakSeason, *, by, at: dt.datetime) -> list[str]:
    """Why it cannot be ended today: only a season that runs ends."""
    found, day = change_problems(row, by=by), today(at)
    if not found and not row.prepares_on < day < row.settles_on:
        found = [_("Only a season that runs can be ended.")]
    return found


def remove_problems(row: PeakSeason, *, by, at: dt.datetime) -> list[str]:
    """Why it cannot be taken away: what has begun was judged by it and stays."""
    begun = row.prepares_on <= today(at)
    return keep_problems(by=by) or ([_("It has begun; end it instead.")] if begun else [])


@transaction.atomic
def keep(wish: Wish, *, by, at: dt.datetime, row: PeakSeason | None = None) -> PeakSeason:
    """Enter a season, or change `row`. The same again changes nothing. Raises CannotKeep."""
    rows = PeakSeason.objects.select_for_update(of=("self",)).order_by("pk")
    others = [one for one in rows if row is None or one.pk != row.pk]
    kept = PeakSeason() if row is None else next(one for one in rows if one.pk == row.pk)
    if problems := _problems(wish, kept if row else None, others, by=by):
        raise CannotKeep(problems)
    given = {
        "name_zh": _clean(wish.name_zh),
        "name_en": _clean(wish.name_en),
        "prepares_on": wish.prepares,
        "starts_on": wish.starts,
        "ends_on": wish.ends + DAY,
        "settles_on": wish.settles + DAY,
        "platforms": sorted(wish.platforms),
        "countries": sorted(wish.countries),
        "limits": {code: stored(one) for code, one in sorted(wish.limits.items())},
        "decided_by_id": (wish.decided_by or by).pk,
    }
    if row and {name: getattr(kept, name) for name in given} == given:
        return kept
    for name, value in given.items():
        setattr(kept, name, value)
    kept.changed_at, kept.changed_by = at, by
    kept.save()
    _record("peak_season.changed" if row else "peak_season.entered", kept, by=by, at=at)
    return kept


@transaction.atomic
def end(row: PeakSeason, *, by, at: dt.datetime) -> PeakSeason:
    """Have it end with yesterday; what lay ahead of it is cut off. Raises CannotKeep."""
    kept = PeakSeason.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if problems := end_problems(kept, by=by, at=at):
        raise CannotKeep({"": " ".join(problems)})
    day = today(at)
    kept.starts_on, kept.ends_on, kept.settles_on = (
        min(one, day) for one in (kept.starts_on, kept.ends_on, kept.settles_on)
    )
    kept.ended_at, kept.ended_by = at, by
    kept.save()
    _record("peak_season.ended", kept, by=by, at=at)
    return kept


@transaction.atomic
def remove(row: PeakSeason, *, by, at: dt.datetime) -> None:
    """Take a season away that has not begun. Twice the same is once. Raises CannotKeep."""
    for kept in PeakSeason.objects.select_for_update(of=("self",)).filter(pk=row.pk):
        if problems := remove_problems(kept, by=by, at=at):
            raise CannotKeep({"": " ".join(problems)})
        _record("peak_season.removed", kept, by=by, at=at)
        kept.delete()


def stored(one: Limit) -> dict:
    ends = (None if end is None else str(end) for end in (one.low, one.high))
    return dict(zip(("low", "high"), ends, strict=True)) | {"of_change": one.of_change}


def bounds_change(definition: Definition) -> bool:
    """Whether a limit of this metric bounds its change on the year before: sums grow with the days they are of."""
    return definition.time_agg == ADDED_UP


def _problems(wish: Wish, row: PeakSeason | None, others: Iterable[PeakSeason], *, by) -> dict[str, str]:
    said = change_problems(row, by=by) if row else keep_problems(by=by)
    found = {"": " ".join(said)} if said else {}
    for name in ("name_zh", "name_en"):
        if not 0 < len(_clean(getattr(wish, name))) <= LONGEST_NAME:
            found[name] = _("Write its name in both languages.")
    found |= _day_problems(wish)
    if wish.decided_by and not decides(wish.decided_by):
        found["decided_by"] = _("Data owners and executives decide about peak seasons.")
    name = _clean(wish.name_en).casefold()
    if any(one.name_en.casefold() == name and one.starts_on == wish.starts for one in others):
        found.setdefault("starts", _("There is a season of this name on these days already."))
    return found | _limit_problems(wish.limits)


def _day_problems(wish: Wish) -> dict[str, str]:
    given = {name: getattr(wish, name) for name in ("prepares", "starts", "ends", "settles")}
    found = {name: _("Say which day.") for name, day in given.items() if day is None}
    if found:
        return found
    in_order = list(given.items())
    for (_name, before), (name, after) in zip(in_order, in_order[1:], strict=False):
        if after < before:
            found[name] = _("It cannot come before the day above it.")
    if not found and (wish.settles - wish.prepares).days >= MOST_DAYS:
        found["settles"] = _("A season has %(most)s days at most.") % {"most": MOST_DAYS}
    return found


def _limit_problems(limits: Mapping[str, Limit]) -> dict[str, str]:
    if not limits:
        return {}
    definitions, found = Definitions.newest(), []
    if len(limits) > MOST_LIMITS:
        found.append(_("A season has %(most)s limits at most.") % {"most": MOST_LIMITS})
    for code, one in limits.items():
        if code not in definitions:
            found.append(_("%(code)s is no metric.") % {"code": code})
            continue
        name = {"name": definitions[code].name}
        if one.of_change != bounds_change(definitions[code]):
            found.append(_("%(name)s has limits of the other kind.") % name)
        if one.low is None and one.high is None:
            found.append(_("Give %(name)s a lowest or a highest figure.") % name)
        elif one.low is not None and one.high is not None and one.low > one.high:
            found.append(_("%(name)s: the lowest figure is above the highest.") % name)
    return {"limits": " ".join(found)} if found else {}


def _clean(text: str) -> str:
    return " ".join(text.split())


def _record(code: str, row: PeakSeason, *, by, at) -> None:
    said = {"name": row.name_en, "first": row.prepares_on.isoformat()}
    activity.record(code, row, by=by, at=at, params=said)


# --- What runs ------------------------------------------------------------------------------------------------


def peaks() -> list[Peak]:
    """All of them, in the order of their days. One query."""
    return [row.peak for row in PeakSeason.objects.order_by("prepares_on", "name_en")]


def over(day: dt.date) -> list[PeakSeason]:
    """Those that run on `day`, the one whose peak begins first in front. One query."""
    return list(PeakSeason.objects.over(day).order_by("starts_on", "name_en"))


# --- Definitions stay -----------------------------------------------------------------------------------------


def freeze_problems(effective_from: dt.date, *, at: dt.datetime) -> list[str]:
    """Why a definition that is approved at `at` to hold from `effective_from` may not: it would change what figures say
    within a season. It takes effect on that day, or today where that day has passed. Three queries at most."""
    day = today(at)
    found = over(max(effective_from, day))
    if not found:
        return []
    last = days.day(found[0].settles_on - DAY, get_language() or "en")
    said = {"name": found[0].name, "last": last}
    return [
        _(
            "Definitions stay as they are in the peak season %(name)s, until %(last)s. An executive can allow it."
        )
        % said
    ]


# --- What concerns a version -------------------------------------------------------------------------------------


def of(submission: Submission) -> tuple[list[Peak], dict[str, tuple[str, ...]]]:
    """The seasons, and by dimension of what platforms and countries the file is: read where a season is of some only.
    Three queries at most."""
    found = peaks()
    bound = {"platform": any(one.platforms for one in found), "country": any(one.countries for one in found)}
    members = {
        dimension: tuple(_members(submission, dimension)) for dimension, is_bound in bound.items() if is_bound
    }
    return found, members


def _members(submission: Submission, dimension: str) -> set[str]:
    rows = RollUp.objects.filter(submission=submission, grain="M").order_by()
    return set(rows.values_list(f"slice__{dimension}", flat=True).distinct()) - {""}
