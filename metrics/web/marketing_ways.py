"""Blocks of the marketing board: from impression to payment, campaigns, acquisition cost, retention."""

from django.utils.translation import gettext as _

from metrics.boards import spans
from metrics.drawings import dots, grids, panels, steps
from metrics.drawings.dots import Dot
from metrics.drawings.panels import Line, Panel
from metrics.drawings.steps import Step
from metrics.series import share
from metrics.web import board_shapes
from metrics.web.board_makers import Told, makes
from metrics.web.board_split import Split
from reviewhub.ui import figures


@makes("ad-funnel")
def ad_funnel(told: Told, spec):
    """Impressions and clicks of ads, then sessions, carts, checkouts and payments of the own site."""
    split = Split(told, spec)
    before = split.month.year_before()
    now, then = ways(split, split.month), ways(split, before)
    if not any(now.values()):
        return split.empty(split.figure("MKT_IMP").why)
    names, drawn, rows = way_names(), [], []
    for code, above in STEPS:
        rate = share(now[code], now.get(above))
        former = share(then[code], then.get(above))
        change = None if rate is None or former is None else rate - former
        drawn.append(Step(names[code], now[code], rate, change))
        points = figures.points(change, 2, told.language) if change is not None else "–"
        rows.append(
            [told.label(names[code], code), split.count(now[code]), split.count(then[code]), split.ratio_fine(rate),
             type(split.count(None))(points, None if change is None else round(change, 6))]
        )  # fmt: skip
    figure = steps.funnel(
        drawn, shown=lambda v: figures.magnitude(v, told.language), rate=lambda v: split.percent(v, 2),
        points=lambda v: figures.points(v, 2, told.language), now=told.month, change=_("Δ last year"),
    )  # fmt: skip
    said = {
        "ctr": split.percent(drawn[1].rate, 2),
        "cart": split.percent(share(now["paid"], now["carts"]), 1),
    }
    message = _("%(ctr)s of impressions are clicked, %(cart)s of carts are paid") % said
    words = _(
        "%(message)s. Sessions also come without an ad, so that no rate leads from clicks to sessions."
    ) % {"message": message}
    head = [_("Step"), told.month, told.period(before), _("Share of the step before"), _("Δ last year")]
    return split.block(figure, message=message, words=words, head=head, rows=rows,
                       period=split.against_last_year)  # fmt: skip


# A step and the one that it is a share of.
STEPS = (("impressions", ""), ("clicks", "impressions"), ("sessions", ""), ("carts", "sessions"),
         ("checkouts", "carts"), ("paid", "checkouts"))  # fmt: skip


def ways(split: Split, period) -> dict:
    paid, carts = split.cases("TEC_CART_CVR", period)
    found = {"impressions": split.value("MKT_IMP", period), "clicks": split.value("MKT_CLK", period)}
    found |= {"sessions": split.value("MKT_SESS", period), "carts": carts}
    return found | {"checkouts": split.cases("TEC_PAY_OK", period)[1], "paid": paid}


def way_names() -> dict[str, str]:
    return {
        "impressions": _("Impressions"), "clicks": _("Clicks"), "sessions": _("Sessions"), "carts": _("Carts"),
        "checkouts": _("Checkouts"), "paid": _("Paid sessions"),
    }  # fmt: skip


@makes("campaigns")
def campaigns(told: Told, spec):
    """Conversion of each campaign, last year's hollow; impressions, clicks and click-through in the table."""
    split = Split(told, spec)
    return board_shapes.dots_by(
        split, "MKT_CVR", "campaign", beside=("MKT_CTR", "MKT_IMP", "MKT_CLK", "MKT_AD_ORD")
    )


