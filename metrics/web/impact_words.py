"""What a proposal changes, in the reader's words: cells before and after, and the months it would move."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from metrics import dictionary_words as words
from metrics import impact
from metrics.dictionary_csv import DEPARTMENTS, EVERY_COLUMN
from metrics.dictionary_sheet import CODES
from metrics.impact import Impact, Month
from metrics.reasons import Why
from metrics.web.proposal_form import WORDED
from reviewhub.ui import days, figures


@dataclass(frozen=True)
class Line:
    """One month: both values, the change and the change in per cent, each ready to read."""

    name: str
    before: str
    after: str
    change: str
    ratio: str
    status: str
    moves: bool
    kept_by: str
    why: str


def diff(before: dict[str, str], after: dict[str, str], *, departments) -> list[dict]:
    """The columns that differ, with their labels and words: `{label, before, after, is_code}`."""
    named = {row.code: row.name for row in departments}
    return [
        {
            "label": words.COLUMNS[column],
            "before": _word(column, before.get(column, ""), named),
            "after": _word(column, after.get(column, ""), named),
            "is_code": column in CODES,
        }
        for column in EVERY_COLUMN
        if before.get(column, "") != after.get(column, "")
    ]


def _word(column: str, cell: str, departments: dict[str, str]):
    if column in DEPARTMENTS:
        return departments.get(cell, cell)
    if column == "dimensions":
        return words.listed(words.DIMENSIONS, cell.split(",")) if cell else ""
    return words.word(WORDED[column], cell) if column in WORDED else cell


class Told:
    """An Impact for one reader."""

    def __init__(self, found: Impact, start: dt.date):
        self.found, self.start, self.language = found, start, get_language() or "en"
        self.lines = [self._line(found.definition, month) for month in found.months]
        self.others = [
            {
                "definition": other.definition,
                "moved": other.moved,
                "last": self._line(other.definition, other.last) if other.last else None,
            }
            for other in found.others
        ]

    @property
    def summary(self) -> str:
        """The sentence above the table."""
        found = self.found
        if found.hidden:
            return _("The figures of this metric are not open to you.")
        if not found.months:
            return _("No month has data for it yet.")
        said = {"count": found.moved, "of": len(found.months)}
        if all(month.before is None and month.after is None for month in found.months):
            return _("No month can be computed: its parts have not been handed in.")
        if not found.moved:
            return _("None of %(of)s months would change.") % said
        return _("%(count)s of %(of)s months would change.") % said

    @property
    def note(self) -> str:
        return self.summary if self.lines else ""

    @property
    def until(self) -> str:
        """Which of these months keep the former version in any case."""
        if not self.found.months or not self.found.moved or self.found.months[-1].period.start >= self.start:
            return ""
        month = days.month(self.start, self.language)
        return _("What it would have been: months before %(month)s keep the former version.") % {
            "month": month
        }

    @property
    def unit(self) -> str:
        """The unit in words, with the currency where it has one: CNY per order."""
        currency, slash, per = self.found.unit.partition("/")
        known = f"CCY{slash}{per}"
        if self.found.unit in words.UNITS or known not in words.UNITS:
            return str(words.word(words.UNITS, self.found.unit))
        return str(words.UNITS[known]).replace(str(words.UNITS["CCY"]), currency)

    def _line(self, definition, month: Month) -> Line:
        return Line(
            name=days.month(month.period.start, self.language),
            before=self._value(definition, month.before),
            after=self._value(definition, month.after),
            change=self._change(definition, month),
            ratio=self._ratio(definition, month),
            status=month.status,
            moves=month.moves,
            kept_by=month.kept_by,
            why=self._why(month.why_after) or self._why(month.why_before),
        )

    def _value(self, definition, value) -> str:
        if value is None:
            return _("n/a")
        if definition.is_ratio:
            return figures.percent(value, definition.decimals, self.language)
        return figures.number(value, definition.decimals, self.language)

    def _change(self, definition, month: Month) -> str:
        if month.change is None:
            return figures.NONE
        if definition.is_ratio:
            return figures.points(month.change, definition.decimals, self.language)
        return figures.signed(figures.number(month.change, definition.decimals, self.language), month.change)

    def _ratio(self, definition, month: Month) -> str:
        """A change of a ratio is said in points, never as a percentage of a percentage."""
        if definition.compare_as == "pp":
            return self._change(definition, month)
        return figures.signed_percent(month.ratio, 1, self.language)

    def _why(self, why: Why | None) -> str:
        return str(why) if why else ""


def of(code: str, row: dict, *, former: dict, start: dt.date, user) -> Told:
    """The impact of `row`, holding from `start` on, as this reader may see it."""
    on = timezone.localdate()
    return Told(impact.preview(code, row, former=former, start=start, user=user, on=on), start)
