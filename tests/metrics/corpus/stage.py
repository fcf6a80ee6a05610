"""Where the corpus plays: people, a signed-in client, a program with a token, and the digest of every table."""

import hashlib
from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection
from django.test import Client

from metrics import dictionary, known_profiles
from metrics.dictionary_rows import cells
from metrics.models import Metric
from metrics.proposal_checks import open_version
from reviewhub.api.models import KeptAnswer, Token
from reviewhub.people.models import GuessAllowance
from tests import make
from tests.api import caller
from tests.metrics import uploads
from tests.metrics.intake.case import MONTHLY, TEST_PROFILE

# Beside the journals of uploads: when a token was last used and how often, and answers kept for a repeated request.
JOURNALS = uploads.JOURNALS | {Token._meta.db_table, KeptAnswer._meta.db_table, GuessAllowance._meta.db_table}
LANGUAGES = {"files": "zh-hans", "definitions": "en"}


@dataclass
class Stage:
    """What a line may use. `before` is the digest before any line was asked."""

    people: dict
    client: Client
    program: caller.Program
    at: object
    folder: object = None
    before: dict = field(default_factory=dict)


def built(kind: str, at) -> Stage:
    """The company with a saved profile (files) or the whole dictionary (definitions)."""
    people = make.people()
    if kind == "files":
        known_profiles.save(MONTHLY, TEST_PROFILE, by=None, at=at)
    else:
        dictionary.bootstrap(at=at)
        gross = Metric.objects.get(code="SAL_GROSS")
        row = cells(open_version(gross)) | {
            "code": "SAL_USD",
            "name_zh": "美元销售",
            "name_en": "Sales in USD",
        }
        dictionary.first_version(
            row | {"unit": "USD"}, effective_from=at.date(), by=None, at=at, reason="Test"
        )
    client = Client()
    client.force_login(people["sales"], backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["reviewhub_language"] = LANGUAGES[kind]
    client.get("/submissions/")
    _, text = caller.made(people["sales"], at=None)
    found = Stage(people, client, caller.Program(text), at)
    found.before = digest()
    return found


def digest() -> dict[str, tuple]:
    """Rows and hash of every table but the journals; on PostgreSQL hashed by the server, in one query."""
    models = apps.get_models(include_auto_created=True)
    tables = sorted({model._meta.db_table for model in models} - JOURNALS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            hashed = "md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
            cursor.execute(
                " UNION ALL ".join(f"SELECT '{one}', count(*), {hashed} FROM \"{one}\" t" for one in tables)
            )
            return {name: (count, text) for name, count, text in cursor.fetchall()}
        found = {}
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = sorted(repr(row) for row in cursor.fetchall())
            found[table] = len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()
        return found
