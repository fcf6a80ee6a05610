"""Commission as its pages show it: terms, standings, amounts; cents as amounts of the company's currency."""

from fractions import Fraction

from django.utils.translation import gettext as _

from metrics.dictionary_words import DIMENSIONS
from metrics.dimensions import Members
from okr import pay_plans, pay_statements, pay_terms
from okr.models import KeyResult, PayDispute, PayLine, PayPlan, PayStatement, six
from okr.pay_figures import Stand
from okr.payout import Paid
from okr.web.pages import written
from reviewhub.people.models import Company

GLYPHS = {
    "draft": "na",
    "asked": "warn",
    "approved": "pass",
    "drawn": "warn",
    "settled": "pass",
    "replaced": "na",
}


def amount(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


def unit(line: PayLine, currency: str = "") -> str:
    return line.version.unit.replace("CCY", currency or company_currency()).strip()


def company_currency() -> str:
    return Company.objects.values_list("currency", flat=True).first() or ""


def terms(plan: PayPlan) -> list[dict]:
    """The lines of a plan in words."""
    lines = pay_statements.lines_of(plan)
    members = Members.of({one.dimension for one in lines if one.dimension})
    return [
        {
            "row": line,
            "part": ", ".join(part_words(line, members)),
            "target": written(six(line.target), unit(line)),
            "baseline": written(six(line.baseline), unit(line)) if line.basis == line.Basis.WAY else "",
            "tiers": pay_terms.tiers_text(line) if len(line.tiers) > 1 else "",
            "curve": pay_terms.curve(line),
            "moved": moved(line),
        }
        for line in lines
    ]


def part_words(line: PayLine, members: Members) -> list[str]:
    found = []
    if line.dimension:
        found.append(f"{DIMENSIONS[line.dimension]} {members.name(line.dimension, line.member)}")
    if line.new_days:
        found.append(_("products on sale for at most %(days)s days") % {"days": line.new_days})
    return found


def moved(line: PayLine) -> bool:
    """Whether the key result has another target by now than this pay is worked out with."""
    row: KeyResult | None = line.result
    return bool(row and row.target is not None and row.target != line.target)


def state(plan: PayPlan, user) -> dict:
    """A plan as lists show it, with who agreed in this round."""
    given = pay_plans.agreed(plan)
    return {
        "plan": plan,
        "glyph": GLYPHS[plan.state],
        "sides": [{"label": label, "word": given.get(side)} for side, label in pay_plans.Side.choices],
        "may_agree": pay_plans.side_of(plan, by=user) is not None,
    }


def stand(line: PayLine, found: Stand) -> dict:
    """Where a line stands by certified figures."""
    main = found.main
    return {
        "actual": written(
            main.value and main.value.quantize(main.value.__class__("0.01")), unit(line, main.currency)
        ),
        "attained": None if found.attained is None else float(found.attained),
        "until": main.until,
        "is_final": found.is_final,
        "gate": None if found.gate is None or found.gate.value is None else float(found.gate.value) / 100,
        "gate_open": found.gate is not None
        and found.gate.value is not None
        and found.gate.value >= line.gate_least,
    }


def paid(found: Paid) -> dict:
    return {
        "factor": None if found.factor is None else float(found.factor),
        "own": amount(found.own),
        "partner": amount(found.partner),
    }


def worked(found: pay_statements.Worked) -> dict:
    return {
        "lines": [{"row": row, **paid(one)} for row, one in found.lines],
        "earned": amount(found.earned),
        "part": float(found.part) if found.part != 1 else None,
    }


def statement(row: PayStatement) -> dict:
    """A statement that was drawn up."""
    money = ("earned", "taken", "carried_in", "due", "carried_out", "elsewhere")
    return {name: amount(getattr(row, name)) for name in money} | {
        "row": row,
        "amounts": {
            one.line_id: {
                "row": one,
                "actual": six(one.actual),
                "attained": one.attained / pay_statements.MILLION,
                "factor": one.factor / pay_statements.MILLION,
                "own": amount(one.own),
                "partner": amount(one.partner),
                "returns": [{"row": each, "cents": amount(each.cents)} for each in one.returns.all()],
            }
            for one in row.amounts.prefetch_related("returns")
        },
    }


def dispute(row: PayDispute) -> dict:
    value = six(row.actual)
    return {
        "row": row,
        "value": written(value, unit(row.line)),
        "own": amount(row.own),
        "version": row.line.version.number,
        "files": ", ".join(
            _("submission %(key)s, version %(number)s") % {"key": pk, "number": number}
            for pk, number in row.sources
        ),
    }


def beside(plan: PayPlan, member) -> list[dict]:
    """What it would pay with every line at 80, 100 and 120 %."""
    lines = pay_statements.lines_of(plan)
    found = []
    for percent in pay_terms.TRIED:
        tried = {row.pk: Fraction(percent, 100) for row in lines}
        found.append({"percent": percent, "earned": amount(pay_statements.tried(plan, member, tried).earned)})
    return found
