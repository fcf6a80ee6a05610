"""What one is told where: the matrix, the hours, and a test of each channel."""

import datetime as dt
import re

import pytest

from reviewhub.notices import choices, kinds, outbox, packing, trying
from reviewhub.notices.models import Channel, Delivery, Message, OpenHours, Preference
from reviewhub.people.models import User
from tests.make import AT
from tests.notices import told

pytestmark = pytest.mark.django_db
NIGHT = dt.datetime(2026, 11, 22, 19, 0, tzinfo=dt.UTC)  # Monday 03:00 in Shanghai


@pytest.fixture(autouse=True)
def in_english(people):
    User.objects.update(language="en", time_zone="Asia/Shanghai")


@pytest.fixture
def finance(people):
    User.objects.filter(username="finance").update(email="finance@x.example")
    return User.objects.get(username="finance")


@pytest.fixture
def page(finance, signed_in):
    return signed_in(finance)


def text(answer) -> str:
    return answer.content.decode()


def ticks(said: str, name: str) -> dict[str, str]:
    """value → attributes of the tick boxes of a column."""
    return dict(re.findall(rf'name="{name}" value="([^"]*)"([^>]*)>', said))


def test_only_what_concerns_a_person_is_offered(people, register):
    register(told.kind("made.finance", concerns=lambda user: user.username == "finance"))
    register(told.kind("made.unchosen", chosen=False))
    finance = {row.code for row in choices.matrix(people["finance"])}
    sales = {row.code for row in choices.matrix(people["sales"])}
    assert "made.finance" in finance and "made.finance" not in sales
    assert not {"made.unchosen", packing.TEST} & (finance | sales)
    assert "delivery.ended_badly" in {row.code for row in choices.matrix(people["admin"])} - finance


def test_the_matrix_starts_with_what_the_kinds_say(page, register):
    register(told.kind("made.mail"))
    register(told.kind("made.quiet", mail=False))
    boxes = ticks(text(page.get("/notices/settings/")), "mail")
    assert "checked" in boxes["made.mail"] and "checked" not in boxes["made.quiet"]


def test_what_is_ticked_is_kept_and_what_is_not_is_off(page, finance, register):
    for code in ("made.a", "made.b"):
        register(told.kind(code))
    assert page.post("/notices/settings/", {"mail": ["made.b"]}).status_code == 302
    kept = {row.code: row.mail for row in choices.matrix(finance)}
    assert (kept["made.a"], kept["made.b"]) == (False, True)
    assert choices.channels(finance, kinds.find("made.a")) == {"inapp"}
    assert choices.channels(finance, kinds.find("made.b")) == {"inapp", "email"}


def test_what_is_required_is_shown_as_fixed_and_stays(page, finance, register):
    register(told.kind("made.duty", required=True))
    said = text(page.get("/notices/settings/"))
    assert "made.duty" not in ticks(said, "mail") and "cannot be switched off" in said
    page.post("/notices/settings/", {})
    assert choices.channels(finance, kinds.find("made.duty")) == {"inapp", "email"}
    assert not Preference.objects.filter(kind="made.duty", channel="email").exists()


def test_chat_can_be_chosen_only_with_an_address(page, finance, people, register):
    register(told.kind("made", chat=True))
    assert "disabled" in ticks(text(page.get("/notices/settings/")), "chat")["made"]
    page.post("/notices/settings/", {"mail": ["made"]})
    assert "chat" in choices.channels(finance, kinds.find("made")), "a column without boxes says nothing"
    told.hook(finance)
    assert "disabled" not in ticks(text(page.get("/notices/settings/")), "chat")["made"]
    page.post("/notices/settings/", {"mail": ["made"]})
    assert "chat" not in choices.channels(finance, kinds.find("made"))


