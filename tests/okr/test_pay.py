"""Commission plans as rules: who writes and agrees, what is read, what is drawn up, taken back and disputed."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from metrics import dictionary, proposals
from metrics.dictionary_rows import cells
from metrics.models import Submission
from metrics.proposal_checks import open_version
from okr import pay_disputes, pay_plans, pay_statements
from okr.models import KeyResult, PayPlan, PayReturn, PayStatement
from okr.pay_wishes import MemberWish
from okr.payout import Tier
from okr.setting import CannotSet
from reviewhub.notices.models import Occurrence
from reviewhub.people.models import Activity, Confidentiality
from tests import make
from tests.metrics.figures import figures
from tests.okr import pays
from tests.okr.pays import BEGAN, OVER, line

pytestmark = pytest.mark.django_db
State = PayPlan.State
STEPS = (Tier(Fraction(0), Fraction(1)), Tier(Fraction(1), Fraction(3, 2)))


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def one(plan, people, name="sales") -> PayStatement:
    return plan.statements.get(person=people[name])


def refusal(call, *args, **kwargs) -> dict:
    with pytest.raises(CannotSet) as refused:
        call(*args, **kwargs)
    return refused.value.problems


# --- Worked cases: base 100,000.00, sales against a target of 1,000.00 ----------------------------------------

CASES = [
    # name, terms, sales of the three months, cents
    ("straight", {}, (300, 300, 320), 9_200_000),  # 100,000 × 0.92
    ("under the threshold", {"threshold": Decimal(93)}, (300, 300, 320), 0),
    ("accelerator", {"tiers": STEPS}, (300, 300, 440), 10_600_000),  # 1 + 0.04 × 1.5 = 1.06
    (
        "all at the highest rate",
        {"tiers": STEPS, "is_whole": True},
        (300, 300, 440),
        15_600_000,
    ),  # 1.04 × 1.5
    ("cap", {"cap": Decimal(100)}, (300, 300, 440), 10_000_000),
    # way from 600 to 1,000: 320 of 400 = 0.80
    ("share of the way", {"basis": "way", "baseline": Decimal(600)}, (300, 300, 320), 8_000_000),
    # to fall from 2,000 to 1,000: (2,000 − 1,080) ÷ 1,000 = 0.92
    ("what is to fall", {"basis": "way", "baseline": Decimal(2000)}, (400, 400, 280), 9_200_000),
    ("shared with Logistics", {"shared": Decimal(30)}, (300, 300, 320), 6_440_000),  # 92,000 × 0.70
]


@pytest.mark.parametrize(("name", "terms", "sales", "cents"), CASES, ids=[row[0] for row in CASES])
def test_a_statement_has_the_amount_that_was_worked_out_by_hand(people, name, terms, sales, cents):
    pays.quarter(*sales)
    plan = pays.in_force(people, line(**terms))
    pays.drawn(plan, people)
    assert one(plan, people).due == cents


def test_who_joins_in_the_middle_of_the_quarter_is_counted_by_days(people):
    pays.quarter(300, 300, 320)
    members = [MemberWish(people["sales"], 10_000_000, dt.date(2026, 11, 16))]  # 46 of 92 days
    plan = pays.in_force(people, line(), members=members)
    pays.drawn(plan, people)
    assert one(plan, people).due == 4_600_000


def test_a_gate_is_shut_below_its_margin_and_open_on_it(people):
    """Refunds ÷ gross stand at 5 %: a gate at 5 is passed, one at 5.1 pays 40 %."""
    pays.quarter()
    for number in (10, 11, 12):
        figures(
            [("SAL_GROSS", f"2026-{number}-05", 400), ("SAL_REF", f"2026-{number}-05", 20)],
            period=f"2026-{number}",
            zero=["SAL_DISC"],
        )
    gate = {"gate_metric": pays.metric("SAL_REF_RATE"), "gate_pays": Decimal(40)}
    shut = line("Shut", "60", gate_least=Decimal("5.3"), **gate)
    opened = line("Open", "40", gate_least=Decimal("5"), **gate)
    plan = pays.in_force(people, shut, opened)
    pays.drawn(plan, people)
    by_name = {amount.line.name: amount for amount in one(plan, people).amounts.all()}
    assert by_name["Shut"].own == 2_880_000  # 60,000 × 1.2 × 0.4
    assert by_name["Open"].own == 4_800_000  # 40,000 × 1.2
    assert by_name["Shut"].attained == 1_200_000


def test_only_new_products_count_and_only_while_they_are_new(people):
    """N1 came out on 20 September, for 30 days: 19 days of October. N2 on 10 November. OLD is old."""
    pays.quarter()
    days = {
        "2026-07": [("OLD", "03", 500)],
        "2026-09": [("OLD", "03", 500), ("N1", "20", 70)],
        "2026-10": [("OLD", "03", 500), ("N1", "19", 100), ("N1", "20", 40)],
        "2026-11": [("OLD", "03", 500), ("N2", "10", 200)],
        "2026-12": [("N2", "09", 300), ("N2", "10", 900)],
    }
    for month, rows in days.items():
        lines = [("SAL_GROSS", f"{month}-{day}", value, {"sku": sku}) for sku, day, value in rows]
        figures(lines, period=month)
    plan = pays.in_force(people, line(new_days=30))
    pays.drawn(plan, people)
    amount = one(plan, people).amounts.get()
    assert amount.actual == 600 * 10**6  # 100 + 200 + 300
    assert amount.own == 6_000_000


def test_nobody_knows_what_is_new_where_figures_do_not_reach_back(people):
    pays.quarter(300, 300, 320)
    plan = pays.in_force(people, line(new_days=30))
    assert not pay_statements.standings(plan, at=OVER)[plan.lines.get().pk].is_final


# --- Certified figures alone --------------------------------------------------------------------------------


def test_there_is_no_amount_before_every_figure_is_certified_for_the_whole_cycle(people):
    pays.quarter(300, 300)
    plan = pays.in_force(people, line())
    stand = pay_statements.standings(plan, at=OVER)[plan.lines.get().pk]
    assert stand.attained == Fraction(600, 1000) and not stand.is_final and stand.reading.attained is None
    said = refusal(pays.drawn, plan, people)[""]
    assert said == "Not certified for the whole cycle yet: Sales."
    figures([("SAL_GROSS", "2026-12-05", 320)], period="2026-12", state="handed_in")
    assert not pay_statements.standings(plan, at=OVER)[plan.lines.get().pk].is_final
    Submission.objects.filter(period_start=dt.date(2026, 12, 1)).update(state="certified", certified_at=OVER)
    assert "cycle is not over" in refusal(pays.drawn, plan, people, at=OVER - dt.timedelta(days=6))[""]
    pays.drawn(plan, people)
    assert one(plan, people).due == 9_200_000
    kept = one(plan, people).amounts.get().sources
    assert kept == sorted([[row.pk, row.number] for row in Submission.objects.filter(state="certified")])


def test_what_is_still_ripening_pays_nothing_yet(people):
    """Returns of the last day may come for 45 days."""
    pays.quarter()
    for month, units, back in ((10, 100, 10), (11, 100, 10), (12, 200, 20)):
        rows = [("SAL_UNITS", f"2026-{month}-05", units), ("SAL_RET_UNITS", f"2026-{month}-05", back)]
        figures(rows, period=f"2026-{month}")
    terms = line(metric=pays.metric("SAL_RET_RATE"), basis="way", baseline=Decimal(15), target=Decimal(5))
    plan = pays.in_force(people, terms)
    for days, is_final in ((0, False), (45, True)):
        at = dt.datetime(2027, 1, 1, 9, 0, tzinfo=dt.UTC) + dt.timedelta(days=days)
        stand = pay_statements.standings(plan, at=at)[plan.lines.get().pk]
        assert (stand.attained, stand.is_final) == (Fraction(1, 2), is_final)  # 10 % between 15 and 5


def test_a_key_result_measured_by_hand_pays_nobody(people):
    pays.quarter(300)
    _objective, result = make.cascade(people)
    said = refusal(pays.draft, people, line(result=result, metric=None), cycle=result.cycle)
    assert said == {"line-0": "This key result is measured by hand: pay rests on certified figures alone."}


def test_moving_the_key_result_afterwards_moves_no_pay(people):
    pays.quarter(300, 300, 320)
    _objective, result = make.cascade(people)
    gross = pays.metric("SAL_GROSS")
    KeyResult.objects.filter(pk=result.pk).update(
        metric=gross, version=gross.versions.get(effective_to=None), target=1000 * 10**6, baseline=None
    )
    result.refresh_from_db()
    plan = pays.in_force(people, line("", result=result, metric=None, target=None), cycle=result.cycle)
    KeyResult.objects.filter(pk=result.pk).update(target=500 * 10**6)
    pays.drawn(plan, people)
    assert plan.lines.get().name == "Marketplaces opened"
    assert one(plan, people).due == 9_200_000


# --- Pinned definitions -------------------------------------------------------------------------------------


def test_a_metric_used_in_pay_cannot_change_within_the_cycle(people):
    pays.quarter(300)
    net = pays.metric("SAL_NET")
    plan = pays.draft(people, line(metric=net))
    change = {"effective_from": dt.date(2026, 11, 1), "reason": "Why"}
    other = {"formula": "SAL_GROSS - SAL_DISC"}

    def faults(metric, changes, **more):
        found = dictionary.problems_of_amending(metric, changes, by=None, **(change | more))
        return [(fault.code, fault.value) for fault in found]

    assert faults(net, other) == []
    pay_plans.ask(plan, by=people["sales"], at=BEGAN)
    assert faults(net, other) == [("pinned_until", "2027-01-01")]
    assert faults(net, other, effective_from=dt.date(2027, 1, 1)) == []
    assert faults(net, {"name_en": "Net sales, new name"}) == []
    # What its formula reads is pinned with it.
    assert ("pinned_until", "2027-01-01") in faults(
        pays.metric("SAL_GROSS"), {"tz_rule": "utc", "refund_rule": "x"}
    )
    row = cells(open_version(net)) | other
    with pytest.raises(proposals.CannotPropose) as refused:
        proposals.propose(net, row, by=people["sales"], at=BEGAN, **change)
    assert [fault.code for fault in refused.value.problems] == ["pinned_until"]


# --- Who writes and who agrees ------------------------------------------------------------------------------


def test_finance_and_hr_agree_and_neither_in_their_own_matter(people):
    pays.quarter(300, 300, 320)
    payroll = pays.steward(people)
    plan = pay_plans.ask(pays.draft(people), by=people["sales"], at=BEGAN)
    for stranger in ("sales", "ceo", "finance", "steward", "admin", "logistics"):
        assert refusal(pay_plans.agree, plan, by=people[stranger], at=BEGAN), stranger
    pay_plans.agree(plan, by=payroll, at=BEGAN)
    assert refusal(pay_plans.agree, plan, by=payroll, at=BEGAN)[""] == "There is nothing for you to agree to."
    plan.refresh_from_db()
    assert plan.state == State.ASKED
    pay_plans.agree(plan, by=people["hr"], at=BEGAN)
    plan.refresh_from_db()
    assert plan.state == State.APPROVED

    own = pays.draft(people, members=[MemberWish(people["hr"], 100)], cycle=plan.cycle)
    own = pay_plans.ask(own, by=people["sales"], at=BEGAN)
    assert (own.number, PayPlan.objects.get(pk=plan.pk).state) == (2, State.APPROVED)
    assert "pays you yourself" in refusal(pay_plans.agree, own, by=people["hr"], at=BEGAN)[""]
    hr = make.user("hr")
    pay_plans.agree(own, by=hr, at=BEGAN)
    pay_plans.agree(own, by=payroll, at=BEGAN)
    assert PayPlan.objects.get(pk=plan.pk).state == State.REPLACED


def test_terms_sent_back_are_a_draft_again_and_asked_anew(people):
    pays.quarter(300)
    plan = pay_plans.ask(pays.draft(people), by=people["sales"], at=BEGAN)
    pay_plans.agree(plan, by=people["hr"], at=BEGAN)
    assert refusal(pay_plans.send_back, plan, " ", by=people["hr"], at=BEGAN) == {
        "words": "Say why, in at most 500 characters."
    }
    plan = pay_plans.send_back(plan, "The cap is too high.", by=people["hr"], at=BEGAN)
    assert (plan.state, plan.sent_back) == (State.DRAFT, "The cap is too high.")
    plan = pay_plans.ask(plan, by=people["sales"], at=BEGAN)
    assert pay_plans.agreed(plan) == {}


@pytest.mark.parametrize(
    ("make_lines", "members", "said"),
    [
        (lambda: [line(weight="50"), line(weight="40")], 1, {"": "Weights make 90 %, not 100 %."}),
        (lambda: [line()], 0, {"": "A plan pays between one and 60 people."}),
        (lambda: [line(target=Decimal(0))], 1, {"line-0": "It has no target in figures: write one."}),
        (lambda: [line(metric=None)], 1, {"line-0": "Choose a key result or a metric."}),
        (
            lambda: [line(metric=pays.metric("SAL_AOV"), new_days=30)],
            1,
            {"line-0": "Only sums can be taken of new products: this metric is none."},
        ),
        (
            lambda: [line(gate_metric=pays.metric("SAL_NET"), gate_least=Decimal(38))],
            1,
            {"line-0": "A gate looks at a rate in percent."},
        ),
        (lambda: [line()], 2, {"member-1": "Person twice stands here twice."}),
    ],
)
def test_terms_that_cannot_be_worked_out_are_refused_beside_their_cause(people, make_lines, members, said):
    pays.quarter(300)
    people["sales"].name_latin = "Person twice"
    wishes = [MemberWish(people["sales"], 100)] * members
    given = {"by": people["sales"], "at": BEGAN}
    with pytest.raises(CannotSet) as refused:
        pay_plans.keep(make.cycle(), make.department("SAL"), make_lines(), wishes, **given)
    assert refused.value.problems == said
    assert not PayPlan.objects.exists()


def test_a_lead_writes_for_the_own_team_alone(people):
    pays.quarter(300)
    given = {"at": BEGAN, "by": people["marketing"]}
    said = refusal(pay_plans.keep, make.cycle(), make.department("SAL"), [line()], [], **given)
    assert said[""] == "The lead of the team writes its terms, or Finance."


# --- Payment, returns, disputes -----------------------------------------------------------------------------


def settled(people, *sales, cycle="2026-Q4"):
    pays.quarter(*sales)
    plan = pays.in_force(people, line(), cycle=make.cycle(cycle))
    pays.drawn(plan, people)
    plan.refresh_from_db()
    return pays.agreed(plan, people, OVER)


def test_what_came_back_is_taken_from_the_next_statement_and_what_is_not_covered_waits(people):
    plan = settled(people, 300, 300, 320)
    assert plan.state == State.SETTLED
    payroll, amount = pays.steward(people), one(plan, people).amounts.get()
    given = {"reason": "A container came back", "by": payroll, "at": OVER}
    # 92,000.00 × 230 ÷ 920
    taken = pay_statements.take_back(amount, Decimal(920), Decimal(230), **given)
    assert taken.cents == 2_300_000
    # Everything came back: no more than the line paid is taken.
    assert pay_statements.take_back(amount, Decimal(920), Decimal(920), **given).cents == 6_900_000
    assert (
        "taken back already"
        in refusal(pay_statements.take_back, amount, Decimal(920), Decimal(1), **given)[""]
    )
    assert "returned" in refusal(pay_statements.take_back, amount, Decimal(1), Decimal(2), **given)
    assert "" in refusal(
        pay_statements.take_back, amount, Decimal(2), Decimal(1), **(given | {"by": people["hr"]})
    )

    for number, value in ((1, 300), (2, 200), (3, 100)):
        figures([("SAL_GROSS", f"2027-0{number}-05", value)], period=f"2027-0{number}")
    later = pays.in_force(people, line(), cycle=make.cycle("2027-Q1"), at=OVER)
    pays.drawn(later, people, at=OVER + dt.timedelta(days=90))
    row = one(later, people)
    assert (row.earned, row.taken, row.due, row.carried_out) == (6_000_000, 9_200_000, 0, 3_200_000)
    # Drawn up again: the same once more, nothing is taken twice.
    pays.drawn(later, people, at=OVER + dt.timedelta(days=91))
    assert one(later, people).taken == 9_200_000 and PayReturn.objects.filter(taken_in=None).count() == 0
    later.refresh_from_db()
    pays.agreed(later, people, OVER + dt.timedelta(days=92))

    for number, value in ((4, 500), (5, 300), (6, 200)):
        figures([("SAL_GROSS", f"2027-0{number}-05", value)], period=f"2027-0{number}")
    last = pays.in_force(people, line(), cycle=make.cycle("2027-Q2"), at=OVER + dt.timedelta(days=95))
    pays.drawn(last, people, at=OVER + dt.timedelta(days=190))
    row = one(last, people)
    assert (row.earned, row.carried_in, row.due) == (10_000_000, 3_200_000, 6_800_000)


def test_a_dispute_holds_the_value_the_version_and_the_files_and_stops_the_payment(people):
    pays.quarter(300, 300, 320)
    plan = pays.in_force(people, line())
    pays.drawn(plan, people)
    found = pay_disputes.dispute(plan, plan.lines.get(), "December is short.", by=people["sales"], at=OVER)
    amount = one(plan, people).amounts.get()
    assert (found.actual, found.own, found.sources) == (920 * 10**6, 9_200_000, amount.sources)
    assert pay_disputes.dispute(plan, plan.lines.get(), "Again", by=people["sales"], at=OVER) == found
    plan.refresh_from_db()
    payroll = pays.steward(people)
    assert (
        refusal(pay_plans.agree, plan, by=payroll, at=OVER)[""] == "A dispute is open; it is answered first."
    )
    said = refusal(pay_disputes.answer, found, "", "", by=people["ceo"], at=OVER)
    assert set(said) == {"", "outcome", "words"}
    pay_disputes.answer(found, "kept", "The file of December was certified.", by=people["hr"], at=OVER)
    plan = pays.agreed(plan, people, OVER)
    assert plan.state == State.SETTLED
    assert refusal(pay_disputes.dispute, plan, plan.lines.get(), "Late", by=people["sales"], at=OVER)


def test_somebody_else_disputes_nothing(people):
    pays.quarter(300)
    plan = pays.in_force(people, line())
    for stranger in ("owner", "ceo", "hr"):
        assert refusal(pay_disputes.dispute, plan, plan.lines.get(), "No", by=people[stranger], at=OVER)


def rate(month, value):
    """What the budget counts a euro as."""
    rows = [
        (name, f"{month}-01", worth, {"rate_currency": "EUR"}, "")
        for name, worth in (("FX_BUDGET", value), ("FX_BUDGET~", 1), ("FX_AVERAGE", 9), ("FX_AVERAGE~", 1))
    ]
    figures(rows, period=month, profile="fx", code="FIN")


def test_pay_in_another_currency_is_at_the_rate_of_the_budget(people):
    pays.quarter(300, 300, 320)
    rate("2026-10", 8)
    members = [MemberWish(people["sales"], 10_000_000, None, "EUR")]
    plan = pays.in_force(people, line(), members=members)
    pays.drawn(plan, people)
    row = one(plan, people)
    assert (row.due, row.currency, row.rate, row.elsewhere) == (9_200_000, "EUR", Decimal(8), 1_150_000)


def test_figures_in_another_currency_are_at_the_rate_of_the_budget(people):
    """600 in yuan, and 40 euros of December at 8: 920; the actual rate of 9 moves nobody's pay."""
    pays.quarter(300, 300)
    for month in ("2026-10", "2026-11", "2026-12"):
        rate(month, 8)
    figures([("SAL_GROSS", "2026-12-05", 40, {}, "EUR")], period="2026-12")
    plan = pays.in_force(people, line())
    pays.drawn(plan, people)
    assert one(plan, people).due == 9_200_000


# --- What is told -------------------------------------------------------------------------------------------


def test_the_log_says_that_something_changed_and_notices_say_no_amount(people):
    plan = settled(people, 300, 300, 320)
    lines = Activity.objects.filter(code__startswith="pay.")
    assert set(lines.values_list("confidentiality", flat=True)) == {Confidentiality.SECRET}
    assert all(row.params == {} and row.before is None and row.after is None for row in lines)
    assert not Activity.objects.visible_to(people["ceo"]).filter(code="pay.written").exists()
    told = Occurrence.objects.filter(kind__startswith="pay.").order_by("pk")
    assert list(told.values_list("kind", "cycle_key")) == [
        ("pay.asked", "1:asked"),
        ("pay.agreed", "1:terms"),
        ("pay.statement", "2"),
        ("pay.asked", "2:drawn"),
        ("pay.agreed", "2:payment"),
    ]
    assert all(row.params == {} for row in told)
    assert plan.round == 2
