"""What is told of check-ins: the question every two weeks, a block to whoever is asked, and that it was lifted."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actions import blockers, checkin_rhythm
from actions.checkin_answers import answered_at
from actions.checkin_rows import open_tasks
from actions.models import Action, Blocker
from reviewhub.notices import kinds, links
from reviewhub.notices.models import FormLink, Occurrence
from reviewhub.notices.recurring import Cycle
from reviewhub.people.models import Confidentiality, User
from reviewhub.ui import days

DAY, TWO_DAYS = dt.timedelta(days=1), dt.timedelta(hours=48)
MOST_URGENT = 3
OWNER = "people.user"


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=checkin_rhythm.KIND,
            label=gettext_lazy("Progress check-in"),
            note=gettext_lazy("Every second week, to owners of open tasks who have not answered yet."),
            subjects=owners,
            plans=plans,
            recipients=lambda occurrence: User.objects.filter(pk=occurrence.subject_id),
            recheck=recheck,
            verdict=verdict,
            render=checkin,
            reasons={
                "off": gettext_lazy("Check-ins were switched off."),
                "no_tasks": gettext_lazy("No open task was left."),
                "answered": gettext_lazy("It had been answered."),
            },
        )
    )
    kinds.register(
        kinds.Kind(
            code=blockers.BLOCKED,
            label=gettext_lazy("Somebody waits for you"),
            note=gettext_lazy("A task that names you or your department; three working days."),
            recipients=lambda occurrence: blockers.asked(Blocker.objects.get(pk=occurrence.subject_id)),
            recheck=lambda occurrence, user, at: "" if standing(occurrence) else "ended",
            render=blocked,
            visible=blocker_visible,
            series=None,
            reasons={"ended": gettext_lazy("Nobody waited any more.")},
        )
    )
    kinds.register(
        kinds.Kind(
            code=blockers.UNBLOCKED,
            label=gettext_lazy("An answer to your block"),
            note=gettext_lazy("Help is promised, refused with a reason, or was given."),
            recipients=lambda occurrence: User.objects.filter(
                pk=Blocker.objects.get(pk=occurrence.subject_id).raised_by_id
            ),
            render=unblocked,
            visible=blocker_visible,
            series=None,
        )
    )
    links.register(links.Purpose(checkin_rhythm.KIND, "actions.web.checkin.by_link", stands))


# --- The question -------------------------------------------------------------------------------------------


def owners(since: dt.datetime, until: dt.datetime):
    """Those who own open tasks, when a turn fell due; nobody otherwise."""
    rhythm = checkin_rhythm.settled(until)
    if rhythm is None or not rhythm.is_on or not due_turns(rhythm, since, until):
        return []
    owned = Action.objects.open().values("owner")
    return User.objects.active().filter(pk__in=owned).order_by("pk")


def due_turns(rhythm, since: dt.datetime, until: dt.datetime) -> list[Cycle]:
    """The turns of the window, and of the day before it: a turn moves with the company's time zone.

    What was planned already is known by its key; nothing is planned twice.
    """
    return checkin_rhythm.turns(rhythm, since - checkin_rhythm.APART, until)


def plans(owner: User, since: dt.datetime, until: dt.datetime) -> list[kinds.Plan]:
    rhythm, zone = checkin_rhythm.settled(until), checkin_rhythm.company_zone()
    return [
        kinds.Plan(turn.key, turn.at, wall_time=turn.wall.isoformat(timespec="minutes"), time_zone=zone.key)
        for turn in due_turns(rhythm, since, until)
    ]


def recheck(occurrence: Occurrence, user: User, at: dt.datetime) -> str:
    """ "" or why the question is not asked any more."""
    turn = checkin_rhythm.as_turn(occurrence)
    if not checkin_rhythm.kept(at).is_on:
        return "off"
    if not open_tasks(user).exists():
        return "no_tasks"
    return "answered" if answered_at(user, turn) else ""


def verdict(occurrence: Occurrence, at: dt.datetime) -> str:
    """Up to a day late it is asked; later only if the next turn is two days away or more (robustness §6.4)."""
    rhythm = checkin_rhythm.kept(at)
    if not rhythm.is_on:
        return kinds.EXPIRE
    late = at - occurrence.due_at > DAY
    if late and checkin_rhythm.next_turn(rhythm, at).at - at < TWO_DAYS:
        return kinds.COALESCE
    return kinds.SEND


def checkin(occurrence: Occurrence, user: User | None) -> kinds.Content:
    found = list(open_tasks(user))
    said = {"count": len(found)}
    return kinds.Content(
        title=ngettext("Your check-in: %(count)s task", "Your check-in: %(count)s tasks", len(found)) % said,
        lines=(_("Where each stands, whom you wait for, and one sentence. A few seconds for each task."),),
        action=_("Answer"),
        path=reverse("checkin"),
        link=(checkin_rhythm.KIND, OWNER, str(user.pk), occurrence.cycle_key),
        items=tuple(item(action) for action in open_ones(found)[:MOST_URGENT]),
        thread=f"checkin:{occurrence.cycle_key}",
    )


def open_ones(found):
    """Those that may be named in a mail."""
    return [action for action in found if action.confidentiality <= Confidentiality.INTERNAL]


def item(action) -> kinds.Item:
    language = translation.get_language() or "en"
    if action.due_on is None:
        return kinds.Item(action.title, _("no date"))
    return kinds.Item(action.title, _("due %(when)s") % {"when": days.short_day(action.due_on, language)})


def stands(link: FormLink) -> bool:
    """The form is still this person's: open tasks are left, or it was answered and says so."""
    own = link.subject_type == OWNER and link.subject_id == str(link.user_id)
    return own and (link.used_at is not None or open_tasks(link.user).exists())


