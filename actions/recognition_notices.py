"""Who is told of recognition: the executives who may decide, then who nominated and who is recognised. No reward."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions import recognising
from actions.budget_notices import holders, news
from actions.models import Recognition
from actions.models.recognition import DECIDES, decides
from reviewhub.notices import kinds
from reviewhub.people.models import User

State = Recognition.State


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=recognising.WAITS,
            label=gettext_lazy("A recognition waits for your decision"),
            note=gettext_lazy("For executives of neither department."),
            recipients=deciding,
            recheck=recheck,
            render=waits_content,
            concerns=decides,
            visible=visible,
            reasons={
                "decided": gettext_lazy("Somebody decided on the recognition."),
                "not_asked": gettext_lazy("Somebody else was asked."),
            },
        )
    )
    kinds.register(
        kinds.Kind(
            code=recognising.DECIDED,
            label=gettext_lazy("A recognition was decided"),
            note=gettext_lazy("Yours, your department's, or one that you nominated."),
            recipients=told,
            verdict=news,
            render=decided_content,
            concerns=lambda user: not user.is_partner,
            visible=visible,
        )
    )


def subject(occurrence) -> Recognition:
    rows = Recognition.objects.select_related("person", "department", "from_department", "nominated_by")
    return rows.get(pk=occurrence.subject_id)


def visible(occurrence, user) -> bool:
    return Recognition.objects.visible_to(user).filter(pk=occurrence.subject_id).exists()


def deciding(occurrence) -> list[User]:
    """The executives who may decide on it, while it waits."""
    row = subject(occurrence)
    return [one for one in holders(DECIDES) if recognising.may_decide(row, one)]


def recheck(occurrence, user, at: dt.datetime) -> str:
    """Nothing waits any more once somebody decided, whoever it was."""
    row = subject(occurrence)
    if row.state != State.PROPOSED:
        return "decided"
    if user is not None and not recognising.may_decide(row, user):
        return "not_asked"
    return ""


def told(occurrence):
    """Who nominated; and of what was approved, who is recognised: the person, or everybody of the department."""
    row = subject(occurrence)
    wanted = Q(pk=row.nominated_by_id)
    if row.state == State.APPROVED:
        wanted |= Q(pk=row.person_id) if row.person else Q(department=row.department)
    return [one for one in User.objects.active().filter(wanted).order_by("pk") if not one.is_partner]


def waits_content(occurrence, user) -> kinds.Content:
    row = subject(occurrence)
    said = {"name": row.nominated_by.display_name, "department": row.from_department.name}
    return kinds.Content(
        title=_("Decide on the recognition of %(person)s") % {"person": row.named},
        lines=(row.sentence, _("Nominated by %(name)s, %(department)s.") % said),
        action=_("Open recognition"),
        path=reverse("recognitions"),
        thread=f"recognition:{row.pk}",
    )


def decided_content(occurrence, user) -> kinds.Content:
    """What was approved is thanked for; what was declined is told with its reason to who nominated."""
    row = subject(occurrence)
    approved = row.state == State.APPROVED
    title = (
        _("%(person)s is recognised by %(department)s")
        if approved
        else _("The recognition of %(person)s was declined")
    )
    return kinds.Content(
        title=title % {"person": row.named, "department": row.from_department.name},
        lines=(row.sentence,) if approved else (row.sentence, row.reason),
        action=_("Open recognition"),
        path=reverse("recognitions"),
        thread=f"recognition:{row.pk}",
        state="pass" if approved else "queued",
    )
