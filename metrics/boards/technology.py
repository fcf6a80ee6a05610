"""The board of Technology and product: stability, speed, the cart, features, data (P2, E6)."""

from django.utils.translation import gettext_lazy as _

from metrics.boards.spans import months, weeks
from metrics.boards.spec import BlockSpec, Board, Need, Section

BY = ("country", "device", "platform", "system")


def block(
    code: str, kind: str, title, *metrics: str, over=months, also: tuple = (), size: str = ""
) -> BlockSpec:
    return BlockSpec(code, kind, metrics, (Need((*metrics, *also), over, BY),), title, size)


def months_and_weeks(month):
    return [*months(month), *weeks(month)]


TECHNOLOGY = Board(
    code="technology",
    title=_("Technology and product"),
    icon="server-2",
    department="TEC",
    sections=(
        Section(
            "stability",
            _("Stability"),
            (
                block(
                    "uptime",
                    "uptime-strip",
                    _("Availability"),
                    "TEC_UPTIME",
                    over=months_and_weeks,
                    size="wide",
                ),
                block(
                    "errors", "error-panels", _("Errors and payments"), "TEC_ERR", "TEC_PAY_OK", size="wide"
                ),
            ),
        ),
        Section(
            "speed",
            _("Speed"),
            (
                block("lcp", "lcp-panels", _("Page load"), "TEC_LCP", size="wide"),
                block("inp", "inp-panels", _("Response to input"), "TEC_INP", size="wide"),
            ),
        ),
        Section(
            "visits",
            _("From visit to payment"),
            (
                block(
                    "cart",
                    "cart-funnel",
                    _("From visit to payment"),
                    "TEC_CART_CVR",
                    "TEC_PAY_OK",
                    "TEC_SITE_CVR",
                    also=("MKT_SESS",),
                ),
                block("conversion", "conversion-panels", _("Conversion"), "TEC_SITE_CVR", "TEC_CART_CVR"),
            ),
        ),
        Section(
            "features",
            _("Features"),
            (
                block(
                    "delivery", "feature-delivery", _("Features: due and delivered in time"), "TEC_FEAT_OT"
                ),
                block("adoption", "adoption-curves", _("Adoption of features"), "TEC_FEAT_ADOPT"),
            ),
        ),
        Section(
            "data",
            _("Data"),
            (
                block(
                    "freshness",
                    "freshness-strip",
                    _("Data in time"),
                    "TEC_DATA_FRESH",
                    over=months_and_weeks,
                    size="wide",
                ),
            ),
        ),
    ),
)
