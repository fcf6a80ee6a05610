"""The board of Sales: sales and drivers, platforms, regions, products, returns, new products (experience §6.3)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from metrics import series
from metrics.boards.spec import (
    BlockSpec,
    Board,
    Need,
    Over,
    Section,
    a_year,
    headline,
    six_twelve,
    this_month,
)
from metrics.periods import Period

DRIVERS = ("SAL_GMV", "SAL_ORD", "SAL_AOV", "SAL_UPT", "SAL_ASP", "SAL_UNITS")
PLATFORM = ("platform",)
# What blocks about one month are read together by, so that they cost two queries.
PARTS = ("category", "reason", "region")
PRODUCT = ("category", "sku")
RETURNS = ("SAL_RET_UNITS", "SAL_UNITS")
LIFE = ("FIN_GM_PROD", "SAL_NET", "SAL_UNITS")
STOCK = ("SC_OOS", "SC_INV_VAL", "SC_INV_UNITS")


def twelve(month: Period) -> list[Period]:
    """The twelve months up to `month`, in their order."""
    return series.trend_periods(month, "month")[1:]


def block(
    code: str, title, metrics: Iterable[str], by: tuple[str, ...], over: Over = this_month
) -> BlockSpec:
    metrics = tuple(metrics)
    return BlockSpec(code, code, metrics, (Need(metrics, over, by),), title=title)


SALES = Board(
    code="sales",
    title=_("Sales"),
    icon="chart-line",
    department="SAL",
    sections=(
        Section(
            "trend",
            _("Sales and what drives them"),
            (
                headline("SAL_NET", target="SAL_TGT"),
                headline("SAL_ORD"),
                headline("SAL_AOV"),
                block("drivers", _("Orders × average order value"), DRIVERS, ()),
            ),
        ),
        Section(
            "platforms",
            _("Platforms"),
            (
                block("platform-share", _("Share of each platform"), ("SAL_NET",), PLATFORM, a_year),
                block(
                    "platform-trends", _("Platforms by week and month"), ("SAL_NET",), PLATFORM, six_twelve
                ),
            ),
        ),
        Section(
            "regions",
            _("Regions"),
            (block("regions", _("Regions and countries"), ("SAL_NET",), PARTS),),
        ),
        Section(
            "products",
            _("Products"),
            (
                block("pareto", _("Categories that make the most"), ("SAL_NET",), PARTS),
                BlockSpec(
                    "lifecycle",
                    "lifecycle",
                    (*LIFE, *STOCK),
                    (Need(LIFE, this_month, PARTS), Need(STOCK, this_month, PRODUCT)),
                    title=_("Growth against margin"),
                ),
                block(
                    "stages",
                    _("Stages of life and slow stock"),
                    ("SAL_LIFECYCLE", "SAL_TOP20_SHARE", "SAL_SLOW_VAL"),
                    PRODUCT,
                ),
            ),
        ),
        Section(
            "returns",
            _("Returns"),
            (
                headline("SAL_RET_RATE"),
                block("return-reasons", _("Reasons of returns"), RETURNS, PARTS),
                block("return-heat", _("Reasons by category"), RETURNS, PARTS),
            ),
        ),
        Section(
            "new",
            _("New products"),
            (
                headline("SAL_NEW_SHARE"),
                block(
                    "launches", _("Launches by quarter"), ("SAL_TOP20_SHARE", "SAL_NEW_CVR"), PRODUCT, twelve
                ),
            ),
        ),
    ),
)
