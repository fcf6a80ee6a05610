"""The API in the table of docs/access.md: every operation, asked with a token of every role, and every byte of it."""

import json
import uuid

import pytest
from django.db import transaction
from django.test import Client

from tests.api import caller
from tests.trust import access_table, walking, world
from tests.trust.access_table import ROLES, Access

REFUSED = (401, 403, 404)
# What every call leaves: when a token was used, and answers that are kept for a repeated one.
OF_TOKENS = "api_"
QUERY = {"/api/v1/readings/SAL_NET": {"period": "2026-10"}}


def addresses(values: dict) -> dict[str, str]:
    """Path of the document → the address of the thing of this world."""
    held = {
        "/api/v1/actions": values["action"]["pk"],
        "/api/v1/dictionary": "SAL_NET",
        "/api/v1/imports": values["import"]["pk"],
        "/api/v1/readings": "SAL_NET",
        "/api/v1/reviews": values["checks"]["code"],
        "/api/v1/submissions": values["submission"]["pk"],
    }
    found = {}
    for path in caller.document()["paths"]:
        begin, brace, rest = path.partition("/{")
        found[path] = f"{begin}/{held[begin]}{rest.partition('}')[2]}" if brace else path
    return found


def operations(path: str) -> tuple[str, list[str]]:
    methods = caller.document()["paths"][path]
    return "get" if "get" in methods else "", [one for one in methods if one != "get"]


@pytest.fixture
def headers(demo_company, pages_at):
    """Role → what its program sends: a token of its person for every purpose; nobody sends none."""
    people = world.crew()
    values = world.things(people)
    found = {"nobody": {}}
    for role, name in world.NAMES.items():
        if name:
            found[role] = {"Authorization": f"Bearer {caller.made(people[name])[1]}"}
    return values, found


def ask(method: str, address: str, headers: dict):
    """The answer; what was written for it is taken back."""
    point = transaction.savepoint()
    if method == "get":
        answer = Client().get(address, QUERY.get(address, {}), headers=headers)
    else:
        call = getattr(Client(), method)
        headers = headers | {"Idempotency-Key": str(uuid.uuid4())}
        answer = call(address, json.dumps({}), content_type="application/json", headers=headers)
    transaction.savepoint_rollback(point)
    assert answer.status_code < 500, (method, address, answer.status_code)
    return answer


def test_every_operation_is_for_the_roles_of_the_nameand_no_confidential_word_goes_elsewhere(headers):
    values, tokens = headers
    table, wrong, leaks, met = access_table.table(), {}, set(), set()
    for path, address in addresses(values).items():
        get, others = operations(path)
        readers, heard, changes = set(), set(), set()
        for role in ROLES:
            for method in filter(None, [get, *others]):
                with walking.written() as tables:
                    answer = ask(method, address, tokens[role])
                if any(not name.startswith(OF_TOKENS) for name in tables):
                    changes.add(role)
                if answer.status_code not in REFUSED:
                    (readers if method == "get" else heard).add(role)
                seen = walking.sent(answer)
                for what, (mark, may_read) in world.MARKS.items():
                    if mark.encode() in seen:
                        met.add(what)
                        if role not in may_read:
                            leaks.add((what, role, method, path))
        found = Access(
            frozenset(readers) if get else None, frozenset(heard) if others else None, frozenset(changes)
        )
        if found != table.get(path):
            wrong[path] = found.line(path)
    assert (wrong, leaks) == ({}, set())
    assert met >= {"name of an uploaded file", "task of two"}, "the words stand in answers"


@pytest.mark.django_db
def test_every_operation_has_one_line_and_every_line_an_operation():
    lines = {line for line in access_table.table() if line.startswith("/")}
    assert lines == set(caller.document()["paths"])
