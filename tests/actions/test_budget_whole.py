"""Lines that the meeting left, approvals by amount, stops with a reason, versions and the effect on the year (W5)."""

import datetime as dt
import zoneinfo
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from actions import (
    budget,
    budget_approvals,
    budget_clock,
    budget_due,
    budget_effect,
    budget_lines,
    budget_stops,
    budget_versions,
)
from actions.budget_lines import Typed
from actions.models import BudgetAdjustment, BudgetApproval, BudgetLimit
from meetings.models import Capture
from reviewhub import budget_cards
from reviewhub.people.models import Activity
from reviewhub.people.workdays import WorkingDays
from tests import make
from tests.metrics.figures import dictionary_of_today, figures

ENDED = dt.datetime(2026, 11, 20, 9, 52, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
BIG = Typed("reserve", "SCM/EU-wh", "600,000", "D-51", "")
SMALL = Typed("MKT/FB-US", "MKT/TikTok-DE", "200,000", "D-44", "")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def clock(people):
    review = make.review(meeting_at=ENDED - 4 * HOUR)
    return budget.open_clock(review, ended_at=ENDED, by=people["facilitator"], at=ENDED)


def save(clock, people, *typed, by="finance", at=ENDED + HOUR):
    clock.refresh_from_db()
    return budget.save_draft(clock, list(typed), version=clock.version, by=people[by], at=at)


def publish(clock, people, *typed, at=ENDED + 2 * HOUR):
    clock.refresh_from_db()
    return budget.publish(clock, list(typed), version=clock.version, by=people["finance"], at=at)


def ended(room, people, at=60):
    """Somebody answers for every decision; then the meeting ends."""
    Capture.objects.update(owner=people["sales"])
    room.at(at).order("end")
    if room.row().ended_at is None:
        room.at(at + 1).order("end")


def refused(call) -> list[str]:
    with pytest.raises(
        (budget.CannotSave, budget_approvals.CannotApprove, budget_stops.CannotStop)
    ) as refusal:
        call()
    return refusal.value.problems


def approve(clock, people, number, by="ceo", version=None, at=ENDED + HOUR):
    clock.refresh_from_db()
    version = clock.version if version is None else version
    return budget_approvals.approve(clock, number, version=version, by=people[by], at=at)


# --- What the meeting left


@pytest.mark.django_db
def test_every_decision_about_money_is_a_line_when_the_meeting_ends(room, people):
    room.at(0).order("start")
    room.at(10).capture("/d 增投TikTok德国 $+200000CNY:MKT/TikTok-DE #MKT_ROAS")
    room.at(11).capture("/d 砍掉线下展会 $-8.5万:SAL/线下展会")
    room.at(12).capture("/d 德国站提价3% $+0")
    room.at(13).capture("/d 海外仓押金 $+20000USD:SCM/仓")
    room.at(14).capture("/d 下周再谈")
    room.at(15).capture("/p 明年换ERP $90000")
    room.at(16).capture("/i 库存积压 $+400000:SCM/仓")
    room.at(17).capture("/d 小数太多 $+0.00001:SCM/仓")
    ended(room, people)
    row = BudgetAdjustment.objects.get()
    up, cut, foreign, fine = budget_lines.kept(row)
    pks = {one.text: one.pk for one in row.review.meetings.get().captures.all()}
    assert (up.from_account, up.to_account, up.amount) == ("", "MKT/TikTok-DE", "200,000")
    assert up.decision == f"D-{pks['增投TikTok德国']} 增投TikTok德国" and up.note == "#MKT_ROAS"
    assert (cut.from_account, cut.to_account, cut.amount) == ("SAL/线下展会", "", "85,000")
    assert (foreign.amount, foreign.note) == ("", "20,000 USD")
    assert (fine.amount, fine.note) == ("", "0.00001")
    assert [line.to_department_id for line in row.lines.all()] == [
        make.department("MKT").pk, None, make.department("SCM").pk, make.department("SCM").pk,
    ]  # fmt: skip
    assert (row.version, row.saved_by, up.decision_number) == (0, None, pks["增投TikTok德国"])


@pytest.mark.django_db
def test_a_reopened_meeting_adds_only_what_is_new_and_nothing_that_was_published(room, people):
    room.at(0).order("start")
    room.at(10).capture("/d 增投TikTok德国 $+200000:MKT/TikTok-DE")
    ended(room, people)
    first = BudgetAdjustment.objects.get()
    [line] = budget_lines.kept(first)
    whole = Typed("MKT/FB-US", line.to_account, line.amount, line.decision, "")
    save(first, people, whole)
    room.at(65).order("reopen")
    room.at(66).capture("/d 欧洲仓 $+50000:SCM/EU-wh")
    ended(room, people, 70)
    second = BudgetAdjustment.objects.open().get()
    assert [one.to_account for one in budget_lines.kept(second)] == ["MKT/TikTok-DE", "SCM/EU-wh"]
    assert budget_lines.kept(second)[0] == whole
    move = Typed("reserve", "SCM/EU-wh", "50,000", budget_lines.kept(second)[1].decision, "")
    publish(second, people, whole, move, at=room.start + 2 * HOUR)
    room.at(75).order("reopen")
    ended(room, people, 76)
    assert budget_lines.kept(BudgetAdjustment.objects.open().get()) == []


# --- Approvals by amount


@pytest.mark.django_db
def test_a_line_above_the_limit_waits_for_an_executive(clock, people):
    save(clock, people, SMALL, BIG)
    [one] = budget_approvals.saved(clock)
    assert (one.number, one.approval) == (2, None)
    said = "Line 2 is above 500,000 CNY: an executive approves it first."
    assert refused(lambda: publish(clock, people, SMALL, BIG)) == [said]
    [card] = budget_cards.due(people["ceo"], at=ENDED + HOUR)
    assert card.note == "Lines above the limit wait for your word."
    approve(clock, people, 2)
    approve(clock, people, 2)
    assert BudgetApproval.objects.count() == 1 and not budget_cards.due(people["ceo"], at=ENDED + HOUR)
    assert publish(clock, people, SMALL, BIG).published_at
    log = Activity.objects.get(code="budget.approved")
    assert log.params == {"number": 2, "review": clock.review.code}  # no amounts


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other",
    [
        Typed("reserve", "SCM/EU-wh", "600,001", "D-51", ""),
        Typed("reserve", "SCM/US-wh", "600,000", "D-51", ""),
        Typed("MKT/FB-US", "SCM/EU-wh", "600,000", "D-51", ""),
    ],
)
def test_another_amount_or_account_needs_another_word(clock, people, other):
    save(clock, people, BIG)
    approve(clock, people, 1)
    assert refused(lambda: publish(clock, people, other))
    same = Typed("reserve", "SCM/EU-wh", "60万", "D-51", "another reason")
    assert publish(clock, people, same).published_at


