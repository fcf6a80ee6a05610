"""Reads how a profile's table stands in its file: names, sheets, rows that are no data, the day of the rows. Pure."""

import codecs

from metrics.intake.profile_parts import Control, DaySource, FileShape, RowMark

GIVEN_DAY = "#day"


def file_shape(section, cols) -> FileShape:
    shape = FileShape(
        header_rows=section.take("header_rows", kind=int, default=10),
        unknown_columns=section.choice("unknown_columns", ("refuse", "drop"), default="refuse"),
        decimal=section.choice("decimal", ("auto", ".", ",", "by_column"), default="auto"),
        sheet=section.take("sheet", kind=str, default=""),
        sheets=section.choice("sheets", ("one", "all"), default="one"),
        total_rows=section.choice("total_rows", ("warn", "keep"), default="warn"),
        short_rows=section.choice("short_rows", ("refuse", "fill"), default="refuse"),
        names=_texts(section, "names"),
        encodings=_encodings(section),
        members=_texts(section, "members"),
        above=_texts(section, "above"),
        other_periods=section.choice("other_periods", ("refuse", "leave_out"), default="refuse"),
        shared_key=section.choice("shared_key", ("", *cols), default=""),
        skip=_row_marks(section, cols),
    )
    section.done()
    return shape


def day_source(top, days, settings):
    """(name of the column of the day, where the day comes from when no column has it)."""
    given = top.take("day")
    if not isinstance(given, dict):
        return top.one_of("day", days), None
    part = top.section("day")
    if "column" in part.spec:
        found = part.choice("column", days), part.choice("until", days)
        part.done()
        return found[0], DaySource("column", until=found[1])
    if "setting" in part.spec:
        found = DaySource("setting", part.choice("setting", tuple(settings)))
    else:
        found = DaySource(part.choice("from", ("period",)))
    part.done()
    return GIVEN_DAY, found


def controls(top, counted) -> tuple[Control, ...]:
    found = []
    for part in top.items("controls"):
        stated, computed = part.choice("stated", tuple(counted)), part.choice("computed", tuple(counted))
        text = part.take("text", kind=dict)
        when = part.choice("when", ("", *counted), default="")
        blocks = part.choice("fail", ("warn", "block"), default="warn") == "block"
        texts = str(text.get("en", "")), str(text.get("zh", ""))
        found.append(Control(stated, computed, *texts, when=when, blocks=blocks))
    return tuple(found)


def _row_marks(section, cols) -> tuple[RowMark, ...]:
    found = []
    for part in section.items("skip"):
        text = part.take("text", kind=dict)
        mark = RowMark(
            reason=part.take("reason", kind=str),
            column=part.choice("column", ("", *cols), default=""),
            equals=_texts(part, "equals"),
            starts=_texts(part, "starts"),
            is_total=part.take("total", kind=bool, default=False),
            text_en=str(text.get("en", "")),
            text_zh=str(text.get("zh", "")),
        )
        if not mark.equals and not mark.starts:
            part.fail("equals", "equals or starts is expected")
        found.append(mark)
    return tuple(found)


def _texts(part, key) -> tuple[str, ...]:
    return tuple(str(text) for text in part.take(key, kind=list, default=[]))


def _encodings(section) -> tuple[str, ...]:
    names = _texts(section, "encodings")
    for name in names:
        try:
            codecs.lookup(name)
        except LookupError:
            section.fail("encodings", f"no encoding is called {name!r}")
    return names
