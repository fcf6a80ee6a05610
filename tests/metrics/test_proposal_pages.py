"""Proposals in the browser: the form with its errors, the preview, the discussion and the decision."""

import re

import pytest

from metrics import proposals
from metrics.dictionary_csv import written
from metrics.dictionary_rows import cells, shipped
from metrics.models import Metric, MetricVersion, MetricWatch, Proposal
from metrics.proposal_checks import names_of, open_version
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}


@pytest.fixture
def filled(at):
    dictionary_of_today()


@pytest.fixture
def october(filled):
    rows = [("SAL_GROSS", "2026-10-01", 100), ("SAL_REF", "2026-10-01", 20), ("SAL_ORD", "2026-10-01", 4)]
    figures(rows, zero=["SAL_DISC"])


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def form(code="SAL_AOV", **typed):
    """What the form of a metric would send, with other things typed."""
    entry = Metric.objects.get(code=code)
    sent = {name: cell for name, cell in cells(open_version(entry)).items() if name not in ("code", "pack")}
    sent |= {"dimensions": sent["dimensions"].split(","), "aliases": ", ".join(names_of(entry))}
    return sent | {"effective_from": "2026-12", "reason": "Basket after refunds"} | typed


def field(page: str, name: str) -> str:
    """What stands in the field `name`, with its error."""
    start = page.index(f'for="id_{name}"')
    return re.sub(r"<[^>]+>", " ", page[start : page.index("</div>", start)])


def test_the_form_holds_every_column_as_it_is(filled, people, signed_in):
    page = signed_in(people["sales"]).get("/metrics/SAL_AOV/propose").content.decode()
    sent = set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page)) - {
        "csrfmiddlewaretoken",
        "next",
    }
    assert sent == set(form()) and len(sent) == 46
    assert "SAL_GMV / SAL_ORD" in page


def test_a_form_as_it_is_changes_nothing(filled, people, signed_in):
    answer = signed_in(people["sales"]).post("/metrics/SAL_AOV/propose", form(), headers=EN)
    assert answer.status_code == 422 and "Nothing changes." in words(answer)


@pytest.mark.parametrize(
    ("name", "typed", "error"),
    [
        ("formula", "SAL_GMV + SAL_ORD", "The units do not fit: CCY + 单."),
        ("formula", "SAL_GMV /", "The formula cannot be read at character 9"),
        ("formula", "SAL_AOV * 1", "The formula goes round in a circle: SAL_AOV → SAL_AOV."),
        ("name_en", "", "This field is required."),
        ("name_en", "Orders", "“Orders” is taken (SAL_ORD)."),
        ("tier", "huge", "“tier” does not know “huge”."),
        ("decimals", "two", "“decimals” is a whole number: “two”."),
        ("aliases", "AOV, sal_net", "“sal_net” is taken (SAL_NET)."),
        ("effective_from", "soon", "This is not a period. Write it like 2026-12."),
        ("effective_from", "1999-01", "A new version holds from a day after 2000-01-01"),
        ("reason", "", "This field is required."),
    ],
)
def test_an_error_stands_beside_its_field_and_what_was_typed_stays(
    filled, people, signed_in, name, typed, error
):
    client = signed_in(people["sales"])
    sent = form(**{"formula": "SAL_NET / SAL_ORD", name: typed})
    answer = client.post("/metrics/SAL_AOV/propose", sent, headers=EN)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Proposal.objects.exists()
    assert error in field(page, name).replace("&quot;", '"')
    assert "See what is written beside the fields." in page
    if name != "formula":
        assert "SAL_NET / SAL_ORD" in page


def test_a_preview_shows_the_difference_and_every_month_and_writes_nothing(october, people, signed_in):
    sent = form(formula="SAL_NET / SAL_ORD") | {"preview": "1"}
    answer = signed_in(people["sales"]).post("/metrics/SAL_AOV/propose", sent, headers=EN)
    page = words(answer)
    assert answer.status_code == 200 and not Proposal.objects.exists()
    assert "Formula − before: SAL_GMV / SAL_ORD + after: SAL_NET / SAL_ORD" in page
    assert "1 of 1 months would change." in page
    assert "Oct 2026 25.00 20.00 −5.00 −20.0" in page


