"""The other side of a complaint is told of each word of it; who answers too late, and who waits, once."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from actions import complaints
from actions.models import Complaint, ComplaintLine
from reviewhub.notices import kinds
from reviewhub.people.models import User
from reviewhub.ui import days

LATE = "complaint.late"


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=complaints.SAID,
            label=gettext_lazy("A complaint, or an answer to one"),
            note=gettext_lazy("To the other side: a complaint, its answer, that it is solved."),
            recipients=other_side,
            render=said_content,
            visible=visible,
            series=None,  # each word is told
        )
    )
    kinds.register(
        kinds.Kind(
            code=LATE,
            label=gettext_lazy("A complaint is not answered in time"),
            note=gettext_lazy("After two working days, once: to the partner and whoever complained."),
            subjects=late,
            plans=lambda row, since, until: [kinds.Plan(row.answer_by.isoformat(), row.answer_by)],
            recipients=both,
            recheck=lambda occurrence, user, at: "" if still_late(occurrence, at) else "answered",
            render=late_content,
            visible=visible,
            reasons={"answered": gettext_lazy("It was answered.")},
        )
    )


def complaint_of(occurrence) -> Complaint:
    return Complaint.objects.select_related("department", "partner", "raised_by").get(
        pk=occurrence.subject_id
    )


def line_of(occurrence) -> ComplaintLine:
    return ComplaintLine.objects.select_related("by").get(pk=occurrence.params["line"])


def visible(occurrence, user) -> bool:
    return Complaint.objects.visible_to(user).filter(pk=occurrence.subject_id).exists()


def of_partner(row: Complaint):
    return User.objects.active().filter(department=row.partner)


def of_department(row: Complaint):
    """Who raised it, and the lead of the department."""
    leads = User.objects.active().filter(
        assignments__role__code="lead", assignments__department=row.department, assignments__ended_at=None
    )
    return (leads | User.objects.active().filter(pk=row.raised_by_id)).distinct()


def other_side(occurrence):
    row, line = complaint_of(occurrence), line_of(occurrence)
    found = of_partner(row) if line.by.department_id != row.partner_id else of_department(row)
    return found.exclude(pk=line.by_id)


def both(occurrence):
    row = complaint_of(occurrence)
    return list(dict.fromkeys([*of_partner(row), *of_department(row)]))


def late(since: dt.datetime, until: dt.datetime):
    return Complaint.objects.waiting().filter(answer_by__gt=since, answer_by__lte=until).order_by("pk")


def still_late(occurrence, at: dt.datetime) -> bool:
    row = complaint_of(occurrence)
    return row.answer_by is not None and row.answer_by.isoformat() == occurrence.cycle_key


def content(row: Complaint, title: str, lines: tuple, state: str = "queued") -> kinds.Content:
    return kinds.Content(
        title=title,
        lines=tuple(filter(None, lines)),
        action=_("Open the complaint"),
        path=reverse("complaint", args=[row.pk]),
        thread=f"complaint:{row.pk}",
        state=state,
    )


def said_content(occurrence, user) -> kinds.Content:
    row, line = complaint_of(occurrence), line_of(occurrence)
    said = {"name": line.by.display_name, "department": row.department.name, "title": row.title}
    title = {
        ComplaintLine.Kind.RAISED: _("Complaint of %(department)s: %(title)s"),
        ComplaintLine.Kind.SAID: _("%(name)s asks again: %(title)s"),
        ComplaintLine.Kind.ANSWERED: _("%(name)s answered: %(title)s"),
        ComplaintLine.Kind.SOLVED: _("Solved: %(title)s"),
    }[line.kind]
    return content(row, title % said, (line.text[:200],))


def late_content(occurrence, user) -> kinds.Content:
    row = complaint_of(occurrence)
    due = dt.datetime.fromisoformat(occurrence.cycle_key)
    said = {"title": row.title, "when": days.short_moment(due, get_language() or "en")}
    title = _("Not answered in time: %(title)s") % said
    return content(row, title, (_("An answer was due %(when)s.") % said,), "warn")
