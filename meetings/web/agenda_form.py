"""The builder's form: what was typed becomes an agenda, or problems by field; what was typed is kept either way."""

import re
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from meetings import agenda
from meetings.agenda_draft import Box, Draft, Item
from meetings.durations import minutes_of

CODE = re.compile(r"[A-Z][A-Z0-9]{0,9}")
MOST_ITEMS, MOST_QUESTIONS, LONGEST_QUESTION, LONGEST_TITLE, LONGEST_GUESTS = 24, 8, 200, 80, 200
LONGEST_DAY = 24 * 60


@dataclass
class Typed:
    """The posted fields, the agenda that they mean, and what is wrong: name of the field → sentence."""

    fields: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    draft: Draft | None = None


def read(posted: QueryDict, standing: Draft, people: set[int], departments: set[str]) -> Typed:
    """The agenda that was typed. Items are named by the field `item`, in their order; unknown ones are left out."""
    typed = Typed({name: posted[name].replace("\0", "")[:4000] for name in posted})
    codes = [code for code in dict.fromkeys(posted.getlist("item")) if CODE.fullmatch(code)]
    items = [_item(typed, code, standing, people, departments) for code in codes[:MOST_ITEMS]]
    draft = Draft(
        tuple(items),
        _minutes(typed, "buffer", standing.buffer, most=LONGEST_DAY),
        _minutes(typed, "budget", standing.budget, least=15, most=LONGEST_DAY),
    )
    if draft.buffer > draft.budget:
        typed.problems.setdefault("buffer", _("The buffer is longer than the meeting."))
    typed.draft = draft
    return typed


def _minutes(typed, name, standing, *, least=0, most):
    """A duration; the standing one where nothing or nothing readable was typed."""
    if name not in typed.fields:
        return standing
    found = minutes_of(typed.fields[name])
    if found is None:
        typed.problems[name] = _("Write a duration: 90, 1h30 or 1:30.")
        return standing
    if not least <= found <= most:
        words = {"least": least, "most": most}
        typed.problems[name] = _("Between %(least)s and %(most)s minutes.") % words
        return standing
    return found


def _item(typed, code, standing, people, departments):
    before = standing.item(code) or new(code, f"minutes-{code}.R" in typed.fields)
    fields = typed.fields
    item = replace(before, boxes=tuple(_box(typed, box) for box in with_both(before).boxes))
    item = replace(item, boxes=tuple(box for box in item.boxes if box.minutes) or item.boxes[-1:])
    if f"more-{code}" not in fields:
        return item
    return replace(
        item,
        zh=_title(typed, f"zh-{code}", f"en-{code}"),
        en=_title(typed, f"en-{code}", f"zh-{code}"),
        department=fields[f"department-{code}"] if fields.get(f"department-{code}") in departments else "",
        presenter=_person(fields.get(f"presenter-{code}", ""), people),
        second_presenter=_person(fields.get(f"second-{code}", ""), people),
        guests=_short(typed, f"guests-{code}", LONGEST_GUESTS),
        is_private=f"private-{code}" in fields,
        questions=_questions(typed, f"questions-{code}"),
    )


def with_both(item: Item) -> Item:
    """An item of a report and a discussion with both, the missing one without a minute."""
    kinds = {box.kind: box for box in item.boxes}
    if not kinds.keys() & {"report", "discuss"}:
        return item
    report = kinds.get("report", Box(f"{item.code}.R", "report", 0))
    return replace(item, boxes=(report, kinds.get("discuss", Box(f"{item.code}.D", "discuss", 0))))


def new(code: str, in_two: bool = False) -> Item:
    """An item that is not on the agenda yet: of the shipped one, a further break, or one of one's own."""
    if code in agenda.catalogue():
        return agenda.named(code)
    if re.fullmatch(r"BREAK[0-9]+", code):
        about = agenda.named("BREAK")
        return replace(about, code=code, boxes=(Box(code, "break", 0),))
    parts = ((f"{code}.R", "report"), (f"{code}.D", "discuss")) if in_two else ((code, "single"),)
    return Item(code, "新议项", "New item", tuple(Box(part, kind, 0) for part, kind in parts))


def _box(typed, box):
    minutes = _minutes(typed, f"minutes-{box.code}", box.minutes, most=LONGEST_DAY)
    name = f"minimum-{box.code}"
    minimum = box.minimum
    if name in typed.fields:
        minimum = _minutes(typed, name, None, most=LONGEST_DAY) if typed.fields[name].strip() else None
    if minimum is not None and minimum > minutes and name not in typed.problems:
        typed.problems[name] = _("The minimum is longer than the part.")
    protected = f"protect-{box.code}" in typed.fields
    return replace(box, minutes=minutes, minimum=minimum, protected=protected)


def _short(typed, name, most):
    text = typed.fields.get(name, "").strip()
    if len(text) > most:
        typed.problems[name] = _("At most %(most)s characters.") % {"most": most}
    return text


def _title(typed, name, other):
    """A title; one language stands for both where the other is empty."""
    text = _short(typed, name, LONGEST_TITLE) or typed.fields.get(other, "").strip()
    if not text:
        typed.problems[name] = _("Name the item in one language at least.")
    return text


def _person(typed, people):
    found = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else None
    return found if found in people else None


def _questions(typed, name):
    """One a line, both languages with | between them; one language stands for both."""
    lines = [line.strip() for line in typed.fields.get(name, "").splitlines() if line.strip()]
    if len(lines) > MOST_QUESTIONS:
        typed.problems[name] = _("At most %(most)s questions.") % {"most": MOST_QUESTIONS}
    found = []
    for line in lines:
        zh, _bar, en = (part.strip() for part in line.partition("|"))
        if max(len(zh), len(en)) > LONGEST_QUESTION:
            typed.problems[name] = _("At most %(most)s characters.") % {"most": LONGEST_QUESTION}
        found.append({"zh": zh or en, "en": en or zh})
    return tuple(found)


def question_lines(item: Item) -> str:
    """The questions as the form shows them."""
    return "\n".join(
        one["zh"] if one["zh"] == one["en"] else f"{one['zh']} | {one['en']}" for one in item.questions
    )
