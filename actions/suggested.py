"""Tasks made of a proposal: they know the analysis they come from, and can be taken back while nobody touched them."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions import checkin_rhythm, followup, handover
from actions.models import Action
from metrics import suggestions
from metrics.models import Analysis, Suggestion
from reviewhub.people import activity
from reviewhub.people.models import Activity

KIND = "task"


def register() -> None:
    suggestions.register(
        suggestions.Maker(
            KIND,
            label=gettext_lazy("Make it a task"),
            made=gettext_lazy("Task"),
            problems=problems,
            make=make,
            undo_problems=undo_problems,
            unmake=unmake,
            outcome=outcome,
            asked=asked,
        )
    )


def problems(row: Analysis, by, at: dt.datetime) -> list[str]:
    return followup.raise_problems("?", owner=by, by=by)


def asked(row: Analysis, by, at: dt.datetime) -> tuple[suggestions.Asked, ...]:
    """Whose task it is, the department's lead unless said otherwise, and by when: the next check-in."""
    people = handover.choices(by)
    lead = handover.lead_of(row.department)
    owner = lead if lead in people else by
    return (
        suggestions.Asked(
            "owner",
            gettext_lazy("Owner"),
            str(owner.pk),
            tuple((str(one.pk), one.display_name) for one in people),
        ),
        suggestions.Asked("due_on", gettext_lazy("Due date"), default_due(at).isoformat()),
    )


def default_due(at: dt.datetime) -> dt.date:
    """The day of the next check-in, by the rhythm of the company."""
    return checkin_rhythm.next_turn(checkin_rhythm.kept(at), at).wall.date()


def make(made: Suggestion, by, at: dt.datetime, given: dict) -> Action:
    """A task of the department and its review, with an owner and a date. Raises CannotMake."""
    row = made.analysis
    values = {one.name: given.get(one.name, one.value) for one in asked(row, by, at)}
    owner = handover.chosen(values["owner"], by=by)
    due_on = day_of(values["due_on"])
    on = at.astimezone(checkin_rhythm.company_zone()).date()
    found = [] if owner else [_("Name the person whose task it is.")]
    if due_on is None or due_on < on:
        found.append(_("Give a due date from today on."))
    if found := found or followup.raise_problems(made.text, owner=owner, by=by):
        raise suggestions.CannotMake(found)
    action = followup.raise_action(
        made.text,
        owner=owner,
        due_on=due_on,
        department=row.department,
        review=row.review,
        tell=True,
        by=by,
        at=at,
    )
    action.suggestion = made
    action.save(update_fields=["suggestion"])
    return action


def day_of(text: str) -> dt.date | None:
    """The day of a form; None for what is none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def undo_problems(made: Suggestion, by, at: dt.datetime) -> list[str]:
    action = _action(made)
    if action is not None and is_touched(action):
        return [_("Somebody has worked on this task; drop it on the board of actions instead.")]
    return []


def is_touched(action: Action) -> bool:
    """Whether anything but its raising is known of it: a line of the log, or a row that hangs on it."""
    about = Activity.objects.filter(subject_type=Action._meta.label_lower, subject_id=str(action.pk))
    hanging = [
        one.related_model.objects.filter(**{one.field.name: action}).exists()
        for one in Action._meta.related_objects
    ]
    return about.count() > 1 or any(hanging)


def unmake(made: Suggestion, by, at: dt.datetime) -> None:
    action = Action.objects.select_for_update(of=("self",)).filter(suggestion=made).first()
    if action is None:
        return
    if is_touched(action):
        raise suggestions.CannotMake(undo_problems(made, by, at))
    activity.record(
        "action.taken_back",
        action,
        by=by,
        at=at,
        params={"title": action.title},
        department=action.department,
        confidentiality=action.confidentiality,
    )
    action.delete()


def outcome(made: Suggestion, reader) -> suggestions.Outcome:
    """How the task stands, and its page."""
    action = Action.objects.visible_to(reader).filter(suggestion=made).select_related("owner").first()
    if action is None:
        return suggestions.Outcome(_("Task"))
    owner = action.owner.display_name if action.owner else _("nobody yet")
    said = {"status": action.get_status_display(), "owner": owner}
    return suggestions.Outcome(_("%(status)s, %(owner)s") % said, reverse("action", args=[action.pk]))


def _action(made: Suggestion) -> Action | None:
    return Action.objects.filter(suggestion=made).first()
