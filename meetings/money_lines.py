"""What the meeting decided about money, as lines that Finance finds when it opens the budget adjustment."""

from decimal import Decimal

from actions.budget_lines import LONGEST, Typed
from meetings.models import Capture, Meeting
from reviewhub.people.models import Company, Confidentiality


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
