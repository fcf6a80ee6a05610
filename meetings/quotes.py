"""What an order would cost before it is given: who pays, and when the meeting would end. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from meetings import clock, ledger

SHORTER_S = (60, 120, 300)


@dataclass(frozen=True)
class Quote:
    """One order with its price: `deltas` in seconds by account, the end with it and without it.

    `refusal` says why the rules would not allow it; then nothing is paid and the end stays.
    """

    order: clock.Command
    deltas: dict[str, int]
    ends_at: datetime
    instead_of: datetime
    refusal: clock.Refused | None = None


def quote(plan: clock.Plan, state: clock.State, order: clock.Command, at: datetime, settings) -> Quote:
    """The price of `order` at `at` (aware). The state is not touched."""
    ends = clock.projected_end(plan, state, at)
    try:
        event = clock.decide(plan, state, order, at, settings)
    except clock.Refused as refusal:
        return Quote(order, {}, ends, ends, refusal)
    after = clock.apply(plan, state, event)
    return Quote(order, event.deltas, clock.projected_end(plan, after, at), ends)


def choices(
    plan: clock.Plan, state: clock.State, order: clock.Command, at: datetime, settings=clock.STANDARD
) -> list[Quote]:
    """Every way in which `order` may be given now, dearest decisions last, each with its price.

    `extend`: who pays, or park; `borrow`: from whom; `shorten`: by how much; `goto`, `skip`, `park`: which
    part; `pause`: why. Any other order is quoted as it stands.
    """
    ways = WAYS.get(order.do, lambda plan, state, order: [order])
    if state.current is None:
        return [quote(plan, state, order, at, settings)]
    return [quote(plan, state, way, at, settings) for way in ways(plan, state, order)]


def _paid(plan, state, order):
    payers = [replace(order, pay=(source,)) for source in ("buffer", "compress", "end")]
    return [*payers, clock.Command("park", order.actor, to=clock.PARK_TARGETS[0])]


def _lent(plan, state, order):
    lenders = [part for part in clock.pending(plan, state) if ledger.spare(plan, state, part)]
    return [replace(order, part=part) for part in lenders]


def _shortened(plan, state, order):
    return [replace(order, seconds=seconds) for seconds in SHORTER_S]


def _reached(plan, state, order):
    open_ones = [part for part in plan.order if state.status[part] in ("pending", "skipped", "parked")]
    return [replace(order, part=part) for part in open_ones]


def _dropped(plan, state, order):
    return [replace(order, part=part) for part in (state.current, *clock.pending(plan, state))]


def _parked(plan, state, order):
    now = [replace(order, part=state.current, to=target) for target in clock.PARK_TARGETS]
    later = [replace(order, part=part, to=clock.PARK_TARGETS[0]) for part in clock.pending(plan, state)]
    return now + later


def _paused(plan, state, order):
    return [replace(order, reason=reason) for reason in clock.PAUSE_REASONS]


WAYS = {
    "extend": _paid,
    "borrow": _lent,
    "shorten": _shortened,
    "goto": _reached,
    "skip": _dropped,
    "park": _parked,
    "pause": _paused,
}
