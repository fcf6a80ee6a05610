"""Recognition: by another department, with a number, decided by an executive; a reward is seen by very few."""

import logging
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from actions import recognising
from actions.models import Recognition, Reward
from actions.projects import CannotKeep
from meetings import minutes, recognised
from reviewhub.people.models import User
from tests import make

pytestmark = pytest.mark.django_db
CANARY = "98765"


@pytest.fixture(autouse=True)
def english(people):
    with translation.override("en"):
        yield


def wish(people, **fields):
    given = {
        "person": people["supply"],
        "department": None,
        "sentence": "Moved stock",
        "measure": "days",
        "before": Decimal(5),
        "after": Decimal(3),
    }
    return recognising.Wish(**given | fields)


def test_only_another_department_nominates_and_only_with_a_number(people):
    assert recognising.problems_with(wish(people), by=people["supply"]) == {
        "person": "Recognise somebody of another department."
    }
    empty = wish(people, person=None, sentence="", measure="", before=None, amount=Decimal(5))
    assert recognising.problems_with(empty, by=people["logistics"]) == {
        "": "People of a department recognise those of another one.",
        "person": "Name a person or a department, one of both.",
        "sentence": "Say in one sentence what they did.",
        "measure": "Say what was measured.",
        "after": "An effect has a number before and one after.",
        "amount": "An amount belongs to a reward, and is more than nothing.",
    }
    same = wish(people, after=Decimal(5))
    assert set(recognising.problems_with(same, by=people["sales"])) == {"after"}


def test_an_executive_of_neither_department_decides_once_and_declines_with_a_reason(people):
    row = make.recognition(people)
    deciding = {name for name, one in people.items() if recognising.may_decide(row, one)}
    assert deciding == {"ceo"}
    for code, expected in (("SAL", False), ("SCM", False), ("TEC", True)):
        User.objects.filter(pk=people["ceo"].pk).update(department=make.department(code))
        assert recognising.may_decide(row, User.objects.get(pk=people["ceo"].pk)) is expected
    with pytest.raises(CannotKeep):
        recognising.decide(row, approve=False, by=people["ceo"], at=make.AT)
    row = recognising.decide(row, approve=False, reason="One month only", by=people["ceo"], at=make.AT)
    assert (row.state, row.reason) == ("declined", "One month only")
    with pytest.raises(CannotKeep):
        recognising.decide(row, approve=True, by=people["ceo"], at=make.AT)
    seen = {name for name, one in people.items() if Recognition.objects.visible_to(one).exists()}
    assert seen == {"sales", "ceo"}


def test_an_amount_is_read_by_its_nominator_who_decided_finance_and_hr_and_stands_nowhere_else(
    client, people, caplog
):
    caplog.set_level(logging.DEBUG)
    client.force_login(people["sales"], backend="django.contrib.auth.backends.ModelBackend")
    given = {
        "person": people["supply"].pk, "sentence": "Moved stock", "measure": "days", "before": "5", "after": "3",
        "reward": "bonus", "amount": CANARY,
    }  # fmt: skip
    assert client.post(reverse("recognition-new"), given).status_code == 302
    row = Recognition.objects.get()
    client.force_login(people["ceo"], backend="django.contrib.auth.backends.ModelBackend")
    decide = reverse("recognition-decide", args=[row.pk])
    assert client.post(decide, {"decision": "decline", "reason": ""}).status_code == 422
    assert client.post(decide, {"decision": "approve"}).status_code == 302
    other = make.user("executive")
    everybody = people | {"other": other}
    assert {name for name, one in everybody.items() if Reward.objects.visible_to(one).exists()} == {
        "sales", "ceo", "finance", "hr",
    }  # fmt: skip
    reads = set()
    for name, one in everybody.items():
        client.force_login(one, backend="django.contrib.auth.backends.ModelBackend")
        pages = [client.get(reverse(page)).text for page in ("recognitions", "joint-wins", "home")]
        reads |= {name} if any(CANARY in page.replace(",", "") for page in pages) else set()
    assert reads == {"sales", "ceo", "finance", "hr"}
    assert CANARY not in caplog.text
    assert tables_with(CANARY) == {Reward._meta.db_table}


def tables_with(text: str) -> set[str]:
    """Every table with a row that says `text`."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found |= {table} if any(text in str(row) for row in cursor.fetchall()) else set()
    return found


def test_what_was_approved_opens_one_meeting_and_stands_in_its_minutes_and_the_ledger(client, people):
    now = timezone.now()
    row = make.recognition(people, reward="bonus", amount=Decimal(CANARY))
    meeting = make.meeting(people, scheduled_at=now + timezone.timedelta(hours=2), at=now)
    assert recognised.lines(meeting) == []
    recognising.decide(row, approve=True, by=people["ceo"], at=now)
    [line] = recognised.lines(meeting)
    assert (line["sentence"], line["effect"]) == (
        "Moved German stock in a week", "delivery in days 5.2 → 2.9",
    )  # fmt: skip
    found = minutes.document(meeting)
    assert found["recognised"] == [line] and CANARY not in str(found)
    assert minutes.copy_for(found, people["logistics"])["recognised"] == []
    User.objects.filter(username="finance").update(language="en")
    client.force_login(people["finance"], backend="django.contrib.auth.backends.ModelBackend")
    for name in ("meeting", "meeting-stage"):
        page = client.get(reverse(name, args=[meeting.pk])).text
        assert "Moved German stock in a week" in page and CANARY not in page
    assert "Moved German stock" in client.get(reverse("joint-wins"), {"department": "sales"}).text
    assert "Moved German stock" not in client.get(reverse("joint-wins"), {"department": "finance"}).text
    client.force_login(people["logistics"], backend="django.contrib.auth.backends.ModelBackend")
    assert "Moved German stock" not in client.get(reverse("meeting", args=[meeting.pk])).text
    assert [client.get(reverse(name)).status_code for name in ("recognitions", "joint-wins")] == [404, 404]
