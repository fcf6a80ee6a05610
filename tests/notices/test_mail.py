"""A mail as it arrives: headers, both parts, in its reader's language, with links to ourselves alone."""

import datetime as dt
import re

import pytest
from django.utils import translation

from reviewhub.notices import channels, links, outbox
from reviewhub.notices.channels import mail, wording
from reviewhub.notices.models import Delivery
from tests.notices import smtp, telling
from tests.notices.telling import MONDAY, Clock

pytestmark = pytest.mark.django_db
BASE = "https://review.example.com"


@pytest.fixture(autouse=True)
def post(settings, monkeypatch):
    """A real mail server, and an installation that sends through it."""
    telling.own_kinds(monkeypatch)
    telling.kind()
    with smtp.server() as server:
        settings.EMAIL_BACKEND = mail.SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_HOST_USER = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.BASE_URL, settings.MAIL_DOMAIN = BASE, "review.example.com"
        settings.DEFAULT_FROM_EMAIL = "经营会 ReviewHub <review@example.com>"
        settings.MAIL_PER_SECOND = 0
        yield server.post


def parts(letter) -> tuple[str, str]:
    """The text and the HTML of what arrived."""
    assert letter.get_content_type() == "multipart/alternative"
    text, html = letter.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content_charset() == html.get_content_charset() == "utf-8"
    return tuple(part.get_content().replace("\r\n", "\n") for part in (text, html))


def sent(post, *users, at=MONDAY, **words):
    """Tell, pack and send it; what the server took."""
    telling.packed(*users, at=at, **words)
    outbox.deliver(clock=lambda: at)
    return post.letters[-1]


def test_a_mail_carries_its_words_in_text_and_html(post):
    reader = telling.person(email="li@mail.test")
    letter = sent(
        post,
        reader,
        title="48 hours after the meeting",
        lines=["The budget adjustment is due.", "Two lines are open."],
        items=[("Sales", "−¥120,000", "/budget/7/"), ("Marketing", "", "")],
        action="Open the form",
        path="/budget/",
    )
    text, html = parts(letter)
    for part in (text, html):
        for words in (
            "48 hours after the meeting",
            "The budget adjustment is due.",
            "−¥120,000",
            "Marketing",
        ):
            assert words in part
        assert f"{BASE}/budget/7/" in part
    assert f"Open the form:\n{BASE}/budget/\n" in text
    assert f'href="{BASE}/budget/"' in html
    assert letter["Subject"] == "48 hours after the meeting"
    assert letter["To"].addresses[0].addr_spec == letter.envelope == "li@mail.test"
    assert letter["From"].addresses[0].display_name == "经营会 ReviewHub"
    assert Delivery.objects.get().state == "sent"
    assert Delivery.objects.get().reply_code == 250


def test_the_headers_that_programs_read(post):
    letter = sent(post, telling.person(), thread="budget:7")
    delivery = Delivery.objects.get()
    assert letter["Message-ID"] == delivery.message_id
    assert re.fullmatch(r"<[0-9a-f]{32}@review\.example\.com>", letter["In-Reply-To"])
    assert letter["References"] == letter["In-Reply-To"] != letter["Message-ID"]
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "en"
    assert letter["Date"].datetime == MONDAY
    assert letter["List-Unsubscribe"] == f"<{BASE}/notices/settings/>"
    assert letter["List-Unsubscribe-Post"] is None
    assert letter["X-ReviewHub-Retry"] is None


def test_two_mails_of_one_matter_hang_from_one_thread_and_another_matter_from_its_own(post):
    first = sent(post, telling.person(), thread="budget:7")
    second = sent(post, telling.person(), thread="budget:7")
    third = sent(post, telling.person(), thread="budget:8")
    assert first["References"] == second["References"] != third["References"]
    assert len({first["Message-ID"], second["Message-ID"], third["Message-ID"]}) == 3


