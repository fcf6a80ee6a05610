"""Blocks of the finance page that explain a change: net profit, product margin, and from sales to revenue."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from metrics import charts_flow, charts_points, statements
from metrics.charts_points import Dot
from metrics.margins import Earned
from metrics.web.blocks import Block, Cell, rounded
from metrics.web.finance_reader import Ledger, of_books
from metrics.web.sales_reader import together
from reviewhub.ui import figures

# Lines of the income statement that one step of the bridge takes together.
TOGETHER = {
    "FIN_COGS_FRT": gettext_noop("Fulfilment and other cost"),
    "FIN_COGS_OTH": gettext_noop("Fulfilment and other cost"),
    "FIN_EXP_GA": gettext_noop("Administration and R&D"),
    "FIN_EXP_RD": gettext_noop("Administration and R&D"),
    "FIN_SURTAX": gettext_noop("Surtaxes, finance, other"),
    "FIN_EXP_FIN": gettext_noop("Surtaxes, finance, other"),
    "FIN_OTH": gettext_noop("Surtaxes, finance, other"),
}
REST = gettext_noop("Unexplained")
USUAL = Decimal("0.003")  # of revenue: rule ID69


@of_books("profit")
def profit(told: Ledger, name: str) -> Block:
    """Net profit of the year before, what every line did to it, and net profit now."""
    title = _("Change of net profit in %(unit)s") % {"unit": told.board.currency}
    found = told.board.profit_steps
    if found is None:
        return Block(name, title, why=told.missing("FIN_NP"))
    groups = {key: _(group) for key, group in TOGETHER.items()}
    moves = statements.folded(found, groups, told.name)
    then, now = (told.board.value("FIN_NP", one) for one in (told.board.year_before, told.board.month))
    steps = [
        (_("Net profit %(period)s") % {"period": told.year_before}, then, "absolute"),
        *((label, value, "relative") for label, value in moves),
        (_("Net profit %(period)s") % {"period": told.month}, now, "total"),
    ]
    return _bridge(told, name, title, steps, told.both, ["FIN_NP"])


@of_books("to-revenue")
def to_revenue(told: Ledger, name: str) -> Block:
    """What lies between net sales and revenue; the rest that nothing explains is a step of its own."""
    title = _("From net sales to revenue in %(unit)s") % {"unit": told.board.currency}
    found = told.board.sales_to_revenue
    if found is None:
        return Block(name, title, why=told.missing("FIN_REV"))
    kinds = {"SAL_NET": "absolute", "FIN_REV": "total"}
    steps = [
        (_(REST) if code == "REST" else told.name(code), value, kinds.get(code, "relative"))
        for code, value in found
    ]
    rest, revenue = dict(found)["REST"], dict(found)["FIN_REV"]
    share = rest / revenue if revenue else None
    said = {
        "rest": told.money.short(abs(rest)),
        "share": figures.percent(share and abs(share), 2, told.language),
    }
    fits = _("%(rest)s unexplained (%(share)s of revenue), within 0.3 percent")
    misses = _("%(rest)s unexplained (%(share)s of revenue), more than 0.3 percent")
    message = (fits if share is not None and abs(share) <= USUAL else misses) % said
    return _bridge(told, name, title, steps, told.month, ["FIN_REV", "SAL_NET"], message=message)


def _bridge(told, name, title, steps, period, codes, message="") -> Block:
    words = told.money
    moves = [(label, value) for label, value, kind in steps if kind == "relative"]
    most = sorted(moves, key=lambda row: -abs(row[1]))[:2]
    moved = _("Moved most: %(who)s") % {
        "who": _(", ").join(together(label, words.signed(value)) for label, value in most)
    }
    text = _("%(first)s %(before)s; %(moves)s; %(last)s %(after)s. The steps add up exactly.") % {
        "first": steps[0][0],
        "before": words.short(steps[0][1]),
        "moves": _(", ").join(together(label, words.signed(value)) for label, value in moves),
        "last": steps[-1][0],
        "after": words.short(steps[-1][1]),
    }
    rows = [
        [
            Cell(label, label, False, kind="sum" if kind == "total" else ""),
            told.change(value) if kind == "relative" else told.amount(value),
        ]
        for label, value, kind in steps
    ]
    return Block(
        name,
        title,
        message=message or moved,
        period=period,
        figure=charts_flow.long_bridge(steps, short=words.short, signed=words.signed),
        words=text,
        badge=told.board.status(codes),
        head=[_("Step"), told.in_unit(_("Amount"))],
        rows=rows,
        size="tall",
    )


@of_books("margins")
def margins(told: Ledger, name: str) -> Block:
    """Categories by the growth of their sales and their product margin; the bubble is net sales."""
    now, then = told.board.earned(told.board.month), told.board.earned(told.board.year_before)
    title = _("Product margin by category, in percent of net sales")
    if not now:
        return Block(name, title, why=told.missing("FIN_GM_PROD"))
    whole = told.board.value("FIN_GM_PROD")
    dots = [_dot(told, code, one, then.get(code)) for code, one in now.items() if one.rate is not None]
    figure = charts_points.scatter(
        [dot for dot in dots if dot],
        across=_("Change of net sales on last year"),
        up=_("Product margin"),
        shown_x=lambda value: figures.signed_percent(value, 0, told.language),
        shown_y=lambda value: figures.percent(value, 0, told.language),
        lines=(Decimal(0), whole),
    )
    ranked = sorted(now.items(), key=lambda row: -row[1].sales)
    return Block(
        name,
        title,
        message=_margin_message(told, now),
        period=_("%(month)s; size is net sales, the line is the margin of all") % {"month": told.month},
        figure=figure,
        words=_("Product margin of all: %(whole)s. %(message)s.")
        % {"whole": told.ratio(whole).text, "message": _margin_message(told, now)},
        badge=told.board.status(["FIN_GM_PROD"]),
        head=[
            _("Category"),
            told.in_unit(_("Net sales")),
            _("Product margin"),
            _("Last year"),
            _("Δ in points"),
        ],
        rows=[_margin_row(told, code, one, then.get(code)) for code, one in ranked],
        size="tall",
    )


def _dot(told: Ledger, code: str, now: Earned, then: Earned | None) -> Dot | None:
    if then is None or then.sales <= 0:
        return None
    grown, label = now.sales / then.sales - 1, told.board.name("category", code)
    tip = _("%(name)s: margin %(margin)s, net sales %(sales)s, %(change)s") % {
        "name": label,
        "margin": told.ratio(now.rate).text,
        "sales": told.money.short(now.sales),
        "change": figures.signed_percent(grown, 1, told.language),
    }
    return Dot(label, grown, now.rate, now.sales, tip)


def _margin_row(told: Ledger, code: str, now: Earned, then: Earned | None) -> list[Cell]:
    before = then.rate if then else None
    change = None if before is None or now.rate is None else now.rate - before
    label = told.board.name("category", code)
    return [
        Cell(label, label, False),
        told.amount(now.sales),
        told.ratio(now.rate),
        told.ratio(before),
        told.points(change),
    ]


def _margin_message(told: Ledger, now: dict[str, Earned]) -> str:
    known = sorted((one.rate, code) for code, one in now.items() if one.rate is not None)
    low, high = known[0], known[-1]
    return _("From %(low)s (%(worst)s) to %(high)s (%(best)s)") % {
        "low": told.ratio(low[0]).text,
        "worst": told.board.name("category", low[1]),
        "high": told.ratio(high[0]).text,
        "best": told.board.name("category", high[1]),
    }


@of_books("rate-mix")
def rate_mix(told: Ledger, name: str) -> Block:
    """Whether the product margin moved because categories earn differently, or because others were sold."""
    title = _("Change of the product margin, in percentage points")
    found = told.board.rate_mix
    if found is None:
        return Block(name, title, why=_("There is nothing to compare with."))
    then, rate, mix, now = (_decimal(value) for value in (found.then, found.rate, found.mix, found.now))
    moves = [(_("Margins of the categories"), rate), (_("Mix of the categories"), mix)]
    steps = [(told.year_before, then, "sum"), *((*move, "") for move in moves), (told.month, now, "sum")]
    drawn = [*((*move, "relative") for move in moves), (_("Change of the margin"), now - then, "total")]

    def points(value):
        return figures.points(value, 2, told.language)

    def percent(value):
        return figures.percent(value, 2, told.language)

    said = [together(label, points(value)) for label, value in moves]
    rows = [
        [Cell(label, label, False, kind=kind), _share(value, (percent if kind else points)(value))]
        for label, value, kind in steps
    ]
    for code, (own_rate, own_mix) in found.parts.items():
        label = _("of which %(name)s") % {"name": told.board.name("category", code)}
        both = _decimal(own_rate + own_mix)
        rows.insert(-1, [Cell(label, label, False, kind="part"), _share(both, points(both))])
    return Block(
        name,
        title,
        message="\u00a0· ".join(said),
        period=told.both,
        figure=charts_flow.long_bridge(drawn, short=points, signed=points),
        words=_("%(then)s %(before)s; %(moves)s; %(now)s %(after)s. The steps add up exactly.")
        % {
            "then": told.year_before,
            "before": percent(then),
            "moves": _(", ").join(said),
            "now": told.month,
            "after": percent(now),
        },
        badge=told.board.status(["FIN_GM_PROD"]),
        head=[_("Step"), _("Product margin")],
        rows=rows,
    )


def _decimal(value) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _share(value: Decimal, text: str) -> Cell:
    return Cell(text, rounded(value, 8))
