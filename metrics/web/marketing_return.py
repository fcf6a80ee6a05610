"""Blocks of the marketing board: what was spent and what it brought, by channel."""

from decimal import Decimal

from django.utils.translation import gettext as _

from metrics import returns
from metrics.boards.marketing import SPEND
from metrics.drawings import dots, panels
from metrics.drawings.panels import Line, Panel
from metrics.web.board_makers import Told, makes
from metrics.web.board_split import Split
from reviewhub.ui import figures

HUNDRED = Decimal(100)


@makes("spend-index")
def spend_index(told: Told, spec):
    """Spend in total and by kind, and net sales: each in a panel, as an index of its own mean, on one scale."""
    split = Split(told, spec)
    codes = [code for code in ("SAL_NET", "MKT_SPEND", *SPEND) if split.opens(code)]
    values = {code: split.over(code, split.months) for code in codes}
    codes = [code for code in codes if any(values[code])]
    if not codes:
        return split.empty()
    index = {code: returns.indexed(values[code]) for code in codes}
    drawn = [
        Panel(
            told.brief(code),
            [Line(told.brief(code), "ac", index[code])],
            lambda value: f"{value:.0f}",
            limit=HUNDRED,
        )
        for code in codes
    ]
    figure = panels.panels(drawn, labels=split.labels, ticks=split.ticks, axis=lambda value: f"{value:.0f}")
    sales, spend = split.compared("SAL_NET"), split.compared("MKT_SPEND")
    message = _("Spend %(spend)s, net sales %(sales)s on last year") % {
        "spend": split.words("MKT_SPEND").change(spend) or "–",
        "sales": split.words("SAL_NET").change(sales) or "–",
    }
    said = _("%(message)s. Spend was %(spend)s, net sales %(sales)s; 100 is the mean of thirteen months.") % {
        "message": message,
        "spend": split.words("MKT_SPEND").short(split.value("MKT_SPEND")),
        "sales": split.words("SAL_NET").short(split.value("SAL_NET")),
    }
    head, rows = split.series([(code, split.in_unit(code), values[code]) for code in codes])
    title = _("Spend and sales, each against its mean of thirteen months = 100")
    return split.block(figure, message=message, words=said, head=head, rows=rows, title=title,
                       period=_("%(month)s and twelve months before") % {"month": told.month})  # fmt: skip


@makes("channel-scatter")
def channel_scatter(told: Told, spec):
    """Each channel by spend and by what its last money brought: the slope of sales over spend of thirteen months."""
    split = Split(told, spec)
    members = split.members("MKT_SPEND", "channel")
    if not members:
        return split.empty()
    drawn, rows = [], []
    for member in members:
        found = _channel(split, member)
        rows.append(found["row"])
        if found["spend"]:
            drawn.append(
                dots.Channel(found["name"], found["spend"], found["marginal"], found["new"], found["told"])
            )
    money, rate = split.words("MKT_SPEND"), split.words("MKT_ROAS")
    figure = dots.channels(
        drawn, spend=money.axis, rate=lambda v: figures.number(v, 1, told.language), amount=money.axis,
        returns=returns.levels([one.spend * one.marginal for one in drawn if one.marginal is not None]),
    )  # fmt: skip
    best = [one for one in drawn if one.marginal is not None]
    message = said_best(told, best, rate) if best else _("No channel with sales of its own")
    head = [
        split.heading("channel"), split.in_unit("MKT_SPEND"), split.in_unit("MKT_ATTR_SALES"),
        split.in_unit("MKT_ROAS"), _("Marginal ROAS"), _("ROI"), _("Δ last year"), _("New customers"),
    ]  # fmt: skip
    said = _(
        "%(message)s. Curves join equal attributed sales; below the dashed line the last CNY spent does not come back."
    ) % {"message": message}
    title = _("Marginal ROAS over spend in %(unit)s, by channel") % {"unit": split.unit("MKT_SPEND")}
    return split.block(figure, message=message, words=said, head=head, rows=rows, title=title)


def _channel(split: Split, member: str) -> dict:
    sales = split.over("MKT_ATTR_SALES", split.months, channel=member)
    costs = split.over("MKT_SPEND", split.months, channel=member)
    marginal = returns.slope(list(zip(costs, sales, strict=True)))
    spend, name = costs[-1], split.name("channel", member)
    new = split.value("MKT_NEWCUST", channel=member)
    worth = split.value("MKT_ROAS", channel=member) if sales[-1] is not None else None
    gain = split.compared("MKT_ROI", channel=member)
    roi = split.value("MKT_ROI", channel=member) if sales[-1] is not None else None
    rate = figures.number(marginal, 2, split.told.language)
    row = [
        split.told.label(name, member),
        split.cell("MKT_SPEND", spend),
        split.cell("MKT_ATTR_SALES", sales[-1]),
        split.cell("MKT_ROAS", worth),
        split.cell("MKT_ROAS", marginal),
        split.cell("MKT_ROI", roi),
        split.change_cell("MKT_ROI", gain) if roi is not None else split.told.label("–", None),
        split.cell("MKT_NEWCUST", new),
    ]
    told = _("%(name)s: spend %(spend)s, the last unit brought %(rate)s") % {
        "name": name,
        "spend": split.words("MKT_SPEND").short(spend),
        "rate": rate,
    }
    return {"name": name, "spend": spend, "marginal": marginal, "new": new, "told": told, "row": row}


def said_best(told: Told, rows: list, rate) -> str:
    ordered = sorted(rows, key=lambda one: one.marginal)
    said = {"high": ordered[-1].label, "low": ordered[0].label}
    said |= {
        "most": figures.number(ordered[-1].marginal, 1, told.language),
        "least": figures.number(ordered[0].marginal, 1, told.language),
    }
    return _("The last money returned most on %(high)s (%(most)s), least on %(low)s (%(least)s)") % said
