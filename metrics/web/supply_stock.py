"""Blocks of the supply board: stock, cover, lead time, purchasing."""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from metrics import lots
from metrics.boards.supply import STAGES
from metrics.drawings import stacks, steps
from metrics.drawings.stacks import Layer
from metrics.peaks import Peak
from metrics.units import weight_code
from metrics.web import board_shapes, peak_words
from metrics.web.board_makers import Told, makes
from metrics.web.board_split import SCALE, Split

STATES = ("sellable", "reserved", "in_transit", "unsellable")
SHORT, LONG, TOO_LONG = 14, 60, 90
AHEAD = 62  # days: from when on a peak is told of
MARKS = {"bad": "✕", "watch": "!", "good": "✓", "muted": ""}
MIDDLE, SLOW = Decimal("0.5"), Decimal("0.9")


@makes("stock-days")
def stock_days(told: Told, spec):
    """Days of inventory of each category over thirteen months, on one scale; the whole and its rate in the table."""
    split = Split(told, spec)
    return board_shapes.beside(
        split, board_shapes.panels_by(split, "SC_DIO", "category"), "SC_DIO", "SC_TURN"
    )


@makes("stock-status")
def stock_status(told: Told, spec):
    """The value in each warehouse by status; the share that is older than 180 days in the table."""
    split = Split(told, spec)
    places = split.members("SC_INV_VAL", "warehouse")
    found = split.members("SC_INV_VAL", "status")
    if not places:
        return split.empty(split.figure("SC_INV_VAL").why)
    states = [one for one in STATES if one in found] + [one for one in found if one not in STATES]
    worth = {
        one: [split.value("SC_INV_VAL", warehouse=place, status=one) for place in places] for one in states
    }
    words = split.words("SC_INV_VAL")
    layers = [Layer(split.name("status", one), f"cat-{at + 2}", worth[one]) for at, one in enumerate(states)]
    names = [split.name("warehouse", one) for one in places]
    figure = stacks.bars(layers, labels=names, shown=words.short)
    aged = split.value("SC_AGED180")
    message = board_shapes.change_of(split, "SC_INV_VAL")
    said = _("%(message)s. %(share)s of it is older than 180 days.") % {
        "message": message, "share": split.words("SC_AGED180").short(aged),
    }  # fmt: skip
    head = [split.heading("warehouse"), *(split.name("status", one) for one in states), split.in_unit("SC_INV_VAL"),
            split.in_unit("SC_AGED180")]  # fmt: skip
    rows = [
        [
            told.label(name, place),
            *(split.cell("SC_INV_VAL", worth[one][at]) for one in states),
            split.cell("SC_INV_VAL", split.value("SC_INV_VAL", warehouse=place)),
            split.cell("SC_AGED180", split.value("SC_AGED180", warehouse=place)),
        ]
        for at, (place, name) in enumerate(zip(places, names, strict=True))
    ]
    title = _("%(name)s, by warehouse and status") % {"name": split.titled("SC_INV_VAL")}
    return split.block(figure, message=message, words=said, head=head, rows=rows, title=title)


@makes("stock-cover")
def stock_cover(told: Told, spec):
    """How long the stock of each warehouse lasts, month by month: short, right, long."""
    split = Split(told, spec)
    found = board_shapes.strip_by(split, "SC_DOC", "warehouse", cover_state, marks=MARKS)
    return (
        replace(found, judged=" ".join(reaches(split, one) for one in peaks_ahead(told)))
        if found.rows
        else found
    )


def peaks_ahead(told: Told) -> list[Peak]:
    """The seasons whose peak begins within two months of the last day of the month."""
    last = told.figures.month.last
    return [one for one in told.figures.peaks if 0 < (one.starts - last).days <= AHEAD]


def reaches(split: Split, one: Peak) -> str:
    """“27 days to the peak of Black Friday 2026: cover of 41.2 days reaches it.”, with the warehouses that do not."""
    told, left = split.told, (one.starts - split.month.last).days
    cover = split.value("SC_DOC")
    said = {
        "left": left,
        "season": peak_words.name(one, told.language),
        "cover": split.told_value("SC_DOC", cover),
    }
    if cover is None:
        return ""
    whole = (
        _("%(left)s days to the peak of %(season)s: cover of %(cover)s reaches it.")
        if cover >= left
        else _("%(left)s days to the peak of %(season)s: cover of %(cover)s does not reach it.")
    ) % said
    values = {place: split.value("SC_DOC", warehouse=place) for place in split.members("SC_DOC", "warehouse")}
    short = [
        split.name("warehouse", place)
        for place, value in values.items()
        if value is not None and value < left
    ]
    if not short:
        return whole
    return peak_words.sentences_of(
        whole, _("Not in %(names)s.") % {"names": _(", ").join(sorted(short))}, told.language
    )


