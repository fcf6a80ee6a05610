"""What of the minutes a reader is given, and what one version changed in another. Pure.

The document: {"review", "title": {zh, en}, "zone", "scheduled_at", "started_at", "ended_at", "budget_s", "facilitator",
"present", "reason", "summary", "items": [{"code", "zh", "en", "department", "is_private", "planned_s", "used_s",
"was_dropped", "note", "lines"}], "lines"}; people are {"zh", "en"}, instants ISO 8601. A line is {"id", "kind", "text",
"owner", "due_on", "result", "excuse", "answer", "answer_text"}.
"""

import difflib


def of_partner(document: dict, department: str) -> dict:
    """Only its own items that are not private; nothing of who else came, or of what was said elsewhere."""
    own = [one for one in document["items"] if one["department"] == department and not one["is_private"]]
    left_out = {
        "facilitator": None,
        "present": [],
        "reason": "",
        "summary": "",
        "lines": [],
        "recognised": [],
        "budget_s": None,
    }
    return document | left_out | {"items": own}


def lines_of(document: dict, *kinds: str) -> list[tuple[dict, dict | None]]:
    """(line, its item) of these kinds, in the order of the agenda; all kinds where none is named."""
    everywhere = [(line, item) for item in document["items"] for line in item["lines"]]
    everywhere += [(line, None) for line in document["lines"]]
    return [(line, item) for line, item in everywhere if not kinds or line["kind"] in kinds]


def changes(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """("−" or "+", line) of what was taken away and what came, in order."""
    found = difflib.ndiff(before, after)
    return [("−" if one[0] == "-" else "+", one[2:]) for one in found if one[0] in "+-" and one[2:].strip()]
