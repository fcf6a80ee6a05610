"""One's own notices: what they say, which are unread, and that reading is somebody's act."""

import datetime as dt
import re
import uuid

import pytest

from reviewhub.notices import inbox, kinds
from reviewhub.notices.models import Message
from reviewhub.people.models import User
from tests.make import AT
from tests.notices import told

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def in_english(people):
    User.objects.update(language="en", time_zone="Asia/Shanghai")


@pytest.fixture
def reader(people, signed_in):
    people["finance"].refresh_from_db()
    return signed_in(people["finance"])


def text(answer) -> str:
    return answer.content.decode()


def titles(page: str) -> list[str]:
    return re.findall(r'class="notice-title">(?:<span[^>]*>[^<]*</span>)?([^<]*)<', page)


def test_the_newest_stands_first_under_its_day(reader, people, register):
    for number, ago in enumerate([2 * DAY, DAY, dt.timedelta()]):
        code = f"made.{number}"
        register(told.kind(code, f"Number {number}"))
        told.message(people["finance"], kind=code, at=AT - ago)
    page = text(reader.get("/notices/"))
    assert titles(page) == ["Number 2", "Number 1", "Number 0"]
    assert re.findall(r'id="day-(\d{4}-\d\d-\d\d)"', page) == ["2026-11-22", "2026-11-21", "2026-11-20"]


def test_days_begin_at_midnight_where_the_reader_is(people):
    late = told.message(people["finance"], at=dt.datetime(2026, 11, 22, 16, 30, tzinfo=dt.UTC))
    reader = User.objects.get(username="finance")
    assert [day.on for day in inbox.by_day([late], reader)] == [dt.date(2026, 11, 23)]


def test_somebody_elses_notices_are_not_there(reader, people, signed_in):
    others = told.message(people["sales"])
    assert titles(text(reader.get("/notices/"))) == []
    for path in ("open", "mark"):
        assert reader.post(f"/notices/{others.pk}/{path}").status_code == 404
        assert reader.post(f"/notices/{uuid.uuid4()}/{path}").status_code == 404
    assert Message.objects.get().read_at is None


def test_opening_marks_it_as_read_and_leads_to_its_page(reader, people, register):
    register(told.kind("made"))
    row = told.message(people["finance"], kind="made")
    answer = reader.post(f"/notices/{row.pk}/open")
    assert (answer.status_code, answer["Location"]) == (302, "/actions/")
    first = Message.objects.get().read_at
    assert first is not None
    reader.post(f"/notices/{row.pk}/open")
    assert Message.objects.get().read_at == first


def test_looking_at_the_page_reads_nothing(reader, people):
    row = told.message(people["finance"])
    reader.get("/notices/")
    reader.get("/notices/bell")
    assert reader.get(f"/notices/{row.pk}/open").status_code == 405
    assert Message.objects.get().read_at is None


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", ""])
def test_a_notice_never_leads_out_of_the_house(reader, people, register, path):
    register(told.kind("made", content=kinds.Content(title="Go", path=path)))
    row = told.message(people["finance"], kind="made")
    assert reader.post(f"/notices/{row.pk}/open")["Location"] == "/notices/"


def test_a_kind_or_subject_that_is_gone_leaves_the_others_readable(reader, people, register):
    def broken(occurrence, user):
        return kinds.Content(title=User.objects.get(pk=-1).username)

    register(told.kind("made.broken", render=broken))
    register(told.kind("made.whole", "Still here"))
    told.message(people["finance"], kind="made.whole")
    told.message(people["finance"], kind="made.broken", at=AT - told.hours(1))
    gone = told.message(people["finance"], kind="gone.long_ago", at=AT - told.hours(2))
    page = text(reader.get("/notices/"))
    missing = "What this was about is no longer here"
    assert titles(page) == ["Still here", missing, missing] and "gone · long ago" in page
    assert reader.post(f"/notices/{gone.pk}/open")["Location"] == "/notices/"


def test_whoever_lost_the_right_to_see_it_reads_it_no_more(reader, people, register):
    """A notice of the past is worded from the rows of today: they are asked for like any other page."""
    for code, may in (("seen", True), ("lost", False)):
        register(told.kind(code, f"Matter {code}", visible=lambda occurrence, user, may=may: may))
        told.message(people["finance"], kind=code)
    page = text(reader.get("/notices/"))
    assert sorted(titles(page)) == ["Matter seen", "What this was about is no longer here"]
    lost = Message.objects.get(occurrence__kind="lost")
    assert reader.post(f"/notices/{lost.pk}/open")["Location"] == "/notices/"


def test_what_a_notice_says_is_text_and_never_markup(reader, people, register):
    register(told.kind("made", content=kinds.Content(title="<b>x</b>", lines=("<script>1</script>",))))
    told.message(people["finance"], kind="made")
    page = text(reader.get("/notices/"))
    assert "&lt;b&gt;x" in page and "<script>1" not in page


def test_each_reader_reads_it_in_their_language(people, signed_in):
    User.objects.filter(username="finance").update(language="zh-hans")
    told.message(people["finance"])
    client = signed_in(User.objects.get(username="finance"))
    assert titles(text(client.get("/notices/"))) == ["这是来自 ReviewHub 的测试"]
    User.objects.filter(username="finance").update(language="en")
    assert titles(text(client.get("/notices/"))) == ["This is a test from ReviewHub"]


