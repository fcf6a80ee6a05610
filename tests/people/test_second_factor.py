"""The second factor: codes that work once, who must have one, and the way back for who lost it (B119)."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from reviewhub.people import second_factor
from reviewhub.people.models import Activity, Company, User
from tests import make

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "a kettle of fish and chips"


def code(at, step=0) -> str:
    """What the app shows at that moment, or so many half minutes later."""
    return format_hotp_value(hotp_value(SECRET, int(at.timestamp()) // 30 + step))


@pytest.fixture
def sales(people):
    person = people["sales"]
    person.set_password(PASSWORD)
    person.language = "en"
    person.save()
    return person


@pytest.fixture
def app(sales):
    return TOTP.activate(sales, SECRET).instance


def now(step=0) -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + step))


def password(client, login="sales"):
    return client.post("/accounts/login/", {"login": login, "password": PASSWORD})


def enter_code(client, given):
    return client.post("/accounts/2fa/authenticate/", {"code": given})


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


# --- Codes --------------------------------------------------------------------------------------------------


def test_a_code_is_good_for_its_half_minute_and_the_ones_beside_it(sales, app, at):
    for step, is_good in ((-2, False), (2, False), (-10, False), (-1, True), (0, True), (1, True)):
        assert bool(second_factor.accept(sales, code(at, step), at=at)) is is_good, step


def test_a_code_works_once_and_those_before_it_no_more(sales, app, at):
    assert second_factor.accept(sales, code(at), at=at)
    assert not second_factor.accept(sales, code(at), at=at)
    assert not second_factor.accept(sales, code(at, -1), at=at)
    assert second_factor.accept(sales, code(at, 1), at=at)
    assert not second_factor.accept(sales, code(at, 1), at=at)


def test_a_code_may_be_typed_with_a_space(sales, app, at):
    digits = code(at)
    assert second_factor.accept(sales, f" {digits[:3]} {digits[3:]}", at=at)


def test_a_recovery_code_works_once(sales, app, at):
    codes = RecoveryCodes.activate(sales).get_unused_codes()
    assert len(codes) == 10
    assert second_factor.accept(sales, codes[3], at=at)
    assert not second_factor.accept(sales, codes[3], at=at)
    assert second_factor.accept(sales, codes[4], at=at)


def test_no_secret_stands_in_the_database_as_it_is(sales, app):
    codes = RecoveryCodes.activate(sales)
    kept = str(list(Authenticator.objects.values()))
    assert SECRET not in kept
    assert not any(one in kept for one in codes.get_unused_codes())


# --- Signing in ---------------------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing(sales, app, client):
    assert password(client)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client) and client.get("/profile/").status_code == 302
    assert enter_code(client, now()).status_code == 302
    assert is_in(client)


def test_a_used_code_is_refused_at_the_door(sales, app, client):
    used = now()
    password(client)
    enter_code(client, used)
    second = Client()
    password(second)
    assert enter_code(second, used).status_code == 200 and not is_in(second)


@pytest.mark.parametrize("given", ["000000", "", "abc", "0" * 5000, "\0", "1234567890"])
def test_what_is_no_code_is_refused_in_words(sales, app, client, given):
    password(client)
    answer = enter_code(client, given)
    assert answer.status_code == 200 and not is_in(client)
    assert "field-error" in answer.content.decode()


def test_eight_wrong_codes_make_one_wait(sales, app):
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    password(client)
    pages = [enter_code(client, f"00000{number}").content.decode() for number in range(8)]
    assert ["Too many failed" in page for page in pages] == [False] * 5 + [True] * 3
    assert enter_code(client, now()).status_code == 200 and not is_in(client), "the right one came too late"


def test_the_second_step_cannot_be_reached_without_the_first(client, sales, app):
    assert client.get("/accounts/2fa/authenticate/")["Location"] == "/accounts/login/"
    assert enter_code(client, now())["Location"] == "/accounts/login/" and not is_in(client)


# --- Setting it up ------------------------------------------------------------------------------------------


def test_an_app_is_switched_on_by_a_code_and_recovery_codes_follow(
    sales, client, django_capture_on_commit_callbacks
):
    password(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="totp-secret">(\w+)<', page)[1]
    assert 'src="data:image/svg+xml;base64,' in page
    wrong = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert wrong.status_code == 200 and f">{secret}<" in wrong.content.decode(), "the key stays the same"
    shown = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/accounts/2fa/totp/activate/", {"code": shown})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    codes = re.findall(r"<li>(\d{8})</li>", client.get("/accounts/2fa/recovery-codes/").content.decode())
    assert len(codes) == 10
    assert client.get("/accounts/2fa/recovery-codes/download/").content.decode().split() == codes
    again = Client()
    password(again)
    assert enter_code(again, shown).status_code == 200, "the code that switched it on was used by that"
    assert enter_code(again, codes[0]).status_code == 302
    page = again.get("/profile/security/").content.decode()
    assert "9 left" in page and "on since" in page
    assert Activity.objects.filter(code="person.factor_added", actor=sales).count() == 1


def test_changing_it_later_asks_for_the_password_again(sales, app, client):
    password(client)
    enter_code(client, now())
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()
    assert client.get("/accounts/2fa/totp/deactivate/")["Location"].startswith("/accounts/reauthenticate/")
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert Authenticator.objects.filter(user=sales).exists()
    page = client.get("/accounts/reauthenticate/?next=/profile/security/")
    assert "Show that it is you" in page.content.decode()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/profile/security/"})
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=sales).exists()


def test_an_administrator_removes_what_somebody_lost(sales, app, people, signed_in):
    admin = signed_in(people["admin"])
    assert (
        "Remove the second factor"
        in admin.get(f"/people/{sales.pk}/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    )
    assert admin.post(f"/people/{sales.pk}/factors/remove").status_code == 302
    assert not Authenticator.objects.filter(user=sales).exists()
    assert Activity.objects.get(code="person.factors_removed").actor == people["admin"]
    client = Client()
    password(client)
    assert is_in(client)


# --- Who must have one --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "led"),
    [("nobody", set()), ("leaders", {"admin", "ceo"}), ("everybody", {"admin", "ceo", "sales", "logistics"})],
)
def test_the_company_says_who_is_led_to_it(people, policy, led):
    Company.objects.update(second_factor=policy)
    found = set()
    for name in ("admin", "ceo", "sales", "logistics"):
        client = Client()
        client.force_login(people[name], backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get("/")
        if answer.status_code == 302 and answer["Location"] == "/profile/security/":
            found.add(name)
        else:
            assert answer.status_code == 200
    assert found == led


def test_a_new_company_asks_its_administrators_and_executives():
    assert Company().second_factor == "leaders"
    assert second_factor.needed(User.objects.create_superuser("root"), None)


def test_nothing_else_opens_until_there_is_one_and_then_everything_does(people, signed_in):
    Company.objects.update(second_factor="everybody")
    User.objects.update(language="en")
    client = signed_in(people["sales"])
    for path in ("/", "/actions/", "/submissions/", "/departments/sales/"):
        assert client.get(path)["Location"] == "/profile/security/", path
    assert client.post("/theme", {"theme": "dark"}).status_code == 204
    part = client.get("/actions/", HTTP_HX_REQUEST="true")
    assert part["HX-Redirect"] == "/profile/security/"
    assert "Your role needs one of these two" in client.get("/profile/security/").content.decode()
    TOTP.activate(people["sales"], SECRET)
    assert client.get("/actions/").status_code == 200
    Authenticator.objects.all().delete()
    fresh = Client()
    fresh.force_login(people["sales"], backend="django.contrib.auth.backends.ModelBackend")
    assert fresh.get("/actions/").status_code == 302


def test_having_one_costs_no_query_at_every_page(people, signed_in, queries):
    client = signed_in(people["sales"])
    free = queries(lambda: client.get("/profile/"))
    Company.objects.update(second_factor="everybody")
    TOTP.activate(people["sales"], SECRET)
    assert queries(lambda: client.get("/profile/")) == free


def test_administrators_choose_on_the_page_of_the_company(people, signed_in):
    client = signed_in(people["admin"])
    given = {
        "name": "远帆",
        "name_en": "Farsail",
        "time_zone": "Asia/Shanghai",
        "second_factor": "everybody",
        "colours": "A",
    }
    assert client.post("/company/", given).status_code == 302
    assert Company.objects.get().second_factor == "everybody"
    line = Activity.objects.get(code="company.changed")
    assert (line.before["second_factor"], line.after["second_factor"]) == ("nobody", "everybody")


def test_the_demonstration_asks_nobody(db):
    from reviewhub.demo import people as demo  # noqa: PLC0415

    demo.create(at=make.AT)
    assert Company.objects.get().second_factor == "nobody"
