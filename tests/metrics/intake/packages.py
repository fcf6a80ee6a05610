"""Makes workbooks and zip files by hand, honest and hostile, without a spreadsheet library."""

import io
import struct
import zipfile
import zlib

SHEET_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def letter(position):
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cell_xml(value, reference):
    """A cell: text, number, or a ready piece of XML given as a tuple (attributes, content)."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        attributes, content = value
        return f'<c r="{reference}"{attributes}>{content}</c>'
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escaped(value)}</t></is></c>'
    return f'<c r="{reference}"><v>{value!r}</v></c>'


def sheet_xml(rows):
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(cell_xml(value, f"{letter(place)}{number}") for place, value in enumerate(row, 1))
        lines.append(f'<row r="{number}">{cells}</row>')
    return f"{XML}<worksheet {NAMESPACE}><sheetData>{''.join(lines)}</sheetData></worksheet>"


def parts(rows=(), *, sheet=None, main_type=SHEET_MAIN, date1904=False, extra=None, sheets=("Sheet1",)):
    """The parts of a workbook by name. Style 1 is a date. `extra` adds or replaces parts."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(sheets, 1)
    )
    rels = "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    rels += f'<Relationship Id="rIdS" Type="{OFFICE}/styles" Target="styles.xml"/>'
    package = "http://schemas.openxmlformats.org/package/2006"
    found = {
        "[Content_Types].xml": f'{XML}<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main_type}"/></Types>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{XML}<workbook {NAMESPACE} xmlns:r="{OFFICE}">'
        f'<workbookPr date1904="{int(date1904)}"/><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{package}/relationships">{rels}</Relationships>',
        "xl/styles.xml": f'{XML}<styleSheet {NAMESPACE}><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }
    for number in range(1, len(sheets) + 1):
        found[f"xl/worksheets/sheet{number}.xml"] = sheet or sheet_xml(rows)
    found.update(extra or {})
    return found


def zipped(named):
    """A zip of parts (text or bytes)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in named.items():
            package.writestr(name, content)
    return buffer.getvalue()


def workbook(rows=(), **how):
    return zipped(parts(rows, **how))


def repeated(head: bytes, unit: bytes, times: int, tail: bytes) -> tuple[bytes, int]:
    """(deflated, length) of head + unit × times + tail without making it: a full flush lets packed units repeat."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(unit) + packer.flush(zlib.Z_FULL_FLUSH)
    last = packer.compress(tail) + packer.flush(zlib.Z_FINISH)
    return first + block * times + last, len(head) + len(unit) * times + len(tail)


def raw_zip(entries) -> bytes:
    """A zip from (name, packed bytes, declared size, declared CRC): whatever they declare."""
    out, directory = bytearray(), bytearray()
    for name, packed, size, crc in entries:
        raw = name.encode()
        common = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, crc, len(packed), size, len(raw), 0)
        at = len(out)
        out += b"PK\x03\x04" + common + raw + packed
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + common
        directory += struct.pack("<HHHLL", 0, 0, 0, 0, at) + raw
    end = struct.pack("<HHHHLLH", 0, 0, len(entries), len(entries), len(directory), len(out), 0)
    return bytes(out) + bytes(directory) + b"PK\x05\x06" + end


def packed(content: bytes) -> tuple[bytes, int, int]:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush(), len(content), zlib.crc32(content)


def with_huge_sheet(unit: bytes, times: int, *, declared=None) -> bytes:
    """A workbook whose sheet unpacks to `unit` × `times`; `declared` is a size that the directory lies about."""
    head = f"{XML}<worksheet {NAMESPACE}><sheetData>".encode()
    data, size = repeated(head, unit, times, b"</sheetData></worksheet>")
    named = parts()
    del named["xl/worksheets/sheet1.xml"]
    entries = [(name, *packed(content.encode())) for name, content in named.items()]
    return raw_zip([*entries, ("xl/worksheets/sheet1.xml", data, size if declared is None else declared, 1)])


def overlapping() -> bytes:
    """A zip whose directory points many entries at the same packed bytes."""
    content = packed(b"0" * 1_000_000)
    single = raw_zip([("a.xml", *content)])
    at = single.index(b"PK\x01\x02")
    entry, start = single[at : single.index(b"PK\x05\x06")], single[:at]
    directory = entry * 400
    end = struct.pack("<HHHHLLH", 0, 0, 400, 400, len(directory), len(start), 0)
    return start + directory + b"PK\x05\x06" + end
