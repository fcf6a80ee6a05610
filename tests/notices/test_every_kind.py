"""The committed table of notices says what the product does: every kind has a row, and every row is true."""

import inspect
import re
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

from reviewhub.notices import kinds
from tests.test_translations import messages_of

ROOT = Path(__file__).parents[2]
PLACE = re.compile(r"%\((\w+)\)s")


def table() -> dict[str, dict[str, str]]:
    """Code → its row of docs/notices.md."""
    lines = (ROOT / "docs/notices.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    names = ("what", "when", "who", "channels", "titles")
    return {row[0].strip("`"): dict(zip(names, row[1:], strict=True)) for row in rows}


TABLE = table()


@pytest.fixture(scope="module")
def chinese() -> dict[str, str]:
    with (ROOT / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file)
    said = {}
    for message in catalogue:
        one = isinstance(message.id, str)
        said[message.id if one else message.id[0]] = message.string if one else message.string[0]
    return said


def test_every_kind_has_a_row_and_every_row_a_kind():
    assert {kind.code for kind in kinds.every() if not kind.code.startswith("made.")} == set(TABLE)


def channels(kind: kinds.Kind) -> str:
    by_choice = "mail by choice" if kind.chosen else ""
    mail = "mail always" if kind.required else "mail" if kind.mail else by_choice
    return ", ".join(filter(None, ["app" if kind.inbox else "", mail, "rooms" if kind.rooms else ""]))


@pytest.mark.parametrize("code", TABLE)
def test_a_row_names_what_it_is_how_it_travels_and_says_its_title_in_both_languages(code, chinese):
    row, kind = TABLE[code], kinds.find(code)
    with translation.override("en"):
        assert row["what"] == str(kind.label)
        assert str(kind.note)
    with translation.override("zh-hans"):
        assert re.search(r"[\u4e00-\u9fff]", str(kind.label)) and re.search(
            r"[\u4e00-\u9fff]", str(kind.note)
        )
    assert row["channels"] == channels(kind)
    assert row["when"] and row["who"]
    source = inspect.getsource(sys.modules[inspect.unwrap(kind.render).__module__])
    said = {text for _context, text in messages_of(source)}
    for title in row["titles"].split(" / "):
        assert title in said, f"{code} has no title “{title}”"
        assert re.search(r"[\u4e00-\u9fff]", chinese[title]), title
        lost = set(PLACE.findall(title)) - set(PLACE.findall(chinese[title]))
        assert lost <= {"count"}, (title, lost)