def cover_state(days: Decimal) -> str:
    """Under 14 days short, 30 to 60 as it should be, over 90 too long."""
    if days < SHORT:
        return "bad"
    return "watch" if days > TOO_LONG else "muted"


@makes("stock-short")
def stock_short(told: Told, spec):
    """Two warnings side by side: what ran out, and what does not move."""
    split = Split(told, spec)
    return board_shapes.months_of_codes(split, spec.metrics)


@makes("lead-time")
def lead_time(told: Told, spec):
    """Mean days of each stage by category, one bar each; half and nine tenths of the lots in the table."""
    split = Split(told, spec)
    places = sorted(split.members("SC_LT_SUP", "category"))
    if not places:
        return split.empty(split.figure("SC_LT_TOTAL").why)
    whole = {place: split.value("SC_LT_TOTAL", category=place) for place in places}
    places.sort(key=lambda place: -(whole[place] or 0))
    layers = [
        Layer(told.brief(code), f"cat-{at + 2}", [split.value(code, category=place) for place in places])
        for at, code in enumerate(STAGES)
    ]
    words = split.words("SC_LT_TOTAL")
    names = [split.name("category", place) for place in places]
    figure = stacks.bars(layers, labels=names, shown=words.short)
    split.read_days(STAGES)
    every = lots.totals([_lots(split, code) for code in STAGES])
    middle, slow = lots.quantile(every, MIDDLE), lots.quantile(every, SLOW)
    message = board_shapes.change_of(split, "SC_LT_TOTAL")
    said = _("%(message)s. Half of the units took %(middle)s days or less, nine tenths %(slow)s.") % {
        "message": message, "middle": words.short(middle), "slow": words.short(slow),
    }  # fmt: skip
    head = [
        split.heading("category"),
        *(split.in_unit(code) for code in (*STAGES, "SC_LT_TOTAL")),
        "P50",
        "P90",
    ]
    rows = []
    for at, (place, name) in enumerate(zip(places, names, strict=True)):
        own = lots.totals([_lots(split, code, place) for code in STAGES])
        cells = [split.cell(code, layer.values[at]) for code, layer in zip(STAGES, layers, strict=True)]
        cells.append(split.cell("SC_LT_TOTAL", whole[place]))
        cells += [split.cell("SC_LT_TOTAL", lots.quantile(own, share)) for share in (MIDDLE, SLOW)]
        rows.append([told.label(name, place), *cells])
    title = _("%(name)s, four stages, by category") % {"name": split.titled("SC_LT_TOTAL")}
    return split.block(figure, message=message, words=said, head=head, rows=rows, title=title)


def _lots(split: Split, code: str, category: str = "") -> dict:
    """(days × units, units) of each lot of the month: what arrived on one day from one supplier by one lane."""
    if not split.opens(code):
        return {}
    sums = split.evaluation.sums
    parts = [{}, {}]
    for place, one in enumerate((code, weight_code(code))):
        for fact in sums.of(one, split.month, unit="D"):
            if not category or fact.members[sums.columns.index("category")] == category:
                key = fact.day, fact.members
                parts[place][key] = parts[place].get(key, 0) + fact.value
    return {
        key: (Decimal(value).scaleb(SCALE), Decimal(parts[1][key]).scaleb(SCALE))
        for key, value in parts[0].items()
        if parts[1].get(key)
    }


@makes("purchase-price")
def purchase_price(told: Told, spec):
    """What was paid more or less than the standard price, by supplier, around nought."""
    split = Split(told, spec)
    members = split.members("SC_PPV", "supplier")
    if not members:
        return split.empty(split.figure("SC_PPV").why)
    values = [(split.name("supplier", one), split.value("SC_PPV", supplier=one)) for one in members]
    words = split.words("SC_PPV")
    figure = steps.around_nought(values, shown=words.signed, name=told.month, better="down")
    head, rows = split.table(("SC_PPV",), "supplier", members)
    message = board_shapes.told_ends(split, "SC_PPV", values)
    title = _("%(name)s, by %(dimension)s") % {
        "name": told.brief("SC_PPV"),
        "dimension": split.said("supplier"),
    }
    said = board_shapes.sentences(board_shapes.change_of(split, "SC_PPV"), message)
    return split.block(figure, message=message, words=said, head=head, rows=rows, title=title)


@makes("supplier-score")
def supplier_score(told: Told, spec):
    """The score of each supplier, last year's hollow; on time and in full in the table."""
    return board_shapes.dots_by(Split(told, spec), "SC_SUP_SCORE", "supplier", beside=("SC_SUP_OTIF",))
