"""Writing down what is decided and promised in the room: a typed line becomes a capture, and an action."""

import datetime as dt
import unicodedata
import zoneinfo

from actions import followup
from meetings import capture
from meetings.models import ActionReview, Attendance, Capture, Meeting, Part
from metrics.models import Metric
from reviewhub.people.models import Department, User

LONGEST = 1000


def cleaned(text: str) -> str:
    """`text` on one line, without what no database and no reader wants: control and invisible characters."""
    shown = (mark if unicodedata.category(mark) != "Cc" else " " for mark in capture.INVISIBLE.sub("", text))
    return " ".join("".join(shown).split())


def write_down(
    meeting: Meeting, typed: str, *, part: Part | None, client_id, by: User, at: dt.datetime
) -> Capture:
    """Store one line as typed in `meeting` while `part` was on the floor; an action is raised with it.

    Call it inside a transaction. A line without owner, date or link is kept and says what it lacks.
    """
    today = at.astimezone(zoneinfo.ZoneInfo(meeting.review.time_zone)).date()
    read = capture.parse(typed, today, people=known_names(meeting, part))
    owner, department = resolved(read.owners)
    row = Capture(
        meeting=meeting,
        part=part,
        client_id=client_id,
        kind=read.type,
        typed=typed,
        text=read.text,
        parsed=capture.as_json(read),
        owner=owner,
        due_on=read.due_on,
        captured_at=at,
        captured_by=by,
    )
    if read.type == Capture.Kind.ACTION and read.text:
        row.action = _raised(meeting, read, owner, department, part, by, at)
        ActionReview.objects.create(meeting=meeting, action=row.action, kind=ActionReview.Kind.RAISED, at=at)
    row.save()
    return row


def _raised(meeting, read, owner, department, part, by, at):
    metrics = {each.code.casefold(): each for each in Metric.objects.filter(code__in=_spellings(read.links))}
    results = [link for link in read.links if link.casefold() not in metrics]
    return followup.raise_action(
        read.text[:500],
        owner=owner,
        due_on=read.due_on,
        department=department or _home(owner) or (part.segment.department if part else None),
        review=meeting.review,
        by=by,
        at=at,
        key_result=results[0][:60] if results else "",
        metric=next(iter(metrics.values()), None),
        priority=read.priority or 2,
        collaborators=departments(read.collaborators),
    )


def raise_for(row: Capture, *, result, by: User, at: dt.datetime):
    """The action of a line that was completed with words later."""
    action = followup.raise_action(
        row.text,
        owner=row.owner,
        due_on=row.due_on,
        department=_home(row.owner) or (row.part.segment.department if row.part else None),
        review=row.meeting.review,
        result=result,
        by=by,
        at=at,
    )
    ActionReview.objects.create(meeting=row.meeting, action=action, kind=ActionReview.Kind.RAISED, at=at)
    return action


def _spellings(links):
    return [spelling for link in links for spelling in (link, link.upper())]


def _home(owner):
    return owner.department if owner else None


def departments(names) -> list[Department]:
    """The departments that go by `names`."""
    return [each for name in names for each in Department.objects.active().named(name)]


def known_names(meeting: Meeting, part: Part | None) -> dict[str, list[str]]:
    """`user:7` and `department:2` → names they go by, the likeliest first.

    Likeliest is who is present, then who belongs to the department on the floor, then who was named last.
    """
    present = set(Attendance.objects.filter(meeting=meeting).values_list("person_id", flat=True))
    recent = list(
        Capture.objects.filter(meeting=meeting, owner__isnull=False)
        .order_by("-captured_at")
        .values_list("owner_id", flat=True)[:20]
    )
    floor = part.segment.department_id if part else None

    def likeliest(person):
        named = recent.index(person.pk) if person.pk in recent else len(recent)
        return person.pk not in present, person.department_id != floor or floor is None, named, person.pk

    people = sorted(User.objects.active(), key=likeliest)
    names = {f"user:{each.pk}": _names(each) for each in people}
    return names | {f"department:{each.pk}": _names_of(each) for each in Department.objects.active()}


def _names(person):
    return [
        name for name in (person.name, person.name_latin, person.username, *person.pinyin.split()) if name
    ]


def _names_of(department):
    short = department.name_zh.removesuffix("部")
    return [department.code, department.slug, department.name_zh, short, department.name_en]


def resolved(candidates) -> tuple[User | None, Department | None]:
    """The person and department that the best of `candidates` means; a department answers by its lead."""
    if not candidates:
        return None, None
    kind, _, number = candidates[0].partition(":")
    if kind == "user":
        return User.objects.select_related("department").get(pk=number), None
    department = Department.objects.get(pk=number)
    lead = User.objects.active().with_role("lead").filter(assignments__department=department).first()
    return lead, department
