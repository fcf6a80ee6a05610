"""The tidy template of a table: one description from which the import profile and the workbook are made. Pure.

A template is a profile whose columns also have a title, a note and an example in both languages, and whose choices
have words. `plain` takes these out, so that what is left is an ordinary profile.
"""

import unicodedata
from dataclasses import dataclass

from metrics.intake.value_lists import LISTS

EXAMPLE = {"zh": "示例，导入时忽略", "en": "Example, ignored on import"}
REMARK = "remark"
# Every template ends with this column; it marks the example row and takes notes of one's own.
REMARK_COLUMN = {
    "type": "text",
    "required": False,
    "blank": True,
    "title": {"zh": "备注", "en": "Remark"},
    "note": {
        "zh": "自由填写，不导入。以“示例”开头的行不导入。",
        "en": "For notes of your own, not imported. A row whose remark begins with “Example” is left out.",
    },
}


@dataclass(frozen=True)
class TemplateColumn:
    """One column as people fill it in. `choices`: value → {"zh", "en"}; `values`: a list without words."""

    name: str
    type: str
    title: dict
    note: dict
    example: object
    is_required: bool
    choices: dict
    values: tuple
    minimum: str
    maximum: str

    @property
    def header(self) -> str:
        return bilingual(self.title)


@dataclass(frozen=True)
class Template:
    """One table: its name (the name of the sheet), what it is about, one row per what, and its columns."""

    profile: str
    table: str
    department: str
    position: int
    title: dict
    note: dict
    row: dict
    columns: tuple[TemplateColumn, ...]
    metrics: tuple[str, ...]
    rules: tuple[dict, ...]


def bilingual(words: dict) -> str:
    """One text for readers of both languages; a text that is the same in both is written once."""
    zh, en = str(words["zh"]), str(words["en"])
    return zh if zh == en else f"{zh} / {en}"


def is_template(spec: dict) -> bool:
    return isinstance(spec.get("template"), dict)


def plain(spec: dict) -> dict:
    """The profile that a template describes; another profile as it is."""
    if not is_template(spec):
        return spec
    kept = {name: value for name, value in spec.items() if name != "template"}
    columns = {**spec["columns"], REMARK: REMARK_COLUMN}
    return kept | {"columns": {name: _plain_column(column) for name, column in columns.items()}}


def _plain_column(column: dict) -> dict:
    title = column["title"]
    headers = [bilingual(title), title["zh"], title["en"], *column.get("headers", [])]
    left = {key: value for key, value in column.items() if key not in ("title", "note", "example")}
    left["headers"] = list(dict.fromkeys(str(one) for one in headers))
    choices = column.get("values")
    if isinstance(choices, dict):
        left["values"] = list(choices)
        left["meanings"] = {
            unicodedata.normalize("NFKC", text): value
            for value, words in choices.items()
            for text in (bilingual(words), str(words["zh"]), str(words["en"]))
        }
    return left


def described(spec: dict) -> Template:
    """The template in the YAML of a profile. Raises KeyError where it lacks a part."""
    own = spec["template"]
    columns = {**spec["columns"], REMARK: REMARK_COLUMN}
    return Template(
        profile=spec["profile"],
        table=own["table"],
        department=spec["department"],
        position=own["position"],
        title=spec["title"],
        note=own["note"],
        row=own["row"],
        columns=tuple(_column(name, column) for name, column in columns.items()),
        metrics=tuple(spec["metrics"]),
        rules=tuple(rule["text"] for rule in spec.get("rules", [])),
    )


def _column(name: str, column: dict) -> TemplateColumn:
    values = column.get("values", ())
    if isinstance(values, str):
        values = list(LISTS[values])
    return TemplateColumn(
        name=name,
        type=column["type"],
        title=column["title"],
        note=column.get("note", {}),
        example=column.get("example", ""),
        is_required=column.get("required", True) and not column.get("blank", False),
        choices=values if isinstance(values, dict) else {},
        values=tuple(values) if isinstance(values, list) else (),
        minimum=str(column.get("min", "")),
        maximum=str(column.get("max", "")),
    )
