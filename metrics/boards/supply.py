"""The board of Supply chain and logistics: stock, lead time, cost, delivery, warehouses, quality, service (D3)."""

from django.utils.translation import gettext_lazy as _

from metrics.boards.spans import months
from metrics.boards.spec import BlockSpec, Board, Need, Section

BY = ("carrier", "category", "channel", "country", "lane", "reason", "status", "supplier", "warehouse")
STAGES = ("SC_LT_SUP", "SC_LT_QC", "SC_LT_FL", "SC_LT_PUT")
COSTS = ("SC_FL_COST", "SC_DUTY", "SC_LM_COST", "SC_WH_STOR", "SC_WH_HAND")


def block(
    code: str, kind: str, title, *metrics: str, over=months, also: tuple = (), size: str = ""
) -> BlockSpec:
    return BlockSpec(code, kind, metrics, (Need((*metrics, *also), over, BY),), title, size)


SUPPLY = Board(
    code="supply",
    title=_("Supply chain and logistics"),
    icon="truck",
    department="SCM",
    sections=(
        Section(
            "stocks",
            _("Stock"),
            (
                block("dio", "stock-days", _("Days of inventory"), "SC_DIO", "SC_TURN", size="wide"),
                block("stock", "stock-status", _("Stock by status"), "SC_INV_VAL", "SC_AGED180"),
                block("short", "stock-short", _("Out of stock and slow stock"), "SC_OOS", "SAL_SLOW_SHARE"),
                block("cover", "stock-cover", _("Days of cover"), "SC_DOC", size="wide"),
            ),
        ),
        Section(
            "buying",
            _("Buying"),
            (
                block(
                    "lead", "lead-time", _("Lead time in four stages"), "SC_LT_TOTAL", *STAGES, size="wide"
                ),
                block("price", "purchase-price", _("Purchase price against standard"), "SC_PPV"),
                block("suppliers", "supplier-score", _("Suppliers"), "SC_SUP_SCORE", "SC_SUP_OTIF"),
            ),
        ),
        Section(
            "transport",
            _("Cost and delivery"),
            (
                block("cost", "logistics-cost", _("Logistics cost"), "SC_LOG_COST", *COSTS, size="wide"),
                block("rate", "logistics-rate", _("Logistics cost against sales"), "SC_LOG_RATE"),
                block(
                    "legs",
                    "leg-shares",
                    _("First leg and last mile"),
                    "SC_FL_SHARE",
                    "SC_LM_SHARE",
                    "SC_FL_COST",
                    "SC_LM_COST",
                ),
                block(
                    "promise",
                    "promise-gap",
                    _("On time: promise and carrier agreement"),
                    "SC_OTD",
                    "SC_OTD_SLA",
                    size="wide",
                ),
                block(
                    "days",
                    "delivery-strip",
                    _("Delivery time by country"),
                    "SC_DLV_DAYS",
                    "SC_DLV_RATE",
                    size="wide",
                ),
                block(
                    "perfect",
                    "perfect-loss",
                    _("What keeps orders from being perfect"),
                    "SC_PERFECT",
                    "SC_OTD",
                    size="wide",
                ),
            ),
        ),
        Section(
            "warehouses",
            _("Warehouses"),
            (
                block(
                    "dispatch",
                    "dispatch-dots",
                    _("Dispatch"),
                    "SC_WH_DISP",
                    "SC_WH_SDS",
                    "SC_WH_UNITS",
                    "SC_WH_UTIL",
                    "SC_WH_ACC",
                ),
                block("storage", "storage-dots", _("Storage"), "SC_WH_STOR_CBM", "SC_WH_STOR", "SC_WH_HAND"),
            ),
        ),
        Section(
            "quality",
            _("Quality and service"),
            (
                block("yield", "yield-panels", _("Quality by supplier"), "SC_YIELD", "SC_DEFECT"),
                block("complaints", "complaint-pareto", _("Complaints about quality"), "SC_CUST_DEFECT"),
                block(
                    "service", "service-panels", _("Service"), "CS_FRT", "CS_CSAT", "CS_CONTACT", "CS_FRT_24"
                ),
                block("contacts", "contact-pareto", _("Why customers write"), "CS_CONTACT", "CS_CSAT"),
            ),
        ),
    ),
)
