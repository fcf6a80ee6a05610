"""Notices of tests: plain kinds whose words stand in the occurrence, told to whom the occurrence names."""

import datetime as dt
import itertools

from reviewhub.notices import expanding, kinds, packing, planning
from reviewhub.notices.models import Delivery, Message
from reviewhub.people.models import User
from tests import make

# Monday 10:00 in Shanghai: mail may leave.
MONDAY = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
_number = itertools.count(1)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self, at: dt.datetime = MONDAY):
        self.at = at

    def __call__(self) -> dt.datetime:
        return self.at

    def forward(self, **step) -> dt.datetime:
        self.at += dt.timedelta(**step)
        return self.at


def own_kinds(monkeypatch) -> None:
    """What is registered from here on is forgotten after the test."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))


def kind(code: str = "plain", **fields) -> kinds.Kind:
    """A kind whose content is what the occurrence carries."""
    found = {
        "code": code,
        "label": "Plain notices",
        "note": "For tests.",
        "recipients": lambda occurrence: User.objects.filter(pk__in=occurrence.params["to"]).order_by("pk"),
        "render": lambda occurrence, user: content(occurrence.params["content"]),
        "series": None,
    }
    return kinds.register(kinds.Kind(**(found | fields)))


def content(stored: dict) -> kinds.Content:
    items = tuple(kinds.Item(*item) for item in stored.get("items", ()))
    link = tuple(stored["link"]) if stored.get("link") else None
    return kinds.Content(**(stored | {"lines": tuple(stored.get("lines", ())), "items": items, "link": link}))


def person(**fields) -> User:
    """Somebody with an address, who reads English."""
    number = next(_number)
    return make.user(**({"email": f"person{number}@mail.test", "language": "en"} | fields))


def tell(*users: User, at: dt.datetime = MONDAY, code: str = "plain", **words) -> list[Message]:
    """Raise it and expand it; the messages."""
    words = {"title": "Something happened"} | words
    occurrence = planning.raise_occurrence(
        code,
        make.company(),
        at=at,
        cycle_key=f"test-{next(_number)}",
        params={"to": [user.pk for user in users], "content": words},
    )
    expanding.expand_one(occurrence.pk, clock=lambda: at)
    return list(occurrence.messages.all())


def packed(*users: User, at: dt.datetime = MONDAY, **words) -> list[Delivery]:
    """Told and packed: the deliveries that wait now."""
    before = set(Delivery.objects.values_list("pk", flat=True))
    tell(*users, at=at, **words)
    packing.pack(clock=lambda: at)
    return list(Delivery.objects.exclude(pk__in=before).order_by("user_id", "webhook_id"))


def expand(clock) -> int:
    """Decide whatever is due, as the tick does."""
    return expanding.expand(clock=clock)
