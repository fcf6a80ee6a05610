"""Blocks of the technology board: availability, speed, the cart, features, data."""

from decimal import Decimal

from django.utils.translation import gettext as _

from metrics.drawings import panels, stacks, steps
from metrics.drawings.panels import Area, Line, Panel
from metrics.drawings.stacks import Layer
from metrics.drawings.steps import Step
from metrics.series import share
from metrics.web import board_shapes
from metrics.web.board_makers import Told, makes
from metrics.web.board_split import Split
from reviewhub.ui import figures

PROMISED, NEAR = Decimal("0.999"), Decimal("0.995")
FRESH, STALE = Decimal("0.99"), Decimal("0.95")
# Good up to, poor from, in ms: the bands of web vitals.
LCP, INP = (2_500, 4_000), (200, 500)
MARKS = {"good": "✓", "watch": "!", "bad": "✕"}
MOST = 8


def judge(good: Decimal, poor: Decimal):
    """At `good` or better kept, under `poor` missed, near it between."""
    return lambda value: "good" if value >= good else "watch" if value >= poor else "bad"


@makes("uptime-strip")
def uptime_strip(told: Told, spec):
    """Thirteen weeks of each system; a week is kept from 99.9 % on."""
    split = Split(told, spec)
    return board_shapes.strip_by(
        split, "TEC_UPTIME", "system", judge(PROMISED, NEAR), marks=MARKS, weekly=True
    )


@makes("freshness-strip")
def freshness_strip(told: Told, spec):
    """Thirteen weeks of what each system should have delivered; in time from 99 % on."""
    split = Split(told, spec)
    return board_shapes.strip_by(
        split, "TEC_DATA_FRESH", "system", judge(FRESH, STALE), marks=MARKS, weekly=True
    )


@makes("error-panels")
@makes("conversion-panels")
def panels_of_codes(told: Told, spec):
    return board_shapes.months_of_codes(Split(told, spec), spec.metrics)


@makes("lcp-panels")
def lcp_panels(told: Told, spec):
    return vitals(Split(told, spec), "TEC_LCP", *LCP)


@makes("inp-panels")
def inp_panels(told: Told, spec):
    return vitals(Split(told, spec), "TEC_INP", *INP)


def vitals(split: Split, code: str, good: int, poor: int):
    """A metric of speed in the countries with most visits, on each device, over the bands of good, fair and poor."""
    pairs = most_visited(split, code)
    if not pairs:
        return split.empty(split.figure(code).why)
    told, words = split.told, split.words(code)
    areas = [Area("band", Decimal(0), Decimal(good)), Area("fair", Decimal(good), Decimal(poor)),
             Area("poor", Decimal(poor), Decimal(10**6))]  # fmt: skip
    drawn, columns = [], []
    for country, device in pairs:
        values = split.over(code, split.months, country=country, device=device)
        name = f"{split.name('country', country)} · {split.name('device', device)}"
        drawn.append(Panel(name, [Line(told.brief(code), "ac", values)], words.short, areas))
        columns.append((code, name, values))
    figure = panels.panels(drawn, labels=split.labels, ticks=split.ticks, axis=words.axis)
    named = [(name, values[-1]) for _code, name, values in columns]
    slow = [name for name, value in named if value is not None and value > poor]
    message = board_shapes.change_of(split, code)
    said = _("%(message)s. %(ends)s. Good up to %(good)s ms, poor from %(poor)s ms: %(slow)s.") % {
        "message": message, "ends": board_shapes.told_ends(split, code, named), "good": good, "poor": poor,
        "slow": _(", ").join(slow) or "–",
    }  # fmt: skip
    head, rows = split.series(columns)
    title = _("%(name)s, by country and device") % {"name": split.titled(code)}
    return split.block(
        figure, message=message, words=said, head=head, rows=rows, title=title, period=split.span()
    )


def most_visited(split: Split, code: str) -> list[tuple[str, str]]:
    """(country, device) with figures, those of the countries with most visits first."""
    countries = (
        split.members("MKT_SESS", "country") if split.opens("MKT_SESS") else split.members(code, "country")
    )
    devices = split.members(code, "device")
    found = [(country, device) for country in countries for device in devices
             if split.value(code, country=country, device=device) is not None]  # fmt: skip
    return found[:MOST]


