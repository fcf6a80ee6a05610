"""Texts that a row has in both languages."""

from django.utils.translation import get_language


def bilingual(row, field: str) -> str:
    """`field` of `row` in the reader's language; the other language where one is empty."""
    zh, en = getattr(row, f"{field}_zh"), getattr(row, f"{field}_en")
    return (zh or en) if (get_language() or "").startswith("zh") else (en or zh)
