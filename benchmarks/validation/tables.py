"""What the benchmark prints. Pure but for the names of the machine."""

import os
import platform
from pathlib import Path

# (peer, what is compared, target as text, is it reached?): targets of the project for this file.
LABELS = {
    "product": "ReviewHub",
    "read_csv": "pandas.read_csv alone",
    "read_text": "pandas.read_csv, texts",
    "great_expectations": "Great Expectations",
    "row_loop": "csv + re, row by row",
    "fastexcel": "fastexcel alone",
    "read_excel": "pandas.read_excel",
}


def machine(versions: str) -> str:
    model = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{model}, {os.cpu_count()} cores, load {load}, Python {platform.python_version()}\n{versions}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []


def race(found: dict[str, dict], truth: dict | None, base: str) -> str:
    """One line for each contestant; ratios are to `base`, by processor time."""
    lines = [f"{'':24} {'cpu s':>7} {'wall s':>7} {'peak MB':>8} {'× base':>7} {'spread':>7}  findings"]
    for name, one in found.items():
        ratio = one["cpu"] / found[base]["cpu"] if base in found else float("nan")
        lines.append(
            f"{LABELS.get(name, name):24} {one['cpu']:7.2f} {one['wall']:7.2f} {one['peak']:8.0f} {ratio:7.2f}"
            f" {one['spread']:7.2f}  {_said(one, truth)}"
        )
    return "\n".join(lines)


def _said(one: dict, truth: dict | None) -> str:
    if "digest" not in one or truth is None:
        return "–"
    same = one["digest"] == truth["digest"]
    return f"{one['found']:,.0f}, " + (
        "equal to the reference" if same else f"not the {truth['found']:,.0f} there are"
    )


def targets(found: dict[str, dict], bad: bool, rows: int) -> str:
    """Every target that both sides of a comparison took part in."""
    most = 4.0 if bad else 2.5
    lines = [
        _target(found, "read_csv", "cpu", most, "processor time ÷ read_csv"),
        _target(found, "read_csv", "wall", most, "wall time ÷ read_csv"),
        _target(found, "polars", "cpu", 1.2, "processor time ÷ polars"),
        _target(found, "pandera", "cpu", 1 / 5, "processor time ÷ pandera"),
        _target(found, "great_expectations", "cpu", 1 / 8, "processor time ÷ Great Expectations"),
        _target(found, "read_csv", "peak", 0.5 if rows >= 5_000_000 else 0.8, "peak memory ÷ read_csv"),
    ]
    return "\n".join(line for line in lines if line)


def workbook_targets(found: dict[str, dict]) -> str:
    """By wall time, and by processor time, that of the product's reader, a process of its own, with it."""
    return "\n".join(
        _target(found, peer, what, most, f"{label} time ÷ {LABELS[peer]}")
        for peer, most in (("fastexcel", 3.0), ("read_excel", 1 / 8))
        for what, label in (("wall", "wall"), ("cpu", "processor"))
    )


def database(found: dict[str, float]) -> str:
    lines = [f"  {name:24} {value:7.2f} s" for name, value in found.items()]
    if "raw COPY" in found:
        lines.append(limit("time ÷ raw COPY", found["product"] / found["raw COPY"], 1.5))
    else:
        # SQLite works in this process, so that all of its processor time is counted.
        ratio = found["product, processor"] / found["bulk_create, processor"]
        lines.append(limit("processor time ÷ bulk_create", ratio, 1 / 10))
    lines.append(limit("time ÷ bulk_create", found["product"] / found["bulk_create"], 1 / 10))
    return "\n".join(lines)


def upload(found: dict[str, float]) -> str:
    lines = [f"  {name:24} {value:7.2f} s" for name, value in found.items()]
    return "\n".join([*lines, limit("time ÷ raw COPY", found["product"] / found["raw COPY"], 3.0)])


def pages(found: dict[str, float]) -> str:
    lines = [f"  {name:24} {value:7.1f} ms" for name, value in found.items()]
    return "\n".join(
        [*lines, f"  p95 while importing ÷ p95 alone: {found['busy p95'] / found['quiet p95']:.2f}"]
    )


def _target(found, peer: str, what: str, most: float, label: str) -> str:
    return limit(label, found["product"][what] / found[peer][what], most) if peer in found else ""


def limit(label: str, ratio: float, most: float) -> str:
    """One target: the ratio found, the most it may be, and whether it is reached."""
    return f"  {label:44} {ratio:6.2f}  target ≤ {most:.3g}  {'reached' if ratio <= most else 'MISSED'}"
