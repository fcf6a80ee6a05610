"""Whether weeks that lie far from those before them are what season and promotion calendar let expect."""

import datetime as dt
from decimal import Decimal
from functools import cached_property

from metrics import comparison, peak_seasons, peaks, season
from metrics.checks.weeks import Judged, cut, weeks_before
from metrics.desk import Desk
from metrics.figure import Figure
from metrics.models import Promotion
from metrics.parts import EVERYTHING
from metrics.periods import Period
from metrics.reasons import CannotRead

BACK = 2 * 53  # weeks: changes on the year before, of a year


def is_known(figure: Figure, period: Period) -> bool:
    """Whether it has a value that stands for all days of `period`, not for those of one of its months."""
    return figure.value is not None and comparison.is_full(figure.covered, period)


class Seasons:
    """The history of `codes`, read when the first week asks for it: nothing where no week stands out."""

    def __init__(self, codes: list[str], judged: list[Judged], *, status: str | None, on: dt.date | None):
        self.codes, self.judged, self.status, self.on = codes, judged, status, on
        self._read: dict[tuple, tuple] = {}

    def explain(self, code: str, one: Judged, value: Decimal) -> bool:
        """The same days of the same week a year before, with promotions where they stand now, let expect `value`; in a
        peak season with a limit of its own, that limit admits it."""
        history = self._history(code, one.days) | {one.week: value}
        if peak := peaks.judging(self._peaks, one.week, code):
            if band := peak.limits[code].band(history.get(one.week.year_before())):
                return not band.is_outside(value)
        found = season.expected(one.week, history, self._promotions)
        return found is not None and found.reference is not None and not found.is_outside(value)

    def _history(self, code: str, days: tuple[int, int]) -> dict[Period, Decimal]:
        """Week → figure of these days of it, as far as they are all handed in."""
        weeks, evaluation = self._loaded(days)
        try:
            found = {week: evaluation.figure(code, cut(week, days), EVERYTHING) for week in weeks}
        except CannotRead:
            return {}
        return {week: figure.value for week, figure in found.items() if is_known(figure, cut(week, days))}

    def _loaded(self, days: tuple[int, int]) -> tuple:
        """The weeks up to the last one of which these days are judged, and their sums: read once."""
        if days not in self._read:
            last = max(one.week for one in self.judged if one.days == days)
            weeks = [*weeks_before(last, BACK), last]
            spans = [cut(week, days) for week in weeks]
            desk = Desk(self.codes, spans, status=self.status, on=self.on)
            self._read[days] = weeks, desk.evaluation(self.codes, spans)
        return self._read[days]

    @cached_property
    def _peaks(self) -> list[peaks.Peak]:
        return peak_seasons.peaks()

    @cached_property
    def _promotions(self) -> list[season.Promotion]:
        rows = Promotion.objects.order_by("starts_on", "name_en")
        return [season.Promotion(row.name_en.casefold(), row.starts_on, row.ends_on) for row in rows]
