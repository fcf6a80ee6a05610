# ruff: noqa: E501 - one cause, one sentence
"""Declared pairs, lines of bridges, inputs and causes in the reader's language."""

from decimal import Decimal

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from reviewhub.ui import figures

PAIRS = {
    "ID69": gettext_noop("Sales and revenue"),
    "ID21": gettext_noop("Attributed sales and GMV"),
    "ID30": gettext_noop("Paid sessions and orders of the own store"),
    "ID73": gettext_noop("Marketing spend and ledger"),
    "ID29": gettext_noop("Ad spend and invoices"),
    "ID70": gettext_noop("Stock and book inventory"),
    "ID71": gettext_noop("Product cost recomputed and ledger"),
    "ID74": gettext_noop("Logistics cost and ledger"),
    "ID51": gettext_noop("Storage and ledger"),
    "ID65": gettext_noop("Cash flow and balance sheet"),
    "ID66": gettext_noop("Change in equity and net profit"),
    "ID72": gettext_noop("Gross profit by category and in total"),
    "FEES": gettext_noop("Platform fees and ledger"),
    "BUDGET": gettext_noop("Budget report and ledger: marketing"),
}
LINES = {
    "GROSS": gettext_noop("Gross sales"),
    "DISCOUNTS": gettext_noop("Discounts"),
    "REFUNDS": gettext_noop("Refunds"),
    "SHIPPING_INCOME": gettext_noop("Shipping income"),
    "EXCHANGE": gettext_noop("Exchange rates"),
    "CUTOFF": gettext_noop("Paid, not shipped yet"),
    "EXPECTED_RETURNS": gettext_noop("Expected returns"),
    "OTHER": gettext_noop("Other lines"),
    "SPEND_ADS": gettext_noop("Advertising"),
    "SPEND_SOCIAL": gettext_noop("Own social media"),
    "SPEND_INFLUENCERS": gettext_noop("Influencers"),
    "SPEND_OTHER": gettext_noop("Other marketing"),
    "PROVISION": gettext_noop("Inventory provision"),
    "FIRST_LEG": gettext_noop("First-leg freight"),
    "DUTY": gettext_noop("Duty and customs"),
    "LAST_MILE": gettext_noop("Last-mile freight"),
    "STORAGE": gettext_noop("Storage"),
    "HANDLING": gettext_noop("Handling"),
    "CAPITALISED": gettext_noop("Freight and duty taken into stock"),
    "OCI": gettext_noop("Other comprehensive income"),
    "DIVIDENDS": gettext_noop("Dividends"),
    "CAPITAL_IN": gettext_noop("Capital paid in"),
    "FULFILMENT": gettext_noop("Fulfilment in cost of sales"),
    "OTHER_COST": gettext_noop("Other cost of sales"),
}
INPUTS = {
    "web-daily": gettext_noop("Sessions × conversion: paid sessions"),
    "LEDGER_ADS": gettext_noop("Ad invoices in the ledger"),
    "LEDGER_STORAGE": gettext_noop("Overseas storage in the ledger"),
    "LEDGER_LOGISTICS": gettext_noop("Logistics in the ledger"),
    "LANDED_COST_OF_SALES": gettext_noop("Units sold × landed cost per unit"),
    "PROFIT_OF_CATEGORIES": gettext_noop("Revenue less product cost of all categories"),
}
CAUSES = {
    "SHIPPING_IN_SALES": gettext_noop(
        "It matches if the shipping that %(platform)s charged is taken out: its goods lie %(share)s above the prices of the other stores."
    ),
    "TAX_IN_SALES": gettext_noop(
        "It matches if tax is taken out of %(country)s: its prices lie %(share)s above those of other countries, the rate there is %(rate)s."
    ),
    "OTHER_RATE": gettext_noop(
        "It matches if %(country)s is converted at the usual rate: all its prices lie off by %(share)s."
    ),
    "OTHER_MIDNIGHT": gettext_noop(
        "It matches if the month ends at the same midnight: sales of one night stand in the neighbouring month."
    ),
    "REFUNDS_OF_LATER": gettext_noop(
        "It matches if refunds stay on their day: %(platform)s, %(country)s holds refunds of the month after."
    ),
    "REFUNDS_BOOKED_EARLIER": gettext_noop(
        "It matches if refunds stay on their day: %(platform)s, %(country)s of the month before holds refunds of this one."
    ),
    "PAID_NOT_SHIPPED": gettext_noop(
        "It matches if what was paid and not shipped is in: Finance left that line of the bridge empty, which it usually is not."
    ),
    "NOT_BOOKED_YET": gettext_noop(
        "It matches if %(metric)s, %(channel)s, %(country)s is taken out: far above its usual amount, and not in the ledger."
    ),
    "STOCK_WITHOUT_FREIGHT": gettext_noop(
        "It matches if %(warehouse)s is valued with freight and duty: its units cost %(share)s less than in other warehouses."
    ),
    "STOCK_VALUED_OTHERWISE": gettext_noop(
        "It matches if %(warehouse)s is valued like the others: its unit values lie off by %(share)s."
    ),
    "STORAGE_NOT_INVOICED": gettext_noop(
        "It matches without what is accrued and not invoiced: storage costs %(share)s more per space than the month before."
    ),
    "RESTRICTED_CASH_IN": gettext_noop("It matches if restricted cash is taken out of the cash flow statement."),
    "RESTRICTED_CASH_OUT": gettext_noop("It matches if restricted cash is in on both sides."),
    "A_MONTH_LATE": gettext_noop(
        "The second side shows what the first one said of %(period)s: it may be booked a month late."
    ),
    "SHIPPING_NOT_BOOKED": gettext_noop("It matches if shipping is left out of the bridge: revenue may not hold it."),
    "TAX_IN_SALES_ALL": gettext_noop("It matches if tax is taken out of sales."),
    "TAX_IN_REVENUE": gettext_noop("It matches if tax is taken out of revenue."),
    "REFUNDS_NOT_DEDUCTED": gettext_noop("It matches if refunds are deducted from revenue too."),
    "DISCOUNTS_NOT_DEDUCTED": gettext_noop("It matches if discounts are deducted from revenue too."),
    "FEES_DEDUCTED": gettext_noop("It matches if platform fees are deducted from sales: revenue may be net of them."),
}  # fmt: skip


def pair_title(rule: str) -> str:
    return _(PAIRS[rule]) if rule in PAIRS else rule


def line_word(code: str) -> str:
    return _(LINES[code])


def input_word(name: str) -> str:
    return _(INPUTS[name]) if name in INPUTS else ""


def cause_sentence(cause, names) -> str:
    """One cause in a sentence. `names(kind, code)` words a metric or a member."""
    said = {}
    for key, value in cause.params.items():
        if key in ("share", "rate"):
            said[key] = figures.percent(abs(Decimal(value)), 1, get_language() or "en")
        else:
            said[key] = names(key, value)
    return _(CAUSES[cause.code]) % said
