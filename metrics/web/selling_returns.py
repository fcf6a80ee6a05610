"""Blocks of the sales board about what came back and what is new: reasons of returns, launches by quarter."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from metrics import charts_paths, charts_points, charts_ranked, pareto
from metrics.boards.sales import PARTS, PRODUCT
from metrics.selling import Launch
from metrics.web.blocks import Block
from metrics.web.selling_reader import Counter, of_sales
from reviewhub.ui import figures

REASONS = {
    "quality": gettext_noop("Quality"),
    "description": gettext_noop("Not as described"),
    "size": gettext_noop("Wrong size"),
    "wrong_item": gettext_noop("Wrong or missing item"),
    "logistics": gettext_noop("Logistics"),
    "changed_mind": gettext_noop("Changed mind"),
    "other": gettext_noop("Other"),
}


def reason_word(told: Counter, code: str) -> str:
    return _(REASONS[code]) if code in REASONS else told.member("reason", code)


@of_sales("return-reasons")
def reasons(told: Counter, name: str) -> Block:
    """Reasons of returns, the most frequent first, with what they make together."""
    title = _("Returned units by reason")
    found = told.shop.reasons
    if not found:
        return Block(name, title, why=told.missing("SAL_RET_UNITS", PARTS))
    figure = charts_ranked.pareto(
        [(reason_word(told, one.code), one.value, one.reached, "") for one in found],
        value=_("Units"),
        reached=_("Reached together"),
        short=lambda value: figures.number(value, 0, told.language),
        percent=lambda value: figures.percent(value, 0, told.language),
        limits=(pareto.A_UP_TO,),
    )
    first = found[0]
    message = _("%(reason)s makes %(share)s of all returns") % {
        "reason": reason_word(told, first.code),
        "share": figures.percent(first.share, 0, told.language),
    }
    said = _(", ").join(
        f"{reason_word(told, one.code)} {figures.percent(one.share, 0, told.language)}" for one in found
    )
    return Block(
        name,
        title,
        message=message,
        period=_("Sold in %(month)s, returned up to now") % {"month": told.month},
        figure=figure,
        words=_("%(month)s: %(shares)s.") % {"month": told.month, "shares": said},
        badge=told.status(["SAL_RET_UNITS"], PARTS),
        head=[_("Reason"), _("Returned units"), _("Share"), _("Reached together")],
        rows=[
            [
                told.label(reason_word(told, one.code)),
                told.count(one.value),
                told.percent(one.share),
                told.percent(one.reached),
            ]
            for one in found
        ],
    )


@of_sales("return-heat")
def heat(told: Counter, name: str) -> Block:
    """Of the units sold of each category, the part that came back for each reason."""
    title = _("Returned of the units sold, by category and reason")
    codes, categories = [one.code for one in told.shop.reasons], [one.code for one in told.shop.categories]
    if not codes or not categories:
        return Block(name, title, why=told.missing("SAL_RET_UNITS", PARTS))
    values = {
        (category, reason): told.shop.returned(category, reason)
        for category in categories
        for reason in codes
    }
    totals = {category: _sum(values[category, reason] for reason in codes) for category in categories}
    categories.sort(key=lambda code: -(totals[code] or 0))
    figure = charts_points.heat(
        [reason_word(told, code) for code in codes],
        [told.member("category", code) for code in categories],
        [[values[category, reason] for reason in codes] for category in categories],
        shown=lambda value: figures.percent(value, 1, told.language),
    )
    known = [(value, key) for key, value in values.items() if value is not None]
    most = max(known, default=None)
    message = (
        _("Most returns: %(category)s, %(reason)s, %(share)s of units")
        % {
            "category": told.member("category", most[1][0]),
            "reason": reason_word(told, most[1][1]),
            "share": figures.percent(most[0], 1, told.language),
        }
        if most
        else ""
    )
    return Block(
        name,
        title,
        message=message,
        period=_("Sold in %(month)s, returned up to now") % {"month": told.month},
        figure=figure,
        words=_("%(message)s. Highest rate of all reasons: %(category)s %(share)s.")
        % {
            "message": message,
            "category": told.member("category", categories[0]),
            "share": figures.percent(totals[categories[0]], 1, told.language),
        },
        badge=told.status(["SAL_RET_UNITS"], PARTS),
        head=[_("Category"), *(reason_word(told, code) for code in codes), _("All reasons")],
        rows=[
            [
                told.label(told.member("category", category)),
                *(told.percent(values[category, reason], 2) for reason in codes),
                told.percent(totals[category], 2),
            ]
            for category in categories
        ],
    )


def _sum(values) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


@of_sales("launches")
def launches(told: Counter, name: str) -> Block:
    """What one product of each quarter's launches sold in the months after it came out."""
    title = _("Net sales in %(unit)s of one new product, by month since launch") % {"unit": told.currency}
    found = [one for one in told.shop.launches if one.months]
    if not found:
        return Block(name, title, why=told.missing("SAL_TOP20_SHARE", PRODUCT))
    words = told.sales
    figure = charts_paths.curves(
        [(_quarter(one), one.months) for one in found],
        across=_("Months since launch"),
        axis=words.axis,
        exact=words.exact,
    )
    newest = found[-1]
    message = _("%(quarter)s: %(count)s products, %(sales)s each in the month of launch") % {
        "quarter": _quarter(newest),
        "count": newest.products,
        "sales": words.short(newest.months[0]),
    }
    said = _(", ").join(f"{_quarter(one)} {words.short(one.months[-1])}" for one in found)
    ages = max(len(one.months) for one in found)
    converted = told.shop.value("SAL_NEW_CVR", told.shop.month, by=PRODUCT)
    return Block(
        name,
        title,
        message=message,
        period=_("Average of the products of a quarter; a line ends where not all of them are that old"),
        figure=figure,
        words=_("%(message)s. Last month of each: %(quarters)s. Conversion of new products %(rate)s.")
        % {"message": message, "quarters": said, "rate": figures.percent(converted, 1, told.language)},
        badge=told.status(["SAL_TOP20_SHARE"], PRODUCT),
        head=[_("Months since launch"), *(f"{_quarter(one)} ({one.products})" for one in found)],
        rows=[
            [
                told.label(str(age)),
                *(told.amount(one.months[age] if age < len(one.months) else None) for one in found),
            ]
            for age in range(ages)
        ]
        + [[told.label(_("Conversion of new products"), kind="sum"), told.percent(converted, 2)]],
    )


def _quarter(one: Launch) -> str:
    return one.quarter.text
