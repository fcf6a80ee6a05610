"""The checks page: who sees which department's figures, what fails and where, and letting a check through."""

import pytest

from metrics.checks import runs
from metrics.models import CheckRun, CheckWaiver, Review
from reviewhub.people.models import Activity, User
from tests import make
from tests.make import AT
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
WEB = {"platform": "web", "country": "Germany"}
ADDRESS = "/reviews/2026-10/checks/"


@pytest.fixture
def review(people):
    User.objects.update(language="en", time_zone="Asia/Shanghai")
    dictionary_of_today()
    review = make.review()
    figures([("SAL_ORD", "2026-10-03", 7, WEB), ("SAL_UNITS", "2026-10-03", 5, WEB)], state="handed_in")
    return review


@pytest.fixture
def checked(review):
    runs.run(runs.ask(review, at=AT).pk, at=AT)
    return review


@pytest.fixture
def enter(people, signed_in):
    return lambda name: signed_in(User.objects.get(username=name))


def text(answer) -> str:
    return answer.content.decode()


def test_before_the_first_run_it_says_so_and_looks_again(review, enter):
    page = text(enter("sales").get(ADDRESS))
    assert "Not checked yet; it starts within a minute." in page and 'hx-trigger="every 2s"' in page


def test_what_fails_stands_first_with_its_place_and_both_sides(checked, enter):
    page = text(enter("sales").get(ADDRESS))
    assert "Units below orders" in page and "SAL_UNITS &gt;= SAL_ORD" in page
    assert "2026-10-03 · platform Own store" in page
    assert '<td class="num">5</td><td class="num">7</td>' in page
    assert "hx-trigger" not in page


def test_the_chinese_reader_reads_chinese(checked, enter):
    User.objects.update(language="zh-hans")
    page = text(enter("sales").get(ADDRESS))
    assert "件数小于订单数" in page and "无法检查" in page and "Units below" not in page


@pytest.mark.parametrize(
    ("who", "department", "status"),
    [
        ("sales", "", 200),
        ("sales", "SAL", 200),
        ("sales", "FIN", 404),
        ("steward", "FIN", 200),
        ("steward", "XYZ", 404),
        ("steward", "%00", 200),
        ("logistics", "LOG", 200),
        ("logistics", "SAL", 404),
        ("owner", "", 404),
        ("observer", "", 404),
    ],
)
def test_drafts_are_seen_by_their_department_and_the_data_owner(checked, enter, who, department, status):
    assert enter(who).get(f"{ADDRESS}?department={department}").status_code == status


def test_a_review_that_is_not_there_is_not_found(checked, enter):
    client = enter("steward")
    assert client.get("/reviews/2020-01/checks/").status_code == 404
    assert client.post("/reviews/2020-01/checks/run").status_code == 404


def test_the_data_owner_lets_a_check_through_for_this_period(checked, enter):
    client = enter("steward")
    client.post(f"{ADDRESS}waive", {"check": "ID10", "reason": " Bundles count once. ", "department": "SAL"})
    row = CheckWaiver.objects.get()
    assert (row.code, row.reason, row.waived_by.username, row.review) == (
        "ID10", "Bundles count once.", "steward", checked,
    )  # fmt: skip
    page = text(client.get(ADDRESS))
    assert "Waived for this period by" in page and "Bundles count once." in page
    assert Activity.objects.get(code="check.waived").params["check"] == "ID10"
    client.post(f"{ADDRESS}waiver/end", {"check": "ID10", "department": "SAL"})
    assert not CheckWaiver.objects.exists()


@pytest.mark.parametrize(
    ("who", "check", "reason", "words"),
    [
        ("sales", "ID10", "Please", "Only the data owner waives a check."),
        ("steward", "ID10", "  ", "Say in a sentence why it may pass."),
        ("steward", "ID10", "x" * 301, "The reason may have 300 characters."),
    ],
)
def test_a_refused_waiver_says_why_and_keeps_what_was_typed(checked, enter, who, check, reason, words):
    answer = enter(who).post(f"{ADDRESS}waive", {"check": check, "reason": reason, "department": "SAL"})
    assert answer.status_code == 422 and not CheckWaiver.objects.exists()
    if who == "steward":
        assert words in text(answer) and f'value="{reason}"' in text(answer)


def test_what_does_not_fail_or_is_frozen_is_not_waived(checked, enter):
    client = enter("steward")
    given = {"reason": "Because", "department": "SAL"}
    assert client.post(f"{ADDRESS}waive", given | {"check": "ID01"}).status_code == 422
    Review.objects.update(state="frozen")
    assert client.post(f"{ADDRESS}waive", given | {"check": "ID10"}).status_code == 422
    assert not CheckWaiver.objects.exists()


def test_asking_now_makes_one_run(review, enter):
    client = enter("sales")
    for _press in range(2):
        assert client.post(f"{ADDRESS}run", {"department": "SAL"}).status_code == 302
    assert CheckRun.objects.count() == 1


def test_many_failing_checks_take_no_more_queries(checked, enter, queries):
    client = enter("steward")
    few = queries(lambda: client.get(ADDRESS))
    run = CheckRun.objects.get()
    run.results = run.results * 3
    run.save()
    assert queries(lambda: client.get(ADDRESS)) == few
