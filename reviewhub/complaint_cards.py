"""Complaints on the home page: those that wait for the partner's answer, and answers that wait for who complained."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from actions.models import Complaint
from reviewhub.cards import Card
from reviewhub.people.models import User


def waiting(user: User) -> list[Card]:
    """One query; none for who belongs to no department."""
    if not user.department_id:
        return []
    asked = Q(partner=user.department_id, state=Complaint.State.OPEN)
    answered = Q(raised_by=user, state=Complaint.State.ANSWERED)
    rows = Complaint.objects.visible_to(user).filter(asked | answered).select_related("department")
    return [
        Card(
            key=f"complaint-{row.pk}",
            state="open",
            title=(
                _("Complaint: %(title)s") if row.state == "open" else _("Answered: is it solved? %(title)s")
            )
            % {"title": row.title},
            url=reverse("complaint", args=[row.pk]),
            verb=_("Answer") if row.state == "open" else _("Open"),
            note=row.department.name,
            due_at=row.answer_by,
        )
        for row in rows
    ]
