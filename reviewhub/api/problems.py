"""What a refused request is answered: application/problem+json (RFC 9457) with the place of each mistake."""

import http
from dataclasses import dataclass, field

from django.http import JsonResponse
from django.utils.translation import gettext as _
from ninja import Schema

MEDIA_TYPE = "application/problem+json"


class Mistake(Schema):
    """One thing that is wrong with the request; `pointer` is a JSON pointer into what `where` names."""

    where: str
    pointer: str
    code: str
    detail: str


class ProblemOut(Schema):
    """A refused request. `code` stays the same in every language; `request_id` leads to the log."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[Mistake]
    request_id: str


@dataclass
class Problem(Exception):  # noqa: N818 - it is the answer, not an accident
    """The request is refused with `status`; `more` are further members of the answer."""

    status: int
    code: str
    detail: str
    errors: list[dict] = field(default_factory=list)
    more: dict = field(default_factory=dict)
    retry_after: int | None = None

    def body(self) -> dict:
        """Without the number of the request: that differs each time."""
        return self.more | {
            "type": f"urn:reviewhub:problem:{self.code.lower().replace('_', '-')}",
            "title": http.HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "errors": self.errors,
        }


def mistake(pointer: str, code: str, detail: str, where: str = "body") -> dict:
    """One entry of `errors`; `pointer` like "/status", "" for the whole."""
    return {"where": where, "pointer": pointer, "code": code, "detail": detail}


def invalid(errors: list[dict]) -> Problem:
    """422 for input that is no answer to the question."""
    return Problem(422, "INVALID", " ".join(dict.fromkeys(one["detail"] for one in errors)), errors)


def refused(problems, *, code: str = "REFUSED", status: int = 409, pointer: str = "") -> Problem:
    """A rule of the business stands against it: `problems` are its sentences."""
    sentences = [str(one) for one in problems]
    return Problem(status, code, " ".join(sentences), [mistake(pointer, code, one) for one in sentences])


def not_found() -> Problem:
    return Problem(404, "NOT_FOUND", _("There is nothing here, or it is not for this token."))


def answer(request, body: dict, *, retry_after: int | None = None) -> JsonResponse:
    """The answer itself; kept by no cache."""
    told = body | {"request_id": getattr(request, "number", "")}
    response = JsonResponse(told, status=body["status"], content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    if body["status"] == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="ReviewHub"'
    return response
