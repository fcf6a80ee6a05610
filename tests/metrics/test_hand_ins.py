"""A hand-in of several files by browser and command, and the definitions that its profile brings along."""

import json
from decimal import Decimal as D
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse, reverse_lazy

from metrics import dictionary_rows, importing, known_profiles, readings
from metrics.models import ImportJob, Metric, MetricVersion, SourceFile, Submission
from metrics.periods import Period
from metrics.reasons import CannotRead
from tests.metrics.figures import dictionary_of_today
from tests.metrics.hand_ins import LINES, ORDERS, PROFILE, tables

URL = reverse_lazy("submissions")
SPAN = "2026-03-01..2026-04-30"
pytestmark = pytest.mark.django_db


@pytest.fixture
def profile(at):
    dictionary_of_today()
    return known_profiles.save("shop-tables", PROFILE, by=None, at=at)


@pytest.fixture
def sales(client, people):
    client.force_login(people["sales"])
    return client


def submit(folder, files=None, *, period=SPAN, profile="shop-tables"):
    """(exit status, document) of `manage.py submit` with every file of the hand-in."""
    paths = []
    for name, content in (tables() if files is None else files).items():
        (folder / name).write_bytes(content)
        paths.append(str(folder / name))
    out, status = StringIO(), 0
    where = ("--department", "sales", "--period", period, *(("--profile", profile) if profile else ()))
    try:
        call_command("submit", *paths, *where, "--json", stdout=out)
    except SystemExit as stopped:
        status = stopped.code
    return status, json.loads(out.getvalue())


def read(code, period, **more):
    return readings.reading(code, Period.parse(period), **more)


def test_the_command_takes_every_file_of_a_hand_in(profile, tmp_path):
    status, document = submit(tmp_path)
    assert (status, document["status"], document["totals"]["SHOPT_SALES"]) == (0, "accepted", "31.6500")
    source = SourceFile.objects.get()
    assert source.name == "orders +2.zip"
    assert read("SHOPT_AOV", SPAN).value == D("10.55")
    assert read("SHOPT_SALES", "2026-04", where={"category": "lamps"}).value == D("1.5")


def test_the_profile_is_found_by_the_headers_of_any_telling_table(profile, tmp_path):
    assert submit(tmp_path, profile="")[1]["profile"] == "shop-tables"


def test_the_same_files_in_another_order_are_the_same_hand_in(profile, tmp_path):
    first = submit(tmp_path)[1]["submission"]
    again = submit(tmp_path, dict(reversed(tables().items())))[1]["submission"]
    assert (again, Submission.objects.count()) == (first, 1)


def test_a_workbook_or_a_picture_among_the_files_is_refused_by_name(profile, tmp_path):
    for name, content, code in (("a.xlsx", b"PK", "ZIP_CONTENT"), ("a.csv", b"\x89PNG\r\n", "TYPE_MISMATCH"),
                                ("b.csv", b"", "FILE_EMPTY")):  # fmt: skip
        status, document = submit(tmp_path, tables() | {name: content})
        (told,) = document["findings"]
        assert (status, told["code"], told["sheet"]) == (2, code, name)
    assert not SourceFile.objects.exists()


def test_the_browser_sends_further_files_in_a_field_of_their_own(profile, sales, at):
    page = sales.get(URL).content.decode()
    assert 'name="parts"' in page and "multiple" in page
    files = [SimpleUploadedFile(name, content) for name, content in tables().items()]
    sent = {
        "department": "sales",
        "period": SPAN,
        "profile": "shop-tables",
        "file": files[0],
        "parts": files[1:],
    }
    answer = sales.post(URL, sent)
    assert answer.status_code == 302
    job = importing.run(ImportJob.objects.get().pk, at=at)
    assert (job.outcome["status"], job.submission.totals["SHOPT_ORDERS"]) == ("accepted", "3")
    assert "作废订单的行" in sales.get(reverse("import", args=[job.pk])).content.decode()


def test_the_browser_says_which_part_is_missing(profile, sales, at):
    upload = SimpleUploadedFile("orders.csv", tables()["orders.csv"])
    sales.post(URL, {"department": "sales", "period": SPAN, "profile": "shop-tables", "file": upload})
    job = importing.run(ImportJob.objects.get().pk, at=at)
    page = sales.get(reverse("import", args=[job.pk])).content.decode()
    assert (
        "PART_MISSING" in page
        and "缺少一部分：订单行" in page
        and "order_no, line_no, item_no, amount" in page
    )


