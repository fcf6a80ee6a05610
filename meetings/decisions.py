"""What was decided in the meetings of a review, and every line that moves money or names the budget."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from actions.budget_lines import LONGEST, Typed
from meetings.models import Capture, Meeting
from reviewhub.people.models import Company, Confidentiality, User

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


def lines(meeting: Meeting) -> list[Typed]:
    """A budget line for every line of the room that moves money, as Finance would type it; `$+0` moves nothing.

    What is taken away leaves its account, what is given goes to it. The other side is Finance's to say.
    """
    rows = Capture.objects.filter(
        meeting__review=meeting.review_id, confidentiality__lte=Confidentiality.INTERNAL
    )
    company = Company.objects.first()
    found = [_line(row, company.currency if company else "") for row in rows.order_by("captured_at", "id")]
    return [line for line in found if line]


def _line(row: Capture, currency: str) -> Typed | None:
    said = row.parsed.get("money")
    amount = Decimal(said["amount"]) if said else Decimal(0)
    if not amount:
        return None
    account = "/".join(filter(None, [said["department"], said["account"]]))
    evidence = [f"#{link}" for link in row.parsed.get("links", ())]
    is_ours = said["currency"] in (None, currency)
    if not is_ours:
        evidence.insert(0, f"{abs(amount):,f} {said['currency']}")
    typed = {
        "from_account": account if amount < 0 else "",
        "to_account": account if amount > 0 else "",
        "amount": f"{abs(amount):,f}" if is_ours else "",
        "decision": f"D-{row.pk} {row.text}",
        "note": " ".join(evidence),
    }
    return Typed.cleaned(**{name: text[: LONGEST[name]] for name, text in typed.items()})


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
