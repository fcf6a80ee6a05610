"""The dictionary and the reviews by API."""

import pytest
from django.db.models import Q

from metrics.models import Metric, MetricVersion
from reviewhub.people.models import Confidentiality
from tests import make
from tests.metrics.figures import dictionary_of_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def metrics(people):
    dictionary_of_today()
    Metric.objects.update(confidentiality=Confidentiality.INTERNAL)


def codes(answer):
    return [one["code"] for one in answer.said["items"]]


def test_every_metric_is_listed_once_over_all_pages(program, metrics):
    reader, seen, cursor = program("observer"), [], ""
    while cursor is not None:
        page = reader.get("/dictionary", limit=50, cursor=cursor)
        seen, cursor = seen + codes(page), page.said["next"]
    assert seen == sorted(Metric.objects.values_list("code", flat=True))


def test_it_is_searched_in_both_languages(program, metrics):
    reader = program("sales", "dictionary:read")
    assert "SAL_AOV" in codes(reader.get("/dictionary", search="客单价"))
    assert "SAL_AOV" in codes(reader.get("/dictionary", search="average order"))
    assert codes(reader.get("/dictionary", search="\0zzzz")) == []


def test_one_metric_says_what_it_means(program, metrics):
    said = program("sales").get("/dictionary/sal_aov").said
    assert (said["code"], said["version"], said["cells"]["code"]) == ("SAL_AOV", 1, "SAL_AOV")
    assert said["versions"][0]["effective_to"] is None and said["aliases"]
    assert program("sales").get("/dictionary/NOTHING").status_code == 404


def test_what_is_not_for_the_reader_is_not_there(program, machine, metrics):
    assert program("logistics").get("/dictionary/SAL_NET").status_code == 404
    tech = machine(make.department("TEC"), purposes=["dictionary:read"])
    assert tech.get("/dictionary/SAL_NET").status_code == 404
    own = Q(owner_dept__code="TEC") | Q(steward_dept__code="TEC")
    known = MetricVersion.objects.filter(own).values_list("metric__code", flat=True)
    assert codes(tech.get("/dictionary", limit=200)) == sorted(known)[:200] and known


def test_reviews_come_latest_first_with_what_was_handed_in(program, people, at):
    first = make.review()
    make.review("2026-11", meeting_at=first.meeting_at.replace(month=12))
    draft = make.submission()
    sales = program("sales", "reviews:read")
    assert codes(sales.get("/reviews")) == ["2026-11", "2026-10"]
    said = sales.get("/reviews/2026-10").said
    assert said["period"] == "2026-10" and [one["submission"] for one in said["data"]] == [draft.pk]
    assert program("marketing").get("/reviews/2026-10").said["data"] == []
    assert sales.get("/reviews/1999-01").status_code == 404
