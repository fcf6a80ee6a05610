"""The pages of the check-in: card on the first page, form, agenda from exceptions, and the answer to a block."""

import datetime as dt
import zoneinfo

import pytest
from django.utils import timezone, translation

from actions import blockers, checkin_agenda, checkin_answers, checkin_rhythm, checkin_rows
from actions.checkin_rows import Said
from actions.models import Blocker, CheckIn, CheckInRhythm
from reviewhub import inbox
from reviewhub.notices import kinds, planning
from reviewhub.notices.models import Occurrence
from tests import make

pytestmark = pytest.mark.django_db
DUE = dt.datetime(2026, 11, 24, 1, 30, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
ON = dt.date(2026, 11, 24)
EN = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def rhythm(people):
    return make.rhythm()


@pytest.fixture
def running(people):
    """A turn that was due an hour ago by the clock on the wall."""
    local = timezone.now().astimezone(SHANGHAI) - HOUR
    time = local.time().replace(second=0, microsecond=0)
    return make.rhythm(local.date().isoformat(), at=time, changed_at=timezone.now() - 30 * DAY)


def answer(owner, at, **said):
    """`owner` answers about their tasks: title → what is said, the others as they stand."""
    turn = checkin_rhythm.current(CheckInRhythm.objects.get(), at)
    rows = checkin_rows.rows(owner, turn, on=ON)
    given = [Said(**{**vars(row.said), **said.get(row.action.title, {})}) for row in rows]
    return checkin_answers.answer(owner, turn, given, at=at)


def cards(person, at):
    found = inbox.of(person, at=at, zone=SHANGHAI)
    return [card for card in found.now if card.key.startswith(("checkin", "blocker"))]


# --- The first page -----------------------------------------------------------------------------------------


def test_the_card_stands_from_the_moment_it_is_due_until_it_is_answered(people, rhythm):
    owner = people["owner"]
    make.action("one", owner)
    make.action("two", owner)
    assert cards(owner, DUE - dt.timedelta(seconds=1)) == []
    (card,) = cards(owner, DUE)
    assert (card.title, card.url, card.due_at) == ("Your check-in · 2 tasks", "/checkin/", DUE)
    assert not card.urgent and cards(owner, DUE + DAY + dt.timedelta(seconds=1))[0].urgent
    answer(owner, DUE + HOUR)
    assert cards(owner, DUE + HOUR) == []
    (card,) = cards(owner, DUE + 14 * DAY)
    assert card.due_at == DUE + 14 * DAY


def test_no_card_without_tasks_after_an_early_answer_or_switched_off(people, rhythm):
    owner = people["owner"]
    assert cards(owner, DUE) == []
    make.action(owner=owner)
    answer(owner, DUE - DAY)
    assert cards(owner, DUE) == []
    assert len(cards(owner, DUE + 14 * DAY)) == 1
    CheckInRhythm.objects.update(is_on=False)
    assert cards(owner, DUE + 14 * DAY) == []


def test_a_block_is_a_card_of_the_lead_with_its_own_clock(people, rhythm):
    action = make.action("German labels", people["owner"])
    blocker = make.blocker(action, department=make.department("SCM"), wanted="Return labels")
    (card,) = cards(people["supply"], DUE)
    assert card.title == f"{people['owner'].display_name} waits for you: German labels"
    assert (card.note, card.due_at, card.state) == ("Return labels", blocker.due_at, "blocked")
    assert card.url == f"/checkins/blockers/{blocker.pk}/"
    assert cards(people["finance"], DUE) == cards(people["facilitator"], DUE) == []
    action.status, action.done_at = "done", DUE
    action.save()
    assert cards(people["supply"], DUE) == []


def test_a_partner_and_the_uninitiated_read_the_sentence_but_not_the_title(people, rhythm):
    make.blocker(
        make.action("Buy the rival", people["owner"], confidentiality=2), people["sales"], wanted="Two names"
    )
    make.blocker(
        make.action("Inner matter", people["owner"]), department=make.department("LOG"), wanted="A tariff"
    )
    for name, sentence in (("sales", "Two names"), ("logistics", "A tariff")):
        (card,) = cards(people[name], DUE)
        owner = people["owner"].display_name
        assert (card.title, card.note) == (f"{owner} waits for you: A task of {owner}", sentence)


def test_what_travels_by_mail_says_nothing_confidential(people, rhythm):
    owner = people["owner"]
    secret = make.blocker(make.action("Buy the rival", owner, confidentiality=2), owner, wanted="Two names")
    planning.raise_occurrence("blocked", secret, at=DUE)
    helped = blockers.Answer("helped", "Smith and Jones")
    blockers.answer(secret, helped, by=owner, at=DUE, zone=SHANGHAI)
    for row in Occurrence.objects.all():
        said = repr(kinds.find(row.kind).render(row, owner))
        assert "rival" not in said and "Two names" not in said and "Smith" not in said


def test_what_is_not_confidential_is_said_in_full(people, rhythm):
    owner, lead = people["owner"], people["supply"]
    blocker = make.blocker(make.action("German labels", owner), lead, wanted="Return labels")
    planning.raise_occurrence("blocked", blocker, at=DUE)
    row = Occurrence.objects.get(kind="blocked")
    with timezone.override(SHANGHAI):
        content = kinds.find("blocked").render(row, lead)
    assert content.title == f"{owner.display_name} waits for you: German labels"
    assert content.lines == ("Return labels", "Please answer by Wed 25 Nov 17:00.")
    assert list(kinds.find("blocked").recipients(row)) == [lead]
    blockers.answer(blocker, blockers.Answer("helped", "Printed"), by=lead, at=DUE, zone=SHANGHAI)
    assert kinds.find("blocked").recheck(row, lead, DUE) == "ended"
    row = Occurrence.objects.get(kind="unblocked")
    content = kinds.find("unblocked").render(row, owner)
    assert (content.title, content.lines) == (
        f"{lead.display_name} has helped: German labels",
        ("Printed",),
    )
    assert list(kinds.find("unblocked").recipients(row)) == [owner]


# --- The form -----------------------------------------------------------------------------------------------


def typed(action, status="doing", **fields):
    given = {
        "seen": f"{action.status}.0",
        "status": status,
        "blocked_by": "",
        "sentence": "",
        "confidence": "",
    }
    return {"task": [action.pk]} | {f"{name}-{action.pk}": value for name, value in (given | fields).items()}


def test_one_press_and_save_is_an_answer(people, running, signed_in):
    action = make.action(owner=people["owner"])
    client = signed_in(people["owner"])
    page = client.get("/checkin/", headers=EN).content.decode()
    assert 'value="todo" checked autofocus required' in page
    answer = client.post("/checkin/", typed(action), follow=True, headers=EN)
    assert answer.redirect_chain == [("/", 302)]
    assert "Saved: 1 task." in answer.content.decode()
    assert "Your check-in ·" not in answer.content.decode()
    assert CheckIn.objects.get().by_link is False
    again = client.post("/checkin/", typed(action), follow=True, headers=EN)
    assert "Saved already." in again.content.decode()
    assert CheckIn.objects.count() == 1


def test_a_bad_row_answers_422_and_keeps_all_that_was_typed(people, running, signed_in):
    good, bad = make.action("good", people["owner"]), make.action("bad", people["owner"])
    data = typed(good, "done", sentence="Finished <early>", confidence="high")
    data |= typed(bad, "doing", blocked_by=f"u:{people['supply'].pk}")
    data["task"] = [good.pk, bad.pk]
    answer = signed_in(people["owner"]).post("/checkin/", data, headers=EN)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was saved yet." in page
    row = page[page.index(f'id="task-{bad.pk}"') :]
    assert "Say in one sentence what you need from them." in row
    assert f'<option value="u:{people["supply"].pk}" selected>' in row
    assert 'value="Finished &lt;early&gt;"' in page
    assert f'name="status-{good.pk}" value="done" checked' in page
    assert f'name="confidence-{good.pk}" value="high" checked' in page
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "１２", "0", "1e3", "\x00"])
def test_numbers_that_are_none_are_answered_not_stumbled_over(people, running, signed_in, number):
    make.action(owner=people["owner"])
    answer = signed_in(people["owner"]).post(
        "/checkin/", {"task": [number], f"status-{number}": "done"}, headers=EN
    )
    assert answer.status_code == 422
    assert not CheckIn.objects.exists()


