"""The marked copy of an upload: every bad cell exactly where the findings say, nothing of it can be carried out."""

import io
import re
import zipfile

import pytest
import python_calamine
import xlsxwriter

from metrics import marked_copies
from tests.metrics.uploads import ROWS, csv, imported

pytestmark = pytest.mark.django_db
BAD = [
    ROWS[0].replace("2.55", "two"),
    ROWS[1].replace("United Kingdom", "=cmd|' /C calc'!A0"),
    ROWS[2].replace("2010-12-02 09:41:00", "2010-13-02"),
    ROWS[3],
]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def opened(content: bytes) -> tuple[dict, dict]:
    """(sheet → rows of texts, part → text of the package)."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return found, {name: package.read(name).decode() for name in package.namelist()}


def notes(parts: dict, sheet: int) -> dict[str, str]:
    """Cell → the text of its note, of the sheet with this number."""
    relations = parts.get(f"xl/worksheets/_rels/sheet{sheet}.xml.rels", "")
    target = re.search(r"comments(\d+)\.xml", relations)
    if not target:
        return {}
    found = re.findall(
        r'<comment ref="([A-Z]+\d+)".*?<t[^>]*>(.*?)</t>', parts[f"xl/comments{target[1]}.xml"], re.S
    )
    return dict(found)


def fills(parts: dict, sheet: int) -> set[str]:
    """The cells whose style has a colour."""
    styles = parts["xl/styles.xml"]
    patterns = re.findall(r"<fill>(.*?)</fill>", styles, re.S)
    coloured = {number for number, one in enumerate(patterns) if "solid" in one}
    formats = re.findall(r"<xf [^>]*fillId=\"(\d+)\"", re.search(r"<cellXfs.*?</cellXfs>", styles, re.S)[0])
    wanted = {str(number) for number, fill in enumerate(formats) if int(fill) in coloured}
    cells = re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', parts[f"xl/worksheets/sheet{sheet}.xml"])
    return {cell for cell, style in cells if style in wanted}


def download(client, job):
    answer = client.get(f"/imports/{job.pk}/marked.xlsx")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content), answer


def test_every_bad_cell_of_a_text_file_is_marked_where_the_findings_say(people, at, signed_in):
    job = imported(csv(BAD), at=at, by=people["sales"], profile="uci-online-retail")
    people["sales"].language = "en"
    people["sales"].save()
    client = signed_in(people["sales"])
    content, answer = download(client, job)
    assert 'filename="december-marked.xlsx"' in answer["Content-Disposition"]
    sheets, parts = opened(content)
    assert list(sheets) == ["Findings", "Data"]
    told = {f"{one['column']}{one['row']}" for one in job.outcome["findings"] if one["row"]}
    assert len(told) >= 2 and set(notes(parts, 2)) == told == fills(parts, 2)
    assert sheets["Data"][1][5] == "two" and sheets["Data"][3][4] == "2010-13-02"
    assert [",".join(row) for row in sheets["Data"][1:]] == BAD
    assert f'/imports/{job.pk}/marked.xlsx"' in client.get(f"/imports/{job.pk}/").content.decode()


def test_the_list_comes_first_and_leads_to_each_cell(people, at, signed_in):
    job = imported(csv(BAD), at=at, by=people["sales"], profile="uci-online-retail")
    people["sales"].language = "en"
    people["sales"].save()
    sheets, parts = opened(download(signed_in(people["sales"]), job)[0])
    rows = [row for row in sheets["Findings"] if row[0] in ("error", "warning")]
    assert len(rows) == job.outcome["findings_total"]
    places = {f"{one['column']}{one['row']}" for one in job.outcome["findings"] if one["row"]}
    assert set(re.findall(r"location=\"'Data'!([A-Z]+\d+)\"", parts["xl/worksheets/sheet1.xml"])) == places
    two = next(row for row in rows if row[4] == "two")
    assert (two[2], two[3]) == ("F2", "UnitPrice") and two[5] and two[6]
    people["sales"].language = "zh-hans"
    people["sales"].save()
    sheets, parts = opened(download(signed_in(people["sales"]), job)[0])
    assert list(sheets) == ["发现", "数据"] and any("错误" in row for row in sheets["发现"])
    assert re.search("[一-鿿]", notes(parts, 2)["F2"])


def test_nothing_in_the_copy_is_a_formula_a_macro_or_an_outside_link(people, at, signed_in):
    risky = ["=1+1", "+1", "@x", "-1+1", '=HYPERLINK("http://evil")', "http://evil/x", "{=1}"]
    rows = [
        row.replace("HEART", f'"{one.replace(chr(34), chr(34) * 2)}"')
        for one, row in zip(risky, [BAD[0]] * 7, strict=True)
    ]
    job = imported(csv(rows), at=at, by=people["sales"], profile="uci-online-retail")
    sheets, parts = opened(download(signed_in(people["sales"]), job)[0])
    [name] = [one for one in sheets if one in ("Data", "数据")]
    assert [row[2] for row in sheets[name][1:]] == risky
    assert not [one for one in parts if "vba" in one.lower() or "external" in one.lower()]
    assert not any("<f>" in text or "<f " in text for text in parts.values())
    assert not any('TargetMode="External"' in text for text in parts.values())
    assert 'quotePrefix="1"' in parts["xl/styles.xml"]


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False}) as book:
        other = book.add_worksheet("Findings")
        other.write_row(0, 0, ["kept", 7.5])
        other.write_formula(1, 0, "=1+1", None, 2)
        sheet = book.add_worksheet("O'Neil & Co")
        sheet.write_row(0, 0, csv().decode().split("\n")[0].split(","))
        for at, line in enumerate(BAD, 2):
            sheet.write_row(at, 0, line.split(","))
    return out.getvalue()


def test_other_sheets_keep_their_values_and_rows_their_numbers(people, at, signed_in):
    job = imported(
        workbook(), at=at, by=people["sales"], name="a.xlsx", profile="uci-online-retail", sheet="O'Neil & Co"
    )
    people["sales"].language = "en"
    people["sales"].save()
    sheets, parts = opened(download(signed_in(people["sales"]), job)[0])
    assert list(sheets) == ["Findings", "Findings 2", "O'Neil & Co"]
    assert sheets["Findings 2"] == [["kept", 7.5], [2.0, ""]]
    told = {f"{one['column']}{one['row']}" for one in job.outcome["findings"] if one["row"]}
    assert "F3" in told and set(notes(parts, 3)) == told == fills(parts, 3) and not notes(parts, 2)
    assert "'O''Neil &amp; Co'!F3" in parts["xl/worksheets/sheet1.xml"]


def test_the_copy_mended_is_a_file_that_goes_in(people, at, signed_in):
    job = imported(csv(BAD), at=at, by=people["sales"], profile="uci-online-retail")
    content = download(signed_in(people["sales"]), job)[0]
    again = imported(
        content, at=at, by=people["sales"], name="december-marked.xlsx", profile="uci-online-retail"
    )
    listed, found = (
        {
            (one["code"], one["row"], one["column"])
            for one in of.outcome["findings"]
            if one["severity"] == "error"
        }
        for of in (job, again)
    )
    assert found == listed


def test_a_large_file_is_copied_around_its_findings_only(people, at, signed_in, monkeypatch):
    rows = [ROWS[0]] * 300
    rows[199] = BAD[0]
    job = imported(csv(rows), at=at, by=people["sales"], profile="uci-online-retail")
    monkeypatch.setattr(marked_copies, "WHOLE_TEXT", 1000)
    sheets, parts = opened(download(signed_in(people["sales"]), job)[0])
    name = list(sheets)[1]
    filled = [number for number, row in enumerate(sheets[name], 1) if any(row)]
    assert filled == [*range(1, 21), 200, 201, 202]
    assert set(notes(parts, 2)) == {"F201"}
    monkeypatch.setattr(marked_copies, "LARGEST_TEXT", 1000)
    client = signed_in(people["sales"])
    assert client.get(f"/imports/{job.pk}/marked.xlsx").status_code == 404
    assert "marked.xlsx" not in client.get(f"/imports/{job.pk}/").content.decode()


def test_what_is_no_table_has_the_list_alone(people, at, signed_in):
    job = imported(b"a,b\n1,\x00\n", at=at, by=people["sales"], profile="uci-online-retail")
    sheets, _parts = opened(download(signed_in(people["sales"]), job)[0])
    assert len(sheets) == 1 and job.outcome["findings_total"] == 1


def test_only_those_who_may_read_the_file_and_only_with_findings(people, at, signed_in):
    refused = imported(csv(BAD), at=at, by=people["sales"], profile="uci-online-retail")
    clean = imported(at=at, by=people["sales"])
    for name in ("marketing", "logistics", "observer", "hr"):
        client = signed_in(people[name])
        assert client.get(f"/imports/{refused.pk}/marked.xlsx").status_code == 404, name
        assert client.get(f"/submissions/{clean.submission.pk}/marked.xlsx").status_code == 404, name
    client = signed_in(people["sales"])
    assert client.get(f"/imports/{clean.pk}/marked.xlsx").status_code == 404
    assert client.get(f"/submissions/{clean.submission.pk}/marked.xlsx").status_code == 404
    warned = imported(
        ("\n" + csv().decode().replace("6,2010", "６,2010")).strip().encode(), at=at, by=people["sales"]
    )
    assert warned.submission and warned.outcome["findings_total"]
    assert client.get(f"/submissions/{warned.submission.pk}/marked.xlsx").status_code == 200
    assert (
        signed_in(people["steward"]).get(f"/submissions/{warned.submission.pk}/marked.xlsx").status_code
        == 200
    )
    assert client.post(f"/submissions/{warned.submission.pk}/marked.xlsx").status_code == 405
