"""Blocks of the explorer: members of a dimension, drivers, price–volume–mix, margin, and what a metric is made from."""

from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from metrics import bridges, charts, dimensions, explore, series
from metrics.board_figures import Measured
from metrics.boards.spec import BlockSpec
from metrics.reasons import dimension_word
from metrics.series import Ranked
from metrics.web.blocks import Block, Cell
from metrics.web.board_makers import CERTIFIED, Told, makes
from metrics.web.sales_reader import together
from metrics.web.sales_words import Words
from reviewhub.ui import figures as numbers

MOST = 12


@makes("explore-parts")
def parts(told: Told, spec: BlockSpec) -> Block:
    """The members of the dimension, largest first, with their change on the year before; each leads further in."""
    code, (by,) = spec.metric, spec.needs[0].by
    dimensions.check(code, (by, *told.figures.where), told.figures.definitions)
    months = [told.figures.month, told.figures.month.year_before()]
    found = {
        key[by]: told.figures.measured(code, told.figures.month, part, by=(by,))
        for key, part in told.figures.members(code, months, (by,))
    }
    whole = told.figures.measured(code, told.figures.month, by=(by,))
    words = told.words(code, whole.figure.currency or next((m.figure.currency for m in found.values()), ""))
    known = {member: one for member, one in found.items() if one.value is not None}
    title = _("%(name)s by %(dimension)s") % {"name": told.name(code), "dimension": dimension_word(by)}
    if not known:
        return Block(
            spec.code, title, why=told.say(whole.figure.why) or told.nothing(), code=code, short=title
        )
    rows = ranked(known, adds_up=words.definition.adds_up)
    labels = [member(told, by, row) for row in rows]
    figure = charts.ranking(
        [
            charts.Bar(n, r.value, r.change, whole.status == CERTIFIED)
            for n, r in zip(labels, rows, strict=True)
        ],
        now=told.month,
        change=_("Δ last year"),
        short=words.short,
        signed=words.signed,
        better=told.better(code),
    )
    head = [dimension_word(by), told.month, told.period(months[1]), "Δ", "Δ %"]
    table = [
        [
            Cell(label, row.code, False, url=inner(told, by, row)),
            told.value(words, row.value),
            told.value(words, row.reference),
            told.difference(words, row.change),
            told.share(words, None if words.definition.is_ratio else row.change_ratio),
        ]
        for label, row in zip(labels, rows, strict=True)
    ]
    message = _(", ").join(
        together(n, words.short(r.value)) for n, r in zip(labels[:3], rows[:3], strict=True)
    )
    period = _("%(now)s against %(then)s") % {"now": told.month, "then": told.period(months[1])}
    said = _("Largest: %(names)s.") % {"names": message}
    return Block(
        spec.code,
        title,
        message,
        period,
        figure,
        said,
        whole.status,
        head,
        table,
        code=code,
        short=title,
        size="tall",
    )


def ranked(known: dict[str, Measured], *, adds_up: bool) -> list[Ranked]:
    """Small members become one row where they add up; of ratios only the first ones are shown."""
    rows = [Ranked(one, m.value, m.py.value if m.py.comparable else None) for one, m in known.items()]
    found = series.ranked(rows, top=MOST if adds_up else len(rows) + 1)
    return found if adds_up else found[:MOST]


def member(told: Told, by: str, row: Ranked) -> str:
    if row.code == series.REST:
        return ngettext("%(count)s other", "%(count)s others", row.count) % {"count": row.count}
    return told.figures.desk.members.name(by, row.code) if row.code else _("Not stated")


def inner(told: Told, by: str, row: Ranked) -> str:
    """The same explorer, of this member alone."""
    if not row.code or row.code == series.REST:
        return ""
    query = {"month": told.figures.month.text, "by": by, **told.figures.where, by: row.code}
    return f"{reverse('explore', args=[told.figures.board.code])}?{urlencode(query)}"


# --- Bridges --------------------------------------------------------------------------------------------------


@makes("explore-drivers")
def drivers(told: Told, spec: BlockSpec) -> Block:
    chain = next(one for one in explore.CHAINS if one.code == spec.code)
    title = " × ".join(told.brief(code) for code in chain.names)
    found = explore.driven(told.figures, chain)
    if isinstance(found, list):
        return reason(told, spec, title, found)
    steps = [(told.brief(code), value) for code, value in found.changes]
    return bridge(told, spec, title, found.then, steps, found.now)


