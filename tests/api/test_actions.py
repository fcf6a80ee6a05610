"""Actions by API: seen, moved, given another date, checked in; each as far as its person may."""

import pytest

from actions.models import Action, Blocker, CheckIn
from reviewhub.people.models import Activity, Confidentiality
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(people, pages_at):
    make.rhythm()
    return make.action(owner=people["owner"])


def test_the_list_shows_what_the_person_may_see(program, people, action):
    secret = make.action("Secret", owner=people["ceo"], confidentiality=Confidentiality.CONFIDENTIAL)
    late = make.action("Late", owner=people["finance"], due="2026-01-05")
    sales = program("sales")
    assert [one["id"] for one in sales.get("/actions").said["items"]] == [action.pk, late.pk]
    assert [one["id"] for one in sales.get("/actions", overdue="true").said["items"]] == [late.pk]
    assert [one["id"] for one in sales.get("/actions", owner="owner").said["items"]] == [action.pk]
    assert [one["id"] for one in program("owner").get("/actions", owner="me").said["items"]] == [action.pk]
    assert [one["id"] for one in sales.get("/actions", department="finance").said["items"]] == [late.pk]
    assert sales.get("/actions", status="done").said["items"] == []
    assert secret.pk in [one["id"] for one in program("ceo").get("/actions").said["items"]]
    assert program("logistics").get("/actions").said["items"] == []


def test_one_action_says_everything_about_itself(program, action):
    said = program("sales").get(f"/actions/{action.pk}").said
    assert said["due_on"] == said["original_due_on"] == "2026-12-05" and said["owner"] == "owner"
    assert (said["status"], said["department"], said["seen"]) == ("todo", "sales", "todo.0")


def test_an_owner_moves_their_own_and_the_log_says_who(program, people, action):
    answer = program("owner").patch(f"/actions/{action.pk}", {"status": "doing", "due_on": "2026-12-20"})
    assert (answer.status_code, answer.said["status"], answer.said["due_on"]) == (200, "doing", "2026-12-20")
    assert answer.said["original_due_on"] == "2026-12-05"
    assert {line.actor for line in Activity.objects.filter(subject_type="actions.action")} == {
        people["owner"]
    }


@pytest.mark.parametrize(("who", "status"), [("marketing", 403), ("observer", 403), ("logistics", 404)])
def test_who_may_not_move_it_is_told(program, action, who, status):
    answer = program(who).patch(f"/actions/{action.pk}", {"status": "done"})
    assert answer.status_code == status
    assert Action.objects.get().status == "todo"


def test_half_a_change_is_no_change(program, action):
    """The owner may move the task but not drop it: the date does not move either."""
    answer = program("owner").patch(f"/actions/{action.pk}", {"status": "dropped", "due_on": "2027-01-01"})
    action.refresh_from_db()
    assert (answer.status_code, action.status, str(action.due_on)) == (403, "todo", "2026-12-05")


def test_a_token_for_reading_moves_nothing(program, action):
    answer = program("owner", "actions:read").patch(f"/actions/{action.pk}", {"status": "done"})
    assert (answer.status_code, answer.said["code"]) == (403, "PURPOSE_MISSING")


def test_a_machine_moves_the_actions_of_its_departments(machine, action):
    tasks = machine(make.department("SAL"), purposes=["actions:write"])
    assert tasks.patch(f"/actions/{action.pk}", {"status": "done"}).said["status"] == "done"
    other = machine(make.department("FIN"), purposes=["actions:write"])
    assert other.patch(f"/actions/{action.pk}", {"status": "todo"}).status_code == 404
    assert Action.objects.get().status == "done"


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"status": "finished"}, "/status"),
        ({"due_on": "tomorrow"}, "/due_on"),
        ({"due_on": 10**12}, "/due_on"),
        ({"owner": "sales"}, "/owner"),
        ({"status": None}, "/status"),
    ],
)
def test_a_change_that_is_none_says_where(program, action, given, pointer):
    answer = program("owner").patch(f"/actions/{action.pk}", given)
    assert answer.status_code == 422 and pointer in [one["pointer"] for one in answer.said["errors"]]


def test_an_owner_checks_in_and_names_who_is_waited_for(program, people, action):
    owner = program("owner")
    given = {"status": "doing", "sentence": "Waiting for the VAT number", "confidence": "mid"}
    answer = owner.post(f"/actions/{action.pk}/check-in", given | {"blocked_by_department": "finance"})
    assert (answer.status_code, answer.said["action"]["status"]) == (200, "doing"), answer.said
    row = CheckIn.objects.get()
    assert (row.by, row.sentence, row.confidence) == (people["owner"], given["sentence"], "mid")
    assert Blocker.objects.get().department == make.department("FIN")
    assert answer.said["action"]["seen"] == f"doing.{row.pk}"


def test_a_check_in_that_has_not_seen_the_newest_is_refused(program, people, action):
    owner = program("owner")
    owner.post(f"/actions/{action.pk}/check-in", {"status": "doing"})
    answer = owner.post(f"/actions/{action.pk}/check-in", {"status": "done", "seen": "todo.0"})
    assert (answer.status_code, Action.objects.get().status) == (409, "doing")


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"status": "dropped"}, 422, "LITERAL_ERROR"),
        ({"status": "doing", "sentence": "x" * 301}, 422, "STRING_TOO_LONG"),
        (
            {"status": "doing", "blocked_by_department": "finance", "blocked_by_person": "ceo"},
            422,
            "ONE_OF_TWO",
        ),
        ({"status": "doing", "sentence": "x", "blocked_by_person": "nobody"}, 422, "UNKNOWN"),
        ({"status": "doing", "blocked_by_department": "finance"}, 409, "REFUSED"),
        ({"status": "done", "sentence": "x", "blocked_by_department": "finance"}, 409, "REFUSED"),
    ],
)
def test_an_answer_that_is_none_is_refused(program, action, given, status, code):
    answer = program("owner").post(f"/actions/{action.pk}/check-in", given)
    assert (answer.status_code, answer.said["errors"][0]["code"]) == (status, code)
    assert not CheckIn.objects.exists()


def test_nobody_checks_in_for_somebody_else(program, action):
    answer = program("sales").post(f"/actions/{action.pk}/check-in", {"status": "done"})
    assert answer.status_code == 409 and not CheckIn.objects.exists()


def test_a_nul_in_a_sentence_does_not_reach_the_database(program, action):
    answer = program("owner").post(f"/actions/{action.pk}/check-in", {"status": "doing", "sentence": "a\0b"})
    assert answer.status_code == 200 and CheckIn.objects.get().sentence == "a b"


def test_a_long_list_asks_no_more_than_a_short_one(program, people, action, queries):
    sales = program("sales")
    few = queries(lambda: sales.get("/actions"))
    for number in range(10):
        make.action(f"Task {number}", owner=people["owner"])
    assert queries(lambda: sales.get("/actions")) == few
