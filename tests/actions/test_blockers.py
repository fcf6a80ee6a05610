"""Whom a task waits for: promise, refusal or help; what nobody answers goes up, each step once; all of it is seen."""

import datetime as dt
import itertools
import zoneinfo

import pytest
from django.utils import timezone, translation

from actions import blocker_ladder, blockers, checkin_agenda, checkin_rhythm
from actions.blockers import Answer, CannotAnswer
from actions.models import Blocker
from reviewhub import inbox
from reviewhub.notices import expanding, kinds, planning
from reviewhub.notices.models import Message, Occurrence, Watermark
from reviewhub.people.models import Activity, CompanyDays
from tests import make

pytestmark = pytest.mark.django_db
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
# Tuesday 29 September 2026, 10:00 in Shanghai: the National Day holiday lies within the three working days.
ASKED = dt.datetime(2026, 9, 29, 2, 0, tzinfo=dt.UTC)
DUE = dt.datetime(2026, 10, 9, 2, 0, tzinfo=dt.UTC)  # 30 September, 8 and 9 October
UP = dt.datetime(2026, 10, 12, 2, 0, tzinfo=dt.UTC)  # Saturday the 10th is worked, then Monday
State = Blocker.State


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def blocker(people) -> Blocker:
    """The owner of a task waits for Supply chain since ASKED."""
    for first, last, works in [("2026-10-01", "2026-10-07", False), ("2026-10-10", "2026-10-10", True)]:
        CompanyDays.objects.create(
            name_zh="国庆节",
            name_en="National Day",
            first_on=first,
            last_on=last,
            works=works,
            entered_at=ASKED,
        )
    return name(make.action("German labels", people["owner"]), people["owner"], "d:SCM")


def name(action, owner, code: str) -> Blocker:
    wanted = f"d:{make.department(code[2:]).pk}" if code.startswith("d:") else code
    helper = next(one for one in blockers.helpers(owner) if one.code == wanted)
    return blockers.name_blocker(action, helper, "Return labels", by=owner, at=ASKED, zone=SHANGHAI)


def answer(blocker, by, state, said="", until=None, at=ASKED + DAY) -> Blocker:
    return blockers.answer(blocker, Answer(state, said, until), by=by, at=at, zone=SHANGHAI)


def told(at: dt.datetime) -> list[str]:
    """Who is told that nobody answers, in the minute that ends at `at`."""
    Watermark.objects.filter(kind=blocker_ladder.KIND).delete()
    planning.plan_kind(kinds.find(blocker_ladder.KIND), clock=lambda: at)
    expanding.expand(clock=lambda: at)
    rows = Message.objects.filter(channel="inapp", created_at=at, occurrence__kind=blocker_ladder.KIND)
    return sorted(rows.values_list("user__username", flat=True))


def cards(person, at) -> list:
    return [one for one in inbox.of(person, at=at, zone=SHANGHAI).now if one.key.startswith("blocker")]


def agenda(people, at):
    turn = checkin_rhythm.current(checkin_rhythm.kept(at), at)
    on = at.astimezone(SHANGHAI).date()
    return checkin_agenda.of(turn, reader=people["facilitator"], at=at, on=on, is_current=True)


def test_its_clock_leaves_the_holiday_out_and_counts_the_worked_saturday(blocker):
    assert (blocker.due_at, blocker.escalates_at) == (DUE, UP)


@pytest.mark.parametrize(
    ("by", "given", "field", "sentence"),
    [
        ("finance", Answer("helped", "Done"), "", "Only whoever is asked for help can answer."),
        ("supply", Answer("", "Done"), "state", "Choose what you answer."),
        ("supply", Answer("cleared", "Done"), "state", "Choose what you answer."),
        ("supply", Answer("helped"), "said", "Say in one sentence what you did or decided."),
        ("supply", Answer("refused"), "said", "Say in one sentence why not."),
        ("supply", Answer("refused", "x" * 301), "said", "One sentence takes at most 300 characters."),
        ("supply", Answer("accepted"), "until", "Say by which day, from today on."),
        ("supply", Answer("accepted", "", dt.date(2026, 9, 29)), "until", "Say by which day, from today on."),
        ("supply", Answer("accepted", "", dt.date(2076, 9, 29)), "until", "Say by which day, from today on."),
    ],
)
def test_what_stands_against_an_answer_is_said_beside_its_field(blocker, people, by, given, field, sentence):
    with pytest.raises(CannotAnswer) as refusal:
        blockers.answer(blocker, given, by=people[by], at=ASKED + DAY, zone=SHANGHAI)
    assert refusal.value.problems == {field: sentence}
    assert not Occurrence.objects.filter(kind=blockers.UNBLOCKED).exists()


