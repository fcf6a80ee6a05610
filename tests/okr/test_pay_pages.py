"""Commission as people see it: writing, agreeing, statements, what-if, disputes; and who finds nothing there."""

import csv
import io
from decimal import Decimal

import pytest

from okr.models import PayDispute, PayPlan, PayReturn
from okr.pay_wishes import MemberWish
from tests import make
from tests.metrics.figures import dictionary_of_today
from tests.okr import pays
from tests.okr.pays import OVER

pytestmark = pytest.mark.django_db
LIST = "/comp/2026-Q4/"


@pytest.fixture(autouse=True)
def english(people):
    for person in people.values():
        person.language = "en"
        person.save()


@pytest.fixture
def over(monkeypatch):
    """Pages are read after the quarter."""
    from django.utils import timezone  # noqa: PLC0415

    monkeypatch.setattr(timezone, "now", lambda: OVER)


@pytest.fixture
def plan(people, over) -> PayPlan:
    pays.quarter(300, 300, 320)
    members = [MemberWish(people["sales"], 10_000_000), MemberWish(people["owner"], 5_000_000)]
    return pays.in_force(people, members=members)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def where(plan) -> str:
    return f"{LIST}{plan.pk}/"


def own(plan, person) -> str:
    return f"{where(plan)}of/{person.pk}/"


def typed(people, **changed) -> dict:
    line = {
        "name": "Sales",
        "weight": "100",
        "metric": "SAL_GROSS",
        "target": "1000",
        "basis": "ratio",
        "tiers": "0: 100, 100: 150",
    }
    given = {f"line-0-{name}": value for name, value in line.items()}
    given |= {"member-0-person": str(people["sales"].pk), "member-0-base": "100000"}
    counts = {
        f"{name}-{kind}_FORMS": "1" if kind == "TOTAL" else "0"
        for name in ("line", "member")
        for kind in ("TOTAL", "INITIAL")
    }
    return counts | given | {"note": "First version"} | changed


def test_the_lead_writes_terms_and_finance_and_hr_agree(people, signed_in):
    dictionary_of_today()
    make.cycle()
    client = signed_in(people["sales"])
    assert "Plan of Sales" in text(client.get(LIST)) and "Plan of Marketing" not in text(client.get(LIST))
    assert client.get(f"{LIST}write/sales/").status_code == 200
    answer = client.post(f"{LIST}write/sales/", typed(people))
    row = PayPlan.objects.get()
    assert answer["Location"] == where(row) and row.note == "First version"
    assert row.lines.get().tiers == [["0", "100"], ["100", "150"]]
    assert row.members.get().base == 10_000_000
    assert "Ask Finance and HR" in text(client.get(where(row)))
    client.post(f"{where(row)}ask")
    for person in (pays.steward(people), people["hr"]):
        person.language = "en"
        person.save()
        client = signed_in(person)
        assert "Agree to the terms" in text(client.get(where(row)))
        assert client.post(f"{where(row)}agree").status_code == 302
    row.refresh_from_db()
    assert row.state == "approved"
    assert "There is nothing for you to agree to." in text(client.post(f"{where(row)}agree"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"line-0-weight": "90"}, "Weights make 90 %, not 100 %."),
        ({"line-0-metric": "NOTHING"}, "There is no such metric."),
        ({"line-0-target": ""}, "It has no target in figures: write one."),
        ({"line-0-tiers": "0: 100, x"}, "Write tiers as from: rate, with commas between."),
        ({"member-0-base": ""}, "Write the base."),
        ({"member-0-joined_on": "2025-01-01"}, "This day lies outside the cycle."),
        ({"member-0-currency": "E1"}, "Enter a valid value."),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field_and_what_was_typed_stays(
    people, signed_in, changed, said
):
    dictionary_of_today()
    make.cycle()
    answer = signed_in(people["sales"]).post(f"{LIST}write/sales/", typed(people, **changed))
    assert answer.status_code == 422 and said in text(answer)
    assert "First version" in text(answer) and not PayPlan.objects.exists()


def test_one_more_line_keeps_what_was_typed(people, signed_in):
    dictionary_of_today()
    make.cycle()
    said = text(signed_in(people["sales"]).post(f"{LIST}write/sales/", typed(people, more="line")))
    assert 'name="line-1-weight"' in said and 'value="SAL_GROSS"' in said and not PayPlan.objects.exists()


def test_terms_of_another_team_are_not_found(people, signed_in):
    """B111."""
    make.cycle()
    dictionary_of_today()
    for name in ("marketing", "ceo", "hr", "finance"):
        client = signed_in(people[name])
        assert client.get(f"{LIST}write/sales/").status_code == 404
        assert client.post(f"{LIST}write/sales/", typed(people)).status_code == 404
    assert not PayPlan.objects.exists()


def test_everybody_else_finds_nothing_and_whom_it_pays_only_their_own(people, signed_in, plan):
    pays.drawn(plan, people)
    strangers = (
        "marketing",
        "supply",
        "finance",
        "tech",
        "logistics",
        "steward",
        "facilitator",
        "scribe",
        "observer",
        "admin",
    )
    for name in strangers:
        client = signed_in(people[name])
        for path in (where(plan), own(plan, people["sales"]), own(plan, people["owner"])):
            assert client.get(path).status_code == 404, (name, path)
            assert client.post(path).status_code in (404, 405)
    client = signed_in(people["owner"])
    assert client.get(where(plan)).status_code == 404
    assert client.get(own(plan, people["sales"])).status_code == 404
    said = text(client.get(own(plan, people["owner"])))
    assert "46,000.00" in said and "92,000.00" not in said and "100,000.00" not in said
    assert "Your statement" in text(client.get(LIST))
    for name in ("ceo", "hr", "sales"):
        assert signed_in(people[name]).get(where(plan)).status_code == 200


