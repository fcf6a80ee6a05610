"""The agenda as rows: what stands in the database becomes the plan that the clock runs on."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import yaml

from meetings import clock, fitting
from meetings.agenda_draft import Box, Draft, Item
from meetings.models import Meeting, Part, Segment
from reviewhub.people.models import Department, User

SEGMENTS = Path(__file__).parent / "agenda.yaml"


@cache
def catalogue() -> dict[str, dict]:
    """Segment code → names, department, privacy and guiding questions of the shipped agenda."""
    rows = yaml.safe_load(SEGMENTS.read_text(encoding="utf-8"))
    return {row["code"]: {"position": place, **row} for place, row in enumerate(rows)}


def plan_of(meeting: Meeting, parts: list[Part]) -> clock.Plan:
    """The plan of a meeting; `parts` in agenda order with their kind and minutes."""
    discussions = {part.segment_id: part.code for part in parts if part.kind == Part.Kind.DISCUSS}
    return clock.Plan(
        parts=tuple(
            clock.part(
                part.code,
                part.kind,
                part.planned_s,
                minimum_s=part.minimum_s,
                weight=part.weight,
                own=discussions.get(part.segment_id) if part.kind == Part.Kind.REPORT else None,
            )
            for part in parts
        ),
        budget_s=meeting.budget_s,
        buffer_s=meeting.buffer_s,
        scheduled=meeting.scheduled_at,
    )


def named(code: str) -> Item:
    """An item of the shipped agenda with its names and questions; its part is empty."""
    about = catalogue()[code]
    kind = fitting.KIND.get(code)
    parts = ((code, kind),) if kind else ((f"{code}.R", "report"), (f"{code}.D", "discuss"))
    return Item(
        code=code,
        zh=about["zh"],
        en=about["en"],
        boxes=tuple(Box(part, its_kind, 0) for part, its_kind in parts),
        department=about.get("department", ""),
        is_private=about.get("private", False),
        questions=tuple(about.get("questions", ())),
    )


def shipped(template: str) -> Draft:
    """The agenda of a template of meetings.fitting. KeyError for an unknown one."""
    found = fitting.TEMPLATES[template]
    minutes = dict(found.minutes)
    codes = dict.fromkeys(code.partition(".")[0] for code in minutes)
    items = (
        replace(item, boxes=tuple(replace(box, minutes=minutes[box.code]) for box in item.boxes))
        for item in map(named, codes)
    )
    return Draft(tuple(items), found.buffer, found.budget)


def read(meeting: Meeting) -> Draft:
    """The agenda of a meeting as it stands in the database."""
    boxes: dict[int, list[Box]] = {}
    for part in meeting.parts.order_by("position"):
        boxes.setdefault(part.segment_id, []).append(_box(part))
    segments = meeting.segments.select_related("department").order_by("position")
    return Draft(
        tuple(_item(segment, tuple(boxes.get(segment.pk, ()))) for segment in segments),
        meeting.buffer_s // 60,
        meeting.budget_s // 60,
    )


def _box(part):
    minimum = part.minimum_s // 60 if part.has_own_minimum else None
    return Box(part.code, part.kind, part.planned_s // 60, minimum, part.is_protected)


def _item(segment, boxes):
    return Item(
        code=segment.code,
        zh=segment.title_zh,
        en=segment.title_en,
        boxes=boxes,
        department=segment.department.code if segment.department else "",
        presenter=segment.presenter_id,
        second_presenter=segment.second_presenter_id,
        guests=segment.guests,
        is_private=segment.is_private,
        questions=tuple(segment.questions),
    )


def write(meeting: Meeting, draft: Draft) -> None:
    """Exchange the segments and parts of a meeting that has not begun, so that nothing refers to them yet."""
    meeting.parts.all().delete()
    meeting.segments.all().delete()
    departments = {each.code: each for each in Department.objects.active()}
    people = set(User.objects.active().values_list("pk", flat=True))
    segments = Segment.objects.bulk_create(
        _segment(meeting, item, place, departments, people) for place, item in enumerate(draft.items)
    )
    pairs = [
        (segment, box) for segment, item in zip(segments, draft.items, strict=True) for box in item.boxes
    ]
    Part.objects.bulk_create(
        Part(
            meeting=meeting,
            segment=segment,
            code=box.code,
            kind=box.kind,
            position=place,
            planned_s=box.minutes * 60,
            minimum_s=box.minimum_s,
            weight=box.weight,
            is_protected=box.protected,
            has_own_minimum=box.minimum is not None,
        )
        for place, (segment, box) in enumerate(pairs)
    )


def _segment(meeting, item, place, departments, people):
    return Segment(
        meeting=meeting,
        code=item.code,
        position=place,
        title_zh=item.zh,
        title_en=item.en,
        department=departments.get(item.department),
        presenter_id=item.presenter if item.presenter in people else None,
        second_presenter_id=item.second_presenter if item.second_presenter in people else None,
        guests=item.guests,
        is_private=item.is_private,
        questions=list(item.questions),
    )
