"""Differences between two sides that nobody settled, as the latest checks of a review found them."""

import datetime as dt

from metrics.models import CheckRun, Review, Ruling

SETTLED = ("accepted", "left", "right", "parked")


def unsettled(review: Review, run: CheckRun) -> list[tuple[str, bool]]:
    """(pair, whether it stops the freeze) of every month of a pair that does not agree and nobody settled."""
    decided = Ruling.objects.filter(period_start__lt=review.period_end).newest()
    found = []
    for check in run.results:
        if check["group"] != "between" or check["asked"] == check["held"]:
            continue
        for place in check["places"]:
            if not is_settled(check["code"], place["period"], decided):
                found.append((check["code"], check["severity"] == "error"))
    return found


def is_settled(pair: str, month: str, decided: dict) -> bool:
    """By a decision of that month, or an official side that stands since an earlier one."""
    if len(month) != 7:
        return False
    start = dt.date.fromisoformat(f"{month}-01")
    own = decided.get((pair, start))
    if own is not None:
        return own.decision in SETTLED
    return any(
        one.pair == pair and one.reach == "standing" for one in decided.values() if one.period_start < start
    )
