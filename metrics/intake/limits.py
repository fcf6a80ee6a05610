"""How large an uploaded file may be before it is refused. Pure."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Defaults of the product; an installation may set others. Sizes in bytes, times in seconds."""

    text_bytes: int = 256 * MIB
    text_rows: int = 2_000_000
    lookup_rows: int = 500_000
    sheet_bytes: int = 32 * MIB
    unpacked_bytes: int = 512 * MIB
    sheet_rows: int = 500_000
    columns: int = 200
    cells: int = 20_000_000
    parts: int = 500
    cell_chars: int = 32_767
    text_chars: int = 2_000
    member_chars: int = 80
    findings: int = 1_000
    preview_rows: int = 20
    child_memory: int = 3 * 1024 * MIB
    child_cpu: int = 120
    child_wall: float = 180.0
