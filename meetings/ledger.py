"""The minute ledger: who pays for time that is needed, who receives time that is saved. Pure.

Every function returns deltas: seconds by account that add up to zero with the account they serve.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from meetings.plan import BUFFER, END, Plan
from meetings.transitions import PENDING, State, elapsed, pending

ORDERS = {
    "standard": ("own", "buffer", "compress", "end"),
    "hard-stop": ("own", "buffer", "compress", "park"),
    "keep-depth": ("own", "buffer", "end"),
}
SAVED = ("buffer", "repay", "end")


@dataclass(frozen=True)
class Settings:
    """How a meeting pays and saves; `saved` says where unused time goes, one of SAVED."""

    order: tuple[str, ...] = ORDERS["standard"]
    late_order: tuple[str, ...] = ("buffer", "end")
    resume_order: tuple[str, ...] = ("buffer", "compress", "end")
    saved: str = "buffer"
    extend_limit_s: int = 1800
    confirm_end_above_s: int = 900
    reopen_within_s: int = 900


STANDARD = Settings()
ASK = "ask"  # pays as standard does; at 100 % the console asks who pays
PRESETS = (ASK, *ORDERS)


def settings_of(preset: str) -> Settings:
    """How a meeting with this preset (one of PRESETS) pays; a pause takes from the parts only where overruns do."""
    order = ORDERS.get(preset, ORDERS["standard"])
    resume = tuple(source for source in STANDARD.resume_order if source in (*order, "end"))
    return Settings(order=order, resume_order=resume)


def remaining(plan: Plan, state: State, part: str, at: datetime) -> int:
    """Seconds a part has left; negative when it runs over."""
    return state.ledger[part] - elapsed(plan, state, part, at)


def spare(plan: Plan, state: State, part: str) -> int:
    """Seconds a pending part can give: down to its minimum, and never below what it has used."""
    if state.status.get(part) != PENDING:
        return 0
    keeps = max(plan.find(part).minimum_s, state.closed_s[part])
    return max(0, state.ledger[part] - keeps)


def fund(plan: Plan, state: State, need: int, order: tuple[str, ...]) -> dict[str, int]:
    """Who pays `need` seconds: {account: −seconds}. Sources are tried in order; the rest falls to END.

    Sources: `own`, `buffer`, `compress`, `part:ID`, `end`; `park` gives nothing (experience §3.4).
    """
    paid: dict[str, int] = {}
    for source in order:
        left = need + sum(paid.values())
        if left <= 0:
            break
        for account, seconds in _offer(plan, state, source, left, paid).items():
            paid[account] = paid.get(account, 0) - seconds
    left = need + sum(paid.values())
    if left > 0:
        paid[END] = paid.get(END, 0) - left
    return {account: seconds for account, seconds in paid.items() if seconds}


def _offer(plan, state, source, need, paid):
    if source == "buffer":
        return {BUFFER: min(need, max(0, state.ledger[BUFFER] + paid.get(BUFFER, 0)))}
    if source == "compress":
        return compress(plan, state, need, paid)
    if source == "end":
        return {END: need}
    giver = source.removeprefix("part:")
    if source == "own":
        part = plan.find(state.current)
        giver = part.own if part and part.kind == "report" else None
    if giver is None or plan.find(giver) is None:
        return {}
    return {giver: min(need, max(0, spare(plan, state, giver) + paid.get(giver, 0)))}


def compress(plan: Plan, state: State, need: int, paid: dict | None = None) -> dict[str, int]:
    """Whole seconds that each pending part gives, in proportion to allot × weight, none below its minimum."""
    paid = paid or {}
    limits, shares = {}, {}
    for part in pending(plan, state):
        weight = Fraction(str(plan.find(part).weight))
        limit = spare(plan, state, part) + paid.get(part, 0)
        if weight > 0 and limit > 0:
            limits[part] = limit
            shares[part] = (state.ledger[part] + paid.get(part, 0)) * weight
    return water_fill(min(need, sum(limits.values())), shares, limits)


def water_fill(total: int, shares: dict[str, Fraction], limits: dict[str, int]) -> dict[str, int]:
    """`total` split by `shares`, nobody above the limit, in whole units: largest remainder, ties by order."""
    given: dict[str, int] = {}
    open_shares = dict(shares)
    left = total
    while open_shares:
        whole = sum(open_shares.values())
        full = [key for key, share in open_shares.items() if left * share >= limits[key] * whole]
        if not full:
            break
        for key in full:
            given[key] = limits[key]
            left -= limits[key]
            del open_shares[key]
    if open_shares:
        given |= largest_remainder(left, open_shares)
    return {key: given[key] for key in shares if given.get(key)}


def largest_remainder(total: int, shares: dict[str, Fraction]) -> dict[str, int]:
    """`total` in whole units in proportion to `shares`; the sum is exact."""
    whole = sum(shares.values())
    exact = {key: Fraction(total * share) / whole for key, share in shares.items()}
    units = {key: value.__floor__() for key, value in exact.items()}
    by_remainder = sorted(shares, key=lambda key: units[key] - exact[key])
    for key in by_remainder[: total - sum(units.values())]:
        units[key] += 1
    return units


def settle(
    plan: Plan, state: State, at: datetime, order: tuple[str, ...], settings: Settings
) -> dict[str, int]:
    """The current part's account is brought to what it used: saved time goes on, an overrun is funded."""
    left = remaining(plan, state, state.current, at)
    if left > 0:
        return add({state.current: -left}, save(plan, state, left, settings.saved))
    if left < 0:
        return add({state.current: -left}, fund(plan, state, -left, order))
    return {}


def settle_overrun(plan: Plan, state: State, at: datetime, order: tuple[str, ...]) -> dict[str, int]:
    """As `settle`, but time that is left stays with the part."""
    over = -remaining(plan, state, state.current, at)
    return add({state.current: over}, fund(plan, state, over, order)) if over > 0 else {}


def save(plan: Plan, state: State, seconds: int, to: str) -> dict[str, int]:
    """Where saved seconds go: {account: +seconds}."""
    if to == "end":
        return {END: seconds}
    back: dict[str, int] = {}
    if to == "repay":
        owed = {part: plan.find(part).planned_s - state.ledger[part] for part in pending(plan, state)}
        owed = {part: debt for part, debt in owed.items() if debt > 0}
        total = min(seconds, sum(owed.values()))
        back = water_fill(total, {part: Fraction(debt) for part, debt in owed.items()}, owed)
    return add(back, {BUFFER: seconds - sum(back.values())})


def add(*deltas: dict[str, int]) -> dict[str, int]:
    """Deltas added account by account; accounts that come out at zero are left out."""
    total: dict[str, int] = {}
    for each in deltas:
        for account, seconds in each.items():
            total[account] = total.get(account, 0) + seconds
    return {account: seconds for account, seconds in total.items() if seconds}
