"""The pre-read in words: figures with last year and target, exceptions with their sentence, who has read what."""

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from meetings import preread, preread_figures, preread_notices, questions
from meetings.models import Question, Receipt
from meetings.web import question_words
from metrics import notes, outcomes
from metrics.figure_words import brief, in_words
from metrics.models import NoteVersion
from metrics.models.analysis import FIELDS
from metrics.web.board_six_twelve import rule_text
from metrics.web.sales_words import Words
from reviewhub.people.models import Department
from reviewhub.ui import figures

TITLES = {
    "customers": lazy("Customers"),
    "sales": lazy("Sales"),
    "marketing": lazy("Marketing"),
    "supply": lazy("Supply chain"),
    "profit": lazy("Cash and profit"),
    "platform": lazy("Platform"),
}
LABELS = {
    "moved": lazy("What moved, and why"),
    "risks": lazy("Risks"),
    "proposals": lazy("Proposals"),
    "targets": lazy("Next targets"),
}


def parts(found: preread.PreRead, user) -> list[dict]:
    language, names = get_language() or "en", {row.code: row.name for row in Department.objects.active()}
    versions = [row.pk for part in found.parts for row in part.notes]
    seen = set(NoteVersion.objects.visible_to(user).filter(pk__in=versions).values_list("pk", flat=True))
    asked = {one["row"].pk: one for one in question_words.told(every(found), user)}
    return [
        {
            "part": part,
            "code": part.section.code,
            "title": TITLES[part.section.code],
            "department": names.get(part.section.departments[0], ""),
            "signals": [signal(one, language) for one in part.signals],
            "headlines": [headline(one, language) for one in part.headlines],
            "exceptions": [exception(one, language, names) for one in part.exceptions],
            "notes": [note(row, seen) for row in part.notes],
            "analyses": [analysis(row) for row in part.analyses],
            "questions": [asked[row.pk] for row in part.questions],
            "ask_problems": questions.ask_problems(found.review, part.section.code, by=user),
            "choices": [(one.definition.code, one.definition.name) for one in part.headlines],
        }
        for part in found.parts
    ]


def headline(one: preread_figures.Headline, language: str) -> dict:
    definition = one.definition
    return {
        "one": one,
        "code": definition.code,
        "name": definition.name,
        "value": brief(one.value, definition, language, one.currency),
        "exact": in_words(one.value, definition, language, one.currency),
        "then": brief(one.year.value, definition, language, one.currency),
        "year": change(one.year, definition, language) if one.year.comparable else None,
        "target": brief(one.target.value, definition, language, one.currency) if one.target else "",
        "aim": change(one.target, definition, language) if one.target and one.target.comparable else None,
        "better": definition.direction if definition.direction in ("up", "down") else "",
    }


def signal(one: preread_figures.Signal, language: str) -> dict:
    """What the control chart says of a headline, and its owner's sentence."""
    shown = headline(one.headline, language)
    words = Words(one.headline.definition, one.headline.currency)
    return shown | {
        "way": 1 if one.judged.is_up else -1,
        "rule": rule_text(words, one.judged),
        "sentence": one.said.text if one.said else "",
        "by": one.said.by if one.said else "",
    }


def change(compared, definition, language: str) -> dict:
    """{"delta", "text"} of a comparison: points of a ratio, per cent of everything else."""
    if definition.is_ratio:
        return {"delta": compared.change, "text": figures.points(compared.change, 1, language)}
    if compared.change_ratio is None:
        text = figures.signed(in_words(compared.change, definition, language), compared.change)
        return {"delta": compared.change, "text": text}
    return {
        "delta": compared.change_ratio,
        "text": figures.signed_percent(compared.change_ratio, 1, language),
    }


def exception(one: preread.Exceptional, language: str, names: dict) -> dict:
    return {
        "text": told(one, language),
        "department": names.get(one.department, one.department),
        "sentence": one.sentence,
        "by": one.by.display_name if one.by else "",
    }


def told(one: preread.Exceptional, language: str) -> str:
    if one.finding:
        message = outcomes.worded(one.finding, language)["message"]
        return message if one.count == 1 else f"{message} (×{one.count})"
    places = 2 if one.metric and one.metric.value_type == "money" else 0
    share = (one.value - one.usual) / abs(one.usual) if one.usual else None
    said = {
        "name": one.metric.name if one.metric else "–",
        "value": figures.number(one.value, places, language),
        "usual": figures.number(one.usual or Decimal(0), places, language),
        "share": "–" if share is None else figures.signed_percent(share, 1, language),
    }
    return _("%(name)s: %(value)s, expected about %(usual)s (%(share)s)") % said


def note(row: NoteVersion, seen: set[int]) -> dict:
    """One item of the checklist in words; its files where this reader may have them now."""
    return {
        "row": row,
        "title": notes.title(row.item),
        "entries": row.notes.all(),
        "opens_files": row.pk in seen,
    }


def analysis(row) -> dict:
    written = [(LABELS[name], getattr(row, name)) for name in FIELDS if getattr(row, name).strip()]
    return {"row": row, "written": written}


def every(found: preread.PreRead) -> list[Question]:
    return [row for part in found.parts for row in part.questions]


def readers(found: preread.PreRead) -> list[dict]:
    """Everybody who is asked to read, with how many sections they have read or looked at, who has not first."""
    counted: dict[int, dict] = {}
    for row in Receipt.objects.filter(review=found.review):
        one = counted.setdefault(row.user_id, {"read": 0, "seen": 0})
        one["read" if row.read_at else "seen"] += 1
    rows = preread_notices.readers().select_related("department")
    people = [{"person": row, "read": 0, "seen": 0} | counted.get(row.pk, {}) for row in rows]
    return sorted(people, key=lambda one: (one["read"] + one["seen"], one["person"].display_name))
