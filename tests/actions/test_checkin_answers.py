"""An owner answers: every row is kept or none, twice is once, and what changed meanwhile is shown, not overwritten."""

import datetime as dt

import pytest
from django.utils import translation

from actions import blockers, checkin_answers, checkin_rhythm, checkin_rows, followup
from actions.checkin_answers import CannotAnswer
from actions.checkin_rows import Said
from actions.models import Blocker, CheckIn
from reviewhub.notices.models import Occurrence
from reviewhub.people.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
DUE = dt.datetime(2026, 11, 24, 1, 30, tzinfo=dt.UTC)
LATER = DUE + dt.timedelta(hours=1)
ON = dt.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def turn(people):
    return checkin_rhythm.current(make.rhythm(), DUE)


@pytest.fixture
def owner(people):
    return people["owner"]


def seen(action, turn):
    """What the form showed about the action."""
    (row,) = [row for row in checkin_rows.rows(action.owner, turn, on=ON) if row.action == action]
    return row.said.seen


def said(action, turn, status="doing", **fields):
    return Said(action.pk, fields.pop("seen", None) or seen(action, turn), status, **fields)


def problems_of(owner, turn, *rows, at=DUE):
    with pytest.raises(CannotAnswer) as refusal:
        checkin_answers.answer(owner, turn, list(rows), at=at)
    return refusal.value.problems


def named(person):
    return f"u:{person.pk}"


def department(code):
    return f"d:{make.department(code).pk}"


def test_an_answer_moves_the_task_and_keeps_what_was_said(owner, turn):
    first, second = make.action("first", owner), make.action("second", owner, status="doing")
    rows = [
        said(first, turn, "doing", sentence="  VAT number\u200b arrives\n18 Oct ", confidence="mid"),
        said(second, turn, "done"),
    ]
    assert checkin_answers.answer(owner, turn, rows, at=DUE) == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.started_at, second.status, second.done_at) == ("doing", DUE, "done", DUE)
    kept = CheckIn.objects.get(action=first)
    assert (kept.by, kept.at, kept.cycle_key) == (owner, DUE, "2026-W48")
    assert (kept.status_before, kept.status_after, kept.confidence) == ("todo", "doing", "mid")
    assert kept.sentence == "VAT number arrives 18 Oct"
    assert not kept.by_link
    moved = Activity.objects.filter(code="action.status").values_list("actor", "before", "after")
    assert list(moved.order_by("id")) == [
        (owner.pk, {"status": "todo"}, {"status": "doing"}),
        (owner.pk, {"status": "doing"}, {"status": "done"}),
    ]


def test_the_form_lists_open_tasks_by_urgency_and_what_was_done_since_the_last_one(owner, turn, people):
    make.action("undated", owner, due=None)
    make.action("later", owner, due="2026-12-20")
    make.action("sooner", owner, due="2026-12-01")
    make.action("done lately", owner, status="done", done_at=DUE - dt.timedelta(days=14))
    make.action("done before", owner, status="done", done_at=DUE - dt.timedelta(days=14, seconds=1))
    make.action("dropped", owner, status="dropped")
    make.action("of somebody else", people["sales"])
    rows = checkin_rows.rows(owner, turn, on=ON)
    assert [row.action.title for row in rows] == ["sooner", "later", "undated", "done lately"]


def test_what_was_said_last_time_stands_beside_the_task(owner, turn):
    action = make.action(owner=owner)
    checkin_answers.answer(owner, turn, [said(action, turn, sentence="Waiting for samples")], at=DUE)
    (row,) = checkin_rows.rows(owner, turn, on=ON)
    assert (row.said.sentence, row.last_time) == ("Waiting for samples", None)
    following = checkin_rhythm.named("2026-W50", checkin_rhythm.kept(DUE))
    (row,) = checkin_rows.rows(owner, following, on=ON)
    assert (row.said.sentence, row.last_time.sentence) == ("", "Waiting for samples")


def test_the_same_answer_twice_is_once(owner, turn):
    action = make.action(owner=owner)
    row = said(action, turn, "doing", sentence="On it")
    assert checkin_answers.answer(owner, turn, [row], at=DUE) == 1
    assert checkin_answers.answer(owner, turn, [row], at=LATER) == 0
    assert CheckIn.objects.count() == Activity.objects.filter(code="action.status").count() == 1


def test_another_answer_in_the_same_turn_is_kept_beside_the_first(owner, turn):
    action = make.action(owner=owner)
    checkin_answers.answer(owner, turn, [said(action, turn, "doing", sentence="On it")], at=DUE)
    checkin_answers.answer(owner, turn, [said(action, turn, "doing", sentence="Half way")], at=LATER)
    assert list(CheckIn.objects.values_list("sentence", "status_before")) == [
        ("On it", "todo"),
        ("Half way", "doing"),
    ]