def test_signs_that_nobody_sees_are_left_out(people, running, signed_in):
    action = make.action(owner=people["owner"])
    signed_in(people["owner"]).post("/checkin/", typed(action, sentence="a\x00b\u202ec\r\nBcc: x@y  z"))
    assert CheckIn.objects.get().sentence == "a b c Bcc: x@y z"


def test_somebody_without_tasks_is_told_so(people, running, signed_in):
    assert "You have no open task." in signed_in(people["hr"]).get("/checkin/", headers=EN).content.decode()


def test_partners_get_the_form_with_their_own_tasks(people, running, signed_in):
    make.action("ours", people["logistics"])
    make.action("of a colleague", make.user("partner", "LOG"))
    make.action("of the company", people["owner"])
    page = signed_in(people["logistics"]).get("/checkin/").content.decode()
    assert "ours" in page and "of a colleague" not in page and "of the company" not in page
    assert people["supply"].display_name not in page


def test_the_form_needs_the_same_queries_for_one_task_and_five(people, running, signed_in, queries):
    client, owner = signed_in(people["owner"]), people["owner"]
    make.blocker(make.action(owner=owner), people["supply"])
    one = queries(lambda: client.get("/checkin/"))
    for _number in range(4):
        make.blocker(make.action(owner=owner), people["supply"])
    assert queries(lambda: client.get("/checkin/")) == one


