"""A thread that is pulled: its stations, its gaps with their reasons, and what is not open to the reader."""

import uuid

import pytest
from hypothesis import given

from actions.models import Action
from meetings import stations
from meetings.models import Capture
from okr.models import KeyResult
from okr.tree import OBJECTIVE, RESULT, TASK, Node, Tree
from tests import make
from tests.okr.test_threads import led_to_company, trees


def told(found) -> list[tuple[str, str]]:
    return [(one.kind, one.gap or ("closed" if one.is_closed else one.thing.title)) for one in found]


@given(trees)
def test_no_task_without_a_thread_is_ever_shown_as_traced(tree):
    for node in tree:
        found = stations.climbed(tree, node.key, hidden={"N13"})
        assert stations.is_traced(found) is not any(one.gap or one.is_closed for one in found)
        assert led_to_company(tree, node.key) or not stations.is_traced(found)


def test_each_way_a_thread_breaks_has_its_reason():
    top = Node("O1", OBJECTIVE, "Brand")
    kr = Node("K1", RESULT, "Sales", parent="O1", department="SAL")
    task = Node("T1", TASK, "Launch", parent="K1", department="SAL")
    whole = [(TASK, "Launch"), (RESULT, "Sales"), (OBJECTIVE, "Brand")]
    found = stations.climbed(Tree([top, kr, task]), "T1")
    assert (told(found), stations.is_traced(found)) == (whole, True)
    found = stations.climbed(Tree([kr, task]), "T1", hidden={"O1"})
    assert (told(found), stations.is_traced(found)) == ([*whole[:2], (OBJECTIVE, "closed")], False)
    assert told(stations.climbed(Tree([kr]), "K1"))[-1] == (OBJECTIVE, "GONE")
    loose = Node("K1", RESULT, "Sales", department="SAL")
    assert told(stations.climbed(Tree([loose]), "K1"))[-1] == (RESULT, "NO_COMPANY")
    own = Node("K1", RESULT, "Sales")
    assert told(stations.climbed(Tree([own]), "K1"))[-1] == (OBJECTIVE, "NO_OBJECTIVE")
    ring = [Node("K1", RESULT, "A", parent="K2"), Node("K2", RESULT, "B", parent="K1")]
    assert told(stations.climbed(Tree(ring), "K1"))[-1] == (RESULT, "ROUND")


@pytest.fixture
def hung(people):
    """A task said in a meeting, below a key result that serves the company's objective and reads nothing."""
    objective, result = make.cascade(people)
    meeting = make.meeting(people)
    task = make.action(owner=people["sales"], result=result, review=meeting.review)
    line = Capture.objects.create(
        meeting=meeting,
        client_id=uuid.uuid4(),
        kind=Capture.Kind.ACTION,
        typed="/a Launch",
        text="Launch the German site",
        action=task,
        captured_at=make.AT,
        captured_by=people["scribe"],
    )
    return objective, result, task, line


def shown(answer) -> list[tuple[str, str]]:
    return [
        (one.kind, one.gap or ("closed" if one.is_closed else one.title))
        for one in answer.context["stations"]
    ]


def test_a_thread_is_pulled_from_its_task_its_key_result_and_its_line(people, signed_in, hung):
    objective, result, task, line = hung
    sales = people["sales"]
    sales.language = "en"
    sales.save()
    client = signed_in(sales)
    no_metric = "It reads no metric, so no figure shows what came of it."
    whole = [
        ("task", task.title),
        ("result", result.title),
        ("objective", objective.title),
        ("line", line.text),
        ("meeting", line.meeting.title_en),
        ("figure", no_metric),
    ]
    places = {
        f"/actions/{task.pk}/thread/": 0,
        f"/okr/2026-Q4/results/{result.pk}/thread/": 1,
        f"/meetings/lines/{line.pk}/thread/": 3,
    }
    for path, place in places.items():
        answer = client.get(path)
        assert (shown(answer), answer.context["is_traced"]) == (whole, True), path
        assert answer.context["start"] == place, path
    page = client.get(f"/actions/{task.pk}/thread/").content.decode()
    assert f'href="/okr/2026-Q4/results/{result.pk}/edit/">Choose its metric' in page
    assert f'href="/actions/{task.pk}/thread/"' in client.get(f"/actions/{task.pk}/").content.decode()
    stranger = signed_in(people["marketing"])
    assert "/edit/" not in stranger.get(f"/actions/{task.pk}/thread/").content.decode()
    assert stranger.get("/actions/999999/thread/").status_code == 404


def test_a_task_that_serves_nothing_is_hung_on_a_key_result_by_who_may(people, signed_in, hung):
    _objective, result, task, _line = hung
    Action.objects.filter(pk=task.pk).update(result=None)
    path, press = f"/actions/{task.pk}/thread/", f"/actions/{task.pk}/serve"
    client = signed_in(people["sales"])
    assert shown(client.get(path))[1][0] == "result" and not client.get(path).context["is_traced"]
    assert client.post(press, {"result": "999"}).status_code == 422
    assert signed_in(people["marketing"]).post(press, {"result": result.pk}).status_code == 422
    assert Action.objects.get(pk=task.pk).result is None
    answer = signed_in(people["sales"]).post(press, {"result": result.pk}, follow=True)
    assert answer.context["is_traced"] and Action.objects.get(pk=task.pk).result == result


def test_what_is_not_open_to_the_reader_has_no_name_on_the_thread(people, signed_in, hung):
    objective, result, task, line = hung
    partner = people["logistics"]
    KeyResult.objects.filter(pk=result.pk).update(department=make.department("LOG"))
    Action.objects.filter(pk=task.pk).update(owner=partner, department=make.department("LOG"))
    client = signed_in(partner)
    answer = client.get(f"/actions/{task.pk}/thread/")
    assert [said for _kind, said in shown(answer)][:3] == [task.title, "closed", "closed"]
    assert not answer.context["is_traced"]
    page = answer.content.decode()
    for name in (objective.title, result.title, line.meeting.title_en, line.meeting.title_zh):
        assert name not in page
    assert client.get(f"/okr/2026-Q4/results/{result.pk}/thread/").status_code == 404
    assert client.get(f"/meetings/lines/{line.pk}/thread/").status_code == 404
