"""Blocks of the supply board: cost, promise and agreement, delivery time, perfect orders, warehouses."""

from decimal import Decimal

from django.utils.translation import gettext as _

from metrics import charts
from metrics.boards.supply import COSTS
from metrics.drawings import dots, lines, stacks
from metrics.drawings.stacks import Layer
from metrics.web import board_shapes
from metrics.web.board_makers import Told, makes
from metrics.web.board_split import Split
from metrics.web.board_split import ticks as ticks_of

PROMISED = Decimal("0.97")


@makes("logistics-cost")
def logistics_cost(told: Told, spec):
    return board_shapes.stacked_months(Split(told, spec), "SC_LOG_COST", COSTS)


@makes("logistics-rate")
def logistics_rate(told: Told, spec):
    """Cost against net sales in each country, last year's hollow."""
    return board_shapes.dots_by(Split(told, spec), "SC_LOG_RATE", "country")


@makes("leg-shares")
def leg_shares(told: Told, spec):
    """First leg and last mile as parts of a whole, by country, the largest cost first."""
    split = Split(told, spec)
    members = split.members("SC_LM_COST", "country")[:10]
    if not members:
        return split.empty(split.figure("SC_LM_COST").why)
    layers = [
        Layer(told.brief(code), f"cat-{at + 2}", [split.value(code, country=one) for one in members])
        for at, code in enumerate(("SC_FL_SHARE", "SC_LM_SHARE"))
    ]
    names = [split.name("country", one) for one in members]
    figure = stacks.bars(layers, labels=names, shown=split.words("SC_FL_SHARE").short, whole=True)
    message = board_shapes.change_of(split, "SC_FL_SHARE")
    said = board_shapes.sentences(message, board_shapes.change_of(split, "SC_LM_SHARE"))
    head, rows = split.table(spec.metrics, "country", members)
    return split.block(figure, message=message, words=said, head=head, rows=rows,
                       title=_("First leg and last mile, each as a part of both, by country"))  # fmt: skip


@makes("promise-gap")
def promise_gap(told: Told, spec):
    """Two truths of on time: what buyers were promised, and what the carrier agreed to; the gap between is shaded."""
    split = Split(told, spec)
    return gap_block(split, split.months, split.span())


def gap_block(split: Split, periods, period: str):
    promise, agreed = split.over("SC_OTD", periods), split.over("SC_OTD_SLA", periods)
    if not any(promise):
        return split.empty(split.figure("SC_OTD").why)
    told, words = split.told, split.words("SC_OTD")
    labels = [told.period(one) for one in periods]
    names = (_("Promise to buyers"), _("Agreement with carriers"))
    figure = lines.gap(
        (names[0], promise), (names[1], agreed), labels=labels, ticks=ticks_of(periods, told.language),
        axis=words.axis, shown=words.short, target=(_("Goal %(value)s") % {"value": words.short(PROMISED)}, PROMISED),
    )  # fmt: skip
    message = board_shapes.change_of(split, "SC_OTD")
    if promise[-1] is not None and agreed[-1] is not None:
        said = {"promise": words.short(promise[-1]), "agreed": words.short(agreed[-1])}
        message = _("%(promise)s as promised to buyers, %(agreed)s as agreed with carriers") % said
    head = [_("Period"), *(f"{told.brief(code)}" for code in ("SC_OTD", "SC_OTD_SLA")), _("Gap")]
    rows = []
    for one, first, second in zip(periods, promise, agreed, strict=True):
        apart = None if first is None or second is None else second - first
        points = split.points(apart)
        rows.append(
            [
                told.label(told.period(one), one.text),
                split.cell("SC_OTD", first),
                split.cell("SC_OTD_SLA", second),
                points,
            ]
        )
    words_said = board_shapes.sentences(
        message, board_shapes.change_of(split, "SC_OTD"), board_shapes.change_of(split, "SC_OTD_SLA")
    )
    return split.block(figure, message=message, words=words_said, head=head, rows=rows, period=period)


