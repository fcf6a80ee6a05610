"""How fresh the sources behind figures are: one light per source, the worst of them for a figure.

good: it was asked within its interval; late: that is longer ago, or a file in its folder was refused; paused: somebody
asked that it rests; down: it gives nothing since its first failure, or was switched off. What never worked has none.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, JSONObject

from metrics.feed_outages import LATE
from metrics.models import Feed, FeedOutage
from metrics.models.ruling import Listed
from metrics.periods import Period
from metrics.sources import Source

# From the best to the worst.
STATES = ("good", "paused", "late", "down")
Series = tuple[int, str]  # a department's id and a kind of file


@dataclass(frozen=True)
class Light:
    """One source at one moment. `age`: since its last success; `late`: how much longer that is than it should be."""

    feed: int
    name: str
    state: str
    age: dt.timedelta
    late: dt.timedelta
    since: dt.datetime | None
    series: frozenset[Series]

    @property
    def rank(self) -> tuple:
        return STATES.index(self.state), self.late, self.name


def beside(user) -> Subquery:
    """All sources that ever worked as one text, to be read with a row of another query; NULL where there is none.

    A partner is told of its own.
    """
    return Subquery(_told(user), output_field=models.TextField())


def lights(text: str | None, *, at: dt.datetime) -> list[Light]:
    """The lights at `at` out of what `beside` read. No query."""
    return [_light(one, at) for one in json.loads(f"[{text or ''}]")]


def read(user, *, at: dt.datetime) -> list[Light]:
    """The same where there is no other query to read them with. One query."""
    return lights(next(iter(_told(user)), None), at=at)


def worst(found: Iterable[Light], series: Iterable[Series]) -> Light | None:
    """The light of a figure made from `series`; None where no source brings any of them."""
    wanted = set(series)
    return max(
        (one for one in found if not one.series.isdisjoint(wanted)), key=lambda one: one.rank, default=None
    )


def silent(user) -> list[Feed]:
    """The sources that give nothing now, each with `silent_since`, the longest first. A partner hears of its own."""
    down = FeedOutage.objects.filter(feed=OuterRef("pk"), until=None).values("since")[:1]
    rows = Feed.objects.filter(paused_at=None, last_success_at__isnull=False)
    rows = rows.filter(department=user.department_id) if user.is_partner else rows
    rows = rows.annotate(silent_since=Coalesce(Subquery(down), "disabled_at"))
    return list(rows.exclude(silent_since=None).select_related("department").order_by("silent_since", "name"))


def concerns(month: Period, *, on: dt.date) -> bool:
    """Whether sources still bring figures of `month` on that day: the running one and the one before."""
    running = Period.containing(on, "month")
    return running.before() <= month <= running


def bringing(known: Iterable[Source], month: Period) -> dict[str, set[Series]]:
    """Metric → the series that brought it in the year up to the end of `month`, out of what is known. A month that
    nobody has brought yet is told of by those before it."""
    found: dict[str, set[Series]] = {}
    first = month.start.replace(year=month.start.year - 1, day=1)
    for series, metrics in {
        (one.series[:2], one.metrics) for one in known if one.start < month.end and first < one.end
    }:
        for metric in metrics:
            found.setdefault(metric, set()).add(series)
    return found


def _told(user):
    rows = Feed.objects.filter(last_success_at__isnull=False).order_by()
    if user.is_partner:
        rows = rows.filter(department=user.department_id)
    down = FeedOutage.objects.filter(feed=OuterRef("pk"), until=None).values("since")[:1]
    told = JSONObject(
        feed="pk", name="name", department="department", profile="profile", brings="brings",
        success="last_success_at", every="every_minutes", failures="failures", paused="paused_at",
        off="disabled_at", down=Subquery(down),
    )  # fmt: skip
    rows = rows.annotate(all=Value(1)).values("all")
    return rows.annotate(told=Listed(Cast(told, models.TextField()))).values_list("told", flat=True)


def _light(row: dict, at: dt.datetime) -> Light:
    age = at - _moment(row["success"])
    late = max(age - dt.timedelta(minutes=row["every"]), dt.timedelta())
    since = _moment(row["down"] or row["off"] or row["paused"])
    if row["down"] or row["off"]:
        state = "down"
    elif row["paused"]:
        state = "paused"
    else:
        state = "late" if late > LATE or row["failures"] else "good"
    brings = row["brings"]  # SQLite tells it as text
    brings = json.loads(brings) if isinstance(brings, str) else brings
    names = [row["profile"]] if row["profile"] else brings
    series = frozenset((row["department"], name) for name in names)
    return Light(row["feed"], row["name"], state, age, late, since, series)


def _moment(text: str | None) -> dt.datetime | None:
    """SQLite tells moments without their zone; they are in UTC."""
    if not text:
        return None
    found = dt.datetime.fromisoformat(text)
    return found.astimezone(dt.UTC) if found.tzinfo else found.replace(tzinfo=dt.UTC)
