"""Two blocks of the sales page: the trend, and what orders and their average value did to it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics import charts
from metrics.sales import Point
from metrics.sources import lowest
from metrics.web import peak_words, sales_words
from metrics.web.blocks import Block, Cell, status_word
from metrics.web.sales_reader import CERTIFIED, Reader, together
from metrics.web.sales_words import Words


def trend(told: Reader) -> Block:
    """The points up to the chosen month over those of the year before."""
    points, words = told.board.trend, told.words
    has_then = any(point.then.value is not None for point in points)
    drawn = [
        charts.Point(
            sales_words.period(point.period, told.language),
            sales_words.tick(point.period, told.language, is_first=place == 0),
            point.now.value,
            point.then.value,
            point.status == CERTIFIED,
        )
        for place, point in enumerate(points)
    ]
    last_year = _("Last year")
    figure = charts.trend(
        drawn, now=_("This year"), then=last_year, axis=words.axis, short=words.short, exact=words.exact
    )
    places = [(drawn[place].label, point.period) for place, point in enumerate(points)]
    figure, said = peak_words.shaded(figure, words_of(told, points), places, told.board.peaks, told.language)
    title = _("%(name)s in %(unit)s, %(grain)s") % {
        "name": told.board.definition.name,
        "unit": told.unit,
        "grain": sales_words.grain_word(told.board.grain),
    }
    columns = [told.in_unit(told.board.definition.name), told.in_unit(last_year)]
    head = [_("Period"), *columns, "Δ", "Δ %", _("Status")]
    return Block(
        "trend",
        title,
        message=told.headline(),
        period=_("%(month)s; last year dotted") % {"month": told.month} if has_then else told.month,
        figure=figure,
        words=said,
        badge=lowest(point.status for point in points if point.status != "none"),
        head=head,
        rows=[row(told, point) for point in points],
    )


def row(told: Reader, point: Point) -> list[Cell]:
    compared = told.board.fair(point)
    return [
        Cell(sales_words.period(point.period, told.language), point.period.text, False),
        told.value(point.now.value),
        told.value(point.then.value),
        told.change(compared.change),
        told.ratio(compared.change_ratio),
        Cell(status_word(point.status), point.status, False),
    ]


def words_of(told: Reader, points: list[Point]) -> str:
    known = [point for point in points if point.now.value is not None]
    if not known:
        return _("No data in these periods.")
    high, low = max(known, key=lambda p: p.now.value), min(known, key=lambda p: p.now.value)
    hollow = sum(point.status != CERTIFIED for point in known)
    text = _("%(message)s. Highest %(high)s in %(when)s, lowest %(low)s in %(then)s.") % {
        "message": told.headline(),
        "high": told.words.short(high.now.value),
        "when": sales_words.period(high.period, told.language),
        "low": told.words.short(low.now.value),
        "then": sales_words.period(low.period, told.language),
    }
    if not hollow:
        return text
    more = ngettext(
        "%(count)s point is not certified yet (hollow).",
        "%(count)s points are not certified yet (hollow).",
        hollow,
    )
    return f"{text} {more % {'count': hollow}}"


def drivers(told: Reader) -> Block:
    """What orders and what their average value did to sales, as a bridge from the year before."""
    found = told.board.drivers
    title = _("Change of %(name)s in %(unit)s") % {"name": told.board.gmv.definition.name, "unit": told.unit}
    if found is None:
        why = next(
            filter(None, (told.board.gmv.compare["py"].why, told.board.orders.compare["py"].why)), None
        )
        return Block("drivers", title, why=told.say(why) or _("There is nothing to compare with."))
    words = Words(told.board.gmv.definition, told.board.gmv.figure.currency)
    names = [told.brief(code) for code in ("SAL_ORD", "SAL_AOV")]
    steps = [
        (told.year_before, found.then, "absolute"),
        (names[0], found.volume, "relative"),
        (names[1], found.value, "relative"),
        (told.month, found.now, "total"),
    ]
    moves = zip(names, (found.volume, found.value), strict=True)
    message = "\u00a0· ".join(together(name, words.signed(value)) for name, value in moves)
    text = _("%(then)s %(before)s; %(message)s; %(now)s %(after)s. The steps add up exactly.") % {
        "then": told.year_before,
        "before": words.short(found.then),
        "message": message,
        "now": told.month,
        "after": words.short(found.now),
    }
    rows = [
        [
            Cell(label, label, False),
            Cell((words.plain_change if kind == "relative" else words.plain)(value), value),
        ]
        for label, value, kind in steps
    ]
    return Block(
        "drivers",
        title,
        message=message,
        period=_("%(now)s against %(then)s") % {"now": told.month, "then": told.year_before},
        figure=charts.bridge(steps, axis=words.axis, short=words.short, signed=words.signed),
        words=text,
        badge=lowest((told.board.gmv.status, told.board.orders.status)),
        head=[_("Step"), told.in_unit(told.board.gmv.definition.name)],
        rows=rows,
    )
