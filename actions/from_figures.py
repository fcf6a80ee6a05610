"""From an exception straight to a task: the figure, its month and what is unusual of it, an owner and a date."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from actions import checkin_rhythm, followup, handover, suggested
from actions.followup import CannotRaise
from actions.models import Action
from metrics.models import Metric, MetricVersion, Review
from metrics.periods import Period
from reviewhub.people.models import Department, User


def department_of(metric: str) -> Department | None:
    """Whose task it is: the department that owns the metric."""
    newest = (
        MetricVersion.objects.filter(metric__code=metric).select_related("owner_dept").order_by("-number")
    )
    row = newest.first()
    return row.owner_dept if row else None


def owner_of(metric: str, *, by: User) -> User:
    """Who is filled in: who leads that department, else who raises it."""
    department = department_of(metric)
    lead = handover.lead_of(department) if department else None
    return lead if lead in handover.choices(by) else by


def already(metric: str, period: Period, *, reader: User) -> list[Action]:
    """The open actions over this metric that come from reviews of the period, as far as the reader may see them."""
    rows = Action.objects.visible_to(reader).open().filter(metric__code=metric)
    rows = rows.filter(review__period_start=period.start, review__period_end=period.end)
    return list(rows.select_related("owner").order_by("due_on", "pk"))


@transaction.atomic
def raise_from(
    metric: str, period: Period, title: str, *, owner: str, due: str, by: User, at: dt.datetime
) -> Action:
    """A task over the figure, with the owner (key) and the due date (ISO) of a form. Raises CannotRaise."""
    person, day = handover.chosen(owner, by=by), suggested.day_of(due)
    found = [] if person else [_("Name the person whose task it is.")]
    if day is None or day < at.astimezone(checkin_rhythm.company_zone()).date():
        found.append(_("Give a due date from today on."))
    if found := found + followup.raise_problems(title, owner=person, by=by):
        raise CannotRaise(found)
    review = Review.objects.filter(period_start=period.start, period_end=period.end).order_by("pk").first()
    return followup.raise_action(
        title,
        owner=person,
        due_on=day,
        department=department_of(metric),
        review=review,
        metric=Metric.objects.get(code=metric),
        tell=True,
        by=by,
        at=at,
    )
