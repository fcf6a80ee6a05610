"""Pure. Which of the usual suspects explains what a bridge leaves open: tried one by one, then two at a time.

A suspect has an amount, and a trace: something in the figures of one side that only this cause leaves behind (prices
of one country 19 % above those of the others, one night of sales that is missing and turns up the next day). Suspects
with a trace go before those whose amount merely fits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from statistics import median

ZERO, ONE = Decimal(0), Decimal(1)
# Standard rates of value-added tax, in per cent, by the country of delivery.
VAT = {
    "Austria": 20, "Belgium": 21, "Czechia": 21, "Denmark": 25, "France": 20, "Germany": 19, "Ireland": 23,
    "Italy": 22, "Netherlands": 21, "Poland": 23, "Portugal": 23, "Spain": 21, "Sweden": 25, "United Kingdom": 20,
}  # fmt: skip
NEAR_RATE = Decimal("0.015")
# How far prices of a country lie off before they are called so, and how much of it has to lie there.
LEAST_OFF, SAME, MOST_OF = Decimal("0.015"), Decimal("0.012"), Decimal("0.6")
MOST_FX = Decimal("0.15")
HALF_DAY = Decimal("0.15")
MANY_TIMES = 3
FAR_ABOVE = Decimal("0.5")


@dataclass(frozen=True)
class Cause:
    """One suspect: `amount` is what it adds to the residual. `is_open`: whatever is left would be this."""

    code: str
    amount: Decimal = ZERO
    params: dict = field(default_factory=dict, hash=False, compare=False)
    has_trace: bool = True
    is_open: bool = False
    most: Decimal | None = None  # of an open one


@dataclass(frozen=True)
class Explanation:
    """The causes that together bring the residual into the tolerance, and what is left then."""

    causes: tuple[Cause, ...]
    remainder: Decimal


def explanation(residual: Decimal, allowed: Decimal, suspects: Iterable[Cause]) -> Explanation | None:
    """The suspects that explain the residual; None where none do.

    One by one, two and (with traces only) three at a time. A suspect with a trace that is larger than the tolerance
    is a fact: what leaves none of them out goes before what does, then what is fewest, then what leaves the least.
    Suspects without a trace have to fit closely, within a third of the tolerance.
    """
    found, answers = list(suspects), []
    facts = {one for one in found if one.has_trace and not one.is_open and abs(one.amount) > allowed}
    for size in (1, 2, 3):
        for chosen in combinations(found, size):
            if size == 3 and not all(one.has_trace for one in chosen):
                continue
            if answer := _together(residual, allowed, chosen):
                untraced = sum(not one.has_trace for one in chosen)
                is_open = any(one.is_open for one in chosen)
                rank = untraced, len(facts - set(chosen)), is_open, size, abs(answer.remainder)
                answers.append((rank, answer))
    return min(answers, key=lambda one: one[0])[1] if answers else None


def _together(residual: Decimal, allowed: Decimal, chosen: tuple[Cause, ...]) -> Explanation | None:
    opened = [one for one in chosen if one.is_open]
    if len(opened) > 1 or len({one.code for one in chosen if not one.has_trace}) > 1:
        return None
    rest = residual - sum((one.amount for one in chosen if not one.is_open), ZERO)
    if opened:
        if abs(rest) <= allowed or (opened[0].most is not None and abs(rest) > opened[0].most):
            return None
        filled = Cause(opened[0].code, rest, opened[0].params, opened[0].has_trace, True)
        return Explanation(tuple(filled if one.is_open else one for one in chosen), ZERO)
    bound = allowed if all(one.has_trace for one in chosen) else allowed / 3
    return Explanation(chosen, rest) if abs(rest) <= bound else None


# --- Prices of stores: shipping, tax, exchange rates ------------------------------------------------------------

# (platform, country, category) → code → amount or number
Cells = Mapping[tuple, Mapping[str, Decimal]]


@dataclass(frozen=True)
class Store:
    """A platform in one country: what its goods should have come to at the prices of all stores, and what it says."""

    platform: str
    country: str
    expected: Decimal
    gross: Decimal
    shipping: Decimal
    net: Decimal
    goods: tuple[
        tuple[Decimal, Decimal], ...
    ]  # of each category: how far off it is, and what it should come to

    @property
    def off(self) -> Decimal:
        return self.gross / self.expected - ONE


def reference_prices(cells: Cells) -> dict[str, Decimal]:
    """Gross per unit of each category: the median over stores, so that one of them does not move it."""
    prices: dict[str, list[Decimal]] = {}
    for (_platform, _country, category), one in cells.items():
        if one.get("SAL_UNITS"):
            prices.setdefault(category, []).append(one.get("SAL_GROSS", ZERO) / one["SAL_UNITS"])
    return {category: median(found) for category, found in prices.items()}


def stores(cells: Cells, before: Iterable[Cells] = ()) -> list[Store]:
    """Every store of a month. `before`: other months, for stores whose prices always lie higher or lower."""
    usual: dict[tuple, list[Decimal]] = {}
    for other in before:
        for one in _stores(other, {}):
            usual.setdefault((one.platform, one.country), []).append(ONE + one.off)
    return _stores(cells, {key: median(levels) for key, levels in usual.items()})


def _stores(cells: Cells, levels: Mapping[tuple, Decimal]) -> list[Store]:
    prices, sums = reference_prices(cells), {}
    for (platform, country, category), one in cells.items():
        own = sums.setdefault((platform, country), [ZERO, ZERO, ZERO, ZERO, []])
        gross = one.get("SAL_GROSS", ZERO)
        expected = one.get("SAL_UNITS", ZERO) * prices.get(category, ZERO)
        expected *= levels.get((platform, country), ONE)
        own[0] += expected
        own[1] += gross
        own[2] += one.get("SAL_SHIPREV", ZERO)
        own[3] += gross - one.get("SAL_DISC", ZERO) - one.get("SAL_REF", ZERO)
        if expected > 0:
            own[4].append((gross / expected - ONE, expected))
    return [Store(*key, *own[:4], tuple(own[4])) for key, own in sums.items() if own[0] > 0]


def country_offs(found: list[Store]) -> dict[str, Decimal]:
    """Countries whose prices lie off alike in most categories of most stores, and by which share."""
    offs = {}
    for country in {one.country for one in found}:
        goods = [pair for one in found if one.country == country for pair in one.goods]
        middle = weighted_median(goods)
        alike = sum(weight for off, weight in goods if abs(off - middle) <= SAME)
        if abs(middle) >= LEAST_OFF and alike >= MOST_OF * sum(weight for _off, weight in goods):
            offs[country] = middle
    return offs


def price_suspects(found: list[Store]) -> list[Cause]:
    """Tax or another exchange rate in one country's prices, shipping in those of one platform."""
    offs = country_offs(found)
    causes = [one for country in sorted(offs) if (one := _of_country(found, country, offs[country]))]
    for platform in sorted({one.platform for one in found}):
        own = [one for one in found if one.platform == platform]
        causes += next(filter(None, (_of_shipping(platform, own, known) for known in (offs, {}))), [])
    return causes


