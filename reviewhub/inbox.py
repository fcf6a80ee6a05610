"""What waits for a person, by deadline: data to hand in, data to certify, meetings to open or join, own actions."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actions import blockers, board, checkin_answers, checkin_rhythm, checkin_rows
from actions.models import Action, Blocker
from meetings.models import Meeting
from reviewhub import (
    budget_cards,
    complaint_cards,
    data_cards,
    dictionary_cards,
    freeze_cards,
    offer_cards,
    promise_cards,
    reconciliation_cards,
)
from reviewhub.cards import Card
from reviewhub.people.models import User
from reviewhub.people.permissions import may

SOON = dt.timedelta(days=60)  # what is due after that can wait in "later"
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Inbox:
    """The cards that need the person now, those that can wait, and what was done today."""

    now: list[Card]
    later: list[Card]
    done: list[Card]


def of(user: User, *, at: dt.datetime, zone: zoneinfo.ZoneInfo) -> Inbox:
    """Everything that waits for `user` at `at`; days begin and end in `zone`."""
    on = at.astimezone(zone).date()
    found = [
        *live_meetings(user),
        *agendas_to_publish(user),
        *lobbies_to_open(user),
        *meetings_ahead(user, at=at),
        *data_cards.due(user, at=at),
        *data_cards.in_hand(user),
        *data_cards.to_certify(user, at=at),
        *reconciliation_cards.open_ones(user, at=at),
        *reconciliation_cards.asked(user, at=at),
        *dictionary_cards.to_decide(user),
        *freeze_cards.due(user, at=at),
        *check_in(user, at=at),
        *help_wanted(user, at=at),
        *budget_cards.due(user, at=at),
        *budget_cards.to_confirm(user),
        *offer_cards.due(user, at=at),
        *promise_cards.waiting(user),
        *complaint_cards.waiting(user),
        *own_actions(user, on=on),
    ]
    end_of_time = dt.datetime.max.replace(tzinfo=dt.UTC)

    def deadline(card: Card) -> dt.datetime:
        if card.due_at:
            return card.due_at
        return end_of(card.due_on, zone) if card.due_on else end_of_time

    found.sort(key=lambda card: (not card.state == "running", deadline(card), card.key))
    later = [card for card in found if card.state != "running" and deadline(card) > at + SOON]
    return Inbox([card for card in found if card not in later], later, done_today(user, on=on, zone=zone))


def end_of(on: dt.date, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """The first moment after the day `on` in `zone`."""
    return dt.datetime.combine(on + dt.timedelta(days=1), dt.time(), zone)


def live_meetings(user: User) -> list[Card]:
    return [
        Card(
            key=f"live-{meeting.pk}",
            state="running",
            title=meeting.title,
            url=reverse("meeting", args=[meeting.pk]),
            verb=_("Join"),
            note=_("The lobby is open.") if meeting.state == Meeting.State.LOBBY else _("The meeting is on."),
            due_at=meeting.scheduled_at,
            urgent=True,
        )
        for meeting in Meeting.objects.visible_to(user).live().order_by("scheduled_at")
    ]


def lobbies_to_open(user: User) -> list[Card]:
    """For whoever runs it: a meeting that is ready."""
    ready = Meeting.objects.visible_to(user).filter(state=Meeting.State.READY)
    if not may(user, "meeting.run"):
        ready = ready.filter(facilitator=user)
    return [
        Card(
            key=f"lobby-{meeting.pk}",
            state="queued",
            title=meeting.title,
            url=reverse("meeting", args=[meeting.pk]),
            verb=_("Open the lobby"),
            note=_("The agenda is ready."),
            due_at=meeting.scheduled_at,
        )
        for meeting in ready.order_by("scheduled_at")
    ]


def agendas_to_publish(user: User) -> list[Card]:
    """For whoever plans: a meeting whose agenda is a draft, so that its lobby cannot open."""
    if not may(user, "agenda.edit"):
        return []
    drafts = Meeting.objects.visible_to(user).filter(state=Meeting.State.DRAFT)
    return [
        Card(
            key=f"agenda-{meeting.pk}",
            state="draft",
            title=meeting.title,
            url=reverse("meeting-agenda", args=[meeting.pk]),
            verb=_("Build the agenda"),
            note=_("The agenda is a draft."),
            due_at=meeting.scheduled_at,
        )
        for meeting in drafts.order_by("scheduled_at")
    ]


def meetings_ahead(user: User, *, at: dt.datetime) -> list[Card]:
    """For everybody else: the meeting that begins within a day, with its agenda."""
    if may(user, "meeting.run"):
        return []
    ready = Meeting.objects.visible_to(user).filter(state=Meeting.State.READY).exclude(facilitator=user)
    return [
        Card(
            key=f"ahead-{meeting.pk}",
            state="queued",
            title=meeting.title,
            url=reverse("meeting", args=[meeting.pk]),
            verb=_("See the agenda"),
            note=_("Your meeting begins soon."),
            due_at=meeting.scheduled_at,
        )
        for meeting in ready.filter(scheduled_at__range=(at, at + DAY)).order_by("scheduled_at")
    ]


def check_in(user: User, *, at: dt.datetime) -> list[Card]:
    """The check-in from the moment it is due until it is answered."""
    rhythm = checkin_rhythm.kept(at)
    turn = checkin_rhythm.due(rhythm, at) if rhythm.is_on else None
    count = checkin_rows.open_tasks(user).count() if turn else 0
    if not count or checkin_answers.answered_at(user, turn):
        return []
    title = ngettext("Your check-in · %(count)s task", "Your check-in · %(count)s tasks", count)
    return [
        Card(
            key=f"checkin-{turn.key}",
            state="open",
            title=title % {"count": count},
            url=reverse("checkin"),
            verb=_("Answer"),
            note=_("Where each stands, whom you wait for, and one sentence."),
            due_at=turn.at,
            urgent=at > turn.at + DAY,
        )
    ]


def help_wanted(user: User, *, at: dt.datetime) -> list[Card]:
    """Tasks of others that wait for the person or for the department they answer for, and those that went on to
    them because nobody answered. What they refused waits for its owner."""
    asked = Blocker.objects.asking(user).standing().exclude(state=Blocker.State.REFUSED).values("pk")
    above = Blocker.objects.escalated_to(user, at).values("pk")
    rows = Blocker.objects.visible_to(user).filter(Q(pk__in=asked) | Q(pk__in=above))
    rows = rows.select_related("action", "raised_by", "department", "person")
    titles = blockers.titles(rows, user)
    return [
        Card(
            key=f"blocker-{row.pk}",
            state="blocked",
            title=_("%(name)s waits for you: %(title)s") % {"name": row.raised_by, "title": titles[row.pk]},
            url=reverse("checkin-blocker", args=[row.pk]),
            verb=_("Answer"),
            note=" · ".join(filter(None, [row.wanted, blockers.standing_words(row, user)])),
            due_at=row.due_at,
            urgent=at > row.due_at - DAY,
        )
        for row in rows
    ]


def own_actions(user: User, *, on: dt.date) -> list[Card]:
    """The open actions that the person owns; overdue ones are urgent."""
    rows = board.with_pace(Action.objects.visible_to(user).of(user).open())
    rows = rows.select_related("owner", "department", "review")
    return [action_card(card) for card in board.cards(rows, reader=user, on=on)]


def done_today(user: User, *, on: dt.date, zone: zoneinfo.ZoneInfo) -> list[Card]:
    """The person's actions that were finished today, the latest first."""
    morning = dt.datetime.combine(on, dt.time(), zone)
    rows = Action.objects.visible_to(user).of(user).filter(status=Action.Status.DONE, done_at__gte=morning)
    rows = rows.select_related("owner", "department", "review").order_by("-done_at", "-pk")
    return [action_card(card) for card in board.cards(rows, reader=user, on=on)]


def action_card(card: board.Card) -> Card:
    glyphs = {Action.Status.DOING: "in_progress", Action.Status.DONE: "done"}
    action = card.action
    notes = [action.department.name if action.department else "", action.key_result]
    return Card(
        key=f"action-{action.pk}",
        state=glyphs.get(action.status, "open"),
        title=action.title,
        url=reverse("actions") + "?mine=1",
        note=" · ".join(filter(None, notes)),
        due_on=action.due_on,
        urgent=card.overdue,
        action=card,
    )
