"""The alignment meeting: an agenda of its own kind, made of what is not agreed. Executives come first, then open
offers, what traces to nothing, and aims that pull against each other; each has its own box.

It is a meeting of the review that was held last, runs on the same clock, and starts no 48 hours of the budget.
"""

import datetime as dt
from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actions.models import Action
from meetings import scheduling
from meetings.agenda_draft import Box, Draft, Item
from meetings.models import Attendance, Meeting
from meetings.problems import Problem
from meetings.scheduling import CannotPlan
from metrics.models import Review
from okr import cascade, offers
from okr.models import Cycle, Offer
from okr.tree import TASK
from reviewhub.people.models import User

HELD = (Meeting.State.ENDED, Meeting.State.PUBLISHED)
LANGUAGES = {"zh": "zh-hans", "en": "en"}
LONGEST_TITLE, LONGEST_QUESTION, MOST_QUESTIONS, LOOKED_BACK = 80, 200, 8, 4
FIRST, OFFER, LOOSE, AT_ODDS, LAST = 10, 5, 3, 5, 5  # minutes of a box
MOST_OFFERS, MOST_LOOSE, MOST_AT_ODDS = 8, 6, 4


def last_held() -> Review | None:
    """The review to which an alignment meeting belongs."""
    rows = Meeting.objects.filter(state__in=HELD).select_related("review").order_by("-scheduled_at")
    found = rows.first()
    return found.review if found else None


def draft(cycle: Cycle, *, by: User, on: dt.date) -> Draft:
    """The agenda as the cycle stands, as far as `by` sees it. Offers are named by who would carry what they serve:
    their terms stay with the two sides."""
    items = [_executives(by, on), *_offers(cycle), *_gaps(cycle, by, on)]
    items.append(_item("PLAN", lambda: _("What was agreed, by whom, until when"), LAST))
    return Draft(tuple(items), 0, sum(item.minutes for item in items))


def plan(cycle: Cycle, *, scheduled_at: dt.datetime, facilitator: User, by: User, at: dt.datetime) -> Meeting:
    """Plan it for that moment with the agenda as it stands now, ready for its lobby. Raises CannotPlan."""
    review = last_held()
    if review is None:
        raise CannotPlan([Problem("no_review_held")])
    titles = _both(lambda: _("Alignment %(cycle)s") % {"cycle": cycle.code})
    return scheduling.plan_meeting(
        review,
        scheduled_at=scheduled_at,
        facilitator=facilitator,
        by=by,
        at=at,
        draft=draft(cycle, by=by, on=at.date()),
        aligns=(titles["zh"], titles["en"]),
    )


def _both(say: Callable[[], str], most: int = LONGEST_TITLE) -> dict[str, str]:
    """A sentence in both languages, cut to what fits."""
    found = {}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            text = say()
        found[short] = text if len(text) <= most else text[: most - 1] + "…"
    return found


def _item(code: str, title: Callable[[], str], minutes: int, questions=()) -> Item:
    said = _both(title)
    asked = tuple(_both(one, LONGEST_QUESTION) for one in questions)[:MOST_QUESTIONS]
    boxes = (Box(code, "single", minutes),)
    return Item(code, said["zh"], said["en"], boxes, is_private=True, questions=asked)


def _executives(by: User, on: dt.date) -> Item:
    """Own tasks, answers and attendance of each executive; those with the most that is late first."""
    held = list(Meeting.objects.filter(state__in=HELD).order_by("-scheduled_at")[:LOOKED_BACK])
    rows = []
    for person in User.objects.active().with_role("executive").order_by("pk"):
        own = Action.objects.visible_to(by).of(person).open()
        late = own.overdue(on).count()
        owed = len(offers.waiting(person))
        there = Attendance.objects.filter(meeting__in=held, person=person).count()
        rows.append(
            (-late, -owed, person.pk, _of_executive(person, own.count(), late, owed, there, len(held)))
        )
    title = lambda: _("Executives first: own tasks, answers, attendance")  # noqa: E731 - said in two languages
    return _item("EXEC", title, FIRST, [said for *_order, said in sorted(rows, key=lambda row: row[:3])])


def _of_executive(person: User, tasks: int, late: int, owed: int, there: int, held: int) -> Callable[[], str]:
    def said() -> str:
        parts = [
            person.display_name,
            ngettext("%(count)s open task", "%(count)s open tasks", tasks) % {"count": tasks},
            _("%(count)s of them late") % {"count": late},
            ngettext("owes %(count)s answer", "owes %(count)s answers", owed) % {"count": owed},
            _("present at %(count)s of the last %(all)s meetings") % {"count": there, "all": held},
        ]
        return " · ".join(parts)

    return said


def _offers(cycle: Cycle) -> list[Item]:
    """Those that wait longest first."""
    rows = offers.shown(cycle.offers.open()).order_by("changed_at", "pk")[:MOST_OFFERS]
    return [_of_offer(place, one) for place, one in enumerate(rows, 1)]


def _of_offer(place: int, offer: Offer) -> Item:
    def title() -> str:
        name = offer.person.display_name if offer.person else offer.department.name
        return _("Offer: %(name)s for “%(serves)s”") % {"name": name, "serves": offer.serves.title}

    return _item(f"OFFER{place}", title, OFFER, [lambda: _("Accept, other terms, or decline – and why?")])


def _gaps(cycle: Cycle, by: User, on: dt.date) -> list[Item]:
    """What the detector found: key results and objectives without a thread, then aims at odds."""
    found = cascade.cascade(cycle, user=by, on=on)
    tree, findings = found.tree, found.findings()
    loose = [one for one in findings if one.code == "NO_PARENT" and tree[one.node].kind != TASK]
    items = []
    for place, one in enumerate(loose[:MOST_LOOSE], 1):
        items.append(_loose(f"LOOSE{place}", tree[one.node].title))
    odds = [one for one in findings if one.code == "OPPOSING"]
    for place, one in enumerate(odds[:MOST_AT_ODDS], 1):
        items.append(_at_odds(f"ODDS{place}", tree[one.node].title, tree[one.params["other"]].title))
    return items


def _loose(code: str, name: str) -> Item:
    asked = [lambda: _("Which key result of the company does it serve, or is it dropped?")]
    return _item(code, lambda: _("Serves nothing: %(title)s") % {"title": name}, LOOSE, asked)


def _at_odds(code: str, one: str, other: str) -> Item:
    def title() -> str:
        return _("At odds: %(one)s ↔ %(other)s") % {"one": one, "other": other}

    return _item(code, title, AT_ODDS, [lambda: _("Which of the two gives way, and by how much?")])
