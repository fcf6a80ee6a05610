"""Chat: what is posted where, what each service's answer means, and when an address is switched off."""

import datetime as dt
import json
import re
import socket
import sys
import time

import pytest
from django.core import checks
from django.utils import translation

from reviewhub.health import checks as doctor
from reviewhub.notices import outbox, own_kinds, packing
from reviewhub.notices.channels import chat, ending, guard, providers
from reviewhub.notices.channels import smtp as smtp_channel
from reviewhub.notices.models import Delivery, Message, Occurrence, Webhook
from tests.notices import receiver, smtp, telling
from tests.notices.smtp import HELD_OUT_S
from tests.notices.telling import MONDAY, Clock
from tests.ports import free_port

BASE = "https://review.example.com"


@pytest.fixture(autouse=True)
def chatting(settings, monkeypatch):
    """Kinds that are told to people's chat and to rooms; 127.0.0.1 stands for the outside world."""
    telling.own_kinds(monkeypatch)
    telling.kind("chatty", chat=True, mail=False, rooms=True)
    settings.BASE_URL, settings.MAIL_PER_SECOND = BASE, 0
    settings.WEBHOOK_LOOPBACK = True
    monkeypatch.setattr(guard, "SECONDS", 1.5)


@pytest.fixture
def room(db):
    """`room(url)` is a room that hears of the chatty kind."""

    def made(url: str, **fields) -> Webhook:
        defaults = {
            "name": "Sales room",
            "audience": "room",
            "kinds": ["chatty"],
            "language": "en",
            "owner": telling.person(),
        }
        return Webhook.objects.create(url=url, created_at=MONDAY, **(defaults | fields))

    return made


def posted(at: dt.datetime = MONDAY, **words) -> Delivery:
    """Tell the room, send; the delivery as it stands."""
    [delivery] = [each for each in telling.packed(code="chatty", at=at, **words) if each.channel == "chat"]
    outbox.deliver(clock=lambda: at)
    delivery.refresh_from_db()
    return delivery


def test_a_room_reads_plain_words_with_a_link_that_asks_for_signing_in(room):
    with receiver.listening() as there:
        room(f"json://127.0.0.1:{there.port}/hook")
        delivery = posted(
            title="Budget <!channel>",
            lines=['Two lines are open <at user_id="all">.'],
            items=[(f"Line {number}", "open", "") for number in range(12)],
            action="Open the form",
            path="/budget/7/",
            link=["budget", "meetings.meeting", "7", "48h"],
        )
    assert (delivery.state, delivery.reply_code) == ("sent", 200)
    [(path, headers, _body)] = there.posts
    assert path == "/hook"
    assert headers["X-ReviewHub-Delivery"] == delivery.idem
    [post] = there.bodies
    assert post["title"] == "Budget ‹!channel›"
    lines = post["message"].splitlines()
    assert lines[0] == 'Two lines are open ‹at user_id="all"›.'
    assert lines[1] == "- Line 0 · open" and lines[10] == "- Line 9 · open"
    assert lines[11] == "… and 2 more"
    assert lines[12] == f"Open the form: {BASE}/budget/7/"
    assert "/l/" not in post["message"]


def test_a_person_is_told_on_the_address_of_their_own_and_in_their_language(room):
    with receiver.listening() as there:
        person = telling.person(language="zh-hans")
        room(f"json://127.0.0.1:{there.port}/", audience="person", owner=person, kinds=[])
        telling.packed(person, code="chatty", title="预算", action="打开", path="/b/")
        outbox.deliver(clock=lambda: MONDAY + dt.timedelta(days=1, hours=2))
    [post] = there.bodies
    assert post["title"] == "预算"
    assert post["message"].startswith("迟发 1 天 2 小时\n打开: https://review.example.com/b/")
    assert "UTC+08:00" in post["message"]


# --- What answers mean ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (200, "sent"),
        (204, "sent"),
        (302, "failed"),
        (400, "failed"),
        (403, "failed"),
        (404, "failed"),
        (410, "failed"),
        (408, "retry"),
        (429, "retry"),
        (500, "retry"),
        (503, "retry"),
    ],
)
def test_the_status_decides(room, status, state):
    with receiver.listening(status=status, answer=b"" if status == 204 else b"no") as there:
        room(f"json://127.0.0.1:{there.port}/")
        delivery = posted()
    assert (delivery.state, delivery.reply_code, delivery.doubts) == (state, status, 0)


