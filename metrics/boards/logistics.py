"""The board that the logistics partner shares with the company: one fate, its own service, its parcels (C3)."""

from django.utils.translation import gettext_lazy as _

from metrics.boards.spans import months
from metrics.boards.spec import BlockSpec, Board, Need, Section

BY = ("carrier", "country", "reason", "warehouse")
FATE = ("SAL_RET_LOG", "SC_OTD", "SC_EXC", "SC_PERFECT")
SERVICE = ("SC_OTD_SLA", "SC_DLV_RATE", "SC_DLV_DAYS", "SC_O2D", "SC_WH_DISP", "SC_WH_SDS")


def partner_of(department: str):
    """Colleagues, and the people of the partner that answers for `department`."""

    def sees(user) -> bool:
        return not user.is_partner or user.department.code == department

    return sees


def block(code: str, kind: str, title, *metrics: str, also: tuple = (), size: str = "") -> BlockSpec:
    return BlockSpec(code, kind, metrics, (Need((*metrics, *also), months, BY),), title, size)


LOGISTICS = Board(
    code="logistics",
    title=_("Logistics partner"),
    icon="truck-delivery",
    department="LOG",
    sees=partner_of("LOG"),
    is_shared=True,
    sections=(
        Section(
            "shared",
            _("One fate"),
            (
                block(
                    "fate",
                    "shared-fate",
                    _("What both of us answer for"),
                    *FATE,
                    also=("CS_CONTACT", "SC_SHIP_PCL", "SC_OOS"),
                    size="wide",
                ),
                block(
                    "promise",
                    "promise-gap",
                    _("On time: promise and carrier agreement"),
                    "SC_OTD",
                    "SC_OTD_SLA",
                    size="wide",
                ),
            ),
        ),
        Section(
            "agreed",
            _("Service"),
            (
                block("service", "partner-service", _("Service agreed"), *SERVICE, size="wide"),
                block("parcels", "parcel-funnel", _("Parcels"), "SC_SHIP_PCL", "SC_DLV_RATE", "SC_EXC"),
                block(
                    "carriers",
                    "partner-carriers",
                    _("Carriers"),
                    "SC_OTD",
                    "SC_OTD_SLA",
                    "SC_DLV_DAYS",
                    "SC_EXC",
                ),
                block(
                    "dispatch",
                    "partner-dispatch",
                    _("Dispatch by warehouse"),
                    "SC_WH_DISP",
                    "SC_WH_SDS",
                    size="wide",
                ),
            ),
        ),
        Section(
            "money",
            _("Cost to the company"),
            (
                block(
                    "lost", "sales-lost", _("Sales lost while out of stock"), "SAL_NET", "SC_OOS", size="wide"
                ),
                block("cost", "partner-cost", _("Cost of logistics"), "SC_LOG_COST", "SC_CPO", size="wide"),
            ),
        ),
    ),
)
