"""Parked differences in the reader's words: what both sides say, and what is left unexplained."""

from decimal import Decimal

from django.utils.translation import get_language

from meetings import preread
from metrics import pair_words
from metrics.declared_pairs import Side
from metrics.definitions import Definitions
from reviewhub.people.models import Department
from reviewhub.ui import figures


def waiting(found: preread.PreRead, user) -> list[dict]:
    """Every one of them with both figures, as far as the reader may know these."""
    if not found.parked:
        return []
    definitions, language = Definitions.frozen(found.snapshot), get_language() or "en"
    names = {row.code: row.name for row in Department.objects.visible_to(user)}

    def number(value: Decimal, code: str) -> str:
        definition = definitions.get(code)
        is_money = definition is None or definition.value_type == "money"
        return figures.number(value, 2 if is_money else 0, language)

    def side(what: Side, value: Decimal) -> dict:
        name = pair_words.input_word(what.table) if what.table else ""
        definition = definitions.get(what.metric)
        return {
            "department": names.get(what.department, what.department),
            "name": name or (definition.name if definition else what.metric),
            "value": number(value, what.metric),
        }

    return [
        {
            "one": one,
            "title": one.title,
            "month": one.period.start,
            "sides": [side(*each) for each in one.sides],
            "residual": number(one.residual, one.pair.left.metric),
        }
        for one in found.parked
    ]
