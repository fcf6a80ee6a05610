"""Joint projects: who opens, sees, changes and closes them, and what came of them."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from actions import projects
from actions.models import Action, Project
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(people):
    with translation.override("en"):
        yield


def wish(people, codes=("SAL", "SCM"), **fields):
    given = {"name": "A", "goal": "B", "lead": people["sales"]} | fields
    return projects.Wish(departments=tuple(make.department(code) for code in codes), **given)


def test_what_stands_against_a_project_is_said_beside_its_field(people):
    empty = projects.Wish("", "", people["logistics"], ())
    assert projects.problems_with(empty, by=people["ceo"]) == {
        "name": "Give it a name.",
        "goal": "Say in one sentence what shall be reached.",
        "departments": "A joint project takes at least two departments.",
        "lead": "Choose a colleague who leads it.",
    }
    assert projects.problems_with(wish(people), by=people["marketing"]) == {
        "departments": "Your own department takes part in a project that you open."
    }
    for name in ("owner", "observer", "logistics", "hr"):
        with pytest.raises(projects.CannotKeep):
            projects.open_project(wish(people), by=people[name], at=make.AT)
    assert not Project.objects.exists()


def test_members_their_departments_executives_and_the_facilitator_see_it(people):
    make.project(people)
    seen = {name for name, one in people.items() if Project.objects.visible_to(one).exists()}
    assert seen == {"sales", "supply", "owner", "ceo", "facilitator"}
    make.project(people, members=("supply", "logistics"), name="With the carrier")
    [shared] = Project.objects.visible_to(people["logistics"])
    assert shared.name == "With the carrier"
    assert not projects.may_add(shared, people["logistics"])


def test_the_problem_of_a_meeting_opens_one_project_however_often_it_is_pressed(people):
    review, task = make.review(), make.action(owner=people["supply"])
    first = make.project(people, review=review, issue="c7", actions=(task,))
    assert make.project(people, review=review, issue="c7", name="Another") == first
    assert [one.title for one in projects.tasks(first, people["sales"])] == [task.title]


def test_a_closed_project_keeps_its_result_with_its_numbers_and_changes_no_more(people):
    project = make.project(people)
    task = projects.add_task(
        project, "List papers", owner=people["supply"], due_on=None, by=people["supply"], at=make.AT
    )
    Action.objects.filter(pk=task.pk).update(status="done", done_at=make.AT)
    make.action(owner=people["sales"], project=project, status="dropped")
    assert projects.progress(projects.tasks(project, people["sales"])) == projects.Progress(1, 1)
    assert projects.closing_problems(
        project, projects.Outcome("", "days", Decimal(5)), by=people["supply"]
    ) == {
        "": "Whoever leads or opened it closes it, once.",
        "sentence": "Say in one sentence what came of it.",
        "after": "An effect has a number before and one after.",
    }
    outcome = projects.Outcome("Three days", "days", Decimal("5.2"), Decimal("2.9"))
    projects.close(project, outcome, by=people["sales"], at=make.AT)
    project.refresh_from_db()
    assert (project.outcome, project.before, project.after) == ("Three days", 5_200_000, 2_900_000)
    assert not projects.may_change(project, people["ceo"])
    with pytest.raises(projects.CannotKeep):
        projects.close(project, outcome, by=people["sales"], at=make.AT)


def test_pages_open_give_tasks_and_close_in_both_languages(client, people):
    client.force_login(people["sales"], backend="django.contrib.auth.backends.ModelBackend")
    homes = [make.department(code).pk for code in ("SAL", "SCM")]
    given = {"name": "三日达", "goal": "", "departments": homes, "lead": people["sales"].pk}
    refused = client.post(reverse("project-new"), given)
    assert refused.status_code == 422 and "三日达" in refused.text
    client.post(reverse("project-new"), given | {"goal": "3 days"})
    project = Project.objects.get()
    client.post(
        reverse("project-task", args=[project.pk]),
        {"title": "Papers", "owner": people["supply"].pk, "due_on": "2026-12-20"},
    )
    for language, words in (("zh-hans", "添加一项任务"), ("en", "Give it a task")):
        type(people["sales"]).objects.filter(pk=people["sales"].pk).update(language=language)
        page = client.get(reverse("project", args=[project.pk]))
        assert words in page.text and "Papers" in page.text
    bad = client.post(reverse("project-close", args=[project.pk]), {"sentence": "", "measure": "days"})
    assert bad.status_code == 422
    given = {"sentence": "Reached", "measure": "days", "before": "5.2", "after": "2.9"}
    client.post(reverse("project-close", args=[project.pk]), given)
    assert "5.2 → <strong>2.9" in client.get(reverse("projects")).text
    client.force_login(people["marketing"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("project", args=[project.pk])).status_code == 404
