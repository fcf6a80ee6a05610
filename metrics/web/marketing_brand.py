"""Blocks of the marketing board: brand and market."""

import math
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.drawings import dots, lines, panels
from metrics.drawings.dots import Dot
from metrics.drawings.panels import Area, Line, Panel
from metrics.web import board_shapes
from metrics.web.board_makers import Told, makes
from metrics.web.board_split import Split

FAIR_PRICE = Decimal(95), Decimal(105)
SURE = Decimal("1.96")


@makes("brand-panels")
def brand_panels(told: Told, spec):
    """Each measure in a panel with a scale of its own, last year dotted."""
    split = Split(told, spec)
    drawn, columns = [], []
    for code in spec.metrics:
        values = split.over(code, split.months)
        if not any(value is not None for value in values):
            continue
        before = split.a_year_before(code, split.months)
        found = [Line(_("This year"), "ac", values)]
        if any(value is not None for value in before):
            found.insert(0, Line(_("Last year"), "py", before))
        drawn.append(Panel(split.titled(code), found, split.words(code).short))
        columns += [(code, split.in_unit(code), values)]
    if not drawn:
        return split.empty(split.figure("MKT_FOLLOW").why)
    figure = panels.panels(drawn, labels=split.labels, ticks=split.ticks)
    codes = [code for code, *_rest in columns]
    message = board_shapes.change_of(split, codes[0])
    said = board_shapes.sentences(*(board_shapes.change_of(split, code) for code in codes))
    head, rows = split.series(columns)
    return split.block(figure, message=message, words=said, head=head, rows=rows, period=split.span())


@makes("awareness-dots")
def awareness(told: Told, spec):
    """The share that knows the brand in each country, with its interval of 95 % and how many were asked."""
    split = Split(told, spec)
    members = split.members("MKT_AWARE", "country")
    if not members:
        return split.empty(split.figure("MKT_AWARE").why)
    drawn, rows, words = [], [], split.words("MKT_AWARE")
    for member in members:
        value = split.value("MKT_AWARE", country=member)
        _known, asked = split.cases("MKT_AWARE", country=member)
        number = (asked or Decimal(0)) / 100  # the template weighs by people × 100
        low, high = interval(value, number)
        name = split.name("country", member)
        drawn.append(Dot(name, value, low=low, high=high, note=f"n={number:.0f}"))
        rows.append([told.label(name, member), split.cell("MKT_AWARE", value), split.cell("MKT_AWARE", low),
                     split.cell("MKT_AWARE", high), split.count(number)])  # fmt: skip
    figure = dots.dots(drawn, shown=words.short, axis=words.axis, name=told.month)
    message = board_shapes.told_ends(split, "MKT_AWARE", [(one.label, one.value) for one in drawn])
    said = _("%(message)s. Bars are intervals of 95 %%; n is how many people were asked.") % {
        "message": message
    }
    head = [split.heading("country"), told.brief("MKT_AWARE"), _("From (95 %)"), _("To (95 %)"), "n"]
    return split.block(figure, message=message, words=said, head=head, rows=rows)


def interval(value: Decimal | None, number: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """The interval of 95 % of a share of `number` people, by the normal approximation, inside 0 … 1."""
    if value is None or number <= 1:
        return None, None
    half = SURE * Decimal(math.sqrt(value * (1 - value) / number)) if 0 < value < 1 else Decimal(0)
    return max(Decimal(0), value - half), min(Decimal(1), value + half)


@makes("share-range")
def share_range(told: Told, spec):
    """The estimate of the month in each country, and between which values it lay in thirteen months."""
    split = Split(told, spec)
    members = split.members("MKT_SHARE", "country")
    if not members:
        return split.empty(split.figure("MKT_SHARE").why)
    drawn, rows, words = [], [], split.words("MKT_SHARE")
    for member in members:
        every = split.over("MKT_SHARE", split.months, country=member)
        known = [value for value in every if value is not None]
        name, value = split.name("country", member), every[-1]
        drawn.append(Dot(name, value, low=min(known), high=max(known)))
        rows.append(
            [
                told.label(name, member),
                *(split.cell("MKT_SHARE", one) for one in (value, min(known), max(known))),
            ]
        )
    figure = dots.dots(drawn, shown=words.short, axis=words.axis, name=told.month)
    message = board_shapes.told_ends(split, "MKT_SHARE", [(one.label, one.value) for one in drawn])
    said = _("%(message)s. An estimate; bars span the lowest and the highest of thirteen months.") % {
        "message": message
    }
    head = [
        split.heading("country"),
        told.brief("MKT_SHARE"),
        _("Lowest of 13 months"),
        _("Highest of 13 months"),
    ]
    return split.block(figure, message=message, words=said, head=head, rows=rows)


@makes("price-band")
def price_band(told: Told, spec):
    """The own price against rivals in each country; between 95 and 105 it is alike."""
    split = Split(told, spec)
    return board_shapes.panels_by(split, "MKT_PRICE_IDX", "country", areas=[Area("band", *FAIR_PRICE)])


@makes("market-events")
def market_events(told: Told, spec):
    """How many notes on rivals, customers and rules each month brought, by country; the market in the table."""
    split = Split(told, spec)
    members = split.members("MKT_COMP_EVT", "country", split.months)
    if not members:
        return split.empty(split.figure("MKT_COMP_EVT").why)
    values = {one: split.over("MKT_COMP_EVT", split.months, country=one) for one in members}
    growth = split.over("MKT_MKT_YOY", split.months)
    drawn = [
        (
            split.name("country", member),
            [
                (place, split.count(value).text, f"{split.labels[place]}: {split.count(value).text}")
                for place, value in enumerate(values[member])
                if value
            ],
        )
        for member in members
    ]
    figure = lines.timeline(drawn, ticks=split.ticks)
    total = split.value("MKT_COMP_EVT")
    said = {"month": told.month, "count": split.count(total or Decimal(0)).text}
    message = ngettext("%(count)s note on the market in %(month)s", "%(count)s notes on the market in %(month)s",
                       int(total or 0)) % said  # fmt: skip
    words = board_shapes.sentences(message, board_shapes.change_of(split, "MKT_MKT_YOY"))
    columns = [("MKT_COMP_EVT", split.name("country", one), values[one]) for one in members]
    head, rows = split.series([*columns, ("MKT_MKT_YOY", split.in_unit("MKT_MKT_YOY"), growth)])
    return split.block(figure, message=message, words=words, head=head, rows=rows, period=split.span())