@pytest.mark.parametrize("fault", [{"silent": HELD_OUT_S}, {"hang_up": True}])
def test_silence_after_the_post_began_is_in_doubt(room, fault):
    with receiver.listening(**fault) as there:
        room(f"json://127.0.0.1:{there.port}/")
        began = time.monotonic()
        delivery = posted()
        assert time.monotonic() - began < HELD_OUT_S / 2
    assert (delivery.state, delivery.doubts, len(there.posts)) == ("in_doubt", 1, 1)


def test_nobody_there_is_tried_again_and_shuts_no_door_for_others(room):
    room(f"json://127.0.0.1:{free_port()}/")
    for _number in range(6):
        delivery = posted()
        assert (delivery.state, delivery.reply_code, delivery.handed_over_at) == ("retry", None, None)
    with receiver.listening() as there:
        room(f"json://127.0.0.1:{there.port}/", name="Another room")
        telling.packed(code="chatty")
        outbox.deliver(clock=lambda: MONDAY)
        assert len(there.posts) == 1


@pytest.mark.parametrize(
    ("url", "answer", "state"),
    [
        ("feishu://token/", {"code": 0, "msg": "success"}, "sent"),
        ("feishu://token/", {"StatusCode": 0, "StatusMessage": "success"}, "sent"),
        ("feishu://token/", {"code": 19024, "msg": "Key Words Not Found"}, "failed"),
        ("feishu://token/", {"code": 11232, "msg": "frequency limited"}, "retry"),
        ("lark://token/", {"code": 9499, "msg": "Bad Request"}, "failed"),
        ("dingtalk://token/", {"errcode": 0, "errmsg": "ok"}, "sent"),
        ("dingtalk://token/", {"errcode": 310000, "errmsg": "sign not match"}, "failed"),
        ("dingtalk://token/", {"errcode": 130101, "errmsg": "send too fast"}, "retry"),
        ("wecombot://token/", {"errcode": 0, "errmsg": "ok"}, "sent"),
        ("wecombot://token/", {"errcode": 93000, "errmsg": "invalid webhook url"}, "failed"),
        ("wecombot://token/", {"errcode": 45009, "errmsg": "api freq out of limit"}, "retry"),
    ],
)
def test_a_200_that_means_no_is_a_no(room, at_the_services, url, answer, state):
    at_the_services.answer = json.dumps(answer).encode()
    room(url)
    delivery = posted()
    assert (delivery.state, delivery.reply_code) == (state, 200)
    assert "Key Words" not in delivery.error and "token" not in delivery.error


@pytest.mark.parametrize(
    ("url", "state"), [("feishu://token/", "in_doubt"), ("jsons://hooks.example.com/", "sent")]
)
def test_an_answer_without_end_says_as_much_as_its_first_line(room, at_the_services, url, state):
    at_the_services.trickle = True
    room(url)
    began = time.monotonic()
    assert posted().state == state
    assert time.monotonic() - began < HELD_OUT_S / 2


@pytest.fixture
def at_the_services(settings, monkeypatch, tmp_path):
    """Every name leads to a receiver here, with a certificate for the services' names that is trusted."""
    names = ["open.feishu.cn", "open.larksuite.com", "oapi.dingtalk.com", "qyapi.weixin.qq.com"]
    names += ["hooks.slack.com", "prod-1.westeurope.logic.azure.com", "hooks.example.com"]
    settings.WEBHOOK_ALLOWED_HOSTS = ["hooks.example.com"]
    context = smtp.certificate(tmp_path, *names)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    smtp_channel.tls.cache_clear()
    with receiver.listening(tls=context) as there:
        there.names = []

        def answered(host, port, *_rest, **_options):
            there.names.append((host, port))
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", there.port))]

        monkeypatch.setattr(socket, "getaddrinfo", answered)
        yield there
    smtp_channel.tls.cache_clear()


