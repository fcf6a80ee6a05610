"""Who is reminded of a department's data and when, and who is told that it was returned, late or given more time."""

import datetime as dt
import zoneinfo

import pytest
from django.utils import translation

from metrics import certification, data_notices, deadlines, submission
from reviewhub.notices import expanding, kinds, planning
from reviewhub.notices.models import Channel, Message, Occurrence, Watermark
from tests import make
from tests.metrics.figures import dictionary_of_today

pytestmark = pytest.mark.django_db
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MEETING = dt.datetime(2026, 12, 7, 9, 0, tzinfo=SHANGHAI)
DUE = dt.datetime(2026, 11, 30, 18, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def review(people):
    """The October review on Monday 7 December: its data is due on Monday 30 November, 18:00."""
    dictionary_of_today()
    row = make.review(meeting_at=MEETING)
    row.due_at, row.freeze_at = DUE, dt.datetime(2026, 12, 3, 12, 0, tzinfo=SHANGHAI)
    row.save()
    Watermark.objects.update_or_create(kind=data_notices.DUE, defaults={"planned_until": DUE - 5 * DAY})
    return row


def run(since, until, step=6 * HOUR):
    at = since
    while at <= until:
        planning.plan(clock=lambda at=at: at)
        expanding.expand(clock=lambda at=at: at)
        at += step


def told(person, kind=data_notices.DUE) -> list[str]:
    rows = Message.objects.filter(user=person, channel=Channel.INAPP, occurrence__kind=kind)
    return [row.occurrence.cycle_key.rpartition(":")[2] for row in rows.order_by("occurrence__due_at")]


def test_the_steps_lie_before_the_deadline_at_nine_in_the_company_s_zone():
    found = data_notices.steps(DUE, SHANGHAI)
    assert [f"{name} {at.astimezone(SHANGHAI):%m-%d %H:%M}" for name, at in found.items()] == [
        "3d 11-27 09:00",
        "1d 11-29 09:00",
        "0d 11-30 09:00",
        "over 11-30 18:00",
    ]
    assert "0d" not in data_notices.steps(DUE.replace(hour=8), SHANGHAI)


def test_the_lead_hears_every_step_and_the_sponsor_only_the_last(people, review):
    run(DUE - 4 * DAY - 9 * HOUR, DUE + HOUR, step=HOUR)
    assert told(people["sales"]) == ["3d", "1d", "0d", "over"]
    assert told(people["logistics"]) == ["3d", "1d", "0d", "over"]
    # one for each of the five departments and logistics, of which SAL, MKT, SCM, FIN, TEC, LOG are asked
    assert told(people["ceo"]) == told(people["steward"]) == ["over"] * 6
    assert told(people["owner"]) == told(people["admin"]) == []


def test_who_handed_everything_in_is_not_reminded(people, review):
    totals = dict.fromkeys(
        ("TEC_UPTIME", "TEC_LCP", "TEC_CART_CVR", "MKT_SESS", "TEC_FEAT_OT", "TEC_DATA_FRESH"), "1"
    )
    make.submission("TEC", profile="tech-week", state="handed_in", handed_in_at=make.AT, totals=totals)
    run(DUE - 4 * DAY, DUE + HOUR)
    assert told(people["tech"]) == [] and len(told(people["sales"])) == 4


def test_more_time_stops_the_old_steps_and_plans_new_ones(people, review):
    deadlines.extend(
        review, make.department("SAL"), DUE + 2 * DAY, "Why", by=people["steward"], at=DUE - 4 * DAY
    )
    run(DUE - 4 * DAY, DUE + HOUR)
    assert told(people["sales"]) == ["3d"]  # three days before the new one
    run(DUE + HOUR, DUE + 2 * DAY + HOUR)
    assert told(people["sales"]) == ["3d", "1d", "0d", "over"]
    assert len(told(people["finance"])) == 4


def test_after_days_down_only_the_strongest_is_told_and_after_the_meeting_began_none(people, review):
    run(DUE + 2 * HOUR, DUE + 2 * HOUR)
    assert told(people["sales"]) == ["over"]
    assert set(Occurrence.objects.filter(kind=data_notices.DUE, state="coalesced").values_list("kind")) == {
        (data_notices.DUE,)
    }
    late = Occurrence.objects.filter(kind=data_notices.DUE).first()
    assert data_notices.verdict(late, review.meeting_at) == kinds.EXPIRE
    assert data_notices.verdict(late, review.meeting_at - HOUR) == kinds.SEND


def test_frozen_figures_are_not_asked_for(people, review):
    review.state = "frozen"
    review.save()
    run(DUE - 4 * DAY, DUE + HOUR)
    assert told(people["sales"]) == []


def test_the_reminder_says_how_much_is_in_and_names_the_rest(people, review):
    totals = dict.fromkeys(("TEC_FEAT_OT", "TEC_DATA_FRESH"), "1")
    make.submission("TEC", profile="tech-week", state="handed_in", handed_in_at=make.AT, totals=totals)
    said = {"department": "TEC", "step": "0d", "due_at": DUE.astimezone(dt.UTC).isoformat()}
    occurrence = Occurrence(subject_id=str(review.pk), params=said)
    content = data_notices.due_content(occurrence, people["tech"])
    assert content.title.startswith("Data of Technology/Product, Oct 2026: due Mon 30 Nov")
    assert content.lines == ("2 of 3 items are in.",)
    assert [item.title for item in content.items] == ["Stability and experience"]
    assert (content.path, content.urgent) == ("/submissions/?department=technology", True)
    occurrence.params["step"] = "over"
    assert "marked provisional" in data_notices.due_content(occurrence, people["tech"]).lines[1]
    with translation.override("zh-hans"):
        assert data_notices.due_content(occurrence, people["tech"]).lines[0] == "已提交 2/3 项。"


def test_a_returned_version_is_told_to_who_brought_it_without_its_figures(people, review):
    analyst = make.user("analyst", "SAL")
    row = make.submission("SAL", state="handed_in", uploaded_by=analyst, handed_in_by=people["sales"])
    remarks = [("D7", "12,345 is not possible")]
    certification.send_back(row, "Mend it", by=people["steward"], at=make.AT, remarks=remarks)
    run(make.AT, make.AT)
    for person in (people["sales"], analyst):
        assert told(person, "data.returned") == ["once"]
    assert told(people["marketing"], "data.returned") == told(people["steward"], "data.returned") == []
    content = data_notices.returned_content(Occurrence(subject_id=str(row.pk)), analyst)
    assert content.title == "Returned: Sales, Oct 2026, version 1"
    assert content.lines == ("The data owner says what should be mended.", "1 comment on a cell or row.")
    assert "12,345" not in str(content)


def test_late_data_is_told_to_data_owners_and_more_time_to_the_department(people, review):
    row = make.submission("SAL")
    submission.hand_in(row, by=people["sales"], at=DUE + HOUR)
    extension = deadlines.extend(
        review, make.department("MKT"), DUE + DAY, "The agency is late", by=people["ceo"], at=make.AT
    )
    run(DUE + HOUR, DUE + HOUR)
    assert told(people["steward"], "data.late") == ["once"] and not told(people["ceo"], "data.late")
    assert told(people["marketing"], "data.extended") == ["once"] and not told(
        people["sales"], "data.extended"
    )
    content = data_notices.extended_content(Occurrence(subject_id=str(extension.pk)), None)
    assert content.lines[1] == "The agency is late" and "18:00" in content.title or "10:00" in content.title
    assert (
        data_notices.late_content(Occurrence(subject_id=str(row.pk)), None).path
        == f"/certify/?version={row.pk}"
    )
