"""What an uploaded metric is worth: sums of what was handed in, closings of stocks, sums over their weights."""

from collections.abc import Iterable
from decimal import Decimal

from metrics import comparison, formula
from metrics.definitions import Definition
from metrics.exchange import Exchange, NoRate, Rating
from metrics.figure import Figure, mixed
from metrics.parts import Part
from metrics.periods import DAY, Period
from metrics.reasons import CannotRead, Why
from metrics.sources import Source
from metrics.sums import Fact, Sums, unit_of
from metrics.units import plain, weight_code

# What was counted, or taken as a median, for a month, a year or an upload by itself.
ALONE = ("per_month", "per_year", "per_upload")


class Uploaded:
    """Figures from loaded sums, without a query of their own."""

    def __init__(
        self,
        sources: Iterable[Source],
        sums: Sums,
        monthly: frozenset = frozenset(),
        exchange: Exchange | None = None,
    ):
        self.sources, self.sums, self.monthly, self.exchange = list(sources), sums, monthly, exchange
        self._by_pk = {source.pk: source for source in self.sources}

    def carriers(self, code: str, period: Period) -> list[Source]:
        """The sources that hold `code` for some day of `period`."""
        return [
            one
            for one in self.sources
            if code in one.metrics and one.start < period.end and period.start < one.end
        ]

    def currencies(self, definitions: Iterable[Definition], part: Part) -> set[str]:
        """The currencies of every amount that was loaded for `definitions`, within `part`."""
        money = [one.code for one in definitions if one.value_type == "money"]
        amounts = (fact for code in money for fact in self.sums.every(code))
        return {fact.currency for fact in amounts if self._matches(fact, part)} - {""}

    def figure(self, definition: Definition, period: Period, part: Part, rating: Rating) -> Figure:
        """The figure of a metric that comes from files. Raises CannotRead where currencies would be mixed."""
        code = definition.code
        carriers = self.carriers(code, period)
        covered = tuple(comparison.clipped(((one.start, one.end) for one in carriers), period))
        if not covered:
            return Figure(None, Why("NO_DATA", {"metric": code, "period": period.text}))
        if alone := self._needs_itself(definition, period, carriers):
            return Figure(None, alone, covered=covered)
        if (
            definition.grain == "month"
            and unit_of(period) != "M"
            and self.monthly & {one.pk for one in carriers}
        ):
            return Figure(None, Why("WHOLE_MONTHS", {"metric": code, "period": period.text}), covered=covered)
        facts = self.sums.of(code, period)
        for column, _members in part.members:
            place = self.sums.columns.index(column)
            if facts and not any(fact.members[place] for fact in facts):
                return Figure(None, Why("NOT_SPLIT", {"metric": code, "dimension": column}), covered=covered)
        return self._worth(definition, period, part, facts, carriers, covered, rating)

    def _worth(self, definition, period, part, facts, carriers, covered, rating) -> Figure:
        code = definition.code
        mine = [fact for fact in facts if self._matches(fact, part)]
        if definition.is_in_parts and (weights := self._weights(code, period, part)):
            return self._divided(definition, period, mine, weights, covered, rating)
        if definition.is_stock or not definition.adds_up:
            mine = self._taken(definition, mine)
            if mine is None:
                return Figure(None, Why("NOT_ADDITIVE_IN_TIME", {"metric": code}), covered=covered)
            if not mine:
                return Figure(None, Why("NO_DATA", {"metric": code, "period": period.text}), covered=covered)
        sources = frozenset(one.pk for one in carriers)
        try:
            value, currency = self._added(definition, mine, period, rating)
        except NoRate as missing:
            return Figure(None, _no_rate(code, missing), sources, covered)
        return Figure(plain(value, definition.value_type), None, sources, covered, currency)

    def _added(self, definition: Definition, facts: list[Fact], period: Period, rating: Rating) -> tuple:
        """The sum of stored values and its currency. Raises NoRate, and CannotRead where currencies are mixed."""
        currencies = {fact.currency for fact in facts if definition.value_type == "money"} - {""}
        if self.exchange is None or not currencies:
            if len(currencies) > 1:
                raise CannotRead(mixed(definition.code, currencies))
            return sum(fact.value for fact in facts), next(iter(currencies), "")
        # A week takes the rate of the month with most of its days.
        middle = 3 * DAY if self.sums.unit(definition.code, period) in ("W", "w") else 0 * DAY
        amounts: dict[tuple, int] = {}
        for fact in facts:
            key = fact.currency, (fact.day + middle).replace(day=1)
            amounts[key] = amounts.get(key, 0) + fact.value
        into = self.exchange
        total = sum(
            into.converted(Decimal(amount), currency, day, definition.fx_rule, rating)
            for (currency, day), amount in amounts.items()
        )
        return total, into.to

    def _weights(self, code: str, period: Period, part: Part) -> list[Fact]:
        facts = self.sums.of(weight_code(code), period)
        return [fact for fact in facts if self._matches(fact, part)]

    def _divided(self, definition, period, values, weights, covered, rating) -> Figure:
        """A figure in two parts: the sum of what was handed in over the sum of its weights, never a mean of ratios."""
        sources = frozenset(fact.source for fact in weights)
        try:
            value, currency = self._added(definition, values, period, rating)
        except NoRate as missing:
            return Figure(None, _no_rate(definition.code, missing), sources, covered)
        value, weight = Decimal(value), Decimal(sum(fact.value for fact in weights))
        if not weight:
            about = {"metric": definition.code, "period": period.text}
            return Figure(None, Why("DIVISION_BY_ZERO", about), sources, covered)
        unit = currency if definition.value_type == "money" else ""
        return Figure(formula.CONTEXT.divide(value, weight), None, sources, covered, unit)

    def _matches(self, fact: Fact, part: Part) -> bool:
        return all(fact.members[self.sums.columns.index(column)] in codes for column, codes in part.members)

    @staticmethod
    def _needs_itself(definition: Definition, period: Period, carriers: list[Source]) -> Why | None:
        """Why a count or median that was taken for a month, or for an upload, says nothing about another period."""
        grain = {"per_month": "month", "per_year": "year"}.get(definition.time_agg)
        if grain and Period.between(period.start, period.end).grain != grain:
            return Why(f"ONLY_PER_{grain.upper()}", {"metric": definition.code})
        wider = [one for one in carriers if one.start < period.start or period.end < one.end]
        if definition.time_agg == "per_upload" and (wider or len(carriers) > 1):
            span = Period.between((wider or carriers)[0].start, (wider or carriers)[0].end)
            return Why("ONLY_PER_UPLOAD", {"metric": definition.code, "period": span.text})
        return None

    def _taken(self, definition: Definition, facts: list[Fact]) -> list[Fact] | None:
        """A stock: the last day that each series reports. Any other statistic: the one value that was handed in."""
        if definition.time_agg == "last":
            last: dict[tuple, tuple] = {}
            for fact in facts:
                series, when = self._reported(fact)
                last[series] = max(last.get(series, when), when)
            facts = [fact for fact in facts if last[self._reported(fact)[0]] == self._reported(fact)[1]]
            is_one = definition.value_type != "enum" or sum(fact.rows for fact in facts) <= 1
            return facts if is_one else None
        return facts if definition.time_agg in ALONE or len(facts) <= 1 else None

    def _reported(self, fact: Fact) -> tuple[tuple, tuple]:
        """The series of a fact and when it was reported: two hand-ins may stand in one month."""
        source = self._by_pk[fact.source]
        return source.series[:2], (fact.day, source.start)


def _no_rate(code: str, missing: NoRate) -> Why:
    return Why("NO_RATE", {"metric": code, "currency": missing.currency, "period": missing.month})
