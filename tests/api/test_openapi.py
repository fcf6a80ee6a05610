"""The OpenAPI document: valid, complete, and loaded by nobody who does not ask for it."""

import subprocess
import sys

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from reviewhub.api.purposes import PURPOSES
from tests.api import caller

pytestmark = pytest.mark.django_db


def operations():
    for path, found in caller.document()["paths"].items():
        for method, operation in found.items():
            yield path, method, operation


def test_it_is_served_to_everybody_as_3_1():
    answer = Client().get("/api/openapi.json")
    assert answer.status_code == 200 and answer.json()["openapi"] == "3.1.0"


def test_every_operation_takes_a_token_of_a_known_purpose_and_every_write_a_key():
    for path, method, operation in operations():
        assert path.startswith("/api/v1/") and operation["security"] == [{"Token": []}], path
        assert operation["x-purpose"] in PURPOSES
        keys = [one for one in operation["parameters"] if one["name"] == "Idempotency-Key"]
        assert len(keys) == (method != "get"), (path, method)
    assert caller.document()["components"]["securitySchemes"]["Token"]["scheme"] == "bearer"


def test_every_purpose_has_an_operation():
    assert {operation["x-purpose"] for *_where, operation in operations()} == set(PURPOSES)


def test_operations_have_names_of_their_own_and_every_reference_leads_somewhere():
    names = [operation["operationId"] for *_where, operation in operations()]
    assert len(names) == len(set(names))
    schemas = caller.document()["components"]["schemas"]

    def references(value):
        if isinstance(value, dict):
            yield from [value["$ref"]] if "$ref" in value else []
            value = list(value.values())
        for one in value if isinstance(value, list) else []:
            yield from references(one)

    assert {one.rpartition("/")[2] for one in references(caller.document())} <= set(schemas)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


def test_a_page_does_not_load_what_only_the_api_needs():
    """Pydantic and ninja cost a starting process 0.4 s."""
    code = (
        "import django, sys; django.setup();"
        "from django.urls import resolve, reverse; resolve('/actions/'); reverse('home');"
        "print([name for name in ('ninja', 'pydantic', 'reviewhub.endpoints') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
