"""What is proposed to an agenda: exceptions of the frozen figures, and what earlier meetings parked."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from meetings import preread
from meetings.agenda_draft import Draft
from meetings.models import Capture, Meeting
from meetings.topics import SHARED
from reviewhub.people.models import Department, User

LANGUAGES = {"zh": "zh-hans", "en": "en"}
LOOKED_BACK, MOST_PARKED, LONGEST = 3, 12, 200


@dataclass(frozen=True)
class Proposal:
    """One question for an item. `key` is what a form sends; `is_taken`: the item asks it already."""

    key: str
    item: str
    question: dict[str, str]
    is_parked: bool = False
    is_taken: bool = False

    @property
    def text(self) -> str:
        return self.question["zh" if (translation.get_language() or "").startswith("zh") else "en"]


def of(meeting: Meeting, draft: Draft, by: User) -> list[Proposal]:
    """What `by` may propose to this agenda: exceptions once the figures are frozen, then parked topics."""
    return [*_exceptions(meeting, draft, by), *_parked(meeting, draft, by)]


def _exceptions(meeting, draft, by):
    found = preread.of(meeting.review, by, language=translation.get_language() or "en")
    codes = {one.code: one for one in Department.objects.active()}
    said = set()
    for part in found.parts if found else ():
        for one in part.exceptions:
            item = _item_of(draft, one.department) if one.department in codes else ""
            if one.metric is None or not item or one.metric.code in said:
                continue
            said.add(one.metric.code)
            question = _asked(one.metric)
            yield Proposal(
                f"figure-{one.metric.code}", item, question, False, draft.item(item).asks(question)
            )


def _asked(metric):
    found = {}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            found[short] = _("%(metric)s stands out: why, and what follows?") % {"metric": metric.name}
    return found


def _item_of(draft, department):
    own = [item.code for item in draft.items if item.department == department]
    shared = [item.code for item in draft.items if item.code == SHARED]
    return next(iter([*own, *shared]), "")


def _parked(meeting, draft, by):
    """What was parked in an internal item stays with that item."""
    earlier = Meeting.objects.filter(
        state__in=(Meeting.State.ENDED, Meeting.State.PUBLISHED), scheduled_at__lt=meeting.scheduled_at
    ).order_by("-scheduled_at")[:LOOKED_BACK]
    rows = Capture.objects.visible_to(by).filter(
        meeting__in=[one.pk for one in earlier], kind=Capture.Kind.PARK
    )
    for row in rows.select_related("part__segment").order_by("-captured_at")[:MOST_PARKED]:
        segment = row.part.segment if row.part else None
        item = draft.item(segment.code if segment and segment.is_private else SHARED)
        if item is None or (segment and segment.is_private and not item.is_private):
            continue
        text = row.text if len(row.text) <= LONGEST else row.text[: LONGEST - 1] + "…"
        question = {"zh": text, "en": text}
        yield Proposal(f"parked-{row.pk}", item.code, question, True, item.asks(question))
