"""Blocks of the finance page: the income statement, the cash flow and the balance sheet, each with its footing."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from metrics import charts_flow, statements
from metrics.boards.finance import BALANCE
from metrics.finance import Compared
from metrics.web.blocks import Block, Cell
from metrics.web.finance_reader import Ledger, of_books, ratio_of, widest
from metrics.web.sales_reader import together

ACCOUNTS = {
    "cash": gettext_noop("Cash"),
    "receivables": gettext_noop("Receivables"),
    "platform_balances": gettext_noop("Balances with platforms"),
    "bad_debt": gettext_noop("Provision for bad debt"),
    "inventory": gettext_noop("Inventory before provision"),
    "inventory_provision": gettext_noop("Inventory provision"),
    "prepayments": gettext_noop("Prepayments and other current assets"),
    "fixed_assets": gettext_noop("Fixed and other non-current assets"),
    "payables": gettext_noop("Payables"),
    "tax_payable": gettext_noop("Tax payable"),
    "accruals": gettext_noop("Accruals"),
    "loans": gettext_noop("Loans"),
    "capital": gettext_noop("Paid-in capital"),
    "other_income": gettext_noop("Other comprehensive income"),
    "retained": gettext_noop("Retained earnings"),
}


@of_books("income")
def income(told: Ledger, name: str) -> Block:
    """The income statement: actual, last year and budget, with the changes as bars in their cells."""
    rows = told.board.income
    title = _("Income statement in %(unit)s") % {"unit": told.board.currency}
    if all(one.now is None for one in rows):
        return Block(name, title, why=told.missing("FIN_REV"))
    span = max(widest(rows, "on_year"), widest(rows, "on_budget"))
    shown = [_income_row(told, one, span) for one in rows if one.now is not None or one.then is not None]
    head = [_("Line"), _("Actual"), _("Last year"), "ΔPY", "ΔPY %", _("Budget"), "ΔBU", "ΔBU %"]
    return Block(
        name,
        title,
        message=_profit_message(told),
        period=_("%(month)s: actual, last year, budget") % {"month": told.month},
        head=head,
        rows=shown,
        badge=told.board.status(["FIN_NP"]),
        feet=told.feet(told.board.income_feet),
    )


def _income_row(told: Ledger, one: Compared, span: Decimal) -> list[Cell]:
    definition = told.board.definition(one.key)
    better = definition.direction
    return [
        Cell(told.name(one.key), told.name(one.key), False, kind=one.kind),
        told.amount(one.now),
        told.amount(one.then),
        told.change(one.on_year, span, better),
        told.percent(ratio_of(one.on_year, one.then)),
        told.amount(one.budget),
        told.change(one.on_budget, span, better),
        told.percent(ratio_of(one.on_budget, one.budget)),
    ]


def _profit_message(told: Ledger) -> str:
    """“Net profit ¥1.27m, +¥0.2m on last year; net margin 17.8 %”."""
    profit = next(one for one in told.board.income if one.key == "FIN_NP")
    margin = told.board.value("FIN_NM")
    if profit.now is None:
        return told.missing("FIN_NP")
    said = {"profit": told.money.short(profit.now), "margin": told.ratio(margin).text}
    if profit.on_year is None:
        return _("Net profit %(profit)s, net margin %(margin)s") % said
    said["change"] = told.money.signed(profit.on_year)
    return _("Net profit %(profit)s, %(change)s on last year, net margin %(margin)s") % said


@of_books("cash")
def cash(told: Ledger, name: str) -> Block:
    """From opening to closing cash."""
    amounts = told.board.cash
    title = _("Cash in %(unit)s") % {"unit": told.board.currency}
    if missing := [line.code for line in statements.CASH if amounts[line.code] is None]:
        return Block(name, title, why=told.missing(missing[0]))
    kinds = {"FIN_CASH_BEG": "absolute", "FIN_CASH_END": "total"}
    steps = [(told.name(code), value, kinds.get(code, "relative")) for code, value in amounts.items()]
    words = told.money
    moves = [together(label, words.signed(value)) for label, value, kind in steps if kind == "relative"]
    first, last = steps[0], steps[-1]
    message = _("Cash %(closing)s at the end, %(change)s in the month") % {
        "closing": words.short(last[1]),
        "change": words.signed(last[1] - first[1]),
    }
    return Block(
        name,
        title,
        message=message,
        period=told.month,
        figure=charts_flow.long_bridge(steps, short=words.short, signed=words.signed),
        words=_("Opening %(opening)s; %(moves)s; closing %(closing)s.")
        % {"opening": words.short(first[1]), "moves": _(", ").join(moves), "closing": words.short(last[1])},
        badge=told.board.status(amounts),
        head=[_("Step"), told.in_unit(told.month)],
        rows=[_step(told, label, value, kind) for label, value, kind in steps],
        feet=told.feet(told.board.cash_feet),
    )


def _step(told: Ledger, label: str, value: Decimal, kind: str) -> list[Cell]:
    cell = told.change(value) if kind == "relative" else told.amount(value)
    return [Cell(label, label, False, kind="sum" if kind == "total" else ""), cell]


@of_books("balance")
def balance(told: Ledger, name: str) -> Block:
    """The balance sheet by account, against the end of the year before's month."""
    title = _("Balance sheet in %(unit)s") % {"unit": told.board.currency}
    if told.board.value("FIN_ASSET") is None:
        return Block(name, title, why=told.missing("FIN_ASSET"))
    rows = []
    for code in BALANCE:
        now, then = (told.board.accounts(code, one) for one in (told.board.month, told.board.year_before))
        for account in [*now, *(one for one in then if one not in now)]:
            label = _(ACCOUNTS[account]) if account in ACCOUNTS else account
            rows.append(_balance_row(told, label, "", now.get(account), then.get(account)))
        sides = [told.board.value(code, one) for one in (told.board.month, told.board.year_before)]
        rows.append(_balance_row(told, told.name(code), "sum", *sides))
    ratio = told.board.value("FIN_DEBT_RATIO")
    message = _("Assets %(assets)s, of which %(share)s are owed to others") % {
        "assets": told.money.short(told.board.value("FIN_ASSET")),
        "share": told.ratio(ratio).text,
    }
    return Block(
        name,
        title,
        message=message,
        period=_("End of %(now)s against end of %(then)s") % {"now": told.month, "then": told.year_before},
        head=[_("Account"), told.month, told.year_before, "Δ", "Δ %"],
        rows=rows,
        badge=told.board.status(BALANCE),
        feet=told.feet(told.board.balance_feet),
    )


def _balance_row(
    told: Ledger, label: str, kind: str, now: Decimal | None, then: Decimal | None
) -> list[Cell]:
    change = None if now is None or then is None else now - then
    return [
        Cell(label, label, False, kind=kind),
        told.amount(now),
        told.amount(then),
        told.change(change),
        told.percent(ratio_of(change, then)),
    ]
