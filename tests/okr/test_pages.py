"""The cascade as people see it: the map, what is to be mended, one key result, the forms, and who sees nothing."""

import pytest

from actions.models import Action
from okr.models import Cycle, KeyResult, Measurement, Objective
from tests import make
from tests.metrics.figures import dictionary_of_today

pytestmark = pytest.mark.django_db
MAP = "/okr/2026-Q4/"


@pytest.fixture(autouse=True)
def english(people, pages_at):
    for person in people.values():
        person.language = "en"
        person.save()


@pytest.fixture
def cascade(people):
    objective, result = make.cascade(people)
    make.action("Open the German shop", owner=people["owner"], result=result)
    return objective, result


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def form(**fields):
    given = {
        "title": "Shops opened in France",
        "department": "SAL",
        "stance": "commit",
        "baseline": "0",
        "target": "3",
        "unit": "shops",
    }
    return given | fields


def test_the_menu_leads_to_the_running_cycle(people, signed_in, cascade):
    Cycle.objects.create(code="2027", length="year", starts_on="2027-01-01", ends_on="2028-01-01")
    client = signed_in(people["sales"])
    assert 'href="/okr/"' in text(client.get("/"))
    assert client.get("/okr/")["Location"] == MAP
    assert client.get("/okr/?cycle=2027&department=SAL")["Location"] == "/okr/2027/?department=SAL"


def test_without_a_cycle_the_page_says_so(people, signed_in):
    assert "There is no cycle yet." in text(signed_in(people["sales"]).get("/okr/"))


def test_the_map_shows_objective_key_result_and_task_with_how_far_they_are(people, signed_in, cascade):
    Measurement.objects.create(
        result=cascade[1],
        value=15 * 10**6,
        on=make.AT.date(),
        evidence="List",
        at=make.AT,
        by=people["sales"],
    )
    page = text(signed_in(people["marketing"]).get(MAP))
    for shown in ("A brand to trust", "Marketplaces opened", "Open the German shop", "Sat 5 Dec", "50 %"):
        assert shown in page, shown
    assert "1 of 1 of the departments trace to one" in page
    assert (
        "New key result" in page and "/okr/2026-Q4/results/new/" in page
    )  # a lead writes for the own department
    assert "/okr/2026-Q4/results/new/" not in text(signed_in(people["observer"]).get(MAP))


def test_a_department_is_shown_with_what_it_serves(people, signed_in, cascade):
    KeyResult.objects.create(
        cycle=cascade[0].cycle, title="Reach", department=make.department("MKT"), objective=cascade[0]
    )
    page = text(signed_in(people["sales"]).get(f"{MAP}?department=MKT"))
    assert "Reach" in page and "A brand to trust" in page and "Marketplaces opened" not in page


def test_what_hangs_on_nothing_stands_apart_and_in_the_list(people, signed_in, cascade):
    KeyResult.objects.create(cycle=cascade[0].cycle, title="改善物流", department=make.department("SCM"))
    client = signed_in(people["ceo"])
    assert "Serves no key result of the company" in text(client.get(MAP))
    page = text(client.get(f"{MAP}gaps/"))
    for said in (
        "Traces to no key result of the company.",
        "Carries no number: nobody can say whether it was reached.",
        "Has no owner.",
        "Nobody works on it: nothing stands below it.",
    ):
        assert said in page


def test_a_sound_cascade_has_an_empty_list(people, signed_in, cascade):
    cascade[1].objective = None
    cascade[1].parent = KeyResult.objects.create(
        cycle=cascade[0].cycle,
        objective=cascade[0],
        title="Sales",
        owner=people["ceo"],
        baseline=0,
        target=1,
        unit="m",
    )
    cascade[1].save()
    assert "Everything hangs together: nothing to mend." in text(signed_in(people["ceo"]).get(f"{MAP}gaps/"))


def test_a_key_result_shows_its_thread_and_how_it_is_scored(people, signed_in, cascade):
    Action.objects.update(status="done", done_at=make.AT)
    page = text(signed_in(people["ceo"]).get(f"{MAP}results/{cascade[1].pk}/"))
    for shown in (
        "A brand to trust</a>",
        "10 shops",
        "20 shops",
        "Steady pace",
        "57 %",
        "100 % of the weight is known",
    ):
        assert shown in page, shown


