"""Where the bars of tasks lie on the line of weeks, and what the page says of them."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import timeline
from tests import make

ON = dt.date(2026, 11, 18)  # a Wednesday
LINE = timeline.line(ON)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))


def bar(**given_):
    given_ = {"raised_on": dt.date(2026, 11, 2), "due_on": dt.date(2026, 11, 29), "on": ON} | given_
    return timeline.bar(LINE, **given_)


def test_four_weeks_behind_and_twelve_ahead_beginning_on_mondays():
    assert (LINE.start, LINE.end, len(LINE.mondays)) == (dt.date(2026, 10, 19), dt.date(2027, 2, 15), 17)
    assert [LINE.place(day) for day in (LINE.start, dt.date(2026, 11, 2), LINE.end)] == [0, 118, 1000]


def test_a_bar_goes_from_raised_to_the_end_of_its_last_day():
    assert bar() == timeline.Bar(118, 353)  # two weeks, then six of seventeen
    assert bar(first_due_on=dt.date(2026, 11, 22)) == timeline.Bar(118, 353, first=294)
    assert bar(first_due_on=dt.date(2026, 11, 29)).first is None
    assert bar(done_on=dt.date(2026, 12, 6)) == timeline.Bar(118, 412, done=412)
    assert bar(due_on=None) == timeline.Bar(118, LINE.place(dt.date(2026, 11, 19)))
    assert bar(raised_on=dt.date(2026, 1, 1), due_on=dt.date(2027, 6, 1)) == timeline.Bar(
        0, 1000, is_cut=(True, True)
    )


@given(DAYS, st.none() | DAYS, st.none() | DAYS, st.none() | DAYS)
def test_every_bar_lies_on_the_line_and_has_a_width(raised, due, first, done):
    found = timeline.bar(LINE, raised_on=raised, due_on=due, first_due_on=first, done_on=done, on=ON)
    assert 0 <= found.left < found.right <= timeline.WHOLE + 4
    assert all(one is None or 0 <= one <= timeline.WHOLE for one in (found.first, found.done))


@pytest.mark.django_db
def test_the_page_shows_open_and_lately_done_tasks_by_department_with_words_for_every_bar(people, signed_in):
    from django.utils import timezone  # noqa: PLC0415

    now = timezone.now()
    due = f"{timezone.localdate() + dt.timedelta(days=20)}"
    for code, title, more in (
        ("SCM", "Rent a warehouse", {"due": due}),
        (
            "SAL",
            "Open the shop",
            {"due": due, "original_due_on": timezone.localdate() + dt.timedelta(days=6)},
        ),
        ("SAL", "Long ago", {"status": "done", "done_at": now - dt.timedelta(days=90), "due": "2026-01-01"}),
        ("SAL", "Lately", {"status": "done", "done_at": now - dt.timedelta(days=5), "due": "2026-01-01"}),
    ):
        make.action(title, department=make.department(code), raised_at=now - dt.timedelta(days=10), **more)
    people["ceo"].language = "en"
    people["ceo"].save()
    client = signed_in(people["ceo"])
    page = client.get("/actions/?view=timeline").content.decode()
    titles = re.findall(
        r'<tr class="timeline-group"><th[^>]*>([^<]+)|<a href="/actions/\d+/">([^<]+)</a>', page
    )
    assert ["".join(one) for one in titles] == [
        "Sales",
        "Lately",
        "Open the shop",
        "Supply chain",
        "Rent a warehouse",
    ]
    assert page.count('class="timeline-first"') == 2  # its own, and the key
    assert len(re.findall(r'role="img" aria-label="raised [^"]+, due [^"]+', page)) == 3
    only = client.get(f"/actions/?view=timeline&department={make.department('SCM').slug}").content.decode()
    assert "Rent a warehouse" in only and "Open the shop" not in only
    assert "No action matches." in client.get("/actions/?view=timeline&mine=1").content.decode()
