"""Which fit is recommended, and what it takes from every block."""

from dataclasses import replace

from meetings import agenda, agenda_draft, recommending
from meetings.recommending import Advice, Change, Cost

PUBLISHED = agenda.shipped("published")


def advice(draft, read=None):
    return recommending.advice(draft, agenda_draft.fits(draft, agenda.named), read)


def test_the_published_agenda_is_cut_to_headlines_unless_too_few_have_read():
    assert advice(PUBLISHED) == Advice("S7", "headlines", Cost(0, 13, 62))
    assert advice(PUBLISHED, 80) == Advice("S7", "read", Cost(0, 13, 62), 80)
    assert advice(PUBLISHED, 79) == Advice("S6", "unread", Cost(0, 0, 70), 79)
    assert advice(agenda.shipped("default-240")) is None


def test_every_block_is_named_with_what_it_had_and_has():
    after = agenda_draft.fit(PUBLISHED, "S7", agenda.named).draft
    assert recommending.changes(PUBLISHED, after) == [
        Change("OPEN", 15, 10),
        Change("SAL", 60, 40),
        Change("MKT", 45, 30),
        Change("SC", 45, 30),
        Change("BREAK", 0, 10),
        Change("FIN", 30, 20),
        Change("TEC", 30, 20),
        Change("BUFFER", 0, 10),
    ]
    written = agenda_draft.fit(PUBLISHED, "S8", agenda.named).draft
    assert [one.difference for one in recommending.changes(PUBLISHED, written)] == [-30, -30, 5]


def test_where_both_would_take_from_what_leads_to_action_the_cheapest_is_taken():
    short = replace(PUBLISHED, budget=200)
    found = advice(short)
    assert (found.strategy, found.reason) == ("S7", "headlines")
    reading = advice(short, 10)
    assert (reading.strategy, reading.reason, reading.cost.action) == ("S3", "cheapest", 0)


def test_nothing_is_recommended_where_everything_is_protected():
    items = (
        replace(item, boxes=tuple(replace(box, protected=True) for box in item.boxes))
        for item in PUBLISHED.items
    )
    assert advice(replace(PUBLISHED, items=tuple(items))) is None
