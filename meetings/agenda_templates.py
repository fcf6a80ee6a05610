"""Templates of agendas: the shipped ones, one's own, and the one that a series takes by itself."""

import datetime as dt

from django.db import IntegrityError, transaction

from meetings import agenda, agenda_draft, fitting
from meetings.agenda_draft import Draft
from meetings.building import CannotBuild
from meetings.models import AgendaTemplate
from meetings.problems import Problem
from metrics.periods import Period
from reviewhub.people import activity
from reviewhub.people.models import User
from reviewhub.people.permissions import may

OWN = "own-"
LONGEST_NAME = 60


def key(row: AgendaTemplate) -> str:
    """What forms and meetings call it."""
    return f"{OWN}{row.pk}"


def find(template: str) -> Draft | None:
    """The agenda of a template by its key: a shipped name or own-…; None for an unknown one."""
    if template in fitting.TEMPLATES:
        return agenda.shipped(template)
    row = _row(template)
    return agenda_draft.of_document(row.content) if row else None


def _row(template):
    digits = template.removeprefix(OWN)
    if not template.startswith(OWN) or not digits.isascii() or not digits.isdigit() or len(digits) > 15:
        return None
    return AgendaTemplate.objects.filter(pk=int(digits)).first()


def of_series(period: Period) -> str:
    """The key of the template that reviews of this length take: of their series, else the default."""
    row = AgendaTemplate.objects.filter(series=period.grain).exclude(series="").first()
    return key(row) if row else fitting.DEFAULT.name


@transaction.atomic
def keep(draft: Draft, name: str, series: str, *, by: User, at: dt.datetime) -> AgendaTemplate:
    """Keep an agenda as a template; the same name again replaces it, a series has one template. Raises CannotBuild."""
    name = name.replace("\0", "").strip()
    if found := _problems(name, series, by):
        raise CannotBuild(found)
    if series:
        AgendaTemplate.objects.filter(series=series).exclude(name=name).update(series="")
    fields = {"series": series, "content": draft.document(), "made_at": at, "made_by": by}
    try:
        with transaction.atomic():
            return AgendaTemplate.objects.update_or_create(name=name, defaults=fields)[0]
    except IntegrityError as refusal:  # somebody kept one for the same series just now
        raise CannotBuild([Problem("agenda_moved_on")]) from refusal


@transaction.atomic
def forget(template: str, *, by: User, at: dt.datetime) -> str:
    """Take an own template away, and its name; agendas that began from it stay. Raises CannotBuild."""
    row = _row(template)
    if not may(by, "agenda.edit"):
        raise CannotBuild([Problem("may_not_plan")])
    if row is None:
        raise CannotBuild([Problem("choose_template")])
    name = row.name
    activity.record("meeting.template_removed", row, by=by, at=at, params={"name": name})
    row.delete()
    return name


def _problems(name, series, by):
    found = [] if may(by, "agenda.edit") else [Problem("may_not_plan")]
    if not name:
        found.append(Problem("empty_text"))
    if len(name) > LONGEST_NAME:
        found.append(Problem("text_too_long", {"limit": LONGEST_NAME}))
    if series not in AgendaTemplate.Series.values:
        found.append(Problem("malformed", {"field": "series"}))
    return found
