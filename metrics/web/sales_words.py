"""Sales figures in the reader's words: numbers, periods and changes, each formatted once."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from metrics.compared import Compared
from metrics.definitions import Definition
from metrics.periods import Period
from reviewhub.ui import days, figures

TRAILING = re.compile(r"(?:(\.\d*[1-9])|\.)0+(?!\d)")
BRACKETS = re.compile(r"\s*[(（].*[)）]\s*$")


def brief(name: str) -> str:
    """A metric's name without what stands in brackets behind it, where room is short."""
    return BRACKETS.sub("", name) or name


@dataclass(frozen=True)
class Words:
    """How values of one definition and currency are written for this reader."""

    definition: Definition
    currency: str

    @property
    def language(self) -> str:
        return get_language() or "en"

    @property
    def is_money(self) -> bool:
        return self.definition.value_type == "money"

    def short(self, value: Decimal | None) -> str:
        """For tiles, axes and bars: ¥821.4万."""
        if self.definition.is_ratio:
            return figures.percent(value, 1, self.language)
        if value is not None and abs(value) < 10_000:
            return self.exact(value, 0 if value == value.to_integral_value() else None)
        return figures.magnitude(value, self.language, self.currency if self.is_money else "")

    def axis(self, value: Decimal) -> str:
        """A round number without the noughts that a magnitude carries: 7.5m, 10m, 250万, 2.5 %."""
        if self.definition.is_ratio:
            return TRAILING.sub(r"\1", figures.percent(value, 2, self.language))
        return TRAILING.sub(r"\1", figures.magnitude(value, self.language))

    def exact(self, value: Decimal | None, places: int | None = None) -> str:
        """For tables and tips: with the metric's decimals."""
        if self.definition.is_ratio:
            return figures.percent(value, self.definition.decimals, self.language)
        places = self.definition.decimals if places is None else places
        if self.is_money and self.currency:
            return figures.money(value, self.currency, places, self.language)
        return figures.number(value, places, self.language)

    def plain(self, value: Decimal | None) -> str:
        """For tables with the unit in the header."""
        return figures.number(value, self.definition.decimals, self.language)

    def plain_change(self, value: Decimal | None) -> str:
        return figures.signed(self.plain(value), value)

    def signed(self, value: Decimal | None) -> str:
        return figures.signed(self.short(value), value)

    def percent(self, ratio: Decimal | None) -> str:
        return figures.signed_percent(ratio, 1, self.language)

    def change(self, compared: Compared) -> str:
        """+12.1 %, or in points for a ratio; empty where nothing can be compared."""
        if not compared.comparable:
            return ""
        if self.definition.is_ratio:
            return figures.points(compared.change, 1, self.language)
        if compared.change_ratio is None:
            return self.signed(compared.change)
        return self.percent(compared.change_ratio)


def period(one: Period, language: str) -> str:
    """Oct 2026, 2026-W43, Thu 1 Oct; of a longer or odd period its first and last day."""
    if one.grain == "month":
        return days.month(one.start, language)
    if one.grain in ("quarter", "year", "range"):
        return days.period(one.start, one.end, language)
    return days.short_day(one.start, language) if one.grain == "day" else one.text


def tick(one: Period, language: str, *, is_first: bool) -> tuple[str, str]:
    """The short label of a place on the axis, and the year where it must be said."""
    if one.grain == "day":
        return str(one.start.day), ""
    if one.grain == "week":
        year, week, _day = one.start.isocalendar()
        return f"W{week:02}", str(year) if is_first or week == 1 else ""
    name = f"{one.start.month}月" if figures.is_chinese(language) else f"{one.start:%b}"
    return name, str(one.start.year) if is_first or one.start.month == 1 else ""


def grain_word(grain: str) -> str:
    return {"day": _("by day"), "week": _("by week"), "month": _("by month")}[grain]
