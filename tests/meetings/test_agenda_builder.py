"""The builder of an agenda: typed, fitted, undone, kept as a template, published; refused in words."""

import datetime as dt
import re
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import translation

from meetings import (
    agenda,
    agenda_draft,
    agenda_templates,
    attending,
    building,
    fitting,
    logbook,
    pacing,
    proposals,
    reading,
    scheduling,
)
from meetings.building import CannotBuild
from meetings.models import AgendaTemplate, Capture, Meeting, Receipt
from metrics.periods import Period
from reviewhub.people.models import Activity, User
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(people):
    User.objects.update(language="en")
    with translation.override("en"):
        yield


@pytest.fixture
def meeting(people, start):
    """The published agenda, 55 minutes over."""
    return make.meeting(people, scheduled_at=start, template="published")


@pytest.fixture
def desk(client, people, meeting):
    client.force_login(people["facilitator"], backend="django.contrib.auth.backends.ModelBackend")
    return Desk(client, meeting)


class Desk:
    """The page as a person uses it: the form as it came, with some fields typed anew."""

    def __init__(self, client, meeting):
        self.client, self.meeting = client, meeting
        self.address = reverse("meeting-agenda", args=[meeting.pk])

    def page(self):
        return self.client.get(self.address)

    def form(self):
        draft, form = agenda.read(self.meeting), {"item": []}
        self.meeting.refresh_from_db()
        form |= {"seen": building.latest(self.meeting), "budget": draft.budget, "buffer": draft.buffer}
        for item in draft.items:
            form["item"].append(item.code)
            for box in item.boxes:
                form[f"minutes-{box.code}"] = box.minutes
                if box.protected:
                    form[f"protect-{box.code}"] = "on"
        return form

    def press(self, do, **typed):
        form = self.form() | {name.replace("__", "-").replace("_", "."): text for name, text in typed.items()}
        return self.client.post(self.address, form | {"do": do})

    def minutes(self):
        self.meeting.refresh_from_db()
        return {box.code: box.minutes for box in agenda.read(self.meeting).boxes}


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_published_agenda_is_a_draft_of_295_minutes_with_every_fit_and_its_arithmetic(desk, meeting):
    assert meeting.state == Meeting.State.DRAFT
    shown = words(desk.page())
    assert "295 / 240" in shown and "55 over" in shown
    for arithmetic in (
        "295 − 75 + 20 = 240",
        "295 − 70 + 15 = 240",
        "295 − 70 = 225",
        "295 − 55 = 240",
        "295 − 60 + 5 = 240",
        "295 + 10 = 305",
    ):
        assert arithmetic in shown
    assert "76 % of discussion kept" in shown


@pytest.mark.parametrize("strategy", [one for one in fitting.STRATEGIES if one != "S0"])
def test_an_applied_fit_is_the_row_of_the_table_and_can_be_undone(desk, strategy):
    before = desk.minutes()
    answer = desk.press("apply", fit=strategy)
    assert (answer.status_code, answer["Location"]) == (302, f"{desk.address}#advice")
    expected = fitting.fitted(fitting.PUBLISHED, 240, strategy)
    buffer = expected.pop("BUFFER")
    assert desk.minutes() == {code: minutes for code, minutes in expected.items() if minutes}
    assert desk.meeting.buffer_s == buffer * 60
    assert desk.press("undo").status_code == 302
    assert (desk.minutes(), desk.meeting.buffer_s, building.latest(desk.meeting)) == (before, 0, 0)


def test_the_default_fit_puts_its_break_into_the_middle_and_the_reading_before_the_first_report(desk):
    desk.press("apply", fit="S7")
    order = [item.code for item in agenda.read(desk.meeting).items]
    assert order == ["OPEN", "SAL", "MKT", "SC", "BREAK", "FIN", "TEC", "XDEP", "PLAN"]
    desk.press("undo")
    desk.press("apply", fit="S6")
    assert [item.code for item in agenda.read(desk.meeting).items][:3] == ["OPEN", "READ", "SAL"]


def test_a_preview_shows_the_minutes_and_changes_nothing(desk):
    before = desk.minutes()
    answer = desk.press("preview", fit="S7", minutes__SAL_R="25")
    shown = answer.content.decode()
    assert answer.status_code == 200 and desk.minutes() == before
    assert 'name="minutes-SAL.R" value="25"' in shown
    assert shown.count('class="agenda-after"') == 11


