"""What the benchmark prints. Pure."""

from statistics import median

LABELS = {"bare": "bare broadcast (bound)", "product": "ReviewHub's streams", "polling": "polling every 2 s"}


def percentile(values: list[float], share: float) -> float:
    """Of sorted values, the smallest that `share` of them do not pass; nan of none."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def summed(rounds: list) -> dict[str, float]:
    """Medians over the rounds."""
    return {
        "p50": median(percentile(one.latencies, 0.5) for one in rounds),
        "p99": median(percentile(one.latencies, 0.99) for one in rounds),
        "missing": sum(one.missing for one in rounds),
        "connect": median(one.connect_s for one in rounds),
        "kb": median(one.kb_a_viewer for one in rounds),
        "cpu": median(100 * one.cpu_s / one.seconds for one in rounds),
    }


def race(found: dict[str, list], viewers: int) -> str:
    columns = ("p50 ms", "p99 ms", "lost", "all there s", "kB a viewer", "% of a core")
    lines = [f"{f'published → received, {viewers} viewers':34}" + "".join(f"{one:>12}" for one in columns)]
    for name, rounds in found.items():
        one = summed(rounds)
        lines.append(
            f"{LABELS[name]:34}{one['p50']:12.1f}{one['p99']:12.1f}{one['missing']:12d}{one['connect']:12.2f}"
            f"{one['kb']:12.1f}{one['cpu']:12.1f}"
        )
    return "\n".join(lines)


def targets(found: dict[str, list]) -> str:
    """Each target with its figure; nothing where its peer did not take part."""
    ours = summed(found["product"]) if "product" in found else None
    lines = []
    if ours and "bare" in found:
        lines.append(_said("p99 ÷ bare broadcast", ours["p99"] / summed(found["bare"])["p99"], 4, most=True))
    if ours:
        lines.append(_said("kB a viewer", ours["kb"], 40, most=True))
    if ours and "polling" in found:
        theirs = summed(found["polling"])
        lines.append(_said("fresher than polling, p50", theirs["p50"] / ours["p50"], 10, most=False))
        lines.append(
            _said("less processor than polling", theirs["cpu"] / max(ours["cpu"], 0.1), 10, most=False)
        )
    return "\n".join(lines)


def _said(what: str, figure: float, target: float, *, most: bool) -> str:
    reached = figure <= target if most else figure >= target
    return (
        f"{what}: {figure:.2f} (target {'≤' if most else '≥'} {target}) {'reached' if reached else 'MISSED'}"
    )
