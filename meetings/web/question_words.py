"""A question in the reader's words: which figure and cell it is about, and where that stands."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language

from meetings import questions
from meetings.models import Question
from metrics import readings
from metrics.periods import BadPeriod, Period
from metrics.web import sales_words

PAGES = ("board", "explore")


def told(rows: Iterable[Question], user) -> list[dict]:
    """Each with the name of its figure, its cell and its address, as far as `user` may read the figure."""
    rows = list(rows)
    codes = {row.metric for row in rows if row.metric}
    readable = readings.open_codes(user, codes) if codes else set()
    names = questions.names_of(readable)
    return [
        {
            "row": row,
            "about": names.get(row.metric, ""),
            "cell": cell(row) if not row.metric or row.metric in readable else "",
            "url": address(row) if not row.metric or row.metric in readable else "",
            "may_answer": not questions.answer_problems(row, by=user),
        }
        for row in rows
    ]


def cell(row: Question) -> str:
    """“Amazon · Net sales”, as its asker saw it; periods in the reader's language; "" for the whole figure."""
    return " · ".join(label(one) for one in (row.place.get("row"), row.place.get("column")) if one)


def label(text: str) -> str:
    try:
        return sales_words.period(Period.parse(text), get_language() or "en")
    except (BadPeriod, OverflowError, ValueError):
        return text


def address(row: Question) -> str:
    """The figure where it was asked about; "" for a question of the pre-read."""
    place = row.place
    if place.get("page") not in PAGES:
        return ""
    url = reverse(place["page"], args=[place["code"]])
    # PostgreSQL's JSON columns forget the order in which the keys were written.
    query = sorted(place["query"].items(), key=lambda one: (one[0] != "month", one[0]))
    return f"{url}?{urlencode(query)}#{place['block']}"