@pytest.mark.parametrize(
    ("url", "host", "path", "words"),
    [
        ("feishu://abc-1/", "open.feishu.cn", "/open-apis/bot/v2/hook/abc-1/", ["content", "text"]),
        ("lark://abc-1/", "open.larksuite.com", "/open-apis/bot/v2/hook/abc-1", None),
        ("dingtalk://abc1/", "oapi.dingtalk.com", "/robot/send?access_token=abc1", None),
        ("wecombot://abc-1/", "qyapi.weixin.qq.com", "/cgi-bin/webhook/send?key=abc-1", None),
        ("slack://T12345678/B12345678/abcdefghijklmnopqrstuvwx/", "hooks.slack.com", None, None),
        (
            "workflows://prod-1.westeurope.logic.azure.com/abc/sig/",
            "prod-1.westeurope.logic.azure.com",
            None,
            None,
        ),
        ("jsons://hooks.example.com/in?+X-Key=abc", "hooks.example.com", "/in", ["message"]),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/abc-1", "open.feishu.cn", None, None),
        ("https://open.larksuite.com/open-apis/bot/v2/hook/abc-1", "open.larksuite.com", None, None),
        ("https://oapi.dingtalk.com/robot/send?access_token=abc1", "oapi.dingtalk.com", None, None),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc-1", "qyapi.weixin.qq.com", None, None),
        (
            "https://hooks.slack.com/services/T12345678/B12345678/abcdefghijklmnopqrstuvwx",
            "hooks.slack.com",
            "/services/T12345678/B12345678/abcdefghijklmnopqrstuvwx",
            None,
        ),
        (
            "https://prod-1.westeurope.logic.azure.com:443/workflows/abc/triggers/manual/paths/invoke"
            "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abc-_1",
            "prod-1.westeurope.logic.azure.com",
            None,
            None,
        ),
    ],
)
def test_each_service_gets_one_encrypted_post_at_its_own_host(
    at_the_services, monkeypatch, url, host, path, words
):
    assert chat.problems(url) == []
    assert at_the_services.names == []  # looking asks nobody
    monkeypatch.setattr("apprise.url.time.sleep", refuse)
    found = chat.deliver(url, chat.Post("预算调整", "还剩 3 小时"), idem="budget:7")
    assert found.is_sent, found
    assert at_the_services.names == [(host, 443)]
    [(asked, headers, body)] = at_the_services.posts
    assert headers["Host"] == host
    assert path in (None, asked)
    assert "还剩 3 小时" in json.dumps(json.loads(body), ensure_ascii=False)
    assert "预算调整" in json.dumps(json.loads(body), ensure_ascii=False)
    assert b"http://" not in body.replace(b"http://adaptivecards.io/schemas/adaptive-card.json", b"")
    if url.startswith("jsons"):
        assert (headers["X-Key"], headers["X-ReviewHub-Delivery"]) == ("abc", "budget:7")
    value = json.loads(body)
    for name in words or ():
        value = value[name]
    assert value


def test_a_certificate_for_another_name_gets_no_post(at_the_services, settings):
    settings.WEBHOOK_ALLOWED_HOSTS = ["other.example.com"]
    found = chat.deliver("jsons://other.example.com/", chat.Post("a", "b"), idem="x")
    assert found.is_unreachable and found.error.startswith("certificate:")
    assert not at_the_services.posts


# --- Where it may go (T23, B120) --------------------------------------------------------------------------

