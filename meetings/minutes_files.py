"""Minutes as Markdown and as a Word file, from the same blocks as the page."""

import io
import re

from meetings.minutes_words import HEADING, LIST, TABLE, TEXT, TITLE, Block

A4 = 7_560_000, 10_692_000  # 210 × 297 mm in English metric units
CHINESE = "Microsoft YaHei"
# What Markdown would take for a sign of its own.
SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~])")
STARTS = re.compile(r"^(\s*)([-+]|\d+[.)])(\s)")


def markdown(blocks: list[Block], foot: list[str]) -> str:
    """Every text as it was typed: signs are escaped."""
    made = []
    for block in blocks:
        if block.kind == TITLE:
            made.append(f"# {_plain(block.text)}")
        elif block.kind == HEADING:
            made.append(f"## {_plain(block.text)}")
        elif block.kind == TEXT:
            made.append(_plain(block.text))
        elif block.kind == LIST:
            made.append("\n".join(f"- **{_plain(label)}:** {_plain(text)}" for label, text in block.rows))
        elif block.kind == TABLE:
            rows = [block.head, ("---",) * len(block.head), *block.rows]
            made.append(
                "\n".join(
                    "| " + " | ".join(cell if row[0] == "---" else _plain(cell) for cell in row) + " |"
                    for row in rows
                )
            )
    return "\n\n".join([*made, "---", *map(_plain, foot)]) + "\n"


def _plain(text):
    return STARTS.sub(r"\1\\\2\3", SIGNS.sub(r"\\\1", text))


def word(blocks: list[Block], foot: list[str]) -> bytes:
    """A .docx that says the same."""
    import docx  # noqa: PLC0415 - only where somebody takes such a file along

    made = docx.Document()
    made.sections[0].page_width, made.sections[0].page_height = A4
    # Without a font for Chinese, Word falls back to one for Japanese.
    made.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts().set(
        docx.oxml.ns.qn("w:eastAsia"), CHINESE
    )
    made.core_properties.author = "ReviewHub"
    for block in blocks:
        if block.kind in (TITLE, HEADING):
            made.add_heading(block.text, 0 if block.kind == TITLE else 1)
        elif block.kind == TEXT:
            made.add_paragraph(block.text)
        elif block.kind == LIST:
            for label, text in block.rows:
                said = made.add_paragraph(style="List Bullet")
                said.add_run(f"{label}: ").bold = True
                said.add_run(text)
        elif block.kind == TABLE:
            _table(made, block)
    for line in foot:
        made.add_paragraph(line, style="Caption")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _table(made, block):
    table = made.add_table(rows=1, cols=len(block.head), style="Light Grid Accent 1")
    for row, cells in [
        (table.rows[0].cells, block.head),
        *((table.add_row().cells, one) for one in block.rows),
    ]:
        for cell, text in zip(row, cells, strict=True):
            cell.text = text
