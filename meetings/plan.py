"""The plan of a meeting: its parts, their minutes and what each of them may give up. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

KINDS = ("single", "report", "discuss", "break", "reading")
BUFFER, LATE, PAUSE, END = "BUFFER", "LATE", "PAUSE", "END"
ACCOUNTS = (BUFFER, LATE, PAUSE, END)

# These blocks lead to action, so nothing may shorten them (experience §3.4).
WHOLE = ("XDEP", "PLAN")


def default_minimum(part_id: str, kind: str, planned_s: int) -> int:
    """Seconds a part keeps at least: report 1 min, discussion 60 %, opening and break 5 min, else all."""
    if kind == "report":
        return min(planned_s, 60)
    if kind == "discuss":
        return -(-planned_s * 6 // 10)
    if kind == "reading" or part_id in WHOLE:
        return planned_s
    return min(planned_s, 300)


def default_weight(part_id: str, kind: str) -> int:
    """How strongly a part is compressed: 1 like its neighbours, 0 protected."""
    return 0 if kind in ("break", "reading") or part_id in WHOLE else 1


@dataclass(frozen=True)
class PlannedPart:
    """One timed part. `own` names the discussion that this report eats first when it runs late."""

    id: str
    kind: str
    planned_s: int
    minimum_s: int
    weight: int | float
    own: str | None = None


def part(
    part_id: str,
    kind: str,
    planned_s: int,
    *,
    minimum_s: int | None = None,
    weight: int | float | None = None,
    own: str | None = None,
) -> PlannedPart:
    """A planned part; what is left out gets the defaults of experience §3.4."""
    return PlannedPart(
        id=part_id,
        kind=kind,
        planned_s=planned_s,
        minimum_s=default_minimum(part_id, kind, planned_s) if minimum_s is None else minimum_s,
        weight=default_weight(part_id, kind) if weight is None else weight,
        own=own,
    )


@dataclass(frozen=True)
class Plan:
    """Parts in agenda order, the budget and the buffer in seconds, the scheduled start (aware).

    `anchor` says what the hard end hangs on: `wall` the scheduled start, `duration` the actual start.
    Raises ValueError when the plan cannot be run.
    """

    parts: tuple[PlannedPart, ...]
    budget_s: int
    buffer_s: int
    scheduled: datetime
    anchor: str = "wall"

    def __post_init__(self):
        object.__setattr__(self, "parts", tuple(self.parts))
        flaws = list(_flaws(self))
        if flaws:
            raise ValueError("; ".join(flaws))
        object.__setattr__(self, "scheduled", second(self.scheduled))
        object.__setattr__(self, "_by_id", {each.id: each for each in self.parts})

    def find(self, part_id: str | None) -> PlannedPart | None:
        return self._by_id.get(part_id)

    @property
    def order(self) -> tuple[str, ...]:
        """Part ids in agenda order."""
        return tuple(self._by_id)


def _flaws(plan):
    ids = [each.id for each in plan.parts]
    if not ids:
        yield "a plan needs at least one part"
    if len(set(ids)) != len(ids):
        yield "two parts have the same id"
    if set(ids) & set(ACCOUNTS):
        yield "BUFFER, LATE, PAUSE and END are accounts and cannot be part ids"
    if plan.budget_s <= 0 or plan.buffer_s < 0:
        yield "the budget must be above zero and the buffer not below it"
    if plan.scheduled.tzinfo is None:
        yield "the scheduled start needs a time zone"
    if plan.anchor not in ("wall", "duration"):
        yield f"unknown anchor {plan.anchor!r}"
    for each in plan.parts:
        if each.kind not in KINDS:
            yield f"part {each.id}: unknown kind {each.kind!r}"
        if each.planned_s < 0 or each.minimum_s < 0 or each.weight < 0:
            yield f"part {each.id}: seconds and weight cannot be negative"
        if each.own is not None and (each.own == each.id or each.own not in ids):
            yield f"part {each.id}: its own discussion {each.own!r} is not another part of the plan"


def second(at: datetime) -> datetime:
    """The whole second that `at` lies in: the clock counts whole seconds, so no fraction is ever lost."""
    return at.replace(microsecond=0)


def seconds_between(start: datetime, end: datetime) -> int:
    """Whole elapsed seconds, right across a change to summer time too. May be negative."""
    gone = second(end).astimezone(UTC) - second(start).astimezone(UTC)
    return gone.days * 86_400 + gone.seconds


def later(at: datetime, seconds: int) -> datetime:
    """`at` plus elapsed seconds, in the time zone of `at`."""
    return (at.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(at.tzinfo)