def _of_country(found: list[Store], country: str, off: Decimal) -> Cause | None:
    """Its prices are off by the tax that is due there, or by what a rate may be off."""
    own = [one for one in found if one.country == country]
    rate = Decimal(VAT.get(country, 0)) / 100
    told = {"country": country, "share": str(off.quantize(Decimal("0.0001")))}
    if rate and abs(off - rate) <= NEAR_RATE:
        return Cause("TAX_IN_SALES", sum(one.expected for one in own) * rate, told | {"rate": str(rate)})
    if abs(off) <= MOST_FX:
        return Cause("OTHER_RATE", sum(one.net for one in own) * off / (ONE + off), told)
    return None


def _of_shipping(platform: str, own: list[Store], offs: Mapping[str, Decimal]) -> list[Cause]:
    """Its goods come to more by what it charged for shipping: in total, and in most of its countries."""
    over = {one.country: one.gross - one.expected * (ONE + offs.get(one.country, ZERO)) for one in own}
    whole, charged, expected = (
        sum(over.values()),
        sum(one.shipping for one in own),
        sum(one.expected for one in own),
    )
    alike = sum(one.shipping for one in own if abs(over[one.country] - one.shipping) <= one.shipping / 2)
    if charged <= 0 or whole < LEAST_OFF * expected or abs(whole - charged) > charged / 4:
        return []
    if alike < MOST_OF * charged:
        return []
    told = {"platform": platform, "share": str((whole / expected).quantize(Decimal("0.0001")))}
    return [Cause("SHIPPING_IN_SALES", charged, told)]