TRICKS = [
    "json://127.0.0.1/",
    "jsons://127.0.0.1/",
    "jsons://127.1/",
    "jsons://127.0.1/",
    "jsons://0/",
    "jsons://0.0.0.0/",
    "jsons://0x7f.1/",
    "jsons://0x7f000001/",
    "jsons://2130706433/",
    "jsons://017700000001/",
    "jsons://0177.0.0.1/",
    "jsons://[::1]/",
    "jsons://[::]/",
    "jsons://[::ffff:127.0.0.1]/",
    "jsons://[::ffff:7f00:1]/",
    "jsons://[64:ff9b::7f00:1]/",
    "jsons://[fe80::1%25eth0]/",
    "jsons://[fd00::1]/",
    "jsons://169.254.169.254/latest/meta-data/",
    "jsons://10.0.0.1/",
    "jsons://172.16.0.1/",
    "jsons://192.168.1.1/",
    "jsons://100.64.0.1/",
    "jsons://224.0.0.1/",
    "jsons://localhost/",
    "jsons://localhost./",
    "jsons://LOCALHOST/",
    "jsons://①②⑦.⓪.⓪.①/",
    "jsons://x@127.0.0.1/",
    "jsons://open.feishu.cn@127.0.0.1/",
    "jsons://open.feishu.cn:443@127.0.0.1:80/",
    "jsons://127.0.0.1#@open.feishu.cn/",
    "jsons://127.0.0.1\\@open.feishu.cn/",
    "jsons://open.feishu.cn.evil.example/",
    "jsons://evil-logic.azure.com/",
    "jsons://open.feishu.cn%2eevil.example/",
    "jsons://open.feishu.cn:22/",
    "jsons://127.0.0.1.nip.io/",
    "json://open.feishu.cn/",
    "http://x@127.0.0.1/",
    "https://127.0.0.1/",
    "https://evil.example/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/_MAIL",
    "mailto://user:password@evil.example",
    "syslog://localhost",
    "workflows://127.0.0.1/abc/sig/",
    "workflows://prod-1.westeurope.logic.azure.com/abc/sig/?template=/etc/passwd",
    "jsons://hooks.example.com/?+Host=127.0.0.1",
    "jsons://hooks.example.com/?+Transfer-Encoding=chunked",
    "jsons://hooks.example.com/?method=GET",
    "jsons://hooks.example.com/?verify=no",
    "jsons://hooks.example.com/?redirect=yes",
    "jsons://hooks.example.com/?cto=3600",
    "slack://xoxb-1234-1234-abcdefghijklmnopqrstuvwx/#general",
    "slack://T12345678/B12345678/abcdefghijklmnopqrstuvwx/?template=/etc/passwd",
    "feishu://token/?+Host=127.0.0.1",
    "feishu://../../evil/",
    "feishu://",
    "",
]


@pytest.mark.parametrize("url", TRICKS)
def test_a_trick_is_named_in_words_and_nothing_leaves(url, settings, monkeypatch):
    settings.WEBHOOK_LOOPBACK = False
    settings.WEBHOOK_ALLOWED_HOSTS = ["hooks.example.com"]
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "socket", refuse)
    told = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            told += chat.problems(url)
    english, chinese = told
    assert english.isascii() or "①" in url or " · " in english
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    found = chat.deliver(url, chat.Post("a", "b"), idem="x")
    assert found.is_permanent and not found.is_sent


def refuse(*_arguments, **_options):
    raise AssertionError("nothing may be looked up or connected to")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.127.255.255"]
    + ["0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "198.51.100.7"]
    + ["::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1", "2001:db8::1"]
    + [
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:1::1",
    ],
)
def test_a_name_that_leads_into_a_private_network_gets_nothing(settings, monkeypatch, address):
    """Whoever owns the name of an allowed host decides where it leads."""
    settings.WEBHOOK_LOOPBACK, settings.WEBHOOK_ALLOWED_HOSTS = False, ["hooks.example.com"]
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    rest = (443, 0, 0) if ":" in address else (443,)
    good = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))
    found = [good, (family, socket.SOCK_STREAM, 6, "", (address, *rest))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "socket", refuse)
    outcome = chat.deliver("jsons://hooks.example.com/", chat.Post("a", "b"), idem="x")
    assert outcome.is_permanent and "private network" in outcome.error


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:2800:220:1::1", "64:ff9b::808:808"])
def test_public_addresses_are_public(address):
    assert guard.is_public(address)


def test_a_name_is_looked_up_once_and_that_very_address_is_connected_to(settings, monkeypatch):
    """DNS rebinding: the second answer would be 127.0.0.1; nobody asks a second time."""
    settings.WEBHOOK_LOOPBACK, settings.WEBHOOK_ALLOWED_HOSTS = False, ["hooks.example.com"]
    answers, dialled = ["93.184.215.14", "127.0.0.1", "127.0.0.1"], []

    def rebinding(host, port, *_rest, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), port))]

    class Line(socket.socket):
        def connect(self, address):
            dialled.append(address)
            raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket, "socket", Line)
    outcome = chat.deliver("jsons://hooks.example.com/", chat.Post("a", "b"), idem="x")
    assert outcome.is_unreachable
    assert dialled == [("93.184.215.14", 443)]
    assert len(answers) == 2


