"""The effect of a recognition is read from certified figures, and repeated thanks propose a nomination, no more."""

import datetime as dt

import pytest
from django.utils import timezone

from actions import recognising
from actions.models import Recognition
from meetings import thanks
from metrics.models import Metric
from metrics.periods import Period
from reviewhub.people.models import Confidentiality
from tests import make
from tests.meetings.test_thanks import said
from tests.metrics.figures import dictionary_of_today, figures, year_of_sales

pytestmark = pytest.mark.django_db
NEW = "/recognitions/new/"


@pytest.fixture
def sales(people):
    """Certified sales up to October 2026: gross of September and October by hand."""
    for one in people.values():
        one.language = "en"
        one.save()
    dictionary_of_today()
    Metric.objects.update(confidentiality=Confidentiality.INTERNAL)
    year_of_sales(3)
    return people


def given(people, **fields):
    start = {
        "person": people["supply"].pk,
        "sentence": "Moved stock in a week",
        "metric": Metric.objects.get(code="SAL_GROSS").pk,
        "before_month": "2026-09",
        "after_month": "2026-10",
    }
    return start | fields


def gross(back: int) -> int:
    """As the figures are made: three places, two days, base sales falling by twenty a month backwards."""
    base = 1000 - 20 * back
    return sum(base * factor - 100 * place for factor in (1, 2) for place in range(3))


def test_before_and_after_are_the_certified_figures_of_two_months(sales, signed_in):
    client = signed_in(sales["marketing"])
    task = make.action("Move the stock", owner=sales["supply"], status="done", done_at=make.AT)
    answer = client.post(NEW, given(sales, action=task.pk, measure="typed", before="1", after="2"))
    assert answer.status_code == 302, answer.content.decode()
    row = Recognition.objects.get()
    assert (row.before, row.after) == (gross(1) * 10**6, gross(0) * 10**6)
    assert (row.metric.code, row.before_on, row.after_on) == (
        "SAL_GROSS",
        dt.date(2026, 9, 1),
        dt.date(2026, 10, 1),
    )
    assert row.action == task and "CNY" in row.measure
    page = client.get("/recognitions/").content.decode()
    assert "SAL_GROSS 2026-09 → 2026-10" in page and f'href="/actions/{task.pk}/"' in page
    recognising.decide(row, approve=True, by=sales["ceo"], at=timezone.now())
    assert "SAL_GROSS 2026-09 → 2026-10" in client.get("/joint-wins/").content.decode()


@pytest.mark.parametrize(
    ("fields", "said_"),
    [
        ({"after_month": "2026-12"}, "id_after_month_error"),
        ({"before_month": ""}, "Choose a month."),
        ({"before_month": "soon"}, "Write a month as 2026-10."),
        ({"before_month": "2026-10", "after_month": "2026-09"}, "This month comes before the other one."),
        ({"metric": ""}, "Say what was measured."),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_and_nothing_is_lost(sales, signed_in, fields, said_):
    answer = signed_in(sales["marketing"]).post(NEW, given(sales, **fields))
    assert answer.status_code == 422 and said_ in answer.content.decode()
    assert "Moved stock in a week" in answer.content.decode() and not Recognition.objects.exists()


def test_a_month_that_is_not_complete_is_not_compared(sales, signed_in):
    figures([("SAL_GROSS", "2026-11-03", 100, {"country": "Germany"})], period="2026-W45")
    answer = signed_in(sales["marketing"]).post(NEW, given(sales, after_month="2026-11"))
    assert answer.status_code == 422 and "id_after_month_error" in answer.content.decode()
    assert not Recognition.objects.exists()


def test_a_confidential_metric_and_a_confidential_task_are_no_choice(sales, signed_in):
    Metric.objects.filter(code="SAL_GROSS").update(confidentiality=Confidentiality.CONFIDENTIAL)
    secret = make.action("Secret", owner=sales["ceo"], status="done", done_at=make.AT, confidentiality=2)
    client = signed_in(sales["ceo"])
    answer = client.post(NEW, given(sales, action=secret.pk))
    assert answer.status_code in (404, 422) and not Recognition.objects.exists()


def test_who_was_thanked_twice_in_the_quarter_is_proposed_to_other_departments_until_nominated(
    sales, signed_in
):
    now = timezone.now()
    meeting = make.meeting(sales, scheduled_at=now + dt.timedelta(hours=1), at=now)
    said(meeting, sales["finance"], "Closed early", now, owner=sales["supply"])
    quarter = Period.containing(timezone.localdate(), "quarter")
    assert thanks.repeated(sales["sales"], quarter) == []
    said(meeting, sales["sales"], "Helped with stock", now, owner=sales["supply"])
    said(meeting, sales["supply"], "Me again", now, owner=sales["supply"])
    page = signed_in(sales["sales"]).get("/recognitions/").content.decode()
    assert "Closed early · Helped with stock" in page and "Me again" not in page
    assert f"/recognitions/new/?person={sales['supply'].pk}" in page
    assert "Closed early" not in signed_in(sales["supply"]).get("/recognitions/").content.decode()
    make.recognition(sales)
    Recognition.objects.update(nominated_at=now)
    assert "Closed early ·" not in signed_in(sales["sales"]).get("/recognitions/").content.decode()
