"""The board of Marketing: spend and return, the way to an order, customers, brand, market (D2)."""

from django.utils.translation import gettext_lazy as _

from metrics.boards.spans import months, two_years
from metrics.boards.spec import BlockSpec, Board, Need, Section

BY = ("campaign", "category", "channel", "country", "device")
SPEND = ("MKT_SPEND_AD", "MKT_SPEND_SOC", "MKT_SPEND_KOL", "MKT_SPEND_OTH")


def block(
    code: str, kind: str, title, *metrics: str, over=months, also: tuple = (), size: str = ""
) -> BlockSpec:
    return BlockSpec(code, kind, metrics, (Need((*metrics, *also), over, BY),), title, size)


MARKETING = Board(
    code="marketing",
    title=_("Marketing"),
    icon="speakerphone",
    department="MKT",
    sections=(
        Section(
            "return",
            _("Spend and return"),
            (
                block(
                    "spend",
                    "spend-index",
                    _("Spend and sales, indexed"),
                    "MKT_SPEND",
                    "SAL_NET",
                    *SPEND,
                    size="wide",
                ),
                block(
                    "channels",
                    "channel-scatter",
                    _("Return of each channel"),
                    "MKT_ROAS",
                    "MKT_SPEND",
                    "MKT_ATTR_SALES",
                    "MKT_ROI",
                    "MKT_NEWCUST",
                    size="wide",
                ),
            ),
        ),
        Section(
            "order",
            _("From impression to order"),
            (
                block(
                    "funnel",
                    "ad-funnel",
                    _("From impression to payment"),
                    "MKT_CTR",
                    "MKT_IMP",
                    "MKT_CLK",
                    "MKT_SESS",
                    "TEC_CART_CVR",
                    "TEC_PAY_OK",
                ),
                block(
                    "campaigns",
                    "campaigns",
                    _("Click-through and conversion by campaign"),
                    "MKT_CVR",
                    "MKT_CTR",
                    "MKT_IMP",
                    "MKT_CLK",
                    "MKT_AD_ORD",
                ),
            ),
        ),
        Section(
            "customers",
            _("Customers"),
            (
                block(
                    "cac",
                    "cac-dots",
                    _("Acquisition cost and customer value"),
                    "MKT_CAC_PAID",
                    "MKT_CAC",
                    "MKT_LTV180",
                ),
                block(
                    "repeat",
                    "retention-curves",
                    _("Repeat purchases and customer value"),
                    "MKT_REPEAT",
                    "MKT_RET90",
                    "MKT_LTV180",
                ),
                block(
                    "retention", "retention-heat", _("Retention of new customers"), "MKT_RET90", size="wide"
                ),
            ),
        ),
        Section(
            "renown",
            _("Brand"),
            (
                block(
                    "brand",
                    "brand-panels",
                    _("Followers, engagement, visits"),
                    "MKT_FOLLOW",
                    "MKT_FOLLOW_GR",
                    "MKT_ENG",
                    "MKT_SESS",
                    "MKT_BOUNCE",
                    "MKT_BRAND_SEARCH",
                    over=two_years,
                    size="wide",
                ),
                block("awareness", "awareness-dots", _("Brand awareness"), "MKT_AWARE", size="wide"),
            ),
        ),
        Section(
            "market",
            _("Market"),
            (
                block("share", "share-range", _("Market share"), "MKT_SHARE"),
                block("price", "price-band", _("Price against rivals"), "MKT_PRICE_IDX"),
                block(
                    "events",
                    "market-events",
                    _("Rivals, customers, rules"),
                    "MKT_COMP_EVT",
                    "MKT_MKT_YOY",
                    size="wide",
                ),
            ),
        ),
    ),
)
