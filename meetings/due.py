"""Due dates as people type them in a meeting: 12-05, +14d, 周五, eom, 季末. Pure."""

import re
from calendar import monthrange
from datetime import date, timedelta

DAYS = {
    "d": 1, "天": 1, "日": 1,
    "w": 7, "周": 7,
}  # fmt: skip
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("一 mon monday", "二 tue tuesday", "三 wed wednesday", "四 thu thursday", "五 fri friday", "六 sat saturday",
         "日 天 sun sunday")
    )
    for name in names.split()
}  # fmt: skip
CHECKIN = "checkin"


def due_on(typed: str, *, today: date, checkin_on: date | None = None) -> date | None:
    """The date that `typed` (NFKC, without ^) means on the day `today`; None when it means none.

    A month and day is its next occurrence, today included; a weekday is the next one after today.
    """
    word = typed.casefold()
    if word == CHECKIN:
        return checkin_on
    if word in ("月底", "eom"):
        return _month_end(today.year, today.month)
    if word in ("季末", "eoq"):
        return _month_end(today.year, (today.month + 2) // 3 * 3)
    weekday = WEEKDAYS.get(re.sub("^(周|星期|礼拜)", "", word))
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return _counted(word, today) or _written(word, today)


def _month_end(year, month):
    return date(year, month, monthrange(year, month)[1])


def _counted(word, today):
    found = re.fullmatch(r"\+([0-9]{1,4})([dw天日周])", word)
    if not found:
        return None
    try:
        return today + timedelta(days=int(found[1]) * DAYS[found[2]])
    except OverflowError:
        return None


def _written(word, today):
    found = re.fullmatch(r"(?:([0-9]{4})-)?([0-9]{1,2})-([0-9]{1,2})", word)
    if not found:
        return None
    month, day = int(found[2]), int(found[3])
    if found[1]:
        return _real(int(found[1]), month, day)
    # Eight years reach the next 29 February from anywhere.
    coming = (_real(today.year + ahead, month, day) for ahead in range(9))
    return next((each for each in coming if each and each >= today), None)


def _real(year, month, day):
    try:
        return date(year, month, day)
    except ValueError:
        return None
