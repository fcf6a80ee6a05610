"""A block of a board on the stage: frozen, open to all colleagues, never a partner's; a new part takes it down."""

import datetime as dt
import json
from collections import namedtuple

import pytest

from meetings import charting, running, screens, signals
from metrics.models import Metric
from reviewhub.people.models import Confidentiality
from tests import make
from tests.meetings.rooms import Room
from tests.meetings.test_preread import review  # noqa: F401 - a review with figures

Line = namedtuple("Line", "seq type payload")
UP = (signals.CHARTED, {"block": "sales/sal-net", "snapshot": 1})
DOWN = (signals.CHARTED, {"block": "", "snapshot": None})
STANDS = {
    "until it is taken down": ([UP, DOWN], None),
    "until another part begins": ([UP, ("part.next", {"to": "B"})], None),
    "also while another part is dropped": ([UP, ("part.skipped", {"part": "C", "to": "A"})], 2),
    "after an undone step": ([UP, ("part.next", {"to": "B"}), ("event.voided", {"seq": 3})], 2),
}


@pytest.mark.parametrize("case", STANDS)
def test_a_block_stands_on_the_stage(case):
    said, seq = STANDS[case]
    lines = [("meeting.started", {"to": "A"}), *said]
    up = signals.chart(Line(number, *line) for number, line in enumerate(lines, 1))
    assert (up and up["seq"]) == seq


def refused(room, code, **given):
    with pytest.raises(running.Refused) as trouble:
        room.order("stage.chart", **given)
    assert trouble.value.problem.code == code


@pytest.mark.django_db
def test_the_presenter_puts_up_a_frozen_block_that_a_partner_is_never_sent(people, client, review):  # noqa: F811
    room = Room.__new__(Room)
    room.people, room.start, room.now = people, make.AT, make.AT
    room.meeting = make.meeting(
        people, review=review, scheduled_at=make.AT, at=make.AT - dt.timedelta(hours=1)
    )
    room.order("start")
    assert charting.offered(room.row(), people["facilitator"]) == []
    refused(room, "no_such_block", to="sales/sal-net")
    make.freeze(review, people)
    places = {
        one.place: (one.number, one.name) for one in charting.offered(room.row(), people["facilitator"])
    }
    assert "sales/sal-net" in places and not any(place.startswith("finance/") for place in places)
    room.order("goto", part="SAL.D")
    refused(room, "not_your_stage", by="marketing", to="sales/sal-net")
    refused(room, "no_such_block", by="sales", to="sales/nothing")
    room.order("stage.chart", by="sales", to="sales/sal-net")

    state = screens.state_for(room.row(), reader=people["ceo"], at=room.now)
    assert state["chart"]["block"] == "sales/sal-net"
    partner = screens.state_for(room.row(), reader=people["logistics"], at=room.now)
    assert "chart" not in partner and "sal-net" not in json.dumps(partner)
    address = f"/meetings/{room.meeting.pk}/stage/chart"
    client.force_login(people["ceo"])
    page = client.get(address).content.decode()
    assert review.snapshots.get().fingerprint in page
    assert f'<span class="block-number" aria-hidden="true">{places["sales/sal-net"][0]}</span>' in page
    assert "data-url=" in client.get(f"/meetings/{room.meeting.pk}/stage/").content.decode()
    client.force_login(people["logistics"])
    assert client.get(address).status_code == 404

    Metric.objects.filter(code="SAL_NET").update(confidentiality=Confidentiality.CONFIDENTIAL)
    client.force_login(people["ceo"])
    page = client.get(address).content.decode()
    assert "not open to who opened this stage" in page and "metric-chart" not in page
    refused(room, "no_such_block", to="sales/sal-net")
    room.order("next")
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_figure_that_every_colleague_may_read_is_drawn_whoever_opened_the_stage(people, client, review):  # noqa: F811
    """Finance puts one up from its board, which the facilitator cannot open."""
    room = Room.__new__(Room)
    room.people, room.start, room.now = people, make.AT, make.AT
    room.meeting = make.meeting(
        people, review=review, scheduled_at=make.AT, at=make.AT - dt.timedelta(hours=1)
    )
    make.freeze(review, people)
    room.order("start")
    room.order("goto", part="FIN.D")
    offered = charting.offered(room.row(), people["finance"])
    place = next(one.place for one in offered if one.board.code == "finance")
    room.order("stage.chart", by="finance", to=place)
    client.force_login(people["facilitator"])
    assert client.get("/boards/finance/").status_code == 404
    page = client.get(f"/meetings/{room.meeting.pk}/stage/chart").content.decode()
    assert "not open to who opened this stage" not in page and 'class="block-number"' in page