def weighted_median(pairs: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """The value at which half of the weight is reached."""
    ordered = sorted(pairs)
    half, reached = sum(weight for _value, weight in ordered) / 2, ZERO
    for value, weight in ordered:
        reached += weight
        if reached >= half:
            return value
    return ordered[-1][0]


# --- Days and refunds -------------------------------------------------------------------------------------------


def day_off(day: Cells, prices: Mapping[str, Decimal]) -> tuple[Decimal, Decimal]:
    """(what a day's sales lie off what its units come to at `prices`, what they come to)."""
    expected = sum((one.get("SAL_UNITS", ZERO) * prices.get(key[2], ZERO) for key, one in day.items()), ZERO)
    return sum((one.get("SAL_GROSS", ZERO) for one in day.values()), ZERO) - expected, expected


def midnight_suspects(
    prices: Mapping[str, Decimal], *, last: Cells, following: Cells, opening: Cells, preceding: Cells
) -> list[Cause]:
    """A month cut off at another midnight, at its end (last and following day) or at its beginning."""
    causes = []
    for mine, other, edge in ((last, following, "end"), (opening, preceding, "start")):
        off, expected = day_off(mine, prices)
        across, beyond = day_off(other, prices)
        if not expected or abs(off) < HALF_DAY * expected:
            continue
        if beyond and (off > 0) == (across > 0):
            continue
        # The day that lost sales says how many: the other one may hold them in a single row.
        amount = off if off < 0 or not beyond else -across
        causes.append(Cause("OTHER_MIDNIGHT", amount, {"edge": edge, "amount": str(abs(amount))}))
    return causes


def refund_lump(cells: Cells, others: Iterable[Cells]) -> tuple[tuple, Decimal] | None:
    """The cell of a month that holds many times the refunds it usually has: (its members, what is too much)."""
    others, found = list(others), []
    for key, one in cells.items():
        rates = [
            other[key].get("SAL_REF", ZERO) / other[key]["SAL_GROSS"]
            for other in others
            if key in other and other[key].get("SAL_GROSS")
        ]
        if not rates:
            continue
        usual = median(rates) * one.get("SAL_GROSS", ZERO)
        over = one.get("SAL_REF", ZERO) - usual
        if over > MANY_TIMES * usual and over > 0:
            found.append((over, key))
    if not found:
        return None
    over, key = max(found)
    return key, over


def refund_suspects(months: Mapping[int, Cells]) -> list[Cause]:
    """Refunds booked with the month of the order: `months` by their place, 0 this one, −1 the one before …"""
    causes = []
    for place, sign in ((0, -1), (-1, 1)):
        others = [cells for at, cells in months.items() if at != place]
        lump = refund_lump(months[place], others) if months.get(place) else None
        if lump:
            (platform, country, _category), over = lump
            told = {"platform": platform, "country": country, "amount": str(over.quantize(Decimal("0.01")))}
            code = "REFUNDS_OF_LATER" if place == 0 else "REFUNDS_BOOKED_EARLIER"
            causes.append(Cause(code, sign * over, told))
    return causes


# --- Other pairs ------------------------------------------------------------------------------------------------


def spend_suspects(cells: Mapping[tuple, Decimal], others: Iterable[Mapping[tuple, Decimal]]) -> list[Cause]:
    """Cost that one side has and the other has not booked: a cell (metric, channel, country) far above its past.

    What all cells gained since (their median) is the season and no trace.
    """
    others, past = list(others), {}
    for key in cells:
        before = [other[key] for other in others if other.get(key)]
        if before:
            past[key] = median(before)
    if not past:
        return []
    season = median(cells[key] / usual for key, usual in past.items())
    over = {key: cells[key] - usual * season for key, usual in past.items()}
    found = sorted((one, key) for key, one in over.items() if one > past[key] * season * FAR_ABOVE)
    return [
        Cause("NOT_BOOKED_YET", amount, {"metric": metric, "channel": channel, "country": country})
        for amount, (metric, channel, country) in found[-3:]
    ]


def stock_suspects(cells: Mapping[tuple, tuple[Decimal, Decimal]]) -> list[Cause]:
    """A warehouse valued otherwise than the others. `cells`: (warehouse, category) → (units, value)."""
    prices: dict[str, list[Decimal]] = {}
    for (_place, category), (units, value) in cells.items():
        if units:
            prices.setdefault(category, []).append(value / units)
    usual, sums = {category: median(found) for category, found in prices.items()}, {}
    for (place, category), (units, value) in cells.items():
        own = sums.setdefault(place, [ZERO, ZERO])
        own[0] += units * usual.get(category, ZERO)
        own[1] += value
    causes = []
    for place, (expected, value) in sorted(sums.items()):
        off = value / expected - ONE if expected else ZERO
        if abs(off) >= Decimal("0.03"):
            code = "STOCK_WITHOUT_FREIGHT" if -Decimal("0.4") <= off < 0 else "STOCK_VALUED_OTHERWISE"
            told = {"warehouse": place, "share": str(off.quantize(Decimal("0.0001")))}
            causes.append(Cause(code, value - expected, told))
    return causes
