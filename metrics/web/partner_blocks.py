"""Blocks of the partner's board: the shared fate, the service agreed, the way of the parcels."""

from decimal import Decimal

from django.utils.translation import gettext as _

from metrics.drawings import panels, steps
from metrics.drawings.panels import Line, Panel
from metrics.drawings.steps import Step
from metrics.series import share
from metrics.web import board_shapes
from metrics.web.board_makers import Told, makes
from metrics.web.board_split import Split
from reviewhub.ui import figures

THOUSAND = Decimal(1000)


@makes("shared-fate")
def shared_fate(told: Told, spec):
    """What the partner and the company answer for together; complaints and stock-outs where they are shared."""
    split = Split(told, spec)
    drawn, columns = [], []
    for code in (*spec.metrics, "SC_OOS"):
        values = split.over(code, split.months)
        if any(value is not None for value in values):
            hollow = frozenset(at for at, one in enumerate(split.months) if not split.is_ripe(code, one))
            drawn.append(
                Panel(
                    split.titled(code),
                    [Line(told.brief(code), "ac", values, hollow)],
                    split.words(code).short,
                )
            )
            columns.append((code, split.in_unit(code), values))
    told_of = board_shapes.sentences(*(board_shapes.change_of(split, code) for code, *_rest in columns))
    complaints = [per_thousand(split, one) for one in split.months]
    if not columns:
        return split.empty(split.figure("SC_OTD").why)
    head, rows = split.series(columns)
    if any(value is not None for value in complaints):
        name = _("Contacts about delivery per 1,000 parcels")
        short = lambda value: figures.number(value, 1, told.language)  # noqa: E731
        drawn.append(Panel(name, [Line(name, "ac", complaints)], short))
        head.append(name)
        for row, value in zip(rows, complaints, strict=True):
            row.append(split.decimal(value))
        told_of += " " + _("%(name)s: %(value)s.") % {"name": name, "value": short(complaints[-1])}
    figure = panels.panels(drawn, labels=split.labels, ticks=split.ticks)
    message = board_shapes.change_of(split, columns[0][0])
    return split.block(figure, message=message, words=told_of, head=head, rows=rows, period=split.span())


def per_thousand(split: Split, period) -> Decimal | None:
    """Contacts about delivery for each thousand parcels sent; None where the contacts are not shared."""
    asked = split.value("CS_CONTACT", period, reason="delivery")
    sent = split.value("SC_SHIP_PCL", period)
    return None if asked is None or not sent else asked * THOUSAND / sent


@makes("partner-service")
def partner_service(told: Told, spec):
    return board_shapes.months_of_codes(Split(told, spec), spec.metrics)


@makes("parcel-funnel")
def parcel_funnel(told: Told, spec):
    """Parcels sent, delivered within 30 days, still on the way or failed, and with an exception."""
    split = Split(told, spec)
    now, then = parcels(split, split.month), parcels(split, split.month.year_before())
    if not now["shipped"]:
        return split.empty(split.figure("SC_SHIP_PCL").why)
    names = {
        "shipped": _("Shipped"), "delivered": _("Delivered in 30 days"), "open": _("In transit or failed"),
        "exceptions": _("With an exception"),
    }  # fmt: skip
    drawn, rows = [], []
    for step, name in names.items():
        first = step == "shipped"
        rate, former = (None if first else share(one[step], one["shipped"]) for one in (now, then))
        change = None if rate is None or former is None else rate - former
        drawn.append(Step(name, now[step], rate, change))
        rows.append([told.label(name, step), split.count(now[step]), split.count(then[step]), split.ratio_fine(rate),
                     split.points(change)])  # fmt: skip
    figure = steps.funnel(
        drawn, shown=lambda v: figures.number(v, 0, told.language), rate=lambda v: split.percent(v, 2),
        points=lambda v: figures.points(v, 2, told.language), now=told.month, change=_("Δ last year"),
    )  # fmt: skip
    message = board_shapes.change_of(split, "SC_DLV_RATE")
    said = board_shapes.sentences(message, board_shapes.change_of(split, "SC_EXC"))
    before = told.period(split.month.year_before())
    head = [_("Step"), told.month, before, _("Share of what was shipped"), _("Δ last year")]
    return split.block(figure, message=message, words=said, head=head, rows=rows,
                       period=split.against_last_year)  # fmt: skip


def parcels(split: Split, period) -> dict:
    delivered, shipped = split.cases("SC_DLV_RATE", period)
    left = None if delivered is None or shipped is None else shipped - delivered
    return {
        "shipped": shipped,
        "delivered": delivered,
        "open": left,
        "exceptions": split.cases("SC_EXC", period)[0],
    }


@makes("partner-carriers")
def partner_carriers(told: Told, spec):
    """On time by the promise to buyers for each carrier, last year's hollow; its agreement beside it."""
    return board_shapes.dots_by(
        Split(told, spec), "SC_OTD", "carrier", beside=("SC_OTD_SLA", "SC_DLV_DAYS", "SC_EXC")
    )


@makes("partner-dispatch")
def partner_dispatch(told: Told, spec):
    return board_shapes.dots_by(Split(told, spec), "SC_WH_DISP", "warehouse", beside=("SC_WH_SDS",))


@makes("sales-lost")
def sales_lost(told: Told, spec):
    """What would have been sold had nothing been out of stock, beside how much was out of stock."""
    split = Split(told, spec)
    rates, sold = split.over("SC_OOS", split.months), split.over("SAL_NET", split.months)
    missed = [lost(one, rate) for one, rate in zip(sold, rates, strict=True)]
    if all(value is None for value in missed):
        return split.empty(split.figure("SC_OOS").why)
    name, short = _("Sales lost, estimated"), split.words("SAL_NET").short
    drawn = [
        Panel(split.titled("SC_OOS"), [Line(told.brief("SC_OOS"), "ac", rates)], split.words("SC_OOS").short),
        Panel(name, [Line(name, "ac", missed)], short),
    ]
    unit = told.unit("SAL_NET", split.figure("SAL_NET").currency)
    head, rows = split.series(
        [
            ("SC_OOS", split.in_unit("SC_OOS"), rates),
            ("SAL_NET", _("%(name)s (%(unit)s)") % {"name": name, "unit": unit}, missed),
        ]
    )
    message = board_shapes.change_of(split, "SC_OOS")
    if missed[-1] is not None:
        message = _("%(name)s: %(value)s.") % {"name": name, "value": short(missed[-1])} + " " + message
    period = _("%(span)s; net sales × stock-out rate ÷ (1 − stock-out rate)") % {"span": split.span()}
    figure = panels.panels(drawn, labels=split.labels, ticks=split.ticks)
    return split.block(figure, message=message, words=message, head=head, rows=rows, period=period)


def lost(sold: Decimal | None, rate: Decimal | None) -> Decimal | None:
    """sold × r ÷ (1 − r): days out of stock are weighted by forecast sales, so 1 − r of the demand was met."""
    return None if sold is None or rate is None or rate >= 1 else sold * rate / (1 - rate)


@makes("partner-cost")
def partner_cost(told: Told, spec):
    return board_shapes.months_of_codes(Split(told, spec), spec.metrics)
