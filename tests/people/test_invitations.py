"""One-time links: the first administrator, and everybody whom an administrator invites (T22, B124)."""

import datetime as dt
import io
import re
import threading

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from reviewhub.people import invitations
from reviewhub.people.invitations import CannotInvite, CannotJoin
from reviewhub.people.models import Activity, Invitation, User
from reviewhub.people.staffing import Details
from tests import make

PASSWORD = "a kettle of fish"
ROOT = {"username": "root", "name": "", "name_latin": "Root", "email": "", "password": PASSWORD}


@pytest.fixture
def invited(people, settings):
    settings.BASE_URL = "https://review.example.com"
    User.objects.update(language="en")
    User.objects.filter(username="sales").update(email="sales@farsail.example")
    people["sales"].refresh_from_db()
    return people["sales"]


@pytest.fixture
def link(invited, people):
    """The path of a link for the head of sales."""
    from django.utils import timezone  # noqa: PLC0415 - the page looks at the real clock

    return invitations.invite(invited, by=people["admin"], at=timezone.now()).path


def person_of(client) -> str | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).username if key else None


# --- A person -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_a_hash_of_256_random_bits_is_kept(invited, people, at):
    made = invitations.invite(invited, by=people["admin"], at=at)
    assert re.fullmatch(r"[\w-]{43}", made.token)
    kept = Invitation.objects.get()
    assert kept.token_hash == invitations.hashed(made.token) and made.token not in str(vars(kept))
    assert kept.expires_at - at == dt.timedelta(hours=72)
    assert made.link == f"https://review.example.com/join/{made.token}/"


@pytest.mark.django_db
def test_looking_at_the_link_changes_nothing_however_often(client, link, invited):
    before = list(Invitation.objects.values()), User.objects.get(pk=invited.pk).password
    for _look in range(100):
        assert client.get(link).status_code == 200
    assert client.head(link).status_code == 200
    assert (list(Invitation.objects.values()), User.objects.get(pk=invited.pk).password) == before
    assert person_of(client) is None


@pytest.mark.django_db
def test_the_link_sets_a_password_signs_in_and_is_used_up(client, link, invited):
    page = client.get(link)
    assert "no-store" in page["Cache-Control"] and page["Referrer-Policy"] == "same-origin"
    assert client.post(link, {"password": PASSWORD}).status_code == 302
    assert person_of(client) == "sales" and User.objects.get(pk=invited.pk).check_password(PASSWORD)
    again = Client()
    assert again.get(link).status_code == 410
    assert again.post(link, {"password": "another kettle of fish"}).status_code == 410
    assert User.objects.get(pk=invited.pk).check_password(PASSWORD) and person_of(again) is None
    assert Activity.objects.filter(code="person.joined", actor=invited).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password", ["short", "            ", "password1234", "x" * 1025, "sales@farsail.example"]
)
def test_a_password_that_will_not_do_is_explained_and_the_link_stays_good(client, link, password):
    """B118."""
    answer = client.post(link, {"password": password})
    if password == "            ":
        assert answer.status_code == 302, "spaces are characters"
        return
    assert answer.status_code == 422 and "field-error" in answer.content.decode()
    assert client.post(link, {"password": PASSWORD}).status_code == 302


@pytest.mark.django_db
def test_a_link_that_is_not_one_leads_to_a_page_that_says_what_to_do(client, link):
    token = link.split("/")[2]
    flipped = token[:-1] + ("A" if token[-1] != "A" else "B")
    for other in (flipped, token[:-1], token + "x", "x", "%00", "É", "0" * 5000):
        answer = client.get(f"/join/{other}/", HTTP_ACCEPT_LANGUAGE="en")
        assert answer.status_code == 410 and "for a new link" in answer.content.decode(), other
        assert client.post(f"/join/{other}/", {"password": PASSWORD}).status_code == 410
    assert person_of(client) is None


@pytest.mark.django_db
def test_a_link_ends_after_72_hours_to_the_second(invited, people, at):
    token = invitations.invite(invited, by=people["admin"], at=at).token
    end = at + dt.timedelta(hours=72)
    assert invitations.found(token, at=end - dt.timedelta(seconds=1))
    assert invitations.found(token, at=end) is None
    with pytest.raises(CannotJoin):
        invitations.join(token, PASSWORD, at=end)


@pytest.mark.django_db
def test_a_new_link_ends_the_one_before_and_withdrawing_ends_it_too(invited, people, at):
    first, second = (invitations.invite(invited, by=people["admin"], at=at).token for _time in range(2))
    assert invitations.found(first, at=at) is None and invitations.found(second, at=at)
    assert invitations.revoke(invited, by=people["admin"], at=at) == 1
    assert invitations.found(second, at=at) is None
    assert invitations.revoke(invited, by=people["admin"], at=at) == 0


@pytest.mark.django_db
def test_only_administrators_invite_and_closed_accounts_stay_closed(invited, people, at):
    with pytest.raises(CannotInvite):
        invitations.invite(invited, by=people["ceo"], at=at)
    with pytest.raises(CannotInvite):
        invitations.revoke(invited, by=people["ceo"], at=at)
    token = invitations.invite(invited, by=people["admin"], at=at).token
    User.objects.filter(pk=invited.pk).update(is_active=False)
    assert invitations.found(token, at=at) is None
    invited.refresh_from_db()
    with pytest.raises(CannotInvite):
        invitations.invite(invited, by=people["admin"], at=at)