def test_a_statement_that_was_drawn_up_is_a_file_for_whom_it_pays(people, signed_in, plan):
    path = own(plan, people["owner"])
    client = signed_in(people["owner"])
    assert client.get(f"{path}statement.csv").status_code == 404  # nothing is drawn up yet
    pays.drawn(plan, people)
    assert "statement.csv" in client.get(path).content.decode()
    answer = client.get(f"{path}statement.csv")
    head, line, *sums = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert head == ["Line", "Weight", "Target", "Actual", "Attained", "Factor", "To Logistics", "CNY"]
    assert (line[0], Decimal(line[3]), float(line[4]), Decimal(line[7])) == (
        plan.lines.get().name, 920, 0.92, 46000,
    )  # fmt: skip
    assert [(one[0], Decimal(one[7])) for one in sums] == [
        ("Sum of the lines", 46000), ("Taken back for returns", 0), ("Still owed from before", 0),
        ("To be paid", 46000), ("Taken from the next payment", 0),
    ]  # fmt: skip
    assert "no-store" in answer["Cache-Control"]
    for name in ("marketing", "finance", "facilitator", "logistics", "admin"):
        assert signed_in(people[name]).get(f"{path}statement.csv").status_code == 404
    assert signed_in(people["owner"]).get(f"{own(plan, people['sales'])}statement.csv").status_code == 404


def test_what_if_is_worked_out_for_the_reader_and_kept_nowhere(people, signed_in, plan):
    client = signed_in(people["owner"])
    said = text(client.get(own(plan, people["owner"])))
    assert "40,000.00" in said and "50,000.00" in said and "60,000.00" in said  # at 80, 100 and 120 %
    asked = {"HX-Request": "true", "HX-Target": "div#whatif"}
    field = f"try-{plan.lines.get().pk}"
    answer = client.post(own(plan, people["owner"]), {field: "105"}, headers=asked)
    assert "52,500.00" in text(answer) and "<form" not in text(answer)
    answer = client.post(own(plan, people["owner"]), {field: "-1"}, headers=asked)
    assert answer.status_code == 422 and "Write percents from 0 to 1,000." in text(answer)


def test_from_drawing_up_over_a_dispute_to_the_payment_and_what_came_back(people, signed_in, plan):
    payroll = pays.steward(people)
    payroll.language = "en"
    payroll.save()
    assert "Draw up statements" in text(signed_in(payroll).get(where(plan)))
    signed_in(payroll).post(f"{where(plan)}draw")
    client, line = signed_in(people["owner"]), plan.lines.get().pk
    path = own(plan, people["owner"])
    answer = client.post(f"{path}dispute/{line}", {"words": " "})
    assert answer.status_code == 422 and "Say what is wrong" in text(answer)
    client.post(f"{path}dispute/{line}", {"words": "December is short."})
    assert "disputed; payment waits for the answer" in text(client.get(path))
    assert client.post(f"{own(plan, people['sales'])}dispute/{line}", {"words": "x"}).status_code == 404
    row = PayDispute.objects.get()

    client = signed_in(people["hr"])
    said = text(client.get(where(plan)))
    assert "A dispute is open; it is answered first." in said and "on 920" in said and "v1" in said
    answer = client.post(f"{where(plan)}disputes/{row.pk}", {"outcome": "kept", "words": ""})
    assert answer.status_code == 422 and "Say why" in text(answer)
    client.post(f"{where(plan)}disputes/{row.pk}", {"outcome": "kept", "words": "It was certified."})
    client.post(f"{where(plan)}agree")
    client = signed_in(payroll)
    client.post(f"{where(plan)}agree")
    plan.refresh_from_db()
    assert plan.state == "settled"

    answer = client.post(f"{path}back/{line}", {"sold": "920", "returned": "1000", "reason": "Box"})
    assert answer.status_code == 422 and "no more than what was sold" in text(answer)
    client.post(f"{path}back/{line}", {"sold": "920", "returned": "92", "reason": "Box of lamps"})
    assert PayReturn.objects.get().cents == 460_000
    assert "taken back: 4,600.00 (Box of lamps)" in text(client.get(path))
    assert signed_in(people["hr"]).post(f"{path}back/{line}", {}).status_code == 404


def test_the_pages_speak_chinese(people, signed_in, plan):
    people["ceo"].language = "zh-hans"
    people["ceo"].save()
    client = signed_in(people["ceo"])
    assert "提成" in text(client.get(where(plan))) and "提成" in text(client.get(LIST))
    assert "试算" in text(client.get(own(plan, people["owner"])))


def test_the_menu_of_objectives_leads_there(people, signed_in, plan):
    assert f'href="{LIST}"' in text(signed_in(people["owner"]).get("/okr/2026-Q4/"))
    assert f'href="{LIST}"' not in text(signed_in(people["observer"]).get("/okr/2026-Q4/"))
    assert signed_in(people["observer"]).get("/comp/").status_code == 404
    assert signed_in(people["ceo"]).get("/comp/").status_code == 302


def test_the_passport_names_the_plan_to_who_may_know(people, signed_in, plan):
    assert f'href="{where(plan)}"' in text(signed_in(people["hr"]).get("/metrics/SAL_GROSS/"))
    for name in ("steward", "finance", "owner"):
        assert "/comp/" not in text(signed_in(people[name]).get("/metrics/SAL_GROSS/"))
