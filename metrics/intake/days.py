"""Dates as people and programs write them, read as calendar days of the profile's time zone. Pure."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from metrics.intake.columns import Days
from metrics.intake.month_names import month_number, zone_named
from metrics.intake.numbers import BLANKS, EXCEL_ERRORS, MISSING, UNSAVED
from metrics.intake.profile_parts import DateForm

# Fewer distinct texts than this are read one by one and remembered.
MANY = 200
PIVOT = 70
EPOCH = dt.date(1970, 1, 1).toordinal()
TIME = (
    r"(?:[T ]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"(?: ?(?P<half>[AaPp]\.?[Mm]\.?))? ?"
    r"(?P<zone>[A-Z]{3,4}(?:[+-][0-9]{1,2}(?::?[0-9]{2})?)?|Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})(?P<mark>[-/.年])(?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})日?" + TIME
)
YEAR_LAST = re.compile(
    r"(?P<first>[0-9]{1,2})(?P<mark>[-/.])(?P<next>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})" + TIME
)
SHORT_YEAR = re.compile(
    r"(?P<first>[0-9]{1,2})(?P<mark>[-/.])(?P<next>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{2})" + TIME
)
WORD = r"(?P<month>[^\W\d_]{3,10}\.?)"
NAMED = (
    re.compile(rf"{WORD}[-/. ](?P<day>[0-9]{{1,2}}),?[-/. ](?P<year>[0-9]{{4}}|[0-9]{{2}}),?{TIME}"),
    re.compile(rf"(?P<day>[0-9]{{1,2}})\.?[-/. ]{WORD}[-/., ]+(?P<year>[0-9]{{4}}|[0-9]{{2}}),?{TIME}"),
)
MONTH = re.compile(r"(?P<year>[0-9]{4})(?:[-/.](?P<month>[0-9]{1,2})|年(?P<month_zh>[0-9]{1,2})月份?)")
COMPACT = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}:[0-9]{2})?$"
SERIAL = re.compile(r"(?P<day>[0-9]{1,7})(?:\.[0-9]+)?")


class DayReader:
    """Reads the dates of one column; remembers every distinct text over blocks."""

    def __init__(self, form: DateForm, time_zone: str, date1904: bool = False):
        self.form = form
        self.local = ZoneInfo(time_zone)
        self.naive = ZoneInfo(form.zone) if form.zone and form.zone != time_zone else None
        self.date1904 = date1904
        self.plain_iso = self.naive is None and not form.months
        self._cache: dict[tuple[str, bool], tuple[int | None, str]] = {}

    def read(self, coded: pa.DictionaryArray, numeric: np.ndarray | None = None):
        """(Days, failures as (row, code)). `numeric` marks cells that a spreadsheet stored as bare numbers."""
        texts, codes = coded.dictionary, coded.indices.to_numpy()
        if numeric is not None and numeric.any():
            return self._with_serials(texts.to_pylist(), codes, numeric)
        days = self._iso(texts) if self.plain_iso else None
        if days is not None:
            return Days(days[codes], np.ones(len(codes), dtype=bool)), []
        found = [self._remembered(text, False) for text in texts.to_pylist()]
        values = np.array([value or 0 for value, _ in found], dtype=np.int32)
        is_known = np.array([value is not None for value, _ in found], dtype=bool)
        bad = np.array([bool(code) for _, code in found], dtype=bool)
        rows = np.flatnonzero(bad[codes]).tolist() if bad.any() else []
        return Days(values[codes], is_known[codes]), [(row, found[codes[row]][1]) for row in rows]

    def _with_serials(self, texts, codes, numeric):
        """A column of a worksheet in which some dates are bare numbers."""
        days, known = np.zeros(len(codes), dtype=np.int32), np.zeros(len(codes), dtype=bool)
        failures = []
        for row, code in enumerate(codes.tolist()):
            value, problem = self._remembered(texts[code], bool(numeric[row]))
            if value is not None:
                days[row], known[row] = value, True
            elif problem:
                failures.append((row, problem))
        return Days(days, known), failures

    def _iso(self, texts: pa.StringArray) -> np.ndarray | None:
        """The days of many distinct texts at once, where every one is an ISO date or stamp without zone."""
        if len(texts) < MANY or not pc.all(pc.match_substring_regex(texts, ISO)).as_py():
            return None
        try:
            stamps = pc.cast(texts, pa.timestamp("s")).to_numpy(zero_copy_only=False).astype("datetime64[D]")
        except pa.ArrowInvalid:
            return None
        first = np.datetime64(f"{self.form.first_year:04d}-01-01")
        last = np.datetime64(f"{self.form.last_year:04d}-12-31")
        return None if ((stamps < first) | (stamps > last)).any() else stamps.astype(np.int32)

    def _remembered(self, text, numeric):
        found = self._cache.get((text, numeric))
        if found is None:
            found = self._cache[(text, numeric)] = self._day(text.strip(BLANKS), numeric)
        return found

    def _day(self, text: str, numeric: bool) -> tuple[int | None, str]:
        if text == "":
            return None, ""
        if text in EXCEL_ERRORS:
            return None, "EXCEL_ERROR"
        if text == UNSAVED:
            return None, "FORMULA_NO_VALUE"
        if text in MISSING:
            return None, "VALUE_MISSING"
        if numeric:
            return self._serial(text)
        if match := YEAR_FIRST.fullmatch(text):
            return self._stamp(match["year"], match["month"], match["day"], match)
        if match := YEAR_LAST.fullmatch(text) or (self.form.short_years and SHORT_YEAR.fullmatch(text)):
            return self._ordered(match)
        if self.form.month_names and (match := NAMED[0].fullmatch(text) or NAMED[1].fullmatch(text)):
            return self._stamp(match["year"], month_number(match["month"]) or 0, match["day"], match)
        if self.form.serials and re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text):
            return self._serial(text)
        if match := COMPACT.fullmatch(text):
            return self._stamp(match["year"], match["month"], match["day"], None)
        if self.form.months and (match := MONTH.fullmatch(text)):
            return self._stamp(match["year"], match["month"] or match["month_zh"], "1", None)
        if self.form.months and self.form.year and (month := month_number(text.strip(". "))):
            return self._stamp(self.form.year, month, "1", None)
        # A word where a date is expected says that there is none; where the profile allows it, it is listed.
        is_word = self.form.words and text[:1].isalpha()
        return None, "TEXT_IN_DATE" if is_word else "DATE_INVALID"

    def _ordered(self, match):
        """A date whose day and month are told apart by their order; a clock of twelve hours may have its own."""
        order = (match["half"] and self.form.order_12h) or (match["mark"] == "." and self.form.order_dots)
        order = order or self.form.order
        if not order:
            return None, "DATE_AMBIGUOUS"
        day, month = (match["first"], match["next"])[:: 1 if order == "dmy" else -1]
        return self._stamp(match["year"], month, day, match)

    def _serial(self, text):
        """A spreadsheet's day number. Serial 60 is a day that never was; 1904 workbooks count 1,462 days later."""
        match = SERIAL.fullmatch(text)
        if match is None:
            return None, "DATE_INVALID"
        serial = int(match["day"]) + (1462 if self.date1904 else 0)
        if serial == 60:
            return None, "DATE_INVALID"
        day = dt.date(1899, 12, 30 if serial > 60 else 31).toordinal() + serial
        if day > dt.date.max.toordinal():
            return None, "DATE_INVALID"
        return self._checked(dt.date.fromordinal(day))

    def _stamp(self, year, month, day, match):
        try:
            date = dt.date(_full(year), int(month), int(day))
        except ValueError:
            return None, "DATE_INVALID"
        if match is None or match["hour"] is None:
            return self._checked(date)
        hour = int(match["hour"])
        if match["half"]:
            if not 1 <= hour <= 12:
                return None, "DATE_INVALID"
            hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
        try:
            stamp = dt.datetime.combine(date, dt.time(hour, int(match["minute"]), int(match["second"] or 0)))
            if self.form.as_written:
                return self._checked(stamp.date())
            zone = zone_named(match["zone"]) if match["zone"] else self.naive
            if match["zone"] and zone is None:
                return None, "DATE_INVALID"
            if zone is not None:
                stamp = stamp.replace(tzinfo=zone).astimezone(self.local)
        except (ValueError, OverflowError):
            return None, "DATE_INVALID"
        return self._checked(stamp)

    def _checked(self, date):
        if not self.form.first_year <= date.year <= self.form.last_year:
            return None, "DATE_INVALID"
        return date.toordinal() - EPOCH, ""


def _full(year: str) -> int:
    """The year with its century: 26 is 2026 and 87 is 1987, as spreadsheets have it."""
    return int(year) + ((2000 if int(year) < PIVOT else 1900) if len(year) == 2 else 0)


def day_number(date: dt.date) -> int:
    return date.toordinal() - EPOCH


def day_of(number: int) -> dt.date:
    return dt.date.fromordinal(int(number) + EPOCH)
