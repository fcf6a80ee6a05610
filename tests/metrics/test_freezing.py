"""The freeze: one fingerprint, two signatures by two people, figures that nothing changes any more, restatements."""

import datetime as dt
import json
from decimal import Decimal as D
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import translation

from metrics import fact_digests, freeze_checks, freezing, restated, sightings, snapshots, sources
from metrics.definitions import Definitions
from metrics.desk import Desk
from metrics.models import (
    FactsDigest,
    MetricVersion,
    Observation,
    Promotion,
    Ruling,
    Sight,
    Signature,
    Snapshot,
)
from metrics.periods import Period
from reviewhub.people.models import Activity
from tests import make
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
DE = {"platform": "web", "country": "Germany"}
OCTOBER = [("SAL_GROSS", "2026-10-01", "100.10", DE), ("SAL_ORD", "2026-10-01", 4, DE)]
MENDED = [("SAL_GROSS", "2026-10-01", "180.10", DE), ("SAL_ORD", "2026-10-01", 4, DE)]
YEAR_BEFORE = [("SAL_GROSS", "2025-10-01", "50.00", DE)]
PERIOD = Period.parse("2026-10")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def review(people):
    dictionary_of_today()
    from metrics import cycles  # noqa: PLC0415

    found = make.review()
    cycles.pin(found)
    figures(OCTOBER, zero=["SAL_DISC", "SAL_REF"])
    figures(YEAR_BEFORE, period="2025-10", zero=["SAL_DISC", "SAL_REF"])
    return found


def sign(review, side, who, people, seen=None, at=make.AT):
    make.checked(review)
    review.refresh_from_db()
    seen = freezing.standing(review).fingerprint if seen is None else seen
    return freezing.sign(review, side, seen=seen, by=people[who], at=at)


def refused(*arguments, **more) -> str:
    with pytest.raises(freezing.CannotFreeze) as caught:
        sign(*arguments, **more)
    return " ".join(caught.value.problems)


def net(snapshot=None) -> D | None:
    desk = Desk(["SAL_NET"], [PERIOD], snapshot=snapshot)
    return desk.evaluation(["SAL_NET"], [PERIOD]).figure("SAL_NET", PERIOD).value


# --- What is signed -------------------------------------------------------------------------------------------


def test_the_fingerprint_names_versions_definitions_rules_and_the_calendar(people, review):
    make.promotion(people["admin"], "2026-10-10", "2026-10-11", "Prime")
    document = freezing.standing(review).document
    assert [(one["profile"], one["start"], one["state"]) for one in document["versions"]] == [
        ("sales-daily", "2025-10-01", "certified"),
        ("sales-daily", "2026-10-01", "certified"),
    ]
    assert document["definitions"]["SAL_NET"]["number"] == 1
    assert len(document["definitions"]) == len(Definitions.on(PERIOD.last))
    assert (len(document["rules"]), [one["name"] for one in document["promotions"]]) == (53, ["Prime"])
    assert (document["number"], document["previous"]) == (1, "")


def test_exchange_rates_of_the_period_stand_in_the_document(review):
    rates = [
        ("FX_AVERAGE", "2026-10-01", "71234", {"rate_currency": "USD"}),
        ("FX_AVERAGE", "2026-09-01", "70000", {"rate_currency": "USD"}),
    ]
    figures(rates, profile="fx", code="FIN")
    assert freezing.standing(review).document["rates"] == [
        {"rate": "FX_AVERAGE", "currency": "USD", "day": "2026-10-01", "value": "7.1234"}
    ]


@pytest.mark.parametrize("what", ["fact", "version", "definition", "promotion", "state"])
def test_whatever_figures_depend_on_changes_the_fingerprint(people, review, what):
    before = freezing.standing(review).fingerprint
    assert freezing.standing(review).fingerprint == before
    if what == "fact":
        Observation.objects.filter(metric="SAL_ORD").update(value=5)
    elif what == "version":
        figures(MENDED, number=2, zero=["SAL_DISC", "SAL_REF"])
    elif what == "definition":
        MetricVersion.objects.filter(metric__code="SAL_NET").update(formula="SAL_GMV")
    elif what == "promotion":
        make.promotion(people["admin"], "2026-10-10", "2026-10-11", "Prime")
    else:
        figures(MENDED, number=2, state="handed_in", profile="orders-daily")
    assert freezing.standing(review).fingerprint != before


