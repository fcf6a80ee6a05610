"""What a mail server can do to us, and what becomes of the letter (F26, F27, F28, F39). Time is a clock that jumps."""

import datetime as dt
import threading
import time

import pytest

from reviewhub.notices import backoff, circuits, outbox, own_kinds, packing
from reviewhub.notices.channels import mail
from reviewhub.notices.channels import smtp as smtp_channel
from reviewhub.notices.models import Circuit, Delivery, Message, Occurrence
from tests import make
from tests.notices import smtp, telling
from tests.notices.smtp import HELD_OUT_S
from tests.notices.telling import MONDAY, Clock
from tests.ports import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sending(settings, monkeypatch):
    """An installation that sends to 127.0.0.1; `sending(port)` says where. Nobody listens there at first."""
    telling.own_kinds(monkeypatch)
    telling.kind()
    telling.kind("budget-like", resend_in_doubt=True)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = mail.SMTP, "127.0.0.1", free_port()
    settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "", False, False
    settings.MAIL_PER_SECOND = 0

    def to(port: int) -> None:
        settings.EMAIL_PORT = port

    return to


@pytest.fixture
def impatient(sending, settings):
    """For servers that keep silent; one that answers is waited for, however busy the machine is."""
    settings.EMAIL_TIMEOUT, settings.EMAIL_CONVERSATION_SECONDS = 0.3, 0.6


@pytest.fixture
def raw(sending):
    """A mail server that does as told: `raw.say["RCPT"] = "451 later"`."""
    with smtp.Raw() as server:
        sending(server.port)
        yield server


def attempted(delivery: Delivery, at: dt.datetime = MONDAY) -> Delivery:
    outbox.deliver(clock=lambda: at)
    delivery.refresh_from_db()
    return delivery


def waits(delivery: Delivery, at: dt.datetime = MONDAY) -> bool:
    """Nothing was handed over, and it is tried again in 48 to 72 seconds."""
    return (
        delivery.state == "retry"
        and delivery.handed_over_at is None
        and delivery.doubts == 0
        and dt.timedelta(seconds=48) <= delivery.not_before - at <= dt.timedelta(seconds=72)
    )


# --- Each answer at each stage ----------------------------------------------------------------------------


def test_250_is_sent(raw):
    [delivery] = telling.packed(telling.person())
    attempted(delivery)
    assert (delivery.state, delivery.reply_code, delivery.attempts) == ("sent", 250, 1)
    assert raw.post.ids == [delivery.message_id]


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("banner", "421 too busy"),
        ("EHLO", "421 closing"),
        ("MAIL", "421 closing"),
        ("MAIL", "451 not now"),
        ("MAIL", "553 not your address"),
        ("RCPT", "451 greylisted"),
        ("RCPT", "452 mailbox full"),
        ("DATA", "451 disk full"),
        ("end", "452 disk full"),
        ("end", "421 going down"),
    ],
)
def test_a_no_for_now_waits_a_minute(raw, step, answer):
    """Of 5xx only that to MAIL: the server has not heard of the recipient yet, it is displeased with us."""
    raw.say[step] = answer
    [delivery] = telling.packed(telling.person())
    assert waits(attempted(delivery))
    assert delivery.reply_code == int(answer[:3])
    assert answer[4:] in delivery.error
    assert not raw.post.letters
    raw.say.clear()
    attempted(delivery, MONDAY + dt.timedelta(minutes=2))
    assert (delivery.state, delivery.attempts) == ("sent", 2)


@pytest.mark.parametrize(
    ("step", "answer"), [("RCPT", "550 no such user"), ("DATA", "554 no"), ("end", "554 spam")]
)
def test_a_no_for_good_is_not_tried_again(raw, step, answer):
    raw.say[step] = answer
    [delivery] = telling.packed(telling.person())
    attempted(delivery)
    assert (delivery.state, delivery.reply_code, delivery.finished_at) == ("failed", int(answer[:3]), MONDAY)
    attempted(delivery, MONDAY + dt.timedelta(hours=1))
    assert (raw.conversations, delivery.attempts) == (1, 1)


