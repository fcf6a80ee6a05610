"""Notices of questions under figures: to who owns the figure, and the answer to who asked. No figures in them."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings import questions
from meetings.models import Question
from metrics import data_notices
from metrics.models import Metric, MetricVersion
from reviewhub.notices import kinds
from reviewhub.people.models import Confidentiality, User
from reviewhub.people.permissions import may


def register() -> None:
    for code, label, note, recipients, render, recheck in (
        (
            questions.ASKED,
            gettext_lazy("A question about your figure"),
            gettext_lazy("To whoever hands the figure in. Unanswered it stands on the agenda."),
            owners,
            asked_content,
            lambda occurrence, user, at: "answered" if of(occurrence).answered_at else "",
        ),
        (
            questions.ANSWERED,
            gettext_lazy("Your question was answered"),
            gettext_lazy("What was said, and by whom."),
            asker,
            answered_content,
            lambda occurrence, user, at: "",
        ),
    ):
        kinds.register(
            kinds.Kind(
                code=code,
                label=label,
                note=note,
                recipients=recipients,
                render=render,
                recheck=recheck,
                series=None,
                concerns=lambda user: may(user, "submission.edit") or not user.is_partner,
                visible=lambda occurrence, user: (
                    Question.objects.visible_to(user).filter(pk=occurrence.subject_id).exists()
                ),
                reasons={"answered": gettext_lazy("It was answered already.")},
            )
        )


def of(occurrence) -> Question:
    rows = Question.objects.select_related("review", "department", "asked_by", "answered_by")
    return rows.get(pk=occurrence.subject_id)


def owners(occurrence):
    """Those who hand in the data of the department that was asked, but for who asked."""
    row = of(occurrence)
    return data_notices.hands_in(row.department).exclude(pk=row.asked_by_id)


def asker(occurrence):
    row = of(occurrence)
    return User.objects.active().filter(pk=row.asked_by_id).exclude(pk=row.answered_by_id)


def about(row: Question) -> str:
    """The figure or, of a whole section, the department."""
    found = MetricVersion.objects.filter(metric__code=row.metric, effective_to=None).first()
    return found.name if found else row.department.name


def may_travel(row: Question) -> bool:
    """Words about confidential figures stay in the house."""
    rows = Metric.objects.filter(code=row.metric, confidentiality__gt=Confidentiality.INTERNAL)
    return not rows.exists()


def asked_content(occurrence, user) -> kinds.Content:
    row = of(occurrence)
    said = (row.text,) if may_travel(row) else ()
    until = _("Unanswered it stands on the agenda of %(review)s.") % {"review": row.review.title}
    return kinds.Content(
        title=_("%(person)s asks: %(figure)s") % {"person": row.asked_by.display_name, "figure": about(row)},
        lines=(*said, until),
        action=_("Answer"),
        path=reverse("question", args=[row.pk]),
        thread=f"question:{row.pk}",
    )


def answered_content(occurrence, user) -> kinds.Content:
    row = of(occurrence)
    said = (row.text, row.answer) if may_travel(row) else ()
    told = {"person": row.answered_by.display_name, "figure": about(row)}
    return kinds.Content(
        title=_("%(person)s answered: %(figure)s") % told,
        lines=said,
        action=_("Open"),
        path=reverse("question", args=[row.pk]),
        thread=f"question:{row.pk}",
        state="pass",
    )
