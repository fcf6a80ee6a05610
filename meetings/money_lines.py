"""What the meeting decided about money, as lines that Finance finds when it opens the budget adjustment."""

from decimal import Decimal

from actions import budget_amounts
from actions.budget_lines import LONGEST, Typed
from meetings.models import Capture, Meeting
from reviewhub.people.models import Company, Confidentiality


def lines(meeting: Meeting) -> list[Typed]:
    """A budget line for every decision and task that moves money, as Finance would type it; `$+0` moves nothing.

    What is taken away leaves its account, what is given goes to it. The other side is Finance's to say.
    """
    rows = Capture.objects.filter(
        meeting__review=meeting.review_id,
        kind__in=(Capture.Kind.DECISION, Capture.Kind.ACTION),
        confidentiality__lte=Confidentiality.INTERNAL,
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
    typed_amount = f"{abs(amount):,f}"
    is_ours = said["currency"] in (None, currency) and is_amount(typed_amount, currency)
    if not is_ours:
        evidence.insert(0, " ".join(filter(None, [typed_amount, said["currency"]])))
    typed = {
        "from_account": account if amount < 0 else "",
        "to_account": account if amount > 0 else "",
        "amount": typed_amount if is_ours else "",
        "decision": f"D-{row.pk} {row.text}",
        "note": " ".join(evidence),
    }
    return Typed.cleaned(**{name: text[: LONGEST[name]] for name, text in typed.items()})


def is_amount(typed: str, currency: str) -> bool:
    """Whether a budget line can hold it; else it stands beside the line, for Finance to say."""
    try:
        budget_amounts.read(typed, currency)
    except budget_amounts.NoAmount:
        return False
    return True