def test_one_bad_row_keeps_all_rows_from_being_saved(owner, turn, people):
    good, bad = make.action("good", owner), make.action("bad", owner)
    problems = problems_of(
        owner, turn, said(good, turn, "done"), said(bad, turn, "finished", sentence="x" * 301)
    )
    assert problems == {
        bad.pk: [
            "Choose done, in progress or not started.",
            "One sentence takes at most 300 characters.",
        ]
    }
    assert not CheckIn.objects.exists()
    good.refresh_from_db()
    assert good.status == "todo"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": ""}, "Choose done, in progress or not started."),
        ({"status": "dropped"}, "Choose done, in progress or not started."),
        ({"confidence": "very"}, "Choose high, medium or low confidence, or none."),
        ({"blocked_by": "u:0", "sentence": "Help"}, "Choose a department or a person from the list."),
        ({"blocked_by": "junk", "sentence": "Help"}, "Choose a department or a person from the list."),
        ({"blocked_by": "supply"}, "Say in one sentence what you need from them."),
        (
            {"blocked_by": "supply", "status": "done", "sentence": "Help"},
            "A task that is done waits for nobody.",
        ),
        ({"blocked_by": "owner", "sentence": "Help"}, "Choose a department or a person from the list."),
    ],
)
def test_what_stands_against_a_row_is_said_beside_it(owner, turn, people, fields, sentence):
    action = make.action(owner=owner)
    blocked_by = fields.get("blocked_by", "")
    who = named(people[blocked_by]) if blocked_by in people else blocked_by
    row = said(action, turn, **{"status": "doing"} | fields | {"blocked_by": who})
    assert problems_of(owner, turn, row) == {action.pk: [sentence]}
    assert not CheckIn.objects.exists()


def test_a_second_tab_is_shown_what_changed_and_overwrites_only_knowingly(owner, turn):
    action = make.action(owner=owner)
    old = said(action, turn, "doing", sentence="From the second tab")
    first = said(action, turn, "done", sentence="Live since today")
    checkin_answers.answer(owner, turn, [first], at=DUE)
    problems = problems_of(owner, turn, old, at=LATER)
    assert problems == {
        action.pk: ["This changed at 01:30: “Done”, Live since today. Save again to replace that with yours."]
    }
    (row,) = checkin_rows.rows(owner, turn, on=ON, typed={action.pk: old}, problems=problems)
    assert (row.said.status, row.said.sentence) == ("doing", "From the second tab")
    assert checkin_answers.answer(owner, turn, [row.said], at=LATER) == 1
    action.refresh_from_db()
    assert action.status == "doing"


def test_a_move_on_the_board_meanwhile_is_shown_too(owner, turn):
    action = make.action(owner=owner)
    old = said(action, turn, "doing")
    followup.set_status(action, "done", by=owner, at=DUE)
    assert problems_of(owner, turn, old) == {
        action.pk: ["This changed meanwhile: it is now “Done”. Save again to replace that."]
    }


def test_a_task_that_went_to_somebody_else_refuses_all_and_gives_the_words_back(owner, turn, people):
    mine, gone = make.action("mine", owner), make.action("gone", owner)
    rows = [said(mine, turn, "done"), said(gone, turn, sentence="Nearly there")]
    gone.owner = people["sales"]
    gone.save()
    assert problems_of(owner, turn, *rows) == {
        0: ["One of these tasks is not yours any more. You had written: “Nearly there”"]
    }
    mine.refresh_from_db()
    assert mine.status == "todo" and not CheckIn.objects.exists()


def test_nobody_answers_for_the_task_of_another(owner, turn, people):
    other = make.action(owner=people["sales"])
    assert problems_of(owner, turn, Said(other.pk, "todo.0", "done")) == {
        0: ["One of these tasks is not yours any more."]
    }
    other.refresh_from_db()
    assert other.status == "todo"


def test_an_empty_answer_and_one_of_somebody_who_left_are_refused(owner, turn):
    action = make.action(owner=owner)
    assert problems_of(owner, turn) == {0: ["There is no task in this answer."]}
    row = said(action, turn)
    owner.is_active = False
    owner.save()
    problems = problems_of(owner, turn, row)
    assert problems[0] == [f"{owner} does not work here any more."]


# --- Blocks ---------------------------------------------------------------------------------------------------


