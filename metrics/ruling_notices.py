"""Who is told of a difference between two sides: both are asked until when, and hear what was decided. No figures."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics import data_notices, rulings
from metrics.models import Ruling
from metrics.pair_words import pair_title
from reviewhub.notices import kinds
from reviewhub.people.models import Department, User


def register() -> None:
    for code, label, note, render in (
        (
            rulings.ASKED,
            gettext_lazy("A question about two figures"),
            gettext_lazy("To both sides: what differs, and until when to answer."),
            asked_content,
        ),
        (
            rulings.RULED,
            gettext_lazy("A difference was decided"),
            gettext_lazy("To both sides: what was decided, and why."),
            ruled_content,
        ),
    ):
        kinds.register(
            kinds.Kind(
                code=code,
                label=label,
                note=note,
                recipients=both_sides,
                render=render,
                recheck=still_asked if code == rulings.ASKED else lambda occurrence, user, at: "",
                series=None,
                concerns=lambda user: not user.is_partner,
                visible=lambda occurrence, user: (
                    Ruling.objects.visible_to(user).filter(pk=occurrence.subject_id).exists()
                ),
                reasons={"decided": gettext_lazy("It was decided meanwhile.")},
            )
        )


def ruling_of(occurrence) -> Ruling:
    return Ruling.objects.select_related("review", "decided_by").get(pk=occurrence.subject_id)


def both_sides(occurrence):
    """Those who hand in the figures of either side; partners see no differences."""
    row, found = ruling_of(occurrence), User.objects.none()
    for department in Department.objects.filter(code__in=(row.left_department, row.right_department)):
        found |= data_notices.hands_in(department)
    return found.filter(Q(department=None) | ~Q(department__kind="partner"))


def still_asked(occurrence, user, at) -> str:
    row = ruling_of(occurrence)
    later = Ruling.objects.filter(pair=row.pair, period_start=row.period_start, pk__gt=row.pk)
    return "decided" if later.exists() else ""


def asked_content(occurrence, user) -> kinds.Content:
    row = ruling_of(occurrence)
    until = _("Answer until %(when)s.") % {"when": data_notices.moment(row.answer_by)}
    title = _("Both sides are asked: %(pair)s, %(period)s") % named(row)
    return kinds.Content(
        title=title,
        lines=(row.reason, until),
        action=_("Answer"),
        path=page(row),
        thread=f"ruling:{row.pair}:{row.period_start}",
        urgent=True,
        state="warn",
    )


def ruled_content(occurrence, user) -> kinds.Content:
    row = ruling_of(occurrence)
    return kinds.Content(
        title=_("Decided: %(pair)s, %(period)s") % named(row),
        lines=(decided(row), row.reason),
        action=_("Open"),
        path=page(row),
        thread=f"ruling:{row.pair}:{row.period_start}",
        state="warn" if row.decision == Ruling.Decision.REOPENED else "pass",
    )


def named(row: Ruling) -> dict:
    return {"pair": pair_title(row.pair), "period": data_notices.period(row.period_start, row.period_end)}


def page(row: Ruling) -> str:
    key = f"{row.pair}-{row.period_start:%Y-%m}"
    return f"{reverse('reconciliation')}?review={row.review.code}&conflict={key}"


def decided(row: Ruling) -> str:
    """The decision in words, with the department whose figure is official."""
    if row.decision not in (Ruling.Decision.LEFT, Ruling.Decision.RIGHT):
        return row.get_decision_display()
    code = row.left_department if row.decision == Ruling.Decision.LEFT else row.right_department
    department = Department.objects.filter(code=code).first()
    return _("The figure of %(department)s is official") % {
        "department": department.name if department else code
    }
