"""Pages of a long list by cursor: where the last page ended, signed, so that nothing is skipped or shown twice."""

import json

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet

SALT = "reviewhub.api.cursor"
MOST, USUAL = 200, 50


class BadCursor(Exception):
    """This text is no cursor of this list."""


def of_rows(rows: QuerySet, order: tuple[str, ...], *, cursor: str, limit: int) -> tuple[list, str | None]:
    """The rows after `cursor` ("" = from the start) and the cursor of the next page, None at the end.

    `order`: fields without NULLs, all forward or all backward ("-at", "-id"), the last one unique. Raises BadCursor.
    """
    names = [name.lstrip("-") for name in order]
    step = "lt" if order[0].startswith("-") else "gt"
    if cursor:
        rows = rows.filter(_after(names, _said(cursor, names), step))
    found = list(rows.order_by(*order)[: limit + 1])
    page = found[:limit]
    if len(found) <= limit:
        return page, None
    return page, _signed(names, [_value(page[-1], name) for name in names])


def of_list(items: list, *, cursor: str, limit: int) -> tuple[list, str | None]:
    """A page of a list that does not change, and the cursor of the next one. Raises BadCursor."""
    start = _said(cursor, ["index"])[0] if cursor else 0
    if not isinstance(start, int):
        raise BadCursor
    after = start + limit
    return items[start:after], _signed(["index"], [after]) if after < len(items) else None


def _after(names: list[str], values: list, step: str) -> Q:
    """Greater (or less) than the tuple of `values`."""
    found, equal = Q(pk__in=[]), Q()
    for name, value in zip(names, values, strict=True):
        found |= equal & Q(**{f"{name}__{step}": value})
        equal &= Q(**{name: value})
    return found


def _value(row, name: str):
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _signed(names: list[str], values: list) -> str:
    told = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return signing.dumps([names, told], salt=SALT)


def _said(cursor: str, names: list[str]) -> list:
    try:
        listed, values = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise BadCursor from None
    if listed != names:
        raise BadCursor
    return values
