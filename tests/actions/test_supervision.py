"""Three colours, tasks that wait for others, how urgent they are, and how much is due in one week already."""

import datetime as dt

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from actions import board, dependencies, followup, load, supervision
from actions.models import Action, CheckIn, Dependency
from reviewhub.notices import expanding, kinds
from reviewhub.notices.models import Channel, Message
from reviewhub.people.models import Activity
from tests import make

DAY = make.AT.date()


@pytest.mark.parametrize(
    ("status", "raised", "due", "more", "expected"),
    [
        ("doing", -10, -1, {}, "overdue"),
        ("doing", -10, 0, {}, "near"),
        ("doing", -10, 3, {}, "near"),
        ("doing", -10, 4, {}, ""),
        ("todo", -10, 10, {}, ""),
        ("todo", -11, 10, {}, "behind"),
        ("todo", -11, 1, {}, "behind"),
        ("doing", -1, 30, {"unsure": True}, "behind"),
        ("doing", -10, -1, {"unsure": True}, "overdue"),
        ("todo", -10, -1, {"paused": True}, "paused"),
        ("done", -10, -1, {"paused": True}, ""),
        ("todo", -10, None, {}, ""),
    ],
)
def test_the_strongest_colour_counts(status, raised, due, more, expected):
    found = supervision.colour(
        status=status,
        raised_on=DAY + dt.timedelta(days=raised),
        due_on=None if due is None else DAY + dt.timedelta(days=due),
        on=DAY,
        **more,
    )
    assert found == expected


pairs = st.tuples(st.integers(1, 7), st.integers(1, 7)).filter(lambda one: one[0] != one[1])


@given(st.lists(pairs, max_size=20))
def test_what_is_let_in_one_by_one_never_goes_round(asked):
    edges: set[tuple[int, int]] = set()
    for waiting, awaited in asked:
        if not supervision.goes_round(edges, waiting, awaited):
            edges.add((waiting, awaited))
    for one in range(1, 8):
        reached, level = set(), {to for start, to in edges if start == one}
        while level - reached:
            reached |= level
            level = {to for start, to in edges if start in level}
        assert one not in reached


def shown(action, reader) -> str:
    return board.cards(board.with_pace(Action.objects.filter(pk=action.pk)), reader=reader, on=DAY)[0].colour


@pytest.mark.django_db
def test_a_task_that_waits_is_not_late_until_the_other_one_is_over(people, signed_in):
    late = make.action("Open the shop", owner=people["owner"], due="2026-11-01")
    first = make.action("Get a VAT number", owner=people["finance"], due="2026-12-20")
    assert shown(late, people["owner"]) == "overdue"
    client = signed_in(people["owner"])
    assert (
        client.post(f"/actions/{late.pk}/wait", {"awaited": first.pk})["Location"] == f"/actions/{late.pk}/"
    )
    client.post(f"/actions/{late.pk}/wait", {"awaited": first.pk})
    assert Dependency.objects.count() == 1
    assert (shown(late, people["owner"]), list(Action.objects.overdue(DAY))) == ("paused", [])
    assert "Get a VAT number" in client.get(f"/actions/{late.pk}/").content.decode()
    assert "Open the shop" in signed_in(people["finance"]).get(f"/actions/{first.pk}/").content.decode()
    Action.objects.filter(pk=first.pk).update(status="done", done_at=make.AT)
    assert (shown(late, people["owner"]), list(Action.objects.overdue(DAY))) == ("overdue", [late])
    told = list(Activity.objects.filter(subject_id=str(late.pk)).values_list("code", flat=True))
    assert told == ["action.waits"]


@pytest.mark.django_db
def test_the_owner_is_told_once_nothing_holds_the_task_up_any_more(people):
    people["owner"].language = "en"
    people["owner"].save()
    waiting = make.action("Open the shop", owner=people["owner"])
    held_by = [make.action(title, owner=people["finance"]) for title in ("VAT number", "Bank account")]
    for one in held_by:
        dependencies.wait(waiting, one, by=people["owner"], at=make.AT)

    def over(action, minutes):
        at = make.AT + dt.timedelta(minutes=minutes)
        followup.set_status(action, "done", by=people["finance"], at=at)
        expanding.expand(clock=lambda: at)
        rows = Message.objects.filter(channel=Channel.INAPP, occurrence__kind=followup.GOES_ON)
        rows = rows.exclude(state=Message.State.SUPPRESSED)
        return [kinds.find(followup.GOES_ON).render(row.occurrence, row.user) for row in rows]

    with translation.override("en"):
        assert over(held_by[0], 1) == []
        [told] = over(held_by[1], 2)
        assert (told.title, told.lines[0]) == ("“Open the shop” waits no more", "“Bank account” is over.")


