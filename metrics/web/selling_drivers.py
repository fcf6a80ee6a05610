"""Blocks of the sales board: what drives sales, each platform's share and path, regions and their countries."""

from django.utils.translation import gettext as _

from metrics import charts, charts_flow, charts_paths, charts_ranked
from metrics.boards.sales import DRIVERS, PARTS, PLATFORM
from metrics.charts_paths import Small
from metrics.charts_ranked import Pinned
from metrics.series import Ranked
from metrics.web import constant_rates, sales_words
from metrics.web.blocks import Block, Cell
from metrics.web.sales_reader import together
from metrics.web.selling_reader import Counter, of_sales
from reviewhub.ui import figures

STEPS = ("SAL_ORD", "SAL_UPT", "SAL_ASP")
# How deep each figure stands in the tree: GMV = orders × AOV, and AOV = units per order × price per unit.
TREE = (("SAL_GMV", ""), ("SAL_ORD", "part"), ("SAL_AOV", "part"), ("SAL_UPT", "part"), ("SAL_ASP", "part"))


@of_sales("drivers")
def drivers(told: Counter, name: str) -> Block:
    """GMV of the year before, what orders, units per order and price did to it, and GMV now."""
    title = _("Change of %(name)s in %(unit)s") % {"name": told.told.name("SAL_GMV"), "unit": told.currency}
    found = told.shop.drivers
    if found is None:
        return Block(name, title, why=told.missing("SAL_GMV"))
    words = told.told.words("SAL_GMV", told.currency)
    moves = [(told.told.brief(code), value) for code, value in zip(STEPS, found.steps, strict=True)]
    steps = [
        (told.year_before, found.then, "absolute"),
        *((label, value, "relative") for label, value in moves),
        (told.month, found.now, "total"),
    ]
    said = [together(label, words.signed(value)) for label, value in moves]
    rows = [_driver_row(told, code, kind) for code, kind in TREE]
    rows += [
        [
            told.label(_("Effect of %(name)s") % {"name": label}),
            *[Cell("", None)] * 2,
            told.change(value),
            Cell("", None),
        ]
        for label, value in moves
    ]
    return Block(
        name,
        title,
        message="\u00a0· ".join(said),
        period=told.both,
        figure=charts.bridge(steps, axis=words.axis, short=words.short, signed=words.signed),
        words=_("%(then)s %(before)s; %(message)s; %(now)s %(after)s. The steps add up exactly.")
        % {
            "then": told.year_before,
            "before": words.short(found.then),
            "message": _(", ").join(said),
            "now": told.month,
            "after": words.short(found.now),
        },
        badge=told.status(DRIVERS),
        head=[_("Driver"), told.month, told.year_before, "Δ", "Δ %"],
        rows=rows,
    )


def _driver_row(told: Counter, code: str, kind: str) -> list[Cell]:
    words = told.told.words(code, told.currency)
    now, then = (told.shop.value(code, one) for one in (told.shop.month, told.shop.year_before))
    change = None if now is None or then is None else now - then
    return [
        told.label(told.told.brief(code), kind=kind),
        told.told.value(words, now),
        told.told.value(words, then),
        told.told.difference(words, change),
        told.grown(change / then if change is not None and then else None),
    ]


@of_sales("platform-share")
def platform_share(told: Counter, name: str) -> Block:
    """Every platform's part of net sales in the twelve months."""
    title = _("Share of net sales by platform, by month")
    platforms, months = told.shop.platforms, told.shop.year
    if not platforms:
        return Block(name, title, why=told.missing("SAL_NET", PLATFORM))
    names = [told.member("platform", code) for code, _part in platforms]
    shares = [[told.shop.share(part, month) for month in months] for _code, part in platforms]
    figure = charts_flow.columns(
        _ticks(told, months),
        [
            (label, f"cat-{place % 7 + 1}", values)
            for place, (label, values) in enumerate(zip(names, shares, strict=True))
        ],
        axis=lambda value: figures.percent(value, 0, told.language),
        exact=lambda value: figures.percent(value, 1, told.language),
        top=1,
    )
    before = [told.shop.share(part, told.shop.year_before) for _code, part in platforms]
    rows = []
    for label, values, (_code, part), then in zip(names, shares, platforms, before, strict=True):
        now, year_before = (
            told.shop.value("SAL_NET", one, part, PLATFORM)
            for one in (told.shop.month, told.shop.year_before)
        )
        points = None if values[-1] is None or then is None else values[-1] - then
        grown = now / year_before - 1 if now is not None and year_before and year_before > 0 else None
        rows.append(
            [
                told.label(label),
                told.amount(now),
                told.percent(values[-1]),
                told.percent(then),
                Cell(figures.points(points, 1, told.language), points),
                told.grown(grown),
            ]
        )
    said = _(", ").join(
        together(label, figures.percent(values[-1], 0, told.language))
        for label, values in zip(names, shares, strict=True)
    )
    return Block(
        name,
        title,
        message=_("%(name)s makes %(share)s of net sales")
        % {"name": names[0], "share": figures.percent(shares[0][-1], 0, told.language)},
        period=_("Twelve months up to %(month)s") % {"month": told.month},
        figure=figure,
        words=_("%(month)s: %(shares)s.") % {"month": told.month, "shares": said},
        badge=told.status(["SAL_NET"], PLATFORM),
        head=[
            _("Platform"),
            told.in_unit(_("Net sales")),
            _("Share"),
            _("Share last year"),
            _("Δ in points"),
            "Δ %",
        ],
        rows=rows,
    )


