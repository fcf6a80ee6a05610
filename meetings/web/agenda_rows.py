"""The builder's page as values: rows with what was typed, the bar, what each fit costs, templates and proposals."""

from collections import defaultdict
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import (
    agenda,
    agenda_draft,
    agenda_templates,
    building,
    pacing,
    proposals,
    reading,
    recommending,
)
from meetings.agenda_draft import Draft, Fit
from meetings.models import AgendaTemplate, Meeting
from meetings.web.agenda_form import Typed, question_lines, with_both
from meetings.web.agenda_words import CHANGES, FITS, FURTHER, KINDS, SHIPPED, advised, said
from reviewhub.people.models import Department, User

BAR = 1000
SHOWN_CHANGES = 5


def page(meeting: Meeting, user: User, typed: Typed, people, *, preview: str = "", problems=()) -> dict:
    """Everything the template shows of the agenda that was typed (or stands)."""
    draft = typed.draft
    offered = {one.strategy: one for one in agenda_draft.fits(draft, agenda.named)}
    chosen = offered.get(preview)
    advice = recommending.advice(
        draft, offered.values(), reading.share_read(meeting) if draft.over > 0 else None
    )
    recommended = advice.strategy if advice else ""
    limit = BAR * draft.budget // max(draft.total, draft.budget, 1)
    versions = list(meeting.agenda_versions.select_related("made_by").order_by("-number")[:SHOWN_CHANGES])
    return {
        "meeting": meeting,
        "draft": draft,
        "rows": _rows(draft, typed, chosen, pacing.lately(meeting)),
        "bar": bar(draft),
        "limit": limit,
        "beyond": BAR - limit,
        "budget_typed": typed.fields.get("budget", draft.budget),
        "buffer_typed": typed.fields.get("buffer", draft.buffer),
        "fits": [_fit(meeting, draft, offered[code], recommended) for code in FITS if code in offered],
        "advice": _advice(draft, offered[recommended], advice) if advice else None,
        "preview": chosen.draft and preview if chosen else "",
        "chosen": preview or recommended,
        "problems": [*problems, *_unplaced(typed)],
        "errors": defaultdict(str, typed.problems),
        "typed": defaultdict(str, typed.fields),
        "ends": building.ends_at(meeting, draft),
        "needs_acceptance": bool(draft.over),
        "standing_problems": building.problems_with_publishing(
            draft, meeting.accepted_s // 60 if meeting.accepted_s else None
        ),
        "seen": building.latest(meeting),
        "applied": _applied(versions),
        "versions": [{"row": row, "word": CHANGES.get(row.change, row.change)} for row in versions],
        "proposals": _proposals(meeting, draft, user),
        "people": people,
        "departments": Department.objects.active(),
        "addable": addable(draft),
        "templates": templates(),
        "own_templates": list(AgendaTemplate.objects.all()),
        "series": AgendaTemplate.Series.choices,
        "zone": timezone.get_current_timezone_name(),
    }


def _unplaced(typed):
    """Words at the top that say why a page came back: the fields say what."""
    return (
        [_("%(count)s fields need another look.") % {"count": len(typed.problems)}] if typed.problems else []
    )


def _proposals(meeting, draft, user):
    found = [(one, draft.item(one.item)) for one in proposals.of(meeting, draft, user)]
    return [{"row": one, "item": said(item.zh, item.en)} for one, item in found]


def _rows(draft, typed, chosen, paces):
    found = []
    last = len(draft.items) - 1
    for place, item in enumerate(draft.items):
        boxes = [_box(box, typed, chosen) for box in with_both(item).boxes]
        more = [f"{name}-{item.code}" for name in ("zh", "en", "guests", "questions")]
        more += [f"minimum-{each['box'].code}" for each in boxes]
        found.append(
            {
                "item": item,
                "title": said(item.zh, item.en),
                "boxes": boxes,
                "is_two": len(boxes) > 1,
                "is_opening": item.code == "OPEN",
                "questions": typed.fields.get(f"questions-{item.code}", question_lines(item)),
                "error_zh": typed.problems.get(f"zh-{item.code}", ""),
                "error_questions": typed.problems.get(f"questions-{item.code}", ""),
                "error_guests": typed.problems.get(f"guests-{item.code}", ""),
                "is_open": any(name in typed.problems for name in more),
                "is_first": place == 0,
                "is_last": place == last,
                "paces": paces.get(item.code, []),
            }
        )
    return found


