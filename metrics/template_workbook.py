"""A tidy template as a workbook for people: both languages, drop-down lists, notes, an example row. Pure."""

import datetime as dt
import io
from collections.abc import Iterable
from decimal import Decimal

import xlsxwriter

from metrics.intake.template import EXAMPLE, REMARK, Template, TemplateColumn, bilingual

ROWS = 20_000  # so many rows below the header have drop-down lists and limits
CREATED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
GREY, RULE = "#6E695F", "#8A8478"
COMMON = ("CNY", "USD", "EUR", "GBP", "JPY", "HKD")
FORMATS = {
    "date": "yyyy-mm-dd",
    "month": "yyyy-mm",
    "integer": "#,##0",
    "decimal": "#,##0.00##",
    "ratio": "0.00%",
}
KINDS = {
    "date": {"zh": "日期 2026-10-31", "en": "a date, 2026-10-31"},
    "month": {"zh": "月份 2026-10", "en": "a month, 2026-10"},
    "integer": {"zh": "整数", "en": "a whole number"},
    "decimal": {"zh": "数字", "en": "a number"},
    "ratio": {"zh": "比率 8.3%", "en": "a rate, 8.3 %"},
    "choice": {"zh": "从列表中选择", "en": "chosen from the list"},
    "code": {"zh": "代码", "en": "a code"},
    "text": {"zh": "文字", "en": "a text"},
}
REQUIRED = {True: {"zh": "必填", "en": "required"}, False: {"zh": "选填", "en": "optional"}}
STEPS = [
    ("在第一张表填写，从第4行开始。", "Fill in the first sheet, from row 4 on."),
    (
        "前两行是表头和列代码，请保留；第3行是示例，可以留着，导入时忽略。",
        "Rows 1 and 2 are headers and codes, keep them; row 3 is an example and is left out on import.",
    ),
    (
        "选填的列可以删除或留空。不要合并单元格，不要加合计行。",
        "Optional columns may be removed or left blank. Do not merge cells, do not add a total row.",
    ),
    ("列表中的词可以用中文、英文或代码。", "Words of the lists may be Chinese, English or the code."),
    ("填好后在“数据”页上传。", "Upload the file on the page “Data”."),
]


