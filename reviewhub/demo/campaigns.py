"""Pure. The promotions of the made-up seller: when and where they are held, and what they do to the figures."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

PUSH = 1.2  # what ads cost for the sales that they bring while everybody advertises
SENT_BACK = 1.25  # returns and refunds of what was bought on such days, against other days
CHURCH = (
    "Germany",
    "France",
    "Italy",
    "Spain",
    "Netherlands",
    "Poland",
)  # where Whit Monday brings people out


@dataclass(frozen=True)
class Campaign:
    """`starts`: year → its first day; `lift` multiplies the units, `discount` comes on top of the usual one."""

    name_zh: str
    name_en: str
    starts: Callable[[int], dt.date]
    days: int
    lift: float
    discount: float
    countries: tuple[str, ...] = ()

    def held(self, days: pd.DatetimeIndex) -> np.ndarray:
        """On which of `days` it is held."""
        found = np.zeros(len(days), dtype=bool)
        for year in range(days.year.min(), days.year.max() + 1):
            first = pd.Timestamp(self.starts(year))
            found |= (days >= first) & (days < first + pd.Timedelta(days=self.days))
        return found


def _always(month: int, day: int) -> Callable[[int], dt.date]:
    return lambda year: dt.date(year, month, day)


def _by_easter(days: int) -> Callable[[int], dt.date]:
    return lambda year: easter(year) + dt.timedelta(days=days)


CAMPAIGNS = (
    Campaign("618大促", "618", _always(6, 16), 3, 1.5, 0.05),
    Campaign("亚马逊会员日", "Prime Day", _always(7, 8), 4, 1.9, 0.09),
    Campaign("会员秋季促销", "Prime Big Deal Days", _always(10, 7), 2, 1.4, 0.06),
    Campaign("双11", "Double 11", _always(11, 9), 3, 2.1, 0.10),
    Campaign("黑五网一", "Black Friday and Cyber Monday", _always(11, 27), 4, 2.4, 0.11),
    Campaign("圣诞季", "Christmas", _always(12, 8), 7, 1.5, 0.05),
    # These two move with the church year: from March to April, from May to June, and back.
    Campaign("复活节春促", "Easter sale", _by_easter(-9), 11, 1.9, 0.08),
    Campaign("圣灵降临节周", "Whitsun week", _by_easter(43), 7, 2.2, 0.07, CHURCH),
)


def easter(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus, Nature 13, 1876, p. 487)."""
    golden, (century, past) = year % 19, divmod(year, 100)
    leap, odd = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    quarter, rest = divmod(past, 4)
    weekday = (32 + 2 * odd + 2 * quarter - moon - rest) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)


def effects(days: pd.DatetimeIndex, country: str) -> pd.DataFrame:
    """By day: `lift` of units, `discount` on top, `push` of what ads cost, `back` of what is returned."""
    frame = pd.DataFrame({"lift": 1.0, "discount": 0.0, "push": 1.0, "back": 1.0}, index=days)
    for one in CAMPAIGNS:
        if one.countries and country not in one.countries:
            continue
        held = one.held(days)
        frame.loc[held, "lift"] *= one.lift
        frame.loc[held, "discount"] += one.discount
        frame.loc[held, ["push", "back"]] = PUSH, SENT_BACK
    return frame


def effects_on(rows: pd.DataFrame) -> pd.DataFrame:
    """The effects for rows that have `date` and `country`, in their order."""
    days = pd.DatetimeIndex(sorted(rows["date"].unique()))
    known = pd.concat(
        {one: effects(days, one) for one in rows["country"].unique()}, names=["country", "date"]
    )
    found = known.reindex(pd.MultiIndex.from_frame(rows[["country", "date"]]))
    return found.set_axis(rows.index)
