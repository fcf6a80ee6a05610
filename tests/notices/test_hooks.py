"""Chat addresses: entered by administrators, kept as secrets, switched off and on."""

import logging

import pytest
from django.utils import timezone

from reviewhub.notices import channels, hooks, outbox
from reviewhub.notices.channels import outcome
from reviewhub.notices.models import Delivery, Message, Webhook
from reviewhub.people.models import Activity, User
from tests import make
from tests.make import AT
from tests.notices import told

pytestmark = pytest.mark.django_db
URL = "https://open.feishu.cn/open-apis/bot/v2/hook/0123-k3y-4567"


@pytest.fixture(autouse=True)
def in_english(people):
    User.objects.update(language="en", time_zone="Asia/Shanghai")


@pytest.fixture
def admin(people, signed_in):
    return signed_in(User.objects.get(username="admin"))


@pytest.fixture
def given(people, register):
    """What the form sends for a room, with one kind that rooms are told about."""
    register(told.kind("made.room", rooms=True, label="For rooms"))
    register(told.kind("made.people", label="Not for rooms"))
    return {
        "name": "Sales room",
        "url": URL,
        "audience": "room",
        "owner": people["sales"].pk,
        "department": make.department("SAL").pk,
        "kinds": ["made.room"],
        "language": "zh-hans",
    }


def text(answer) -> str:
    return answer.content.decode()


def everything_recorded() -> str:
    return str(list(Activity.objects.values_list("code", "params", "before", "after")))


def test_an_address_is_entered_once_and_never_shown_again(admin, given, caplog):
    caplog.set_level(logging.DEBUG)
    assert admin.post("/notices/hooks/new/", given).status_code == 302
    hook = Webhook.objects.get()
    assert (hook.url, hook.kinds, hook.audience) == (URL, ["made.room"], "room")
    pages = [
        text(admin.get(path)) for path in ("/notices/hooks/", f"/notices/hooks/{hook.pk}/", "/activity/")
    ]
    assert (
        "Feishu" in pages[0]
        and "open.feishu.cn/…" in pages[0]
        and "entered the chat address Sales room" in pages[2]
    )
    assert all("k3y" not in said for said in [*pages, everything_recorded(), caplog.text])


def test_a_change_without_an_address_keeps_the_old_one(admin, given):
    admin.post("/notices/hooks/new/", given)
    hook = Webhook.objects.get()
    assert admin.post(f"/notices/hooks/{hook.pk}/", given | {"url": "", "name": "Sales"}).status_code == 302
    hook.refresh_from_db()
    assert (hook.name, hook.url) == ("Sales", URL)
    line = Activity.objects.get(code="chat.changed")
    assert (line.before["name"], line.after["name"]) == ("Sales room", "Sales")


def test_another_address_is_noted_as_changed_and_switches_it_on(admin, given, people):
    hook = told.hook(people["sales"], url=URL, disabled_at=AT, disabled_reason="404", failures=3)
    new = "https://open.feishu.cn/open-apis/bot/v2/hook/another-k3y"
    admin.post(f"/notices/hooks/{hook.pk}/", given | {"url": new})
    hook.refresh_from_db()
    assert (hook.url, hook.disabled_at, hook.failures) == (new, None, 0)
    line = Activity.objects.get(code="chat.changed")
    assert line.after["address"] == "changed" and "k3y" not in everything_recorded()
    assert "k3y" not in text(admin.get("/activity/"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "This field is required."),
        ({"url": ""}, "This field is required."),
        ({"owner": ""}, "This field is required."),
        ({"owner": "999999"}, "Select a valid choice"),
        ({"kinds": []}, "Choose at least one kind for the room."),
        ({"kinds": ["made.people"]}, "Select a valid choice"),
        ({"audience": "crowd"}, "Select a valid choice"),
        ({"language": "fr"}, "Select a valid choice"),
        ({"url": "http://127.0.0.1:8000/"}, ""),
        ({"url": "https://evil.example/hook"}, ""),
        ({"url": "x" * 1001}, "at most 1000 characters"),
    ],
)
def test_what_stands_against_it_is_said_beside_its_field_and_nothing_is_kept(admin, given, wrong, words):
    answer = admin.post("/notices/hooks/new/", given | wrong)
    assert answer.status_code == 422 and words in text(answer) and "field-error" in text(answer)
    assert not Webhook.objects.exists()


def test_a_personal_address_needs_no_kinds_and_is_never_a_partners(admin, given, people):
    personal = given | {"audience": "person", "kinds": ["made.room"]}
    answer = admin.post("/notices/hooks/new/", personal | {"owner": people["logistics"].pk})
    assert answer.status_code == 422 and "People of a partner have no chat address here." in text(answer)
    assert admin.post("/notices/hooks/new/", personal).status_code == 302
    assert Webhook.objects.get().kinds == []