def test_the_digest_of_facts_does_not_depend_on_the_order_of_the_database(review):
    pk = Observation.objects.order_by("pk").values_list("submission", flat=True)[0]
    before = fact_digests.of([pk])
    rows = list(Observation.objects.filter(submission=pk).values())
    Observation.objects.filter(submission=pk).delete()
    for row in reversed(rows):
        Observation.objects.create(**{name: value for name, value in row.items() if name != "id"})
    assert fact_digests.of([pk]) == before


def test_a_worker_digests_versions_ahead_each_once(review):
    assert (fact_digests.ahead(1), fact_digests.ahead(), fact_digests.ahead()) == (1, 1, 0)
    assert FactsDigest.objects.count() == 2


# --- Who signs ------------------------------------------------------------------------------------------------


def test_figures_are_frozen_by_the_second_side_only(people, review):
    assert sign(review, "FIN", "finance", people) is None
    review.refresh_from_db()
    assert (review.state, snapshots.latest(review)) == ("open", None)
    snapshot = sign(review, "TEC", "tech", people)
    review.refresh_from_db()
    assert (review.state, snapshot.number, len(snapshot.fingerprint)) == ("frozen", 1, 64)
    assert list(
        Activity.objects.filter(code__startswith="review.").order_by("pk").values_list("code", flat=True)
    ) == [
        "review.signed",
        "review.signed",
        "review.frozen",
    ]


@pytest.mark.parametrize(
    ("side", "who", "may"),
    [
        ("FIN", "finance", True),
        ("TEC", "tech", True),
        ("FIN", "steward", True),
        ("TEC", "steward", True),
        ("FIN", "tech", False),
        ("TEC", "finance", False),
        ("FIN", "ceo", False),
        ("TEC", "admin", False),
        ("FIN", "sales", False),
        ("TEC", "logistics", False),
        ("FIN", "facilitator", False),
    ],
)
def test_each_side_signs_for_itself(people, review, side, who, may):
    make.checked(review)
    assert freezing.may_sign(people[who], side) is may
    assert bool(freezing.sign_problems(review, side, by=people[who])) is not may


def test_a_data_owner_of_one_side_does_not_sign_for_the_other(people):
    steward = people["steward"]
    steward.department = make.department("TEC")
    assert (freezing.may_sign(steward, "TEC"), freezing.may_sign(steward, "FIN")) == (True, False)


def test_nobody_signs_for_both_sides(people, review):
    sign(review, "FIN", "steward", people)
    assert "somebody else signs" in refused(review, "TEC", "steward", people)
    row = Signature.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(
            review=review,
            number=1,
            side="TEC",
            fingerprint=row.fingerprint,
            signed_at=make.AT,
            signed_by=row.signed_by,
        )


def test_a_signature_under_figures_that_changed_since_counts_no_more(people, review):
    sign(review, "FIN", "finance", people)
    figures(MENDED, number=2, zero=["SAL_DISC", "SAL_REF"])
    assert sign(review, "TEC", "tech", people) is None
    now = freezing.standing(review)
    assert (list(now.signatures), [row.side for row in now.outdated]) == (["TEC"], ["FIN"])
    assert sign(review, "FIN", "finance", people).number == 1


def test_what_was_not_looked_at_is_not_signed(people, review):
    assert "have changed" in refused(review, "FIN", "finance", people, seen="0" * 64)


# --- What stands against it -----------------------------------------------------------------------------------


def failing(code="SAL_NET:min(0)") -> dict:
    return {
        "code": code, "group": "range", "severity": "block", "metrics": ["SAL_NET"], "departments": ["SAL"],
        "text": "", "asked": 1, "held": 0, "missing": 0, "on_fail": "", "places": [], "why": None,
    }  # fmt: skip


def test_a_check_that_blocks_is_settled_or_waived_first(people, review):
    make.checked(review, results=[failing()])
    assert freezing.blocking(review) == ["1 check fails and is not waived."]
    review.check_waivers.create(
        code="SAL_NET:min(0)", reason="Known", waived_at=make.AT, waived_by=people["steward"]
    )
    assert freezing.blocking(review) == []


