"""Language, time zone and theme: a person's own, kept, and never a way to another site."""

import pytest
from django.conf import settings

from reviewhub.people import profile
from reviewhub.people.models import Company, User
from tests import make

pytestmark = pytest.mark.django_db
COOKIE = settings.LANGUAGE_COOKIE_NAME
CHOICES = {"language": "en", "time_zone": "Europe/Berlin", "theme": "dark", "colours": "C"}


def test_a_person_keeps_language_zone_and_theme(people):
    profile.choose(people["sales"], **CHOICES)
    kept = User.objects.get(pk=people["sales"].pk)
    assert (kept.language, kept.time_zone, kept.theme, kept.colours) == ("en", "Europe/Berlin", "dark", "C")


@pytest.mark.parametrize(
    ("field", "value"),
    [("language", "fr"), ("time_zone", "Mars/Base"), ("theme", "pink"), ("colours", "E")],
)
def test_a_choice_that_is_not_on_offer_keeps_nothing(people, field, value):
    with pytest.raises(profile.CannotChoose) as refusal:
        profile.choose(people["sales"], **CHOICES | {field: value})
    assert list(refusal.value.problems) == [field]
    assert User.objects.get(pk=people["sales"].pk).time_zone == ""


def test_the_page_saves_and_comes_back_in_the_new_language(people, signed_in):
    client = signed_in(people["sales"])
    answer = client.post("/profile/", CHOICES)
    assert (answer.status_code, answer["Location"], answer.cookies[COOKIE].value) == (302, "/profile/", "en")
    page = client.get("/profile/")
    assert page["Content-Language"] == "en" and 'value="Europe/Berlin"' in page.content.decode()


def test_the_page_says_beside_the_field_what_is_wrong(people, signed_in):
    answer = signed_in(people["sales"]).post("/profile/", CHOICES | {"time_zone": "Mars/Base"})
    assert answer.status_code == 422
    assert "time_zone_error" in answer.content.decode() and "Mars/Base" in answer.content.decode()


def test_the_page_takes_no_other_field(people, signed_in):
    signed_in(people["sales"]).post(
        "/profile/", CHOICES | {"is_superuser": "1", "username": "root", "department": "1"}
    )
    kept = User.objects.get(pk=people["sales"].pk)
    assert not kept.is_superuser and kept.username == "sales" and kept.department.code == "SAL"


def test_before_sign_in_the_language_lives_in_a_cookie(client, db):
    answer = client.post("/language", {"language": "en", "next": "/accounts/login/"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    assert answer.cookies[COOKIE]["httponly"] and answer.cookies[COOKIE]["samesite"] == "Lax"
    assert client.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="zh")["Content-Language"] == "en"


def test_the_language_switch_is_kept_with_the_person(people, signed_in):
    signed_in(people["sales"]).post("/language", {"language": "en", "next": "/actions/"})
    assert User.objects.get(pk=people["sales"].pk).language == "en"


def test_back_to_the_browsers_language_forgets_the_cookie(people, signed_in):
    client = signed_in(people["sales"])
    client.post("/language", {"language": "en"})
    answer = client.post("/language", {"language": ""})
    assert answer.cookies[COOKIE].value == "" and answer.cookies[COOKIE]["max-age"] == 0
    assert User.objects.get(pk=people["sales"].pk).language == ""


@pytest.mark.parametrize(
    "asked", ["//evil.example", "/\\evil.example", "https:evil.example", "/\t/evil.example"]
)
def test_switches_never_lead_to_another_site(people, signed_in, asked):
    client = signed_in(people["sales"])
    assert client.post("/language", {"language": "en", "next": asked})["Location"] == "/"
    assert client.post("/theme", {"theme": "dark", "next": asked})["Location"] == "/"


def test_an_unknown_language_is_refused_as_input(client, db):
    assert client.post("/language", {"language": "xx"}).status_code == 422
    assert client.get("/language").status_code == 405


def test_the_theme_switch_answers_a_script_without_a_page(people, signed_in):
    client = signed_in(people["sales"])
    assert client.post("/theme", {"theme": "dark"}).status_code == 204
    assert User.objects.get(pk=people["sales"].pk).theme == "dark"
    assert client.post("/theme", {"theme": "pink"}).status_code == 422


def test_every_zone_stands_in_the_list_of_the_page(people, signed_in):
    page = signed_in(make.user("lead", "SAL", language="zh-hans")).get("/profile/").content.decode()
    assert page.count("<option value=") > 400 and "UTC+08:00 · 中国（上海）时间" in page


@pytest.mark.parametrize(
    ("own", "of_company", "shown"), [("", "A", "A"), ("", "B", "B"), ("D", "B", "D"), ("A", "C", "A")]
)
def test_colours_mean_what_the_person_chose_else_the_company(people, signed_in, own, of_company, shown):
    Company.objects.update(colours=of_company)
    profile.choose(people["sales"], colours=own)
    page = signed_in(people["sales"]).get("/profile/").content.decode()
    assert f'data-colours="{shown}"' in page.split("<head>")[0]
    assert f'name="colours" value="{own}" checked' in page


def test_before_sign_in_colours_are_the_company_s(client, db):
    make.company()
    Company.objects.update(colours="C")
    assert 'data-colours="C"' in client.get("/accounts/login/").content.decode().split("<head>")[0]
