"""The board of Finance: three statements, what moved profit and margin, tied-up money, budgets (experience §6.3)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from metrics import series, statements
from metrics.boards.spec import BlockSpec, Board, Need, Over, Section, headline, this_month
from metrics.periods import Period
from reviewhub.people.permissions import reads_confidential

INCOME = tuple(line.code for line in statements.INCOME)
CASH = tuple(line.code for line in statements.CASH)
BALANCE = ("FIN_ASSET", "FIN_LIAB", "FIN_EQ")
BRIDGE = ("SAL_NET", "SAL_SHIPREV", "REC_CUTOFF", "REC_FX", "REC_RETEST", "REC_OTHER")
# All of it is read together, split by these: two queries for the board.
SPLIT = ("account", "category", "dept")
DAYS = ("FIN_CCC", "SC_DIO", "FIN_DSO", "FIN_DPO")


def thirteen(month: Period) -> list[Period]:
    """The month and the twelve before it."""
    return series.trend_periods(month, "month")


def year_of(month: Period) -> list[Period]:
    """The months of the year: budgets may be in for those to come."""
    return list(Period.containing(month.start, "year").split("month"))


def block(code: str, title, metrics: Iterable[str], over: Over = this_month, size: str = "") -> BlockSpec:
    """A block of the books: it reads what it is about, split as all of them are."""
    metrics = tuple(dict.fromkeys(metrics))
    return BlockSpec(code, code, metrics, (Need(metrics, over, SPLIT),), title=title, size=size)


def for_finance(user) -> bool:
    """Finance, executives and data owners; a partner never."""
    if user.is_partner:
        return False
    return reads_confidential(user) or bool(user.department_id and user.department.code == "FIN")


FINANCE = Board(
    code="finance",
    title=_("Finance"),
    icon="report-money",
    department="FIN",
    sees=for_finance,
    sections=(
        Section(
            "profit",
            _("Profit"),
            (
                block("income", _("Income statement"), ("FIN_NP", *INCOME, "FIN_NM", "FIN_BUD"), size="wide"),
                block("profit", _("Net profit on last year"), ("FIN_NP", *INCOME)),
                headline("FIN_GM"),
                headline("FIN_NM"),
                block("margins", _("Margin by category"), ("FIN_GM_PROD", "SAL_NET", "FIN_COGS_PROD")),
                block("rate-mix", _("Margin: rate and mix"), ("FIN_GM_PROD", "SAL_NET", "FIN_COGS_PROD")),
            ),
        ),
        Section(
            "cash",
            _("Cash and working capital"),
            (
                block("cash", _("Cash flow"), ("FIN_CASH_END", *CASH)),
                block("cycle", _("Cash conversion cycle"), DAYS, thirteen),
            ),
        ),
        Section(
            "budget",
            _("Budget"),
            (
                block(
                    "budgets",
                    _("Departments against budget"),
                    ("FIN_BUD", "FIN_ACT", "FIN_BUD_RATE"),
                    year_of,
                ),
            ),
        ),
        Section(
            "position",
            _("Balance sheet and revenue"),
            (
                block("balance", _("Balance sheet"), (*BALANCE, "FIN_DEBT_RATIO"), size="wide"),
                block("to-revenue", _("From sales to revenue"), ("FIN_REV", *BRIDGE, "REC_GAP")),
            ),
        ),
    ),
)