@pytest.mark.django_db
def test_an_amount_in_parts_is_one_move_and_a_repeated_line_needs_a_word_of_its_own(clock, people):
    half = Typed("reserve", "SCM/EU-wh", "300,000", "D-51", "")
    other = Typed("Reserve", "scm/eu-WH", "300,000", "D-52", "")
    save(clock, people, half, SMALL, other)
    [one] = budget_approvals.saved(clock)
    assert (one.numbers, one.amount, one.decisions) == ((1, 3), "600,000", ("D-51", "D-52"))
    assert refused(lambda: publish(clock, people, half, SMALL, other)) == [
        "Lines 1, 3 are together above 500,000 CNY: an executive approves them first."
    ]
    approve(clock, people, 3)
    save(clock, people, half, SMALL, other, half)  # the same line once more: 900,000
    assert refused(lambda: publish(clock, people, half, SMALL, other, half))
    assert publish(clock, people, half, SMALL, other).published_at


@pytest.mark.django_db
def test_who_saved_an_earlier_version_does_not_approve_a_later_one(clock, people):
    save(clock, people, SMALL)
    clock.versions.filter(number=1).update(by=people["ceo"])
    save(clock, people, SMALL, BIG)
    assert refused(lambda: approve(clock, people, 2))


@pytest.mark.django_db
def test_who_wrote_the_lines_does_not_approve_them_and_what_changed_is_looked_at_first(clock, people):
    save(clock, people, BIG)
    alone = ["An executive who did not write the lines approves them."]
    assert refused(lambda: approve(clock, people, 1, by="finance")) == alone
    assert refused(lambda: approve(clock, people, 1, by="sales")) == alone
    assert refused(lambda: approve(clock, people, 1, version=0)) == [
        "Finance saved other lines meanwhile. Look at them first."
    ]
    assert refused(lambda: approve(clock, people, 9)) == ["This line needs no approval."]
    clock.versions.update(by=people["ceo"])
    assert refused(lambda: approve(clock, people, 1)) == alone


