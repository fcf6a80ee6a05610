"""The agenda as rows: what stands in the database becomes the plan that the clock runs on."""

from functools import cache
from pathlib import Path

import yaml

from meetings import clock, fitting
from meetings.models import Meeting, Part, Segment
from reviewhub.people.models import Department

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


def lay_out(meeting: Meeting, template: str) -> None:
    """Write the segments and parts of a template of meetings.fitting for a meeting that has none."""
    planned = fitting.plan(template, meeting.scheduled_at).parts
    codes = list(dict.fromkeys(part.id.partition(".")[0] for part in planned))
    departments = {each.code: each for each in Department.objects.active()}
    segments = Segment.objects.bulk_create(
        _segment(meeting, code, place, departments) for place, code in enumerate(codes)
    )
    by_code = {segment.code: segment for segment in segments}
    Part.objects.bulk_create(
        Part(
            meeting=meeting,
            segment=by_code[part.id.partition(".")[0]],
            code=part.id,
            kind=part.kind,
            position=place,
            planned_s=part.planned_s,
            minimum_s=part.minimum_s,
            weight=part.weight,
        )
        for place, part in enumerate(planned)
    )


def _segment(meeting, code, place, departments):
    about = catalogue()[code]
    return Segment(
        meeting=meeting,
        code=code,
        position=place,
        title_zh=about["zh"],
        title_en=about["en"],
        department=departments.get(about.get("department")),
        is_private=about.get("private", False),
        questions=about.get("questions", []),
    )