def test_what_is_required_offers_no_way_out(post):
    telling.kind("needed", required=True)
    letter = sent(post, telling.person(), code="needed")
    assert letter["List-Unsubscribe"] is None
    text, html = parts(letter)
    assert "It is always sent." in text and "· always sent<br>" in html
    assert "/notices/settings/" not in text + html


def test_the_bytes_on_the_wire_are_short_ascii_lines(post):
    reader = telling.person(language="zh-hans")
    letter = sent(post, reader, title="预算调整" * 20, lines=["很长的一行" * 400, ".", "..x"])
    assert letter.raw.isascii()
    assert max(map(len, letter.raw.split(b"\r\n"))) < 998
    assert b"\n" not in letter.raw.replace(b"\r\n", b"")
    text, html = parts(letter)
    assert "很长的一行" * 400 in text and "很长的一行" * 400 in html
    assert "\n.\n..x\n" in text
    assert letter["Subject"].strip() == "预算调整" * 20


def test_every_link_begins_with_the_configured_address_and_nothing_is_loaded(post):
    letter = sent(
        post,
        telling.person(),
        action="Open",
        path="//evil.example/x",
        items=[("One", "", "https://evil.example/"), ("Two", "", "/tasks/2/")],
    )
    text, html = parts(letter)
    addresses = re.findall(r"https?://[^\s\"'<>]+", text + html)
    own = [each for each in addresses if not each.startswith("http://www.w3.org/")]  # a namespace, not a link
    assert own and all(each.startswith(f"{BASE}/") for each in own)
    assert f"{BASE}/tasks/2/" in own
    assert "evil" not in text + html
    assert not re.search(r"<(img|link|script|iframe|object|svg)|url\(|@import|src=|background=", html)


def test_words_of_people_are_text_in_html(post):
    letter = sent(post, telling.person(), title="<b>Bold</b> & co", lines=["<script>alert(1)</script>"])
    text, html = parts(letter)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html and "<script" not in html
    assert "<script>alert(1)</script>" in text
    assert letter["Subject"] == "<b>Bold</b> & co"


@pytest.mark.parametrize(
    "name",
    ["Li\r\nBcc: evil@mail.test", 'Eve" <evil@mail.test>, "', "Li\x07\u2028Na", "evil@mail.test", "李,娜"],
)
def test_a_name_adds_neither_header_nor_recipient(post, name):
    """B116, T25."""
    reader = telling.person(email="li@mail.test")
    reader.name_latin = name
    reader.save()
    letter = sent(post, reader, title="One\r\nBcc: evil@mail.test")
    assert [each.addr_spec for each in letter["To"].addresses] == ["li@mail.test"]
    assert letter["Bcc"] is None and letter["Cc"] is None
    assert letter["Subject"] == "One Bcc: evil@mail.test"
    assert [each.envelope for each in post.letters] == ["li@mail.test"]


def test_the_domain_of_an_address_travels_in_ascii(post):
    """B117: IDN → punycode."""
    letter = sent(post, telling.person(email="li@例子.test"))
    assert letter.envelope == letter["To"].addresses[0].addr_spec == "li@xn--fsqu00a.test"


@pytest.mark.parametrize(
    "address", ["no-address", "li@mail.test\r\nRCPT TO:<evil@mail.test>", "@", "li@", "a@b@c d"]
)
def test_no_address_is_refused_for_good_and_nothing_leaves(post, address):
    [delivery] = telling.packed(telling.person(email=address))
    outbox.deliver(clock=lambda: MONDAY)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reply_code) == ("failed", None)
    assert not post.letters


def test_chinese_readers_read_chinese_with_the_times_of_their_place(post):
    letter = sent(post, telling.person(language="zh-hans"), title="预算调整")
    text, html = parts(letter)
    assert letter["Content-Language"] == "zh-Hans"
    assert '<html lang="zh-Hans"' in html
    for part in (text, html):
        assert "收到原因：Plain notices" in part
        assert part.count("UTC+08:00") == 1
        assert "中国" in part


