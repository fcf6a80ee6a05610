"""`manage.py submit`, `profiles` and `profile`: exact documents, exact exit statuses, never a traceback."""

import io
import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from metrics import known_profiles
from metrics.models import ImportJob, SavedProfile, Submission
from tests.metrics import uploads
from tests.metrics.intake.case import TEST_PROFILE
from tests.metrics.uploads import REAL, csv

pytestmark = pytest.mark.django_db
KEYS = {
    "status", "submission", "profile", "rows_read", "rows_used", "rows_excluded",
    "findings_total", "findings", "totals", "seconds",
}  # fmt: skip
FINDING_KEYS = {
    "code",
    "severity",
    "sheet",
    "row",
    "column",
    "header",
    "value",
    "message",
    "hint",
    "suggestion",
}


@pytest.fixture
def december(tmp_path):
    path = tmp_path / "december.csv"
    path.write_bytes(csv())
    return str(path)


def run(*arguments, **options) -> tuple[int, str]:
    """(exit status, standard output) of a command in this process."""
    out, status = io.StringIO(), 0
    try:
        call_command(*arguments, stdout=out, **options)
    except SystemExit as end:
        status = end.code
    except CommandError as error:
        status = error.returncode
    return status, out.getvalue()


def submit(file, *more, department="sales", period="2010-12"):
    status, out = run("submit", file, f"--department={department}", f"--period={period}", "--json", *more)
    return status, json.loads(out)


def codes(document):
    return [finding["code"] for finding in document["findings"]]


def test_the_document_has_exactly_the_agreed_keys(december):
    status, document = submit(december)
    version = Submission.objects.get()
    assert status == 0 and set(document) == KEYS
    document["totals"] = {
        code: total for code, total in document["totals"].items() if code.startswith("SAL_")
    }
    assert document | {"seconds": 0} == {
        "status": "accepted",
        "submission": version.pk,
        "profile": "uci-online-retail",
        "rows_read": 5,
        "rows_used": 4,
        "rows_excluded": {"zero_price": 1},
        "findings_total": 0,
        "findings": [],
        "totals": {
            "SAL_GROSS": "105.3000", "SAL_DISC": "0.0000", "SAL_REF": "2.5500",
            "SAL_SHIPREV": "18.0000", "SAL_ORD": "2", "SAL_UNITS": "30",
        },
        "seconds": 0,
    }  # fmt: skip
    assert (version.uploaded_by, version.state) == (None, "draft")


def test_a_rejected_file_exits_1_with_every_finding(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_bytes(csv([f"5363{n:05},1,X,many,2010-12-03,1,,France" for n in range(1100)]))
    before = uploads.digest()
    status, document = submit(str(path))
    assert (status, document["status"], document["submission"]) == (1, "rejected", None)
    assert (document["findings_total"], len(document["findings"])) == (1100, 1000)
    assert set(document["findings"][0]) == FINDING_KEYS
    first = document["findings"][0]
    assert [first[key] for key in ("code", "severity", "sheet", "row", "column", "header", "value")] == [
        "NUMBER_FORMAT", "error", "", 2, "D", "Quantity", "many",
    ]  # fmt: skip
    assert uploads.digest() == before


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"file": "/nowhere/x.csv"}, 2, "FILE_UNREADABLE"),
        ({"file": "/tmp"}, 2, "FILE_UNREADABLE"),
        ({"department": "nobody"}, 2, "DEPARTMENT_UNKNOWN"),
        ({"department": "\udcff"}, 2, "DEPARTMENT_UNKNOWN"),
        ({"period": "2010-13"}, 2, "PERIOD_INVALID"),
        ({"period": "9999"}, 2, "PERIOD_INVALID"),
        ({"period": "..".join(["2010"] * 5000)}, 2, "PERIOD_INVALID"),
        ({"period": "2010-12-05..2010-12-01"}, 2, "PERIOD_INVALID"),
        ({"more": ["--profile=nothing"]}, 2, "PROFILE_UNKNOWN"),
        ({"more": ["--profile=../../secret_key"]}, 2, "PROFILE_UNKNOWN"),
        ({"more": ["--by=nobody"]}, 2, "USER_UNKNOWN"),
        ({"more": ["--set=platform"]}, 2, "SETTING_FORM"),
        ({"more": ["--profile=uci-online-retail", "--set=colour=red"]}, 2, "SETTING_UNKNOWN"),
        ({"more": ["--set=colour=red"]}, 2, "SETTING_UNKNOWN"),
        ({"more": ["--by=marketing"]}, 1, "DEPARTMENT_CLOSED"),
        ({"department": "finance"}, 1, "PROFILE_OTHER_DEPARTMENT"),
    ],
)
def test_unusable_arguments_are_answered_in_the_document(people, december, change, status, code):
    given = {"department": "sales", "period": "2010-12"} | {
        k: v for k, v in change.items() if k in ("department", "period")
    }
    ended, document = submit(change.get("file", december), *change.get("more", []), **given)
    assert (ended, codes(document), document["submission"]) == (status, [code], None)
    assert set(document) == KEYS and document["findings"][0]["message"] and document["findings"][0]["hint"]
    assert not Submission.objects.exists()


