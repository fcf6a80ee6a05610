"""Sources for tests, each entered as an administrator would."""

import datetime as dt

from metrics import feeds, pulling
from metrics.models import Feed
from tests import make

AT = dt.datetime(2011, 1, 20, 9, 0, tzinfo=dt.UTC)  # the rows of tests.metrics.uploads are of December 2010


def entered(people, kind: str, config: dict, **fields) -> Feed:
    """A source of Sales that is asked every hour."""
    covers = fields.pop("covers", "name" if kind == "folder" else "last_month")
    given = {"name": "Export", "department": make.department("SAL"), "owner": people["sales"]} | fields
    details = feeds.Details(kind=kind, covers=covers, config=config, **({"every_minutes": 60} | given))
    return feeds.keep(details, by=people["admin"], at=AT)


def pulled(feed: Feed, at: dt.datetime = AT):
    """One run by hand at this moment."""
    run = pulling.pull(feed.pk, clock=lambda: at, reason="pressed")
    feed.refresh_from_db()
    return run
