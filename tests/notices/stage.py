"""A clock that is set by hand, kinds of the test's own, and a post office that writes down what it takes."""

import datetime as dt

from reviewhub.notices import channels, crashpoints, expanding, kinds, outbox, own_kinds, packing, planning
from reviewhub.notices.channels import outcome
from reviewhub.notices.models import Delivery, Message, Occurrence
from reviewhub.people.models import User

# 10:00 on a Tuesday in Shanghai, where the company is.
TUESDAY = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)
OWN = (own_kinds.TEST, own_kinds.WEBHOOK_DISABLED, own_kinds.ENDED_BADLY)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


class Stage:
    """`now` is the time of everybody; `answer` is what the post office says, an Outcome or letter → Outcome."""

    def __init__(self, monkeypatch):
        self.now, self.sent, self.answer = TUESDAY, [], outcome.sent(250)
        self.monkeypatch = monkeypatch
        # Kinds of the upper apps have mornings of their own; a test tells what it raises itself.
        monkeypatch.setattr(kinds, "_kinds", {code: kinds.find(code) for code in OWN})
        monkeypatch.setattr(channels, "send", self.take)

    def clock(self):
        return self.now

    def later(self, **delta):
        self.now += dt.timedelta(**delta)

    def kind(self, code="matter", **fields) -> kinds.Kind:
        """A kind that is told to everybody with an address, unless `fields` say otherwise; gone after the test."""
        wanted = {
            "label": code,
            "note": "",
            "recipients": lambda occurrence: User.objects.exclude(email="").order_by("pk"),
            "render": lambda occurrence, user: kinds.Content(title=f"{code} {occurrence.cycle_key}"),
        } | fields
        self.monkeypatch.setitem(kinds._kinds, code, kinds.Kind(code=code, **wanted))
        return kinds.find(code)

    def take(self, letter):
        answer = self.answer(letter) if callable(self.answer) else self.answer
        if answer.is_sent:
            self.sent.append(letter)
        return answer

    def raised(self, subject, code="matter", **fields) -> Occurrence:
        return planning.raise_occurrence(code, subject, at=self.now, **fields)

    def tick(self) -> int:
        """What a worker does each minute; how many deliveries were attempted."""
        planning.plan(clock=self.clock)
        expanding.expand(clock=self.clock)
        return outbox.run(clock=self.clock)

    def packed(self) -> Delivery:
        """Tell and pack what waits, and do not send it; the one delivery of it."""
        expanding.expand(clock=self.clock)
        packing.pack(clock=self.clock)
        return Delivery.objects.get()

    def crash(self, name, act):
        """At the crash point `name` the next worker does `act()` instead of going on quietly, once."""
        waiting = [name]

        def perhaps(point):
            if waiting and point == waiting[0]:
                waiting.clear()
                act()

        self.monkeypatch.setattr(crashpoints, "WANTED", "in this process")
        self.monkeypatch.setattr(crashpoints, "_perhaps", perhaps)

    @property
    def subjects(self) -> list[str]:
        """The titles of each letter that was taken, in the order in which they went."""
        return [" + ".join(notice.content.title for notice in letter.notices) for letter in self.sent]


class Killed(BaseException):
    """A worker died here: nothing of its own runs any more."""


def kill():
    raise Killed


def states(model=Delivery) -> list[str]:
    return sorted(model.objects.values_list("state", flat=True))


def mails() -> list[tuple[str, str]]:
    """State and reason of each message that was to go by mail."""
    return sorted(Message.objects.filter(channel="email").values_list("state", "reason"))
