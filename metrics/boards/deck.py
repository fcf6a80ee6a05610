"""The executive deck: twelve headline figures, always in the same order."""

from django.utils.translation import gettext_lazy as _

from metrics.boards.spec import Board, Section, headline

DECK = Board(
    code="deck",
    title=_("Executive deck"),
    icon="layout-dashboard",
    sections=(
        Section(
            "sales",
            _("Sales"),
            (
                headline("SAL_NET"),
                headline("SAL_ORD"),
                headline("SAL_AOV"),
                headline("SAL_RET_RATE"),
            ),
        ),
        Section("marketing", _("Marketing"), (headline("MKT_ROI"), headline("MKT_CAC"))),
        Section("supply", _("Supply chain"), (headline("SC_DIO"), headline("SC_OOS"), headline("SC_OTD"))),
        Section("money", _("Cash and profit"), (headline("FIN_GM"), headline("FIN_CFO", "FIN_CASH_END"))),
        Section("platform", _("Platform"), (headline("TEC_SITE_CVR"),)),
    ),
)
