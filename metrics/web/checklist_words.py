"""The checklist of a review as the data page shows it: items with what is missing by name, and who may agree what."""

import datetime as dt
import zoneinfo

from django.urls import reverse

from metrics import analysis, checklist, deadlines, delay_words, trust_scores
from metrics.definitions import Definitions
from metrics.models import Analysis, Review
from reviewhub.people.models import Department
from reviewhub.people.permissions import may

# What the forms of the checklist hold before anybody typed.
NOTHING_TYPED = {
    "agreement_problems": (),
    "typed_due": "",
    "typed_reason": "",
    "typed_item": "",
    "typed_why": "",
}


def shown(review: Review | None, department: Department, user, *, at: dt.datetime) -> dict:
    """The checklist as the data page shows it to `user`: items with what is missing by name, and who may do what."""
    if review is None:
        return {"checklist": None}
    found = checklist.of(review, department)
    codes = {code for item in found.items for code in item.missing}
    names = Definitions.on(review.period_start) if codes else {}
    trust = {} if user.is_partner else trust_scores.of_files(review, department)
    return {
        "checklist": found,
        "due_is_over": at >= found.due.at,
        **analysis_link(review, department, user),
        "checklist_rows": [
            {
                "item": item,
                "missing": [names[code].name if code in names else code for code in item.missing],
                "trust": trust.get(item.version.profile) if item.version else None,
            }
            for item in found.items
        ],
        "extend_problems": deadlines.extend_problems(review, department, by=user),
        "exempt_problems": checklist.exempt_problems(review, department, by=user),
        "may_extend": may(user, "submission.extend", department),
        "extensions": review.extensions.filter(department=department, given_by__isnull=False).select_related(
            "given_by"
        ),
        "delays": delays(found),
        "default_due": default_due(found),
        "company_zone": review.time_zone,
    }


def delays(found: checklist.Checklist) -> list[dict]:
    """What moved lines by itself: which, until when, by how much and why. What a longer time replaced is left out."""
    rows = {item.due.extension.pk: item.due for item in found.items if item.due.extension}
    return [
        {
            "items": [item.line.code for item in found.items if item.due.extension == due.extension],
            "due_at": due.at,
            "length": delay_words.by_how_much(due.extension),
            "because": delay_words.because(due.extension),
        }
        for due in rows.values()
        if due.extension.cause
    ]


def analysis_link(review: Review, department: Department, user) -> dict:
    """The analysis and its page, for who may open it."""
    row = analysis.of(review, department)
    seen = row.pk and Analysis.objects.visible_to(user).filter(pk=row.pk).exists()
    opens = seen or may(user, "submission.edit", department)
    return {
        "analysis": row,
        "analysis_url": reverse("analysis", args=[department.slug, review.code]) if opens else "",
    }


def default_due(found: checklist.Checklist) -> str:
    """A day more than now, as the field of the form wants it: in the company's zone."""
    review = found.review
    wanted = min(found.due.at + dt.timedelta(days=1), review.freeze_at)
    return f"{wanted.astimezone(zoneinfo.ZoneInfo(review.time_zone)):%Y-%m-%dT%H:%M}"