def test_a_department_goes_by_code_short_name_or_name_in_either_language(december):
    for number, name in enumerate(("SAL", "sales", "Sales", "销售部")):
        status, document = submit(december, f"--set=platform=shop{number}", department=name)
        assert status == 0 and Submission.objects.get(pk=document["submission"]).number == number + 1


def test_hand_in_is_one_step_and_twice_is_no_error(people, december):
    for _ in range(2):
        status, document = submit(december, "--hand-in", "--by=sales")
        assert status == 0
    version = Submission.objects.get()
    assert (version.state, version.handed_in_by, version.pk) == (
        "handed_in",
        people["sales"],
        document["submission"],
    )


def test_who_may_not_hand_in_is_told_before_anything_is_stored(people, december):
    from tests import make  # noqa: PLC0415

    make.user("analyst", "SAL", username="analyst")
    status, document = submit(december, "--hand-in", "--by=analyst")
    assert (status, codes(document), Submission.objects.count()) == (1, ["DEPARTMENT_CLOSED"], 0)
    assert submit(december, "--by=analyst")[0] == 0


def test_settings_reach_the_facts(december):
    submit(december, "--set=platform=shop")
    assert Submission.objects.get().jobs.get().settings == {"values": {"platform": "shop"}, "sheet": ""}
    from metrics.models import Slice  # noqa: PLC0415

    assert set(Slice.objects.exclude(platform="").values_list("platform", flat=True)) == {"shop"}


def test_messages_speak_the_language_asked_for(december):
    _, english = submit(december, period="2011-01")
    _, chinese = submit(december, "--language=zh-hans", period="2011-01")
    assert english["findings"][0]["message"].isascii() and not chinese["findings"][0]["message"].isascii()
    assert codes(english) == codes(chinese)


def test_text_is_the_default_and_says_the_same(december):
    status, out = run("submit", december, "--department=sales", "--period=2010-12")
    assert status == 0
    assert out.startswith("accepted") and "5 read, 4 used" in out and "SAL_GROSS" in out


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.is_dir(), reason="the real files in ../shared/data are not on this machine")
def test_three_real_months_are_three_submissions():
    for month in ("2010-12", "2011-01", "2011-02"):
        status, document = submit(str(REAL / f"online_retail_{month}.csv"), "--hand-in", period=month)
        assert (status, document["status"], document["findings_total"]) == (0, "accepted", 0)
    assert Submission.objects.filter(state="handed_in").count() == 3
    assert ImportJob.objects.filter(state="done").count() == 3


def test_profiles_lists_shipped_and_saved_ones(at):
    known_profiles.save("test-monthly", TEST_PROFILE, by=None, at=at)
    status, out = run("profiles", "--json")
    found = {one["name"]: one for one in json.loads(out)["profiles"]}
    assert status == 0 and found["uci-online-retail"]["source"] == "shipped"
    assert found["test-monthly"] == found["test-monthly"] | {
        "source": "saved", "version": 1, "department": "sales",
        "title": {"en": "Monthly test template", "zh": "月度测试模板"},
    }  # fmt: skip


def test_a_profile_goes_out_is_changed_and_comes_in_as_a_new_version(tmp_path):
    path = tmp_path / "mine.yaml"
    assert run("profile", "export", "uci-online-retail", str(path))[0] == 0
    path.write_text(path.read_text("utf-8").replace("profile: uci-online-retail", "profile: mine"), "utf-8")
    for _ in range(2):
        assert run("profile", "import", "mine", str(path))[0] == 0
    path.write_text(path.read_text("utf-8").replace("default: web", "default: shop"), "utf-8")
    assert run("profile", "import", "mine", str(path))[0] == 0
    assert list(SavedProfile.objects.values_list("name", "number")) == [("mine", 1), ("mine", 2)]


@pytest.mark.parametrize(
    ("arguments", "content", "status"),
    [
        (("export", "nothing"), b"", 2),
        (("import", "mine"), None, 2),
        (("import", "mine"), b"\xff\xfe", 2),
        (("import", "mine"), b"a" * 300_000, 2),
        (("import", "mine"), b"profile: [", 1),
        (("import", "mine"), b"profile: other", 1),
        (("import", "uci-online-retail"), TEST_PROFILE.encode(), 1),
        (
            ("import", "mine"),
            TEST_PROFILE.replace("test-monthly", "mine").replace("sales", "nobody").encode(),
            1,
        ),
    ],
)
def test_a_bad_profile_file_is_refused_in_a_sentence(tmp_path, arguments, content, status):
    path = tmp_path / "profile.yaml"
    if content is not None:
        path.write_bytes(content)
    assert run("profile", *arguments, str(path))[0] == status
    assert not SavedProfile.objects.exists()


@pytest.mark.parametrize(
    "arguments", [["submit"], ["submit", "x.csv", "--department=sales"], ["profile", "burn", "x", "y"]]
)
def test_a_shell_sees_no_traceback_and_status_2(arguments):
    answer = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        env=os.environ,
    )
    assert answer.returncode == 2 and "Traceback" not in answer.stderr and answer.stdout == ""
