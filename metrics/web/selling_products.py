"""Blocks of the sales board about products: what makes the most, growth against margin, stages and slow stock."""

from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from metrics import charts_points, charts_ranked, lifecycle, pareto
from metrics.boards.sales import PARTS, PRODUCT
from metrics.charts_points import Dot
from metrics.lifecycle import Standing
from metrics.selling import STAGES
from metrics.web.blocks import Block, Cell, rounded
from metrics.web.selling_reader import Counter, of_sales
from reviewhub.ui import figures

MOST = 12
SELLERS = 10
STAGE_WORDS = {
    "launch": gettext_noop("Launch"),
    "growth": gettext_noop("Growth"),
    "mature": gettext_noop("Mature"),
    "decline": gettext_noop("Decline"),
    "clearance": gettext_noop("Clearance"),
}
PLACES = (lifecycle.PUSH, lifecycle.PROTECT, lifecycle.FIX, lifecycle.CLEAR)  # by lines, from the upper right
COVER_ROLES = {"short": "bad", "long": "cat-3", "enough": "cat-2", "unknown": "cat-7"}


def quadrant_word(code: str) -> str:
    words = {
        lifecycle.PUSH: pgettext("quadrant", "Push"),
        lifecycle.PROTECT: pgettext("quadrant", "Protect supply"),
        lifecycle.FIX: pgettext("quadrant", "Fix margin"),
        lifecycle.CLEAR: pgettext("quadrant", "Clear"),
    }
    return words.get(code, "–")


@of_sales("pareto")
def pareto_of_categories(told: Counter, name: str) -> Block:
    """Categories, largest first, with what they make together and their class."""
    title = _("Net sales in %(unit)s by category") % {"unit": told.currency}
    found = told.shop.categories
    if not found:
        return Block(name, title, why=told.missing("SAL_NET", PARTS))
    words = told.sales
    figure = charts_ranked.pareto(
        [(told.member("category", one.code), one.value, one.reached, one.grade) for one in found[:MOST]],
        value=_("Net sales"),
        reached=_("Reached together"),
        short=words.short,
        percent=lambda value: figures.percent(value, 0, told.language),
        limits=(pareto.A_UP_TO, pareto.B_UP_TO),
    )
    best = [one for one in found if one.grade == "A"]
    message = _("%(count)s of %(all)s categories make %(share)s of net sales") % {
        "count": len(best),
        "all": len(found),
        "share": figures.percent(best[-1].reached, 0, told.language),
    }
    return Block(
        name,
        title,
        message=message,
        period=_("%(month)s; A up to 80 percent, B up to 95, C the rest") % {"month": told.month},
        figure=figure,
        words=_("%(message)s: %(names)s.")
        % {"message": message, "names": _(", ").join(told.member("category", one.code) for one in best)},
        badge=told.status(["SAL_NET"], PARTS),
        head=[_("Category"), told.in_unit(_("Net sales")), _("Share"), _("Reached together"), _("Class")],
        rows=[
            [
                told.label(told.member("category", one.code)),
                told.amount(one.value),
                told.percent(one.share),
                told.percent(one.reached),
                told.label(one.grade),
            ]
            for one in found
        ],
    )


@of_sales("lifecycle")
def quadrants(told: Counter, name: str) -> Block:
    """Categories by growth of units per day on sale and product margin; bubble: stock value, colour: days of cover."""
    title = _("Growth of units per day on sale against product margin")
    usual = told.shop.usual_margin
    placed = (
        [(one, lifecycle.quadrant(one, usual)) for one in told.shop.standings] if usual is not None else []
    )
    known = [(one, quadrant) for one, quadrant in placed if quadrant]
    if not known:
        return Block(name, title, why=told.missing("FIN_GM_PROD", PARTS))
    figure = charts_points.scatter(
        [_dot(told, one) for one, _quadrant in known],
        across=_("Growth on the month before"),
        up=_("Product margin"),
        shown_x=lambda value: figures.signed_percent(value, 0, told.language),
        shown_y=lambda value: figures.percent(value, 0, told.language),
        lines=(Decimal(0), usual),
        areas=[product_list(told, quadrant=one) for one in PLACES],
        corners=[
            (0.98, 0.99, quadrant_word(lifecycle.PUSH)),
            (0.02, 0.99, quadrant_word(lifecycle.PROTECT)),
            (0.98, 0.01, quadrant_word(lifecycle.FIX)),
            (0.02, 0.01, quadrant_word(lifecycle.CLEAR)),
        ],
    )
    by_place = {
        code: [told.member("category", one.code) for one, own in known if own == code]
        for code in lifecycle.QUADRANTS
    }
    said = [f"{quadrant_word(code)}: {_(', ').join(names)}" for code, names in by_place.items() if names]
    return Block(
        name,
        title,
        message=_("Push: %(names)s") % {"names": _(", ").join(by_place[lifecycle.PUSH]) or "–"},
        period=_("%(month)s on the month before; size is stock, orange is under 14 days of cover")
        % {"month": told.month},
        figure=figure,
        words="; ".join(said) + ".",
        badge=told.status(["FIN_GM_PROD"], PARTS),
        head=[
            _("Category"),
            _("Quadrant"),
            pgettext("change", "Growth"),
            _("Product margin"),
            told.in_unit(_("Stock")),
            _("Days of cover"),
        ],
        rows=[_standing_row(told, one, quadrant) for one, quadrant in placed],
        size="tall",
    )


