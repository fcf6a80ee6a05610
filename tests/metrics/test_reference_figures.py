"""Every figure of the reference for the real files, from submit to reading: addressed by two committed tables.

reference_hand_ins.csv says which files are handed in together, for which period; reference_figures.csv says where each
figure of reference.json comes out of `manage.py reading`. A figure marked "differ" is a known wrong answer.
"""

import csv
import json
import shlex
from decimal import Decimal as D
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from metrics.models import Metric
from tests.metrics.figures import dictionary_of_today
from tests.metrics.uploads import REAL

HERE = Path(__file__).parent
DATA = REAL.parent
REFERENCE = DATA / "reference.json"
# What a reference rounded to two decimals (money) or to four (ratios, days) can still be compared with.
MONEY, RATIO = D("0.01"), D("0.0001")
FINE = ("%", "天", "分", "–")

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.slow,
    pytest.mark.skipif(
        not REFERENCE.is_file(), reason="the real files in ../shared/data are not on this machine"
    ),
]


def table(name: str) -> list[dict]:
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


FIGURES = table("reference_figures.csv")
HAND_INS = {row["hand_in"]: row for row in table("reference_hand_ins.csv")}
# Words of the reference that are no figures.
WORDS = {"definitions", "file", "synthetic", "_meta"}


def command(*arguments) -> dict:
    """The JSON document of a management command that succeeds."""
    out = StringIO()
    call_command(*arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def submitted(row: dict) -> dict:
    files = [str(DATA / name) for name in row["files"].split()]
    return command(
        "submit", *files, "--department", row["department"], "--period", row["period"], "--hand-in"
    )


@pytest.fixture(scope="module")
def documents(django_db_setup, django_db_blocker):
    """Every hand-in, once for this module and without naming a profile; taken away afterwards."""
    with django_db_blocker.unblock():
        holder = transaction.atomic()
        holder.__enter__()
        dictionary_of_today()
        yield {name: submitted(row) for name, row in HAND_INS.items()}
        transaction.set_rollback(True)
        holder.__exit__(None, None, None)


@pytest.fixture
def data(documents, db):
    return documents


@pytest.fixture(scope="module")
def reference() -> dict:
    return json.loads(REFERENCE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", HAND_INS)
def test_a_hand_in_finds_its_profile_and_goes_in_whole(data, name):
    document = data[name]
    assert document["profile"] == HAND_INS[name]["profile"]
    assert document["status"] in ("accepted", "warnings")
    assert {one["severity"] for one in document["findings"]} <= {"warning"}
    assert document["submission"] is not None


def at(document, path: str):
    for part in path.split("/"):
        document = document[part]
    return document


@pytest.mark.parametrize("name", HAND_INS)
def test_every_figure_comes_out_of_a_reading(data, reference, name):
    wrong = []
    for row in FIGURES:
        if row["hand_in"] != name:
            continue
        told = command("reading", row["metric"], *shlex.split(row["arguments"]))
        found, expected = at(told, row["answer"]), at(reference[name], row["key"])
        if is_near(found, expected, told["unit"]) != (row["must"] == "equal"):
            wrong.append(f"{row['key']}: {expected} expected, {row['metric']} is {found} ({told.get('why')})")
    assert not wrong, "\n".join(wrong)


def is_near(found: str | None, expected, unit: str) -> bool:
    if found is None or expected is None:
        return found is None and expected is None
    if isinstance(expected, int):
        return D(found) == expected
    is_money = unit not in FINE and len(str(expected).partition(".")[2]) <= 2
    return abs(D(found) - D(str(expected))) <= (MONEY if is_money else RATIO)


def figures_of(part, path=()) -> list[str]:
    """The paths of every figure below a part of the reference."""
    if isinstance(part, dict):
        return [
            one for key, inner in part.items() if key not in WORDS for one in figures_of(inner, (*path, key))
        ]
    return ["/".join(path)]


def test_no_figure_of_the_reference_is_left_out(reference):
    addressed = {(row["hand_in"], row["key"]) for row in FIGURES}
    known = {(name, key) for name, part in reference.items() if name not in WORDS for key in figures_of(part)}
    assert known - addressed == set()
    assert {
        row["key"].rsplit("/", 1)[-1].startswith("TRAP") for row in FIGURES if row["must"] == "differ"
    } == {True}


def test_every_file_is_handed_in():
    files = {
        path.relative_to(DATA).as_posix()
        for path in DATA.rglob("*")
        if path.suffix in (".csv", ".txt", ".xlsx")
    }
    assert files == {name for row in HAND_INS.values() for name in row["files"].split()}


def test_what_the_dictionary_cannot_say_is_defined_by_the_profile(data):
    brought = Metric.objects.filter(pack="profile").values_list("code", flat=True)
    assert {row["metric"] for row in FIGURES} <= set(brought)