def test_unknown_and_foreign_kinds_change_nothing(page, finance):
    wanted = {"mail": ["no.such", "delivery.ended_badly", "test", "x" * 5000, "a\0b"], "chat": ["no.such"]}
    assert page.post("/notices/settings/", wanted).status_code == 302
    assert set(Preference.objects.values_list("kind", flat=True)) <= {
        row.code for row in choices.matrix(finance)
    }


def test_a_secret_address_of_chat_is_not_shown(page, finance):
    told.hook(finance)
    said = text(page.get("/notices/settings/"))
    assert "Feishu of Li Na" in said and "k3y-of-it" not in said


def test_a_chat_address_that_was_switched_off_says_why_and_when(page, finance):
    told.hook(finance, disabled_at=AT, disabled_reason="404 no such bot")
    assert "Switched off Sun 22 Nov 17:00: 404 no such bot" in text(page.get("/notices/settings/"))


# --- Hours ------------------------------------------------------------------------------------------------


def test_hours_are_kept_and_shown(page, finance):
    given = {"opens": "09:30", "closes": "18:00", "weekends": "on"}
    assert page.post("/notices/settings/hours", given).status_code == 302
    row = OpenHours.objects.get(user=finance)
    assert (row.opens, row.closes, row.weekends) == (dt.time(9, 30), dt.time(18), True)
    said = text(page.get("/notices/settings/"))
    assert 'value="09:30"' in said and "Times of Asia/Shanghai" in said


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        ("20:00", "08:00", "Leave at least an hour between the two."),
        ("09:00", "09:59", "Leave at least an hour between the two."),
        ("09:00", "09:00", "Leave at least an hour between the two."),
        ("25:00", "26:00", "Enter a valid time."),
        ("", "18:00", "This field is required."),
        ("09:00\0", "18:00", "Enter a valid time."),
    ],
)
def test_hours_that_nobody_can_keep_are_refused_beside_their_field(page, opens, closes, words):
    answer = page.post("/notices/settings/hours", {"opens": opens, "closes": closes})
    assert answer.status_code == 422 and words in text(answer)
    assert not OpenHours.objects.exists()


# --- Send a test ------------------------------------------------------------------------------------------


def deliver(monkeypatch, outcome, at):
    """The worker, with the mail server answering `outcome`."""
    from reviewhub.notices import channels  # noqa: PLC0415 - the door that is replaced

    monkeypatch.setattr(channels, "send", lambda letter: outcome)
    return outbox.run(clock=lambda: at)


def test_a_test_goes_out_in_the_night_past_digest_and_daily_limit(finance, monkeypatch):
    from reviewhub.notices.channels import outcome  # noqa: PLC0415 - beside its use

    for number in range(packing.A_DAY):
        told.delivery(finance, at=NIGHT - dt.timedelta(minutes=number), kind="made")
    trying.send(finance, Channel.EMAIL, at=NIGHT)
    assert deliver(monkeypatch, outcome.sent(250), NIGHT) == 1
    (trial,) = trying.latest(finance, at=NIGHT)[Channel.EMAIL]
    assert (trial.state, trial.reply_code, trial.to) == ("sent", 250, "finance@x.example")


def test_the_page_follows_a_test_from_waiting_to_refused(page, finance, monkeypatch):
    from django.utils import timezone  # noqa: PLC0415 - the page looks at the clock

    from reviewhub.notices.channels import outcome  # noqa: PLC0415 - beside its use

    htmx = {"HX-Request": "true", "HX-Target": "div#tests"}
    part = text(page.post("/notices/settings/test", {"channel": "email"}, headers=htmx))
    assert part.startswith('<div id="tests"') and "Waiting for the worker" in part and "load delay" in part
    deliver(monkeypatch, outcome.refused(550, "5.1.1 no such mailbox", permanent=True), timezone.now())
    part = text(page.get("/notices/settings/", headers=htmx))
    assert "Refused" in part and ">550<" in part and "5.1.1 no such mailbox" in part
    assert "load delay" not in part
    assert same_without_tokens(part, text(page.get("/notices/settings/")))


