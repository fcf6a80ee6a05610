"""A file on its way in: stored whole or not at all, once, whoever runs it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import OperationalError

from metrics import facts, importing, intake, kept_files, versions
from metrics.models import ImportJob, Observation, RollUp, SourceFile, Submission
from metrics.reception import CannotReceive
from reviewhub.health import waking
from reviewhub.people.models import Activity
from tests import make
from tests.metrics import uploads
from tests.metrics.uploads import DECEMBER, JANUARY, REAL, csv, imported, receive

pytestmark = pytest.mark.django_db
real_data = pytest.mark.skipif(
    not REAL.is_dir(), reason="the real files in ../shared/data are not on this machine"
)


def stored(metric):
    return sum(Observation.objects.filter(metric=metric).values_list("value", flat=True))


@pytest.mark.real_data
@real_data
def test_a_real_month_is_stored_to_the_cent(people, at):
    receipt = importing.receive(
        REAL / "online_retail_2010-12.csv",
        name="online_retail_2010-12.csv",
        department=make.department("SAL"),
        period=DECEMBER,
        by=people["sales"],
        at=at,
    )
    job = importing.run(receipt.job.pk, at=at)
    assert (job.state, job.outcome["status"], job.profile) == ("done", "accepted", "uci-online-retail")
    version = job.submission
    assert (version.number, version.state, version.uploaded_by) == (1, "draft", people["sales"])
    assert (version.rows_read, version.rows_used, version.rows_excluded) == (
        42481,
        42208,
        {"zero_price": 273},
    )
    assert stored("SAL_ORD") == 1559
    assert (
        stored("SAL_GROSS") == Decimal("794044.95") * 10_000 == Decimal(version.totals["SAL_GROSS"]) * 10_000
    )
    assert version.currency == "GBP"
    for metric in ("SAL_GROSS", "SAL_REF", "SAL_SHIPREV", "SAL_ORD", "SAL_UNITS"):
        for grain in "WM":
            rolled = RollUp.objects.filter(metric=metric, grain=grain).values_list("value", flat=True)
            assert sum(rolled) == stored(metric)


def test_a_small_file_is_a_draft_with_facts_and_a_line_in_the_log(people, at):
    job = imported(at=at, by=people["sales"])
    version = Submission.objects.get()
    assert job.submission == version
    assert {code: total for code, total in version.totals.items() if code.startswith("SAL_")} == {
        "SAL_GROSS": "105.3000", "SAL_DISC": "0.0000", "SAL_REF": "2.5500",
        "SAL_SHIPREV": "18.0000", "SAL_ORD": "2", "SAL_UNITS": "30",
    }  # fmt: skip
    assert version.rows_excluded == {"zero_price": 1}
    assert version.counts["missing_customers"] == 2
    line = Activity.objects.get(code="submission.uploaded")
    assert (line.actor, line.params["file"], line.params["rows"]) == (people["sales"], "december.csv", 4)
    assert kept_files.path_of(version.source).read_bytes() == csv()
    assert version.source.keep_until == (at + kept_files.KEEP_USED).date()


def test_the_preview_does_not_keep_customers(at):
    job = imported(at=at)
    assert [row["customer"] for row in job.outcome["first_rows"]] == ["•••", "•••", "•••", "", ""]
    assert "17850" not in str(job.outcome)


def test_the_same_bytes_again_are_the_same_version(people, at):
    first = imported(at=at, by=people["sales"])
    again = receive(at=at + dt.timedelta(hours=1), by=people["sales"])
    assert again.is_known and again.submission == first.submission and again.job == first
    assert (Submission.objects.count(), ImportJob.objects.count(), SourceFile.objects.count()) == (1, 1, 1)


def test_a_double_click_waits_for_the_first_upload(at):
    first = receive(at=at)
    second = receive(at=at + dt.timedelta(seconds=1))
    assert second.job == first.job and not second.is_known
    assert ImportJob.objects.count() == 1


def test_two_uploads_that_did_not_see_each_other_make_one_version(at, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(versions, "same_upload", lambda *_, **__: None)
        jobs = [receive(at=at).job, receive(at=at).job]
    first, second = [importing.run(job.pk, at=at) for job in jobs]
    assert first.submission == second.submission == Submission.objects.get()
    assert second.outcome["status"] == "accepted"


def test_other_settings_or_a_withdrawn_version_make_a_new_one(at):
    first = imported(at=at)
    other = imported(at=at, settings={"platform": "shop"})
    assert other.submission.number == 2
    Submission.objects.filter(pk=other.submission_id).update(state="withdrawn")
    third = imported(at=at, settings={"platform": "shop"})
    assert third.submission.number == 3
    first.submission.refresh_from_db()
    assert first.submission.state == "superseded"


def test_a_newer_draft_replaces_the_older_draft_but_not_what_was_handed_in(at):
    old = imported(at=at).submission
    Submission.objects.filter(pk=old.pk).update(state="handed_in", handed_in_at=at)
    second = imported(csv(uploads.ROWS[:2]), at=at).submission
    third = imported(csv(uploads.ROWS[:4]), at=at).submission
    assert list(Submission.objects.order_by("number").values_list("number", "state")) == [
        (1, "handed_in"), (2, "superseded"), (3, "draft"),
    ]  # fmt: skip
    assert list(Submission.objects.in_force(drafts=True)) == [third]
    assert second.pk != third.pk


def test_a_refused_file_changes_nothing_and_says_everything(people, at):
    imported(at=at)
    before = uploads.digest()
    job = imported(
        csv([*uploads.ROWS, "536500,22139,BAD,many,2010-12-03,x,,France"]), at=at, by=people["sales"]
    )
    assert uploads.digest() == before
    assert (job.state, job.outcome["status"], job.submission) == ("done", "rejected", None)
    assert [(f["row"], f["column"], f["header"], f["value"]) for f in job.outcome["findings"]] == [
        (7, "D", "Quantity", "many"),
        (7, "F", "UnitPrice", "x"),
    ]
    assert Activity.objects.filter(code="submission.refused", actor=people["sales"]).exists()


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"country": "C" * 81}, "TEXT_TOO_LONG"),
        ({"quantity": "99999999999", "price": "999999999999.9"}, "SUM_TOO_LARGE"),
        ({"quantity": "40000000000", "price": "5000"}, "SUM_TOO_LARGE"),
    ],
)
def test_what_one_database_would_swallow_and_the_other_refuse_is_a_finding(at, cells, code):
    line = "53636{},85123A,HEART,{quantity},2010-12-01,{price},,{country}"
    given = {"quantity": "1", "price": "1.00", "country": "France"} | cells
    job = imported(csv([line.format(number, **given) for number in range(3)]), at=at)
    assert (job.state, job.outcome["status"], set(uploads.codes(job))) == ("done", "rejected", {code})


def test_an_overlapping_period_is_refused_with_the_other_period(at):
    imported(at=at)
    before = uploads.digest()
    job = imported(csv(uploads.ROWS[:4]), at=at, period=importing.Period.parse("2010-Q4"))
    assert uploads.codes(job) == ["PERIOD_OVERLAP"]
    assert job.outcome["findings"][0]["params"] == {"other": "2010-12", "period": "2010-Q4"}
    assert uploads.digest() == before
    Submission.objects.update(state="withdrawn")
    assert imported(csv(uploads.ROWS[:3]), at=at, period=importing.Period.parse("2010-Q4")).submission


def test_a_file_of_another_month_is_refused(at):
    assert "PERIOD_MISMATCH" in uploads.codes(imported(at=at, period=JANUARY))
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"profile": "nothing"}, "PROFILE_UNKNOWN"),
        ({"profile": "uci-online-retail", "settings": {"colour": "red"}}, "SETTING_UNKNOWN"),
        ({"name": "..", "content": csv()}, "BAD_FILE_NAME"),
        ({"profile": "uci-online-retail", "settings": {"platform": "x" * 81}}, "SETTING_TOO_LONG"),
        ({"name": "figures.xls"}, "TYPE_MISMATCH"),
        ({"name": "figures.pdf"}, "TYPE_NOT_ACCEPTED"),
    ],
)
def test_what_can_be_refused_at_the_door_leaves_no_trace(at, options, code):
    content = options.pop("content", b"")
    if options.get("name") == "..":
        with pytest.raises(CannotReceive) as refusal:
            importing.receive(
                [], name="..", department=make.department("SAL"), period=DECEMBER, by=None, at=at
            )
    else:
        with pytest.raises(CannotReceive) as refusal:
            receive(content, at=at, **options)
    assert list(refusal.value.document["finding_counts"]) == [code]
    assert not ImportJob.objects.exists() and not SourceFile.objects.exists()


def test_a_file_that_is_too_large_is_refused_while_it_comes(at, settings):
    settings.INTAKE_LIMITS = settings.INTAKE_LIMITS | {"csv_bytes": 100}
    with pytest.raises(CannotReceive) as refusal:
        receive(at=at)
    assert (refusal.value.http_status, list(refusal.value.document["finding_counts"])) == (
        413,
        ["FILE_TOO_LARGE"],
    )
    assert not any(path.is_file() for path in (settings.FILES_DIR / "incoming").rglob("*"))


def test_another_departments_profile_and_stranger_are_refused(people, at):
    with pytest.raises(CannotReceive) as refusal:
        receive(at=at, department=make.department("FIN"), profile="uci-online-retail")
    assert list(refusal.value.document["finding_counts"]) == ["PROFILE_OTHER_DEPARTMENT"]
    for stranger in ("marketing", "ceo", "admin", "steward", "logistics"):
        with pytest.raises(CannotReceive):
            receive(at=at, by=people[stranger])


def test_an_unforeseen_error_leaves_nothing_half_and_a_number_for_the_log(at, monkeypatch, caplog):
    before = uploads.digest()
    monkeypatch.setattr(facts, "store", lambda *_: 1 / 0)
    job = imported(at=at)
    assert (job.state, uploads.codes(job)) == ("failed", ["IMPORT_FAILED"])
    assert job.outcome["findings"][0]["params"]["incident"] in caplog.text
    assert uploads.digest() == before


def test_a_busy_database_is_tried_again(at, monkeypatch):
    def locked(*_):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(facts, "store", locked)
        job = imported(at=at)
    assert (job.state, job.attempts, job.submission) == ("queued", 1, None)
    assert importing.run(job.pk, at=at).submission.number == 1


def test_a_lost_worker_is_followed_by_another_after_its_lease(at):
    job = receive(at=at).job
    assert importing._claimed(job.pk, at=at) is not None
    later = at + importing.LEASE
    assert importing.run(job.pk, at=later).state == "running"
    job = importing.run(job.pk, at=later + dt.timedelta(seconds=1))
    assert (job.state, job.attempts) == ("done", 2)
    assert Submission.objects.count() == 1


def test_a_worker_that_lost_its_lease_writes_nothing_any_more(at, monkeypatch):
    job = receive(at=at).job
    check = intake.check

    def overtaken(*args, **options):
        outcome = check(*args, **options)
        later = at + importing.LEASE + dt.timedelta(minutes=5)
        monkeypatch.setattr(intake, "check", check)
        importing.run(job.pk, at=later)
        return outcome

    monkeypatch.setattr(intake, "check", overtaken)
    importing.run(job.pk, at=at)
    job.refresh_from_db()
    assert (job.attempts, job.state, Submission.objects.count(), stored("SAL_ORD")) == (2, "done", 1, 2)


def test_the_sweep_wakes_workers_for_what_was_lost_and_gives_up_after_three(at, monkeypatch):
    woken = []
    monkeypatch.setattr(importing, "wake_worker", woken.append)
    waiting, running, hopeless = [
        receive(csv(uploads.ROWS[:rows]), at=at).job for rows in (1, 2, 3)
    ]  # fmt: skip
    importing._claimed(running.pk, at=at)
    ImportJob.objects.filter(pk=hopeless.pk).update(attempts=importing.ATTEMPTS)
    importing.sweep(at=at)
    assert woken == [waiting.pk]
    hopeless.refresh_from_db()
    assert (hopeless.state, uploads.codes(hopeless)) == ("failed", ["IMPORT_FAILED"])
    woken.clear()
    importing.sweep(at=at + importing.LEASE + dt.timedelta(seconds=1))
    assert set(woken) == {waiting.pk, running.pk}


def test_a_broker_that_is_away_does_not_lose_the_upload(at, monkeypatch, django_capture_on_commit_callbacks):
    def away(*_, **__):
        raise OSError("no route")

    monkeypatch.setattr(waking.current_app, "send_task", away)
    monkeypatch.setattr(waking, "_quiet_until", 0.0)
    with django_capture_on_commit_callbacks(execute=True) as said:
        receive(at=at, enqueue=True)
    assert len(said) == 1 and ImportJob.objects.get().state == "queued"


def test_expired_files_lose_their_bytes_and_keep_their_facts(at):
    job = imported(at=at)
    path = kept_files.path_of(job.source)
    importing.sweep(at=at + kept_files.KEEP_USED)
    assert path.exists()
    importing.sweep(at=at + kept_files.KEEP_USED + dt.timedelta(days=1))
    assert not path.exists() and Observation.objects.exists()
    job.source.refresh_from_db()
    assert not job.source.content