def test_a_refusal_leaves_the_task_blocked_and_goes_to_its_owner_and_the_next_check_in(blocker, people):
    make.rhythm("2026-09-29", changed_at=ASKED - 30 * DAY)
    for _twice in range(2):
        answer(blocker, people["supply"], "refused", "The printer is booked until June")
    blocker.refresh_from_db()
    assert (blocker.state, blocker.ended_at) == (State.REFUSED, None)
    row = Occurrence.objects.get(kind=blockers.UNBLOCKED)
    content = kinds.find(blockers.UNBLOCKED).render(row, people["owner"])
    assert content.title == f"{people['supply'].display_name} cannot help: German labels"
    assert content.lines == ("The printer is booked until June",)
    assert Activity.objects.filter(code="action.block_refused").count() == 1
    assert cards(people["supply"], UP) == [] and told(DUE) == told(UP) == []
    other = name(make.action("Another", people["owner"]), people["owner"], "d:FIN")
    assert [line.blocker for line in agenda(people, DUE + MINUTE).blocked] == [blocker, other]
    assert [line.late for line in agenda(people, DUE + MINUTE).blocked] == [False, True]


def test_help_that_is_promised_moves_the_clock_and_help_given_ends_it(blocker, people):
    answer(blocker, people["supply"], "accepted", until=dt.date(2026, 10, 16))
    blocker.refresh_from_db()
    assert blocker.due_at == dt.datetime(2026, 10, 16, 15, 59, tzinfo=dt.UTC)
    assert blocker.escalates_at == dt.datetime(2026, 10, 20, 15, 59, tzinfo=dt.UTC)
    (card,) = cards(people["supply"], DUE)
    assert (card.note, card.due_at) == ("Return labels · Help is promised", blocker.due_at)
    assert told(DUE) == [] and told(blocker.due_at) == ["supply"]
    for said in ("Printed", "Again"):
        answer(blocker, people["supply"], "helped", said, at=UP)
    blocker.refresh_from_db()
    assert (blocker.state, blocker.answer, blocker.ended_by) == (State.HELPED, "Printed", people["supply"])
    titles = [
        kinds.find(blockers.UNBLOCKED).render(row, people["owner"]).title.split(": ")[0].split(" ", 2)[2]
        for row in Occurrence.objects.filter(kind=blockers.UNBLOCKED).order_by("id")
    ]
    assert titles == ["will help by Fri 16 Oct", "has helped"]


def test_unanswered_it_goes_to_the_lead_and_then_to_the_executives_each_once(people):
    block = name(make.action("Test", people["owner"]), people["owner"], f"u:{make.user('analyst', 'SCM').pk}")
    assert cards(people["supply"], block.due_at - MINUTE) == []
    assert told(block.due_at - MINUTE) == []
    assert told(block.due_at) == ["supply"]
    assert told(block.due_at + MINUTE) == []
    assert told(block.escalates_at) == ["ceo", "supply"]
    assert told(block.escalates_at + MINUTE) == told(block.escalates_at + 9 * DAY) == []
    assert Occurrence.objects.filter(kind=blocker_ladder.KIND).count() == 2
    assert len(cards(people["supply"], block.due_at)) == 1 and cards(people["ceo"], block.due_at) == []
    (card,) = cards(people["ceo"], block.escalates_at)
    assert card.note == f"Return labels · asked: {block.person.display_name}"
    answer(block, people["ceo"], "helped", "Decided", at=block.escalates_at)
    assert cards(people["ceo"], block.escalates_at) == []