def test_the_recommended_fit_names_its_reason_and_every_block_in_both_languages_and_is_gone_once_undone(desk):
    shown = words(desk.page())
    assert "Headlines, break and buffer 295 → 240 min" in shown and "once it is out" in shown
    assert (
        "Sales 60 40 −20" in shown
        and "Break 0 10 +10" in shown
        and "Buffer 0 10 +10 Total 295 240 −55" in shown
    )
    User.objects.update(language="zh-hans")
    assert "合计 295 240 −55" in words(desk.page())
    User.objects.update(language="en")
    assert desk.press("preview:S7").content.decode().count('class="agenda-after"') == 11
    desk.press("apply:S7")
    assert "Fitted Headlines, break and buffer 240 / 240 min Undo" in words(desk.page())
    desk.press("undo")
    assert "295 → 240" in words(desk.page())


def test_who_has_read_decides_between_headlines_and_reading_in_the_room(desk, meeting, at, monkeypatch):
    assert reading.share_read(meeting) is None
    monkeypatch.setattr(reading, "latest", lambda review: review)
    assert reading.share_read(meeting) == 0
    assert "Pre-read and silent reading 295 → 240 min Only 0 % of the people expected" in words(desk.page())
    for person in attending.expected(meeting, logbook.parts_of(meeting)):
        Receipt.objects.create(review=meeting.review, user=person, section="sales", read_at=at)
    assert reading.share_read(meeting) == 100
    assert "100 % of the people expected have read" in words(desk.page())


def test_minutes_are_typed_as_people_type_them(desk):
    desk.press("save", minutes__SAL_D="1h30", minutes__XDEP="1:30", minutes__PLAN="半小时", buffer="5 min")
    shown = desk.minutes()
    assert (shown["SAL.D"], shown["XDEP"], shown["PLAN"], desk.meeting.buffer_s) == (90, 90, 30, 300)


def test_what_cannot_be_read_is_refused_beside_its_field_and_kept_as_typed(desk):
    before = desk.minutes()
    answer = desk.press("save", minutes__SAL_D="soon", minutes__XDEP="55")
    shown = answer.content.decode()
    assert answer.status_code == 422 and desk.minutes() == before
    assert 'value="soon"' in shown and 'value="55"' in shown
    assert "Write a duration: 90, 1h30 or 1:30." in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"buffer": "300"}, "The buffer is longer than the meeting."),
        ({"budget": "5"}, "Between 15 and 1440 minutes."),
        ({"minimum__SAL_D": "50"}, "The minimum is longer than the part."),
        ({"more__SAL": "1", "zh__SAL": " ", "en__SAL": ""}, "Name the item in one language at least."),
        ({"more__SAL": "1", "zh__SAL": "x" * 81}, "At most 80 characters."),
        (
            {"more__SAL": "1", "zh__SAL": "x", "questions__SAL": "\n".join("abcdefghi")},
            "At most 8 questions.",
        ),
    ],
)
def test_every_field_says_what_is_wrong_with_it(desk, typed, sentence):
    answer = desk.press("save", **typed)
    assert answer.status_code == 422 and sentence in words(answer)


def test_details_of_an_item_are_kept(desk, people):
    desk.press(
        "save",
        more__OPEN="1", zh__OPEN="开场", en__OPEN="Welcome", presenter__OPEN=people["facilitator"].pk,
        second__OPEN=people["ceo"].pk, guests__OPEN="Dr Chen", private__OPEN="on", protect__OPEN="on",
        minimum__OPEN="8", questions__OPEN="愿景？ | Which vision?\nWhy?",
    )  # fmt: skip
    segment = desk.meeting.segments.get(code="OPEN")
    part = desk.meeting.parts.get(code="OPEN")
    assert (segment.title_zh, segment.title_en, segment.guests, segment.is_private) == (
        *("开场", "Welcome", "Dr Chen"),
        True,
    )
    assert (segment.presenter, segment.second_presenter) == (people["facilitator"], people["ceo"])
    assert segment.questions == [{"zh": "愿景？", "en": "Which vision?"}, {"zh": "Why?", "en": "Why?"}]
    assert (part.minimum_s, part.weight, part.is_protected, part.has_own_minimum) == (900, 0, True, True)