def test_a_block_lands_with_the_lead_and_has_three_working_days(owner, turn, people):
    action = make.action(owner=owner)
    row = said(action, turn, blocked_by=department("SCM"), sentence="Return labels")
    checkin_answers.answer(owner, turn, [row], at=DUE)
    blocker = Blocker.objects.get()
    assert (blocker.department.code, blocker.person, blocker.wanted) == ("SCM", None, "Return labels")
    assert blocker.due_at == DUE + dt.timedelta(days=3)  # Tuesday to Friday, 09:30 in Shanghai
    assert list(blockers.asked(blocker)) == [people["supply"]]
    kept = CheckIn.objects.get()
    assert (kept.blocked_by_department.code, kept.blocked_by_person) == ("SCM", None)
    told = Occurrence.objects.get(kind="blocked")
    assert (told.subject_id, told.due_at) == (str(blocker.pk), DUE)
    line = Activity.objects.get(code="action.blocked")
    assert (line.actor, line.params, line.after) == (owner, {"title": action.title}, {"department": "SCM"})


def test_named_again_the_first_clock_runs_on_and_nobody_is_told_twice(owner, turn, people):
    action = make.action(owner=owner)
    block = {"blocked_by": named(people["supply"])}
    checkin_answers.answer(owner, turn, [said(action, turn, sentence="Labels", **block)], at=DUE)
    checkin_answers.answer(owner, turn, [said(action, turn, sentence="Labels, soon", **block)], at=LATER)
    checkin_answers.answer(owner, turn, [said(action, turn, sentence="", **block)], at=LATER)
    blocker = Blocker.objects.get()
    assert (blocker.raised_at, blocker.wanted) == (DUE, "Labels, soon")
    assert Occurrence.objects.filter(kind="blocked").count() == 1


def test_naming_somebody_else_ends_the_first_block(owner, turn, people):
    action = make.action(owner=owner)
    for who, at in (("supply", DUE), ("finance", LATER)):
        row = said(action, turn, blocked_by=named(people[who]), sentence=f"Help, {who}")
        checkin_answers.answer(owner, turn, [row], at=at)
    first, second = Blocker.objects.order_by("id")
    assert (first.ended_at, first.ended_by) == (LATER, owner)
    assert (second.person, second.ended_at) == (people["finance"], None)
    waiting = Occurrence.objects.filter(kind="blocked").order_by("id").values_list("state", flat=True)
    assert list(waiting) == ["cancelled", "planned"]


@pytest.mark.parametrize(
    "fields", [{"status": "doing"}, {"status": "done"}, {"status": "done", "kept": True}]
)
def test_a_block_ends_with_a_word_of_the_owner_and_with_the_task(owner, turn, people, fields):
    action = make.action(owner=owner)
    who = named(people["supply"])
    checkin_answers.answer(owner, turn, [said(action, turn, blocked_by=who, sentence="Labels")], at=DUE)
    row = said(action, turn, fields["status"], blocked_by=who if fields.get("kept") else "")
    checkin_answers.answer(owner, turn, [row], at=LATER)
    blocker = Blocker.objects.get()
    assert (blocker.ended_at, blocker.ended_by) == (LATER, owner)


def test_somebody_who_left_meanwhile_has_to_be_replaced_not_forgotten(owner, turn, people):
    action = make.action(owner=owner)
    who = named(people["supply"])
    checkin_answers.answer(owner, turn, [said(action, turn, blocked_by=who, sentence="Labels")], at=DUE)
    people["supply"].is_active = False
    people["supply"].save()
    assert problems_of(owner, turn, said(action, turn, "doing", blocked_by=who)) == {
        action.pk: [f"{people['supply']} cannot be asked any more. Name somebody else."]
    }


def test_a_department_without_anybody_to_answer_cannot_be_named(owner, people):
    codes = {helper.code for helper in blockers.helpers(owner)}
    assert department("SCM") in codes
    people["supply"].assignments.update(ended_at=DUE)
    assert department("SCM") not in {helper.code for helper in blockers.helpers(owner)}


def test_a_partner_names_its_own_people_and_the_facilitator(people):
    colleague = make.user("partner", "LOG")
    names = {helper.name for helper in blockers.helpers(people["logistics"])}
    with translation.override("en"):
        assert names == {
            make.department("LOG").name,
            colleague.display_name,
            people["facilitator"].display_name,
        }


def test_a_lead_is_not_sent_back_to_themselves(people):
    assert department("SCM") not in {helper.code for helper in blockers.helpers(people["supply"])}
    assert named(people["supply"]) not in {helper.code for helper in blockers.helpers(people["supply"])}
