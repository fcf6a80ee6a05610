"""What meetings say beside the figures of one page: which agenda is open, what is pinned to it, what is asked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    F,
    FilteredRelation,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.fields.json import KT

from meetings import topics
from meetings.models import Meeting
from metrics.periods import Period
from reviewhub.people.models import User

# Of both halves of the query; NULL where one has no such thing.
NUMBERS = ("is_own", "meeting", "pin", "asker", "person")
PERSON = ("name", "name_latin", "username")
COLUMNS = (
    dict.fromkeys(NUMBERS, IntegerField)
    | dict.fromkeys(("scheduled_at", "asked_at"), DateTimeField)
    | dict.fromkeys(("metric", "view", *PERSON), CharField)
)


@dataclass(frozen=True)
class Pinned:
    """A pin and who asks for it, the first one first."""

    pin: int
    people: list[User] = field(default_factory=list)


@dataclass(frozen=True)
class Said:
    """`meeting`: the one on whose agenda a figure of the period comes, None where none is prepared. `pins`: (metric,
    view) → what is on its agenda. `questions`: metric, or block of no metric → how many wait."""

    meeting: int | None
    pins: dict[tuple[str, str], Pinned]
    questions: Counter


def of(period: Period, slice_: str, questions: QuerySet, *, by: User) -> Said:
    """What stands beside figures of `period` and of the part `slice_`, of what of `questions` waits. One query."""
    rows = _pinned(period, slice_, by).union(_waiting(questions), all=True)
    found = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    agendas = [row for row in found if row["meeting"] is not None]
    first = min(
        agendas, key=lambda row: (not row["is_own"], row["scheduled_at"], row["meeting"]), default=None
    )
    meeting = first["meeting"] if first else None
    pins = _pins(row for row in agendas if row["meeting"] == meeting and row["asker"])
    return Said(
        meeting, pins, Counter(row["metric"] or row["view"] for row in found if row["meeting"] is None)
    )


def _pins(rows: Iterable[dict]) -> dict[tuple[str, str], Pinned]:
    found: dict[tuple[str, str], Pinned] = {}
    for row in sorted(rows, key=lambda row: (row["asked_at"], row["asker"])):
        pinned = found.setdefault((row["metric"], row["view"]), Pinned(row["pin"]))
        pinned.people.append(User(pk=row["person"], **{name: row[name] for name in PERSON}))
    return found


def _pinned(period: Period, slice_: str, by: User) -> QuerySet:
    """Every open meeting, once for each person who asks for a figure of this part on its agenda."""
    days = {"period_start": period.start, "period_end": period.end}
    this = Q(**{f"review__pins__{name}": value for name, value in (days | {"slice": slice_}).items()})
    own = Q(**{f"review__{name}": value for name, value in days.items()})
    asker = "pinned__askers"
    columns = {
        "meeting": F("pk"),
        "scheduled_at": F("scheduled_at"),
        "is_own": Case(When(own, then=1), default=0),
    }
    columns |= {"pin": F("pinned__pk"), "metric": F("pinned__metric"), "view": F("pinned__view")}
    columns |= {
        "asker": F(f"{asker}__pk"),
        "asked_at": F(f"{asker}__asked_at"),
        "person": F(f"{asker}__person"),
    }
    columns |= {name: F(f"{asker}__person__{name}") for name in PERSON}
    rows = Meeting.objects.visible_to(by).filter(state__in=topics.OPEN)
    return _columns(rows.annotate(pinned=FilteredRelation("review__pins", condition=this)), columns)


def _waiting(questions: QuerySet) -> QuerySet:
    return _columns(questions.unanswered(), {"metric": F("metric"), "view": KT("place__block")})


def _columns(rows: QuerySet, columns: dict) -> QuerySet:
    """The rows with COLUMNS alone; NULL in those that `columns` does not name."""
    named = {f"column_{name}": columns.get(name, Value(None, kind())) for name, kind in COLUMNS.items()}
    return rows.order_by().annotate(**named).values_list(*named)