def test_nothing_is_signed_that_the_checks_have_not_seen(people, review):
    assert freezing.blocking(review) == [
        "The checks have not looked at what stands handed in yet. That takes a minute."
    ]
    make.checked(review)
    figures(MENDED, number=2)
    assert len(freezing.blocking(review)) == 1


def test_a_blocking_difference_between_two_sides_is_settled_first(people, review, monkeypatch):
    make.checked(review)
    monkeypatch.setattr(freezing.reconciliation, "open_conflicts", lambda review: [object(), object()])
    assert freezing.blocking(review) == ["2 differences between two sides are neither ruled nor parked."]
    assert "neither ruled nor parked" in refused(review, "FIN", "finance", people)


def test_rulings_are_part_of_what_is_signed(people, review):
    Ruling.objects.create(
        review=review, pair="ID07", left_department="SAL", right_department="FIN", period_start="2026-10-01",
        period_end="2026-11-01", decision="left", reason="Shipping", left="1.000000", right="2.000000",
        residual="1.000000", profiles="|pnl|", decided_at=make.AT, decided_by=people["steward"],
    )  # fmt: skip
    assert [(one["pair"], one["decision"]) for one in freezing.standing(review).document["rulings"]] == [
        ("ID07", "left")
    ]


# --- Frozen figures -------------------------------------------------------------------------------------------


def test_a_later_version_or_definition_changes_nothing_of_a_frozen_figure(people, review):
    snapshot = make.freeze(review, people)
    figures(MENDED, number=2, zero=["SAL_DISC", "SAL_REF"])
    figures([("SAL_GROSS", "2025-10-01", "1.00", DE)], period="2025-10", number=2)
    old = MetricVersion.objects.get(metric__code="SAL_NET")
    MetricVersion.objects.filter(pk=old.pk).update(effective_to=dt.date(2026, 10, 2))
    fields = {field.name: getattr(old, field.name) for field in old._meta.fields if field.name != "id"}
    fields |= {
        "number": 2,
        "effective_from": dt.date(2026, 10, 2),
        "effective_to": None,
        "formula": "SAL_GROSS * 2",
    }
    MetricVersion.objects.create(**fields)
    review.pinned.all().delete()
    assert (net(), net(snapshot)) == (D("360.2"), D("100.1"))
    before = [one for one in sources.standing(None, None, snapshot=snapshot) if one.start.year == 2025]
    assert [one.number for one in before] == [1]


def test_what_only_a_draft_holds_is_not_frozen(people, review):
    figures(MENDED, number=2, state="draft", profile="orders-daily")
    assert {one["profile"] for one in make.freeze(review, people).document["versions"]} == {"sales-daily"}


@pytest.mark.parametrize(("who", "count"), [("ceo", 2), ("sales", 2), ("observer", 2), ("logistics", 0)])
def test_frozen_versions_are_read_by_whom_they_were_open_to(people, review, who, count):
    snapshot = make.freeze(review, people)
    Observation.objects.all()
    snapshot.review.refresh_from_db()
    for row in sources.Submission.objects.all():
        row.state = "superseded"
        row.save()
    assert len(sources.standing(None, None, snapshot=snapshot, user=people[who])) == count


def test_a_snapshot_is_never_changed_nor_deleted(people, review):
    row = make.freeze(review, people)
    for statement in ("UPDATE %s SET content='{}'", "DELETE FROM %s"):
        for table in (Snapshot._meta.db_table, Signature._meta.db_table):
            said = statement.replace("content='{}'", "fingerprint='0'") % table
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(said)
    row.reason = "Other"
    with pytest.raises(TypeError):
        row.save()
    assert Snapshot.objects.get().fingerprint == row.fingerprint


# --- Working it out again -------------------------------------------------------------------------------------


def test_a_fingerprint_is_worked_out_again_and_what_differs_is_named(people, review):
    row = make.freeze(review, people)
    assert snapshots.differences(row) == []
    assert [one.code for one in freeze_checks.frozen_figures(make.AT)] == ["FREEZE_FINE"]
    Observation.objects.filter(metric="SAL_ORD").update(value=5)
    MetricVersion.objects.filter(metric__code="SAL_NET").update(formula="SAL_GMV")
    found = [(one.part, one.name) for one in snapshots.differences(row)]
    assert found == [("facts", "SAL sales-daily 2026-10-01 v1"), ("definitions", "SAL_NET v1")]
    assert [one.code for one in freeze_checks.frozen_figures(make.AT)] == ["FREEZE_DIFFERS"]


