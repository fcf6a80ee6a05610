"""Every bad input by every door: answered as the corpus says, at its place, in time, and never half in."""

import resource

import pytest
from django.db import connection

from tests.api import caller
from tests.metrics.corpus.lines import DOORS, TAKEN, NoDoor, require
from tests.metrics.corpus.stage import digest
from tests.metrics.corpus.table import LINES, PAGE, rendered
from tests.metrics.corpus.words import WORDS

ASKED = [
    pytest.param(line, door, id=f"{line.id}-{door}")
    for line in sorted(LINES, key=lambda line: line.stage)
    for door in DOORS
    if not isinstance(line.doors[door], NoDoor)
]


@pytest.mark.django_db
@pytest.mark.parametrize(("line", "door"), ASKED)
def test_it_is_answered_as_the_corpus_says_and_nothing_is_half_in(line, door, staged, record_property):
    stage = staged(line.stage)
    began = resource.getrusage(resource.RUSAGE_SELF)
    answer = line.ask(stage, door)
    ended = resource.getrusage(resource.RUSAGE_SELF)
    told = {"number": line.number, "name": line.name, "door": door, "database": connection.vendor}
    record_property("corpus", told | {"result": answer.in_words, "http": answer.number})
    require(line, door, answer)
    if line.doors[door].status not in TAKEN:
        assert digest() == stage.before
    assert ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime < line.seconds


def test_every_number_stands_in_the_corpus_and_every_line_has_its_own_name():
    assert list(WORDS) == [f"B{number:03}" for number in range(1, 95)]
    assert {line.number for line in LINES} == set(WORDS)
    assert len({line.id for line in LINES}) == len(LINES)


def test_every_line_says_what_it_is_at_each_door():
    for line in LINES:
        assert tuple(sorted(line.doors)) == tuple(sorted(DOORS)), line.id
        assert any(not isinstance(one, NoDoor) for one in line.doors.values()), line.id


@pytest.mark.django_db
def test_where_the_corpus_says_that_the_api_has_no_door_there_is_none(staged):
    """Definitions are read by programs, never written."""
    staged("definitions")
    paths = caller.document()["paths"]
    verbs = {verb for path, operations in paths.items() if "dictionary" in path for verb in operations}
    assert verbs <= {"get", "parameters"} and verbs


def test_the_page_is_the_corpus():
    assert PAGE.read_text("utf-8") == rendered(), "run: python -m tests.corpus_report --write"
