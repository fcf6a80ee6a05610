"""Asks addresses of the product as every role, and says what came back: allowed or not, and what was written."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.test_access import routes
from tests.trust.access_table import ROLES
from tests.trust.world import NAMES, known

REFUSED = {401, 403, 404, 410}
# What a visit leaves: sessions, where they are, limits that were counted.
LEFT_BY_A_VISIT = ("django_session", "usersessions_usersession", "shared_cache", "people_guessallowance")
WRITES = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


class Asker:
    """One browser of one role."""

    def __init__(self, role: str, people: dict):
        self.role, self.client, self.key = role, Client(), None
        if name := NAMES[role]:
            self.client.force_login(people[name], backend="reviewhub.people.authentication.SessionBackend")
            self.key = self.client.cookies[settings.SESSION_COOKIE_NAME].value

    def ask(self, method: str, address: str, **headers):
        """The answer; whatever was written for it is taken back, and signing out too."""
        if self.key:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.key
        point = transaction.savepoint()
        answer = getattr(self.client, method)(address, headers=headers)
        transaction.savepoint_rollback(point)
        return answer


def askers(people: dict) -> dict[str, Asker]:
    return {role: Asker(role, people) for role in ROLES}


def addresses(values: dict) -> Iterator[tuple[str, str]]:
    """Every named route and its address for the thing of this world; but the stream, which has no end."""
    seen = {"meeting-stream"}
    for route in routes():
        if route.name in seen:
            continue
        seen.add(route.name)
        held = known(route.name, values)
        missing = set(route.parameters) - set(held)
        assert not missing, (
            f"{route.name} takes {sorted(missing)}: name its thing in tests.trust.world.things"
        )
        yield route.name, reverse(route.name, kwargs={name: held[name] for name in route.parameters})


def is_allowed(answer) -> bool:
    """Whether the asker got past the door: what is led to the sign-in page, or finds nothing, did not."""
    assert answer.status_code < 500, (answer.request["PATH_INFO"], answer.status_code)
    led_away = answer.get("Location", answer.get("HX-Redirect", "")).startswith("/accounts/login/")
    return answer.status_code not in REFUSED and not led_away


def sent(answer) -> bytes:
    """Every byte that the asker can read: headers, the body, the parts of a workbook."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    return str(answer.headers).encode() + body


@contextmanager
def written() -> Iterator[set[str]]:
    """The tables that were written to meanwhile, but for what every visit leaves."""
    tables = set()

    def look(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if found := WRITES.match(sql):
            verb, table = found.groups()
            met_rows = verb == "INSERT INTO" or context["cursor"].rowcount != 0
            if met_rows and table not in LEFT_BY_A_VISIT:
                tables.add(table)
        return result

    with connection.execute_wrapper(look):
        yield tables
