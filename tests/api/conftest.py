"""Programs of the people of the tests."""

import pytest

from metrics import importing
from tests.api import caller


@pytest.fixture(autouse=True)
def quiet_queue(monkeypatch):
    monkeypatch.setattr(importing, "wake_worker", lambda job_id: None)


@pytest.fixture
def program(people):
    """`program("sales", *purposes)` is a program that calls with a token of that person."""

    def of(name: str, *purposes: str, language: str = "en", **options) -> caller.Program:
        return caller.Program(caller.made(people[name], *purposes, **options)[1], language)

    return of


@pytest.fixture
def machine(people):
    """`machine(departments, *purposes)` is a machine that an administrator gave a token."""

    def of(*departments, purposes=()) -> caller.Program:
        made = caller.made(people["admin"], *purposes, kind="machine", departments=departments)
        return caller.Program(made[1])

    return of
