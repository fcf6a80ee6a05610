"""Exploring one metric: the board that is made for it, and the decompositions of its change that add up exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from metrics import bridges, groups
from metrics.board_figures import BoardFigures, Measured
from metrics.boards.spec import BlockSpec, Board, Need, Section, headline, this_month
from metrics.parts import EVERYTHING, Part


@dataclass(frozen=True)
class Chain:
    """total = counts[0] × (counts[1] / counts[0]) × … × (total / counts[-1]); `names` are the metrics of the factors.

    `site`: the total and orders are those of one's own shop, whose sessions are counted.
    """

    code: str
    total: str
    counts: tuple[str, ...]
    names: tuple[str, ...]
    site: bool = False

    def needs(self) -> tuple[Need, ...]:
        codes = (self.total, *self.counts, *self.names)
        return (
            Need(codes, this_month),
            *([Need(codes[:-1], this_month, ("platform",))] if self.site else []),
        )


CHAINS = (
    Chain("two-drivers", "SAL_GMV", ("SAL_ORD",), ("SAL_ORD", "SAL_AOV")),
    Chain("three-drivers", "SAL_GMV", ("SAL_ORD", "SAL_UNITS"), ("SAL_ORD", "SAL_UPT", "SAL_ASP")),
    Chain(
        "site-drivers", "SAL_GMV", ("MKT_SESS", "SAL_ORD"), ("MKT_SESS", "TEC_SITE_CVR", "SAL_AOV"), site=True
    ),
)
# Sales of a quantity, and margins of a revenue: what is bridged member by member.
QUANTITIES = {"SAL_GMV": "SAL_UNITS"}
MARGINS = {"FIN_GM": ("FIN_REV", "FIN_GP")}


def board_of(code: str, by: str, inputs: tuple[str, ...]) -> Board:
    """The board of metric `code`: over time, by the members of `by` ("": none), what moved it, what it is made of."""
    why = [
        BlockSpec(one.code, "explore-drivers", (code,), one.needs()) for one in CHAINS if one.total == code
    ]
    if by and code in QUANTITIES:
        needs = (Need((code, QUANTITIES[code]), this_month, (by,)),)
        why.append(BlockSpec("price-volume-mix", "explore-price-volume-mix", (code,), needs))
    if by and code in MARGINS:
        why.append(
            BlockSpec(
                "margin-bridge", "explore-margin-bridge", (code,), (Need(MARGINS[code], this_month, (by,)),)
            )
        )
    parts = (
        [BlockSpec("parts", "explore-parts", (code,), (Need((code,), this_month, (by,)),), size="wide")]
        if by
        else []
    )
    tree = (
        [BlockSpec("tree", "explore-tree", (code,), (Need((code, *inputs), this_month),), size="wide")]
        if inputs
        else []
    )
    sections = (
        Section("time", _("Over time"), (headline(code),)),
        Section("members", _("By part"), tuple(parts)),
        Section("why", _("What moved it"), tuple(why)),
        Section("made", _("What it is made from"), tuple(tree)),
    )
    return Board(code=code, title=code, sections=tuple(one for one in sections if one.blocks))


@dataclass(frozen=True)
class Steps:
    """A bridge: then + every change = now, exactly."""

    then: Decimal
    changes: list[tuple[str, Decimal]]
    now: Decimal


def driven(figures: BoardFigures, chain: Chain) -> Steps | list[Measured]:
    """How the factors of `chain` moved its total against the year before; else the figures that stand in the way."""
    found = {code: _of(figures, chain, code) for code in (chain.total, *chain.counts)}
    if poor := [one for one in found.values() if not one.py.comparable]:
        return poor
    totals = found[chain.total]
    sides = [
        [Fraction(getter(found[code])) for code in (*chain.counts, chain.total)]
        for getter in (lambda one: one.py.value, lambda one: one.value)
    ]
    if any(not value for side in sides for value in side[:-1]):
        return [totals]
    then, now = ([side[0], *(b / a for a, b in zip(side, side[1:], strict=False))] for side in sides)
    first = bridges.shapley(then, now)[:-1]
    rest = totals.value - totals.py.value - sum(first, Decimal())
    return Steps(totals.py.value, list(zip(chain.names, [*first, rest], strict=True)), totals.value)


def _of(figures: BoardFigures, chain: Chain, code: str) -> Measured:
    if not chain.site or code == "MKT_SESS":
        return figures.measured(code, figures.month)
    column, members = groups.meant("platform", "site")
    return figures.measured(code, figures.month, Part.of(**{column: members}), by=("platform",))


def pairs(
    figures: BoardFigures, codes: tuple[str, str], by: str
) -> tuple[Mapping[str, tuple[Decimal, Decimal]], ...]:
    """{member: (first, second)} of the year before and of the month, for two metrics by the members of `by`."""
    month, before = figures.month, figures.month.year_before()
    sides: tuple[dict, dict] = ({}, {})
    parts: dict[str, Part] = {}
    for code in codes:
        parts |= {key[by]: part for key, part in figures.members(code, [month, before], (by,))}
    for side, period in zip(sides, (before, month), strict=True):
        for member, part in parts.items():
            values = [figures.figure(code, period, part, by=(by,)).value or Decimal() for code in codes]
            if any(values):
                side[member] = (values[0], values[1])
    return sides


def comparable(figures: BoardFigures, codes: tuple[str, ...], by: str) -> list[Measured]:
    """The wholes that cannot be compared with the year before; none where everything can."""
    found = [figures.measured(code, figures.month, EVERYTHING, by=(by,)) for code in codes]
    return [one for one in found if not one.py.comparable]
