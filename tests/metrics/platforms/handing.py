"""Files of platforms as tests make them, handed in through the command, and read back through the command."""

import csv
import io
import json
import random
from decimal import Decimal

import pandas as pd
import xlsxwriter
from django.core.management import call_command

from metrics.intake import Profile, check, detect
from metrics.models import Metric
from tests.metrics.figures import dictionary_of_today


def delimited(
    rows, *, header=None, mark=",", end="\n", quoted=False, before=(), after=(), encoding="utf-8"
) -> bytes:
    """Rows of cells as a delimited file; `before` and `after` are whole lines around the table."""
    out = io.StringIO()
    style = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=mark, lineterminator=end, quoting=style)
    for cells in ([] if header is None else [header]) + list(rows):
        writer.writerow(cells)
    lines = "".join(line + end for line in before) + out.getvalue() + "".join(line + end for line in after)
    return lines.encode(encoding)


def workbook(sheets: dict[str, list], *, date1904=False, formats: dict | None = None) -> bytes:
    """A workbook: sheet → rows. `formats` names the number format of a column (from 0)."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": date1904})
    styles = {column: book.add_format({"num_format": text}) for column, text in (formats or {}).items()}
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, str):
                    sheet.write_string(at, column, value)
                elif value is not None:
                    sheet.write(at, column, value, styles.get(column) if at else None)
    book.close()
    return out.getvalue()


def money(random_: random.Random, low=1, high=500) -> Decimal:
    """An amount with cents."""
    return Decimal(random_.randrange(low * 100, high * 100)).scaleb(-2)


def german(value: Decimal, places=2) -> str:
    """1234.5 as 1.234,50."""
    return f"{value:,.{places}f}".translate(str.maketrans(",.", ".,"))


def submit(tmp_path, name: str, content: bytes, period: str, *more, department="sales") -> dict:
    """The document of `manage.py submit` for a file of this name; the profile is found by the product."""
    path = tmp_path / name
    path.write_bytes(content)
    out = io.StringIO()
    try:
        call_command(
            "submit",
            str(path),
            f"--department={department}",
            f"--period={period}",
            "--json",
            *more,
            stdout=out,
        )
    except SystemExit:
        pass
    return json.loads(out.getvalue())


def read(code: str, period: str, *more) -> str | None:
    """The exact value that `manage.py reading` gives, as text without trailing noughts."""
    if not Metric.objects.exists():
        dictionary_of_today()
    out = io.StringIO()
    call_command("reading", code, f"--period={period}", "--json", *more, stdout=out)
    return plain(json.loads(out.getvalue())["exact"])


def plain(value) -> str | None:
    if value is None:
        return None
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figures(document: dict, period: str, codes) -> dict[str, str | None]:
    """Readings of the codes; the file has to be in."""
    told = [(f["code"], f["row"], f["column"], f["value"], f["message"]) for f in document["findings"]]
    assert document["status"] in ("accepted", "warnings"), told
    return {code: read(code, period) for code in codes}


def exact(series) -> Decimal:
    """The sum of a column of decimals, as pandas adds objects."""
    return sum(pd.Series(series, dtype=object), Decimal(0))


def expected(**values) -> dict[str, str]:
    return {code: plain(value) for code, value in values.items()}


def found_profile(tmp_path, name: str, content: bytes) -> str | None:
    """Which of all shipped profiles the product takes."""
    path = tmp_path / "detect"
    path.write_bytes(content)
    return detect(path, name, Profile.shipped())


def checked(tmp_path, name: str, content: bytes, profile: str, **more):
    path = tmp_path / "checked"
    path.write_bytes(content)
    return check(path, name, Profile.load(profile), **more)


def told(outcome, code: str) -> list[tuple]:
    """(sheet, Excel row, column, value) of the findings with this code."""
    return [(one.sheet, one.row, one.column, one.value) for one in outcome.findings if one.code == code]
