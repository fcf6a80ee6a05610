"""The promise of a task on the home page: what its owner proposed or declined, and what was proposed to its owner."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from actions.models import Action, PromiseStep
from actions.promise_steps import ASKER, OWNER
from reviewhub.cards import Card
from reviewhub.people.models import User
from reviewhub.people.permissions import may

Kind = PromiseStep.Kind


def waiting(user: User) -> list[Card]:
    """Steps that the other side took last. What the scribe wrote down was asked by the room: facilitators answer."""
    asked = Q(action__raised_by=user)
    if may(user, "meeting.run"):
        scribes = User.objects.filter(assignments__role__code="scribe", assignments__ended_at=None)
        asked |= Q(action__raised_by__in=scribes.values("pk"))
    for_asker = asked & ~Q(action__owner=user) & (Q(kind=Kind.PROPOSED, side=OWNER) | Q(kind=Kind.DECLINED))
    for_owner = Q(action__owner=user, kind=Kind.PROPOSED, side=ASKER)
    rows = PromiseStep.objects.visible_to(user).latest_of_each().filter(for_asker | for_owner)
    rows = rows.filter(action__in=Action.objects.open()).select_related("action", "by")
    return [
        Card(
            key=f"promise-{row.action_id}",
            state="open",
            title=words(row) % {"name": row.by.display_name, "title": row.action.title},
            url=reverse("action", args=[row.action_id]) + "#agreement",
            verb=_("Answer"),
            note=row.reason,
            due_on=row.action.due_on,
        )
        for row in rows
    ]


def words(row: PromiseStep) -> str:
    if row.kind == Kind.DECLINED:
        return _("%(name)s declined: %(title)s")
    return _("%(name)s proposes another date or owner: %(title)s")
