"""Places at constant rates: the month at the rates of the year before, so that what is left is no exchange rate."""

from django.utils.translation import gettext as _

from metrics.boards.sales import PARTS
from metrics.web.block_offers import Offer, offers
from metrics.web.selling_reader import Counter

TEMPLATE = "metrics/_constant_rates.html"
KIND = "regions"


@offers
def switch(asked, blocks) -> dict[str, Offer]:
    """The way to the other rates at the block of regions, where currencies meet."""
    found = {}
    for one in blocks:
        if one.spec.kind == KIND and one.block.code and asked.page.figures.converts(PARTS):
            other = "actual" if asked.rates == "py" else "py"
            shown = {
                "is_constant": asked.rates == "py",
                "url": f"{asked.address(rates=other if other != 'actual' else '')}#{one.block.name}",
            }
            found[one.spec.code] = Offer(TEMPLATE, shown)
    return found


def is_constant(told: Counter) -> bool:
    return told.told.figures.rates == "py" and told.told.figures.converts(PARTS)


def missing(told: Counter) -> str:
    """Why the month cannot be said at the rates of the year before; "" where it can, or nobody asks for it."""
    if not is_constant(told):
        return ""
    figure = told.told.figures.figure("SAL_NET", told.shop.month, by=PARTS, rating=told.shop.rating)
    return told.told.say(figure.why) if figure.value is None else ""


def period(told: Counter) -> str:
    """What is compared with what, and at which rates."""
    both = {"month": told.month, "then": told.year_before}
    if is_constant(told):
        return _("%(month)s at the exchange rates of %(then)s, and the change on %(then)s") % both
    return _("%(month)s, and the change on %(then)s") % both
