"""Who gets which address: docs/access.md held against the demo company, all roles, all addresses, every byte sent."""

import pytest

from tests.test_access import routes
from tests.trust import access_table, walking, world
from tests.trust.access_table import AS_READ, ROLES, Access

DEAR = {
    "freeze-sign"
}  # figures every department for an answer; tests/meetings/test_hostile_freezing.py has the rest
FEW = ("executive", "lead of Marketing", "partner")  # who asks for the piece of a page as well


def test_every_address_has_one_line_and_every_line_an_address():
    named = {route.name for route in routes()} - {"meeting-stream"}
    lines = {line for line in access_table.table() if not line.startswith("/")}
    assert (sorted(named - lines), sorted(lines - named)) == ([], [])


def test_roles_are_spelt_so_that_they_read_back():
    for line in access_table.table().values():
        for roles in (line.reads, line.heard, line.changes):
            assert access_table.read(access_table.spelt(roles)) == roles


@pytest.mark.parametrize("third", [0, 1, 2])
def test_what_is_read_is_read_by_the_roles_of_the_table_and_no_confidential_word_goes_elsewhere(
    demo_company, pages_at, third
):
    people = world.crew()
    values = world.things(people)
    askers = walking.askers(people)
    table, wrong, leaks, met = access_table.table(), {}, set(), set()
    for route, address in list(walking.addresses(values))[third::3]:
        readers = set()
        for role in ROLES:
            answer = askers[role].ask("get", address)
            if answer.status_code == 405:
                readers = None
                break
            allowed, seen = walking.is_allowed(answer), walking.sent(answer)
            if allowed:
                readers.add(role)
            if role in FEW:  # the piece of the page too
                piece = askers[role].ask("get", address, HX_Request="true")
                assert piece.status_code < 500 and (walking.is_allowed(piece) <= allowed), (route, role)
                seen += walking.sent(piece)
            for what, (mark, may_read) in world.MARKS.items():
                if mark.encode() in seen:
                    met.add(what)
                    if role not in may_read:
                        leaks.add((what, role, route))
        if readers != table[route].reads:
            wrong[route] = access_table.spelt(None if readers is None else frozenset(readers))
    assert (wrong, leaks) == ({}, set())
    assert len(met) > 2, "the words stand on pages"


@pytest.mark.parametrize("third", [0, 1, 2])
def test_a_form_is_heard_from_the_roles_of_the_table_and_changes_nothing_for_the_others(
    demo_company, pages_at, third
):
    people = world.crew()
    values = world.things(people)
    askers = walking.askers(people)
    table, wrong = access_table.table(), {}
    for route, address in list(walking.addresses(values))[third::3]:
        line = table[route]
        heard, changes = set(), set()
        asked = FEW if line.heard == AS_READ or route in DEAR else ROLES
        for role in asked:
            with walking.written() as tables:
                answer = askers[role].ask("post", address)
            if answer.status_code == 405:
                heard = None
                break
            if walking.is_allowed(answer):
                heard.add(role)
            if tables:
                changes.add(role)
        if line.heard == AS_READ and heard == line.reads & set(FEW):
            heard = AS_READ
        if route in DEAR and heard == line.heard & set(FEW):
            heard = line.heard
        found = Access(line.reads, None if heard is None else frozenset(heard), frozenset(changes))
        if found != line:
            wrong[route] = found.line(route)
    assert wrong == {}
