"""What was decided in the meetings of a review, and every line that moves money or names the budget."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from meetings.models import Capture, Meeting
from reviewhub.people.models import User

BUDGET = "FIN_BUD"


@dataclass(frozen=True)
class Decided:
    """One line of the room; `money` as pages show it ("+200,000 CNY MKT/TikTok-DE"), empty without."""

    text: str
    money: str
    owner: User | None
    captured_at: dt.datetime
    pk: int


def of(meetings: list[Meeting], *, reader: User) -> list[Decided]:
    """In the order in which they were said."""
    rows = Capture.objects.visible_to(reader).filter(meeting__in=meetings).select_related("owner")
    return [
        Decided(row.text, money(row.parsed), row.owner, row.captured_at, row.pk)
        for row in rows.order_by("captured_at", "id")
        if row.kind == Capture.Kind.DECISION or is_about_money(row.parsed)
    ]


def is_about_money(parsed: dict) -> bool:
    links = [*parsed.get("links", ()), *parsed.get("unknown_links", ())]
    return bool(parsed.get("money")) or any(link.upper().startswith(BUDGET) for link in links)


def money(parsed: dict) -> str:
    found = parsed.get("money")
    if not found:
        return ""
    amount = Decimal(found["amount"])
    shown = f"{amount:+,f}".replace("-", "\u2212") if amount else "±0"
    account = "/".join(filter(None, [found["department"], found["account"]]))
    return " ".join(filter(None, [shown, found["currency"], account]))
