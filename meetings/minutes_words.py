"""The minutes in a reader's language: one list of blocks, from which page, Markdown and Word file are made."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from meetings import minutes_copy
from meetings.models import Capture
from reviewhub.ui import days, figures

TITLE, HEADING, TEXT, TABLE, LIST = "title", "heading", "text", "table", "list"
LABELS = dict(Capture.Kind.choices)
ANSWERS = dict(Capture.Answer.choices)


@dataclass(frozen=True)
class Block:
    """`rows` of a table are cells in the order of `head`; those of a list are (label, text)."""

    kind: str
    text: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Rows of a table, each cell with the name of its column: a phone shows them one below the other."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


def blocks(found: dict) -> list[Block]:
    """A copy of the minutes (meetings.minutes_copy) in the language of now."""
    made = [Block(TITLE, _both(found["title"])), Block(LIST, rows=tuple(_facts(found)))]
    if found["summary"]:
        made += [Block(HEADING, _("Summary")), *_paragraphs(found["summary"])]
    if found.get("recognised"):
        rows = tuple(
            (_both(one["name"]), f"{one['sentence']} ({one['effect']})") for one in found["recognised"]
        )
        made += [Block(HEADING, _("Recognition")), Block(LIST, rows=rows)]
    decided = minutes_copy.lines_of(found, "decision")
    if decided:
        rows = tuple(
            (line["text"], _name(line["owner"]), _both(item) if item else "") for line, item in decided
        )
        made += [
            Block(HEADING, _("Decisions")),
            Block(TABLE, "", (_("Decision"), _("Owner"), _("Item")), rows),
        ]
    promised = minutes_copy.lines_of(found, "action")
    if promised:
        head = (_("Action"), _("Owner"), _("Due"), _("Key result"), _("Answer"))
        made += [Block(HEADING, _("Actions")), Block(TABLE, "", head, tuple(map(_action, promised)))]
    for item in found["items"]:
        made += _item(item)
    if rest := [line for line in found["lines"] if line["kind"] not in ("decision", "action")]:
        made += [Block(HEADING, _("Also written down")), _said(rest)]
    return [*made, *_times(found)]


def _facts(found):
    language, zone = get_language() or "en", zoneinfo.ZoneInfo(found["zone"])

    def at(said):
        return days.moment(dt.datetime.fromisoformat(said).astimezone(zone), language) if said else ""

    yield _("Review"), found["review"]
    yield pgettext("of a meeting", "Began"), at(found["started_at"])
    yield pgettext("of a meeting", "Ended"), at(found["ended_at"])
    yield _("Time zone"), found["zone"]
    if found["facilitator"]:
        yield _("Facilitator"), _name(found["facilitator"])
    if found["present"]:
        yield _("Present"), _(", ").join(map(_name, found["present"]))
    if found["reason"]:
        yield _("Ended although lines were incomplete"), found["reason"]


def _item(item):
    lines = [line for line in item["lines"] if line["kind"] not in ("decision", "action")]
    if not item["note"] and not lines:
        return []
    said = [_said(lines)] if lines else []
    return [Block(HEADING, _both(item)), *_paragraphs(item["note"]), *said]


def _said(lines):
    return Block(LIST, rows=tuple((str(LABELS[line["kind"]]), line["text"]) for line in lines))


def _action(found):
    line, _item = found
    answer = str(ANSWERS.get(line["answer"], ""))
    due = days.day(dt.date.fromisoformat(line["due_on"]), get_language() or "en") if line["due_on"] else "–"
    return (
        line["text"],
        _name(line["owner"]) or "–",
        due,
        line["result"] or line["excuse"] or "–",
        ": ".join(filter(None, [answer, line["answer_text"]])) or "–",
    )


def _times(found):
    rows = []
    for item in found["items"]:
        over = item["used_s"] - item["planned_s"]
        used = "–" if item["was_dropped"] and not item["used_s"] else figures.clock(item["used_s"])
        rows.append(
            (_both(item), figures.clock(item["planned_s"]), used, figures.signed(figures.clock(over), over))
        )
    if not rows:
        return []
    return [
        Block(HEADING, _("Planned and used")),
        Block(TABLE, "minutes", (_("Item"), _("Plan"), _("Used"), "±"), tuple(rows)),
    ]


def _paragraphs(text):
    return [Block(TEXT, line) for line in text.splitlines() if line]


def _both(said):
    return said["zh" if (get_language() or "").startswith("zh") else "en"]


def _name(person):
    return _both(person) if person else ""
