"""One sentence for each exception: what asks for one, who writes it, and that nothing is handed in before."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from metrics import exceptions, submission
from metrics.intake.findings import WARNINGS
from metrics.models import Explanation, Submission
from reviewhub.people.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
SENTENCE = "A supplier sent twice; we asked for a new file"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def warning(code="DUPLICATE", header="Order", row=7, severity="warning"):
    params = {"first": 3}
    known = {"code": code, "header": header, "row": row, "column": "B", "severity": severity}
    return known | {"sheet": "", "value": "x", "params": params}


def draft(*findings, **fields):
    given = {"findings": list(findings), "findings_total": len(findings)}
    return make.submission("SAL", **(given | fields))


def keys(row):
    return [one.key for one in exceptions.of(row)]


def year_of(value=100, months=8):
    """Certified months before October 2026, SAL_GROSS a little above and below `value`."""
    for number in range(months):
        totals = {"SAL_GROSS": str(value + (-1) ** number * number), "SAL_UNITS": "5"}
        make.submission(
            "SAL", period=f"2026-{9 - number:02}", state="certified", certified_at=make.AT, totals=totals
        )


def test_each_kind_of_warning_asks_for_one_sentence_however_often_it_comes():
    row = draft(
        warning(), warning(row=9), warning(header="Country"), warning("OTHER"), warning(severity="error")
    )
    assert keys(row) == ["DUPLICATE:Order", "DUPLICATE:Country", "OTHER:Order"]
    assert [one.count for one in exceptions.of(row)] == [2, 1, 1]


def test_how_the_file_was_read_asks_for_none_and_every_such_code_exists():
    assert exceptions.ABOUT_READING < WARNINGS
    assert keys(draft(*(warning(code) for code in sorted(exceptions.ABOUT_READING)))) == []


def test_a_total_outside_its_own_history_asks_for_one_too():
    year_of(100)
    assert keys(draft(totals={"SAL_GROSS": "109", "SAL_UNITS": "5"})) == []
    (one,) = exceptions.of(draft(totals={"SAL_GROSS": "150", "SAL_UNITS": "5"}, number=2))
    assert (one.key, one.value, one.usual) == ("total:SAL_GROSS", 150, Decimal("99.5"))
    assert round(one.share, 4) == Decimal("0.5075")


def test_only_certified_months_before_it_of_the_same_kind_are_its_history(people):
    year_of(100, months=5)
    make.submission("SAL", period="2026-03", totals={"SAL_GROSS": "100"})
    make.submission(
        "SAL", period="2026-W10", state="certified", certified_at=make.AT, totals={"SAL_GROSS": "25"}
    )
    make.submission(
        "SAL", period="2026-11", state="certified", certified_at=make.AT, totals={"SAL_GROSS": "101"}
    )
    assert keys(draft(totals={"SAL_GROSS": "150"})) == []


def test_nothing_is_handed_in_by_page_before_every_exception_has_its_sentence(people, at):
    row = draft(warning(), warning("OTHER"))
    with pytest.raises(submission.CannotHandIn) as refusal:
        submission.hand_in(row, by=people["sales"], at=at, wants_sentences=True)
    assert refusal.value.problems == ["2 exceptions need a sentence each."]
    exceptions.explain(row, {"DUPLICATE:Order": SENTENCE}, by=people["sales"], at=at)
    assert submission.hand_in_problems(row, by=people["sales"], wants_sentences=True) == [
        "1 exception needs a sentence."
    ]
    exceptions.explain(row, {"OTHER:Order": SENTENCE}, by=make.user("analyst", "SAL"), at=at)
    assert submission.hand_in(row, by=people["sales"], at=at, wants_sentences=True).state == "handed_in"


def test_what_came_by_command_is_explained_until_it_is_decided_on(people, at):
    row = submission.hand_in(draft(warning()), by=None, at=at)
    assert len(exceptions.unexplained(row)) == 1
    assert exceptions.explain(row, {"DUPLICATE:Order": SENTENCE}, by=people["sales"], at=at) == 1
    Submission.objects.update(state="certified", certified_at=at)
    row.refresh_from_db()
    with pytest.raises(exceptions.CannotExplain):
        exceptions.explain(row, {"DUPLICATE:Order": SENTENCE + "."}, by=people["sales"], at=at)


def test_the_next_version_inherits_the_sentence_and_may_change_it(people, at):
    first = draft(warning())
    exceptions.explain(first, {"DUPLICATE:Order": SENTENCE}, by=people["sales"], at=at)
    second = draft(warning(), number=2)
    assert [one.sentence for one in exceptions.of(second)] == [SENTENCE]
    exceptions.explain(second, {"DUPLICATE:Order": SENTENCE + " today"}, by=people["sales"], at=at)
    assert exceptions.of(second)[0].sentence == SENTENCE + " today"
    assert exceptions.of(first)[0].sentence == SENTENCE
    other = draft(warning(), period="2026-09")
    assert len(exceptions.unexplained(other)) == 1


def test_the_same_sentence_again_changes_nothing(people, at):
    row = draft(warning())
    typed = {"DUPLICATE:Order": f"  {SENTENCE}\n", "UNKNOWN": SENTENCE, "": ""}
    assert exceptions.explain(row, typed, by=people["sales"], at=at) == 1
    assert exceptions.explain(row, typed, by=people["sales"], at=at + dt.timedelta(hours=1)) == 0
    assert (
        Explanation.objects.get().written_at,
        Activity.objects.filter(code="submission.explained").count(),
    ) == (
        at,
        1,
    )


@pytest.mark.parametrize("text", ["ok", "x" * 301])
def test_too_short_or_too_long_keeps_none_of_them(people, at, text):
    row = draft(warning(), warning("OTHER"))
    with pytest.raises(exceptions.CannotExplain):
        exceptions.explain(row, {"DUPLICATE:Order": SENTENCE, "OTHER:Order": text}, by=people["sales"], at=at)
    assert not Explanation.objects.exists()


@pytest.mark.parametrize("name", ["marketing", "steward", "ceo", "admin", "logistics", "observer"])
def test_nobody_else_explains(people, at, name):
    with pytest.raises(exceptions.CannotExplain):
        exceptions.explain(draft(warning()), {"DUPLICATE:Order": SENTENCE}, by=people[name], at=at)


# --- The page -----------------------------------------------------------------------------------------------


def test_by_page_sentences_are_kept_refused_and_shown_to_the_data_owner(people, signed_in, at):
    for name in ("sales", "steward"):
        people[name].language = "en"
        people[name].save()
    row, url = draft(warning(), warning("OTHER")), "/submissions/{}/"
    client = signed_in(people["sales"])
    page = client.get(url.format(row.pk)).content.decode()
    assert "2 exceptions need a sentence each." in page and "0 of 2 explained" in page
    form = {"key": ["DUPLICATE:Order", "OTHER:Order"], "sentence": [SENTENCE, "no"]}
    answer = client.post(url.format(row.pk) + "explain", form)
    assert (
        answer.status_code == 422 and SENTENCE in answer.content.decode() and not Explanation.objects.exists()
    )
    assert client.post(url.format(row.pk) + "hand-in", {"accept": "yes"}).status_code == 409
    form["sentence"][1] = "Known and harmless; nothing to do"
    assert client.post(url.format(row.pk) + "explain", form).status_code == 302
    assert client.post(url.format(row.pk) + "hand-in", {"accept": "yes"}).status_code == 302
    assert signed_in(people["marketing"]).post(url.format(row.pk) + "explain", form).status_code == 404
    assert SENTENCE in signed_in(people["steward"]).get(url.format(row.pk)).content.decode()
