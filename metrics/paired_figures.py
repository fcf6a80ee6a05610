"""What both sides of declared pairs say: sums of what was handed in, and inputs that stand in files alone."""

from collections.abc import Iterable
from decimal import Decimal
from statistics import median

from metrics import declared_pairs, dimensions, formula, sources
from metrics.declared_pairs import INPUTS, WORKED_OUT
from metrics.desk import Desk
from metrics.evaluation import Evaluation
from metrics.figure import Figure
from metrics.models import Submission
from metrics.periods import Period
from metrics.reasons import CannotRead, Why
from metrics.sources import Source


class PairedFigures:
    """The figures of some periods as departments stand by them: handed in or certified, never a draft.

    A handful of queries, however many pairs are asked.
    """

    def __init__(self, periods: Iterable[Period], *, pairs=declared_pairs.PAIRS):
        self.periods = list(periods)
        spans = [*self.periods, *(one.opening() for one in self.periods)]
        start, end = min(one.start for one in spans), max(one.end for one in spans)
        self.known = sources.standing(start, end, status="handed_in")
        self.by_pk = {one.pk: one for one in self.known}
        self.trees = {text: formula.parse(text).tree for pair in pairs for text in pair.formulas}
        codes = {code for tree in self.trees.values() for code in _codes(tree)}
        worked = {code for name, named in WORKED_OUT.items() if name in codes for code in named}
        self.codes = (codes | worked) - set(INPUTS) - set(WORKED_OUT)
        self.desk = Desk(self.codes, self.periods, known=self.known)
        self.spans = spans
        self._evaluations: dict[tuple, Evaluation] = {}
        self._counts: dict[int, dict] | None = None

    @property
    def definitions(self):
        return self.desk.definitions

    def worth(self, text: str, period: Period) -> Figure:
        """The value of one formula, or why there is none."""
        try:
            sides = self.inputs(self.trees[text], period)
        except CannotRead as refused:
            return Figure(None, refused.whys[0])
        tree, seen = sides
        columns = sorted({dimensions.column(node[1]) for node in formula.walk(tree) if node[0] == "part"})
        codes = _codes(tree)
        if unknown := [code for code in codes if code not in self.definitions]:
            return Figure(None, Why("NEEDS_INPUT", {"rule": ", ".join(sorted(unknown))}))
        try:
            found = self.evaluation(codes, tuple(columns)).worth(tree, period, about=text[:40])
        except CannotRead as refused:
            return Figure(None, refused.whys[0])
        return Figure(found.value, found.why, found.sources | seen, found.covered, found.currency)

    def evaluation(self, codes: Iterable[str], columns: tuple[str, ...] = ()) -> Evaluation:
        """The sums of `codes` split by `columns`; those that are not split are read once for all."""
        key = (columns, tuple(sorted(codes)) if columns else ())
        if key not in self._evaluations:
            wanted = codes if columns else self.codes
            self._evaluations[key] = self.desk.evaluation(sorted(wanted), self.spans, columns=columns)
        return self._evaluations[key]

    # --- Inputs that are no metrics -------------------------------------------------------------------------

    def inputs(self, tree: tuple, period: Period) -> tuple[tuple, frozenset]:
        """`tree` with its inputs as numbers, and the submissions that they stand in. Raises CannotRead."""
        seen: set[int] = set()

        def replaced(node):
            if node[0] == "code" and (node[1] in INPUTS or node[1] in WORKED_OUT):
                value, pks = self.input(node[1], period)
                seen.update(pks)
                return "number", value
            return tuple(replaced(one) if isinstance(one, tuple) else one for one in node)

        return replaced(tree), frozenset(seen)

    def input(self, name: str, period: Period) -> tuple[Decimal, list[int]]:
        if name in WORKED_OUT:
            return getattr(self, f"_{name.lower()}")(period)
        one = INPUTS[name]
        carriers = [
            source
            for source in self.known
            if source.profile == one.profile and period.start <= source.start and source.end <= period.end
        ]
        values = [self.counts(source).get(one.count) for source in carriers]
        if not values or None in values:
            raise CannotRead(Why("NEEDS_INPUT", {"rule": f"{one.profile} · {one.count}"}))
        return sum((Decimal(str(value)) for value in values), Decimal(0)), [one.pk for one in carriers]

    def counts(self, source: Source) -> dict:
        """What the profile counted on the way; one query for all."""
        if self._counts is None:
            profiles = {one.profile for one in INPUTS.values()}
            wanted = [one.pk for one in self.known if one.profile in profiles]
            self._counts = dict(Submission.objects.filter(pk__in=wanted).values_list("pk", "counts"))
        return self._counts.get(source.pk, {})

    # --- Worked out by part ---------------------------------------------------------------------------------

    def _landed_cost_of_sales(self, period: Period) -> tuple[Decimal, list[int]]:
        """Units sold × what a unit of the category costs on the shelf: the median over warehouses at month end."""
        sold = self._by_member(("SAL_UNITS",), period, ("category",))
        held = self._by_member(("SC_INV_UNITS", "SC_INV_VAL"), period, ("category", "warehouse"))
        prices: dict[str, list[Decimal]] = {}
        for (category, _place), figures in held.items():
            if figures.get("SC_INV_UNITS"):
                prices.setdefault(category, []).append(figures["SC_INV_VAL"] / figures["SC_INV_UNITS"])
        if not sold or not prices:
            raise CannotRead(Why("NEEDS_INPUT", {"rule": "SAL_UNITS · SC_INV_VAL"}))
        total = Decimal(0)
        for (category,), figures in sold.items():
            if category in prices:
                total += figures["SAL_UNITS"] * median(prices[category])
        return total, self._carriers(("SAL_UNITS", "SC_INV_VAL"), period)

    def _profit_of_categories(self, period: Period) -> tuple[Decimal, list[int]]:
        """Revenue less product cost of everything that has a category."""
        found = self._by_member(("FIN_REV", "FIN_COGS_PROD"), period, ("category",))
        named = [figures for (category,), figures in found.items() if category]
        if not named:
            raise CannotRead(Why("NOT_SPLIT", {"metric": "FIN_REV", "dimension": "category"}))
        total = sum(one.get("FIN_REV", 0) - one.get("FIN_COGS_PROD", 0) for one in named)
        return Decimal(total), self._carriers(("FIN_REV",), period)

    def _by_member(self, codes, period: Period, columns: tuple[str, ...]) -> dict[tuple, dict[str, Decimal]]:
        """Members → code → value in the metric's own unit, by part; a stock counts on its last day."""
        evaluation = self.evaluation(codes, columns)
        found: dict[tuple, dict[str, Decimal]] = {}
        for code in codes:
            if code not in self.definitions:
                continue
            definition = self.definitions[code]
            facts = evaluation.sums.of(code, period)
            last = max((fact.day for fact in facts), default=None)
            scale = Decimal(10) ** -(4 if definition.value_type == "money" else 0)
            for fact in facts:
                if not definition.is_stock or fact.day == last:
                    own = found.setdefault(tuple(fact.members), {})
                    own[code] = own.get(code, Decimal(0)) + fact.value * scale
        return found

    def _carriers(self, codes, period: Period) -> list[int]:
        return [one.pk for one in self.evaluation(self.codes).carriers_of(codes, period)]


def _codes(tree: tuple) -> set[str]:
    return {node[1] for node in formula.walk(tree) if node[0] == "code"}