def test_the_command_says_true_or_what_differs(people, review):
    make.freeze(review, people)
    out = StringIO()
    call_command("verify-freeze", "2026-10", "--json", stdout=out)
    assert json.loads(out.getvalue())["status"] == "fine"
    Observation.objects.filter(metric="SAL_ORD").update(value=5)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify-freeze", stdout=out)
    assert ended.value.code == 1 and "facts SAL sales-daily 2026-10-01 v1" in out.getvalue()
    with pytest.raises(SystemExit) as ended:
        call_command("verify-freeze", "1999-01", stdout=StringIO())
    assert ended.value.code == 2


# --- Restating ------------------------------------------------------------------------------------------------


def mended(review, people, at=make.AT):
    freezing.restate(review, "A refund was booked twice", by=people["steward"], at=at)
    figures(MENDED, number=2, zero=["SAL_DISC", "SAL_REF"])


def test_a_restatement_is_chained_to_the_old_figures_and_says_why(people, review):
    first = make.freeze(review, people)
    mended(review, people)
    assert net(snapshots.latest(review)) == D("100.1")
    second = make.freeze(review, people)
    review.refresh_from_db()
    assert (second.number, second.previous, second.reason) == (
        2,
        first.fingerprint,
        "A refund was booked twice",
    )
    assert (second.restated_by, review.state) == (people["steward"], "frozen")
    changed = {one["metric"]: (one["old"], one["new"]) for one in second.changes}
    assert changed["SAL_NET"] == ("100.1", "180.1")
    assert "SAL_ORD" not in changed
    assert snapshots.differences(second) == []


def test_figures_that_the_meeting_saw_are_restated_and_the_review_stays_met(people, review):
    make.freeze(review, people)
    review.state = "met"
    review.save()
    mended(review, people)
    make.freeze(review, people)
    review.refresh_from_db()
    assert review.state == "met"


@pytest.mark.parametrize("name", ["sales", "ceo", "facilitator", "admin", "logistics", "finance"])
def test_only_data_owners_open_the_figures_again(people, review, name):
    make.freeze(review, people)
    with pytest.raises(freezing.CannotFreeze):
        freezing.restate(review, "Why", by=people[name], at=make.AT)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_a_restatement_needs_its_reason(people, review, reason):
    make.freeze(review, people)
    with pytest.raises(freezing.CannotFreeze):
        freezing.restate(review, reason, by=people["steward"], at=make.AT)


def test_two_restatements_read_as_one_from_the_first_old_to_the_last_new():
    rows = [
        Snapshot(changes=[{"metric": "A", "old": "1", "new": "2"}, {"metric": "B", "old": "5", "new": "6"}]),
        Snapshot(changes=[{"metric": "A", "old": "2", "new": "3"}, {"metric": "B", "old": "6", "new": "5"}]),
    ]
    assert restated.since(rows) == [{"metric": "A", "old": "1", "new": "3"}]


def test_who_looked_is_kept_once_and_again_after_a_restatement(people, review):
    assert sightings.note(review, by=people["ceo"], at=make.AT) is None
    make.freeze(review, people)
    for _visit in range(3):
        sightings.note(review, by=people["ceo"], at=make.AT)
    mended(review, people)
    make.freeze(review, people)
    assert [row.number for row in sightings.news(review, people["ceo"])] == [2]
    assert sightings.news(review, people["sales"]) == []
    sightings.note(review, by=people["ceo"], at=make.AT)
    assert sightings.news(review, people["ceo"]) == []
    assert Sight.objects.get().number == 2


def test_promotions_are_part_of_what_was_frozen(people, review):
    make.promotion(people["admin"], "2026-10-10", "2026-10-11", "Prime")
    row = make.freeze(review, people)
    Promotion.objects.all().delete()
    assert [one["name"] for one in row.document["promotions"]] == ["Prime"]
