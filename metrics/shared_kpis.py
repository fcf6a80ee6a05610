"""Shared KPIs: declared and ended by executives and data owners, and shown as one figure on the boards of every owner.

A board has at most one headline of a metric: where it leads with the metric already, its owners are named there; where
it does not, the same headline comes last on it. Nothing is summed over owners.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import models, transaction
from django.db.models import Subquery, Value
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.boards.spec import Board, Section, headline
from metrics.definitions import Definitions
from metrics.goals import BOUND
from metrics.models import Metric, SharedKpi
from metrics.models.ruling import Listed
from metrics.periods import Period
from metrics.readings import open_to
from reviewhub.people import activity
from reviewhub.people.models import Department
from reviewhub.people.models.languages import bilingual

FEWEST = 2


class CannotShare(Exception):
    """Nothing was declared; `problems` says why: field → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Wish:
    """Who is to answer for the metric `code` together from the day `since` on, and why in one sentence or none."""

    code: str
    departments: tuple[Department, ...]
    since: dt.date | None
    why: str = ""


@dataclass(frozen=True)
class Owner:
    """A department as a reader is told of it."""

    code: str
    name_zh: str
    name_en: str

    @property
    def name(self) -> str:
        return bilingual(self, "name")


@dataclass(frozen=True)
class Shared:
    """One metric and who answers for it in [since, until). `others`: how many owners the reader has no name for."""

    pk: int
    code: str
    since: dt.date
    until: dt.date | None
    why: str
    owners: tuple[Owner, ...]
    others: int = 0

    def holds_in(self, period: Period) -> bool:
        return self.since < period.end and (self.until is None or self.until > period.start)


# --- Declaring ------------------------------------------------------------------------------------------------


def may_declare(person) -> bool:
    """Executives and data owners of the whole company."""
    held = (person.abilities.get(one, ()) for one in ("budget.approve", "dictionary.govern"))
    return person.is_active and not person.is_partner and any(None in one for one in held)


@transaction.atomic
def declare(wish: Wish, *, by, at: dt.datetime) -> SharedKpi:
    """Have departments answer for a metric together; who did so until then does no longer from that day on. The same
    again changes nothing. Raises CannotShare."""
    metric = Metric.objects.select_for_update().filter(code=wish.code).first()
    held = SharedKpi.objects.standing().filter(metric=metric).first() if metric else None
    if problems := _problems(wish, held, by=by):
        raise CannotShare(problems)
    named = {one.pk for one in wish.departments}
    if held and {one.pk for one in held.departments.all()} == named and held.why == wish.why:
        return held
    if held:
        _close(held, wish.since, by=by, at=at)
    said = {"since": wish.since, "why": wish.why, "declared_at": at, "declared_by": by}
    row = SharedKpi.objects.create(metric=metric, **said)
    row.departments.set(wish.departments)
    codes = ", ".join(sorted(one.code for one in wish.departments))
    told = {"metric": wish.code, "departments": codes, "day": wish.since.isoformat()}
    activity.record("shared_kpi.declared", row, by=by, at=at, params=told)
    return row


@transaction.atomic
def end(row: SharedKpi, *, on: dt.date, by, at: dt.datetime) -> SharedKpi:
    """From the day `on` its owner answers alone again. Twice the same is once. Raises CannotShare."""
    row = SharedKpi.objects.select_for_update(of=("self",)).select_related("metric").get(pk=row.pk)
    if not may_declare(by) or not open_to(by, row.metric.code):
        raise CannotShare({"": _("Executives and data owners say who answers for what together.")})
    if row.until is None:
        _close(row, max(on, row.since), by=by, at=at)
        activity.record("shared_kpi.ended", row, by=by, at=at, params={"metric": row.metric.code})
    return row


def _close(row: SharedKpi, on: dt.date, *, by, at) -> None:
    row.until, row.ended_at, row.ended_by = on, at, by
    row.save(update_fields=["until", "ended_at", "ended_by"])


def _problems(wish: Wish, held: SharedKpi | None, *, by) -> dict[str, str]:
    found = {}
    if not may_declare(by):
        found[""] = _("Executives and data owners say who answers for what together.")
    if not open_to(by, wish.code) or wish.code not in Definitions.newest():
        found["metric"] = _("Choose a metric of the dictionary.")
    if len({one.pk for one in wish.departments}) < FEWEST:
        found["departments"] = _("A shared KPI has at least two departments.")
    if wish.since is None:
        found["since"] = _("Say from which day on.")
    elif held and wish.since < held.since:
        since = {"day": held.since.isoformat()}
        found["since"] = _("It is shared since %(day)s already: name that day or a later one.") % since
    return found


# --- Reading --------------------------------------------------------------------------------------------------


def beside(user) -> Subquery:
    """All of them that `user` may know of as one text, to be read with a row of another query; NULL for none."""
    return Subquery(_told(user), output_field=models.TextField())


def told(text: str | None, user) -> list[Shared]:
    """What `beside` read, in the order of the dictionary, the newest of a metric first. No query. A partner is told the
    name of its own department alone."""
    rows = json.loads(f"[{text or ''}]")
    rows.sort(key=lambda one: (one["place"], one["metric"], one["department"]))
    found: dict[int, Shared] = {}
    for row in rows:
        held = found.get(row["pk"]) or Shared(
            row["pk"], row["metric"], _day(row["since"]), _day(row["until"]), row["why"], ()
        )
        if user.is_partner and row["home"] != user.department_id:
            found[row["pk"]] = replace(held, others=held.others + 1)
        else:
            owner = Owner(row["code"], row["zh"], row["en"])
            found[row["pk"]] = replace(held, owners=(*held.owners, owner))
    places = {row["pk"]: row["place"] for row in rows}
    return sorted(found.values(), key=lambda one: (places[one.pk], one.code, -one.since.toordinal(), -one.pk))


def read(user) -> list[Shared]:
    """The same where there is no other query to read them with. One query."""
    return told(next(iter(_told(user)), None), user)


def holding(found: Iterable[Shared], period: Period) -> dict[str, Shared]:
    """Metric → who answers for it in `period`; where owners changed within it, the later ones."""
    held: dict[str, Shared] = {}
    for one in found:
        if one.holds_in(period):
            held.setdefault(one.code, one)
    return held


def of_board(board: Board, held: dict[str, Shared]) -> dict[str, Shared]:
    """Those that are told on `board`: of its department, or all of them on the page that gathers them."""
    if board.gathers_shared:
        return held
    return {
        code: one for code, one in held.items() if board.department in {owner.code for owner in one.owners}
    }


def widened(board: Board, held: dict[str, Shared]) -> Board:
    """`board` with a headline of each of these metrics that it does not lead with already. They come last: the blocks
    keep their numbers."""
    led = {block.metric for block in board.blocks if block.kind == "six-twelve"}
    blocks = tuple(headline(code, target=BOUND.get(code, "")) for code in held if code not in led)
    if not blocks:
        return board
    return replace(
        board, sections=(*board.sections, Section("shared-kpis", gettext_lazy("Shared KPIs"), blocks))
    )


def _told(user):
    rows = SharedKpi.objects.visible_to(user).order_by()
    row = JSONObject(
        pk="pk", metric="metric__code", place="metric__position", since="since", until="until", why="why",
        home="departments__pk", department="departments__position", code="departments__code",
        zh="departments__name_zh", en="departments__name_en",
    )  # fmt: skip
    rows = rows.annotate(all=Value(1)).values("all")
    return rows.annotate(told=Listed(Cast(row, models.TextField()))).values_list("told", flat=True)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text[:10]) if text else None