def test_after_an_outage_only_the_stronger_step_is_told(blocker):
    Watermark.objects.create(kind=blocker_ladder.KIND, planned_until=ASKED)
    at = UP + DAY
    planning.plan_kind(kinds.find(blocker_ladder.KIND), clock=lambda: at)
    expanding.expand(clock=lambda: at)
    found = Message.objects.filter(channel="inapp", occurrence__kind=blocker_ladder.KIND)
    assert sorted(found.values_list("user__username", flat=True)) == ["ceo", "supply"]
    assert sorted(Occurrence.objects.filter(kind=blocker_ladder.KIND).values_list("state", flat=True)) == [
        "coalesced",
        "fired",
    ]


def test_a_confidential_task_stays_with_whoever_is_asked(people):
    secret = make.action("Buy the rival", people["owner"], confidentiality=2)
    block = name(secret, people["owner"], f"u:{people['supply'].pk}")
    assert told(block.due_at) == ["supply"] and told(block.escalates_at) == ["supply"]
    for row in Occurrence.objects.filter(kind=blocker_ladder.KIND):
        content = kinds.find(row.kind).render(row, people["supply"])
        assert "rival" not in repr(content) and "Return labels" not in repr(content)


def test_no_order_of_answers_loses_a_block_or_ends_it_twice(people):
    """Whatever is answered in whatever order: it stands until help was given, and then nothing changes any more."""
    answers = [
        Answer("accepted", "", dt.date(2026, 10, 20)),
        Answer("refused", "No time"),
        Answer("helped", "Done"),
    ]
    for number, order in enumerate(itertools.permutations(answers)):
        block = name(make.action(f"T{number}", people["owner"]), people["owner"], "d:SCM")
        for step, given in enumerate(order):
            at = ASKED + DAY + step * MINUTE
            blockers.answer(block, given, by=people["supply"], at=at, zone=SHANGHAI)
        block.refresh_from_db()
        ended = ASKED + DAY + order.index(answers[2]) * MINUTE
        assert (block.state, block.ended_at, block.answer) == (State.HELPED, ended, "Done")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_show_it_and_take_the_answer(people, signed_in, language):
    lead, action = people["supply"], make.action("Labels", people["owner"])
    lead.language = language
    lead.save()
    block = make.blocker(action, department=make.department("SCM"), wanted="德国退货标签")
    client, path = signed_in(lead), f"/checkins/blockers/{block.pk}/"
    page = client.post(path, {"state": "accepted", "until": "2001-01-01", "said": "尽快"})
    wanted = {"en": "Say by which day, from today on.", "zh-hans": "请填写日期，不早于今天。"}[language]
    text = page.content.decode()
    assert (
        page.status_code == 422 and wanted in text and 'value="尽快"' in text and 'value="2001-01-01"' in text
    )
    until = (timezone.now() + 7 * DAY).date().isoformat()
    assert client.post(path, {"state": "accepted", "until": until}).status_code == 302
    assert client.post(path, {"state": "refused", "said": "排期已满"}).status_code == 302
    task = client.get(f"/actions/{action.pk}/").content.decode()
    assert "德国退货标签" in task and path in task and "排期已满" in task
    refused = {"en": "refused", "zh-hans": "已拒绝"}[language]
    assert refused in task
    assert signed_in(people["logistics"]).get(path).status_code == 404


def test_the_execution_board_counts_blocks_by_whoever_is_asked(people):
    blocks = [name(make.action(f"T{one}", people["owner"]), people["owner"], "d:SCM") for one in range(3)]
    name(make.action("Talk", people["owner"]), people["owner"], f"u:{people['finance'].pk}")
    name(make.action("Quiet", people["owner"], confidentiality=2), people["owner"], "d:FIN")
    answer(blocks[0], people["supply"], "refused", "No")
    answer(blocks[1], people["supply"], "accepted", until=dt.date(2026, 12, 1))
    found = blockers.by_department(people["ceo"], at=UP)
    assert {one.code: counts for one, counts in found.items()} == {
        "SCM": {"late": 1, "refused": 1, "asked": 0, "accepted": 1},
        "FIN": {"late": 1, "refused": 0, "asked": 0, "accepted": 0},
    }
