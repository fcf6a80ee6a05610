"""Who is told what of a department's data: due, more time given, returned, handed in late."""

import datetime as dt
import zoneinfo

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from metrics import checklist, deadlines, delay_words
from metrics.models import Extension, Review, Submission
from metrics.submission import LATE, RETURNED
from reviewhub.notices import kinds
from reviewhub.people.models import Assignment, Department, Role, User
from reviewhub.people.permissions import may
from reviewhub.ui import days

DUE = "data.due"
# Days before the deadline, at nine in the company's zone: T−10, T−8 and T−7 where nothing else was agreed.
STEPS = {"3d": 3, "1d": 1, "0d": 0}
MORNING = dt.time(9)
OVER = "over"
LOOKED_BACK = dt.timedelta(days=1)


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=DUE,
            label=gettext_lazy("Data is due"),
            note=gettext_lazy(
                "Three days, one day and the morning before it is due, to whoever hands it in; at the deadline also"
                " to those who can give more time. Nobody is reminded of what is in."
            ),
            subjects=reviews,
            plans=plans,
            recipients=asked,
            recheck=recheck,
            verdict=verdict,
            render=due_content,
            series=lambda occurrence: f"{occurrence.subject_id}:{occurrence.params['department']}",
            concerns=lambda user: may(user, "submission.hand_in") or may(user, "submission.extend"),
            reasons={
                "frozen": gettext_lazy("The figures were frozen."),
                "in": gettext_lazy("Everything was handed in."),
                "moved": gettext_lazy("The deadline was moved."),
            },
        )
    )
    for code, label, note, recipients, render in (
        (
            deadlines.EXTENDED,
            gettext_lazy("More time for your data"),
            gettext_lazy("Until when, and why."),
            lambda occurrence: hands_in(extension(occurrence).department),
            extended_content,
        ),
        (
            RETURNED,
            gettext_lazy("Your data was returned"),
            gettext_lazy("What the data owner asks for."),
            lambda occurrence: preparers(version(occurrence)),
            returned_content,
        ),
        (
            LATE,
            gettext_lazy("Data came after the deadline"),
            gettext_lazy("To data owners: what still has to be looked at before the freeze."),
            lambda occurrence: holders("figure.certify", version(occurrence).department),
            late_content,
        ),
    ):
        kinds.register(
            kinds.Kind(code=code, label=label, note=note, recipients=recipients, render=render, series=None)
        )


# --- Who ----------------------------------------------------------------------------------------------------


def holders(ability: str, department: Department | None = None):
    """Active people who hold `ability` for the whole company, or for `department`."""
    roles = [role.pk for role in Role.objects.all() if ability in role.abilities]
    bound = Q(department=None) | Q(department=department) if department else Q(department=None)
    held = Assignment.objects.filter(bound, role__in=roles, ended_at=None)
    return User.objects.active().filter(pk__in=held.values("user"))


def hands_in(department: Department):
    """Those who hand the data of `department` in; where that is nobody, those who prepare it."""
    found = holders("submission.hand_in", department)
    return found if found.exists() else holders("submission.edit", department)


def preparers(row: Submission):
    """Whoever handed this version in or uploaded it, and those who hand the department's data in."""
    return hands_in(row.department) | User.objects.active().filter(
        pk__in=[row.handed_in_by_id, row.uploaded_by_id]
    )


def asked(occurrence):
    """The department; at the deadline also those who can give more time."""
    department = Department.objects.get(code=occurrence.params["department"])
    if occurrence.params["step"] == OVER:
        return hands_in(department) | holders("submission.extend")
    return hands_in(department)


# --- Data is due --------------------------------------------------------------------------------------------


def reviews(since: dt.datetime, until: dt.datetime):
    """Open reviews whose data is or was due around now: the first step is three days before, an extension after."""
    soon = until + dt.timedelta(days=max(STEPS.values()) + 1)
    return Review.objects.filter(
        state=Review.State.OPEN, due_at__lte=soon, meeting_at__gt=since - LOOKED_BACK
    ).order_by("pk")


def plans(review: Review, since: dt.datetime, until: dt.datetime) -> list[kinds.Plan]:
    """The steps of every department since, and of the day before: giving one twice does no harm."""
    found, ask = [], deadlines.dues([review])
    lines = checklist.lines_asked()
    for department in Department.objects.active().filter(code__in={line.department for line in lines}):
        own = [line.code for line in lines if line.department == department.code]
        for due_at in sorted({ask(review, department.pk, code).at for code in ["", *own]}):
            for step, at in steps(due_at, zoneinfo.ZoneInfo(review.time_zone)).items():
                if since - LOOKED_BACK < at <= until:
                    said = {"department": department.code, "step": step, "due_at": due_at.isoformat()}
                    found.append(kinds.Plan(f"{department.code}:{due_at:%Y%m%d%H%M}:{step}", at, said))
    return found


def steps(due_at: dt.datetime, zone: zoneinfo.ZoneInfo) -> dict[str, dt.datetime]:
    """When it is told that data is due at `due_at`; a step that would come after it falls away."""
    day = due_at.astimezone(zone).date()
    found = {
        step: dt.datetime.combine(day - dt.timedelta(days=before), MORNING, zone)
        for step, before in STEPS.items()
    }
    return {step: at for step, at in found.items() if at < due_at} | {OVER: due_at}