@makes("cac-dots")
def cac_dots(told: Told, spec):
    """What a new customer costs on each paid channel, against what one is worth in 180 days."""
    split = Split(told, spec)
    members = [
        one for one in split.members("MKT_CAC_PAID", "channel") if split.value("MKT_CAC_PAID", channel=one)
    ]
    if not members:
        return split.empty(split.figure("MKT_CAC_PAID").why)
    ripe = next((one for one in spans.up_to(split.month)[::-1] if split.is_ripe("MKT_LTV180", one)), None)
    worth = split.value("MKT_LTV180", ripe) if ripe else None
    words = split.words("MKT_CAC_PAID")
    drawn = [cost(split, one) for one in members]
    reference = (_("Value of 180 days %(value)s") % {"value": words.short(worth)}, worth) if worth else None
    figure = dots.dots(drawn, shown=words.short, axis=words.axis, name=told.month, before=_("Last year"),
                       reference=reference)  # fmt: skip
    message = board_shapes.change_of(split, "MKT_CAC")
    over = [one.label for one in drawn if worth and one.value > worth]
    if over:
        message = _("%(names)s: a new customer costs more than it is worth in 180 days") % {
            "names": _(", ").join(over)
        }
    said = board_shapes.sentences(
        message, board_shapes.told_ends(split, "MKT_CAC_PAID", [(one.label, one.value) for one in drawn])
    )
    if ripe:
        said += " " + _("The line is the cohort of %(month)s, the newest that is 180 days old.") % {
            "month": told.period(ripe)
        }
    head, rows = split.table(("MKT_CAC_PAID", "MKT_LTV180"), "channel", members)
    title = _("%(name)s, by %(dimension)s") % {
        "name": split.titled("MKT_CAC_PAID"),
        "dimension": split.said("channel"),
    }
    return split.block(figure, message=message, words=said, head=head, rows=rows, title=title,
                       period=_("%(month)s, last year hollow") % {"month": told.month})  # fmt: skip


def cost(split: Split, member: str) -> Dot:
    compared = split.compared("MKT_CAC_PAID", channel=member)
    before = compared.value if compared.comparable else None
    return Dot(split.name("channel", member), split.value("MKT_CAC_PAID", channel=member), before)


@makes("retention-heat")
def retention_heat(told: Told, spec):
    """Cohorts by month across, channels down: how many bought again in 90 days; what is not ripe is hatched."""
    split = Split(told, spec)
    members = split.members("MKT_RET90", "channel", split.months)
    if not members:
        return split.empty(split.figure("MKT_RET90").why)
    values = {one: split.over("MKT_RET90", split.months, channel=one) for one in members}
    ripe = [split.is_ripe("MKT_RET90", one) for one in split.months]
    shades = grids.shades([value for one in members for value in values[one]])
    cells, words = [], split.words("MKT_RET90")
    for row, member in enumerate(members):
        own = shades[row * len(ripe) : (row + 1) * len(ripe)]
        cells.append((split.name("channel", member), [
            None if value is None else grids.Cell(shade if done else "immature", words.short(value),
                                                  f"{label}: {words.short(value)}")
            for value, shade, done, label in zip(values[member], own, ripe, split.labels, strict=True)
        ]))  # fmt: skip
    figure = grids.grid(cells, ticks=split.ticks)
    last = next((place for place in range(len(ripe) - 1, -1, -1) if ripe[place]), None)
    message = _("No cohort is 90 days old yet")
    if last is not None:
        whole = split.value("MKT_RET90", split.months[last])
        message = _("Of the cohort of %(month)s %(share)s bought again in 90 days") % {
            "month": split.labels[last], "share": words.short(whole),
        }  # fmt: skip
    said = _("%(message)s. %(count)s cohorts are younger than that and hatched.") % {
        "message": message, "count": ripe.count(False),
    }  # fmt: skip
    head, rows = split.series([("MKT_RET90", split.name("channel", one), values[one]) for one in members])
    title = _("%(name)s, by channel and month of the first order") % {"name": told.brief("MKT_RET90")}
    return split.block(
        figure, message=message, words=said, head=head, rows=rows, title=title, period=split.span()
    )


@makes("retention-curves")
def retention_curves(told: Told, spec):
    """Repeat rate, 90-day retention and 180-day value of cohorts, each in its panel; unripe points are hollow."""
    split = Split(told, spec)
    drawn, columns = [], []
    for code in spec.metrics:
        values = split.over(code, split.months)
        if not any(values):
            continue
        words = split.words(code)
        hollow = frozenset(place for place, one in enumerate(split.months) if not split.is_ripe(code, one))
        drawn.append(Panel(split.titled(code), [Line(told.brief(code), "ac", values, hollow)], words.short))
        columns.append((code, split.in_unit(code), values))
    if not drawn:
        return split.empty()
    figure = panels.panels(drawn, labels=split.labels, ticks=split.ticks, columns=1 if len(drawn) == 1 else 2)
    message = board_shapes.change_of(split, "MKT_REPEAT")
    said = _(
        "%(message)s. Hollow points are cohorts that are not old enough; each panel has a scale of its own."
    ) % {"message": message}
    head, rows = split.series(columns)
    return split.block(figure, message=message, words=said, head=head, rows=rows, period=split.span())
