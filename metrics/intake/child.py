"""Reads one worksheet in a process of its own, under limits of memory and time, into Arrow files.

Forked by child_server.py, which loads it by its path, so that nothing of the product is imported. Every column becomes
two: its text, and the kind of each cell: n number, d date, b true or false, t text, blank for an empty cell. Numbers
keep the 15 significant digits that a spreadsheet has.
"""

import array
import datetime as dt
import decimal
import functools
import gc
import itertools
import resource

BATCH = 8192
# So many texts of numbers and days are remembered.
MOST_TEXTS = 100_000
KINDS = {int: "n", float: "n", dt.date: "d", dt.datetime: "d"}
BLANK = ord(" ")
# Whole numbers below have no exponent; a text of no more characters has no more than 15 digits.
LARGE, DIGITS = 1e15, 15


def answered(order: dict) -> dict:
    """The answer to one order, under its limits; the process has to end afterwards."""
    resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (order["cpu"], order["cpu"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # looking for circles among millions of cells takes as long as reading them; there are none
    try:
        return read(order)
    except MemoryError:
        return {"error": "READER_FAILED"}
    except Exception as error:
        # What calamine itself reports is about the workbook; anything else, such as a library that no longer
        # fitted into memory, is about the reading.
        from_reader = "calamine" in type(error).__module__
        return {"error": "NOT_XLSX" if from_reader else "READER_FAILED", "why": type(error).__name__}


def read(order: dict) -> dict:
    import python_calamine  # noqa: PLC0415

    workbook = python_calamine.CalamineWorkbook.from_path(order["path"])
    visible = [
        one.name
        for one in workbook.sheets_metadata
        if one.typ == python_calamine.SheetTypeEnum.WorkSheet
        and one.visible == python_calamine.SheetVisibleEnum.Visible
    ]
    if not order["head"]:
        return write(workbook.get_sheet_by_name(order["sheet"]), order)
    if len(visible) == 1 and order["out"]:
        # A workbook of one sheet needs no choice: it is read whole while it is open.
        sheet = workbook.get_sheet_by_name(visible[0])
        return {
            "sheets": [{"name": visible[0], **head(sheet, order["head"])}],
            "written": write(sheet, order),
        }
    heads = [{"name": name, **head(workbook.get_sheet_by_name(name), order["head"])} for name in visible]
    return {"sheets": heads, "written": None}


def head(sheet, rows: int) -> dict:
    if sheet.start is None:
        return {"rows": [], "left": 0}
    found = []
    for number, row in enumerate(sheet.iter_rows()):
        if number >= rows:
            break
        found.append([text_and_kind(value)[0] for value in row])
    return {"rows": found, "left": sheet.start[1]}


def write(sheet, order: dict) -> dict:
    import pyarrow as pa  # noqa: PLC0415

    width = sheet.width
    schema = pa.schema([(f"{kind}{i}", pa.string()) for i in range(width) for kind in "tk"])
    count = 0
    with pa.OSFile(order["out"], "wb") as target, pa.ipc.new_file(target, schema) as writer:
        rows, known = itertools.islice(sheet.iter_rows(), order["skip"], None), CellTexts()
        while width and (cells := list(itertools.islice(rows, BATCH))):
            count += len(cells)
            if count > order["rows"] + 1000:
                return {"error": "TOO_MANY_ROWS"}
            pairs = [column(pa, values, known) for values in zip(*cells, strict=True)]
            arrays = [one for texts, kinds in pairs for one in (texts, letters(pa, kinds))]
            writer.write(pa.record_batch(arrays, schema=schema))
    return {
        "rows": count,
        "skipped": order["skip"],
        "left": sheet.start[1] if sheet.start else 0,
        "width": width,
    }


class CellTexts(dict):
    """The texts of values, each made once. True equals 1 and must not be asked for here."""

    def __missing__(self, value) -> str:
        if len(self) > MOST_TEXTS:
            self.clear()
        text = self[value] = text_and_kind(value)[0]
        return text


def column(pa, values: tuple, known: CellTexts):
    """The texts of a column's cells as an array, and their kinds, one letter each."""
    types = set(map(type, values))
    if types == {float} and (texts := numbers(pa, values)) is not None:
        return texts, b"n" * len(values)
    if bool in types:
        return pieces(pa, values)
    texts = pa.array(values if types == {str} else list(map(known.__getitem__, values)), pa.string())
    if str in types and b"\x00" in bytes(texts.buffers()[2] or b""):
        return pieces(pa, values)
    if types == {str} and "" not in values:
        return texts, b"t" * len(values)
    kinds = {one: ord(KINDS.get(one, "t")) for one in types}
    if str not in types:
        return texts, bytes([kinds[type(one)] for one in values])
    return texts, bytes([kinds[type(one)] if one != "" else BLANK for one in values])


def pieces(pa, values: tuple):
    """Like column, cell by cell."""
    texts, kinds = zip(*map(text_and_kind, values), strict=True)
    return pa.array(texts, pa.string()), "".join(kinds).encode("ascii")


def numbers(pa, values: tuple):
    """What `number` says of all of them at once; None where one is not finite or has an exponent.

    The shortest text that means a number is that of its 15 significant digits if it has no more of them.
    """
    import pyarrow.compute as pc  # noqa: PLC0415

    given = pa.array(values, pa.float64())
    if not pc.all(pc.less(pc.abs(given), LARGE)).as_py():
        return None
    try:
        return pc.cast(pc.cast(given, pa.int64()), pa.string())
    except pa.ArrowInvalid:
        texts = pc.cast(given, pa.string())
    longer = pc.or_(pc.greater(pc.binary_length(texts), DIGITS), pc.match_substring(texts, "e"))
    if pc.any(longer).as_py():
        exact = [number(one) for one in given.filter(longer).to_pylist()]
        texts = pc.replace_with_mask(texts, longer, pa.array(exact, pa.string()))
    return pc.if_else(pc.equal(given, 0), "0", texts)


@functools.cache
def places(count: int):
    """Where each of so many texts of one letter begins, and the last ends."""
    return array.array("i", range(count + 1))


def letters(pa, kinds: bytes):
    """An array of texts of one letter each."""
    return pa.StringArray.from_buffers(len(kinds), pa.py_buffer(places(len(kinds))), pa.py_buffer(kinds))


def text_and_kind(value) -> tuple[str, str]:
    if value is None or value == "":
        return "", " "
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd"), "t"
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), "b"
    if isinstance(value, (int, float)):
        return number(value), "n"
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds"), "d"
    if isinstance(value, dt.date):
        return value.isoformat(), "d"
    return str(value), "t"


def number(value) -> str:
    """The shortest text of the 15 significant digits, without exponent."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    short = format(value, ".15g")
    return short if "e" not in short else format(decimal.Decimal(short), "f")