def _dot(told: Counter, one: Standing) -> Dot:
    label = told.member("category", one.code)
    mark = "▲ " if one.cover_class == "short" and (one.growth or 0) > 0 else ""
    tip = _("%(name)s: growth %(growth)s, margin %(margin)s, stock %(stock)s, cover %(cover)s days") % {
        "name": label,
        "growth": figures.signed_percent(one.growth, 1, told.language),
        "margin": figures.percent(one.margin, 1, told.language),
        "stock": told.sales.short(one.stock),
        "cover": figures.number(one.cover, 0, told.language),
    }
    return Dot(
        mark + label,
        one.drawn_growth,
        one.margin,
        one.stock or Decimal(0),
        tip,
        COVER_ROLES[one.cover_class],
        product_list(told, category=one.code),
    )


def product_list(told: Counter, **chosen: str) -> str:
    """Where the products of a quadrant or a category of the month are listed."""
    return f"{reverse('lifecycle-products')}?{urlencode({'month': told.shop.month.text} | chosen)}"


def _standing_row(told: Counter, one: Standing, quadrant: str) -> list[Cell]:
    name, word = told.label(told.member("category", one.code)), told.label(quadrant_word(quadrant))
    return [
        replace(name, url=product_list(told, category=one.code)),
        replace(word, url=product_list(told, quadrant=quadrant)) if quadrant else word,
        told.grown(one.growth),
        told.percent(one.margin),
        told.amount(one.stock),
        Cell(figures.number(one.cover, 0, told.language), rounded(one.cover, 1)),
    ]


@of_sales("stages")
def stages(told: Counter, name: str) -> Block:
    """How many products of each category stand in each stage; in the table best and slowest sellers and slow stock."""
    title = _("Products by stage of life and category")
    products = told.shop.products
    if not products:
        return Block(name, title, why=told.missing("SAL_LIFECYCLE", PRODUCT))
    categories = [one.code for one in told.shop.categories] or sorted({one.category for one in products})
    counts = {(one.category, one.stage): 0 for one in products}
    for one in products:
        counts[one.category, one.stage] += 1
    figure = charts_points.heat(
        [_(STAGE_WORDS[stage]) for stage in STAGES],
        [told.member("category", code) for code in categories],
        [
            [Decimal(counts[code, stage]) if counts.get((code, stage)) else None for stage in STAGES]
            for code in categories
        ],
        shown=lambda value: figures.number(value, 0, told.language),
    )
    new = sum(one.stage == "launch" for one in products)
    slow = [(code, told.shop.slow(code)) for code in categories]
    total = sum((value for _code, value in slow if value is not None), Decimal(0))
    message = _("%(products)s products, %(new)s in launch; slow stock %(slow)s") % {
        "products": len(products),
        "new": new,
        "slow": told.sales.short(total),
    }
    best, worst = products[:SELLERS], [one for one in products[::-1] if one.stage != "launch"][:SELLERS]
    rows = [
        [told.label(_("Best sellers"), kind="sum"), *[Cell("", None)] * 4],
        *(_product_row(told, one) for one in best),
    ]
    rows += [
        [told.label(_("Slowest sellers"), kind="sum"), *[Cell("", None)] * 4],
        *(_product_row(told, one) for one in worst),
    ]
    rows += [[told.label(_("Slow stock"), kind="sum"), *[Cell("", None)] * 4]]
    rows += [
        [
            told.label(told.member("category", code)),
            told.label(""),
            told.label(""),
            told.amount(value),
            Cell("", None),
        ]
        for code, value in slow
    ]
    return Block(
        name,
        title,
        message=message,
        period=told.month,
        figure=figure,
        words=_("%(message)s. Best seller: %(best)s.") % {"message": message, "best": best[0].sku},
        badge=told.status(["SAL_LIFECYCLE"], PRODUCT),
        head=[
            _("Product"),
            _("Category"),
            pgettext("life of a product", "Stage"),
            told.in_unit(_("Net sales or stock")),
            pgettext("change", "Growth"),
        ],
        rows=rows,
    )


def _product_row(told: Counter, one) -> list[Cell]:
    stage = _(STAGE_WORDS[one.stage]) if one.stage else "–"
    return [
        told.label(one.sku),
        told.label(told.member("category", one.category)),
        told.label(stage),
        told.amount(one.now),
        told.grown(one.growth),
    ]
