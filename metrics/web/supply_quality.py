"""Blocks of the supply board: quality of suppliers, complaints, customer service."""

from django.utils.translation import gettext as _

from metrics.drawings import panels
from metrics.drawings.panels import Line, Panel
from metrics.web import board_shapes
from metrics.web.board_makers import Told, makes
from metrics.web.board_split import Split
from reviewhub.ui import figures


@makes("yield-panels")
def yield_panels(told: Told, spec):
    """First-pass yield of each supplier over thirteen months, on one scale; the whole and its defects in the table."""
    split = Split(told, spec)
    return board_shapes.beside(
        split, board_shapes.panels_by(split, "SC_YIELD", "supplier"), "SC_YIELD", "SC_DEFECT"
    )


@makes("complaint-pareto")
def complaint_pareto(told: Told, spec):
    return board_shapes.pareto_by(Split(told, spec), "SC_CUST_DEFECT", "category")


@makes("contact-pareto")
def contact_pareto(told: Told, spec):
    return board_shapes.pareto_by(Split(told, spec), "CS_CONTACT", "reason")


@makes("service-panels")
def service_panels(told: Told, spec):
    """First answer, satisfaction and volume over thirteen months; how many answered stands beside satisfaction."""
    split = Split(told, spec)
    drawn, columns = [], []
    for code in ("CS_FRT", "CS_FRT_24", "CS_CSAT", "CS_CONTACT"):
        values = split.over(code, split.months)
        if not any(value is not None for value in values):
            continue
        title = split.titled(code)
        if code == "CS_CSAT":
            number = figures.number(split.cases(code)[1], 0, told.language)
            title = _("%(name)s (n=%(number)s)") % {"name": title, "number": number}
        drawn.append(Panel(title, [Line(told.brief(code), "ac", values)], split.words(code).short))
        columns.append((code, split.in_unit(code), values))
    if not drawn:
        return split.empty(split.figure("CS_FRT").why)
    figure = panels.panels(drawn, labels=split.labels, ticks=split.ticks)
    said = board_shapes.sentences(*(board_shapes.change_of(split, code) for code, *_rest in columns))
    head, rows = split.series(columns)
    if split.opens("CS_CSAT"):
        head.append(_("Answers (n)"))
        for row, one in zip(rows, split.months, strict=True):
            row.append(split.count(split.cases("CS_CSAT", one)[1]))
    return split.block(figure, message=board_shapes.change_of(split, "CS_FRT"), words=said, head=head, rows=rows,
                       period=split.span())  # fmt: skip
