"""Reads one worksheet in a process of its own, under limits of memory and time, into Arrow files.

Forked by child_server.py, which loads it by its path, so that nothing of the product is imported. Every column becomes
two: its text, and the kind of each cell: n number, d date, b true or false, t text, blank for an empty cell. Numbers
keep the 15 significant digits that a spreadsheet has.
"""

import datetime as dt
import resource

BATCH = 8192


def answered(order: dict) -> dict:
    """The answer to one order, under its limits; the process has to end afterwards."""
    resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (order["cpu"], order["cpu"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
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
    if order["head"]:
        heads = [{"name": name, **head(workbook, name, order["head"])} for name in visible]
        # A workbook of one sheet needs no choice: it is read whole while it is open.
        only = (
            write(workbook.get_sheet_by_name(visible[0]), order)
            if len(visible) == 1 and order["out"]
            else None
        )
        return {"sheets": heads, "written": only}
    sheet = workbook.get_sheet_by_name(order["sheet"])
    return write(sheet, order)


def head(workbook, name: str, rows: int) -> dict:
    sheet = workbook.get_sheet_by_name(name)
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
        texts, kinds = [[] for _ in range(width)], [[] for _ in range(width)]
        for number, row in enumerate(sheet.iter_rows(), 1):
            if number <= order["skip"]:
                continue
            for place, value in enumerate(row):
                text, kind = text_and_kind(value)
                texts[place].append(text)
                kinds[place].append(kind)
            count += 1
            if count > order["rows"] + 1000:
                return {"error": "TOO_MANY_ROWS"}
            if len(texts[0]) >= BATCH:
                writer.write(batch(pa, schema, texts, kinds))
                texts, kinds = [[] for _ in range(width)], [[] for _ in range(width)]
        if width and texts[0]:
            writer.write(batch(pa, schema, texts, kinds))
    return {
        "rows": count,
        "skipped": order["skip"],
        "left": sheet.start[1] if sheet.start else 0,
        "width": width,
    }


def batch(pa, schema, texts, kinds):
    arrays = [
        pa.array(column, type=pa.string()) for pair in zip(texts, kinds, strict=True) for column in pair
    ]
    return pa.record_batch(arrays, schema=schema)


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
    if "e" not in short:
        return short
    return format(value, ".0f") if abs(value) >= 1 else format(value, ".25f").rstrip("0")
