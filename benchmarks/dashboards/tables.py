"""Pure. What the benchmark prints: a line for each page, with its ratios and whether they reach the targets."""

import statistics

OF_RAW, OF_DUCKDB, QUERIES, BYTES = 1 / 20, 2.0, 12, 300_000
NAMES = ("p50", "p95", "raw", "Duck p50", "Duck p95")
HEAD = f"{'page (times in ms)':38}{'queries':>8}{'kB':>6}" + "".join(f"{one:>10}" for one in NAMES)
HEAD += f"{'÷ raw':>9}{'÷ Duck':>8}  answers, targets"


def p95(times: list[float]) -> float:
    """The 95th of a hundred; of few rounds the slowest; not a number of none."""
    if not times:
        return float("nan")
    return statistics.quantiles(times, n=20)[-1] if len(times) >= 20 else max(times)


def line(page, ours: list[float], raw: list[float], duck: list[float], *, equal: bool) -> str:
    """`ours`, `raw`, `duck`: seconds of each round for all that the page reads."""
    shown = (statistics.median(ours), p95(ours), statistics.median(raw))
    shown += (statistics.median(duck), p95(duck)) if duck else (float("nan"),) * 2
    of_raw, of_duck = p95(ours) / p95(raw), p95(ours) / p95(duck)
    missed = [
        name
        for name, is_missed in (
            ("raw", of_raw > OF_RAW),
            ("DuckDB", of_duck > OF_DUCKDB),
            ("queries", page.queries > QUERIES),
            ("bytes", page.size > BYTES),
        )
        if is_missed
    ]
    told = "equal" if equal else "DIFFERENT"
    text = f"{page.address:38}{page.queries:8}{page.size / 1000:6.0f}" + "".join(
        f"{one * 1000:10.1f}" for one in shown
    )
    return f"{text}{of_raw:9.4f}{of_duck:8.2f}  {told}, " + (
        f"missed: {', '.join(missed)}" if missed else "reached"
    )
