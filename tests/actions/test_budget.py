"""The 48-hour budget loop on real rows: clock, draft, publishing, the second pen, an executive's word (E4)."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from actions import budget, budget_due, budget_lines
from actions.budget_lines import Typed
from actions.models import BudgetAdjustment, BudgetLine
from reviewhub.notices.models import Occurrence
from reviewhub.people.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
ENDED = dt.datetime(2026, 11, 20, 9, 52, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MOVE = Typed("MKT/FB-US", "MKT/TikTok-DE", "20万", "D-44", "")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def review(people):
    return make.review(meeting_at=ENDED - 4 * HOUR)


@pytest.fixture
def clock(review, people):
    return budget.open_clock(review, ended_at=ENDED, by=people["facilitator"], at=ENDED)


def save(clock, people, *typed, by="finance", version=None, at=ENDED + HOUR):
    clock.refresh_from_db()
    return budget.save_draft(
        clock, list(typed), version=clock.version if version is None else version, by=people[by], at=at
    )


def publish(clock, people, *typed, by="finance", version=None, at=ENDED + HOUR, nothing=False):
    clock.refresh_from_db()
    number = clock.version if version is None else version
    return budget.publish(clock, list(typed), version=number, by=people[by], at=at, nothing=nothing)


def refused(call) -> list[str]:
    with pytest.raises(budget.CannotSave) as refusal:
        call()
    return refusal.value.problems


def codes():
    return list(
        Activity.objects.filter(code__startswith="budget.").order_by("id").values_list("code", flat=True)
    )


# The clock in the meeting


def test_the_end_of_the_meeting_starts_the_clock(room, people):
    room.at(0).order("start")
    room.at(60).order("end")
    assert not BudgetAdjustment.objects.exists()  # closing: it has not ended yet
    room.at(61).order("end")
    row = BudgetAdjustment.objects.get()
    assert row.opened_at == room.row().ended_at == room.start + dt.timedelta(minutes=61)
    assert (row.due_at - row.opened_at).total_seconds() == 172_800
    assert (row.currency, row.is_open, codes()) == ("CNY", True, ["budget.opened"])


def test_reopening_stops_it_and_the_last_end_counts(room, people):
    room.at(0).order("start")
    room.at(60).order("end")
    room.at(61).order("end")
    first = BudgetAdjustment.objects.get()
    save(first, people, MOVE)
    room.at(65).order("reopen")
    first.refresh_from_db()
    assert first.cancelled_at == room.start + dt.timedelta(minutes=65)
    room.at(70).order("end")
    second = BudgetAdjustment.objects.open().get()
    assert second.opened_at == room.start + dt.timedelta(minutes=70)
    assert budget_lines.kept(second) == [Typed("MKT/FB-US", "MKT/TikTok-DE", "200,000", "D-44", "")]
    assert codes() == ["budget.opened", "budget.saved", "budget.cancelled", "budget.opened"]


def test_undoing_the_end_stops_it_and_undoing_the_reopening_takes_the_first_end_again(room):
    room.at(0).order("start")
    room.at(60).order("end")
    room.at(61).order("end")
    room.at(61, 10).order("undo")
    assert not BudgetAdjustment.objects.open().exists() and room.row().ended_at is None
    room.at(62).order("end")
    room.at(63).order("reopen")
    room.at(63, 5).order("undo")
    assert BudgetAdjustment.objects.open().get().opened_at == room.start + dt.timedelta(minutes=62)


def test_reopening_leaves_what_is_published_and_the_next_end_asks_again(room, people):
    room.at(0).order("start")
    room.at(60).order("end")
    room.at(61).order("end")
    done = publish(BudgetAdjustment.objects.get(), people, MOVE, at=room.start + HOUR * 2)
    room.at(65).order("reopen")
    room.at(66).order("end")
    done.refresh_from_db()
    assert done.cancelled_at is None and BudgetAdjustment.objects.open().get().lines.count() == 0


def test_orders_that_do_not_end_the_meeting_leave_the_budget_alone(room):
    room.at(0).order("start")
    room.at(5).order("next")
    room.at(5, 9).order("undo")
    room.at(7).order("pause", reason="break")
    assert not BudgetAdjustment.objects.exists()


def test_the_same_end_twice_is_one_clock(clock, review, people):
    again = budget.open_clock(review, ended_at=ENDED, by=people["facilitator"], at=ENDED)
    assert again == clock and codes() == ["budget.opened"]


def test_a_review_has_one_open_clock_says_the_database(clock, review):
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetAdjustment.objects.create(
            review=review, opened_at=ENDED + HOUR, due_at=ENDED + 49 * HOUR, currency="CNY"
        )


# The draft


def test_a_draft_may_be_unfinished(clock, people):
    row = save(clock, people, Typed("MKT/FB-US", "", "", "D-44", "ask Sun"), Typed())
    line = row.lines.get()
    assert (line.amount, line.position, line.from_department.code) == (None, 1, "MKT")
    assert (row.version, row.saved_by, row.saved_at) == (1, people["finance"], ENDED + HOUR)


def test_accounts_know_their_department_and_decisions_their_action(clock, review, people):
    action = make.action("Publish", review=review)
    other = make.action("Elsewhere")
    row = save(
        clock,
        people,
        Typed("市场/FB", "scm/EU", "1", f"#{action.pk} Publish"),
        Typed("reserve", "", "1", f"#{other.pk}"),
    )
    first, second = row.lines.order_by("position")
    assert (first.from_department.code, first.to_department.code, first.action) == ("MKT", "SCM", action)
    assert (second.from_department, second.action) == (None, None)


def test_saving_what_is_stored_changes_nothing_however_it_is_spelled(clock, people):
    save(clock, people, MOVE)
    again = save(clock, people, Typed("MKT/FB-US", "MKT/TikTok-DE", "200,000", "D-44"), version=0)
    assert again.version == 1 and codes().count("budget.saved") == 1


def test_the_second_pen_is_told_and_changes_nothing(clock, people):
    make.user("lead", "FIN", username="second")
    save(clock, people, MOVE)
    mine = Typed("reserve", "SCM/EU", "5")
    with pytest.raises(budget.Stale) as late:
        save(clock, people, mine, version=0)
    assert late.value.adjustment.version == 1
    assert budget_lines.kept(clock)[0].to_account == "MKT/TikTok-DE"
    assert save(clock, people, mine, version=1).version == 2


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (Typed("A", "B", "abc"), "Line 1: This is not an amount. Write 200000, 200,000, 20万 or 0.2m."),
        (Typed("A", "B", "-5"), "Line 1: An amount has no sign. For a cut leave the target empty."),
        (Typed("A", "B", "$5"), "Line 1: Amounts are in CNY here."),
        (Typed("A" * 81, "B", "5"), "Line 1: Write at most 80 characters."),
    ],
)
def test_what_cannot_be_read_is_not_kept(clock, people, typed, problem):
    assert refused(lambda: save(clock, people, typed)) == [problem]
    assert clock.lines.count() == 0 and codes() == ["budget.opened"]


def test_more_than_a_hundred_lines_are_refused(clock, people):
    many = [Typed("A", "B", "1")] * 101
    assert refused(lambda: save(clock, people, *many)) == ["An adjustment has at most 100 lines."]


@pytest.mark.parametrize(
    "who", ["ceo", "facilitator", "steward", "admin", "marketing", "owner", "logistics", "hr"]
)
def test_only_finance_writes(clock, people, who):
    assert refused(lambda: save(clock, people, MOVE, by=who)) == [
        "Only Finance writes the budget adjustment."
    ]
    assert refused(lambda: publish(clock, people, MOVE, by=who)) == [
        "Only Finance writes the budget adjustment."
    ]


def test_who_holds_the_ability_for_the_company_publishes_too(clock, people):
    person = make.user("lead")  # bound to no department
    assert person.abilities["budget.publish"] == {None} and budget.may_publish(person)
    assert not budget.may_publish(people["sales"]) and budget.may_publish(people["finance"])


# Publishing


def test_published_in_time_with_its_amounts_exact(clock, people):
    row = publish(clock, people, Typed("MKT", "SCM", "0.0001"), MOVE, at=clock.due_at)
    assert (row.published_at, row.published_by, row.late_s) == (clock.due_at, people["finance"], 0)
    assert list(row.lines.values_list("amount", flat=True)) == [1, 2_000_000_000]
    assert codes() == ["budget.opened", "budget.saved", "budget.published"]


@pytest.mark.parametrize(("seconds", "late_s"), [(1, 1), (7392, 7392), (0.9, 0)])
def test_late_is_flagged_to_the_second_and_not_refused(clock, people, seconds, late_s):
    row = publish(clock, people, MOVE, at=clock.due_at + dt.timedelta(seconds=seconds))
    assert row.late_s == late_s
    line = Activity.objects.filter(code__startswith="budget.published").get()
    assert (line.code, line.params.get("late_s")) == (
        ("budget.published_late", late_s) if late_s else ("budget.published", None)
    )


def test_publishing_twice_is_publishing_once(clock, people):
    first = publish(clock, people, MOVE)
    again = publish(clock, people, MOVE, version=0, at=ENDED + 3 * HOUR)
    assert again.published_at == first.published_at
    assert codes().count("budget.published") == 1
    assert Occurrence.objects.filter(kind="budget.published").count() == 1


def test_what_is_published_does_not_change(clock, people):
    publish(clock, people, MOVE)
    with pytest.raises(budget.Stale):
        publish(clock, people, Typed("A", "B", "1"))
    (problem,) = refused(lambda: save(clock, people, Typed("A", "B", "1")))
    assert problem.endswith("published this adjustment; it does not change any more.")
    assert clock.lines.get().amount == 2_000_000_000


def test_a_stale_publisher_publishes_nothing(clock, people):
    save(clock, people, MOVE)
    with pytest.raises(budget.Stale):
        publish(clock, people, Typed("A", "B", "1"), version=0)
    clock.refresh_from_db()
    assert clock.is_open


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ([], ["Write at least one line, or say that nothing changes."]),
        ([Typed("A", "B", "")], ["Line 1 has no amount."]),
        ([MOVE, Typed("", "", "5")], ["Line 2 names no account."]),
        ([Typed("A", "a", "5")], ["Line 1 moves money to where it comes from."]),
        ([Typed("A", "B", "x")], ["Line 1: This is not an amount. Write 200000, 200,000, 20万 or 0.2m."]),
        (
            [Typed("A", "", "5"), Typed("", "B", "5.01")],
            ["The lines do not add up to zero. An executive can allow it and says why."],
        ),
    ],
)
def test_what_stands_against_publishing_is_a_list_that_refuses_too(clock, people, typed, problems):
    lines = budget_lines.read_lines(typed, "CNY")
    assert budget.publish_problems(clock, lines, by=people["finance"]) == problems
    assert refused(lambda: publish(clock, people, *typed)) == problems
    clock.refresh_from_db()
    assert clock.is_open and clock.version == 0


def test_one_sided_lines_that_add_up_to_zero_are_published(clock, people):
    row = publish(
        clock, people, Typed("reserve", "", "5.0001"), Typed("", "SCM/EU", "5"), Typed("", "MKT", "0.0001")
    )
    assert row.published_at and budget.saved_sum(row) == 0


def test_nothing_changes_is_said_and_published(clock, people):
    assert publish(clock, people, nothing=True).lines.count() == 0


# An executive's word


def test_an_executive_allows_exactly_this_sum(clock, people):
    new_money = Typed("", "SCM/EU", "15万")
    row = save(clock, people, new_money)
    assert budget_due.wants_word(row)
    row = budget.allow_sum(row, " peak\nseason ", version=1, by=people["ceo"], at=ENDED + 2 * HOUR)
    assert (row.allowed_sum, row.allowed_by, row.allowed_reason) == (
        1_500_000_000,
        people["ceo"],
        "peak season",
    )
    assert not budget_due.wants_word(row)
    more = refused(lambda: publish(clock, people, Typed("", "SCM/EU", "150,000.01")))
    assert more == ["The lines do not add up to zero. An executive can allow it and says why."]
    assert publish(clock, people, new_money).published_at
    assert codes() == ["budget.opened", "budget.saved", "budget.allowed", "budget.published"]


def test_a_word_needs_an_executive_a_reason_and_a_sum(clock, people):
    row = save(clock, people, MOVE)
    ask = {"version": 1, "at": ENDED + 2 * HOUR}
    assert refused(lambda: budget.allow_sum(row, "x", by=people["ceo"], **ask)) == [
        "The saved lines add up to zero: there is nothing to allow."
    ]
    row = save(clock, people, Typed("", "SCM", "5"))
    for who in ("finance", "facilitator", "admin", "observer"):
        assert refused(lambda who=who: budget.allow_sum(row, "x", by=people[who], version=2, at=ENDED)) == [
            "Only an executive allows a sum that is not zero."
        ]
    assert refused(lambda: budget.allow_sum(row, " ", by=people["ceo"], version=2, at=ENDED)) == [
        "Say why in a few words."
    ]
    with pytest.raises(budget.Stale):
        budget.allow_sum(row, "x", by=people["ceo"], version=1, at=ENDED)


# Who sees it


@pytest.mark.parametrize(
    ("who", "open_", "published"),
    [
        ("finance", 2, 2), ("ceo", 2, 2), ("facilitator", 2, 2), ("steward", 2, 2), ("admin", 2, 2),
        ("marketing", 0, 1), ("supply", 0, 2), ("sales", 0, 0), ("tech", 0, 0), ("owner", 0, 0), ("scribe", 0, 0),
        ("hr", 0, 0), ("observer", 0, 0), ("logistics", 0, 0),
    ],
)  # fmt: skip
def test_who_reads_drafts_and_who_reads_own_lines_once_published(clock, people, who, open_, published):
    lines = [Typed("MKT/FB", "SCM/EU", "5"), Typed("reserve", "SCM/EU", "7")]
    save(clock, people, *lines)
    seen = lambda: BudgetLine.objects.visible_to(people[who]).count()  # noqa: E731
    assert (seen(), BudgetAdjustment.objects.visible_to(people[who]).count()) == (open_, min(open_, 1))
    publish(clock, people, *lines)
    assert (seen(), BudgetAdjustment.objects.visible_to(people[who]).count()) == (
        published,
        min(published, 1),
    )


def test_a_lead_of_a_partner_sees_nothing(clock, people):
    publish(clock, people, Typed("LOG/parcels", "SCM", "5"))
    lead = make.user("lead", "LOG")
    assert not BudgetAdjustment.objects.visible_to(lead).exists() and not budget.may_publish(lead)
    assert not BudgetLine.objects.visible_to(lead).exists()


# At the same time


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("one_text", [True, False])
def test_two_who_publish_at_the_same_moment_publish_once(clock, people, one_text):
    """A double click is one publication; of two different texts one is published and the other told."""
    texts = [MOVE, MOVE if one_text else Typed("A", "B", "7")]
    start, outcomes = threading.Barrier(2), []

    def press(typed):
        try:
            start.wait()
            budget.publish(clock, [typed], version=0, by=people["finance"], at=ENDED + HOUR)
            outcomes.append("published")
        except budget.Stale:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(typed,)) for typed in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == (["published", "published"] if one_text else ["published", "told"])
    assert codes().count("budget.published") == BudgetLine.objects.count() == 1
    assert Occurrence.objects.filter(kind="budget.published").count() == 1