@pytest.mark.parametrize("step", ["banner", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("fault", [smtp.HANG, smtp.TRICKLE, smtp.CUT])
def test_silence_before_the_body_leaves_no_doubt_and_blocks_nobody(raw, impatient, step, fault):
    raw.say[step] = fault
    [delivery] = telling.packed(telling.person())
    began = time.monotonic()
    assert waits(attempted(delivery))
    assert time.monotonic() - began < HELD_OUT_S / 2
    assert delivery.reply_code is None


@pytest.mark.parametrize(
    ("step", "fault"), [("end", smtp.HANG), ("end", smtp.CUT), ("end", smtp.TRICKLE), ("body", smtp.CUT)]
)
def test_silence_after_the_body_began_is_in_doubt_and_not_sent_blindly(raw, impatient, step, fault):
    """F27. Of a check-in a second copy is worse than a lost one."""
    raw.say[step] = fault
    [delivery] = telling.packed(telling.person())
    attempted(delivery)
    assert (delivery.state, delivery.doubts, delivery.handed_over_at) == ("in_doubt", 1, MONDAY)
    raw.say.clear()
    attempted(delivery, MONDAY + dt.timedelta(days=1))
    assert (delivery.state, delivery.attempts, raw.conversations) == ("in_doubt", 1, 1)


def test_the_250_that_we_did_not_read_comes_once_more_where_losing_it_is_worse(raw):
    """F27: after ten minutes, with the same Message-ID, and saying so."""
    raw.say["end"] = smtp.CUT
    [delivery] = telling.packed(telling.person(), code="budget-like")
    attempted(delivery)
    assert (delivery.state, delivery.doubts) == ("retry", 1)
    assert delivery.not_before == MONDAY + dt.timedelta(minutes=10)
    raw.say.clear()
    attempted(delivery, MONDAY + dt.timedelta(minutes=9, seconds=59))
    assert delivery.state == "retry"
    attempted(delivery, MONDAY + dt.timedelta(minutes=10))
    assert (delivery.state, delivery.doubts) == ("sent", 1)
    first, second = raw.post.letters
    assert first["Message-ID"] == second["Message-ID"] == delivery.message_id
    assert (first["X-ReviewHub-Retry"], second["X-ReviewHub-Retry"]) == (None, "1")


def test_a_second_doubt_ends_it(raw):
    raw.say["end"] = smtp.CUT
    [delivery] = telling.packed(telling.person(), code="budget-like")
    attempted(delivery)
    attempted(delivery, MONDAY + dt.timedelta(minutes=10))
    assert (delivery.state, delivery.doubts) == ("in_doubt", 2)
    attempted(delivery, MONDAY + dt.timedelta(days=1))
    assert raw.conversations == 2


def test_a_name_that_does_not_resolve_and_a_port_that_nobody_listens_on_wait(sending, settings):
    [delivery] = telling.packed(telling.person())
    assert waits(attempted(delivery))
    settings.EMAIL_HOST = "no-such-host.invalid"
    [other] = telling.packed(telling.person())
    assert waits(attempted(other))


def test_a_resolver_that_hangs_blocks_nobody(impatient, settings, monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(
        "reviewhub.notices.channels.deadline.socket.getaddrinfo", lambda *_, **__: over.wait(HELD_OUT_S)
    )
    [delivery] = telling.packed(telling.person())
    began = time.monotonic()
    assert waits(attempted(delivery))
    assert time.monotonic() - began < HELD_OUT_S / 2
    over.set()


@pytest.mark.parametrize("tls", ["EMAIL_USE_TLS", "EMAIL_USE_SSL"])
def test_a_server_without_the_encryption_that_we_ask_for_gets_no_letter(raw, impatient, settings, tls):
    setattr(settings, tls, True)
    [delivery] = telling.packed(telling.person())
    assert waits(attempted(delivery))
    assert not raw.post.letters


@pytest.fixture
def fresh_tls():
    """The certificates that are trusted are read anew, before and after."""
    smtp_channel.tls.cache_clear()
    yield
    smtp_channel.tls.cache_clear()


def test_a_certificate_that_nobody_vouches_for_gets_no_letter(sending, settings, tmp_path):
    settings.EMAIL_USE_TLS = True
    with smtp.server(tls_context=smtp.certificate(tmp_path)) as server:
        sending(server.port)
        [delivery] = telling.packed(telling.person())
        assert waits(attempted(delivery))
        assert "CERTIFICATE_VERIFY_FAILED" in delivery.error
        assert not server.post.letters


def test_a_certificate_that_is_trusted_lets_the_letter_through(
    sending, settings, tmp_path, monkeypatch, fresh_tls
):
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST = True, "localhost"
    with smtp.server(tls_context=smtp.certificate(tmp_path), require_starttls=True) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        sending(server.port)
        [delivery] = telling.packed(telling.person())
        assert attempted(delivery).state == "sent", delivery.error
        assert server.post.ids == [delivery.message_id]


def test_a_wrong_password_is_ours_to_mend_and_kills_no_letter(sending, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "review", "wrong"
    with smtp.server(authenticator=lambda *_: smtp.no(), auth_require_tls=False) as server:
        sending(server.port)
        [delivery] = telling.packed(telling.person())
        assert waits(attempted(delivery))
        assert delivery.reply_code == 535


# --- One bad address among fifty --------------------------------------------------------------------------


def test_one_bad_address_among_fifty_fails_alone(sending):
    """F28."""
    people = [telling.person(email=f"p{number}@mail.test") for number in range(50)]
    with smtp.server() as server:
        sending(server.port)
        server.answers["p17@mail.test"] = "550 no such user"
        telling.packed(*people)
        outbox.deliver(clock=lambda: MONDAY)
        assert sorted({letter.envelope for letter in server.post.letters}) == sorted(
            person.email for person in people if person.email != "p17@mail.test"
        )
    assert Delivery.objects.filter(state="sent").count() == 49
    failed = Delivery.objects.get(state="failed")
    assert (failed.user.email, failed.reply_code) == ("p17@mail.test", 550)
    assert not Circuit.objects.filter(opened_at__isnull=False).exists()
    assert Message.objects.filter(user=failed.user, channel="inapp", state="shown").exists()
    assert Occurrence.objects.filter(kind=own_kinds.ENDED_BADLY).count() == 1


# --- Down for hours ---------------------------------------------------------------------------------------


def minutes(clock: Clock, count: int) -> None:
    """So many ticks of the beat."""
    for _minute in range(count):
        outbox.run(clock=clock)
        clock.forward(minutes=1)


def test_six_hours_down_then_everything_goes_out(sending):
    """F26: five failures shut the door, then one knock a minute that costs no letter a try."""
    clock = Clock()
    telling.packed(*[telling.person() for _ in range(30)])
    with smtp.Raw({"banner": "421 down"}) as server:
        sending(server.port)
        outbox.run(clock=clock)
        assert server.conversations == circuits.FAILURES
        assert Circuit.objects.get(channel="email").opened_at == MONDAY
        clock.forward(minutes=1)
        minutes(clock, 40)
        for _quarter in range(22):
            minutes(clock, 1)
            clock.forward(minutes=14)
        assert clock() == MONDAY + dt.timedelta(hours=6, minutes=11)
        assert server.conversations == circuits.FAILURES + 62
        assert {row.state for row in Delivery.objects.all()} <= {"queued", "retry"}
        assert max(Delivery.objects.values_list("attempts", flat=True)) == 1
        server.say.clear()
        minutes(clock, 1)
        assert Delivery.objects.filter(state="sent").count() == 30
        assert sorted(server.post.ids) == sorted(Delivery.objects.values_list("message_id", flat=True))
    assert Circuit.objects.get(channel="email").opened_at is None


def test_a_letter_alone_is_tried_after_1_5_15_and_30_minutes_and_then_knocks_each_minute(sending):
    clock, tries = Clock(), []
    telling.packed(telling.person())
    with smtp.Raw({"banner": "421 down"}) as server:
        sending(server.port)
        for minute in range(75):
            before = server.conversations
            outbox.run(clock=clock)
            tries += [minute] * (server.conversations - before)
            clock.forward(minutes=1)
    gaps = [later - earlier for earlier, later in zip(tries, tries[1:], strict=False)]
    # A tick comes once a minute: a wait of 0.8 to 1.2 minutes ends at the first or second.
    for gap, wanted in zip(gaps[:4], (1, 5, 15, 30), strict=True):
        assert wanted * 0.8 <= gap <= wanted * 1.2 + 1
    assert set(gaps[4:]) == {1}
    assert len(gaps) > 10


def test_after_a_day_behind_a_shut_door_it_is_given_up_and_administrators_are_told(sending):
    admin = make.user("administrator", language="en", email="")
    clock = Clock()
    telling.packed(*[telling.person() for _ in range(8)])
    minutes(clock, 10)
    clock.at = MONDAY + dt.timedelta(hours=24) - dt.timedelta(seconds=1)
    outbox.run(clock=clock)
    assert not Delivery.objects.filter(state="dead").exists()
    clock.forward(seconds=1)
    outbox.run(clock=clock)
    assert Delivery.objects.filter(state="dead").count() == 8
    assert Occurrence.objects.get(kind=own_kinds.ENDED_BADLY).due_at == clock()
    telling.expand(clock=clock)
    assert Message.objects.filter(user=admin, channel="inapp").count() == 1
    assert Message.objects.filter(channel="inapp", occurrence__kind="plain", state="shown").count() == 8


def test_a_mailbox_that_says_no_for_a_day_is_tried_twelve_times(sending):
    """The numbers agree: twelve tries fill the day, the last one stands at its end."""
    clock, tries = Clock(), []
    [delivery] = telling.packed(telling.person())
    with smtp.Raw({"RCPT": "452 mailbox full"}) as server:
        sending(server.port)
        while delivery.state != "dead":
            before = server.conversations
            attempted(delivery, clock())
            tries += [clock()] * (server.conversations - before)
            clock.at = delivery.not_before if delivery.state == "retry" else clock.at
    assert len(tries) == backoff.TRIES == delivery.attempts
    assert tries[-1] - tries[0] == dt.timedelta(hours=24)
    assert delivery.reply_code == 452
    assert Circuit.objects.filter(opened_at__isnull=False).count() == 0


@pytest.mark.parametrize("seed", range(200))
def test_the_waits_grow_within_a_fifth_and_end_with_the_day(seed):
    at, waited = MONDAY, []
    for attempts in range(1, backoff.TRIES):
        following = backoff.next_try(attempts, seed=str(seed), since=MONDAY, at=at)
        assert following == backoff.next_try(attempts, seed=str(seed), since=MONDAY, at=at)
        waited.append((following - at).total_seconds() / 60)
        at = following
    for minutes_waited, wanted in zip(waited[:10], backoff.MINUTES, strict=True):
        assert wanted * 0.8 <= minutes_waited <= wanted * 1.2
    assert at == MONDAY + backoff.GIVE_UP_AFTER
    assert backoff.is_hopeless(backoff.TRIES, since=MONDAY, at=at)
    assert not backoff.is_hopeless(11, since=MONDAY, at=at - dt.timedelta(seconds=1))


# --- A crowd ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_three_thousand_at_the_same_minute_leave_in_ten_minutes_at_five_a_second(settings, monkeypatch):
    """F39, with two workers that take turns."""
    settings.MAIL_PER_SECOND = 5.0
    clock, left = Clock(), []
    monkeypatch.setattr(circuits, "pause", lambda seconds: clock.forward(seconds=seconds))
    for _letter in range(3000):  # one write each: of all workers together no two take one place
        circuits.wait_for_slot("email", clock=clock)
        left.append(clock())
    assert left[-1] - left[0] == dt.timedelta(seconds=2999 / 5)
    for first, sixth in zip(left, left[5:], strict=False):
        assert sixth - first >= dt.timedelta(seconds=1)


def test_the_outbox_keeps_to_the_pace_and_stops_before_its_time_is_up(sending, settings, monkeypatch):
    settings.MAIL_PER_SECOND = 5.0
    clock = Clock()
    monkeypatch.setattr(circuits, "pause", lambda seconds: clock.forward(seconds=seconds))
    telling.packed(*[telling.person() for _ in range(40)])
    with smtp.server() as server:
        sending(server.port)
        assert outbox.deliver(clock=clock, lasting=dt.timedelta(seconds=4)) == 21
        assert clock() == MONDAY + dt.timedelta(seconds=4)
        assert outbox.deliver(clock=clock) == 19
        assert len(server.post.ids) == 40
    assert clock() == MONDAY + dt.timedelta(seconds=39 / 5)


def test_five_notices_for_each_of_sixty_people_are_sixty_mails(sending):
    people = [telling.person() for _ in range(60)]
    for number in range(5):
        telling.tell(*people, title=f"Number {number}")
    with smtp.server() as server:
        sending(server.port)
        packing.pack(clock=lambda: MONDAY)
        outbox.deliver(clock=lambda: MONDAY)
        assert len(server.post.letters) == 60
        assert {letter["Subject"] for letter in server.post.letters} == {"5 notices: Number 0 …"}
