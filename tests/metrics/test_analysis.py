"""The analysis of a department: saved while it is written, refused without losing a word, read after the freeze."""

import datetime as dt

import pytest
from django.utils import translation

from metrics import analysis
from metrics.models import Analysis
from reviewhub.people.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "div#analysis-saved"}


@pytest.fixture(autouse=True)
def english(people):
    for person in people.values():
        person.language = "en"
        person.save()
    with translation.override("en"):
        yield


@pytest.fixture
def review(people):
    return make.review(meeting_at=make.AT + dt.timedelta(days=8))


def saved(review, by, number=0, at=make.AT, **fields):
    return analysis.save(review, make.department("SAL"), fields, number=number, by=by, at=at)


def test_what_is_written_is_kept_and_counted(people, review):
    row = saved(review, people["sales"], moved=" AOV fell\r\nBundles ", risks="\n")
    assert (row.moved, row.risks, row.number, row.written) == ("AOV fell\nBundles", "", 1, 1)
    assert saved(review, people["sales"], number=1, moved="AOV fell\nBundles").number == 1
    assert saved(review, make.user("analyst", "SAL"), number=1, moved="AOV fell").saved_by.username != "sales"


def test_who_is_behind_is_told_and_overwrites_nothing(people, review):
    saved(review, people["sales"], moved="Mine")
    with pytest.raises(analysis.CannotSave) as refusal:
        saved(review, make.user("analyst", "SAL"), moved="Theirs")
    assert refusal.value.is_stale and Analysis.objects.get().moved == "Mine"


def test_the_log_has_one_line_for_half_an_hour_of_writing(people, review):
    for number in range(3):
        saved(review, people["sales"], number, make.AT + dt.timedelta(minutes=number), moved=f"Text {number}")
    saved(review, people["sales"], 3, make.AT + dt.timedelta(hours=1), moved="Later")
    assert Activity.objects.filter(code="review.analysed").count() == 2


@pytest.mark.parametrize("name", ["marketing", "steward", "ceo", "logistics", "observer"])
def test_nobody_else_writes(people, review, name):
    with pytest.raises(analysis.CannotSave):
        saved(review, people[name], moved="x")


def test_frozen_or_too_long_is_refused(people, review):
    with pytest.raises(analysis.CannotSave):
        saved(review, people["sales"], moved="x" * 4001)
    review.state = "frozen"
    review.save()
    with pytest.raises(analysis.CannotSave):
        saved(review, people["sales"], moved="x")


def test_colleagues_read_it_from_the_freeze_on_partners_never(people, review):
    saved(review, people["sales"], moved="x")

    def readers():
        return {name for name, person in people.items() if Analysis.objects.visible_to(person).exists()}

    assert readers() == {"sales", "steward"}
    review.state = "frozen"
    review.save()
    assert readers() == set(people) - {"logistics"}


def test_the_page_saves_itself_and_without_script(people, signed_in, review):
    client, url = signed_in(people["sales"]), f"/submissions/sales/{review.code}/analysis"
    assert "It saves itself" in client.get(url).content.decode()
    answer = client.post(url, {"moved": "AOV fell", "number": "0"}, **HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200 and 'value="1"' in page and "<html" not in page and "Saved" in page
    assert client.post(url, {"moved": "AOV fell", "risks": "Freight", "number": "1"}).status_code == 302
    assert Analysis.objects.get().risks == "Freight"


def test_a_refused_save_keeps_every_word_and_shows_the_other_one(people, signed_in, review):
    saved(review, make.user("analyst", "SAL"), moved="Theirs")
    client, url = signed_in(people["sales"]), f"/submissions/sales/{review.code}/analysis"
    answer = client.post(url, {"moved": "Mine, two hours of it", "number": "0"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Mine, two hours of it" in page and "Theirs" in page
    assert client.post(url, {"moved": "Mine", "number": "1"}).status_code == 302
    for number in ("", "x", "9" * 50):
        assert client.post(url, {"moved": "New", "number": number}, **HTMX).status_code == 409
    assert client.post(url, {"moved": "x" * 4001, "number": "2"}, **HTMX).status_code == 422


def test_to_others_it_does_not_exist_until_it_may_be_read(people, signed_in, review):
    url = f"/submissions/sales/{review.code}/analysis"
    saved(review, people["sales"], moved="AOV fell")
    for name in ("marketing", "logistics", "ceo"):
        assert signed_in(people[name]).get(url).status_code == 404
        assert signed_in(people[name]).post(url, {"moved": "x"}).status_code == 404
    assert "AOV fell" in signed_in(people["steward"]).get(url).content.decode()
    review.state = "frozen"
    review.save()
    assert "AOV fell" in signed_in(people["ceo"]).get(url).content.decode()
    assert signed_in(people["logistics"]).get(url).status_code == 404