@makes("cart-funnel")
def cart_funnel(told: Told, spec):
    """Sessions, carts, checkouts and payments of the own site, with the rate from each to the next."""
    split = Split(told, spec)
    now, then = visits(split, split.month), visits(split, split.month.year_before())
    if not any(now.values()):
        return split.empty(split.figure("TEC_CART_CVR").why)
    names = {
        "sessions": _("Sessions"),
        "carts": _("Carts"),
        "checkouts": _("Checkouts"),
        "paid": _("Paid sessions"),
    }
    drawn, rows, above = [], [], ""
    for step, name in names.items():
        rate, former = share(now[step], now.get(above)), share(then[step], then.get(above))
        change = None if rate is None or former is None else rate - former
        drawn.append(Step(name, now[step], rate, change))
        rows.append([told.label(name, step), split.count(now[step]), split.count(then[step]), split.ratio(rate),
                     split.points(change)])  # fmt: skip
        above = step
    figure = steps.funnel(
        drawn, shown=lambda v: figures.magnitude(v, told.language), rate=split.percent,
        points=lambda v: figures.points(v, 1, told.language), now=told.month, change=_("Δ last year"),
    )  # fmt: skip
    message = board_shapes.change_of(split, "TEC_CART_CVR")
    said = board_shapes.sentences(
        message, board_shapes.change_of(split, "TEC_SITE_CVR"), board_shapes.change_of(split, "TEC_PAY_OK")
    )
    before = told.period(split.month.year_before())
    head = [_("Step"), told.month, before, _("Share of the step before"), _("Δ last year")]
    return split.block(figure, message=message, words=said, head=head, rows=rows,
                       period=split.against_last_year)  # fmt: skip


def visits(split: Split, period) -> dict:
    paid, carts = split.cases("TEC_CART_CVR", period)
    return {"sessions": split.value("MKT_SESS", period), "carts": carts,
            "checkouts": split.cases("TEC_PAY_OK", period)[1], "paid": paid}  # fmt: skip


@makes("feature-delivery")
def feature_delivery(told: Told, spec):
    """Features due in each month: those delivered in time below, those late above."""
    split = Split(told, spec)
    cases = [split.cases("TEC_FEAT_OT", one) for one in split.months]
    if not any(due for _done, due in cases):
        return split.empty(split.figure("TEC_FEAT_OT").why)
    done = [one[0] for one in cases]
    late = [None if due is None else due - (kept or 0) for kept, due in cases]
    layers = [Layer(_("In time"), "ac", done), Layer(_("Not in time"), "bad", late)]
    number = lambda value: figures.number(value, 0, told.language)  # noqa: E731
    figure = stacks.columns(layers, labels=split.labels, ticks=split.ticks, axis=number, shown=number)
    message = board_shapes.change_of(split, "TEC_FEAT_OT")
    split_rate = split.over("TEC_FEAT_OT", split.months)
    rows = [
        [
            told.label(label, one.text),
            split.count(due),
            split.count(kept),
            split.count(missed),
            split.cell("TEC_FEAT_OT", rate),
        ]
        for label, one, (kept, due), missed, rate in zip(
            split.labels, split.months, cases, late, split_rate, strict=True
        )
    ]
    said = _("%(message)s. Of %(due)s features due in %(month)s %(done)s came in time.") % {
        "message": message, "due": number(cases[-1][1]), "done": number(done[-1]), "month": told.month,
    }  # fmt: skip
    head = [_("Period"), _("Features due"), _("In time"), _("Not in time"), told.brief("TEC_FEAT_OT")]
    return split.block(figure, message=message, words=said, head=head, rows=rows, period=split.span())


@makes("adoption-curves")
def adoption_curves(told: Told, spec):
    """How many of those meant use what was delivered, system by system."""
    return board_shapes.panels_by(Split(told, spec), "TEC_FEAT_ADOPT", "system", from_zero=True)