@pytest.mark.django_db(transaction=True)
def test_a_link_used_twice_at_the_same_moment_works_once(at):
    people = make.people()
    token = invitations.invite(people["sales"], by=people["admin"], at=at).token
    done, start = [], threading.Barrier(2)

    def use(number):
        start.wait()
        try:
            invitations.join(token, f"{PASSWORD} {number}", at=at)
            done.append(number)
        except CannotJoin:
            pass
        connection.close()

    threads = [threading.Thread(target=use, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert User.objects.get(username="sales").check_password(f"{PASSWORD} {done[0]}")


# --- The letter ---------------------------------------------------------------------------------------------


def invite(signed_in, people, person):
    client = signed_in(people["admin"])
    return client.post(f"/people/{person.pk}/invitation").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"), [("en", "Your account is ready"), ("zh-hans", "的账号已开通")]
)
def test_the_letter_is_in_the_language_of_who_gets_it(invited, people, signed_in, language, words):
    User.objects.filter(pk=invited.pk).update(language=language)
    page = invite(signed_in, people, invited)
    (letter,) = mail.outbox
    html, kind = letter.alternatives[0]
    link = re.search(r'id="made-link">(\S+?)<', page)[1]
    assert (
        letter.to == ["sales@farsail.example"] and kind == "text/html" and link.startswith("https://review.")
    )
    for body in (letter.body, html):
        assert words in body and link in body
    assert "Sent to sales@farsail.example" in page and Invitation.objects.get().mailed_at


@pytest.mark.django_db
def test_without_an_address_or_a_server_the_link_is_shown_alone(invited, people, signed_in, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    page = invite(signed_in, people, invited)
    assert "made-link" in page and "No mail server is set up" in page
    User.objects.filter(pk=invited.pk).update(email="")
    page = invite(signed_in, people, invited)
    assert "made-link" in page and "No address" in page and mail.outbox == []


@pytest.mark.django_db
def test_a_mail_server_that_is_away_costs_no_invitation(invited, people, signed_in, settings, client):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 2
    page = invite(signed_in, people, invited)
    assert "the letter could not be sent" in page
    path = re.search(r"https://review.example.com(/join/\S+?/)<", page)[1]
    page = signed_in(people["admin"]).get(f"/people/{invited.pk}/").content.decode()
    assert "The letter could not be sent: hand the link over yourself" in page
    assert Client().get(path).status_code == 200


@pytest.mark.django_db
def test_a_link_in_a_letter_never_takes_its_host_from_the_request(invited, people, signed_in, settings):
    """B121."""
    settings.ALLOWED_HOSTS = ["testserver", "evil.example"]
    client = signed_in(people["admin"])
    client.post(
        f"/people/{invited.pk}/invitation", HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example"
    )
    client.logout()
    client.post("/accounts/password/reset/", {"email": "sales@farsail.example"}, HTTP_HOST="evil.example")
    assert len(mail.outbox) == 2
    for letter in mail.outbox:
        assert "https://review.example.com/" in letter.body and "evil" not in letter.message().as_string()


@pytest.mark.django_db
def test_a_forgotten_password_is_set_anew_by_the_letter(invited, client):
    client.post("/accounts/password/reset/", {"email": "sales@farsail.example"})
    path = re.search(r"https://review.example.com(\S+)", mail.outbox[0].body)[1]
    page = client.get(path, follow=True)
    form = page.redirect_chain[-1][0]
    assert client.post(form, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert User.objects.get(pk=invited.pk).check_password(PASSWORD)
    assert Client().get(path, follow=True).context["token_fail"]


# --- The first administrator --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_fresh_installation_has_nobody_and_one_link(client, at):
    assert not User.objects.exists()
    said = io.StringIO()
    call_command("invite", "--admin", "--email", "root@x.example", stdout=said)
    path = re.search(r"(/join/\S+/)", said.getvalue())[1]
    page = client.get(path, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "The first administrator" in page and 'value="root@x.example"' in page
    assert client.post(path, ROOT | {"username": ""}).status_code == 422 and not User.objects.exists()
    assert client.post(path, ROOT).status_code == 302
    root = User.objects.get()
    assert root.assignments.get().role.code == "administrator" and not root.is_superuser
    assert person_of(client) == "root"
    assert Client().get(path).status_code == 410


@pytest.mark.django_db
def test_the_first_link_is_dead_as_soon_as_somebody_is_there(client, at):
    token = invitations.invite_first(at=at).token
    older, token = token, invitations.invite_first(at=at).token
    assert invitations.found(older, at=at) is None and invitations.found(token, at=at)
    User.objects.create(username="sombody")
    assert invitations.found(token, at=at) is None
    with pytest.raises(CannotJoin):
        invitations.join(token, PASSWORD, Details("root", name_latin="Root"), at=at)
    with pytest.raises(CommandError):
        call_command("invite", "--admin", stdout=io.StringIO())


@pytest.mark.django_db
def test_who_owns_the_server_lets_somebody_in_again(people, client):
    said = io.StringIO()
    call_command("invite", "admin", stdout=said)
    path = re.search(r"(/join/\S+/)", said.getvalue())[1]
    assert client.post(path, {"password": PASSWORD}).status_code == 302 and person_of(client) == "admin"
    for arguments in ([], ["admin", "--admin"], ["nobody"]):
        with pytest.raises(CommandError):
            call_command("invite", *arguments, stdout=io.StringIO())