def test_a_redirect_is_not_followed(room):
    with receiver.listening() as inside:
        target = f"http://127.0.0.1:{inside.port}/secret"
        with receiver.listening(status=302, headers={"Location": target}) as there:
            room(f"json://127.0.0.1:{there.port}/")
            assert posted().state == "failed"
        assert inside.posts == []


def test_of_a_large_answer_64_kib_are_read_and_none_is_kept(room):
    with receiver.listening(answer=b"secret" * 500_000) as there:
        room(f"json://127.0.0.1:{there.port}/")
        delivery = posted()
    assert (delivery.state, delivery.error) == ("sent", "")


def test_no_proxy_and_no_stored_password_changes_where_it_goes(room, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login admin password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    with receiver.listening() as there:
        room(f"json://127.0.0.1:{there.port}/")
        assert posted().state == "sent"
    assert there.posts[0][1]["Authorization"] is None


def test_no_allowed_service_has_another_way_out():
    for service in providers.SERVICES:
        found = providers.plugin(service)
        for each in found.__mro__:
            module = sys.modules[each.__module__]
            if each.__module__.startswith("apprise.plugins.") and each is not found:
                assert not hasattr(module, "requests"), f"{service.name}: {each.__module__}"
        ours = sys.modules[found.__module__].requests
        assert isinstance(ours, guard.Requests)
        with pytest.raises(guard.Refusal):
            ours.get("https://open.feishu.cn/")


def test_what_is_for_tests_only_is_flagged(settings, at):
    settings.WEBHOOK_LOOPBACK = False
    assert "WEBHOOK_LOOPBACK" not in [each.code for each in notices_doctor(at)]
    settings.WEBHOOK_LOOPBACK = True
    [found] = [each for each in notices_doctor(at) if each.code == "WEBHOOK_LOOPBACK"]
    assert found.level == doctor.MEND
    assert "notices.E002" in [each.id for each in checks.run_checks(include_deployment_checks=True)]


def notices_doctor(at):
    return list(doctor._registered["chat"](at))


# --- Switched off -----------------------------------------------------------------------------------------


def test_a_permanent_no_switches_the_address_off_and_its_owner_is_told(room):
    with receiver.listening(status=404) as there:
        hook = room(f"json://127.0.0.1:{there.port}/")
        posted()
        hook.refresh_from_db()
        assert (hook.disabled_at, hook.disabled_reason) == (MONDAY, ending.REFUSED)
        telling.expand(clock=lambda: MONDAY)
        told = Message.objects.get(occurrence__kind=own_kinds.WEBHOOK_DISABLED, channel="inapp")
        assert told.user == hook.owner
        with translation.override("en"):
            content = own_kinds._webhook_disabled(told.occurrence, hook.owner)
        assert "Sales room" in content.title
        assert content.lines[0].startswith("The other side refused a post for good")
        telling.tell(code="chatty")
        packing.pack(clock=lambda: MONDAY)
        assert outbox.deliver(clock=lambda: MONDAY) <= 1  # at most the mail to its owner
        assert len(there.posts) == 1


def test_twelve_failures_over_a_day_switch_it_off_and_one_success_begins_anew(room):
    clock = Clock()
    with receiver.listening(status=503) as there:
        hook = room(f"json://127.0.0.1:{there.port}/")
        [delivery] = [each for each in telling.packed(code="chatty") if each.channel == "chat"]
        while delivery.state != "dead":
            outbox.deliver(clock=clock)
            delivery.refresh_from_db()
            if delivery.attempts == 3 and hook.failures == 0:
                there.status = 200
                telling.packed(code="chatty", at=clock())
                outbox.deliver(clock=clock)
                hook.refresh_from_db()
                assert hook.failures == 0
                there.status, hook.failures = 503, -1
            clock.at = max(clock.at, delivery.not_before)
        hook.refresh_from_db()
        assert (hook.failures, hook.disabled_at) == (9, None)
        [delivery] = [each for each in telling.packed(code="chatty", at=clock()) if each.channel == "chat"]
        while delivery.state != "dead":
            outbox.deliver(clock=clock)
            delivery.refresh_from_db()
            clock.at = max(clock.at, delivery.not_before)
        hook.refresh_from_db()
        assert (hook.failures, hook.disabled_at, hook.disabled_reason) == (21, clock(), ending.GIVEN_UP)
    assert Occurrence.objects.filter(kind=own_kinds.WEBHOOK_DISABLED).count() == 1