def test_items_are_moved_added_and_taken_out(desk):
    desk.press("down:SAL")
    assert [item.code for item in agenda.read(desk.meeting).items][:3] == ["OPEN", "MKT", "SAL"]
    desk.press("up:SAL")
    assert desk.press("add", new="X")["Location"].endswith("#item-X1")
    desk.press("add", new="BREAK")
    desk.press("add", new="BREAK")
    desk.press("add", new="D")
    codes = [item.code for item in agenda.read(desk.meeting).items]
    assert codes[-4:] == ["X1", "D1", "XDEP", "PLAN"] and {"BREAK", "BREAK1"} <= set(codes)
    desk.press("remove:FIN")
    assert "FIN.R" not in desk.minutes()
    desk.press("add", new="FIN")
    assert (desk.minutes()["FIN.R"], desk.minutes()["FIN.D"]) == (10, 20)


def test_an_agenda_over_its_budget_is_published_only_with_its_end_accepted(desk, people, start):
    refused = desk.press("publish")
    assert refused.status_code == 422 and "55 minutes over its budget" in words(refused)
    assert "We accept 295 minutes, ending at 13:55" in words(refused)
    assert desk.press("publish", accept="300").status_code == 422
    desk.press("publish", accept="295")
    desk.meeting.refresh_from_db()
    assert (desk.meeting.state, desk.meeting.accepted_s) == ("ready", 295 * 60)
    desk.press("save", minutes__OPEN="20")
    desk.meeting.refresh_from_db()
    assert (desk.meeting.state, desk.meeting.accepted_s) == ("draft", None)
    assert Activity.objects.filter(code="meeting.agenda_published", actor=people["facilitator"]).count() == 1


def test_a_fitted_agenda_is_published_and_stays_so_while_it_fits(desk):
    desk.press("apply", fit="S6")
    desk.press("publish")
    desk.meeting.refresh_from_db()
    assert desk.meeting.state == "ready"
    desk.press("save", minutes__SAL_D="35", minutes__MKT_D="35")
    desk.meeting.refresh_from_db()
    assert desk.meeting.state == "ready"
    assert "ends 5 minutes early" in words(desk.press("publish", minutes__SAL_D="30"))


def test_neither_lobby_nor_start_of_a_draft(desk, people, start):
    with pytest.raises(scheduling.CannotPlan) as refusal:
        scheduling.open_lobby(desk.meeting, by=people["facilitator"], at=start)
    assert [one.code for one in refusal.value.problems] == ["not_published"]
    answer = desk.client.post(
        reverse("meeting-command", args=[desk.meeting.pk]),
        {"cmd": "start", "expected_seq": 0, "client_id": "7b3e2f0a-0000-4000-8000-000000000001"},
        follow=True,
    )
    desk.meeting.refresh_from_db()
    assert desk.meeting.state == "draft" and "The agenda is a draft. Publish it first." in words(answer)


def test_somebody_else_s_change_in_between_is_not_overwritten(desk):
    stale = desk.form()
    desk.press("save", minutes__OPEN="12")
    answer = desk.client.post(desk.address, stale | {"minutes-OPEN": "14", "do": "save"})
    assert answer.status_code == 422 and "Somebody changed this agenda meanwhile" in words(answer)
    assert desk.minutes()["OPEN"] == 12


@pytest.mark.parametrize(
    ("do", "typed"),
    [
        ("apply", {}), ("apply", {"fit": "S99"}), ("undo", {}), ("template", {"template": "own-999999"}),
        ("template", {"template": "own-٣"}), ("forget:own-x", {}), ("keep", {"template_name": " "}),
        ("add", {"new": "../"}),
        ("propose:figure-NONE", {}), ("keep", {"template.name": "a", "series": "year"}),
    ],
)  # fmt: skip
def test_an_order_that_means_nothing_is_refused_in_words(desk, do, typed):
    before = desk.minutes()
    answer = desk.client.post(desk.address, desk.form() | typed | {"do": do})
    assert (answer.status_code, desk.minutes()) == (422, before)


def test_a_fit_that_is_not_possible_says_how_many_minutes_are_missing(desk):
    answer = desk.press("apply", fit="S4", budget="200")
    assert answer.status_code == 422
    assert "Not possible: 15 minutes missing." in words(answer)


