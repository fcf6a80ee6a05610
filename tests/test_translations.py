"""Every message of the code and the templates is worded in Chinese, and no wording is left over."""

import io
import re
from pathlib import Path

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
OURS = ("reviewhub", "metrics", "meetings", "actions", "okr")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "pgettext_lazy": ((1, "c"), 2),
}


Message = tuple[str, str]  # context, msgid (of a plural the singular, which is the id of the catalogue)


def messages_of(source: str) -> set[Message]:
    found = set()
    for _line, function, said, _comments in extract_python(
        io.BytesIO(source.encode()), list(KEYWORDS), (), {}
    ):
        parts = said if isinstance(said, tuple) else (said,)
        context = ""
        if function in ("pgettext", "npgettext", "pgettext_lazy"):
            context, *parts = parts
        if parts and parts[0]:
            found.add((context, parts[0]))
    return found


# What Django's templatize leaves of a template: calls among fillers. Each becomes a line of Python.
CALL = re.compile(r"""\b(?:_|n?p?gettext)\((?:[^()'"]|u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")*\)""")


def calls_of(template: str, name: str) -> str:
    return "\n".join(CALL.findall(templatize(template, origin=name))) + "\n"


def messages() -> dict[Message, str]:
    """message → one file that says it."""
    found = {}
    for app in OURS:
        for path in (ROOT / app).rglob("*.py"):
            for message in messages_of(path.read_text(encoding="utf-8")):
                found.setdefault(message, str(path.relative_to(ROOT)))
    for path in [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]:
        for message in messages_of(calls_of(path.read_text(encoding="utf-8"), path.name)):
            found.setdefault(message, str(path.relative_to(ROOT)))
    return found


def entries():
    """The rows of the Chinese catalogue that count."""
    with (ROOT / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        return [row for row in read_po(file, locale="zh_Hans") if row.id and not row.fuzzy]


def both(text) -> str:
    """Singular and plural of an entry as one text."""
    return text if isinstance(text, str) else " ".join(text)


def catalogue() -> dict[Message, str]:
    return {
        (row.context or "", row.id if isinstance(row.id, str) else row.id[0]): both(row.string)
        for row in entries()
    }


def test_every_message_is_worded_in_chinese():
    """Django has words of its own for some of them, in other senses ("May" the month, "Name" of a person)."""
    worded = {message for message, text in catalogue().items() if text}
    missing = {message: where for message, where in messages().items() if message not in worded}
    assert missing == {}


def test_no_wording_is_left_over():
    assert set(catalogue()) - set(messages()) == set()


def test_a_wording_keeps_the_places_for_its_values():
    holes = re.compile(r"%\((\w+)\)[sdf]|(?<!%)%[sd]|\{(\w*)\}")
    wrong = {
        both(row.id): row.string
        for row in entries()
        if set(holes.findall(both(row.string))) - set(holes.findall(both(row.id)))
    }
    assert wrong == {}