def _ticks(told: Counter, months) -> list[tuple[str, str]]:
    return [
        (
            told.told.period(one),
            "\n".join(filter(None, sales_words.tick(one, told.language, is_first=place == 0))),
        )
        for place, one in enumerate(months)
    ]


@of_sales("platform-trends")
def platform_trends(told: Counter, name: str) -> Block:
    """A small 6-12 for each platform, all on one scale."""
    title = _("Net sales in %(unit)s by platform, by week and month") % {"unit": told.currency}
    spans = told.told.figures.spans("SAL_NET")
    platforms = told.shop.platforms
    if not platforms:
        return Block(name, title, why=told.missing("SAL_NET", PLATFORM))

    def pairs(part, periods):
        return [
            tuple(told.shop.value("SAL_NET", one, part, PLATFORM) for one in (period, period.year_before()))
            for period in periods
        ]

    charts_of = [
        Small(told.member("platform", code), pairs(part, spans.weeks), pairs(part, spans.months))
        for code, part in platforms
    ]
    words = told.sales
    figure = charts_paths.multiples(
        charts_of,
        weeks=[told.told.period(one) for one in spans.weeks],
        months=[told.told.period(one) for one in spans.months],
        now=_("This year"),
        then=_("Last year"),
        short=words.short,
        exact=words.exact,
    )
    periods = [*spans.weeks, *spans.months]
    rows = [
        [
            told.label(told.told.period(one), one.text),
            *(told.amount([*chart.weeks, *chart.months][place][0]) for chart in charts_of),
        ]
        for place, one in enumerate(periods)
    ]
    latest = [(chart.name, chart.months[-1][0], chart.months[-1][1]) for chart in charts_of]
    said = _(", ").join(
        together(label, f"{words.short(now)} ({figures.signed_percent(now / then - 1, 0, told.language)})")
        if now is not None and then
        else together(label, words.short(now))
        for label, now, then in latest
    )
    return Block(
        name,
        title,
        period=_("Six weeks and twelve months up to %(month)s; last year dotted; one scale for all")
        % {"month": told.month},
        figure=figure,
        words=_("%(month)s and the change on last year: %(platforms)s.")
        % {"month": told.month, "platforms": said},
        badge=told.status(["SAL_NET"], PLATFORM),
        head=[_("Period"), *(told.in_unit(chart.name) for chart in charts_of)],
        rows=rows,
        size="tall",
    )


@of_sales("regions")
def regions(told: Counter, name: str) -> Block:
    """Regions, the largest first, with their change on the year before; the table names their countries."""
    title = _("Net sales in %(unit)s by region") % {"unit": told.currency}
    if why := constant_rates.missing(told):
        return Block(name, title, why=why)
    ranked = told.shop.ranked("region")
    if not ranked:
        return Block(name, title, why=told.missing("SAL_NET", PARTS))
    words, whole = told.sales, sum(row.value or 0 for row in ranked)
    bars = [
        Pinned(told.member("region", row.code, row.count), row.value, row.change, row.change_ratio)
        for row in ranked
    ]
    figure = charts_ranked.pinned(
        bars,
        names=(told.month, _("Δ last year"), _("Δ last year in percent")),
        short=words.short,
        signed=words.signed,
        percent=lambda value: figures.signed_percent(value, 1, told.language),
        better="up",
    )
    moved = sorted((bar for bar in bars if bar.change), key=lambda bar: -abs(bar.change))[:2]
    said = _(", ").join(together(bar.label, words.signed(bar.change)) for bar in moved)
    rows = [_place_row(told, "region", row, whole, "") for row in ranked]
    rows += [_place_row(told, "country", row, whole, "part") for row in told.shop.ranked("country", top=15)]
    shares = _(", ").join(together(bar.label, words.short(bar.value)) for bar in bars)
    return Block(
        name,
        title,
        message=_("Moved most: %(who)s") % {"who": said} if said else "",
        period=constant_rates.period(told),
        figure=figure,
        words=_("%(places)s. Moved most: %(who)s.") % {"places": shares, "who": said or "–"},
        badge=told.status(["SAL_NET"], PARTS),
        head=[_("Region"), told.in_unit(told.month), _("Share"), told.in_unit(told.year_before), "Δ", "Δ %"],
        rows=rows,
    )


def _place_row(told: Counter, dimension: str, row: Ranked, whole, kind: str) -> list[Cell]:
    label = told.member(dimension, row.code, row.count)
    return [
        told.label(label, kind=kind),
        told.amount(row.value),
        told.percent(row.value / whole if row.value is not None and whole else None),
        told.amount(row.reference),
        told.change(row.change),
        told.grown(row.change_ratio),
    ]
