"""The lines of a budget adjustment as they are typed, read and kept: from an account, to an account, an amount."""

import re
import unicodedata
from dataclasses import dataclass, field, fields

from django.utils.translation import gettext as _

from actions.budget_amounts import NoAmount, read, written
from actions.models import Action, BudgetAdjustment, BudgetLine
from reviewhub.people.models import Department

MOST = 100
LONGEST = {"from_account": 80, "to_account": 80, "amount": 40, "decision": 120, "note": 300}
ACTION = re.compile(r"#([0-9]{1,9})\b")
DECISION = re.compile(r"\s*D-([0-9]{1,9})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Typed:
    """One line as somebody typed it; every field is text."""

    from_account: str = ""
    to_account: str = ""
    amount: str = ""
    decision: str = ""
    note: str = ""

    @classmethod
    def cleaned(cls, **given: str) -> "Typed":
        """Without control and invisible characters and needless spaces."""
        return cls(**{name: clean(given.get(name, "")) for name in LONGEST})

    @property
    def is_blank(self) -> bool:
        return not any(getattr(self, each.name) for each in fields(self))

    @property
    def decision_number(self) -> int | None:
        """The decision of the meeting that "D-44 …" names."""
        found = DECISION.match(self.decision)
        return int(found[1]) if found else None


@dataclass(frozen=True)
class Line:
    """A typed line with what it means: units of 10⁻⁴ or None, and field → what stands against keeping it."""

    typed: Typed
    units: int | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def effect(self) -> int:
        """What it adds to the budget of the company, in units: a move nothing."""
        units = self.units or 0
        return (units if self.typed.to_account else 0) - (units if self.typed.from_account else 0)


def clean(text: str) -> str:
    """One line of text that both databases take and every reader sees."""
    shown = ("" if unicodedata.category(mark) in ("Cs", "Cf") else mark for mark in text[:2000])
    return " ".join("".join(" " if unicodedata.category(mark) == "Cc" else mark for mark in shown).split())


def kept(adjustment: BudgetAdjustment) -> list[Typed]:
    """What is stored, as it would be typed."""
    return [as_typed(row) for row in adjustment.lines.order_by("position")]


def as_typed(row: BudgetLine) -> Typed:
    return Typed(row.from_account, row.to_account, written(row.amount), row.decision, row.note)


def read_lines(typed: list[Typed], currency: str) -> list[Line]:
    """The lines that say something, each read; blank ones are left out."""
    return [read_line(each, currency) for each in typed if not each.is_blank]


def read_line(typed: Typed, currency: str) -> Line:
    errors = {
        name: _("Write at most %(limit)s characters.") % {"limit": limit}
        for name, limit in LONGEST.items()
        if len(getattr(typed, name)) > limit
    }
    units = None
    if typed.amount and "amount" not in errors:
        try:
            units = read(typed.amount, currency)
        except NoAmount as refusal:
            errors["amount"] = amount_problem(refusal.code, currency)
    return Line(typed, units, errors)


def amount_problem(code: str, currency: str) -> str:
    said = {
        "format": _("This is not an amount. Write 200000, 200,000, 20万 or 0.2m."),
        "currency": _("Amounts are in %(currency)s here."),
        "negative": _("An amount has no sign. For a cut leave the target empty."),
        "zero": _("An amount is more than zero."),
        "decimals": _("At most four decimals are kept."),
        "large": _("This amount is too large."),
    }
    return said[code] % {"currency": currency}


def gaps(lines: list[Line]) -> list[str]:
    """What the lines lack before they can be published, in words."""
    found = []
    for number, line in enumerate(lines, 1):
        typed, at = line.typed, {"number": number}
        if line.errors:
            found.append(_("Line %(number)s cannot be read.") % at)
            continue
        if line.units is None:
            found.append(_("Line %(number)s has no amount.") % at)
        if not typed.from_account and not typed.to_account:
            found.append(_("Line %(number)s names no account.") % at)
        elif typed.from_account.casefold() == typed.to_account.casefold():
            found.append(_("Line %(number)s moves money to where it comes from.") % at)
    return found


@dataclass(frozen=True)
class Totals:
    """Σ out, Σ in and what remains, in units."""

    out: int
    into: int

    @property
    def net(self) -> int:
        return self.into - self.out

    @property
    def shown(self) -> dict[str, str]:
        """The figures as pages write them, with their signs."""
        return {"out": signed(-self.out), "into": signed(self.into), "net": signed(self.net)}


def signed(units: int) -> str:
    """`−350,000`, `+0.01`, `±0`."""
    sign = "\u2212" if units < 0 else "+" if units > 0 else "±"
    return sign + (written(abs(units)) or "0")


def totals(lines: list[Line]) -> Totals:
    return Totals(
        sum(line.units or 0 for line in lines if line.typed.from_account),
        sum(line.units or 0 for line in lines if line.typed.to_account),
    )


def total(lines: list[Line]) -> int:
    """What all lines add to the budget of the company, in units; nothing when every line is a move."""
    return sum(line.effect for line in lines)


def write(adjustment: BudgetAdjustment, lines: list[Line]) -> None:
    """Replace what is stored. Call it inside the transaction that holds the adjustment."""
    departments = departments_by_name()
    known = {row.pk: row for row in Action.objects.filter(review_id=adjustment.review_id)}
    adjustment.lines.all().delete()
    BudgetLine.objects.bulk_create(
        BudgetLine(
            adjustment=adjustment,
            position=position,
            from_account=line.typed.from_account,
            from_department=department_of(line.typed.from_account, departments),
            to_account=line.typed.to_account,
            to_department=department_of(line.typed.to_account, departments),
            amount=line.units,
            decision=line.typed.decision,
            action=referred(line.typed.decision, known),
            note=line.typed.note,
        )
        for position, line in enumerate(lines, 1)
    )


def departments_by_name() -> dict[str, Department]:
    """Department by each of its names: MKT, marketing, 市场部, Marketing."""
    return {
        name.casefold(): row
        for row in Department.objects.all()
        for name in (row.code, row.slug, row.name_zh, row.name_zh.removesuffix("部"), row.name_en)
        if name
    }


def department_of(account: str, departments: dict[str, Department]) -> Department | None:
    """Whose account it is: what stands before the first slash, "MKT/TikTok-DE"."""
    return departments.get(re.split("[/:／：]", account)[0].strip().casefold())


def referred(decision: str, known: dict[int, Action]) -> Action | None:
    """The action of the review that "#12" in the text names."""
    found = ACTION.search(decision)
    return known.get(int(found[1])) if found else None
