"""A cascade as its stored values. The database says in a few bytes whether they are those that are known already; rows
are read only where it says another thing."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Aggregate, Func, OuterRef, QuerySet, Subquery, TextField

from okr.models import Contribution, Cycle, Grade, KeyResult, Measurement, Objective, Share
from okr.tree import Node

OWNER = ("owner__name", "owner__name_latin", "owner__username")
OBJECTIVE = ("pk", "title", "parent_id", "department__code", *OWNER, "weight", "position")
RESULT = (
    *("pk", "title", "objective_id", "parent_id", "department__code", "owner_id", *OWNER, "weight", "due_on"),
    *("baseline", "target", "change", "in_points", "unit", "metric_id", "metric__code", "position"),
    *(
        "version_id",
        "version__unit",
        "dimension",
        "member",
        "stance",
        "confidence",
        "measured",
        "measured_on",
    ),
)
SHARE = ("result_id", "department__code", "department__position", "pk")
GIVE = ("giver_id", "receiver_id", "pk")
GRADE = ("result_id", "score", "actual")


@dataclass(frozen=True)
class Source:
    """Where tasks come from; their app stands above this one. `rows(cycle, user)` is a query, `columns` what it is read
    for, and `nodes(values)` makes that nodes."""

    rows: Callable[[Cycle, object], QuerySet]
    columns: tuple[str, ...]
    nodes: Callable[[Iterable[tuple]], list[Node]]


class Values(NamedTuple):
    """Rows of one cycle as one reader sees them, named as above.

    `results` carry the newest measurement up to the day that was asked for; `shares` and `gives` are those that both
    sides want; `grades` those of a scored cycle. `tasks`: a tuple of each source.
    """

    objectives: tuple = ()
    results: tuple = ()
    shares: tuple = ()
    gives: tuple = ()
    grades: tuple = ()
    tasks: tuple = ()


class _Line(Func):
    """A row as a text; what is empty and what is not there differ."""

    output_field = TextField()

    def as_sql(self, compiler, connection, **context):
        return super().as_sql(compiler, connection, template="ROW(%(expressions)s)::text", **context)

    def as_sqlite(self, compiler, connection, **context):
        return super().as_sql(compiler, connection, template="JSON_ARRAY(%(expressions)s)", **context)


class _Lines(Aggregate):
    """All rows: PostgreSQL says their sum, SQLite, which has none, the rows themselves."""

    name = "Lines"
    output_field = TextField()

    def as_sql(self, compiler, connection, **context):
        return super().as_sql(
            compiler, connection, template="MD5(STRING_AGG(%(expressions)s, ','))", **context
        )

    def as_sqlite(self, compiler, connection, **context):
        return super().as_sql(compiler, connection, template="GROUP_CONCAT(%(expressions)s)", **context)


def queries(
    cycle: Cycle, sources: Iterable[Source], *, user, on: dt.date
) -> list[tuple[QuerySet, tuple[str, ...]]]:
    """What is read, in the order of Values, the tasks of every source at the end."""
    newest = Measurement.objects.filter(result=OuterRef("pk"), on__lte=on).order_by("-on", "-at", "-pk")
    results = KeyResult.objects.visible_to(user).filter(cycle=cycle).standing()
    results = results.annotate(measured=Subquery(newest.values("value")[:1]))
    wanted = {"accepted_at__isnull": False, "ended_at": None}
    found = [
        (Objective.objects.visible_to(user).filter(cycle=cycle, dropped_at=None), OBJECTIVE),
        (results.annotate(measured_on=Subquery(newest.values("on")[:1])), RESULT),
        (Share.objects.filter(result__cycle=cycle, **wanted), SHARE),
        (Contribution.objects.filter(giver__cycle=cycle, **wanted).order_by("pk"), GIVE),
    ]
    if cycle.state == Cycle.State.CLOSED:
        found.append((Grade.objects.filter(result__cycle=cycle), GRADE))
    return found + [(source.rows(cycle, user), source.columns) for source in sources]


def digest(asked: list[tuple[QuerySet, tuple[str, ...]]]) -> tuple[str, ...]:
    """Of all rows that are asked for; equal digests are equal rows. A query each."""
    said = []
    for rows, columns in asked:
        text = rows.order_by().aggregate(all=_Lines(_Line(*columns)))["all"] or ""
        said.append(text if len(text) <= 32 else hashlib.blake2b(text.encode(), digest_size=16).hexdigest())
    return tuple(said)


def read(cycle: Cycle, asked: list[tuple[QuerySet, tuple[str, ...]]]) -> Values:
    rows = [tuple(one.values_list(*columns, named=place < 2)) for place, (one, columns) in enumerate(asked)]
    fixed, is_scored = rows[:4], cycle.state == Cycle.State.CLOSED
    return Values(*fixed, grades=rows[4] if is_scored else (), tasks=tuple(rows[5 if is_scored else 4 :]))
