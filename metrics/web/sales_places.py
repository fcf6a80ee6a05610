"""Two blocks of the sales page: countries and platforms, ranked."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics import charts, series
from metrics.series import Ranked
from metrics.web.blocks import Block, Cell, rounded
from metrics.web.sales_reader import CERTIFIED, Reader, together
from reviewhub.ui import figures


def places(told: Reader, dimension: str, name: str, heading: str) -> Block:
    """Members of a dimension, largest first, with their change on the year before."""
    ranked, words = told.board.ranked(dimension), told.words
    whole = told.measured.figure.value if told.board.definition.adds_up else None  # an average has no shares
    title = _("%(name)s in %(unit)s") % {"name": told.board.definition.name, "unit": told.unit}
    if not ranked:
        return Block(name, title, why=told.say(told.measured.figure.why) or _("No data in these periods."))
    labels = [member(told, dimension, row) for row in ranked]
    bars = [
        charts.Bar(label, row.value, row.change, told.measured.status == CERTIFIED)
        for label, row in zip(labels, ranked, strict=True)
    ]
    better = told.board.definition.direction
    figure = charts.ranking(
        bars,
        now=told.month,
        change=_("Δ last year"),
        short=words.short,
        signed=words.signed,
        better=better if better in ("up", "down") else "",
    )
    head = [
        heading,
        told.in_unit(told.month),
        _("Share"),
        told.in_unit(told.year_before),
        "Δ",
        "Δ %",
    ]
    return Block(
        name,
        title,
        message=moved(told, labels, ranked),
        period=_("%(month)s, and the change on %(then)s") % {"month": told.month, "then": told.year_before},
        figure=figure,
        words=words_of(told, labels, ranked, whole),
        badge=told.measured.status if told.measured.status != "none" else "",
        head=head,
        rows=[cells(told, label, row, whole) for label, row in zip(labels, ranked, strict=True)],
    )


def cells(told: Reader, label: str, row: Ranked, whole: Decimal | None) -> list[Cell]:
    share = series.share(row.value, whole)
    ratio = row.change_ratio
    return [
        Cell(label, label, False),
        told.value(row.value),
        Cell(figures.percent(share, 1, told.language), rounded(share, 4)),
        told.value(row.reference),
        told.change(row.change),
        told.ratio(ratio),
    ]


def member(told: Reader, dimension: str, row: Ranked) -> str:
    if row.code == series.REST:
        return ngettext("%(count)s other", "%(count)s others", row.count) % {"count": row.count}
    return told.board.name(dimension, row.code) if row.code else _("Not stated")


def moved(told: Reader, labels: list[str], ranked: list[Ranked]) -> str:
    """The largest member, and who moved most on last year."""
    changed = [(label, row.change) for label, row in zip(labels, ranked, strict=True) if row.change]
    if not changed:
        share = series.share(ranked[0].value, told.measured.figure.value)
        return _("%(name)s %(value)s, %(share)s of all") % {
            "name": labels[0],
            "value": told.words.short(ranked[0].value),
            "share": figures.percent(share, 0, told.language),
        }
    most = sorted(changed, key=lambda item: -abs(item[1]))[:2]
    joined = _(", ").join(together(label, told.words.signed(change)) for label, change in most)
    return _("Moved most: %(who)s") % {"who": joined}


def words_of(told: Reader, labels: list[str], ranked: list[Ranked], whole: Decimal | None) -> str:
    said = []
    for label, row in zip(labels[:3], ranked[:3], strict=True):
        share = figures.percent(series.share(row.value, whole), 0, told.language)
        said.append(f"{label} {told.words.short(row.value)} ({share})")
    return _("Largest: %(names)s. %(moved)s.") % {
        "names": _(", ").join(said),
        "moved": moved(told, labels, ranked),
    }