def test_it_says_by_how_much_it_is_late_where_its_mail_would(reader, people):
    monday = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)  # 10:00 in Shanghai
    told.message(people["finance"], due_at=monday, at=monday + told.hours(3))
    assert "late by 03:00" in text(reader.get("/notices/"))


def test_what_fell_due_in_the_night_is_not_late(reader, people):
    sunday = dt.datetime(2026, 11, 22, 2, tzinfo=dt.UTC)
    told.message(people["finance"], due_at=sunday, at=sunday + told.hours(3))
    assert "late by" not in text(reader.get("/notices/"))


def test_what_was_held_back_by_the_daily_limit_is_said(reader, people):
    from django.utils import timezone  # noqa: PLC0415 - the page looks at the clock

    now = timezone.now()
    for _each in range(2):
        told.message(people["finance"], at=now, channel="email", state="suppressed", reason="cap")
    assert "2 further notices stand here only" in text(reader.get("/notices/"))


def test_all_are_marked_as_read_but_not_what_comes_meanwhile(people):
    told.message(people["finance"])
    told.message(people["finance"], at=AT + told.hours(1))
    told.message(people["sales"])
    assert inbox.mark_all(people["finance"], at=AT) == 1
    assert inbox.unread_count(people["finance"]) == 1 and inbox.unread_count(people["sales"]) == 1


def test_the_page_marks_all_and_single_ones_and_keeps_its_filter(reader, people):
    first, _second = (told.message(people["finance"], at=AT - told.hours(n)) for n in (0, 1))
    answer = reader.post(f"/notices/{first.pk}/mark?show=unread")
    assert (answer.status_code, answer["Location"]) == (302, "/notices/?show=unread")
    assert len(titles(text(reader.get("/notices/?show=unread")))) == 1
    reader.post(f"/notices/{first.pk}/mark", {"unread": "1"})
    assert inbox.unread_count(people["finance"]) == 2
    reader.post("/notices/read")
    assert titles(text(reader.get("/notices/?show=unread"))) == []
    assert len(titles(text(reader.get("/notices/")))) == 2


def test_the_fragment_is_the_part_of_the_page_and_tells_the_bell(reader, people):
    row = told.message(people["finance"])
    htmx = {"HX-Request": "true", "HX-Target": "section#messages"}
    part = text(reader.get("/notices/", headers=htmx))
    assert part.startswith('<section id="messages"') and "<html" not in part
    whole = text(reader.get("/notices/"))

    def without_token(said):
        return re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', r"\1", said)

    assert without_token(part).strip() in without_token(whole)
    answer = reader.post(f"/notices/{row.pk}/mark", headers=htmx)
    assert answer["HX-Trigger"] == "noticesRead" and "data-unread" not in text(answer)


def test_the_list_is_narrowed_by_kind_and_a_kind_that_nobody_sent_shows_everything(reader, people, register):
    register(told.kind("made", "Mine", label="Of the test"))
    told.message(people["finance"], kind="made")
    told.message(people["finance"])
    assert titles(text(reader.get("/notices/?kind=made"))) == ["Mine"]
    assert len(titles(text(reader.get("/notices/?kind=no\0such")))) == 2
    assert len(titles(text(reader.get("/notices/?page=99&show=x")))) == 2


def test_pages_hold_25_each(reader, people):
    for number in range(27):
        told.message(people["finance"], at=AT - dt.timedelta(minutes=number))
    assert len(titles(text(reader.get("/notices/")))) == 25
    assert len(titles(text(reader.get("/notices/?page=2")))) == 2


def test_an_empty_inbox_says_what_will_appear(reader):
    assert "Nobody has told you anything yet" in text(reader.get("/notices/"))


@pytest.mark.parametrize(("count", "shown"), [(0, None), (1, "1"), (99, "99"), (100, "99+"), (130, "99+")])
def test_the_bell_counts_to_99(reader, people, count, shown):
    Message.objects.bulk_create(
        Message(
            occurrence=told.message(people["sales"]).occurrence,
            user=people["finance"],
            channel="inapp",
            idem=f"bell-{number}",
            state="shown",
            not_before=AT,
            created_at=AT,
        )
        for number in range(count)
    )
    for page in ("/actions/", "/notices/bell"):
        found = re.search(r'class="bell-count" aria-hidden="true">([^<]*)<', text(reader.get(page)))
        assert (found and found[1]) == shown


def test_mail_and_suppressed_messages_are_not_counted(people):
    told.message(people["finance"], channel="email")
    told.message(people["finance"], state="suppressed")
    assert inbox.unread_count(people["finance"]) == 0


def test_one_notice_or_three_take_the_same_queries(reader, people, queries):
    told.message(people["finance"])
    one = queries(lambda: reader.get("/notices/"))
    for number in (1, 2):
        told.message(people["finance"], at=AT - number * DAY)
    assert queries(lambda: reader.get("/notices/")) == one


def test_the_bell_costs_a_page_one_query(reader, people, queries):
    part = {"HX-Request": "true", "HX-Target": "section#actions"}
    page, fragment = (
        queries(lambda: reader.get("/actions/")),
        queries(lambda: reader.get("/actions/", headers=part)),
    )
    assert page == fragment + 1
