"""The activity log is told in the reader's language: who, what, when, before and after."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import translation

from reviewhub.people import activity, activity_text
from reviewhub.people.models import Activity, Confidentiality
from tests import make

pytestmark = pytest.mark.django_db
CERTIFIED = {"department": "SAL", "profile": "sales", "start": "2026-10-01", "end": "2026-11-01", "number": 2}


def record(code="submission.certified", subject=None, **fields):
    subject = subject or make.department("SAL")
    fields = {"by": None, "at": make.AT, "params": CERTIFIED} | fields
    return activity.record(code, subject, **fields)


def told(line, language):
    with translation.override(language):
        return activity_text.sentence(line, activity_text.names_in([line]))


def test_a_line_is_told_in_both_languages_from_the_same_row(people):
    line = record()
    assert told(line, "en") == "certified data: Sales, Oct 2026, version 2"
    assert "销售部" in told(line, "zh-hans") and "2026年10月" in told(line, "zh-hans")


def test_a_code_without_words_is_shown_with_its_parameters(people):
    line = record("catalogue.something_new", params={"number": 3, "department": "FIN"})
    assert told(line, "en") == "catalogue · something new (number: 3, department: Finance)"


def test_a_parameter_that_was_never_recorded_is_a_dash(people):
    assert told(record(params={}), "en") == "certified data: –, –, version –"


def test_before_and_after_name_only_what_changed(people):
    line = record(
        before={"status": "todo", "due_on": "2026-12-05", "owner": "li"},
        after={"status": "done", "due_on": None, "owner": "li"},
    )
    with translation.override("en"):
        changes = activity_text.changes(line, activity_text.names_in([line]))
    assert [(each.field, each.before, each.after) for each in changes] == [
        ("Status", "Not started", "Done"),
        ("Due", "Sat 5 Dec 2026", "–"),
    ]


def test_a_new_thing_has_no_before_and_its_owner_a_name(people):
    line = record("action.raised", params={"title": "x"}, after={"owner": "sales", "due_on": None})
    with translation.override("en"):
        (owner,) = activity_text.changes(line, activity_text.names_in([line]))
    assert (owner.field, owner.before, owner.after) == ("Owner", None, people["sales"].name_latin)


def test_every_code_that_is_recorded_has_words():
    root = Path(__file__).parents[2]
    recorded = set()
    for app in ("reviewhub", "metrics", "meetings", "actions", "okr"):
        for path in (root / app).rglob("*.py"):
            recorded |= set(re.findall(r'record\(\s*"([a-z]+\.[a-z_]+)"', path.read_text(encoding="utf-8")))
    assert recorded - set(activity_text.SENTENCES) == set()
    assert {code.partition(".")[0] for code in activity_text.SENTENCES} == set(activity_text.KINDS)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "yes"),
        (0, "0"),
        ("", "–"),
        (["SAL", 2], "Sales, 2"),
        ("2026-13-01", "2026-13-01"),
        ({"a": 1}, "{'a': 1}"),
    ],
)
def test_any_recorded_value_is_readable(people, value, shown):
    with translation.override("en"):
        assert activity_text.worded(value, activity_text.names_in([])) == shown


def read(client, query=""):
    answer = client.get(f"/activity/{query}", HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 200
    return answer.content.decode()


def test_filters_by_person_kind_and_days(people, signed_in):
    record("action.raised", by=people["sales"], params={"title": "First matter"})
    record(
        "action.raised",
        by=people["finance"],
        params={"title": "Second matter"},
        at=make.AT - dt.timedelta(days=3),
    )
    record(by=people["steward"])
    client = signed_in(people["ceo"])
    assert all(text in read(client) for text in ("First matter", "Second matter", "certified data"))
    mine = read(client, f"?who={people['sales'].pk}")
    assert "First matter" in mine and "Second matter" not in mine
    assert "First matter" not in read(client, "?what=submission")
    old = read(client, "?until=2026-11-19")
    assert "Second matter" in old and "First matter" not in old
    new = read(client, "?since=2026-11-22")
    assert "First matter" in new and "Second matter" not in new


def test_days_are_those_of_the_reader(people, signed_in):
    people["ceo"].time_zone = "Asia/Shanghai"
    people["ceo"].save()
    record(
        "action.raised", params={"title": "Late evening"}, at=dt.datetime(2026, 11, 20, 17, 0, tzinfo=dt.UTC)
    )
    client = signed_in(people["ceo"])
    assert "Late evening" in read(client, "?since=2026-11-21&until=2026-11-21")  # 01:00 in Shanghai
    assert "Late evening" not in read(client, "?until=2026-11-20")


@pytest.mark.parametrize(
    "query", ["?since=yesterday", "?who=x", "?who=999999", "?what=%27--", "?page=99", "?page=x"]
)
def test_a_filter_that_cannot_be_read_is_no_error(people, signed_in, query):
    record()
    read(signed_in(people["ceo"]), query)


def test_a_reader_finds_own_and_department_lines_only(people, signed_in):
    record("action.raised", params={"title": "Sales matter"}, department=make.department("SAL"))
    record("action.raised", params={"title": "Finance matter"}, department=make.department("FIN"))
    page = read(signed_in(people["sales"]))
    assert "Sales matter" in page and "Finance matter" not in page
    assert "Sales matter" not in read(signed_in(people["logistics"]))


def test_secret_lines_are_not_even_for_those_who_read_all(people, signed_in):
    record("action.raised", params={"title": "Secret matter"}, confidentiality=Confidentiality.SECRET)
    assert "Secret matter" not in read(signed_in(people["admin"]))


def test_long_logs_come_in_pages_and_keep_their_filter(people, signed_in):
    for number in range(51):
        record(
            "action.raised", params={"title": f"matter {number}"}, at=make.AT + dt.timedelta(minutes=number)
        )
    client = signed_in(people["ceo"])
    first, second = read(client, "?what=action"), read(client, "?what=action&page=2")
    assert "matter 50" in first and "“matter 0”" not in first and "what=action&amp;page=2" in first
    assert "“matter 0”" in second


def test_the_page_needs_the_same_queries_for_one_line_and_three(people, signed_in, queries):
    client = signed_in(people["ceo"])
    counts = []
    for number in (1, 3):
        while Activity.objects.count() < number:
            record(by=make.user("lead", "FIN"), department=make.department("FIN"))
        counts.append(queries(lambda: client.get("/activity/")))
    assert counts[0] == counts[1]


def test_the_part_equals_the_page_and_words_are_escaped(people, signed_in):
    record("action.raised", params={"title": "<script>alert(1)</script>"})
    client = signed_in(people["ceo"])
    part = client.get("/activity/", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="section#lines").content.decode()
    assert part.startswith('<section id="lines"') and "<script>alert" not in part
