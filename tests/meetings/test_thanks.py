"""Thanks said in meetings stand on the board of execution, for twelve months and for whom they are open."""

import datetime as dt
import uuid

import pytest

from meetings.models import Capture
from reviewhub.people.models import Confidentiality
from tests import make
from tests.metrics.test_boards import year_of_sales

UTC = dt.UTC


def said(meeting, by, text, at, **more):
    given = {
        "kind": "kudos",
        "typed": f"/k {text}",
        "text": text,
        "captured_at": at,
        "captured_by": by,
    } | more
    return Capture.objects.create(meeting=meeting, client_id=uuid.uuid4(), **given)


@pytest.fixture
def thanked(people):
    meeting = make.meeting(people)
    finance = people["finance"]
    said(meeting, finance, "Supply chain closed early", dt.datetime(2026, 10, 31, 15, 59, tzinfo=UTC))
    said(meeting, finance, "=1+1", dt.datetime(2025, 10, 31, 16, 0, tzinfo=UTC))
    said(meeting, finance, "Too late", dt.datetime(2026, 10, 31, 16, 0, tzinfo=UTC))
    said(meeting, finance, "Too early", dt.datetime(2025, 10, 31, 15, 59, tzinfo=UTC))
    secret = {"confidentiality": Confidentiality.CONFIDENTIAL}
    said(meeting, finance, "Quiet", dt.datetime(2026, 10, 5, 4, 0, tzinfo=UTC), **secret)
    said(meeting, finance, "A note", dt.datetime(2026, 10, 5, 4, 0, tzinfo=UTC), kind="note")
    return meeting


def test_thanks_of_twelve_months_by_the_day_of_the_company(people, thanked, signed_in):
    year_of_sales(14)
    client = signed_in(people["ceo"])
    text = client.get("/boards/execution/thanks.csv", {"month": "2026-10"}).content.decode("utf-8-sig")
    rows = [line.split(",") for line in text.splitlines()[1:]]
    assert [row[:2] for row in rows] == [["2026-10-31", "Supply chain closed early"], ["2025-11-01", "'=1+1"]]
    page = client.get("/boards/execution/", {"month": "2026-10"}).content.decode()
    block = page.split('id="thanks"')[2 if page.count('id="thanks"') > 1 else 1].split("</article>")[0]
    assert f'href="/meetings/{thanked.pk}/"' in block and "Quiet" not in page and "A note" not in page
