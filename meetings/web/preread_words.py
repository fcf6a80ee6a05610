"""The pre-read in words: figures with last year and target, exceptions with their sentence, who has read what."""

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from meetings import preread, preread_notices, questions
from meetings.models import Question, Receipt
from metrics import outcomes
from metrics.figure_words import brief, in_words
from metrics.models.analysis import FIELDS
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
    return [
        {
            "part": part,
            "code": part.section.code,
            "title": TITLES[part.section.code],
            "headlines": [headline(one, language) for one in part.headlines],
            "exceptions": [exception(one, language, names) for one in part.exceptions],
            "analyses": [analysis(row) for row in part.analyses],
            "questions": [question(row, part, user) for row in part.questions],
            "ask_problems": questions.ask_problems(found.review, part.section.code, by=user),
            "choices": [(one.definition.code, one.definition.name) for one in part.headlines],
        }
        for part in found.parts
    ]


def headline(one: preread.Headline, language: str) -> dict:
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


def analysis(row) -> dict:
    written = [(LABELS[name], getattr(row, name)) for name in FIELDS if getattr(row, name).strip()]
    return {"row": row, "written": written}


def question(row: Question, part: preread.Part, user) -> dict:
    named = {one.definition.code: one.definition.name for one in part.headlines}
    return {
        "row": row,
        "about": named.get(row.metric, ""),
        "may_answer": not questions.answer_problems(row, by=user),
    }


def readers(found: preread.PreRead) -> list[dict]:
    """Everybody who is asked to read, with how many sections they have read or looked at, who has not first."""
    counted: dict[int, dict] = {}
    for row in Receipt.objects.filter(review=found.review):
        one = counted.setdefault(row.user_id, {"read": 0, "seen": 0})
        one["read" if row.read_at else "seen"] += 1
    rows = preread_notices.readers().select_related("department")
    people = [{"person": row, "read": 0, "seen": 0} | counted.get(row.pk, {}) for row in rows]
    return sorted(people, key=lambda one: (one["read"] + one["seen"], one["person"].display_name))
