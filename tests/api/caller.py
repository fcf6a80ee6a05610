"""A program that calls the API by token; every answer it gets is held against the OpenAPI document."""

import datetime as dt
import functools
import json
import re
import uuid

from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from reviewhub.api import tokens
from reviewhub.api.models import Token
from reviewhub.api.purposes import PURPOSES
from reviewhub.people.models import User

DAYS = 90


@functools.cache
def document() -> dict:
    """The OpenAPI document as it is served."""
    return json.loads(Client().get("/api/openapi.json").content)


@functools.cache
def templates() -> list:
    """(pattern of the address, its operations), the longest first."""
    found = []
    for path, operations in document()["paths"].items():
        parts = re.split(r"(\{\w+\})", path)
        pattern = "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts)
        found.append((re.compile(pattern), operations))
    return sorted(found, key=lambda one: -len(one[0].pattern))


def made(user: User, *purposes: str, kind: str = "personal", departments=(), at=None) -> tuple[Token, str]:
    """A token of `user` (who makes it, for a machine) for these purposes, all of them when none is named."""
    wanted = tokens.Wanted("Export", list(purposes or PURPOSES), DAYS, list(departments))
    return tokens.make(wanted, kind, by=user, at=at or timezone.now() - dt.timedelta(minutes=5))


class Program:
    """Calls with one token, in English unless `language` says otherwise."""

    def __init__(self, text: str, language: str = "en"):
        self.client = Client(enforce_csrf_checks=True)
        self.headers = {"Authorization": f"Bearer {text}", "Accept-Language": language}

    def get(self, path: str, **query):
        return self.heard(self.client.get(f"/api/v1{path}", query, headers=self.headers), "get", path)

    def post(self, path: str, given=None, *, key=None, form=None, method="post", **headers):
        """Post JSON, or `form` as multipart; each time with a new Idempotency-Key unless one is given."""
        headers = self.headers | {"Idempotency-Key": str(key or uuid.uuid4())} | headers
        if form is not None:
            answer = self.client.post(f"/api/v1{path}", form, headers=headers)
        else:
            body = given if isinstance(given, bytes) else json.dumps({} if given is None else given)
            call = getattr(self.client, method)
            answer = call(f"/api/v1{path}", body, content_type="application/json", headers=headers)
        return self.heard(answer, method, path)

    def patch(self, path: str, given=None, **options):
        return self.post(path, given, method="patch", **options)

    def heard(self, answer, method: str, path: str):
        """The answer, which has the shape that the document promises for this operation and status."""
        answer.said = json.loads(answer.content)
        operation = operation_of(f"/api/v1{path}", method)
        if operation is not None:
            promised = (
                operation["responses"].get(str(answer.status_code)) or operation["responses"]["default"]
            )
            kind = answer["Content-Type"].partition(";")[0]
            schema = promised["content"][kind]["schema"]
            whole = schema | {"components": document()["components"]}
            Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
                answer.said
            )
        return answer


def operation_of(path: str, method: str) -> dict | None:
    for pattern, operations in templates():
        if pattern.fullmatch(path) and method in operations:
            return operations[method]
    return None