def test_a_key_result_is_written_changed_and_dropped_by_page(people, signed_in, cascade):
    client = signed_in(people["sales"])
    answer = client.post(f"{MAP}results/new/", form(below=f"O{cascade[0].pk}"))
    row = KeyResult.objects.get(title="Shops opened in France")
    assert (answer.status_code, answer["Location"]) == (302, f"{MAP}results/{row.pk}/")
    page = text(client.get(f"{MAP}results/{row.pk}/edit/"))
    assert 'value="Shops opened in France"' in page and 'value="3"' in page
    client.post(f"{MAP}results/{row.pk}/edit/", form(target="4", below=f"O{cascade[0].pk}"))
    row.refresh_from_db()
    assert row.target == 4_000_000 and row.objective == cascade[0]
    assert client.post(f"{MAP}results/{row.pk}/drop")["Location"] == MAP
    assert client.get(f"{MAP}results/{row.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"target": "much"}, "Enter a number."),
        ({"target": "0"}, "The target is the baseline: there is no way to go."),
        ({"metric": "NO_SUCH"}, "There is no such metric."),
        ({"dimension": "region", "member": "EU"}, "A part is read from a metric."),
        ({"metric": "SAL_AOV", "dimension": "region", "member": "Atlantis"}, "Atlantis"),
        ({"metric": "SAL_AOV", "dimension": "region"}, "Say which part."),
        ({"weight": "101"}, "Ensure this value is less than or equal to 100."),
        ({"department": "MKT"}, "The lead of the department sets this, or an executive."),
        ({"below": "O999999"}, "Select a valid choice."),
    ],
)
def test_a_refused_form_keeps_what_was_typed(people, signed_in, cascade, fields, said):
    dictionary_of_today()
    answer = signed_in(people["sales"]).post(f"{MAP}results/new/", form(title="Typed & kept", **fields))
    page = text(answer)
    assert answer.status_code == 422 and said in page and 'value="Typed &amp; kept"' in page
    assert KeyResult.objects.count() == 1


def test_what_is_missing_is_said_while_one_types(people, signed_in, cascade):
    client = signed_in(people["sales"])
    page = text(
        client.post(f"{MAP}results/lint", {"title": "优化物流", "department": "SAL", "stance": "commit"})
    )
    for said in ("Has no owner.", "Carries no number", "Says what will be done"):
        assert said in page
    rate = form(target="", change="10", unit="%", owner=people["sales"].pk)
    assert "Percent of a rate" in text(client.post(f"{MAP}results/lint", rate))
    assert "Percent of a rate" not in text(client.post(f"{MAP}results/lint", rate | {"in_points": "yes"}))
    assert KeyResult.objects.count() == 1


def test_an_objective_is_written_by_page(people, signed_in, cascade):
    client = signed_in(people["ceo"])
    answer = client.post(f"{MAP}objectives/new/", {"title": "Healthy cash", "owner": people["finance"].pk})
    row = Objective.objects.get(title="Healthy cash")
    assert answer["Location"] == f"{MAP}objectives/{row.pk}/"
    page = text(client.get(f"{MAP}objectives/{row.pk}/"))
    assert "Nobody works on it yet." in page and "The whole company" in page
    refused = client.post(f"{MAP}objectives/{row.pk}/edit/", {"title": ""})
    assert refused.status_code == 422
    client.post(f"{MAP}objectives/{row.pk}/drop")
    assert client.get(f"{MAP}objectives/{row.pk}/").status_code == 404


def test_a_measurement_is_written_beside_its_key_result(people, signed_in, cascade):
    client, where = signed_in(people["sales"]), f"{MAP}results/{cascade[1].pk}/measure"
    bad = client.post(where, {"value": "12", "on": "2026-12-24", "evidence": "kept <b>"})
    assert (
        bad.status_code == 422 and "This day is still to come." in text(bad) and "kept &lt;b&gt;" in text(bad)
    )
    assert (
        client.post(where, {"value": "12.5", "on": "2026-11-20", "evidence": "Shop list"}).status_code == 302
    )
    sure = {"value": "12.5", "on": "2026-11-20", "evidence": "Shop list", "confidence": "low"}
    assert client.post(where, sure | {"confidence": "sure"}).status_code == 422
    assert client.post(where, sure).status_code == 302
    page = text(client.get(f"{MAP}results/{cascade[1].pk}/"))
    assert "12.5 shops" in page and "Shop list" in page and "25 %" in page and "confidence: Low" in page
    assert client.post(where.replace(str(cascade[1].pk), "999999"), {}).status_code == 404


@pytest.mark.parametrize("path", ["", "gaps/", "results/new/"])
def test_a_partner_and_a_stranger_find_nothing(people, signed_in, client, cascade, path):
    assert client.get(MAP + path).status_code == 302
    assert signed_in(people["logistics"]).get(MAP + path).status_code == 404
    assert signed_in(people["logistics"]).get("/okr/").status_code == 404


def test_the_map_asks_the_database_the_same_however_large_it_is(people, signed_in, cascade, queries):
    client = signed_in(people["ceo"])
    before = queries(lambda: client.get(MAP))
    more = KeyResult.objects.bulk_create(
        KeyResult(
            cycle=cascade[0].cycle,
            objective=cascade[0],
            department=make.department("MKT"),
            title=f"Result {n}",
            owner=people["marketing"],
        )
        for n in range(260)
    )
    Action.objects.bulk_create(
        Action(title=f"Task {n}", result=one, raised_at=make.AT) for n, one in enumerate(more)
    )
    assert queries(lambda: client.get(MAP)) == before
    page = client.get(MAP).content.decode()
    assert page.count('<article class="okr-card') + page.count('class="okr-objective"') == 200
    assert "more below" in page