def test_a_digest_lists_first_and_tells_each_afterwards(post):
    reader = telling.person()
    telling.tell(reader, title="Budget", lines=["First words."], thread="a")
    telling.tell(reader, title="Check-in", lines=["Second words."], action="Answer", path="/check/")
    letter = sent(post, reader, title="Task", lines=["Third words."], thread="a")
    text, html = parts(letter)
    assert letter["Subject"] == "3 notices: Budget …"
    assert letter["In-Reply-To"] is None
    assert text.startswith("3 notices for you\n\n1. Budget\n2. Check-in\n3. Task\n")
    for part in (text, html):
        places = [part.index(words) for words in ("First words.", "Second words.", "Third words.")]
        assert places == sorted(places)
        assert part.index("Task") < places[0]
    assert Delivery.objects.get().messages.count() == 3


def test_a_late_notice_says_by_how_much(post):
    reader = telling.person()
    telling.packed(reader)
    outbox.deliver(clock=lambda: MONDAY + dt.timedelta(days=2, hours=3, minutes=20))
    text, html = parts(post.letters[-1])
    assert "sent late by 2 d 3 h" in text and "sent late by 2 d 3 h" in html
    with translation.override("zh-hans"):
        assert wording.late(dt.timedelta(hours=3, minutes=20)) == "迟发 3 小时 20 分钟"
        assert wording.late(dt.timedelta(minutes=12, seconds=59)) == "迟发 12 分钟"


def test_a_notice_in_time_says_nothing_of_lateness(post):
    telling.packed(telling.person())
    outbox.deliver(clock=lambda: MONDAY + dt.timedelta(minutes=9))
    assert not any("late by" in part for part in parts(post.letters[-1]))


def test_the_sixth_mail_of_a_day_says_that_the_rest_stays_in_the_app(post):
    reader, clock = telling.person(), Clock()
    for number in range(1, 9):
        telling.packed(reader, at=clock(), title=f"Number {number}")
        outbox.deliver(clock=clock)
        clock.forward(minutes=31)
    told = ["Six mails went out to you today." in "".join(parts(letter)) for letter in post.letters]
    assert told == [False] * 5 + [True]


def test_a_mail_to_a_person_carries_the_form_link_and_every_attempt_the_same(post, monkeypatch):
    monkeypatch.setattr(links, "reverse", lambda name, args: f"/l/{args[0]}/")
    reader = telling.person()
    [delivery] = telling.packed(reader, action="Answer", link=["check-in", "people.user", "7", "2026-W48"])
    first = channels.letter(delivery, at=MONDAY)
    again = channels.letter(delivery, at=MONDAY + dt.timedelta(hours=1))
    channels.send(first), channels.send(again)
    found = [re.findall(rf"{BASE}/l/([\w-]{{43}})/", "".join(parts(letter))) for letter in post.letters]
    assert found[0] == found[1] and len(set(found[0])) == 1
    assert links.digest(found[0][0]) == reader.form_links.get().token_hash


def test_a_letter_that_cannot_be_written_leaves_nothing_in_doubt_and_others_go(post):
    def broken(occurrence, user):
        raise RuntimeError("no such row")

    telling.kind("broken", render=broken)
    telling.packed(telling.person(), code="broken")
    telling.packed(telling.person())
    outbox.deliver(clock=lambda: MONDAY)
    rows = Delivery.objects.order_by("state")
    assert [(row.state, row.doubts, row.handed_over_at) for row in rows] == [
        ("retry", 0, None),
        ("sent", 0, MONDAY),
    ]


def test_the_console_takes_a_mail_too(settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    telling.packed(telling.person(email="li@mail.test"), title="On the screen")
    outbox.deliver(clock=lambda: MONDAY)
    assert "Subject: On the screen" in capsys.readouterr().out
    assert Delivery.objects.get().state == "sent"