def same_without_tokens(part: str, whole: str) -> bool:
    bare = [re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', r"\1", said) for said in (part, whole)]
    return bare[0].strip() in bare[1]


def test_a_test_that_is_tried_again_says_when(finance, monkeypatch):
    from reviewhub.notices.channels import outcome  # noqa: PLC0415 - beside its use

    trying.send(finance, Channel.EMAIL, at=AT)
    deliver(monkeypatch, outcome.refused(451, "try later", permanent=False), AT)
    (trial,) = trying.latest(finance, at=AT)[Channel.EMAIL]
    assert (trial.state, trial.reply_code, trial.attempts) == ("retry", 451, 1)
    assert dt.timedelta(seconds=47) < trial.next_at - AT < dt.timedelta(seconds=73)
    assert not trial.is_moving


def test_a_test_in_the_app_is_there_at_once(page, finance):
    assert page.post("/notices/settings/test", {"channel": "inapp"}).status_code == 302
    assert "Arrived. It stands in" in text(page.get("/notices/settings/"))
    assert Message.objects.get().state == "shown" and not Delivery.objects.exists()


def test_chat_is_tried_on_every_address_that_is_on(finance):
    told.hook(finance, name="One")
    told.hook(finance, name="Two")
    told.hook(finance, name="Off", disabled_at=AT)
    trying.send(finance, Channel.CHAT, at=AT)
    packing.pack(clock=lambda: AT)
    assert [trial.to for trial in trying.latest(finance, at=AT)[Channel.CHAT]] in (
        ["One", "Two"],
        ["Two", "One"],
    )
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize("channel", ["chat", "pigeon", "", "email\0"])
def test_what_cannot_be_tried_is_refused_in_words(page, channel):
    answer = page.post("/notices/settings/test", {"channel": channel})
    assert answer.status_code == 422 and not Message.objects.exists()
    assert ("no chat address" if channel == "chat" else "There is no such channel.") in text(answer)


def test_without_an_address_mail_cannot_be_tried_and_says_so(people, signed_in):
    client = signed_in(people["sales"])
    assert "You have no e-mail address here" in text(client.get("/notices/settings/"))
    assert client.post("/notices/settings/test", {"channel": "email"}).status_code == 422


def test_five_tests_an_hour_are_enough(finance):
    for minute in range(trying.AT_MOST):
        trying.send(finance, Channel.EMAIL, at=AT + dt.timedelta(minutes=minute))
    with pytest.raises(trying.CannotTry):
        trying.send(finance, Channel.EMAIL, at=AT + dt.timedelta(minutes=59))
    trying.send(finance, Channel.INAPP, at=AT + dt.timedelta(minutes=59))
    trying.send(finance, Channel.EMAIL, at=AT + dt.timedelta(minutes=61))


def test_after_an_hour_a_test_is_forgotten(finance):
    trying.send(finance, Channel.EMAIL, at=AT)
    assert trying.latest(finance, at=AT + trying.SHOWN_FOR) == {}


def test_three_kinds_or_one_take_the_same_queries(page, register, queries):
    register(told.kind("made.1"))
    one = queries(lambda: page.get("/notices/settings/"))
    for number in (2, 3):
        register(told.kind(f"made.{number}"))
    assert queries(lambda: page.get("/notices/settings/")) == one


def test_a_partner_has_settings_of_their_own(people, signed_in):
    assert signed_in(people["logistics"]).get("/notices/settings/").status_code == 200


def test_the_budget_reminder_is_offered_to_those_whom_it_can_reach(people):
    offered = {
        name: {row.code for row in choices.matrix(people[name])}
        for name in ("finance", "ceo", "sales", "logistics")
    }
    assert {name for name, codes in offered.items() if "budget.due" in codes} == {"finance", "ceo"}
    assert {name for name, codes in offered.items() if "budget.published" in codes} == {
        "finance",
        "ceo",
        "sales",
    }
