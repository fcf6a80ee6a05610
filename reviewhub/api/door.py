"""The door of the HTTP API: who asks, what for, how often; a write that comes twice; pages of lists."""

import functools
import hashlib
import uuid

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Field, Schema, Status
from ninja.security import HttpBearer

from reviewhub.api import cursors, problems, repeats, tokens
from reviewhub.api.problems import Problem, mistake
from reviewhub.people import guessing, preferences

KEY = "Idempotency-Key"
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
KEY_PARAMETER = {
    "in": "header",
    "name": KEY,
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
    "description": "A UUID of yours: the same one with the same request is carried out once.",
}


class Token(HttpBearer):
    """A personal or machine token as bearer; session cookies open nothing here."""

    def __init__(self, purpose: str):
        super().__init__()
        self.purpose = purpose

    def __call__(self, request):
        return super().__call__(request) or self.nobody()

    def nobody(self):
        raise Problem(401, "TOKEN_MISSING", _("Send a token: “Authorization: Bearer …”."))

    def authenticate(self, request, token):
        at, address = timezone.now(), request.META.get("REMOTE_ADDR", "")
        caller = tokens.caller(token.strip(), address=address, at=at)
        if caller is None:
            refuse_guess(address, at=at)
        take_turn(caller, at=at)
        if not request.headers.get("Accept-Language") and caller.user.language in preferences.LANGUAGES:
            translation.activate(caller.user.language)
        if self.purpose not in caller.purposes:
            raise Problem(
                403, "PURPOSE_MISSING", _("This token is not for “%(purpose)s”.") % {"purpose": self.purpose}
            )
        request.user = caller.user
        return caller


def refuse_guess(address: str, *, at) -> None:
    buckets = tokens.for_guess(address)
    if not guessing.take(buckets, at=at):
        wait = int(buckets[0].refill_s)
        raise Problem(429, "TOO_MANY_GUESSES", _("Too many wrong tokens from here."), retry_after=wait)
    raise Problem(401, "TOKEN_REFUSED", _("This token is unknown, expired or revoked."))


def take_turn(caller: tokens.Caller, *, at) -> None:
    if not guessing.take(tokens.for_requests(caller.token), at=at):
        raise Problem(429, "TOO_MANY_REQUESTS", _("This token asks too often. Wait a moment."), retry_after=1)


def needs(purpose: str, *, writes: bool = False, summary: str, **more) -> dict:
    """The options of an operation that takes a token of this purpose."""
    extra = {
        "x-purpose": purpose,
        "responses": {"default": {"description": "Refused", "content": PROBLEM}},
    }
    if writes:
        extra["parameters"] = [KEY_PARAMETER]
    return {"auth": Token(purpose), "summary": summary, "openapi_extra": extra | more}


# --- Lists --------------------------------------------------------------------------------------------------


class Paged(Schema):
    """Where a list goes on: `cursor` is the `next` of the page before."""

    cursor: str = Field("", max_length=500)
    limit: int = Field(cursors.USUAL, ge=1, le=cursors.MOST)


def page(rows, order, asked: Paged, told) -> dict:
    """A page of `rows` (a queryset, or a list where `order` is None), each as `told` says it."""
    try:
        if order is None:
            found, after = cursors.of_list(rows, cursor=asked.cursor, limit=asked.limit)
        else:
            found, after = cursors.of_rows(rows, order, cursor=asked.cursor, limit=asked.limit)
    except cursors.BadCursor:
        raise problems.invalid(
            [mistake("/cursor", "BAD_CURSOR", _("This is no cursor of this list."), "query")]
        ) from None
    return {"items": [told(row) for row in found], "next": after}


def one(rows):
    """The one row of a queryset; what is not there and what is not for the caller look the same."""
    if (found := rows.first()) is None:
        raise problems.not_found()
    return found


# --- Writes -------------------------------------------------------------------------------------------------


def once(operation):
    """Carry the operation out once for each Idempotency-Key, and answer the same to the same request for two days."""

    @functools.wraps(operation)
    def guarded(request, *args, **given):
        key, at = key_of(request), timezone.now()
        try:
            kept = repeats.claim(request.auth.token, key, fingerprint(request), at=at)
        except repeats.OtherBody:
            raise Problem(422, "KEY_REUSED", _("This Idempotency-Key came with another request.")) from None
        except repeats.StillRunning:
            raise running() from None
        if kept.status is not None:
            return replayed(request, kept)
        return carried_out(request, kept, lambda: operation(request, *args, **given))

    return guarded


def carried_out(request, kept, act):
    """What `act` answers; kept together with what it wrote."""
    try:
        with transaction.atomic():
            result = act()
            repeats.finish(kept, result.status_code, result.value.model_dump(mode="json"))
        return Status(result.status_code, result.value)
    except Problem as refusal:
        repeats.finish(kept, refusal.status, refusal.body())
        raise
    except repeats.Overtaken:
        raise running() from None
    except BaseException:
        repeats.release(kept)
        raise


def replayed(request, kept):
    if kept.status >= 400:
        response: HttpResponse = problems.answer(request, kept.body)
        response.headers["Idempotency-Replayed"] = "true"
        return response
    request.is_replayed = True
    return Status(kept.status, kept.body)


def running() -> Problem:
    detail = _("The first request with this Idempotency-Key is still being carried out.")
    return Problem(409, "STILL_RUNNING", detail, retry_after=2)


def key_of(request) -> uuid.UUID:
    """The key of a write. A Problem without one."""
    text = request.headers.get(KEY, "")
    detail = _("Every write needs an Idempotency-Key: a UUID of yours, a new one for each new request.")
    if len(text) not in (36, 32):
        raise Problem(400, "KEY_NEEDED", detail)
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Problem(400, "KEY_NEEDED", detail) from None


def fingerprint(request) -> str:
    """The request as it came: method, address and everything in the body."""
    found = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if not request.content_type.startswith("multipart/"):
        found.update(request.body)
        return found.hexdigest()
    for name in sorted(request.POST):
        found.update(repr((name, request.POST.getlist(name))).encode("utf-8", "backslashreplace"))
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            inside = hashlib.sha256()
            for block in file.chunks():
                inside.update(block)
            file.seek(0)
            found.update(repr((name, file.name, inside.hexdigest())).encode("utf-8", "backslashreplace"))
    return found.hexdigest()