def workbook(template: Template, names: dict[str, tuple[str, str]], rows: Iterable[dict] = ()) -> bytes:
    """The bytes of the XLSX; the same template gives the same bytes.

    names: metric code → (zh, en); rows: filled in below the example, values by column.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": bilingual(template.title), "created": CREATED})
    _Book(book, template).write(names, rows)
    book.close()
    return out.getvalue()


def label(words: dict) -> str:
    """A word of a drop-down list."""
    return bilingual(words)


class _Book:
    def __init__(self, book, template: Template):
        self.book, self.template = book, template
        self.table = book.add_worksheet(template.table)
        self.guide = book.add_worksheet("说明 Guide")
        self.lists = book.add_worksheet("lists")
        self.lists.hide()
        base = {"font_name": "Arial", "font_size": 10, "valign": "vcenter"}
        head = base | {"bold": True, "text_wrap": True, "bottom": 1, "bottom_color": RULE}
        self.styles = {
            "required": book.add_format(head | {"bg_color": "#E6DFD0"}),
            "optional": book.add_format(head | {"bg_color": "#F4F1EA", "bold": False}),
            "code": book.add_format(
                base
                | {"font_name": "Consolas", "font_size": 9, "font_color": GREY, "bottom": 2, "bottom_color": RULE}
            ),
            "title": book.add_format(base | {"bold": True, "font_size": 16}),
            "heading": book.add_format(base | {"bold": True, "font_size": 11, "bottom": 1}),
            "text": book.add_format(base | {"text_wrap": True, "valign": "top"}),
            "muted": book.add_format(base | {"text_wrap": True, "valign": "top", "font_color": GREY}),
        }  # fmt: skip
        self.base = base

    def write(self, names: dict, rows: Iterable[dict]) -> None:
        for place, column in enumerate(self.template.columns):
            self._column(place, column)
        self.table.set_row(0, 42)
        self.table.freeze_panes(2, 1)
        self.table.set_landscape()
        self.table.fit_to_pages(1, 0)
        self.table.repeat_rows(0, 1)
        for number, row in enumerate(rows, 3):
            for place, column in enumerate(self.template.columns):
                self._cell(number, place, row.get(column.name, ""), None)
        self._guide(names)

    def _column(self, place: int, column: TemplateColumn) -> None:
        style = self.styles["required" if column.is_required else "optional"]
        number = {"num_format": FORMATS[column.type]} if column.type in FORMATS else {}
        widest = max(len(column.name), _width(column.title["zh"]), _width(str(column.title["en"])), 9)
        choices = self._choices(column)
        widest = max([widest, *(_width(one) for one in choices if column.choices)])
        width = 44 if column.name in (REMARK, "note", "source_url") else min(widest + 3, 36)
        self.table.set_column(place, place, width, self.book.add_format(self.base | number))
        self.table.write_string(0, place, column.header, style)
        self.table.write_string(1, place, column.name, self.styles["code"])
        self.table.write_comment(
            0, place, note_text(column), {"x_scale": 2.2, "y_scale": 1.6, "font_size": 9}
        )
        example = self.book.add_format(
            self.base | number | {"italic": True, "font_color": RULE, "bg_color": "#FBFAF7"}
        )
        self._example(place, column, example)
        if rule := self._rule(place, column, choices):
            self.table.data_validation(3, place, ROWS, place, rule)

    def _example(self, place: int, column: TemplateColumn, style) -> None:
        value = bilingual(EXAMPLE) if column.name == REMARK else column.example
        if column.choices and value in column.choices:
            value = label(column.choices[value])
        self._cell(2, place, value, style)

    def _cell(self, row: int, place: int, value, style) -> None:
        if isinstance(value, dt.date):
            self.table.write_datetime(row, place, dt.datetime.combine(value, dt.time()), style)
        elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            self.table.write_number(row, place, value, style)
        elif str(value) or style:
            self.table.write_string(row, place, str(value), style)

    def _choices(self, column: TemplateColumn) -> list[str]:
        if column.choices:
            return [label(words) for words in column.choices.values()]
        return list(dict.fromkeys([*(one for one in COMMON if one in column.values), *column.values]))

    def _rule(self, place: int, column: TemplateColumn, choices: list[str]) -> dict | None:
        """What Excel lets people type; the texts are those of the note."""
        told = {
            "error_title": column.header[:32],
            "error_message": bilingual(KINDS[column.type])[:255],
        }
        if choices:
            self.lists.write_column(0, place, choices)
            letter = xlsxwriter.utility.xl_col_to_name(place)
            return told | {"validate": "list", "source": f"=lists!${letter}$1:${letter}${len(choices)}"}
        if column.type in ("date", "month"):
            return told | {"validate": "date", "criteria": ">=", "value": dt.date(2000, 1, 1)}
        if column.type in ("integer", "decimal"):
            low, high = (float(bound) if bound else None for bound in (column.minimum, column.maximum))
            kind = {"validate": column.type}
            if high is not None:
                return told | kind | {"criteria": "between", "minimum": low or 0, "maximum": high}
            return told | kind | {"criteria": ">=", "value": -1e14 if low is None else low}
        return None

    def _guide(self, names: dict) -> None:
        template, sheet = self.template, self.guide
        sheet.hide_gridlines(2)
        for place, width in enumerate((24, 34, 12, 30, 44, 56)):
            sheet.set_column(place, place, width)
        sheet.write_string(0, 0, bilingual(template.title), self.styles["title"])
        sheet.write_string(1, 0, bilingual(template.row), self.styles["muted"])
        row = 3
        for zh, en in [(template.note["zh"], template.note["en"]), *STEPS]:
            sheet.merge_range(row, 0, row, 5, f"{zh}\n{en}", self.styles["text"])
            sheet.set_row(row, 30)
            row += 1
        for place, words in enumerate(("代码 Code", "列 Column", "", "内容 Content", "说明", "Note")):
            sheet.write_string(row + 1, place, words, self.styles["heading"])
        row += 2
        for column in template.columns:
            row = self._guide_row(row, column)
        row = self._guide_list(row + 1, "检查 Checks", [(one["zh"], one["en"]) for one in template.rules])
        shown = [(f"{code}  {names[code][0]}", names[code][1]) for code in template.metrics if code in names]
        self._guide_list(row + 1, "得出的指标 Metrics", shown)

    def _guide_row(self, row: int, column: TemplateColumn) -> int:
        allowed = "、".join(label(one) for one in column.choices.values()) or bilingual(KINDS[column.type])
        cells = (
            column.name,
            column.header,
            bilingual(REQUIRED[column.is_required]),
            allowed,
            column.note.get("zh", ""),
            column.note.get("en", ""),
        )
        for place, text in enumerate(cells):
            self.guide.write_string(row, place, text, self.styles["code" if not place else "text"])
        return row + 1

    def _guide_list(self, row: int, heading: str, lines: list[tuple[str, str]]) -> int:
        if not lines:
            return row
        self.guide.write_string(row, 0, heading, self.styles["heading"])
        for zh, en in lines:
            row += 1
            self.guide.merge_range(row, 0, row, 5, f"{zh} / {en}", self.styles["text"])
        return row + 1


def note_text(column: TemplateColumn) -> str:
    """What the header's cell note says, in both languages."""
    lines = []
    for language in ("zh", "en"):
        facts = [REQUIRED[column.is_required][language], KINDS[column.type][language]]
        said = column.note.get(language, "")
        lines.append(f"{column.title[language]} — {', '.join(facts)}" + (f"\n{said}" if said else ""))
    return "\n\n".join(lines)


def _width(text: str) -> int:
    """Columns of a fixed font: a Chinese character takes two."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)
