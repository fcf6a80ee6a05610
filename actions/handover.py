"""A promise goes to somebody else: to whom it may go, and the trail of everybody who held it."""

import datetime as dt
from dataclasses import dataclass

from actions.models import Action
from reviewhub.people.models import Activity, Department, User

OVER = (Action.Status.DONE, Action.Status.DROPPED)


@dataclass(frozen=True)
class Holder:
    """Somebody who held the action from `at` on, and who gave it to them; `owner` is None for nobody yet."""

    owner: User | None
    at: dt.datetime
    by: User | None


def lead_of(department: Department) -> User | None:
    """Who leads the department now; the one who has done so longest, where there are several."""
    leads = User.objects.active().filter(
        assignments__role__code="lead", assignments__department=department, assignments__ended_at=None
    )
    return leads.order_by("assignments__granted_at", "pk").first()


def choices(by: User) -> list[User]:
    """The people that `by` may give an action to, by name."""
    return sorted(User.objects.visible_to(by).active(), key=lambda one: one.display_name)


def chosen(key: str, *, by: User) -> User | None:
    """The person of a form; None for nobody whom `by` may see."""
    if not key.isascii() or not key.isdecimal() or len(key) > 9:
        return None
    return User.objects.visible_to(by).active().filter(pk=int(key)).first()


def holders(action: Action) -> list[Holder]:
    """Everybody who held the action, the first one first; for those who may see the action."""
    lines = Activity.objects.filter(
        subject_type=Action._meta.label_lower,
        subject_id=str(action.pk),
        code__in=("action.raised", "action.completed", "action.handed_over"),
    ).select_related("actor")
    lines = list(lines.order_by("pk"))
    names = [(one.after or {}).get("owner") for one in lines]
    known = {one.username: one for one in User.objects.filter(username__in=[name for name in names if name])}
    return [
        Holder(known.get(name), one.at, one.actor)
        for place, (one, name) in enumerate(zip(lines, names, strict=True))
        if place == 0 or name != names[place - 1]  # a date or key result was completed, the owner stayed
    ]
