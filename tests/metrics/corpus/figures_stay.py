"""What no definition may do: give a number where there is none (B090), change one that was certified (B094)."""

import io
import json
from functools import partial

from django.core.management import call_command
from django.test import Client

from metrics.dictionary_rows import cells
from metrics.models import Metric, MetricVersion, Observation, Proposal, RollUp, Submission
from metrics.proposal_checks import open_version
from tests.metrics.corpus.definitions import form_of, imported, shipped_rows
from tests.metrics.corpus.lines import DOORS, Answer, Expected, Line
from tests.metrics.figures import figures

OCTOBER = [("SAL_GROSS", "2026-10-01", 100), ("SAL_REF", "2026-10-01", 20), ("SAL_ORD", "2026-10-01", 4)]
NET = {"formula": "SAL_NET / SAL_ORD"}
NO_NUMBER = {"DIVISION_BY_ZERO": "the denominator is zero", "NO_DATA": "No data for SAL_DISC"}


# --- B090 ---------------------------------------------------------------------------------------------------


def without_number(code: str, reason: str, stage, door: str) -> Answer:
    """A formula that divides by zero, or one of whose figures is missing: no number, but the reason in words."""
    zero = ["SAL_ORD", "SAL_DISC"] if reason == "DIVISION_BY_ZERO" else ["SAL_ORD"]
    figures([("SAL_GROSS", "2026-10-01", 5)], zero=zero)
    if door == "form":
        row = cells(open_version(Metric.objects.get(code=code))) | {"definition_en": "Said in other words."}
        address, sent = form_of(row, code)
        answer = stage.client.post(address, sent | {"preview": "1"})
        page = answer.content.decode()
        told = "n/a" in page and NO_NUMBER[reason].replace("SAL_DISC", "") in page
        return Answer("accepted", answer.status_code, frozenset([reason] if told else []), text=page)
    if door == "command":
        said, number = command_reading(code), 0
    else:
        answer = stage.program.get(f"/readings/{code}", period="2026-10")
        said, number = answer.said, answer.status_code
    assert said["value"] is None and said["why"]
    return Answer("accepted", number, frozenset([said["why_code"]]), text=json.dumps(said))


def command_reading(code: str) -> dict:
    out = io.StringIO()
    call_command("reading", code, "--period=2026-10", "--json", stdout=out)
    return json.loads(out.getvalue())


# --- B094 ---------------------------------------------------------------------------------------------------


def kept() -> list:
    """Everything that certified figures are made of."""
    return [list(model.objects.order_by("pk").values()) for model in (Submission, Observation, RollUp)]


def definition_changed(stage, door: str) -> Answer:
    """Proposed at this door, approved by somebody else: a new version, the diff is shown, certified figures stay."""
    figures(OCTOBER, zero=["SAL_DISC"])
    before, held = command_reading("SAL_AOV"), kept()
    proposed(stage, door)
    proposal = Proposal.objects.get()
    steward = Client()
    steward.force_login(stage.people["steward"], backend="django.contrib.auth.backends.ModelBackend")
    steward.cookies["reviewhub_language"] = "en"
    page = steward.get(f"/metrics/proposals/{proposal.pk}/").content.decode()
    assert "SAL_GMV / SAL_ORD" in page and "SAL_NET / SAL_ORD" in page
    answer = steward.post(f"/metrics/proposals/{proposal.pk}/approve", {"note": ""})
    assert answer.status_code == 302
    numbers = MetricVersion.objects.filter(metric__code="SAL_AOV").values_list("number", flat=True)
    assert sorted(numbers) == [1, 2] and kept() == held
    after = (
        stage.program.get("/readings/SAL_AOV", period="2026-10").said
        if door == "API"
        else command_reading("SAL_AOV")
    )
    assert (after["value"], after["version"]) == (before["value"], 1)
    return Answer("accepted", answer.status_code, frozenset(), text=page)


def proposed(stage, door: str) -> None:
    if door == "command":
        rows, like = shipped_rows()
        rows[rows.index(like)] = like | NET
        status, document = imported(stage, rows)
        assert (status, document["status"]) == (0, "proposed")
        return
    address, sent = form_of(cells(open_version(Metric.objects.get(code="SAL_AOV"))) | NET, "SAL_AOV")
    assert stage.client.post(address, sent).status_code == 302


LINES = [
    Line(
        "B090",
        name,
        dict.fromkeys(DOORS, Expected("accepted", frozenset([reason]))),
        partial(without_number, code, reason),
        "definitions",
        seconds=10,
    )
    for name, code, reason in (
        ("division-by-zero", "SAL_AOV", "DIVISION_BY_ZERO"),
        ("missing-input", "SAL_GMV", "NO_DATA"),
    )
]
LINES.append(
    Line(
        "B094",
        "certified-figures-stay",
        dict.fromkeys(DOORS, Expected("accepted")),
        definition_changed,
        "definitions",
        10,
    )
)