@pytest.mark.parametrize(
    ("url", "name", "place"),
    [
        ("https://open.feishu.cn/open-apis/bot/v2/hook/k", "Feishu", "open.feishu.cn/…"),
        ("https://open.larksuite.com/open-apis/bot/v2/hook/k", "Lark", "open.larksuite.com/…"),
        ("https://oapi.dingtalk.com/robot/send?access_token=k", "DingTalk", "oapi.dingtalk.com/…"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", "WeCom", "qyapi.weixin.qq.com/…"),
        ("https://hooks.slack.com/services/T/B/k", "Slack", "hooks.slack.com/…"),
        ("https://x.webhook.office.com/webhookb2/k", "Teams", "x.webhook.office.com/…"),
        ("feishu://the-key-itself/", "Feishu", "feishu://…"),
        ("dingtalk://secret@key/", "DingTalk", "dingtalk://…"),
        ("https://feishu.cn.evil.example/hook", "Other", "feishu.cn.evil.example/…"),
        ("https://notfeishu.cn/", "Other", "notfeishu.cn/…"),
        ("https://[not-an-address/k", "Other", "–/…"),
    ],
)
def test_the_service_is_read_from_the_address_and_its_key_is_not_shown(url, name, place):
    from django.utils import translation  # noqa: PLC0415 - beside its use

    with translation.override("en"):
        assert (hooks.service(url), hooks.place(url)) == (name, place)


def test_off_and_on_again_are_noted_once_each(admin, people):
    hook = told.hook(people["sales"])
    for do, code in (("off", "chat.switched_off"), ("on", "chat.switched_on")):
        for _twice in range(2):
            assert admin.post(f"/notices/hooks/{hook.pk}/switch", {"do": do}).status_code == 302
        assert Activity.objects.filter(code=code).count() == 1
        assert bool(Webhook.objects.get().disabled_at) is (do == "off")


def test_the_list_says_why_and_when_an_address_was_switched_off(admin, people):
    told.hook(people["sales"], disabled_at=AT, disabled_reason="404 bot removed")
    page = text(admin.get("/notices/hooks/"))
    assert "Switched off Sun 22 Nov 17:00: 404 bot removed" in page
    Webhook.objects.update(disabled_reason="")
    assert "Switched off Sun 22 Nov 17:00: by an administrator" in text(admin.get("/notices/hooks/"))


def test_a_test_post_goes_to_this_address_alone(admin, people):
    hook = told.hook(people["sales"], audience="room")
    told.hook(people["sales"], name="Another")
    admin.post(f"/notices/hooks/{hook.pk}/test")
    row = Message.objects.get()
    assert (row.webhook, row.user, row.channel, row.state) == (hook, None, "chat", "queued")


def test_the_list_asks_again_while_a_test_is_on_its_way(admin, people, monkeypatch):
    hook = told.hook(people["sales"], audience="room")
    admin.post(f"/notices/hooks/{hook.pk}/test")
    part = {"HX-Request": "true", "HX-Target": "section#hooks"}
    said = text(admin.get("/notices/hooks/", headers=part))
    assert "The test is on its way." in said and "load delay" in said
    monkeypatch.setattr(channels, "send", lambda letter: outcome.sent(200))
    outbox.run(clock=timezone.now)
    said = text(admin.get("/notices/hooks/", headers=part))
    assert "Sent" in said and ">200<" in said and "load delay" not in said


def test_an_address_that_is_off_is_not_tried(admin, people):
    hook = told.hook(people["sales"], disabled_at=AT)
    admin.post(f"/notices/hooks/{hook.pk}/test")
    assert not Message.objects.exists()


def test_the_list_shows_the_newest_post(admin, people):
    hook = told.hook(people["sales"], audience="room")
    told.delivery(webhook=hook, channel="chat", state="failed", reply_code=404, error=f"{URL} is gone")
    page = text(admin.get("/notices/hooks/"))
    assert "Refused" in page and ">404<" in page and "k3y" not in page


def test_deleting_forgets_the_address_and_keeps_its_name_in_the_log(admin, people):
    hook = told.hook(people["sales"])
    told.delivery(webhook=hook, channel="chat", state="sent")
    assert admin.post(f"/notices/hooks/{hook.pk}/delete").status_code == 302
    assert not Webhook.objects.exists() and not Delivery.objects.exists()
    assert Activity.objects.get(code="chat.removed").params == {"name": "Feishu of Li Na"}


@pytest.mark.parametrize(("name", "status"), [("ceo", 403), ("logistics", 404)])
def test_addresses_are_the_administrators(people, signed_in, name, status):
    client, hook = signed_in(people[name]), told.hook(people[name])
    assert client.get("/notices/hooks/").status_code == status
    assert client.get("/notices/hooks/new/").status_code == status
    assert client.get(f"/notices/hooks/{hook.pk}/").status_code == 404
    for path in ("switch", "test", "delete"):
        assert client.post(f"/notices/hooks/{hook.pk}/{path}").status_code == 404
    assert Webhook.objects.get().disabled_at is None


def test_what_is_missing_is_said_to_whoever_comes_without_the_form(people):
    found = hooks.problems(hooks.Details(" ", "", "crowd", None, language="fr"), by=people["admin"])
    assert set(found) == {"name", "url", "audience", "owner", "language"}
    with pytest.raises(hooks.CannotHook):
        hooks.add(hooks.Details(" ", "", "crowd", None), by=people["admin"], at=AT)


def test_no_verb_obeys_a_stranger(people):
    hook = told.hook(people["sales"])
    details = hooks.Details("x", URL, "person", people["sales"])
    for call in (
        lambda: hooks.add(details, by=people["sales"], at=AT),
        lambda: hooks.change(hook, details, by=people["sales"], at=AT),
        lambda: hooks.switch_off(hook, by=people["sales"], at=AT),
        lambda: hooks.switch_on(hook, by=people["sales"], at=AT),
        lambda: hooks.remove(hook, by=people["sales"], at=AT),
        lambda: hooks.test(hook, by=people["sales"], at=AT),
    ):
        with pytest.raises(hooks.CannotHook):
            call()


def test_one_address_or_three_take_the_same_queries(admin, people, queries):
    for number in range(1, 4):
        hook = told.hook(people["sales"], department=make.department("SAL"), name=f"Room {number}")
        told.delivery(webhook=hook, channel="chat")
        if number == 1:
            one = queries(lambda: admin.get("/notices/hooks/"))
    assert queries(lambda: admin.get("/notices/hooks/")) == one