@pytest.mark.django_db
def test_circles_strangers_and_tasks_that_are_over_are_refused_beside_the_field(people, signed_in):
    one = make.action("One", owner=people["owner"])
    two = make.action("Two", owner=people["owner"])
    dependencies.wait(one, two, by=people["owner"], at=make.AT)
    people["owner"].language = "en"
    people["owner"].save()
    client = signed_in(people["owner"])
    answer = client.post(f"/actions/{two.pk}/wait", {"awaited": one.pk})
    assert answer.status_code == 422 and "“One” waits for this task already." in answer.content.decode()
    secret = make.action("Secret", owner=people["finance"], confidentiality=3)
    answer = client.post(f"/actions/{two.pk}/wait", {"awaited": secret.pk})
    assert answer.status_code == 422 and "Secret" not in answer.content.decode()
    assert client.post(f"/actions/{two.pk}/wait", {"awaited": "x"}).status_code == 422
    assert signed_in(people["tech"]).post(f"/actions/{two.pk}/wait", {"awaited": one.pk}).status_code == 422
    assert (
        signed_in(people["logistics"]).post(f"/actions/{two.pk}/wait", {"awaited": one.pk}).status_code == 404
    )
    assert Dependency.objects.count() == 1
    row, client = Dependency.objects.get(), signed_in(people["owner"])
    assert client.post(f"/actions/{one.pk}/wait/{row.pk}/end").status_code == 302
    assert client.post(f"/actions/{one.pk}/wait/{row.pk}/end").status_code == 302
    assert not Dependency.objects.standing().exists()
    assert Activity.objects.filter(code="action.waits_no_more").count() == 1


@pytest.mark.django_db
def test_a_low_word_of_the_owner_makes_it_yellow_until_the_next_word(people):
    row = make.action(owner=people["owner"], due="2027-03-01", status="doing")
    for confidence, expected in (("high", ""), ("low", "behind"), ("mid", "")):
        CheckIn.objects.create(
            action=row,
            by=people["owner"],
            at=make.AT,
            cycle_key="2026-11-24",
            status_before="doing",
            status_after="doing",
            confidence=confidence,
        )
        assert shown(row, people["owner"]) == expected


@pytest.mark.django_db
def test_priority_and_who_works_along_are_said_on_the_page_and_filter_the_board(people, signed_in):
    row = make.action("Translate listings", owner=people["owner"])
    make.action("Something else", owner=people["owner"])
    client, along = signed_in(people["owner"]), make.department("MKT")
    given = {"priority": 1, "collaborators": [along.pk]}
    assert client.post(f"/actions/{row.pk}/details", given).status_code == 302
    row.refresh_from_db()
    assert (row.priority, [one.code for one in row.collaborators.all()]) == (1, ["MKT"])
    page = client.get("/actions/?urgent=1").content.decode()
    assert "Translate listings" in page and "Something else" not in page
    gone = make.department("LOG")
    row.collaborators.add(gone)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    assert client.post(f"/actions/{row.pk}/details", {"priority": 1}).status_code == 302
    assert [one.code for one in row.collaborators.all()] == ["LOG"]  # it was not offered: it stays
    assert client.post(f"/actions/{row.pk}/details", {"priority": 9}).status_code == 422
    assert signed_in(people["tech"]).post(f"/actions/{row.pk}/details", given).status_code == 422
    assert Activity.objects.filter(code="action.detailed").count() == 2


@pytest.mark.django_db
def test_who_would_promise_more_sees_how_much_is_due_that_week(people, signed_in):
    for day in (7, 8, 9, 12, 13):
        make.action(owner=people["owner"], due=f"2026-12-{day:02}")
    make.action(owner=people["owner"], due="2026-12-14")
    asked = make.action("One more", owner=people["owner"], due="2026-12-10", raised_by=people["sales"])
    wanted = [
        (people["owner"].pk, dt.date(2026, 12, 10)),
        (people["owner"].pk, dt.date(2026, 12, 14)),
        (None, DAY),
    ]
    counted = load.due_beside(wanted, but=[asked.pk])
    assert [counted[one] for one in wanted[:2]] == [5, 1]
    people["owner"].language = "en"
    people["owner"].save()
    page = signed_in(people["owner"]).get(f"/actions/{asked.pk}/").content.decode()
    assert "5 open tasks are due in that week already" in " ".join(page.split())
    with translation.override("en"):
        assert load.week_of(dt.date(2026, 12, 13)) == (dt.date(2026, 12, 7), dt.date(2026, 12, 13))
