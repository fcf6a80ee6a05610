"""Variants of a definition: one period of a metric by every switch that stored figures answer, nothing is kept."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from metrics import claim_switches, claims, comparison, formula, readings, variant_formulas
from metrics.claim_switches import Switch
from metrics.compared import gap
from metrics.definitions import Definition, Definitions
from metrics.desk import Desk
from metrics.evaluation import Evaluation
from metrics.figure import Figure
from metrics.formula import FormulaError
from metrics.models import Snapshot, Submission
from metrics.periods import Period
from metrics.reasons import CannotRead, Why
from metrics.units import shown

# What a switch says in the columns of a definition.
CELLS = {
    "SHIPPING_IN": {"incl_shipping": "Y"},
    "SHIPPING_OUT": {"incl_shipping": "N"},
    "TAX_IN": {"incl_tax": "Y"},
    "TAX_OUT": {"incl_tax": "N"},
    "AFTER_REFUNDS": {"refund_rule": "deducted by refund date"},
    "BEFORE_REFUNDS": {"refund_rule": "not deducted"},
    "RETURNING_AS_NEW": {"new_customer_days": "365"},
}


@dataclass(frozen=True)
class Way:
    """One way to count: no switches is the official one. `formula` as it would be written."""

    switches: tuple[Switch, ...]
    tree: tuple
    formula: str

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(one.code for one in self.switches)

    @property
    def key(self) -> str:
        return "-".join(self.codes)

    @property
    def names(self) -> set[str]:
        return {node[1] for node in formula.walk(self.tree) if node[0] == "code"}


@dataclass(frozen=True)
class Variant:
    """A way with its value in one period, the difference to the official one, and who counts like this.

    `ratio` None for a metric that is a ratio itself. `hidden`: not for this reader's eyes. `metrics`: other metrics
    that are defined so. `claimed_by`: keys of departments whose file of the period brought figures counted so.
    """

    way: Way
    value: Decimal | None
    why: Why | None
    change: Decimal | None
    ratio: Decimal | None
    hidden: bool
    metrics: list[Definition]
    claimed_by: list[int]

    @property
    def is_official(self) -> bool:
        return not self.way.switches


@dataclass(frozen=True)
class Variants:
    """All variants of a metric in a period, the official one first, then one switch, then two; `unit` with currency."""

    definition: Definition
    unit: str
    status: str
    rows: list[Variant]


def ways(code: str, definitions: Definitions) -> list[Way]:
    """The official way and all others that a formula over stored figures says; only the first where there is none."""
    known = _Known(definitions)
    official = Way((), ("code", code), definitions[code].formula if definitions[code].is_computed else code)
    if not known.is_plain(code):
        return [official]
    fitting = [one for one in claim_switches.fitting(definitions.bases(code), is_money=False) if not one.days]
    found, seen = [official], {known.meaning(code)}
    for switches in claim_switches.tries([one for one in fitting if one.needs <= definitions.keys()]):
        way = known.way(code, switches)
        if way and (meaning := variant_formulas.canonical(known.whole(way.tree))) not in seen:
            seen.add(meaning)
            found.append(way)
    return found


class _Known:
    """Definitions as trees; what looks by parts is not counted another way."""

    def __init__(self, definitions: Definitions):
        self.definitions = definitions

    def is_plain(self, code: str) -> bool:
        """Whether every formula behind it can be read and takes no parts of the company."""
        closure = [self.definitions[one] for one in self.definitions.closure([code])]
        return all(one.nodes or not one.is_computed for one in closure) and not any(
            one.parts for one in closure
        )

    def tree_of(self, code: str) -> tuple | None:
        found = self.definitions.get(code)
        return found.tree if found and found.is_computed else None

    def whole(self, tree: tuple) -> tuple:
        """`tree` over base metrics alone, tidied."""
        return variant_formulas.simple(variant_formulas.expanded(tree, self.tree_of, lambda _code: True))

    def meaning(self, code: str):
        return variant_formulas.canonical(self.whole(("code", code)))

    def way(self, code: str, switches: tuple[Switch, ...]) -> Way | None:
        """None where nothing is left to count, or where the formula would be too large."""
        touched = {leaf for one in switches for leaf, _ in (*one.adds, *one.swaps)}
        reaches = {one for one in self.definitions.closure([code]) if self.definitions.bases(one) & touched}
        tree = variant_formulas.expanded(("code", code), self.tree_of, reaches.__contains__)
        tree = variant_formulas.turned(tree, switches)
        text = variant_formulas.written(tree)
        try:
            formula.parse(text)
        except FormulaError:
            return None
        return Way(switches, tree, text) if any(node[0] == "code" for node in formula.walk(tree)) else None


def of(code: str, period: Period, *, user, on: dt.date, snapshot: Snapshot | None = None) -> Variants:
    """The variants of `code` in `period` as `user` may see them, from the figures of `snapshot` or what stands now.

    Raises CannotRead where the official figure would mix currencies.
    """
    definitions = Definitions.on(period.last)
    if snapshot is not None:
        definitions = Definitions(definitions | Definitions.frozen(snapshot))
    found = ways(code, definitions)
    asked = [code, *sorted(set().union(*(one.names for one in found)) - {code})]
    desk = Desk(asked, [period], user=user, on=on, definitions=definitions, snapshot=snapshot)
    evaluation = desk.evaluation(asked, [period])
    is_open = readings.open_codes(user, asked)
    official = _figure(found[0], code, period, evaluation)
    used = _Used(code, period, desk, user)
    rows = []
    for way in found:
        hidden = bool(way.switches) and not way.names <= is_open
        figure = Figure(None) if hidden else _figure(way, code, period, evaluation)
        rows.append(_variant(way, figure, official, definitions[code], period, hidden, used))
    unit = readings.unit(definitions[code], official.currency)
    return Variants(definitions[code], unit, evaluation.status(official, code, period), rows)


def _figure(way: Way, code: str, period: Period, evaluation: Evaluation) -> Figure:
    """By an evaluation of the same sums whose definition has the other formula."""
    definition = evaluation.definitions[code]
    try:
        if not way.switches:
            return evaluation.figure(code, period)
        if not definition.is_computed:
            return evaluation.worth(way.tree, period, about=code)
        other = evaluation.definitions.replaced(replace(definition, formula=way.formula))
        return replace(evaluation, definitions=other, _known={}).figure(code, period)
    except CannotRead as refusal:
        return Figure(None, refusal.whys[0])


def _variant(way, figure, official, definition, period, hidden, used: "_Used") -> Variant:
    value, base = (
        None if one.value is None else shown(one.value, definition.places) for one in (figure, official)
    )
    return Variant(
        way=way,
        value=value,
        why=gap(figure, period),
        change=comparison.change(value, base) if way.switches else None,
        ratio=comparison.change_ratio(value, base) if way.switches and not definition.is_ratio else None,
        hidden=hidden,
        metrics=used.metrics(way),
        claimed_by=used.claimed_by(way),
    )


class _Used:
    """Who counts which way: metrics that are defined so, and files of the period that claim such figures."""

    def __init__(self, code: str, period: Period, desk: Desk, user):
        self.code, self.known = code, _Known(desk.definitions)
        self.by_meaning: dict = {}
        same = [
            one
            for one in desk.definitions.values()
            if one.code != code and one.is_computed and one.unit == desk.definitions[code].unit
        ]
        is_open = readings.open_codes(user, [one.code for one in same])
        for one in same:
            if one.code in is_open and self.known.is_plain(one.code):
                self.by_meaning.setdefault(self.known.meaning(one.code), []).append(one)
        self.claims = self._claims([one.pk for one in desk.sources if code in one.metrics], period)

    def _claims(self, pks: Iterable[int], period: Period) -> dict[tuple, set[int]]:
        """Codes of switches → departments; () where the file agrees with the official figure."""
        found: dict[tuple, set[int]] = {}
        if not self.known.definitions[self.code].is_computed:
            return found
        for row in Submission.objects.filter(pk__in=list(pks)):
            for claim in claims.of(row):
                agrees = not claim.off and any(one.computed is not None for one in claim.rows)
                if claim.code == self.code and (claim.explained_by or agrees):
                    codes = tuple(sorted(one.code for one in claim.explained_by))
                    found.setdefault(codes, set()).add(row.department_id)
        return found

    def metrics(self, way: Way) -> list[Definition]:
        return self.by_meaning.get(variant_formulas.canonical(self.known.whole(way.tree)), [])

    def claimed_by(self, way: Way) -> list[int]:
        return sorted(self.claims.get(tuple(sorted(way.codes)), ()))


def proposed(row: dict[str, str], key: str, definitions: Definitions) -> tuple[Way, dict[str, str]] | None:
    """The way `key` of the metric whose cells are `row`, and the cells that a proposal of it would change."""
    way = next((one for one in ways(row["code"], definitions) if one.switches and one.key == key), None)
    if way is None:
        return None
    cells = {column: cell for one in way.codes for column, cell in CELLS.get(one, {}).items() if row[column]}
    if row["engine"] == "app":
        cells["formula"] = way.formula
        if row["numerator"] and row["denominator"] and way.tree[0] == "/":
            cells["numerator"], cells["denominator"] = map(variant_formulas.written, way.tree[1:])
    return way, cells