def test_from_the_form_to_the_decision(october, people, signed_in, client):
    sent = form(formula="SAL_NET / SAL_ORD")
    answer = signed_in(people["sales"]).post("/metrics/SAL_AOV/propose", sent)
    made = Proposal.objects.get()
    assert answer.url == f"/metrics/proposals/{made.pk}/"
    page = words(client.get(answer.url, headers=EN))
    assert "Basket after refunds" in page and "Withdraw" in page and "Approve" not in page
    client.post(f"{answer.url}comment", {"text": "And returns of December?"})
    signed_in(people["steward"])
    home = words(client.get("/", headers=EN))
    assert "Decide on the definition of Average order value (ex-shipping)" in home
    page = words(client.get(answer.url, headers=EN))
    assert "And returns of December?" in page and "1 of 1 months would change." in page and "Approve" in page
    assert client.post(f"{answer.url}approve", {"note": "Ruling 27"}).status_code == 302
    page = words(client.get(answer.url, headers=EN))
    assert "Approved" in page and "Ruling 27" in page and "Version 2" in page
    assert f'href="/metrics/proposals/{made.pk}/"' in client.get("/metrics/SAL_AOV/").content.decode()
    assert "Decide on the definition" not in words(client.get("/", headers=EN))
    assert client.post(f"{answer.url}approve").status_code == 409


def test_rejecting_needs_a_sentence(filled, people, signed_in, client, at):
    made = written_proposal(people, at)
    address = f"/metrics/proposals/{made.pk}/"
    signed_in(people["steward"])
    assert client.post(f"{address}reject", {"reason": " "}).status_code == 422
    assert client.post(f"{address}reject", {"reason": "Not now."}).status_code == 302
    assert "Not now." in words(client.get(address))
    assert "SAL_AOV" in words(client.get("/metrics/proposals/?tab=decided"))


def written_proposal(people, at, by="sales", **changes):
    entry = Metric.objects.get(code="SAL_AOV")
    row = cells(open_version(entry)) | (changes or {"formula": "SAL_NET / SAL_ORD"})
    start = at.date().replace(year=2027)
    return proposals.propose(entry, row, effective_from=start, reason="Why", by=people[by], at=at)


def test_the_author_sees_why_he_cannot_approve(filled, people, signed_in, at):
    made = written_proposal(people, at, by="steward")
    client = signed_in(people["steward"])
    page = client.get(f"/metrics/proposals/{made.pk}/", headers=EN)
    assert "You proposed this yourself; somebody else must decide." in words(page)
    assert re.search(r"<button[^>]*disabled[^>]*>.*?Approve", page.content.decode(), re.S)
    assert client.post(f"/metrics/proposals/{made.pk}/approve").status_code == 422


def test_withdrawing_and_commenting(filled, people, signed_in, client, at):
    made = written_proposal(people, at)
    address = f"/metrics/proposals/{made.pk}/"
    assert signed_in(people["finance"]).post(f"{address}withdraw").status_code == 422
    assert client.post(f"{address}comment", {"text": "  "}).status_code == 422
    assert client.post(f"{address}comment", {"text": "<b>No</b>"}).status_code == 302
    assert "<b>No</b>" not in client.get(address).content.decode()
    assert signed_in(people["sales"]).post(f"{address}withdraw").status_code == 302
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_who_may_not_does_not_find_it(filled, people, signed_in, at):
    made = written_proposal(people, at)
    address = f"/metrics/proposals/{made.pk}/"
    partner = signed_in(people["logistics"])
    for place in (
        address,
        "/metrics/proposals/",
        "/metrics/SC_OTD/propose",
        "/metrics/propose/",
        "/metrics/import/",
    ):
        assert partner.get(place).status_code == 404, place
    observer = signed_in(people["observer"])
    assert observer.get(address).status_code == 200
    assert observer.get("/metrics/SAL_AOV/propose").status_code == 404
    assert observer.post(f"{address}approve").status_code == 404
    assert signed_in(people["finance"]).post(f"{address}approve").status_code == 404


def test_figures_that_are_not_open_to_a_reader_are_not_in_the_preview(filled, people, signed_in, at):
    """C2: the numbers of the income statement belong to Finance."""
    rows = [("FIN_REV", "2026-10-01", 77777), ("FIN_COGS_PROD", "2026-10-01", 11)]
    figures(rows, zero=["FIN_COGS_FRT", "FIN_COGS_OTH"])
    entry = Metric.objects.get(code="FIN_GP")
    row = cells(open_version(entry)) | {"formula": "FIN_REV - FIN_COGS_PROD - FIN_COGS_FRT"}
    made = proposals.propose(
        entry, row, effective_from=at.date().replace(year=2027), reason="Why", by=people["finance"], at=at
    )
    shown = words(signed_in(people["steward"]).get(f"/metrics/proposals/{made.pk}/", headers=EN))
    hidden = words(signed_in(people["observer"]).get(f"/metrics/proposals/{made.pk}/", headers=EN))
    assert "77,766.00" in shown
    assert "77,766.00" not in hidden and "The figures of this metric are not open to you." in hidden


