"""Dates with the month as a word, short years, and months without a year, rewritten as plain dates. Pure."""

import re

from metrics.intake.profile_parts import DateForm

NAMES = {
    name: number
    for number, names in enumerate(
        """jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|sep sept september
        |oct october|nov november|dec december""".split("|"),
        1,
    )
    for name in names.split()
}
# 26 is 2026 and 87 is 1987, as spreadsheets have it.
PIVOT = 70
NAMED = re.compile(
    r"(?P<day>[0-9]{1,2})[-/. ](?P<month>[A-Za-z]{3,9})[-/., ]+(?P<year>[0-9]{4}|[0-9]{2})(?P<rest>[T ].*)?"
)
SHORT = re.compile(
    r"(?P<front>[0-9]{1,2}(?P<mark>[-/.])[0-9]{1,2}(?P=mark))(?P<year>[0-9]{2})(?P<rest>[T ].*)?"
)


def rewritten(text: str, form: DateForm) -> str | None:
    """`text` as a date that has its month in digits and its year in full; None where the form does not allow it."""
    if form.months and form.year and (month := NAMES.get(text.strip(". ").lower())):
        return f"{form.year}-{month:02}"
    if form.month_names and (found := NAMED.fullmatch(text)) and (month := NAMES.get(found["month"].lower())):
        year = _full(found["year"], form)
        return f"{year}-{month:02}-{int(found['day']):02}{found['rest'] or ''}" if year else None
    if form.short_years and (found := SHORT.fullmatch(text)):
        return f"{found['front']}{_full(found['year'], form)}{found['rest'] or ''}"
    return None


def _full(year: str, form: DateForm) -> str:
    """The year with its century; "" where a short one is not allowed."""
    if len(year) == 4:
        return year
    if not form.short_years:
        return ""
    return f"{'20' if int(year) < PIVOT else '19'}{year}"