@pytest.mark.django_db
def test_executives_set_the_limit_and_its_history_stays(people):
    assert budget_approvals.limit() == 500_000 * 10**4
    first = budget_approvals.set_limit("10万", currency="CNY", by=people["ceo"], at=ENDED)
    assert budget_approvals.set_limit("100,000", currency="CNY", by=people["ceo"], at=ENDED + HOUR) == first
    assert budget_approvals.limit() == 100_000 * 10**4 == BudgetLimit.objects.get().amount
    for typed, said in (
        ("-5", "An amount has no sign. For a cut leave the target empty."),
        ("many", "This is not an amount. Write 200000, 200,000, 20万 or 0.2m."),
        ("5 USD", "Amounts are in CNY here."),
    ):
        assert refused(
            lambda typed=typed: budget_approvals.set_limit(typed, currency="CNY", by=people["ceo"], at=ENDED)
        ) == [said]
    with pytest.raises(budget_approvals.CannotApprove):
        budget_approvals.set_limit("1", currency="CNY", by=people["finance"], at=ENDED)


# --- Stops


@pytest.mark.django_db
def test_only_an_executive_stops_the_clock_and_only_with_a_reason(clock, people):
    assert refused(lambda: budget_stops.stop(clock, "ERP is down", by=people["finance"], at=ENDED + HOUR))
    assert refused(lambda: budget_stops.stop(clock, " ", by=people["ceo"], at=ENDED + HOUR)) == [
        "Say why in a few words."
    ]
    assert refused(lambda: budget_stops.stop(clock, "x" * 301, by=people["ceo"], at=ENDED + HOUR)) == [
        "Write at most 300 characters."
    ]
    stopped = budget_stops.stop(clock, "ERP is down", by=people["ceo"], at=ENDED + 40 * HOUR)
    assert stopped.due(ENDED + 45 * HOUR) == ENDED + 53 * HOUR and stopped.due_at == ENDED + 48 * HOUR
    budget_stops.stop(clock, "again", by=people["ceo"], at=ENDED + 41 * HOUR)
    gone_on = budget_stops.go_on(clock, by=people["ceo"], at=ENDED + 45 * HOUR)
    budget_stops.go_on(clock, by=people["ceo"], at=ENDED + 46 * HOUR)
    assert (gone_on.due_at, gone_on.stopped_at) == (ENDED + 53 * HOUR, None)
    [row] = clock.stops.all()
    assert (row.reason, row.at, row.ended_at) == ("ERP is down", ENDED + 40 * HOUR, ENDED + 45 * HOUR)
    done = publish(clock, people, SMALL, at=ENDED + 53 * HOUR + dt.timedelta(seconds=1))
    assert done.late_s == 1
    codes = list(
        Activity.objects.filter(code__startswith="budget.").order_by("id").values_list("code", flat=True)
    )
    assert codes == [
        "budget.opened",
        "budget.stopped",
        "budget.went_on",
        "budget.saved",
        "budget.published_late",
    ]
    assert refused(lambda: budget_stops.stop(clock, "late", by=people["ceo"], at=ENDED + 60 * HOUR))


@pytest.mark.django_db
def test_what_is_published_while_the_clock_stands_is_in_time_when_time_was_left(clock, people):
    budget_stops.stop(clock, "ERP is down", by=people["ceo"], at=ENDED + 47 * HOUR)
    assert not budget_due.waiting(people["finance"], at=ENDED + 70 * HOUR)[0].late
    done = publish(clock, people, SMALL, at=ENDED + 72 * HOUR)
    assert (done.late_s, done.due_at, done.stopped_at) == (0, ENDED + 73 * HOUR, None)
    assert clock.stops.get().ended_at == ENDED + 72 * HOUR


def test_steps_after_a_stop_come_later_by_what_it_took_and_those_before_it_stay():
    stops = [(ENDED + 30 * HOUR, ENDED + 40 * HOUR)]
    found = budget_clock.steps(ENDED, ENDED, ENDED + 90 * HOUR, stops)
    assert found == [
        (24, ENDED + 24 * HOUR), (36, ENDED + 46 * HOUR), (44, ENDED + 54 * HOUR),
        (48, ENDED + 58 * HOUR), (72, ENDED + 82 * HOUR),
    ]  # fmt: skip
    lasting = [(ENDED + 30 * HOUR, None)]
    assert budget_clock.steps(ENDED, ENDED, ENDED + 90 * HOUR, lasting) == [(24, ENDED + 24 * HOUR)]
    assert budget_clock.strongest(ENDED, ENDED + 90 * HOUR, lasting) == 24
    assert budget_clock.strongest(ENDED, ENDED + 45 * HOUR, stops) == 24


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=3), st.integers(0, 100))
def test_a_stop_takes_exactly_itself_out_of_the_48_hours(gaps, hours):
    stops, at = [], ENDED
    for gap, length in gaps:
        begin = at + gap * HOUR
        at = begin + length * HOUR
        stops.append((begin, at))
    instant = budget_clock.step(ENDED, hours, stops)
    assert budget_clock.counted(ENDED, instant, stops) == hours * HOUR


