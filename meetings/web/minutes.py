"""The minutes: completed by hand, published, read as each reader's own copy, taken along as a file."""

import datetime as dt
import zoneinfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from meetings import minutes, minutes_copy, minutes_files, minutes_words, running
from meetings.models import Meeting, MinutesVersion
from meetings.problems import Refused
from meetings.web.orders import meeting_of
from reviewhub.notices import calendar
from reviewhub.notices.web.calendars import answer
from reviewhub.ui import days
from reviewhub.ui.htmx import UNPROCESSABLE, fragment

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = ("docx", "md", "ics")
NINE, HALF_AN_HOUR = dt.time(9), dt.timedelta(minutes=30)


@never_cache
@require_GET
def read(request, pk):
    """The version that was asked for, else the last; who completes them sees what the next one would say."""
    return page(request, over(request, pk))


@never_cache
@require_GET
def file(request, pk, number, kind):
    """This reader's copy of one version as Markdown, as a Word file, or its dates for a calendar."""
    found = over(request, pk)
    version = found.minutes.filter(number=number).first()
    if version is None or kind not in KINDS:
        raise Http404
    copy = minutes.copy_for(minutes.content(version), request.user)
    name = f"{found.review.code}-minutes-{number}"
    if kind == "ics":
        return answer(dates(copy, version), name=found.title, file=f"{name}.ics", at=timezone.now())
    blocks, foot = minutes_words.blocks(copy), foot_of(version, copy, request.user)
    if kind == "docx":
        made, media = minutes_files.word(blocks, foot), WORD
    else:
        made, media = minutes_files.markdown(blocks, foot).encode(), "text/markdown; charset=utf-8"
    said = {
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "Cache-Control": "no-store, private",
    }
    return HttpResponse(made, content_type=media, headers=said)


def dates(copy: dict, version: MinutesVersion) -> list[calendar.Event]:
    """When what was promised is due, at nine of that day in the zone of the review."""
    zone = zoneinfo.ZoneInfo(copy["zone"])
    found = []
    for line, _item in minutes_copy.lines_of(copy, "action"):
        if line["due_on"]:
            starts = dt.datetime.combine(dt.date.fromisoformat(line["due_on"]), NINE, zone)
            found.append(
                calendar.Event(
                    key=f"minutes-{version.meeting_id}-{line['id']}",
                    title=_("Due: %(action)s") % {"action": line["text"]},
                    starts_at=starts,
                    ends_at=starts + HALF_AN_HOUR,
                    zone=copy["zone"],
                    sequence=version.number,
                    changed_at=version.published_at,
                    path=reverse("minutes", args=[version.meeting_id]),
                )
            )
    return found


def foot_of(version: MinutesVersion, copy: dict, reader) -> list[str]:
    """Which version this is, by whom, and the fingerprint of what this reader was given; no names for a partner."""
    at = days.moment(timezone.localtime(version.published_at), get_language() or "en")
    said = {"number": version.number, "name": version.published_by.display_name, "at": at}
    if reader.is_partner:
        return [_("Version %(number)s, %(at)s") % said, f"SHA-256 {minutes.of_copy(copy)}"]
    lines = [_("Version %(number)s, published by %(name)s, %(at)s") % said]
    if version.reason:
        lines.append(_("Why again: %(reason)s") % {"reason": version.reason})
    return [*lines, f"SHA-256 {minutes.of_copy(copy)}"]


def over(request, pk) -> Meeting:
    """A meeting that has ended. Before the first version only those who complete the minutes find them."""
    found = meeting_of(request, pk)
    if found.state not in minutes.OVER:
        raise Http404
    return found


def page(request, found, *, refused=None, problem="", reason="", edit=None):
    may_edit = running.may_complete(found, request.user)
    versions = list(found.minutes.select_related("published_by"))
    asked = request.GET.get("version", "")
    version = next((row for row in versions if asked == str(row.number)), versions[-1] if versions else None)
    is_draft = may_edit and (version is None or not asked)
    refused = refused or {}
    if is_draft:
        document = minutes.document(found)
        shown = minutes_words.blocks(document)
        parts = [
            {"code": code, "title": title[short()], "text": refused.get(code, ("", text))[1],
             "problem": refused.get(code, ("", ""))[0]}
            for code, title, text in minutes.sections(document)
        ]  # fmt: skip
        has_changed = not versions or versions[-1].content != minutes.canonical(document)
        as_published = None if has_changed else version
    else:
        as_published = version
    copy = minutes.copy_for(minutes.content(as_published), request.user) if as_published else None
    if not is_draft:
        shown, parts, has_changed = minutes_words.blocks(copy) if copy else [], [], False
    context = {
        "meeting": found,
        "blocks": shown,
        "parts": parts,
        "versions": list(reversed(versions)),
        "version": None if is_draft else version,
        "foot": foot_of(as_published, copy, request.user) if as_published else [],
        "stands": minutes.stands(version) if version else True,
        "changes": [] if is_draft or not version else changed(version, versions, request.user),
        "is_draft": is_draft,
        "has_changed": has_changed,
        "may_edit": may_edit,
        "may_publish": running.may_run(found, request.user),
        "next": len(versions) + 1,
        "problem": problem,
        "reason": reason,
    }
    status = UNPROCESSABLE if refused or problem else 200
    return fragment(request, "meetings/minutes.html", context, ["minutes"], status=status)


def changed(version, versions, reader) -> list[tuple[str, str]]:
    """What this version says otherwise than the one before, as far as the reader knows both."""
    before = next((row for row in versions if row.number == version.number - 1), None)
    if before is None:
        return []
    sides = [
        minutes_files.markdown(minutes_words.blocks(minutes.copy_for(minutes.content(row), reader)), [])
        for row in (before, version)
    ]
    return minutes_copy.changes(*(side.splitlines() for side in sides))


def short() -> str:
    return "zh" if (get_language() or "").startswith("zh") else "en"


@require_POST
def write(request, pk, section):
    """One section as it was completed by hand."""
    found, text = over(request, pk), request.POST.get("text", "")
    try:
        minutes.write(found, section, text, by=request.user, at=timezone.now())
    except running.NotAllowed:
        raise Http404 from None
    except Refused as refusal:
        return page(request, found, refused={section: (str(refusal.problem), text)})
    return page(request, found) if request.htmx else redirect("minutes", pk=pk)


@require_POST
def publish(request, pk):
    """The next version, for everybody."""
    found, reason = over(request, pk), request.POST.get("reason", "")
    if not running.may_run(found, request.user):
        raise Http404
    try:
        version = minutes.publish(found, reason=reason, by=request.user, at=timezone.now())
    except Refused as refusal:
        return page(request, found, problem=str(refusal.problem), reason=reason)
    messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
    return redirect(f"{reverse('minutes', args=[pk])}?version={version.number}")
