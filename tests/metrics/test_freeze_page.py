"""The freeze page: who signs and what is missing, the chain of restatements, and the fingerprint on every page."""

import pytest
from django.template import Context, Template
from django.utils import translation

from metrics import cycles, fact_digests, freezing
from metrics.models import Metric, Sight, Snapshot
from reviewhub.notices import kinds
from reviewhub.notices.models import Occurrence
from reviewhub.people.models import Confidentiality
from tests import make
from tests.metrics.figures import dictionary_of_today, figures
from tests.metrics.test_freezing import MENDED, OCTOBER

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(people):
    dictionary_of_today()
    for person in people.values():
        person.language = "en"
        person.save()
    found = make.review()
    cycles.pin(found)
    figures(OCTOBER, zero=["SAL_DISC", "SAL_REF"])
    return found


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def url(review, more="") -> str:
    return f"/reviews/{review.code}/freeze/{more}"


def signed(client, review, side):
    fingerprint = freezing.standing(review).fingerprint
    return client.post(url(review, "sign"), {"side": side, "fingerprint": fingerprint})


def restated(review, people) -> Snapshot:
    freezing.restate(review, "A refund was booked twice", by=people["steward"], at=make.AT)
    figures(MENDED, number=2, zero=["SAL_DISC", "SAL_REF"])
    return make.freeze(review, people)


def test_two_people_sign_by_page_and_everybody_reads_under_which_fingerprint(people, signed_in, review):
    make.checked(review)
    page = text(signed_in(people["finance"]).get(url(review)))
    assert "Sign for Finance" in page and "Sign for Technology" not in page
    assert signed(signed_in(people["finance"]), review, "FIN").status_code == 302
    page = text(signed_in(people["ceo"]).get(url(review)))
    assert people["finance"].display_name in page and "has not signed yet" in page and "Sign for" not in page
    answer = signed(signed_in(people["tech"]), review, "TEC")
    assert answer["Location"] == url(review)
    snapshot = Snapshot.objects.get()
    page = text(signed_in(people["observer"]).get(url(review)))
    assert snapshot.fingerprint in page and people["tech"].display_name in page


def test_who_may_not_sign_is_refused_and_partners_find_nothing(people, signed_in, review):
    make.checked(review)
    assert signed(signed_in(people["sales"]), review, "FIN").status_code == 422
    assert signed(signed_in(people["finance"]), review, "TEC").status_code == 422
    assert signed(signed_in(people["logistics"]), review, "FIN").status_code == 404
    assert signed_in(people["logistics"]).get(url(review)).status_code == 404
    assert review.signatures.count() == 0


def test_what_stands_against_it_is_said_beside_the_button(people, signed_in, review):
    page = text(signed_in(people["finance"]).get(url(review)))
    assert "The checks have not looked at what stands handed in yet." in page
    assert 'disabled aria-disabled="true"' in page


def test_a_restatement_shows_old_and_new_with_the_reason_to_those_who_may_read_it(people, signed_in, review):
    first = make.freeze(review, people)
    assert signed_in(people["steward"]).post(url(review, "restate"), {"reason": ""}).status_code == 422
    second = restated(review, people)
    page = text(signed_in(people["ceo"]).get(url(review)))
    for said in ("A refund was booked twice", "100.10", "180.10", first.fingerprint, second.fingerprint):
        assert said in page, said
    Metric.objects.filter(code="SAL_NET").update(confidentiality=Confidentiality.CONFIDENTIAL)
    page = text(signed_in(people["observer"]).get(url(review)))
    assert "/metrics/SAL_NET/" not in page and "that you do not read" in page


def test_while_it_is_restated_pages_say_so_and_keep_the_old_fingerprint(people, signed_in, review):
    first = make.freeze(review, people)
    signed_in(people["steward"]).post(url(review, "restate"), {"reason": "One file more"})
    page = text(signed_in(people["ceo"]).get(url(review)))
    assert "These figures are being restated. One file more" in page and first.fingerprint in page


# --- The fingerprint on other pages -----------------------------------------------------------------------------


def drawn(**context) -> str:
    with translation.override("en"):
        return rendered(context)


def rendered(context) -> str:
    return " ".join(
        Template("{% load frozen %}{% fingerprint review snapshot %}").render(Context(context)).split()
    )


def test_the_fingerprint_is_short_with_the_whole_of_it_behind(people, review, django_assert_num_queries):
    assert "not frozen yet" in drawn(review=review, snapshot=None)
    assert drawn(review=None, snapshot=None) == ""
    row = make.freeze(review, people)
    review.refresh_from_db()
    with django_assert_num_queries(1):
        found = drawn(review=review, snapshot=None)
    assert f"#{row.short}</a>" in found and row.fingerprint in found and url(review) in found
    with django_assert_num_queries(0):
        assert drawn(review=review, snapshot=row) == found
    restated(review, people)
    assert "Restated" in drawn(review=review, snapshot=None)


# --- Late-change radar ------------------------------------------------------------------------------------------


def test_only_who_saw_the_old_figures_is_told_of_new_ones_in_one_message(people, signed_in, review):
    first = make.freeze(review, people)
    for name in ("ceo", "sales"):
        signed_in(people[name]).get(url(review))
    second = restated(review, people)
    occurrence = Occurrence.objects.get(kind=freezing.RESTATED)
    kind = kinds.find(freezing.RESTATED)
    assert {one.username for one in kind.recipients(occurrence)} == {"ceo", "sales"}
    with translation.override("en"):
        told = kind.render(occurrence, people["ceo"])
    assert told.title == "Restated after you read it: October 2026 review"
    assert told.lines[1:] == ("Why: A refund was booked twice", f"#{first.short} → #{second.short}")
    assert ("Net sales", "100.10 → 180.10") in [(one.title, one.note) for one in told.items]
    signed_in(people["sales"]).get(url(review))
    assert {one.username for one in kind.recipients(occurrence)} == {"ceo"}
    assert kind.recheck(occurrence, people["sales"], make.AT) == "seen"
    assert kind.recheck(occurrence, people["ceo"], make.AT) == ""
    assert Sight.objects.count() == 2


def test_what_is_confidential_does_not_travel(people, signed_in, review):
    make.freeze(review, people)
    signed_in(people["steward"]).get(url(review))
    Metric.objects.update(confidentiality=Confidentiality.CONFIDENTIAL)
    restated(review, people)
    told = kinds.find(freezing.RESTATED).render(Occurrence.objects.get(), people["steward"])
    assert told.items == ()


def test_while_facts_are_read_the_page_says_how_far_it_is_and_reads_none_itself(
    people, signed_in, review, monkeypatch
):
    monkeypatch.setattr(fact_digests, "AT_ONCE", 0)
    client = signed_in(people["finance"])
    make.checked(review)
    page = text(client.get(url(review)))
    assert "0 of 1 versions have their digest" in page and "Sign for Finance" not in page
    assert fact_digests.ahead() == 1
    page = text(client.get(url(review)))
    assert "have their digest" not in page and "Sign for Finance" in page