def test_a_new_metric_goes_the_same_way(october, people, signed_in, client):
    sent = form() | {
        "code": "SAL_BASKET", "pack": "extended", "name_zh": "净篮子", "name_en": "Net basket", "aliases": "篮子，NB",
        "formula": "SAL_NET / SAL_ORD",
    }  # fmt: skip
    answer = signed_in(people["sales"]).post("/metrics/propose/", sent | {"preview": "1"}, headers=EN)
    assert "Oct 2026 n/a 20.00" in words(answer)
    answer = client.post("/metrics/propose/", sent)
    assert Proposal.objects.get().aliases == ["篮子", "NB"]
    signed_in(people["steward"]).post(f"{answer.url}approve")
    assert client.get("/metrics/SAL_BASKET/").status_code == 200
    answer = signed_in(people["sales"]).post("/metrics/propose/", sent, headers=EN)
    assert answer.status_code == 422 and "“SAL_BASKET” is taken" in words(answer)


def test_watching_is_one_button(filled, people, signed_in):
    client = signed_in(people["ceo"])
    client.post("/metrics/SAL_AOV/watch", {"watch": "1"})
    client.post("/metrics/SAL_AOV/watch", {"watch": "1"})
    assert MetricWatch.objects.get().user == people["ceo"]
    assert "Stop watching" in words(client.get("/metrics/SAL_AOV/", headers=EN))
    client.post("/metrics/SAL_AOV/watch", {"watch": "0"})
    assert not MetricWatch.objects.exists()


# --- The file ----------------------------------------------------------------------------------------------------


def test_the_file_goes_out_byte_for_byte_and_partners_get_what_is_shared(filled, people, signed_in):
    assert signed_in(people["sales"]).get("/metrics/export.csv").content == shipped("metrics")
    lines = signed_in(people["logistics"]).get("/metrics/export.csv").content.decode().splitlines()
    assert 5 < len(lines) < 60 and not any(line.startswith("SAL_NET") for line in lines)


def file_with(**changes):
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    rows = [row | (changes if row["code"] == "SAL_AOV" else {}) for row in rows_of_today()]
    return SimpleUploadedFile("metrics.csv", written(rows).encode())


def rows_of_today():
    newest = MetricVersion.objects.filter(effective_to=None).order_by("metric")
    return [cells(one) for one in newest.select_related("metric", "owner_dept", "steward_dept")]


def test_a_file_brought_in_becomes_proposals(filled, people, signed_in, client):
    signed_in(people["steward"])
    sent = {"file": file_with(tolerance="0.5%"), "start": "2026-12", "reason": ""}
    assert client.post("/metrics/import/", sent, headers=EN).url == "/metrics/proposals/"
    made = Proposal.objects.get()
    assert (made.changes, made.proposed_by, made.reason) == (
        {"tolerance": "0.5%"}, people["steward"], "metrics.csv"
    )  # fmt: skip
    page = words(client.get("/metrics/proposals/", headers=EN))
    assert "New proposals: 1. Waiting already: 0." in page and "SAL_AOV" in page


@pytest.mark.parametrize(
    ("changes", "start", "error"),
    [
        ({"formula": "SAL_GMV +"}, "2026-12", "row 16: The formula cannot be read at character 9"),
        ({"tolerance": "1%"}, "soon", "This is not a period."),
    ],
)
def test_a_file_with_a_fault_proposes_nothing(filled, people, signed_in, changes, start, error):
    sent = {"file": file_with(**changes), "start": start}
    answer = signed_in(people["steward"]).post("/metrics/import/", sent, headers=EN)
    assert answer.status_code == 422 and error in words(answer)
    assert not Proposal.objects.exists()


def test_lists_and_pages_take_the_same_queries_however_many_there_are(filled, people, signed_in, at, queries):
    client = signed_in(people["steward"])
    written_proposal(people, at)
    few = queries(lambda: client.get("/metrics/proposals/"))
    for number in range(5):
        written_proposal(people, at, tolerance=f"0.{number + 2}%")
    assert queries(lambda: client.get("/metrics/proposals/")) == few
