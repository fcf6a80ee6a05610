"""The pages of people's administration, from an installation with one account to a staffed company."""

import pytest

from reviewhub.people.models import Activity, Assignment, Role, User
from tests import make

pytestmark = pytest.mark.django_db
NEW = {
    "username": "chen",
    "name": "陈静",
    "name_latin": "Chen Jing",
    "email": "",
    "department": "",
    "language": "",
}


@pytest.fixture(autouse=True)
def in_english(people):
    User.objects.update(language="en")


@pytest.fixture
def admin(people, signed_in):
    return signed_in(people["admin"])


def text(answer) -> str:
    return answer.content.decode()


def test_the_first_account_staffs_the_company(signed_in, settings):
    settings.BASE_URL = "https://review.example.com"
    client = signed_in(User.objects.create_superuser("root", "root@x.example", "first-account-9"))
    assert 'href="/people/"' in text(client.get("/"))
    answer = client.post("/people/new/", NEW)
    chen = User.objects.get(username="chen")
    assert (answer.status_code, answer["Location"]) == (302, f"/people/{chen.pk}/")
    facilitator = Role.objects.get(code="facilitator").pk
    assert client.post(f"/people/{chen.pk}/roles/", {"role": facilitator}).status_code == 302
    page = client.post(f"/people/{chen.pk}/invitation")
    link = text(page).partition('id="made-link">')[2].partition("<")[0]
    assert link.startswith("https://review.example.com/join/")
    assert "no-store" in page["Cache-Control"]
    assert link not in text(client.get(f"/people/{chen.pk}/"))
    client.logout()
    path = link.removeprefix("https://review.example.com")
    assert client.post(path, {"password": "a kettle of fish"}).status_code == 302
    assert client.get("/reviews/new/").status_code == 200
    client.logout()
    assert (
        client.post("/accounts/login/", {"login": "chen", "password": "a kettle of fish"}).status_code == 302
    )
    assert client.get("/reviews/new/").status_code == 200


@pytest.mark.parametrize(
    ("asked", "found"), [("陈静", 1), ("cj", 1), ("chenjing", 1), ("CHEN", 1), ("nobody", 0)]
)
def test_people_are_found_by_name_pinyin_and_initials(admin, asked, found):
    User.objects.create(username="c1", name="陈静")
    assert (">陈静</a>" in text(admin.get("/people/", {"q": asked}))) is bool(found)


def test_the_list_is_narrowed_by_department_and_role(admin, people):
    page = text(admin.get("/people/", {"department": "sales", "role": "lead"}))
    assert people["sales"].display_name in page and people["owner"].display_name not in page
    assert text(admin.get("/people/", {"role": "no\0such"})).count("<td") == 0


def test_closed_accounts_are_listed_apart(admin, people):
    assert "Closed accounts" not in text(admin.get("/people/"))
    admin.post(f"/people/{people['sales'].pk}/account")
    active, closed = text(admin.get("/people/")).split("Closed accounts", 1)
    name = people["sales"].display_name
    assert f">{name}<" not in active and f">{name}<" in closed
    admin.post(f"/people/{people['sales'].pk}/account", {"open": "1"})
    assert User.objects.get(username="sales").is_active


def test_a_refused_person_comes_back_with_everything_typed(admin):
    answer = admin.post("/people/new/", NEW | {"username": "Sales", "name": "陈静"})
    assert answer.status_code == 422
    assert "Somebody else has this user name." in text(answer) and 'value="陈静"' in text(answer)


def test_the_forms_take_no_other_field(admin, people):
    given = {"name": "王军", "is_superuser": "1", "username": "root", "is_active": "", "password": "x"}
    assert admin.post(f"/people/{people['sales'].pk}/", given).status_code == 302
    kept = User.objects.get(pk=people["sales"].pk)
    assert (kept.name, kept.username, kept.is_superuser, kept.is_active) == ("王军", "sales", False, True)


def test_the_last_administrator_stays_and_is_told_why(admin, people):
    held = people["admin"].assignments.get()
    answer = admin.post(f"/people/{people['admin'].pk}/roles/{held.pk}/end")
    assert answer.status_code == 422 and "last administrator" in text(answer)
    assert Assignment.objects.get(pk=held.pk).ended_at is None
    assert 'aria-disabled="true"' in text(admin.get(f"/people/{people['admin'].pk}/"))


def test_a_role_of_somebody_else_is_not_found_under_this_person(admin, people):
    held = people["scribe"].assignments.get()
    assert admin.post(f"/people/{people['sales'].pk}/roles/{held.pk}/end").status_code == 404


def test_a_colleague_is_told_who_may_and_a_stranger_finds_nothing(people, signed_in):
    client = signed_in(people["ceo"])
    for address in ("/people/", "/people/new/", f"/people/{people['sales'].pk}/"):
        answer = client.get(address)
        assert answer.status_code == 403 and "Only an administrator manages people." in text(answer)
    assert 'href="/people/"' not in text(client.get("/"))
    client = signed_in(people["logistics"])
    for address in ("/people/", "/people/new/", f"/people/{people['sales'].pk}/"):
        assert client.get(address).status_code == 404


def test_the_log_says_in_both_languages_who_got_which_role(admin, people):
    lead = Role.objects.get(code="lead").pk
    marketing = make.department("MKT").pk
    admin.post(f"/people/{people['sales'].pk}/roles/", {"role": lead, "department": marketing})
    assert Activity.objects.get(code="person.role_given").after == {"department": "MKT"}
    page = text(admin.get("/activity/", {"what": "person"}))
    assert f"gave {people['sales'].display_name} the role Department lead" in page
    User.objects.update(language="zh-hans")
    page = text(admin.get("/activity/"))
    assert "“部门负责人”角色" in page


def test_the_list_asks_the_database_no_more_for_more_people(admin, people, queries):
    few = queries(lambda: admin.get("/people/"))
    for _number in range(10):
        make.user("lead", "SAL")
    assert queries(lambda: admin.get("/people/")) == few
