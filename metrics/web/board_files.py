"""The tables of boards as files: one block as CSV or workbook, a whole board as one workbook."""

from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache

from metrics import table_workbook
from metrics.web import block_origin
from metrics.web.boards import Asked, Numbered, found, noted
from metrics.web.explore import Explored

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@never_cache
def board_csv(request, code, block):
    return csv(Asked(request, found(request.user, code)), code, block)


@never_cache
def board_xlsx(request, code, block=""):
    return xlsx(Asked(request, found(request.user, code)), code, block)


@never_cache
def explorer_csv(request, code, block):
    return csv(Explored(request, code), code, block)


@never_cache
def explorer_xlsx(request, code, block=""):
    return xlsx(Explored(request, code), code, block)


def csv(asked: Asked, code: str, block: str) -> HttpResponse:
    """The same rows as on the screen; 404 for a block that this person does not see or that has none."""
    (one,) = tables_of(asked, block)
    return download(one.block.csv, CSV, f"{named(asked, code, block)}.csv")


def xlsx(asked: Asked, code: str, block: str) -> HttpResponse:
    """One block, or every block that this person sees, as typed cells."""
    sheets = [sheet(asked, one, alone=bool(block)) for one in tables_of(asked, block)]
    return download(table_workbook.workbook(sheets), XLSX, f"{named(asked, code, block)}.xlsx")


def named(asked: Asked, code: str, block: str) -> str:
    """What a file is called: frozen figures after the fingerprint that they stand under. Their reader is noted."""
    noted(asked)
    under = asked.snapshot.short if asked.snapshot else ""
    return "-".join(part for part in (code, block, asked.month.text, under) if part)


def tables_of(asked: Asked, block: str) -> list[Numbered]:
    """The blocks with a table; the one asked for, else all that are shown."""
    if not asked.month:
        raise Http404
    only = asked.page.only(block) if block else [*asked.page.numbered.values()]
    blocks = [one for one in only if one.block.rows]
    if not blocks:
        raise Http404
    return blocks


def sheet(asked: Asked, one: Numbered, *, alone: bool) -> table_workbook.Table:
    """A block as a sheet: its title, period and sentence above, where its numbers come from below."""
    block = one.block
    about = [text for text in (block.title, block.period, block.message) if text]
    rows = [[cell.raw for cell in row] for row in block.rows]
    return table_workbook.Table(
        block.short if alone else f"{one.number} {block.short}",
        about,
        block.head,
        rows,
        block_origin.lines(asked, one.spec),
    )


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
