"""What the sales board asks of its figures: drivers, platforms, places, categories, life cycle, returns, launches."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from metrics import bridges, lifecycle, pareto, series, six_twelve
from metrics.board_figures import BoardFigures
from metrics.boards.sales import PARTS, PLATFORM, PRODUCT, twelve
from metrics.desk import moved
from metrics.exchange import RATINGS, Rating
from metrics.figure import Figure
from metrics.lifecycle import Standing
from metrics.parts import EVERYTHING, Part
from metrics.periods import Period
from metrics.series import Ranked
from metrics.units import plain, weight_code

STAGES = ("launch", "growth", "mature", "decline", "clearance")
UNKNOWN = ""


@dataclass(frozen=True)
class Product:
    """One SKU: its stage, and net sales of this month and the one before."""

    sku: str
    category: str
    stage: str
    now: Decimal
    before: Decimal | None

    @property
    def growth(self) -> Decimal | None:
        return self.now / self.before - 1 if self.before and self.before > 0 else None


@dataclass(frozen=True)
class Launch:
    """The products that first sold in one quarter: net sales of one of them in each month of its life, on average."""

    quarter: Period
    products: int
    months: list[Decimal | None]


class Shop:
    """Questions about one month of the sales board. Raises CannotRead from any part."""

    def __init__(self, figures: BoardFigures):
        self.figures, self.month = figures, figures.month
        self.year_before, self.month_before = moved(self.month, "py"), moved(self.month, "pp")

    def figure(self, code: str, period: Period, part: Part = EVERYTHING, by: tuple[str, ...] = ()) -> Figure:
        return self.figures.figure(code, period, part, by=by)

    def value(
        self, code: str, period: Period, part: Part = EVERYTHING, by: tuple[str, ...] = ()
    ) -> Decimal | None:
        return self.figure(code, period, part, by).value

    def keys(
        self, code: str, periods: Iterable[Period], dimension: str, by: tuple[str, ...]
    ) -> list[tuple[str, Part]]:
        """The members of one dimension that occur in `periods`, each with its part of the company."""
        evaluation = self.figures.evaluation(by)
        found = self.figures.desk.keys(evaluation, code, list(periods), (dimension,), EVERYTHING)
        return [(key[dimension], part) for key, part in found]

    def name(self, dimension: str, code: str) -> str:
        return self.figures.desk.members.name(dimension, code)

    # --- Drivers ------------------------------------------------------------------------------------------------

    @cached_property
    def drivers(self) -> bridges.Drivers | None:
        """What orders, units per order and price per unit did to GMV against the year before."""
        sides = [
            [self.value(code, one) for code in ("SAL_GMV", "SAL_ORD", "SAL_UNITS")]
            for one in (self.year_before, self.month)
        ]
        if any(value is None for side in sides for value in side):
            return None
        (then, orders_then, units_then), (now, orders, units) = sides
        if not (orders_then and units_then and orders and units):
            return None
        return bridges.three_drivers(
            then=then, now=now, first=(orders_then, orders), second=(units_then / orders_then, units / orders)
        )

    # --- Platforms and places -------------------------------------------------------------------------------------

    @cached_property
    def year(self) -> list[Period]:
        """The twelve months up to this one."""
        return list(six_twelve.spans(self.month, weekly=False).months)

    @cached_property
    def platforms(self) -> list[tuple[str, Part]]:
        """The largest seven platforms of the month and the year before, by net sales."""
        found = self.keys("SAL_NET", [self.month, self.year_before], "platform", PLATFORM)
        sized = [
            (self.value("SAL_NET", self.month, part, PLATFORM) or Decimal(0), code, part)
            for code, part in found
        ]
        return [(code, part) for _size, code, part in sorted(sized, key=lambda row: (-row[0], row[1]))][:7]

    def share(self, part: Part, period: Period) -> Decimal | None:
        return series.share(
            self.value("SAL_NET", period, part, PLATFORM), self.value("SAL_NET", period, EVERYTHING, PLATFORM)
        )

    @property
    def rating(self) -> Rating:
        """At which rates the places of this month are compared with the year before."""
        return RATINGS[self.figures.rates]

    def ranked(self, dimension: str, top: int = 10) -> list[Ranked]:
        """Members by net sales, largest first, the small ones as one, with the year before at its own rates."""
        rows = [
            Ranked(
                code,
                self.figures.figure("SAL_NET", self.month, part, by=PARTS, rating=self.rating).value,
                self.value("SAL_NET", self.year_before, part, PARTS),
            )
            for code, part in self.keys("SAL_NET", [self.month, self.year_before], dimension, PARTS)
        ]
        return series.ranked([row for row in rows if row.value or row.reference], top=top)

    # --- Products -------------------------------------------------------------------------------------------------

    @cached_property
    def categories(self) -> list[pareto.Ranked]:
        rows = [
            (code, self.value("SAL_NET", self.month, part, PARTS) or Decimal(0))
            for code, part in self.keys("SAL_NET", [self.month], "category", PARTS)
            if code
        ]
        return pareto.ranked(rows)

    @cached_property
    def standings(self) -> list[Standing]:
        """Every category by growth of its units per day on sale and by product margin."""
        found = []
        for code, part in self.keys("SAL_NET", [self.month, self.month_before], "category", PARTS):
            if not code:
                continue
            sides = [
                (self.value("SAL_UNITS", one, part, PARTS), self._days_on_sale(one, part))
                for one in (self.month, self.month_before)
            ]
            growth = lifecycle.growth(*sides[0], *sides[1])
            margin = self.value("FIN_GM_PROD", self.month, part, PARTS)
            stock = self.value("SC_INV_VAL", self.month, part, PRODUCT)
            found.append(Standing(code, growth, margin, stock, self._cover(part)))
        return found

    def _days_on_sale(self, period: Period, part: Part) -> Decimal | None:
        """Days of the period on which the part was in stock, as far as is known; else all of them."""
        missed = self.value("SC_OOS", period, part, PRODUCT)
        return Decimal(period.days) * (1 - missed if missed is not None else 1)

    def _cover(self, part: Part) -> Decimal | None:
        """Days that the stock lasts at the rate of this month; None without sales or stock."""
        stock = self.value("SC_INV_UNITS", self.month, part, PRODUCT)
        units = self.value("SAL_UNITS", self.month, part, PARTS)
        return stock / units * self.month.days if stock is not None and units else None

    @cached_property
    def usual_margin(self) -> Decimal | None:
        return self.value("FIN_GM_PROD", self.month, EVERYTHING, PARTS)

    @cached_property
    def products(self) -> list[Product]:
        """Every SKU that sold or has a stage this month, the best seller first."""
        now, before = (self._by_sku(one) for one in (self.month, self.month_before))
        stages = {
            key: STAGES[value - 1] for key, value in self._stages().items() if 1 <= value <= len(STAGES)
        }
        found = [
            Product(
                sku,
                category,
                stages.get((category, sku), ""),
                now.get((category, sku), Decimal(0)),
                before.get((category, sku)),
            )
            for category, sku in {*now, *stages}
        ]
        return sorted(found, key=lambda one: (-one.now, one.sku))

    def _by_sku(self, period: Period) -> dict[tuple[str, str], Decimal]:
        """Net sales of each (category, SKU): what the share of the best sellers is divided by."""
        found: dict[tuple[str, str], int] = {}
        for key, fact in self._facts(weight_code("SAL_TOP20_SHARE"), period):
            found[key] = found.get(key, 0) + fact.value
        return {key: plain(value, "part") for key, value in found.items()}

    def _stages(self) -> dict[tuple[str, str], int]:
        return {key: fact.value for key, fact in self._facts("SAL_LIFECYCLE", self.month)}

    def _facts(self, code: str, period: Period):
        evaluation = self.figures.evaluation(PRODUCT)
        places = [evaluation.sums.columns.index(one) for one in PRODUCT]
        for fact in evaluation.sums.of(code, period):
            key = tuple(fact.members[place] for place in places)
            if key[1]:
                yield key, fact

    def slow(self, category: str) -> Decimal | None:
        return self.value("SAL_SLOW_VAL", self.month, Part.of(category={category}), PRODUCT)

    # --- Returns --------------------------------------------------------------------------------------------------

    @cached_property
    def reasons(self) -> list[pareto.Ranked]:
        rows = [
            (code, self.value("SAL_RET_UNITS", self.month, part, PARTS) or Decimal(0))
            for code, part in self.keys("SAL_RET_UNITS", [self.month], "reason", PARTS)
            if code
        ]
        return pareto.ranked(rows)

    def returned(self, category: str, reason: str) -> Decimal | None:
        """Units that came back for a reason, of the units sold of a category: None where nothing was sold."""
        part = Part.of(category={category})
        sold = self.value("SAL_UNITS", self.month, part, PARTS)
        back = self.value("SAL_RET_UNITS", self.month, part.narrowed("reason", {reason}), PARTS)
        return back / sold if sold and back is not None else None

    # --- Launches -------------------------------------------------------------------------------------------------

    @cached_property
    def launches(self) -> list[Launch]:
        """What came on sale in the last twelve months, by quarter, the oldest first: products without sales before."""
        months = twelve(self.month)
        sold = [self._by_sku(one) for one in months]
        quarters: dict[Period, list[tuple[int, tuple]]] = {}
        seen = set(sold[0])
        for place, month in list(enumerate(months))[1:]:
            for key in sorted(sold[place].keys() - seen):
                quarters.setdefault(Period.containing(month.start, "quarter"), []).append((place, key))
            seen |= sold[place].keys()
        return [self._launch(quarter, begun, sold) for quarter, begun in sorted(quarters.items())]

    @staticmethod
    def _launch(quarter: Period, begun: list[tuple[int, tuple]], sold: list[dict]) -> Launch:
        """Only ages that every product of the quarter has reached: a curve never loses a product on its way."""
        reached = len(sold) - max(place for place, _key in begun)
        months = [
            sum((sold[place + age].get(key, Decimal(0)) for place, key in begun), Decimal(0)) / len(begun)
            for age in range(reached)
        ]
        return Launch(quarter, len(begun), months)
