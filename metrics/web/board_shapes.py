"""Shapes that blocks of several boards share: panels of a metric by member, dots, ranks, stacked months, strips."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from metrics.drawings import dots, grids, panels, stacks, steps
from metrics.drawings.dots import Dot
from metrics.drawings.panels import Area, Line, Panel
from metrics.drawings.stacks import Layer
from metrics.web.blocks import Block
from metrics.web.board_split import Split
from metrics.web.board_split import ticks as ticks_of

MOST = 8


def sentences(*parts: str) -> str:
    """Parts of a text, each closed as the language closes a sentence."""
    return " ".join(_("%(sentence)s.") % {"sentence": part} for part in parts if part)


def told_ends(split: Split, code: str, named: Sequence[tuple[str, Decimal | None]]) -> str:
    """“Highest: Germany 4.2, lowest: France 1.1”."""
    known = sorted(((value, name) for name, value in named if value is not None), key=lambda pair: pair[0])
    if not known:
        return split.told.nothing()
    if len(known) == 1:
        return f"{known[0][1]} {split.told_value(code, known[0][0])}"
    said = {
        "high": known[-1][1],
        "most": split.told_value(code, known[-1][0]),
        "low": known[0][1],
        "least": split.told_value(code, known[0][0]),
    }
    return _("Highest: %(high)s %(most)s, lowest: %(low)s %(least)s") % said


def change_of(split: Split, code: str) -> str:
    """“On-time delivery 93.1 %, −0.4 pp on last year”."""
    value, compared = split.value(code), split.compared(code)
    said = {"name": split.told.brief(code), "value": split.told_value(code, value)}
    if value is None or not compared.comparable:
        return _("%(name)s %(value)s") % said
    return _("%(name)s %(value)s, %(change)s on last year") % (
        said | {"change": split.words(code).change(compared)}
    )


def panels_by(
    split: Split, code: str, dimension: str, *, areas: Sequence[Area] = (), limit: Decimal | None = None,
    from_zero: bool = False, most: int = MOST, weekly: bool = False,
) -> Block:  # fmt: skip
    """`code` over thirteen months (or weeks) for each member, on one scale, over the year before where it was read."""
    periods = split.weeks if weekly else split.months
    members = split.members(code, dimension, periods)[:most]
    if not members:
        return split.empty(split.figure(code).why)
    values = {member: split.over(code, periods, **{dimension: member}) for member in members}
    words = split.words(code)
    drawn = [
        Panel(
            split.name(dimension, one), [Line(split.told.month, "ac", values[one])], words.short, areas, limit
        )
        for one in members
    ]
    labels = [split.told.period(one) for one in periods]
    ticks = ticks_of(periods, split.told.language)
    figure = panels.panels(drawn, labels=labels, ticks=ticks, axis=words.axis, from_zero=from_zero)
    named = [(split.name(dimension, one), values[one][-1]) for one in members]
    columns = [(code, split.name(dimension, one), values[one]) for one in members]
    head, rows = split.series(columns, periods)
    message = change_of(split, code)
    said = sentences(message, told_ends(split, code, named))
    title = _("%(name)s, by %(dimension)s") % {
        "name": split.titled(code),
        "dimension": split.said(dimension),
    }
    return split.block(
        figure, message=message, words=said, head=head, rows=rows, title=title, period=split.span(weekly)
    )


def beside(split: Split, block: Block, *codes: str) -> Block:
    """`block`, whose rows are the thirteen months, with figures of the whole company as further columns."""
    if not block.rows:
        return block
    codes = [code for code in codes if split.opens(code)]
    head = [*block.head, *(_("%(name)s, all") % {"name": split.in_unit(code)} for code in codes)]
    rows = [
        [*row, *(split.cell(code, split.value(code, one)) for code in codes)]
        for row, one in zip(block.rows, split.months, strict=True)
    ]
    return replace(block, head=head, rows=rows)


def dots_by(
    split: Split, code: str, dimension: str, *, beside: Sequence[str] = (), area: tuple | None = None,
    reference: tuple[str, Decimal] | None = None, note: Callable[[str], str] | None = None, most: int = 12,
) -> Block:  # fmt: skip
    """A dot for each member, last year's hollow; further metrics `beside` it in the table."""
    members = split.members(code, dimension)[:most]
    if not members:
        return split.empty(split.figure(code).why)
    words = split.words(code)
    drawn = []
    for one in members:
        compared = split.compared(code, **{dimension: one})
        value = split.value(code, **{dimension: one})
        said = note(one) if note else ""
        drawn.append(
            Dot(split.name(dimension, one), value, compared.value if compared.comparable else None, note=said)
        )
    figure = dots.dots(
        drawn, shown=words.short, axis=words.axis, name=split.told.month, before=_("Last year"), reference=reference,
        area=area,
    )  # fmt: skip
    head, rows = split.table((code, *(one for one in beside if split.opens(one))), dimension, members)
    message = told_ends(split, code, [(one.label, one.value) for one in drawn])
    title = _("%(name)s, by %(dimension)s") % {
        "name": split.titled(code),
        "dimension": split.said(dimension),
    }
    return split.block(figure, message=message, words=sentences(change_of(split, code), message), head=head, rows=rows,
                       title=title, period=_("%(month)s, last year hollow") % {"month": split.told.month})  # fmt: skip


