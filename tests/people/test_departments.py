"""Each department has a page: mission, duties, people, metrics, actions, latest data (P1, P2, F1)."""

import pytest

from reviewhub.people.models import Department
from tests import make

pytestmark = pytest.mark.django_db


def read(client, address, language="en"):
    answer = client.get(address, HTTP_ACCEPT_LANGUAGE=language)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_the_five_departments_and_logistics(people, signed_in):
    page = read(signed_in(people["observer"]), "/departments/")
    for name in ("Sales", "Marketing", "Supply chain", "Finance", "Technology/Product", "Logistics partner"):
        assert name in page


def test_the_list_says_who_holds_the_roles_of_the_review(people, signed_in):
    page = read(signed_in(people["observer"]), "/departments/")
    assert "Facilitator" in page and people["facilitator"].name_latin in page


@pytest.mark.parametrize("slug", ["sales", "marketing", "supply-chain", "finance", "technology", "logistics"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_page_shows_mission_and_duties_in_the_readers_language(people, signed_in, slug, language):
    department = Department.objects.get(slug=slug)
    suffix = "zh" if language == "zh-hans" else "en"
    page = read(signed_in(people["observer"]), f"/departments/{slug}/", language).replace("&#x27;", "'")
    assert getattr(department, f"mission_{suffix}") in page
    assert department.duties.count() >= 4
    for duty in department.duties.all():
        assert getattr(duty, f"text_{suffix}") in page


def test_a_page_shows_its_people_with_their_roles(people, signed_in):
    page = read(signed_in(people["observer"]), "/departments/sales/")
    assert people["sales"].name_latin in page and "Department lead" in page
    assert people["marketing"].name_latin not in page


def test_a_page_shows_open_actions_only(people, signed_in):
    make.action("Open matter", people["owner"])
    make.action("Finished matter", people["owner"], status="done", done_at=make.AT)
    page = read(signed_in(people["observer"]), "/departments/sales/")
    assert "Open matter" in page and "Finished matter" not in page


def test_drafts_are_shown_to_those_who_may_see_them(people, signed_in):
    make.submission("SAL", "2026-10")
    assert "Oct 2026" in read(signed_in(people["sales"]), "/departments/sales/")
    assert "Oct 2026" not in read(signed_in(people["marketing"]), "/departments/sales/")


def test_a_partner_finds_its_own_page_and_no_other(people, signed_in):
    client = signed_in(people["logistics"])
    page = read(client, "/departments/")
    assert "/departments/logistics/" in page and "/departments/sales/" not in page
    assert people["facilitator"].name_latin not in page
    assert client.get("/departments/logistics/").status_code == 200
    assert client.get("/departments/sales/").status_code == 404


def test_an_unknown_department_is_not_there(people, signed_in):
    assert signed_in(people["ceo"]).get("/departments/nowhere/").status_code == 404


def test_pages_need_the_same_queries_for_one_row_and_three(people, signed_in, queries):
    client = signed_in(people["observer"])
    counts = []
    for number in (1, 2):
        make.action(owner=make.user("owner", "SAL"))
        make.action(owner=make.user("analyst", "SAL"))
        make.submission("SAL", "2026-09", number=number, state="certified", certified_at=make.AT)
        listed, single = (
            queries(lambda: client.get("/departments/")),
            queries(lambda: client.get("/departments/sales/")),
        )
        counts.append((listed, single))
    assert counts[0] == counts[1]