# --- The agenda -----------------------------------------------------------------------------------------------


@pytest.fixture
def agenda(people, rhythm):
    """One turn with everything: blocked, low confidence, overdue, going well, done, not answered."""
    sales, owner, tech = people["sales"], people["owner"], people["tech"]
    make.action("blocked", owner)
    make.action("in doubt", owner)
    make.action("fine", owner)
    make.action("finished", owner)
    make.action("late", sales, due="2026-11-20")
    make.action("silent", tech)
    help_from_supply = {
        "blocked_by": f"d:{make.department('SCM').pk}",
        "sentence": "Labels",
        "confidence": "low",
    }
    answer(
        owner,
        DUE,
        **{
            "blocked": help_from_supply,
            "in doubt": {"confidence": "low", "sentence": "VAT"},
            "fine": {"status": "doing", "confidence": "high"},
            "finished": {"status": "done"},
        },
    )
    return checkin_rhythm.current(rhythm, DUE)


def of(turn, reader, at=DUE, on=ON, is_current=True):
    return checkin_agenda.of(turn, reader=reader, at=at, on=on, is_current=is_current)


def titles(lines):
    return [line.action.title for line in lines]


def test_exceptions_come_first_and_the_rest_is_folded(people, agenda):
    found = of(agenda, people["facilitator"])
    assert titles(found.blocked) == ["blocked"]
    assert titles(found.at_risk) == ["late", "in doubt"]
    assert sorted(titles(found.rest)) == ["fine", "finished", "silent"]
    assert found.minutes == 3 + 2 + 2 and not found.is_too_long
    line = found.blocked[0]
    assert (line.said.sentence, line.waits_for, line.late) == ("Labels", "Supply chain", False)
    assert of(agenda, people["facilitator"], at=DUE + 4 * DAY).blocked[0].late


def test_who_has_not_answered_stands_first(people, agenda):
    owners = of(agenda, people["facilitator"]).owners
    assert [(owner.person, owner.tasks, owner.answered_at) for owner in owners][2:] == [
        (people["owner"], 3, DUE)
    ]
    assert {owner.person for owner in owners[:2]} == {people["sales"], people["tech"]}
    assert of(agenda, people["facilitator"]).answered == 1


def test_past_thirty_minutes_the_rest_is_for_afterwards(people, rhythm):
    for number in range(8):
        make.blocker(make.action(f"b{number}", people["owner"]), people["supply"])
    for number in range(5):
        make.action(f"late{number}", people["owner"], due="2026-11-20")
    found = of(checkin_rhythm.current(rhythm, DUE), people["facilitator"])
    assert found.minutes == 34 and found.is_too_long
    assert [line.fits for line in found.blocked + found.at_risk] == [True] * 8 + [True] * 3 + [False] * 2


