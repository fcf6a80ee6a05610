"""Pure. The sections of the pre-read in reading order, and how long each takes to read."""

import math
import re
from dataclasses import dataclass

WORDS, CHARACTERS, PER_FIGURE_S = 230, 350, 8
CHINESE = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"[A-Za-z0-9][\w'’.,%-]*")


@dataclass(frozen=True)
class Section:
    """`departments`: whose exceptions, analysis and actions stand here; the first one answers questions."""

    code: str
    departments: tuple[str, ...]
    metrics: tuple[str, ...]


SECTIONS = (
    Section("customers", ("MKT",), ("MKT_NEWCUST", "MKT_CAC", "MKT_REPEAT", "CS_FRT", "CS_CSAT")),
    Section(
        "sales",
        ("SAL",),
        ("SAL_NET", "SAL_YOY", "SAL_ATT", "SAL_ORD", "SAL_AOV", "SAL_RET_RATE", "SAL_SLOW_SHARE"),
    ),
    Section("marketing", ("MKT",), ("MKT_SPEND", "MKT_ROAS", "MKT_ROI", "MKT_MER", "MKT_FOLLOW_GR")),
    Section(
        "supply",
        ("SCM", "LOG"),
        ("SC_INV_VAL", "SC_DIO", "SC_OOS", "SC_LT_TOTAL", "SC_LOG_RATE", "SC_DLV_DAYS", "SC_OTD", "SC_YIELD"),
    ),
    Section(
        "profit",
        ("FIN",),
        ("FIN_REV", "FIN_GP", "FIN_GM", "FIN_NP", "FIN_CFO", "FIN_CASH_END", "FIN_BUD_RATE"),
    ),
    Section("platform", ("TEC",), ("TEC_UPTIME", "TEC_LCP", "TEC_SITE_CVR", "TEC_CART_CVR")),
)
BY_CODE = {one.code: one for one in SECTIONS}
# Words of a department stand once: where its figures are, not under customers as well.
SPEAKS_IN = {
    "SAL": "sales",
    "MKT": "marketing",
    "SCM": "supply",
    "LOG": "supply",
    "FIN": "profit",
    "TEC": "platform",
}


def seconds(texts: list[str], figures: int) -> int:
    """How long it takes: 230 words or 350 Chinese characters a minute, and 8 seconds a figure."""
    said = " ".join(texts)
    chinese = len(CHINESE.findall(said))
    words = len(WORD.findall(CHINESE.sub(" ", said)))
    return math.ceil(60 * (words / WORDS + chinese / CHARACTERS) + PER_FIGURE_S * figures)


def minutes(length_s: int) -> int:
    """Whole minutes, at least one for what there is."""
    return math.ceil(length_s / 60)
