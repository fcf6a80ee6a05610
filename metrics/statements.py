"""Pure. The lines of income statement, cash flow and balance sheet, and whether they foot to the cent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

Amounts = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Line:
    """One line: `code` of its metric and, where it is a part of that, the `account`.

    `sign` is how it enters the next sum: +1, −1, or 0 for a sum and for “of which”. `kind`: line, part, sum.
    """

    code: str
    sign: int = 0
    kind: str = "line"
    account: str = ""

    @property
    def key(self) -> str:
        return f"{self.code}/{self.account}" if self.account else self.code


INCOME = (
    Line("FIN_REV", +1),
    Line("FIN_COGS_PROD", -1),
    Line("FIN_COGS_FRT", -1),
    Line("FIN_COGS_OTH", -1),
    Line("FIN_GP", kind="sum"),
    Line("FIN_SURTAX", -1),
    Line("FIN_EXP_SELL", -1),
    Line("FIN_EXP_MKT", kind="part"),
    Line("FIN_EXP_PLAT", kind="part"),
    Line("FIN_EXP_GA", -1),
    Line("FIN_EXP_RD", -1),
    Line("FIN_EXP_FIN", -1),
    Line("FIN_OTH", +1),
    Line("FIN_PBT", kind="sum"),
    Line("FIN_TAX", -1),
    Line("FIN_NP", kind="sum"),
)
CASH = (
    Line("FIN_CASH_BEG", +1),
    Line("FIN_CFO", +1),
    Line("FIN_CFI", +1),
    Line("FIN_CFF", +1),
    Line("FIN_CFX", +1),
    Line("FIN_CASH_END", kind="sum"),
)
ASSETS = (
    "cash",
    "receivables",
    "platform_balances",
    "bad_debt",
    "inventory",
    "inventory_provision",
    "prepayments",
    "fixed_assets",
)
LIABILITIES = ("payables", "tax_payable", "accruals", "loans")
EQUITY = ("capital", "other_income", "retained")


@dataclass(frozen=True)
class Foot:
    """What a sum of lines gives, what is stated for it, and the gap between the two. `about` names the sum."""

    about: str
    added: Decimal
    stated: Decimal

    @property
    def gap(self) -> Decimal:
        return self.stated - self.added

    @property
    def foots(self) -> bool:
        return not self.gap


def running(lines: tuple[Line, ...], amounts: Amounts) -> list[Foot]:
    """Every sum of a statement against all lines above it. A sum with a missing line is left out, never guessed."""
    found, total, whole = [], Decimal(0), True
    for line in lines:
        amount = amounts.get(line.key)
        if line.sign:
            whole = whole and amount is not None
            total += line.sign * (amount or 0)
        elif line.kind == "sum" and whole and amount is not None:
            found.append(Foot(line.key, total, amount))
    return found


def balance(amounts: Amounts, parts: Mapping[str, Mapping[str, Decimal]]) -> list[Foot]:
    """Assets against liabilities and equity, and each of the three against its accounts where they are known."""
    found = []
    for code, own in parts.items():
        if own and amounts.get(code) is not None:
            found.append(Foot(code, sum(own.values(), Decimal(0)), amounts[code]))
    sides = [amounts.get(code) for code in ("FIN_ASSET", "FIN_LIAB", "FIN_EQ")]
    if all(side is not None for side in sides):
        found.append(Foot("BALANCE", sides[1] + sides[2], sides[0]))
    return found


def carried_over(opening: Decimal | None, closing_before: Decimal | None) -> list[Foot]:
    """Cash at the beginning against cash at the end of the period before."""
    if opening is None or closing_before is None:
        return []
    return [Foot("CARRIED", closing_before, opening)]


def contributions(lines: tuple[Line, ...], now: Amounts, then: Amounts) -> list[tuple[str, Decimal]] | None:
    """What each line did to the last sum of a statement: its change times its sign; together exactly the change."""
    entering = [line for line in lines if line.sign]
    if any(one.get(line.key) is None for line in entering for one in (now, then)):
        return None
    return [(line.key, line.sign * (now[line.key] - then[line.key])) for line in entering]


def folded(
    steps: list[tuple[str, Decimal]], groups: Mapping[str, str], name: Callable[[str], str] = str
) -> list[tuple[str, Decimal]]:
    """Steps with those of one group added up, in the order of their first member."""
    found: dict[str, Decimal] = {}
    for key, value in steps:
        group = groups.get(key) or name(key)
        found[group] = found.get(group, Decimal(0)) + value
    return list(found.items())