# --- Blocks -------------------------------------------------------------------------------------------------


def standing(occurrence: Occurrence) -> bool:
    return Blocker.objects.standing().filter(pk=occurrence.subject_id).exists()


def blocker_visible(occurrence: Occurrence, user: User) -> bool:
    return Blocker.objects.visible_to(user).filter(pk=occurrence.subject_id).exists()


def blocked(occurrence: Occurrence, user: User | None) -> kinds.Content:
    row = blocker_of(occurrence)
    said = {"name": row.raised_by.display_name, "title": titled(row, user), "wanted": row.wanted}
    return kinds.Content(
        title=_("%(name)s waits for you: %(title)s") % said,
        lines=(
            wanted(row),
            _("Please answer by %(when)s.")
            % {"when": days.short_moment(timezone.localtime(row.due_at), translation.get_language() or "en")},
        ),
        action=_("Answer"),
        path=reverse("checkin-blocker", args=[row.pk]),
        thread=f"blocker:{row.pk}",
        state="blocked",
    )


def unblocked(occurrence: Occurrence, user: User | None) -> kinds.Content:
    row, told = blocker_of(occurrence), occurrence.params
    due = timezone.localtime(dt.datetime.fromisoformat(told["due"]))
    said = {
        "name": told["by"],
        "title": titled(row, user),
        "when": days.short_day(due, translation.get_language() or "en"),
    }
    titles = {
        Blocker.State.ACCEPTED: _("%(name)s will help by %(when)s: %(title)s"),
        Blocker.State.REFUSED: _("%(name)s cannot help: %(title)s"),
        Blocker.State.HELPED: _("%(name)s has helped: %(title)s"),
    }
    shown = row.action.confidentiality <= Confidentiality.INTERNAL
    return kinds.Content(
        title=titles[told["state"]] % said,
        lines=(told["said"],) if shown and told["said"] else (),
        action=_("Open"),
        path=reverse("checkin-blocker", args=[row.pk]),
        thread=f"blocker:{row.pk}",
        state="warn" if told["state"] == Blocker.State.REFUSED else "pass",
    )


def blocker_of(occurrence: Occurrence) -> Blocker:
    rows = Blocker.objects.select_related("action", "raised_by", "ended_by", "department", "person")
    return rows.get(pk=occurrence.subject_id)


def titled(row: Blocker, user: User | None) -> str:
    """What a mail may carry: nothing confidential, whoever reads it."""
    secret = row.action.confidentiality > Confidentiality.INTERNAL
    return blockers.title_for(row, None if secret else user)


def wanted(row: Blocker) -> str:
    """The sentence travels only with what is not confidential."""
    if row.action.confidentiality > Confidentiality.INTERNAL:
        return _("What is needed stands on its page.")
    return row.wanted