def test_two_working_days_beside_the_calendar_clock_leave_out_weekends_and_holidays():
    shanghai = zoneinfo.ZoneInfo("Asia/Shanghai")
    friday = dt.datetime(2026, 9, 25, 17, 52, tzinfo=shanghai)
    week = WorkingDays(off=frozenset({dt.date(2026, 9, 28)}))
    assert week.after(friday, 2, shanghai).astimezone(shanghai) == dt.datetime(
        2026, 9, 30, 17, 52, tzinfo=shanghai
    )


# --- Versions


@pytest.mark.django_db
def test_every_saved_version_stays_with_what_it_changed(clock, people):
    save(clock, people, SMALL)
    save(clock, people, SMALL, BIG, at=ENDED + 2 * HOUR)
    save(clock, people, Typed("MKT/FB-US", "MKT/TikTok-DE", "150,000", "D-44", ""), BIG, at=ENDED + 3 * HOUR)
    found = budget_versions.changes(clock)
    assert [(one.version.number, len(one.added), len(one.removed)) for one in found] == [
        (3, 1, 1), (2, 1, 0), (1, 1, 0), (0, 0, 0),
    ]  # fmt: skip
    assert (found[0].removed[0].amount, found[0].added[0].amount) == ("200,000", "150,000")
    assert found[0].version.by == people["finance"] and found[3].version.by is None


@pytest.mark.django_db
def test_published_adjustments_number_the_budget(clock, people):
    assert budget_versions.release(clock) == 2
    publish(clock, people, SMALL)
    later = budget.open_clock(
        make.review("2026-11", meeting_at=ENDED + 30 * DAY),
        ended_at=ENDED + 30 * DAY,
        by=None,
        at=ENDED + 30 * DAY,
    )
    clock.refresh_from_db()
    assert (budget_versions.release(clock), budget_versions.release(later)) == (2, 3)


# --- Effect on the year


@pytest.fixture
def year(db):
    """Marketing may spend 80 a month in October and November and spent 90 in October; Supply chain 50 and 40."""
    dictionary_of_today()
    for month, spent in (("2026-10", True), ("2026-11", False)):
        rows = [
            ("FIN_BUD", "MKT", "TikTok-DE", 30),
            ("FIN_BUD", "MKT", "FB-US", 50),
            ("FIN_BUD", "SCM", "wh", 50),
        ]
        rows += [
            ("FIN_ACT", "MKT", "TikTok-DE", 40),
            ("FIN_ACT", "MKT", "FB-US", 50),
            ("FIN_ACT", "SCM", "wh", 40),
        ]
        kept = [row for row in rows if spent or row[0] == "FIN_BUD"]
        figures(
            [
                (code, f"{month}-01", amount, {"dept": dept, "account": account})
                for code, dept, account, amount in kept
            ],
            period=month,
            profile="budget",
        )


def effect(review, people, *typed, by="finance"):
    return budget_effect.of(review, budget_lines.read_lines(list(typed), "CNY"), "CNY", user=people[by])


def test_budgets_of_the_year_before_and_after_and_what_is_spent_of_them(
    people, year, django_assert_max_num_queries
):
    review = make.review(meeting_at=ENDED)
    lines = [
        Typed("mkt/fb-us", "MKT/TikTok-DE", "10"),
        Typed("reserve", "SCM/EU-wh", "25"),
        Typed("MKT/FB-US", "", "4"),
    ]
    with django_assert_max_num_queries(14):
        found = effect(review, people, *lines)
    mkt, scm, reserve = found.rows
    assert (mkt.budget, mkt.change, mkt.after, mkt.spent) == (160, -4, 156, 90)
    assert (mkt.share, mkt.share_after) == (Decimal(90) / 160, Decimal(90) / 156)
    by_name = {one.name: one for one in mkt.accounts}
    assert (by_name["MKT/TikTok-DE"].budget, by_name["MKT/TikTok-DE"].after) == (60, 70)
    assert (by_name["mkt/fb-us"].budget, by_name["mkt/fb-us"].change, by_name["mkt/fb-us"].spent) == (
        100,
        -10,
        50,
    )
    assert (scm.budget, scm.after, scm.spent) == (100, 125, 40)
    assert [(one.name, one.budget) for one in scm.accounts] == [("SCM/EU-wh", None)]
    assert (reserve.name, reserve.budget, reserve.change) == ("reserve", None, -25)
    assert (found.year, found.until) == ("2026", dt.date(2026, 10, 31))


def test_without_budgets_the_changes_stand_alone(people):
    found = effect(make.review(meeting_at=ENDED), people, SMALL)
    assert [(one.name, one.budget, one.change, one.share_after) for one in found.rows] == [
        (make.department("MKT").name, None, 0, None)
    ]
    assert found.until is None
