"""Data as cards of the home page: what a review still asks of a department, and what waits to be certified."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from metrics import checklist
from metrics.checks import incidents
from metrics.models import Review, Submission
from reviewhub import cycle_health
from reviewhub.cards import Card
from reviewhub.people.models import User
from reviewhub.people.permissions import departments_with, may
from reviewhub.ui import days

State = Submission.State
OPENS = dt.timedelta(days=14)  # T−14: from then on a review asks for data
DAY = dt.timedelta(days=1)


def due(user: User, *, at: dt.datetime) -> list[Card]:
    """For those who prepare a department's data: what an open review still waits for."""
    departments = list(departments_with(user, "submission.edit"))
    if not departments:
        return []
    reviews = (
        Review.objects.visible_to(user)
        .upcoming(at)
        .filter(state=Review.State.OPEN, meeting_at__lte=at + OPENS)
    )
    latest = [versions[-1] for versions in cycle_health.series_of(departments, reviews).values()]
    cards = []
    for review in reviews:
        asked = checklist.of_all(review, departments)
        for department in departments:
            versions = [row for row in latest if row.department_id == department.pk and overlap(row, review)]
            if card := missing(asked[department.pk], versions, at=at):
                cards.append(card)
    return cards


def missing(asked: checklist.Checklist, versions: list[Submission], *, at: dt.datetime) -> Card | None:
    """The card for one department and review, or None when everything has been handed in.

    What the checklist asks for decides; where it asks for nothing, whether there is anything at all.
    """
    waiting = [row for row in versions if row.state in (State.DRAFT, State.RETURNED)]
    if not waiting and (asked.is_complete if asked.items else versions):
        return None
    row = next((one for one in waiting if one.state == State.RETURNED), waiting[0] if waiting else None)
    department, review, due_at = asked.department, asked.review, asked.next_due_at
    period = days.period(review.period_start, review.period_end, get_language() or "en")
    state, note = data_note(asked, row)
    if at > due_at:
        note = f"{note} " + _("You can still submit; it will be marked provisional.")
    return Card(
        key=f"data-{review.pk}-{department.pk}",
        state=state,
        title=_("Submit data: %(department)s, %(period)s")
        % {"department": department.name, "period": period},
        url=reverse("submission", args=[row.pk])
        if row
        else f"{reverse('submissions')}?department={department.slug}",
        verb=_("Open") if row else _("Submit data"),
        note=note,
        due_at=due_at,
        urgent=at > due_at - DAY,
    )


def data_note(asked: checklist.Checklist, row: Submission | None) -> tuple[str, str]:
    """(state, what stands between the department and being done), of the version that waits where one does."""
    if row is None and not asked.done:
        return "queued", _("No data yet.") if not any(one.version for one in asked.items) else counted(asked)
    if row is None:
        return "in_progress", counted(asked)
    if row.state == State.RETURNED:
        return "fail", _("Returned: %(reason)s") % {"reason": row.return_reason or "–"}
    note = _("Version %(number)s is a draft; it has not been handed in.") % {"number": row.number}
    return "draft", f"{note} {counted(asked)}" if asked.items else note


def counted(asked: checklist.Checklist) -> str:
    said = {"done": asked.done, "asked": len(asked.asked)}
    return (
        ngettext("%(done)s of %(asked)s item is in.", "%(done)s of %(asked)s items are in.", said["asked"])
        % said
    )


def in_hand(user: User) -> list[Card]:
    """Failing checks that somebody has in hand, a card for each review. One query."""
    found: dict[int, list] = {}
    for one in incidents.of_person(user):
        found.setdefault(one.review_id, []).append(one)
    return [
        Card(
            key=f"incidents-{pk}",
            state="fail",
            title=ngettext(
                "%(count)s failing check is in your hands: %(review)s",
                "%(count)s failing checks are in your hands: %(review)s",
                len(rows),
            )
            % {"count": len(rows), "review": rows[0].review.title},
            url=f"{reverse('checks', args=[rows[0].review.code])}#check-{rows[0].code}",
            verb=_("Open"),
            note=" · ".join(one.note for one in rows if one.note),
            due_at=rows[0].review.freeze_at,
        )
        for pk, rows in found.items()
    ]


def to_certify(user: User, *, at: dt.datetime) -> list[Card]:
    """For the data owner: what was handed in by somebody else and nobody has certified yet."""
    if not may(user, "figure.certify"):
        return []
    rows = Submission.objects.visible_to(user).waiting().exclude(Q(uploaded_by=user) | Q(handed_in_by=user))
    reviews = list(Review.objects.visible_to(user).upcoming(at))
    cards = []
    for row in rows.select_related("department", "handed_in_by").order_by("handed_in_at", "pk"):
        review = next((one for one in reviews if overlap(row, one)), None)
        period = days.period(row.period_start, row.period_end, get_language() or "en")
        said = {"department": row.department.name, "period": period, "number": row.number}
        cards.append(
            Card(
                key=f"certify-{row.pk}",
                state="warn" if row.findings_total else "queued",
                title=_("Certify: %(department)s, %(period)s, version %(number)s") % said,
                url=f"{reverse('certify')}?version={row.pk}",
                verb=_("Check and certify"),
                note=handed_in_note(row),
                due_at=review.freeze_at if review else None,
                urgent=bool(review and at > review.freeze_at - DAY),
            )
        )
    return cards


def handed_in_note(row: Submission) -> str:
    """Who handed it in, and how many warnings it carries."""
    said = {"name": row.handed_in_by or _("the machine"), "count": row.findings_total}
    if not row.findings_total:
        return _("Handed in by %(name)s. No warnings.") % said
    return (
        ngettext(
            "Handed in by %(name)s. %(count)s warning.",
            "Handed in by %(name)s. %(count)s warnings.",
            said["count"],
        )
        % said
    )


def overlap(row: Submission, review: Review) -> bool:
    return row.period_start < review.period_end and row.period_end > review.period_start