def test_an_earlier_turn_shows_what_was_said_then(people, agenda, rhythm):
    later = DUE + 14 * DAY
    answer(people["owner"], later, blocked={"status": "done", "blocked_by": "", "sentence": "Came"})
    found = of(agenda, people["facilitator"], is_current=False)
    assert titles(found.blocked) == ["blocked"] and found.blocked[0].waits_for == "Supply chain"
    assert found.blocked[0].status == "todo" and found.blocked[0].said.sentence == "Labels"
    assert titles(found.at_risk) == ["in doubt"]
    assert [owner.person for owner in found.owners] == [people["owner"]]
    assert checkin_agenda.cycles_with_answers(people["facilitator"]) == ["2026-W50", "2026-W48"]


def test_a_partner_sees_its_own_tasks_only(people, agenda):
    make.action("carrier", people["logistics"], due="2026-11-20")
    make.action("of a colleague", make.user("partner", "LOG"))
    found = of(agenda, people["logistics"])
    assert titles(found.blocked + found.at_risk + found.rest) == ["carrier"]
    assert [owner.person for owner in found.owners] == [people["logistics"]]
    assert checkin_agenda.cycles_with_answers(people["logistics"]) == []


def test_confidential_tasks_stay_with_their_owner(people, agenda):
    make.action("Buy the rival", people["sales"], confidentiality=2, due="2026-11-20")
    assert "Buy the rival" in titles(of(agenda, people["sales"]).at_risk)
    assert "Buy the rival" not in titles(of(agenda, people["facilitator"]).at_risk)


def test_the_page_shows_the_agenda_and_leads_to_the_blocks(people, running, signed_in, queries):
    blocker = make.blocker(make.action("blocked", people["owner"]), people["supply"], wanted="Labels")
    make.action("late", people["sales"], due="2026-01-02")
    client = signed_in(people["facilitator"])
    page = client.get("/checkins/", headers=EN).content.decode()
    assert f'href="/checkins/blockers/{blocker.pk}/"' in page
    assert page.index("blocked") < page.index("late")
    assert 'href="/checkins/rhythm/"' in page
    assert 'href="/checkins/rhythm/"' not in signed_in(people["sales"]).get("/checkins/").content.decode()
    before = queries(lambda: client.get("/checkins/"))
    for number in range(3):
        owner = make.user("owner", "SAL")
        make.blocker(make.action(f"more {number}", owner), people["supply"])
        make.action(f"later {number}", owner, due="2026-01-02")
    assert queries(lambda: client.get("/checkins/")) == before


@pytest.mark.parametrize("cycle", ["2026-W99", "nonsense", "%00", "2026-W48%00", "x" * 3000])
def test_a_turn_that_cannot_be_is_not_found(people, running, signed_in, cycle):
    assert signed_in(people["facilitator"]).get(f"/checkins/?cycle={cycle}").status_code == 404


# --- The answer to a block ------------------------------------------------------------------------------------


def test_whoever_is_asked_answers_on_the_page(people, running, signed_in):
    action = make.action("German labels", people["owner"])
    blocker = make.blocker(action, department=make.department("SCM"), wanted="Return labels")
    client, path = signed_in(people["supply"]), f"/checkins/blockers/{blocker.pk}/"
    page = client.get(path, headers=EN).content.decode()
    assert "Return labels" in page and "German labels" in page and "<form" in page
    empty = client.post(path, {"state": "helped", "said": " \u200b "}, headers=EN)
    assert empty.status_code == 422
    assert "Say in one sentence what you did or decided." in empty.content.decode()
    told = client.post(path, {"state": "helped", "said": "Printed"}, follow=True, headers=EN)
    assert f"{people['owner'].display_name} is told." in told.content.decode()
    assert Blocker.objects.get().answer == "Printed"
    assert "Printed" in client.get(path, headers=EN).content.decode()


def test_others_read_it_but_do_not_answer(people, running, signed_in):
    blocker = make.blocker(make.action(owner=people["owner"]), department=make.department("SCM"))
    client, path = signed_in(people["facilitator"]), f"/checkins/blockers/{blocker.pk}/"
    assert 'name="said"' not in client.get(path).content.decode()
    refused = client.post(path, {"state": "helped", "said": "Printed"}, headers=EN)
    assert refused.status_code == 422
    assert "Only whoever is asked for help can answer." in refused.content.decode()
    assert Blocker.objects.get().ended_at is None
    assert signed_in(people["logistics"]).get(path).status_code == 404