def test_a_profile_brings_its_definitions_and_the_shipped_dictionary_stays_as_it_is(profile, tmp_path, at):
    before = dictionary_rows.rows(at.date())
    submit(tmp_path)
    brought = Metric.objects.filter(pack="profile", profile="shop-tables")
    assert {one.code for one in brought} == set(
        Metric.objects.filter(code__startswith="SHOPT_").values_list("code", flat=True)
    )
    assert dictionary_rows.rows(at.date()) == before
    aov = MetricVersion.objects.get(metric__code="SHOPT_AOV")
    assert (aov.name_zh, aov.unit, aov.formula, aov.engine) == (
        "客单价",
        "CCY/单",
        "SHOPT_SALES / SHOPT_ORDERS",
        "app",
    )
    sold = MetricVersion.objects.get(metric__code="SHOPT_SALES")
    assert sold.definition_en == "The sum of amount over rows where valid."
    assert sold.definition_zh == "求和：amount；只计满足条件的行：valid。"


def test_a_definition_that_changed_is_a_new_version(profile, tmp_path, at):
    submit(tmp_path)
    changed = PROFILE.replace("unit: CCY/单", "unit: CCY/单, decimals: 3")
    known_profiles.save("shop-tables", changed, by=None, at=at)
    submit(tmp_path)
    versions = MetricVersion.objects.filter(metric__code="SHOPT_AOV").order_by("number")
    assert [(one.number, one.decimals, str(one.effective_from)) for one in versions] == [
        (1, 2, "2000-01-01"),
        (2, 3, "2026-03-01"),
    ]
    assert MetricVersion.objects.filter(metric__code="SHOPT_SALES").count() == 1


def test_a_code_that_is_taken_is_refused_with_the_owner(profile, tmp_path, at):
    submit(tmp_path)
    known_profiles.save("other-tables", PROFILE.replace("shop-tables", "other-tables"), by=None, at=at)
    status, document = submit(tmp_path, period=SPAN, profile="other-tables")
    assert (status, [one["code"] for one in document["findings"]]) == (1, ["METRIC_DEFINED_OTHERWISE"])
    assert Submission.objects.get().profile == "shop-tables"


@pytest.mark.parametrize(
    ("code", "period", "why"),
    [
        ("SHOPT_ACTIVE", SPAN, "ONLY_PER_MONTH"),
        ("SHOPT_MEDIAN_MONTH", "2026-04-01..2026-04-10", "ONLY_PER_MONTH"),
        ("SHOPT_MEDIAN", "2026-03", "ONLY_PER_UPLOAD"),
    ],
)
def test_what_was_counted_by_itself_says_nothing_about_another_period(profile, tmp_path, code, period, why):
    submit(tmp_path)
    told = read(code, period)
    assert (told.value, told.why.code) == (None, why)


def test_counts_by_month_and_by_upload_are_read_for_their_own_period(profile, tmp_path):
    submit(tmp_path)
    assert [read("SHOPT_ACTIVE", month).value for month in ("2026-03", "2026-04")] == [2, 2]
    assert (read("SHOPT_MEDIAN", SPAN).value, read("SHOPT_MEDIAN_MONTH", "2026-03").value) == (
        86_401,
        86405.5,
    )
    assert {row.key["segment"]: row.value for row in read("SHOPT_ORDERS", SPAN, by=["segment"]).rows} == {
        "done": 3
    }
    with pytest.raises(CannotRead) as refusal:
        read("SHOPT_ORDERS", SPAN, by=["category"])
    assert [why.code for why in refusal.value.whys] == ["NO_SUCH_SPLIT"]


def test_a_hand_in_with_one_bad_cell_changes_nothing(profile, tmp_path):
    status, document = submit(tmp_path, tables(lines=(*LINES, "A1,3,x,ten")))
    assert (status, document["submission"], Submission.objects.count()) == (1, None, 0)
    (told,) = document["findings"]
    assert (told["code"], told["sheet"], told["row"], told["column"]) == (
        "NUMBER_FORMAT",
        "lines.csv",
        7,
        "D",
    )
    assert not Metric.objects.filter(pack="profile").exists()
    assert submit(tmp_path, tables(orders=ORDERS))[0] == 0
