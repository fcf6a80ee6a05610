"""Blocks of the finance board: days of working capital, and departments against their budgets."""

from django.utils.translation import gettext as _

from metrics import charts_flow
from metrics.dimensions import DEPARTMENT
from metrics.finance import Bullet
from metrics.web import sales_words
from metrics.web.blocks import Block, Cell
from metrics.web.finance_reader import Ledger, of_books
from metrics.web.sales_reader import together
from reviewhub.ui import figures


@of_books("cycle")
def cycle(told: Ledger, name: str) -> Block:
    """Days from paying suppliers to being paid: stock and receivables above the line, payables below it."""
    series = {code: told.board.over_time(code) for code in ("SC_DIO", "FIN_DSO", "FIN_DPO", "FIN_CCC")}
    title = _("Cash conversion cycle in days, by month")
    now = {code: rows[-1][1] for code, rows in series.items()}
    if now["FIN_CCC"] is None:
        return Block(name, title, why=told.missing("FIN_CCC"))
    points = [period for period, _value in series["FIN_CCC"]]
    labels = [
        (
            sales_words.period(one, told.language),
            "\n".join(filter(None, sales_words.tick(one, told.language, is_first=place == 0))),
        )
        for place, one in enumerate(points)
    ]
    owed = [None if value is None else -value for _period, value in series["FIN_DPO"]]

    def days(value):
        return figures.number(value, 1, told.language)

    figure = charts_flow.columns(
        labels,
        [
            (told.name("SC_DIO"), "cat-2", [value for _period, value in series["SC_DIO"]]),
            (told.name("FIN_DSO"), "cat-6", [value for _period, value in series["FIN_DSO"]]),
            (told.name("FIN_DPO"), "cat-7", owed),
        ],
        axis=lambda value: figures.number(value, 0, told.language),
        exact=days,
        total=(told.name("FIN_CCC"), [value for _period, value in series["FIN_CCC"]]),
    )
    said = _(", ").join(f"{told.name(code)} {days(now[code])}" for code in ("SC_DIO", "FIN_DSO", "FIN_DPO"))
    message = _("Money is tied up for %(days)s days") % {"days": days(now["FIN_CCC"])}
    rows = [
        [Cell(label, period.text, False), *(told.days(series[code][place][1]) for code in series)]
        for place, ((label, _tick), period) in enumerate(zip(labels, points, strict=True))
    ]
    return Block(
        name,
        title,
        message=message,
        period=_("%(month)s and the twelve months before; payables count against it") % {"month": told.month},
        figure=figure,
        words=_("%(message)s: %(parts)s.") % {"message": message, "parts": said},
        badge=told.board.status(["FIN_CCC"]),
        head=[_("Month"), *(told.name(code) for code in series)],
        rows=rows,
    )


@of_books("budgets")
def budgets(told: Ledger, name: str) -> Block:
    """What every department may spend in the year and spent so far, with the time that is gone."""
    found = told.board.bullets
    title = _("Budget and spending in %(unit)s, by department") % {"unit": told.board.currency}
    if not found:
        return Block(name, title, why=told.missing("FIN_BUD"))
    members = told.told.figures.desk.members
    labels = {one.department: members.name(DEPARTMENT, one.department) for one in found}
    words, gone = told.money, figures.percent(found[0].gone, 0, told.language)
    figure = charts_flow.bullets(
        [(labels[one.department], one.budget, one.actual, one.gone) for one in found],
        budget=_("Budget"),
        actual=_("Spent"),
        time=_("Time gone"),
        short=words.short,
    )
    over = [
        together(labels[one.department], _("over by %(amount)s") % {"amount": words.short(one.over)})
        for one in found
        if one.over
    ]
    message = (
        _("Over budget: %(who)s") % {"who": _(", ").join(over)}
        if over
        else _("Every department is within its budget")
    )
    head = [
        _("Department"),
        told.in_unit(_("Budget")),
        told.in_unit(_("Spent")),
        "Δ",
        _("Spent of budget"),
        _("Time gone"),
        _("State"),
    ]
    return Block(
        name,
        title,
        message=message,
        period=_("Budgets of the year; the tick is the time gone, %(gone)s") % {"gone": gone},
        figure=figure,
        words=_("%(message)s. %(gone)s of the time is gone.") % {"message": message, "gone": gone},
        badge=told.board.status(["FIN_BUD"]),
        head=head,
        rows=[_budget_row(told, labels[one.department], one) for one in found],
    )


def _budget_row(told: Ledger, label: str, one: Bullet) -> list[Cell]:
    share = one.actual / one.budget
    state = _("■ over") if one.over else _("▲ ahead of time") if share > one.gone else _("● within")
    return [
        Cell(label, label, False),
        told.amount(one.budget),
        told.amount(one.actual),
        told.change(one.actual - one.budget),
        told.ratio(share),
        told.ratio(one.gone),
        Cell(state, state, False),
    ]
