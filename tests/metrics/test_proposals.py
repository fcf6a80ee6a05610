"""A definition changes by proposal: written by one, discussed by many, decided by another (C1, F10, F11, B094)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from metrics import cycles, proposals, readings
from metrics.dictionary_csv import EVERY_COLUMN
from metrics.dictionary_rows import cells
from metrics.models import Metric, MetricVersion, Proposal
from metrics.periods import Period
from metrics.proposal_checks import may_decide, may_propose, open_version
from metrics.proposals import approve_problems
from reviewhub.notices.models import Occurrence
from reviewhub.people.models import Activity, Assignment, Role
from tests import make
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
DECEMBER = dt.date(2026, 12, 1)
NET = {"formula": "SAL_NET / SAL_ORD"}


@pytest.fixture
def aov(people, at):
    dictionary_of_today()
    return Metric.objects.get(code="SAL_AOV")


def row_with(metric, **changes):
    return cells(open_version(metric)) | changes


def propose(metric, people, at, by="sales", start=DECEMBER, reason="Basket after refunds", **changes):
    row = row_with(metric, **(changes or NET))
    return proposals.propose(metric, row, effective_from=start, reason=reason, by=people[by], at=at)


def codes(refusal):
    return [problem.code for problem in refusal.value.problems]


# --- Who may ---------------------------------------------------------------------------------------------------


def test_leads_analysts_and_data_owners_propose_and_others_read(aov, people):
    held = {name for name, person in people.items() if may_propose(person)}
    assert held == {"sales", "marketing", "supply", "finance", "tech", "steward"}
    assert may_propose(make.user("analyst", "SAL")) and not may_propose(people["logistics"])


def test_those_who_govern_finance_or_technology_decide(aov, people, at):
    assert {name for name, person in people.items() if may_decide(person)} == {"steward"}
    for code, expected in (("FIN", True), ("TEC", True), ("SAL", False)):
        person = make.user("observer")
        role = Role.objects.get(code="steward")
        Assignment.objects.create(user=person, role=role, department=make.department(code), granted_at=at)
        assert may_decide(person) is expected, code


def test_an_observer_cannot_propose(aov, people, at):
    with pytest.raises(proposals.CannotPropose) as refused:
        propose(aov, people, at, by="observer")
    assert codes(refused) == ["not_allowed_to_propose"]


# --- From proposal to version ------------------------------------------------------------------------------------


def test_an_approved_proposal_is_the_next_version_from_its_period_on(aov, people, at):
    proposal = propose(aov, people, at)
    assert (proposal.changes, proposal.base.number) == (NET, 1)
    version = proposals.approve(proposal, by=people["steward"], at=at, note="Ruling 27")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.decision) == (
        "approved",
        people["steward"],
        "Ruling 27",
    )
    assert (version.number, version.formula, version.effective_from) == (2, "SAL_NET / SAL_ORD", DECEMBER)
    assert (version.reason, proposal.version) == ("Basket after refunds", version)
    assert aov.versions.get(number=1).effective_to == DECEMBER
    assert [line.code for line in Activity.objects.filter(code__startswith="dictionary").order_by("pk")][
        1:
    ] == [
        "dictionary.proposed",
        "dictionary.amended",
        "dictionary.approved",
    ]


def test_a_new_metric_is_proposed_approved_and_found(aov, people, at):
    row = row_with(aov, code="SAL_BASKET", name_zh="净篮子", name_en="Net basket", **NET)
    proposal = proposals.propose(
        None, row, effective_from=DECEMBER, reason="New", by=people["sales"], at=at, aliases=["篮子", "ABV"]
    )
    version = proposals.approve(proposal, by=people["steward"], at=at)
    assert (version.metric.code, version.number, version.metric.is_enabled) == ("SAL_BASKET", 1, True)
    assert [metric.code for metric in Metric.objects.matching("abv")] == ["SAL_BASKET"]
    assert [metric.code for metric in Metric.objects.matching("jlz")] == ["SAL_BASKET"]


def test_other_names_change_with_the_proposal(aov, people, at):
    row = row_with(aov)
    names = [*aov.aliases.values_list("text", flat=True), "Basket value"]
    proposal = proposals.propose(
        aov, row, effective_from=DECEMBER, reason="New", by=people["sales"], at=at, aliases=names
    )
    proposals.approve(proposal, by=people["steward"], at=at)
    assert set(aov.aliases.values_list("text", flat=True)) == set(names)


def test_the_author_cannot_decide(aov, people, at):
    proposal = propose(aov, people, at, by="steward")
    for decide in (proposals.approve, lambda one, **by: proposals.reject(one, "no", **by)):
        with pytest.raises(proposals.CannotDecide) as refused:
            decide(proposal, by=people["steward"], at=at)
        assert len(refused.value.problems) == 1
    assert aov.versions.count() == 1


def test_four_eyes_are_kept_by_the_database_too(aov, people, at):
    proposal = propose(aov, people, at, by="steward")
    for fields in (
        {"state": "rejected", "decided_at": at, "decided_by": people["steward"]},
        {"state": "rejected", "decided_at": at},
        {"state": "rejected", "decided_by": people["finance"]},
        {"state": "approved", "decided_at": at, "decided_by": people["finance"]},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(**fields)


def test_a_lead_cannot_decide(aov, people, at):
    proposal = propose(aov, people, at)
    assert len(approve_problems(proposal, by=people["finance"], at=at)) == 1


def test_a_rejection_needs_a_sentence_and_changes_nothing(aov, people, at):
    proposal = propose(aov, people, at)
    with pytest.raises(proposals.CannotDecide):
        proposals.reject(proposal, "  ", by=people["steward"], at=at)
    rejected = proposals.reject(proposal, "Refunds come later.", by=people["steward"], at=at)
    assert (rejected.state, rejected.decision, aov.versions.count()) == ("rejected", "Refunds come later.", 1)
    with pytest.raises(proposals.CannotDecide):
        proposals.approve(proposal, by=people["steward"], at=at)


def test_only_its_author_withdraws_it(aov, people, at):
    proposal = propose(aov, people, at)
    with pytest.raises(proposals.CannotDecide):
        proposals.withdraw(proposal, by=people["steward"], at=at)
    assert proposals.withdraw(proposal, by=people["sales"], at=at).state == "withdrawn"


def test_what_came_in_between_stands_against_it(aov, people, at):
    first, second = propose(aov, people, at), propose(aov, people, at, formula="SAL_GROSS / SAL_ORD")
    other = propose(aov, people, at, tolerance="0.3%", start=dt.date(2027, 1, 1))
    proposals.approve(first, by=people["steward"], at=at)
    with translation.override("en"):
        problems = approve_problems(second, by=people["steward"], at=at)
    assert problems == ["“Formula” has changed since this was proposed."]
    version = proposals.approve(other, by=people["steward"], at=at)
    assert (version.number, version.formula, version.tolerance) == (3, "SAL_NET / SAL_ORD", "0.3%")


def test_a_kind_of_value_that_is_stored_stays(aov, people, at):
    figures([("SAL_ORD", "2026-10-01", 3)])
    with pytest.raises(proposals.CannotPropose) as refused:
        propose(Metric.objects.get(code="SAL_ORD"), people, at, value_type="money")
    assert codes(refused) == ["type_stored"]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"formula": "SAL_GMV + SAL_ORD"}, ["UNIT_MISMATCH"]),
        ({"formula": "SAL_GMV"}, ["UNIT_MISMATCH"]),
        ({"formula": "SAL_AOV + SAL_AOV"}, ["FORMULA_CYCLE"]),
        ({"formula": "SAL_NOTHING / SAL_ORD"}, ["metric_unknown"]),
        ({"pack": "extended"}, ["column_fixed"]),
        ({"name_en": "Orders"}, ["CODE_DUPLICATE"]),
        ({"tier": "top", "grain": "hour"}, ["not_a_choice", "not_a_choice"]),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(aov, people, at, changes, found):
    with pytest.raises(proposals.CannotPropose) as refused:
        propose(aov, people, at, **changes)
    assert codes(refused) == found
    assert not Proposal.objects.exists()


# --- Who hears of it ---------------------------------------------------------------------------------------------


def test_deciders_hear_of_a_proposal_and_its_author_of_the_outcome(aov, people, at):
    from metrics import proposal_notices  # noqa: PLC0415

    proposals.watch(aov, by=people["ceo"], at=at)
    proposal = propose(aov, people, at)
    waiting = Occurrence.objects.get(kind="dictionary.waiting")
    assert set(proposal_notices.deciders_and_watchers(waiting)) == {people["steward"], people["ceo"]}
    proposals.comment(proposal, "And the refunds of December?", by=people["finance"], at=at)
    said = Occurrence.objects.get(kind="dictionary.discussed")
    assert set(proposal_notices.speakers(said)) == {people["sales"]}
    proposals.approve(proposal, by=people["steward"], at=at)
    decided = Occurrence.objects.get(kind="dictionary.decided")
    assert set(proposal_notices.concerned(decided)) == {people["sales"], people["finance"], people["ceo"]}
    assert Occurrence.objects.get(pk=waiting.pk).state == "cancelled"
    for occurrence, render in (
        (waiting, proposal_notices.waiting_content),
        (said, proposal_notices.comment_content),
        (decided, proposal_notices.decided_content),
    ):
        content = render(occurrence, people["sales"])
        assert "(SAL_AOV)" in content.title and content.path == f"/metrics/proposals/{proposal.pk}/"


# --- A review keeps what it was frozen with ----------------------------------------------------------------------


def opened(month, at):
    return cycles.open_review(Period.parse(month), meeting_at=at + dt.timedelta(days=20), zone=make.zone())


def aov_of(month):
    return readings.reading("SAL_AOV", Period.parse(month)).value


def test_certified_numbers_of_a_held_meeting_do_not_move(aov, people, at):
    """B094."""
    for month in ("2026-09", "2026-10"):
        rows = [
            ("SAL_GROSS", f"{month}-01", 100),
            ("SAL_REF", f"{month}-01", 20),
            ("SAL_ORD", f"{month}-01", 4),
        ]
        figures(rows, period=month, zero=["SAL_DISC"])
    held, open_one = opened("2026-09", at), opened("2026-10", at)
    type(held).objects.filter(pk=held.pk).update(state="met")
    assert held.pinned.count() == 211
    assert (aov_of("2026-09"), aov_of("2026-10")) == (25, 25)
    proposal = propose(aov, people, at, start=dt.date(2026, 8, 1))
    version = proposals.approve(proposal, by=people["steward"], at=at)
    assert (aov_of("2026-09"), aov_of("2026-10")) == (25, 20)
    assert readings.reading("SAL_AOV", Period.parse("2026-09")).definition.number == 1
    assert open_one.pinned.get(version__metric=aov).version == version
    assert held.pinned.get(version__metric=aov).version.number == 1


def test_a_change_that_holds_later_leaves_an_open_review_as_it_is(aov, people, at):
    review = opened("2026-10", at)
    proposals.approve(propose(aov, people, at), by=people["steward"], at=at)
    assert review.pinned.get(version__metric=aov).version.number == 1
    assert MetricVersion.objects.filter(metric=aov).count() == 2


def test_every_column_and_window_is_proposed(aov, people, at):
    attributed = Metric.objects.get(code="MKT_ATTR_SALES")
    proposal = propose(attributed, people, at, attribution_days="30")
    version = proposals.approve(proposal, by=people["steward"], at=at)
    assert (version.attribution_days, set(cells(version)) == set(EVERY_COLUMN)) == (30, True)


def test_a_definition_of_an_import_profile_changes_with_the_profile(aov, people, at):
    Metric.objects.filter(pk=aov.pk).update(profile="shop")
    aov.refresh_from_db()
    with pytest.raises(proposals.CannotPropose) as refused:
        propose(aov, people, at)
    assert codes(refused) == ["of_profile"]