def recheck(occurrence, user, at: dt.datetime) -> str:
    """ "" or why nobody needs to hear it any more."""
    found = standing(occurrence)
    if found.review.state != Review.State.OPEN:
        return "frozen"
    if found.is_complete:
        return "in" if any(at == meant(occurrence) for at in moments(found)) else "moved"
    if any(item.is_open and item.due.at == meant(occurrence) for item in found.items):
        return ""
    return "in" if all(item.due.at < meant(occurrence) for item in found.items if item.is_open) else "moved"


def meant(occurrence) -> dt.datetime:
    return dt.datetime.fromisoformat(occurrence.params["due_at"])


def moments(found: checklist.Checklist) -> set[dt.datetime]:
    """When this department's data is due: as a whole, and the lines that wait for a source."""
    return {found.due.at, *(item.due.at for item in found.items)}


def verdict(occurrence, at: dt.datetime) -> str:
    """Once the meeting has begun nobody is reminded; of several steps that waited, only the last is told."""
    return kinds.EXPIRE if at >= review_of(occurrence).meeting_at else kinds.SEND


def review_of(occurrence) -> Review:
    return Review.objects.get(pk=occurrence.subject_id)


def standing(occurrence) -> checklist.Checklist:
    department = Department.objects.get(code=occurrence.params["department"])
    return checklist.of(review_of(occurrence), department)


def due_content(occurrence, user) -> kinds.Content:
    found = standing(occurrence)
    is_over = occurrence.params["step"] == OVER
    said = {
        "department": found.department.name,
        "period": period(found.review.period_start, found.review.period_end),
        "due": moment(meant(occurrence)),
        "done": found.done,
        "asked": len(found.asked),
    }
    title = _("Data of %(department)s, %(period)s: it was due %(due)s") if is_over else None
    title = title or _("Data of %(department)s, %(period)s: due %(due)s")
    lines = [
        ngettext("%(done)s of %(asked)s item is in.", "%(done)s of %(asked)s items are in.", said["asked"])
        % said
    ]
    if is_over:
        lines.append(_("You can still submit; it will be marked provisional."))
    return kinds.Content(
        title=title % said,
        lines=tuple(lines),
        action=_("Open the checklist"),
        path=page(found.department),
        items=tuple(kinds.Item(item.title) for item in found.items if due_by_then(item, occurrence)),
        thread=f"data:{found.review.code}:{found.department.code}",
        urgent=occurrence.params["step"] in ("0d", OVER),
        state="warn" if is_over else "queued",
    )


def due_by_then(item: checklist.Item, occurrence) -> bool:
    return item.is_open and item.due.at <= meant(occurrence)


# --- News of one version or deadline ------------------------------------------------------------------------


def extension(occurrence) -> Extension:
    return Extension.objects.select_related("review", "department", "given_by").get(pk=occurrence.subject_id)


def version(occurrence) -> Submission:
    return Submission.objects.select_related("department", "handed_in_by").get(pk=occurrence.subject_id)


def extended_content(occurrence, user) -> kinds.Content:
    row = extension(occurrence)
    said = {"department": row.department.name, "review": row.review.title, "due": moment(row.due_at)}
    title = _("Data of %(department)s: due %(due)s now") % said
    if row.given_by:
        said["name"] = row.given_by.display_name
        lines = (_("%(name)s gave more time for %(review)s.") % said, row.reason)
    else:
        said |= {"items": ", ".join(row.items), "length": delay_words.by_how_much(row)}
        title = _("Data of %(department)s, %(items)s: due %(due)s now") % said
        lines = (_("%(length)s more for %(review)s.") % said, *delay_words.because(row))
    return kinds.Content(
        title=title,
        lines=lines,
        action=_("Open the checklist"),
        path=page(row.department),
        thread=f"data:{row.review.code}:{row.department.code}",
    )


def returned_content(occurrence, user) -> kinds.Content:
    """That it was returned and how many comments there are; what they say stays on the page: mails travel."""
    row = version(occurrence)
    count = row.remarks.count()
    lines = [_("The data owner says what should be mended.")]
    if count:
        lines.append(
            ngettext("%(count)s comment on a cell or row.", "%(count)s comments on cells or rows.", count)
            % {"count": count}
        )
    return kinds.Content(
        title=_("Returned: %(department)s, %(period)s, version %(number)s") % named(row),
        lines=tuple(lines),
        action=_("See what is asked"),
        path=reverse("submission", args=[row.pk]),
        urgent=True,
        state="fail",
    )


def late_content(occurrence, user) -> kinds.Content:
    row = version(occurrence)
    return kinds.Content(
        title=_("After the deadline: %(department)s, %(period)s, version %(number)s") % named(row),
        lines=(_("Handed in %(when)s; marked provisional.") % {"when": moment(row.handed_in_at)},),
        action=_("Check and certify"),
        path=f"{reverse('certify')}?version={row.pk}",
        state="warn",
    )


def named(row: Submission) -> dict:
    return {
        "department": row.department.name,
        "period": period(row.period_start, row.period_end),
        "number": row.number,
    }


def page(department: Department) -> str:
    return f"{reverse('submissions')}?department={department.slug}"


def period(start: dt.date, end: dt.date) -> str:
    return days.period(start, end, get_language() or "en")


def moment(at: dt.datetime) -> str:
    """Date and time in the reader's zone and language."""
    return days.short_moment(timezone.localtime(at), get_language() or "en")