@makes("explore-price-volume-mix")
def price_volume_mix(told: Told, spec: BlockSpec) -> Block:
    code, (by,) = spec.metric, spec.needs[0].by
    codes = (explore.QUANTITIES[code], code)
    dimensions.check(code, (by,), told.figures.definitions)
    title = _("Price, volume and mix by %(dimension)s") % {"dimension": dimension_word(by)}
    if poor := explore.comparable(told.figures, codes, by):
        return reason(told, spec, title, poor)
    found = bridges.price_volume_mix(*explore.pairs(told.figures, codes, by))
    if found is None:
        return Block(spec.code, title, why=told.nothing(), code=code, short=title)
    named = [
        (pgettext("step of a bridge", "Gone"), found.gone),
        (pgettext("step of a bridge", "Volume"), found.volume),
        (pgettext("step of a bridge", "Mix"), found.mix),
        (pgettext("step of a bridge", "Price"), found.price),
        (pgettext("step of a bridge", "New"), found.new),
        (pgettext("step of a bridge", "Exchange rates"), found.fx),
    ]
    steps = [(name, value) for at, (name, value) in enumerate(named) if value or at in (1, 2, 3)]
    return bridge(told, spec, title, found.then, steps, found.now)


@makes("explore-margin-bridge")
def margin_bridge(told: Told, spec: BlockSpec) -> Block:
    code, (by,) = spec.metric, spec.needs[0].by
    title = _("Rate and mix by %(dimension)s") % {"dimension": dimension_word(by)}
    if poor := explore.comparable(told.figures, explore.MARGINS[code], by):
        return reason(told, spec, title, poor)
    found = bridges.margin_bridge(*explore.pairs(told.figures, explore.MARGINS[code], by))
    if found is None:
        return Block(spec.code, title, why=told.nothing(), code=code, short=title)
    steps = [
        (pgettext("step of a bridge", "Rate"), found.rate),
        (pgettext("step of a bridge", "Mix"), found.mix),
    ]
    return bridge(told, spec, title, found.then, steps, found.now)


def reason(told: Told, spec: BlockSpec, title: str, poor: list[Measured]) -> Block:
    whys = [one.figure.why or one.py.why for one in poor]
    why = next((told.say(one) for one in whys if one), _("There is nothing to compare with."))
    return Block(spec.code, title, why=why, code=spec.metric, short=title)


def bridge(
    told: Told, spec, title: str, then: Decimal, steps: list[tuple[str, Decimal]], now: Decimal
) -> Block:
    """A waterfall from the year before to the month; the steps add up exactly."""
    before, code = told.period(told.figures.month.year_before()), spec.metric
    whole = told.figures.measured(code, told.figures.month, by=spec.needs[0].by)
    words = told.words(code, whole.figure.currency)
    bars = [(before, then, "absolute"), *((n, v, "relative") for n, v in steps), (told.month, now, "total")]
    message = "\u00a0· ".join(together(name, signed(words, value)) for name, value in steps)
    said = {"then": before, "before": words.short(then), "message": message, "now": told.month}
    better = told.better(code) or "up"
    return Block(
        spec.code,
        title,
        message=message,
        period=_("%(now)s against %(then)s") % {"now": told.month, "then": before},
        figure=charts.bridge(
            bars, axis=words.axis, short=words.short, signed=lambda value: signed(words, value), better=better
        ),
        words=_("%(then)s %(before)s; %(message)s; %(now)s %(after)s. The steps add up exactly.")
        % (said | {"after": words.short(now)}),
        badge=whole.status,
        head=[_("Step"), told.name(code)],
        rows=[
            [told.label(name), told.difference(words, v) if kind == "relative" else told.value(words, v)]
            for name, v, kind in bars
        ],
        code=code,
        short=title,
    )


def signed(words: Words, value: Decimal) -> str:
    if words.definition.is_ratio:
        return numbers.points(value, 1, words.language)
    return words.signed(value)


# --- What it is made from ------------------------------------------------------------------------------------


@makes("explore-tree")
def tree(told: Told, spec: BlockSpec) -> Block:
    """The metrics of the formula with their own change; each leads to its explorer."""
    code, period = spec.metric, told.figures.month
    rows, bars = [], []
    for one in spec.needs[0].codes[1:]:
        if one not in told.figures.open_codes or one not in told.figures.definitions:
            continue
        found = told.figures.measured(one, period)
        words = told.words(one, found.figure.currency)
        url = f"{reverse('explore', args=[one])}?{urlencode({'month': period.text, **told.figures.where})}"
        change = told.change(words, found.py)
        rows.append(
            [
                Cell(told.name(one), one, False, url=url),
                Cell(words.exact(found.value), found.value),
                Cell(words.exact(found.py.value), found.py.value),
                Cell(change["text"] if change else "–", found.py.change),
            ]
        )
        bars.append(f"{told.brief(one)} {words.short(found.value)}")
    title = _("%(name)s = %(formula)s") % {"name": code, "formula": told.figures.definition(code).formula}
    head = [_("Metric"), told.month, told.period(period.year_before()), "Δ"]
    return Block(
        spec.code, title, _(", ").join(bars), head=head, rows=rows, code=code, short=told.brief(code)
    )