@makes("delivery-strip")
def delivery_strip(told: Told, spec):
    """Mean days of each month and carrier as faint dots, the month as a strong one, by country."""
    split = Split(told, spec)
    members = split.members("SC_DLV_DAYS", "country")[:12]
    if not members:
        return split.empty(split.figure("SC_DLV_DAYS").why)
    carriers = split.members("SC_DLV_DAYS", "carrier")
    drawn = []
    for one in members:
        cases = [
            (f"{told.period(one_month)} · {split.name('carrier', carrier)}", value)
            for one_month in split.months
            for carrier in carriers
            if (value := split.value("SC_DLV_DAYS", one_month, country=one, carrier=carrier)) is not None
        ]
        drawn.append((split.name("country", one), cases, split.value("SC_DLV_DAYS", country=one)))
    words = split.words("SC_DLV_DAYS")
    figure = dots.strip(drawn, shown=words.short, axis=words.axis, name=told.month)
    message = board_shapes.change_of(split, "SC_DLV_DAYS")
    ends = board_shapes.told_ends(split, "SC_DLV_DAYS", [(name, value) for name, _cases, value in drawn])
    said = _("%(message)s. %(ends)s. A faint dot is one month of one carrier, the strong one this month.") % {
        "message": message, "ends": ends,
    }  # fmt: skip
    head, rows = split.table(("SC_DLV_DAYS", "SC_DLV_RATE"), "country", members)
    title = _("%(name)s, by %(dimension)s") % {
        "name": split.titled("SC_DLV_DAYS"),
        "dimension": split.said("country"),
    }
    return split.block(figure, message=message, words=said, head=head, rows=rows, title=title)


@makes("perfect-loss")
def perfect_loss(told: Told, spec):
    """From all orders to the perfect ones: what comes late, and what is short, damaged or without papers."""
    split = Split(told, spec)
    perfect, promised = split.value("SC_PERFECT"), split.value("SC_OTD")
    if perfect is None or promised is None:
        return split.empty()
    words = split.words("SC_PERFECT")
    loss = [
        (_("All orders"), Decimal(1), "absolute"),
        (_("Not in time"), promised - 1, "relative"),
        (_("In time, but short, damaged or without papers"), perfect - promised, "relative"),
        (told.brief("SC_PERFECT"), perfect, "total"),
    ]
    figure = charts.bridge([(wrapped(label), value, kind) for label, value, kind in loss], axis=words.axis,
                           short=words.short, signed=words.signed)  # fmt: skip
    message = board_shapes.change_of(split, "SC_PERFECT")
    said = _("%(message)s. Late %(late)s, for other reasons %(rest)s. The steps add up exactly.") % {
        "message": message, "late": words.signed(promised - 1), "rest": words.signed(perfect - promised),
    }  # fmt: skip
    rows = [[told.label(label, label), split.cell("SC_PERFECT", value)] for label, value, _kind in loss]
    return split.block(
        figure, message=message, words=said, head=[_("Step"), told.brief("SC_PERFECT")], rows=rows
    )


def wrapped(text: str, most: int = 16) -> str:
    """A label for a narrow place; the full words stand in the table."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip(' ,，')}…"


@makes("dispatch-dots")
def dispatch_dots(told: Told, spec):
    """Hours from release to the first scan in each warehouse; stock, use of space and counts in the table."""
    return board_shapes.dots_by(Split(told, spec), "SC_WH_DISP", "warehouse",
                                beside=("SC_WH_SDS", "SC_WH_UNITS", "SC_WH_UTIL", "SC_WH_ACC"))  # fmt: skip


@makes("storage-dots")
def storage_dots(told: Told, spec):
    """What a cubic metre costs a day, by country; storage and handling in the table."""
    return board_shapes.dots_by(
        Split(told, spec), "SC_WH_STOR_CBM", "country", beside=("SC_WH_STOR", "SC_WH_HAND")
    )