def pareto_by(split: Split, code: str, dimension: str) -> Block:
    """Members by how many cases they have, and what they make together; the metric itself in the table."""
    found = []
    for member in split.members(code, dimension):
        counted, cases = split.cases(code, **{dimension: member})
        counted = split.value(code, **{dimension: member}) if counted is None else counted
        if counted:
            found.append((member, counted, cases))
    if not found:
        return split.empty(split.figure(code).why)
    found.sort(key=lambda row: -row[1])
    whole = sum(row[1] for row in found)
    drawn = [(split.name(dimension, member), counted) for member, counted, _cases in found]
    figure = steps.pareto(
        drawn, shown=lambda value: split.count(value).text, share=split.percent, name=split.told.brief(code)
    )
    head = [split.heading(dimension), _("Cases"), _("Share"), split.in_unit(code)]
    rows = [
        [
            split.told.label(split.name(dimension, member), member),
            split.count(counted),
            split.ratio(counted / whole),
            split.cell(code, split.value(code, **{dimension: member})),
        ]
        for member, counted, _cases in found
    ]
    first = {"name": drawn[0][0], "share": split.percent(found[0][1] / whole)}
    message = _("Most: %(name)s, %(share)s of all cases") % first
    title = _("%(name)s: cases by %(dimension)s, largest first") % {
        "name": split.told.brief(code), "dimension": split.said(dimension),
    }  # fmt: skip
    return split.block(
        figure,
        message=message,
        words=sentences(message, change_of(split, code)),
        head=head,
        rows=rows,
        title=title,
    )


def stacked_months(split: Split, total: str, codes: Sequence[str]) -> Block:
    """Parts of a sum as columns of thirteen months."""
    codes = [code for code in codes if split.opens(code)]
    values = {code: split.over(code, split.months) for code in codes}
    codes = [code for code in codes if any(values[code])]
    if not codes:
        return split.empty(split.figure(total).why)
    layers = [
        Layer(split.told.brief(code), f"cat-{place + 1}", values[code]) for place, code in enumerate(codes)
    ]
    whole, words = split.over(total, split.months), split.words(codes[0])
    figure = stacks.columns(
        layers, labels=split.labels, ticks=split.ticks, axis=words.axis, shown=words.short
    )
    columns = [(code, split.in_unit(code), values[code]) for code in codes] + [
        (total, split.in_unit(total), whole)
    ]
    head, rows = split.series(columns)
    message = change_of(split, total)
    largest = [(split.told.brief(code), values[code][-1]) for code in codes]
    said = sentences(message, told_ends(split, codes[0], largest))
    return split.block(figure, message=message, words=said, head=head, rows=rows, title=split.titled(total),
                       period=split.span())  # fmt: skip


def strip_by(split: Split, code: str, dimension: str, kind: Callable[[Decimal], str], *, marks: dict[str, str],
             weekly: bool = False) -> Block:  # fmt: skip
    """A row of cells for each member; `kind` judges a value; the state stands as a mark too."""
    periods = split.weeks if weekly else split.months
    members = split.members(code, dimension, periods)
    if not members:
        return split.empty(split.figure(code).why)
    words, drawn = split.words(code), []
    values = {member: split.over(code, periods, **{dimension: member}) for member in members}
    for member in members:
        cells = []
        for one, value in zip(periods, values[member], strict=True):
            if value is None:
                cells.append(None)
                continue
            state = kind(value)
            shown = marks[state] if weekly else f"{words.short(value)} {marks[state]}".strip()
            cells.append(grids.Cell(state, shown, f"{split.told.period(one)}: {words.short(value)}"))
        drawn.append((split.name(dimension, member), cells))
    figure = grids.grid(drawn, ticks=ticks_of(periods, split.told.language))
    columns = [(code, split.name(dimension, one), values[one]) for one in members]
    head, rows = split.series(columns, periods)
    message = change_of(split, code)
    named = [(split.name(dimension, one), values[one][-1]) for one in members]
    said = sentences(message, told_ends(split, code, named))
    title = _("%(name)s, by %(dimension)s") % {
        "name": split.titled(code),
        "dimension": split.said(dimension),
    }
    return split.block(
        figure, message=message, words=said, head=head, rows=rows, title=title, period=split.span(weekly)
    )


def months_of_codes(split: Split, codes: Sequence[str]) -> Block:
    """Each metric in a panel with a scale of its own, over thirteen months."""
    drawn, columns = [], []
    for code in codes:
        values = split.over(code, split.months)
        if any(value is not None for value in values):
            drawn.append(
                Panel(
                    split.titled(code), [Line(split.told.brief(code), "ac", values)], split.words(code).short
                )
            )
            columns.append((code, split.in_unit(code), values))
    if not drawn:
        return split.empty(split.figure(codes[0]).why)
    figure = panels.panels(drawn, labels=split.labels, ticks=split.ticks)
    message = change_of(split, columns[0][0])
    said = sentences(*(change_of(split, code) for code, *_rest in columns))
    head, rows = split.series(columns)
    return split.block(figure, message=message, words=said, head=head, rows=rows, period=split.span())