def _box(box, typed, chosen):
    after = None
    if chosen and chosen.draft:
        after = next((one.minutes for one in chosen.draft.boxes if one.code == box.code), 0)
    return {
        "box": box,
        "label": KINDS[box.kind],
        "minutes": typed.fields.get(f"minutes-{box.code}", box.minutes),
        "minimum": typed.fields.get(f"minimum-{box.code}", "" if box.minimum is None else box.minimum),
        "usual": -(-replace(box, minimum=None, protected=False).minimum_s // 60),
        "error": typed.problems.get(f"minutes-{box.code}", ""),
        "error_minimum": typed.problems.get(f"minimum-{box.code}", ""),
        "after": after if after != box.minutes else None,
    }


def bar(draft: Draft) -> list[dict]:
    """Rectangles of the budget bar, in thousandths of the longer of agenda and budget."""
    whole = max(draft.total, draft.budget, 1)
    pieces = [(box.kind, box.minutes, said(item.zh, item.en)) for item in draft.items for box in item.boxes]
    found, gone = [], 0
    for kind, minutes, title in [*pieces, ("buffer", draft.buffer, _("Buffer"))]:
        start, end = BAR * gone // whole, BAR * (gone + minutes) // whole
        gone += minutes
        if end > start:
            found.append(
                {"x": start, "width": max(1, end - start - 2), "kind": kind, "title": f"{title} {minutes}"}
            )
    return found


def _advice(draft, one: Fit, advice):
    """The recommended fit with its reason, and every block as it is and as it would be."""
    after = one.draft
    blocks = []
    for each in recommending.changes(draft, after):
        item = after.item(each.code) or draft.item(each.code)
        title = said(item.zh, item.en) if item else _("Buffer")
        blocks.append(
            {"title": title, "row": each, "minutes": abs(each.difference), "is_less": each.difference < 0}
        )
    label, _why = FITS[one.strategy]
    return {
        "code": one.strategy,
        "label": label,
        "why": advised(advice),
        "blocks": blocks,
        "before": draft.total,
        "after": after.total,
        "minutes": abs(after.total - draft.total),
    }


def _applied(versions) -> str:
    """The name of the fit that was applied last, "" where the last change was another."""
    strategy = versions[0].change.removeprefix("fit-") if versions else ""
    return FITS[strategy][0] if strategy in FITS else ""


def _fit(meeting, draft, one: Fit, recommended: str):
    label, why = FITS[one.strategy]
    found = {"code": one.strategy, "label": label, "why": why, "is_recommended": one.strategy == recommended}
    if one.draft is None:
        return found | {"missing": one.missing}
    less = sum(minutes for _code, minutes in one.lost) + max(0, draft.buffer - one.draft.buffer)
    return found | {
        "total": one.draft.total,
        "over": max(0, one.draft.over),
        "sum": _sum(draft.total, less, one.draft.total - draft.total + less, one.draft.total),
        "ends": building.ends_at(meeting, one.draft),
        "kept": round(one.discussion_kept * 100),
        "has_break": one.has_break,
        "buffer": one.draft.buffer,
        "lost": [
            {"title": said(draft.item(code).zh, draft.item(code).en), "minutes": minutes}
            for code, minutes in one.lost
        ],
    }


def _sum(before, less, more, after):
    """The arithmetic as one reads it: 295 − 70 + 15 = 240."""
    taken, given = f" − {less}" if less else "", f" + {more}" if more else ""
    return f"{before}{taken}{given} = {after}"


def addable(draft: Draft) -> list[tuple[str, str]]:
    """What can be added: items of the shipped agenda that are not there, a further break, items of one's own."""
    here = {item.code for item in draft.items}
    missing = [(code, said(about["zh"], about["en"])) for code, about in agenda.catalogue().items()]
    return [(code, name) for code, name in missing if code not in here and code != "BREAK"] + list(
        FURTHER.items()
    )


def templates() -> list[tuple[str, str]]:
    """Keys and names of all templates, the default one first."""
    own = [(agenda_templates.key(row), str(row)) for row in AgendaTemplate.objects.all()]
    return [*SHIPPED.items(), *own]
