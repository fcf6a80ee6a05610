"""The door in a real browser: a link sets the password, a passkey and an app are added, and each signs in again."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from reviewhub.people import invitations
from reviewhub.people.models import Company, User
from tests.browser.conftest import WATCH

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a kettle of fish and chips"
HOME = re.compile(r"//[^/]+/$")
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def visitor(browser, server):
    """A browser of nobody yet, on a host name: passkeys belong to names, not to addresses."""
    contexts = []

    def opened(language="en", **options):
        url = server.url.replace("127.0.0.1", "localhost")
        context = browser.new_context(base_url=url, **options)
        context.set_default_timeout(30_000)
        context.add_init_script(WATCH)
        context.add_cookies([{"name": "reviewhub_language", "value": language, "url": url}])
        contexts.append(context)
        return context

    yield opened
    for context in contexts:
        context.close()


def with_device(context, page):
    """A device with a fingerprint reader that always says yes, by the browser's own protocol."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]


def require_sound(page):
    """No broken policy, no stumbling script, nothing that hides from a screen reader."""
    assert page.evaluate("window.broken") == []
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"]) for one in serious] == []


def code(secret: str, step: int) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def sign_out(page):
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button").first.click()
    page.wait_for_url("**/accounts/login/**")


def join(page, people, name):
    User.objects.filter(username=name).update(language="")
    made = invitations.invite(people[name], by=people["admin"], at=timezone.now())
    page.goto(made.path)
    require_sound(page)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()


def test_from_the_invitation_to_a_passkey_that_signs_in_alone(visitor, people):
    Company.objects.update(second_factor="leaders")
    context = visitor()
    page = context.new_page()
    device, number = with_device(context, page)
    join(page, people, "ceo")
    expect(page.get_by_text("Your role needs one of these two")).to_be_visible()
    require_sound(page)
    page.get_by_role("link", name="Add").click()
    require_sound(page)
    page.get_by_label("Name").fill("office laptop")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    require_sound(page)
    codes = page.locator("#recovery-codes li").all_text_contents()
    assert len(codes) == 10
    kept = device.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]
    assert [one["isResidentCredential"] for one in kept] == [True]
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("office laptop")).to_be_visible()
    page.goto("/actions/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Actions")

    sign_out(page)
    require_sound(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(HOME)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/profile/security/")
    expect(page.get_by_text("last used")).to_be_visible()

    sign_out(page)
    sign_in(page, "ceo")
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    require_sound(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(HOME)

    sign_out(page)
    sign_in(page, "ceo")
    page.get_by_label("Code of the app, or a recovery code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(HOME)
    sign_out(page)
    sign_in(page, "ceo")
    page.get_by_label("Code of the app, or a recovery code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".field-error").first).to_be_visible()
    assert "/accounts/2fa/authenticate/" in page.url


def sign_in(page, name):
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form.sign button[type=submit]").click()


def test_the_app_on_a_phone_in_chinese(visitor, people):
    page = visitor("zh-hans", viewport={"width": 390, "height": 844}).new_page()
    join(page, people, "sales")
    page.goto("/accounts/2fa/totp/activate/")
    require_sound(page)
    expect(page.locator("img.qr")).to_be_visible()
    assert page.evaluate("document.querySelector('img.qr').naturalWidth > 100")
    secret = page.locator("#totp-secret").text_content()
    page.locator("#id_code").fill(code(secret, 0))
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    require_sound(page)
    assert Authenticator.objects.filter(user=people["sales"], type="totp").count() == 1

    sign_out(page)
    sign_in(page, "sales")
    page.locator("#id_code").fill(code(secret, 1))
    page.locator("form.sign button[type=submit]").click()
    page.wait_for_url(HOME)
    page.goto("/profile/security/")
    require_sound(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_passkey_of_nobody_is_refused_in_words(visitor, people):
    context = visitor()
    page = context.new_page()
    with_device(context, page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey was used")).to_be_visible()
    require_sound(page)


def test_an_administrator_copies_the_link_and_ends_sessions(enter, visitor, people, server):
    User.objects.filter(username="sales").update(email="sales@farsail.example", password="!")
    context = enter(people["admin"], permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"/people/{people['sales'].pk}/")
    require_sound(page)
    page.get_by_role("button", name="Invite").click()
    link = page.locator("#made-link").text_content()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    require_sound(page)
    other = visitor().new_page()
    other.goto("/join/" + link.split("/join/")[1])
    other.locator("#id_password").fill(PASSWORD)
    other.get_by_role("button", name="Set the password and sign in").click()
    other.wait_for_url(HOME)
    page.goto(f"/people/{people['sales'].pk}/")
    button = page.get_by_role("button", name="Sign out everywhere", exact=True)
    button.click()
    page.get_by_role("button", name="Press again to sign out everywhere").click()
    expect(page.get_by_text("Signed out everywhere.")).to_be_visible()
    other.goto("/actions/")
    assert "/accounts/login/" in other.url
