"""The API as one: ninja's parser and exceptions, spoken in our problems, and the OpenAPI document."""

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from reviewhub.api import json_body, problems
from reviewhub.api.problems import Problem, mistake

# What pydantic finds → words; everything else is told as it is named there.
WORDS = {
    "missing": lambda: _("This is missing."),
    "extra_forbidden": lambda: _("There is no such field."),
    "string_type": lambda: _("This must be text."),
    "string_too_long": lambda: _("This is too long."),
    "string_too_short": lambda: _("This is too short."),
    "string_unicode": lambda: _("This text holds characters that are none."),
    "int_parsing": lambda: _("This must be a whole number."),
    "int_type": lambda: _("This must be a whole number."),
    "bool_type": lambda: _("This must be true or false."),
    "bool_parsing": lambda: _("This must be true or false."),
    "date_from_datetime_parsing": lambda: _("This must be a date like 2026-09-30."),
    "date_parsing": lambda: _("This must be a date like 2026-09-30."),
    "greater_than_equal": lambda: _("This number is too small."),
    "less_than_equal": lambda: _("This number is too large."),
    "literal_error": lambda: _("This is none of the values that are taken."),
    "enum": lambda: _("This is none of the values that are taken."),
}


class StrictParser(Parser):
    def parse_body(self, request):
        return json_body.parsed(request.body)


class Api(NinjaAPI):
    """Ninja's, mounted below /api/ (reviewhub.programs), with the schema of problems in its document."""

    def get_root_path(self, path_params):
        return "/api/"

    def get_openapi_schema(self, *args, **options):
        schema = super().get_openapi_schema(*args, **options)
        told = problems.ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
        schema["components"]["schemas"] |= told.pop("$defs") | {"ProblemOut": told}
        return schema


def made(**options) -> Api:
    """An API whose every refusal is a problem."""
    api = Api(parser=StrictParser(), **options)
    api.add_exception_handler(Problem, told)
    api.add_exception_handler(ValidationError, lambda request, error: told(request, unfit(error)))
    api.add_exception_handler(HttpError, lambda request, error: told(request, unreadable(error)))
    api.add_exception_handler(Http404, lambda request, error: told(request, problems.not_found()))
    api.add_exception_handler(RequestDataTooBig, lambda request, error: told(request, too_large()))
    for broken in (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        api.add_exception_handler(broken, lambda request, error: told(request, unreadable(error)))
    return api


def told(request, problem: Problem):
    return problems.answer(request, problem.body(), retry_after=problem.retry_after)


def unfit(error: ValidationError) -> Problem:
    return problems.invalid([place(one) for one in error.errors])


def place(found: dict) -> dict:
    """One of pydantic's errors as ours. Its place begins with where the value came from and our own argument's name."""
    where, *path = found["loc"]
    path = path[1:] if where in ("body", "query", "form") and len(path) > 1 else path
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
    if where == "body" and found["loc"] == ("body", "given"):
        pointer = ""
    words = WORDS.get(found["type"])
    return mistake(pointer, found["type"].upper(), words() if words else found["msg"], where)


def unreadable(error: Exception) -> Problem:
    cause = error.__cause__
    codes = {
        "TOO_DEEP": _("The JSON is nested too deep."),
        "KEY_TWICE": _("A key stands twice in one object."),
        "NO_NUMBER": _("A number is none that is taken here."),
        "NO_JSON": _("The body is no JSON."),
    }
    code = cause.code if isinstance(cause, json_body.BadJson) else ""
    detail = codes.get(code, _("The request cannot be read."))
    return Problem(400, code or "BAD_REQUEST", detail, [mistake("", code or "BAD_REQUEST", detail)])


def too_large() -> Problem:
    return Problem(413, "TOO_LARGE", _("The request is too large."))
