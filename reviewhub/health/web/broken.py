"""When something breaks under a page: the database is away, the disk is full, or it is our fault. Text is kept."""

import errno
import logging
import sys

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)

AWAY, FULL, BROKEN = 503, 507, 500
RETRY_AFTER_S = 10
FULL_DISK = ("database or disk is full", "No space left on device", "could not extend file")


def broken(request):
    """Django's last resort. Asks nothing of the database; no template of ours may hinder it."""
    status = status_of(sys.exc_info()[1])
    number = getattr(request, "number", "")
    try:
        with translation.override(translation.get_language_from_request(request)):
            page = render_to_string(
                "errors/broken.html", words(status) | kept(request, status) | {"number": number}
            )
    except Exception:  # the page about a broken site is the last one that may break
        log.exception("the error page itself is broken")
        page = f"{status} {number}"
    answer = HttpResponse(page, status=status)
    answer["Cache-Control"] = "no-store"
    if status == AWAY:
        answer["Retry-After"] = RETRY_AFTER_S
    return answer


def status_of(error: BaseException | None) -> int:
    """503 for a database that is away or busy, 507 for a full disk, 500 for everything else."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FULL
    if isinstance(error, DatabaseError | InterfaceError) and any(words in str(error) for words in FULL_DISK):
        return FULL
    if isinstance(error, InterfaceError):
        return AWAY
    if isinstance(error, OperationalError) and "no such" not in str(error):
        return AWAY
    return BROKEN


def words(status: int) -> dict[str, str]:
    if status == AWAY:
        return {
            "status": "503",
            "heading": _("The database does not answer"),
            "lead": _("What you just did may not have been saved. It usually takes less than a minute."),
        }
    if status == FULL:
        return {
            "status": "507",
            "heading": _("The disk of the server is full"),
            "lead": _("Nothing was saved. An administrator has to make room first."),
        }
    return {
        "status": "500",
        "heading": _("Something broke"),
        "lead": _("It is our fault and it has been noted. What you just did may not have been saved."),
    }


def kept(request, status: int) -> dict:
    """What was typed, ready to be sent again: `{action, fields, files}`; nothing where a password was typed."""
    nothing = {"action": "", "fields": [], "files": []}
    if request.method != "POST" or status == BROKEN:
        return nothing
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        files = [upload.name for _field, uploads in request.FILES.lists() for upload in uploads]
    except (OSError, SuspiciousOperation, MultiPartParserError):  # the body broke off or is too large
        return nothing
    if any("password" in name.lower() for name, _value in fields):
        return nothing
    return {"action": request.get_full_path(), "fields": fields, "files": files}