def test_one_s_own_template_starts_the_reviews_of_its_series(desk, people):
    desk.press("apply", fit="S3")
    form = desk.form() | {"template_name": "Monthly, long", "series": "month", "do": "keep"}
    desk.client.post(desk.address, form)
    row = AgendaTemplate.objects.get()
    assert (row.name, row.series) == ("Monthly, long", "month")
    assert agenda_templates.of_series(Period.parse("2026-12")) == f"own-{row.pk}"
    assert agenda_templates.of_series(Period.parse("2026-Q4")) == "default-240"
    desk.press("template", template="default-240")
    assert desk.minutes()["SAL.D"] == 37
    desk.press("template", template=f"own-{row.pk}")
    assert desk.minutes()["SAL.D"] == 30


def test_a_template_that_is_removed_is_gone_and_the_agenda_that_began_from_it_stays(desk):
    form = desk.form() | {"template_name": "Monthly, long", "series": "month", "do": "keep"}
    desk.client.post(desk.address, form)
    row = AgendaTemplate.objects.get()
    before = desk.minutes()
    desk.press(f"forget:own-{row.pk}")
    assert not AgendaTemplate.objects.exists() and desk.minutes() == before
    assert agenda_templates.of_series(Period.parse("2026-12")) == "default-240"
    assert Activity.objects.get(code="meeting.template_removed").params == {"name": "Monthly, long"}
    for gone in (f"own-{row.pk}", "default-240"):
        assert desk.press(f"forget:{gone}").status_code == 422


def test_pacing_remembers_what_the_last_review_took(room, people):
    room.at(minutes=0).order("start")
    room.at(minutes=14).order("next")
    room.at(minutes=20).order("end", confirmed=True, reason="fire")
    room.meeting.refresh_from_db()
    Meeting.objects.filter(pk=room.meeting.pk).update(state="ended", ended_at=room.now)
    later = room.start + dt.timedelta(days=28)
    coming = make.meeting(
        people, review=make.review("2026-11", meeting_at=later), scheduled_at=later, at=room.now
    )
    assert pacing.lately(coming)["OPEN"] == [pacing.Pace(10, 14)]
    assert "PLAN" not in pacing.lately(coming)


def test_parked_topics_are_proposed_once_and_internal_ones_stay_internal(room, people, client):
    room.at(minutes=0).order("start")
    room.at(minutes=1).capture("/p Returns in Germany")
    Meeting.objects.filter(pk=room.meeting.pk).update(state="ended", ended_at=room.now)
    later = room.start + dt.timedelta(days=28)
    coming = make.meeting(
        people, review=make.review("2026-11", meeting_at=later), scheduled_at=later, at=room.now
    )
    capture = Capture.objects.get()
    assert capture.kind == "park"
    client.force_login(people["facilitator"], backend="django.contrib.auth.backends.ModelBackend")
    desk = Desk(client, coming)
    assert "Returns in Germany" in words(desk.page())
    assert desk.press(f"propose:parked-{capture.pk}").status_code == 302
    asked = coming.segments.get(code="XDEP").questions
    assert asked[-1] == {"zh": "Returns in Germany", "en": "Returns in Germany"}
    assert desk.press(f"propose:parked-{capture.pk}").status_code == 422
    Capture.objects.update(part=room.meeting.parts.get(code="FIN.D"))
    draft = agenda_draft.without(agenda.read(coming), "FIN")
    assert proposals.of(coming, draft, people["facilitator"]) == []


def test_only_planners_build_and_only_before_the_lobby(client, people, meeting):
    address = reverse("meeting-agenda", args=[meeting.pk])
    for person, status in (("sales", 403), ("logistics", 404), ("scribe", 403)):
        client.force_login(people[person], backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(address).status_code == status
        assert client.post(address, {"do": "undo"}).status_code == status
    Meeting.objects.update(state="lobby")
    client.force_login(people["facilitator"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address)["Location"] == reverse("meeting", args=[meeting.pk])
    with pytest.raises(CannotBuild):
        building.undo(meeting, by=people["facilitator"], at=make.AT, seen=0)


def test_a_draft_is_stored_and_read_back_as_it_was(meeting):
    draft = agenda.read(meeting)
    assert agenda_draft.of_document(draft.document()) == draft
    assert agenda.shipped("published") == draft


def test_what_a_fit_costs_is_said_item_by_item(meeting):
    found = agenda_draft.fit(agenda.read(meeting), "S2", agenda.named)
    assert found.lost == (
        ("OPEN", 5), ("SAL", 7), ("MKT", 5), ("SC", 5), ("FIN", 4), ("TEC", 4), ("XDEP", 14), ("PLAN", 11),
    )  # fmt: skip
    assert (found.discussion_kept, found.has_break) == (Fraction(1), False)
