"""What machines keep of docs/architecture.md besides the import contracts."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parent.parent
OURS = ("reviewhub", "metrics", "meetings", "actions", "okr")
SOURCES = [
    path for app in OURS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
BANNED_NAMES = {"services", "selectors", "utils", "helpers", "common", "core", "managers", "base", "misc"}

# Rows without a door of their own: reached only through a row that has one, or the same for everybody.
BEHIND_ANOTHER_DOOR = {
    "people.Company": "one row, shown to all",
    "people.CompanyDays": "the calendar, the same for everybody",
    "people.Role": "vocabulary",
    "meetings.AgendaTemplate": "for those who plan meetings",
    "meetings.AgendaVersion": "through the meeting",
    "metrics.Explanation": "through the version",
    "metrics.Sentence": "through the metric",
    "metrics.Note": "through its version",
    "metrics.FeedOutage": "through the source",
    "metrics.FactsDigest": "no figures, no text",
    "metrics.Restatement": "through the review",
    "metrics.Sight": "through the review, for those who run it",
    "metrics.TrustBasis": "no figures, no text",
    "metrics.Signature": "through the review",
    "metrics.Suggestion": "through the analysis",
    "people.Assignment": "through the person",
    "people.Duty": "through the department",
    "people.PartnerShare": "is itself the door",
    "people.ActivityChain": "one row, no text",
    "people.Invitation": "through the person",
    "people.GuessAllowance": "no business row",
    "people.CacheRow": "no business row",
    "health.Heartbeat": "no business row",
    "api.KeptAnswer": "through the token that asked",
    "notices.Preference": "through the person",
    "notices.OpenHours": "through the person",
    "notices.CalendarFeed": "through the person",
    "notices.Circuit": "no business row",
    "notices.Watermark": "no business row",
    "notices.Quarantine": "no business row",
    "notices.Fence": "no business row",
    "metrics.Alias": "through the metric",
    "okr.Contribution": "through its key results",
    "okr.Share": "through the key result",
    "okr.Measurement": "through the key result",
    "okr.Grade": "through the key result",
    "okr.Reset": "through the cycle",
    "okr.OfferStep": "through the offer",
    "actions.BudgetApproval": "through the adjustment",
    "actions.BudgetLimit": "through the adjustment",
    "actions.BudgetReceipt": "through the adjustment",
    "actions.BudgetStop": "through the adjustment",
    "actions.BudgetVersion": "through the adjustment",
    "actions.ComplaintLine": "through the complaint",
    "okr.PayLine": "through the plan, or one's own statement",
    "okr.PayMember": "through the plan",
    "okr.PayApproval": "through the plan",
    "okr.PayAmount": "through the statement",
    "okr.PayReturn": "through the statement",
    "okr.PayDispute": "through the plan, or one's own statement",
    "metrics.SideAnswer": "through the ruling",
    "metrics.FeedRun": "through the source",
    "metrics.Rule": "through its metrics",
    "metrics.CellChange": "through the working copy",
    "metrics.RowChange": "through the working copy",
    "metrics.CheckRun": "through the review and the departments of the reader",
    "metrics.CheckIncident": "through the review",
    "metrics.CheckWaiver": "through the review",
    "metrics.MetricWatch": "through the metric",
    "metrics.ProposalComment": "through the proposal",
    "metrics.PinnedVersion": "through the review",
    "metrics.SavedProfile": "declarations, no figures",
    "metrics.SourceFile": "through the submission or the job",
    "metrics.Member": "vocabulary",
    "metrics.Slice": "vocabulary",
    "metrics.Observation": "through readings",
    "metrics.RollUp": "through readings",
    "metrics.CoarseSlice": "vocabulary",
    "metrics.Summary": "through readings",
    "actions.CheckInRhythm": "one row, shown to those who may set it",
    "actions.Dependency": "through the actions on both sides",
    "meetings.Receipt": "through the review, for those who run it",
    "meetings.PinAsker": "through the pin",
    "meetings.Segment": "through the meeting",
    "meetings.Part": "through the meeting",
    "meetings.Event": "through the meeting",
    "meetings.Attendance": "through the meeting",
    "meetings.Improvement": "through the meeting, for colleagues",
    "meetings.MinutesNote": "through the meeting, for those who complete the minutes",
    "meetings.MinutesVersion": "through the meeting, as a copy for each reader",
    "meetings.ActionReview": "through the meeting and the action",
}


def our_models():
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in OURS]


def test_every_model_has_a_door_or_a_reason():
    without = {
        model._meta.label for model in our_models() if not hasattr(model._default_manager.all(), "visible_to")
    }
    assert without == set(BEHIND_ANOTHER_DOOR)


def test_pages_reach_rows_only_through_the_door():
    """In web/ no `Model.objects.get/filter/all` on a model that has a door; the door is `visible_to`."""
    doors = {model.__name__ for model in our_models() if hasattr(model._default_manager.all(), "visible_to")}
    offences = []
    for path in SOURCES:
        if "web" not in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Attribute(
                    value=ast.Attribute(value=ast.Name(id=name), attr="objects"),
                    attr="get" | "filter" | "all",
                ) if name in doors:
                    offences.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}.objects.{node.attr}")
    assert offences == []


def test_no_module_is_named_after_a_pattern():
    assert [str(path) for path in SOURCES if path.stem in BANNED_NAMES] == []


def test_every_module_says_what_part_of_the_business_it_is():
    without = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert without == []


def test_modules_stay_readable():
    long = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES
    }
    assert {name: lines for name, lines in long.items() if lines > 320} == {}


def test_templates_have_no_inline_script_style_or_handler():
    """The content security policy would refuse them in the browser; here they are refused in the source.

    A mail has no policy and, in most programs, no style sheet: its looks stand on its elements, never a script.
    """
    mails = sorted((ROOT / "templates/notices").glob("mail*.html"))
    mails += sorted((ROOT / "templates/people/letters").glob("*.html"))
    assert mails and not [
        path for path in mails if re.search(r"<script|\son\w+=|javascript:", path.read_text())
    ]
    inline = re.compile(
        r"<script(?![^>]*\b(src|type=\"application/json\"))[^>]*>|\sstyle=|\son\w+=|hx-on|javascript:"
    )
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in TEMPLATES
        if path not in mails
        for match in inline.finditer(path.read_text())
    ]
    assert found == []


def test_nothing_is_loaded_from_elsewhere():
    foreign = re.compile(r"""(?:src|href|action)=["']https?://""")
    files = (
        TEMPLATES + sorted((ROOT / "static/js").rglob("*.js")) + sorted((ROOT / "static/css").rglob("*.css"))
    )
    assert [str(path) for path in files if foreign.search(path.read_text(encoding="utf-8"))] == []


def test_an_import_against_the_layers_fails_the_check(tmp_path):
    """A planted violation: metrics imports meetings."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert {contract["type"] for contract in config["contracts"]} == {"layers", "forbidden"}
    planted = ROOT / "metrics" / "planted_for_a_test.py"
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    try:
        planted.write_text('"""Planted."""\n\nfrom meetings import clock  # noqa: F401\n')
        done = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True)
    finally:
        planted.unlink()
    assert done.returncode == 1
    assert "metrics.planted_for_a_test" in done.stdout and "BROKEN" in done.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_registry_host_is_named(path):
    text = path.read_text(encoding="utf-8")
    assert "pypi." not in text and "npmjs" not in text


def test_pages_start_without_pandas_and_plotly():
    """Slow libraries stay out of the start-up path: worker and the page that needs them load them."""
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'reviewhub.settings'; import reviewhub.asgi; "
        "from django.urls import get_resolver; get_resolver().url_patterns; "
        "print(sorted({'pandas', 'pyarrow', 'plotly', 'pypinyin', 'rapidfuzz'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr
