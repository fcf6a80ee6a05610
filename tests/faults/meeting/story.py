"""One meeting from its start to its end, told as orders over HTTP; what it comes to in the end."""

import datetime as dt
import http.client
import json
import random
import threading
import time
import uuid

from meetings import logbook, minutes, scheduling
from meetings.models import Meeting
from metrics.canonical import canonical
from tests import make
from tests.server import Stream, session_of

START = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)
# Seconds of the meeting's clock, who, order, arguments. `capture.add` by the scribe, votes by everybody.
STORY = (
    (240, "facilitator", "start", {}),  # four minutes late
    (260, "sales", "present", {}),
    (300, "scribe", "capture.add", {"text": "/n 三个问题：毛利、库存、时效"}),
    (900, "facilitator", "next", {}),  # the opening ran over
    (1170, "facilitator", "next", {}),
    (1200, "scribe", "capture.add", {"text": "/d 德国站提价3%"}),
    (1230, "scribe", "capture.add", {"text": "/a @sales 完成德国站上线 #KR2 ^2026-12-05"}),
    (3360, "facilitator", "extend", {"seconds": 300, "pay": ["compress", "end"]}),
    (3400, "facilitator", "vote.open", {"text": "Five more?", "seconds": 30}),
    (3405, "sales", "vote.cast", {"to": "yes"}),
    (3410, "marketing", "vote.cast", {"to": "no"}),
    (3420, "facilitator", "vote.close", {}),
    (3540, "facilitator", "next", {}),
    (3660, "facilitator", "next", {}),
    (4260, "facilitator", "pause", {"reason": "emergency"}),
    (4300, "scribe", "capture.add", {"text": "/p 明年换ERP"}),
    (4620, "facilitator", "resume", {}),
    (5220, "facilitator", "next", {}),
    (5230, "facilitator", "skip", {"part": "TEC.R", "reason": "pre-read"}),
    (5240, "facilitator", "undo", {}),
    (5400, "facilitator", "borrow", {"part": "TEC.D", "seconds": 120}),
    (5500, "facilitator", "next", {}),
    (7000, "scribe", "capture.add", {"text": "/d 尾程换承运商试点"}),
    (7100, "facilitator", "next", {}),
    (7700, "facilitator", "park", {"part": "FIN.R", "reason": "figures late"}),
    (8800, "facilitator", "goto", {"part": "XDEP"}),
    (11200, "facilitator", "next", {}),
    (14000, "facilitator", "end", {}),
    (14300, "facilitator", "end", {"reason": "No time to complete what is open"}),
)
CLOCK_ORDERS = [
    place for place, (_at, who, do, _given) in enumerate(STORY) if who == "facilitator" and "." not in do
]
PATIENCE_S = 60


class Lost(Exception):
    """An order that was never taken."""


class Desk:
    """One person's browser: gives an order until it is taken, as the page and its outbox do."""

    def __init__(self, site, meeting, person):
        self.site, self.meeting = site, meeting
        self.session = session_of(person)
        self.repeated = 0

    def ask(self, method, path, body=None, *, cut=False):
        """(status, document); with `cut` the answer is not waited for."""
        link = http.client.HTTPConnection("127.0.0.1", self.site.web.port, timeout=5)
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={'a' * 32}", "X-CSRFToken": "a" * 32}
        headers |= {"Content-Type": "application/json"}
        try:
            link.request(method, f"/meetings/{self.meeting.pk}/{path}", body=body, headers=headers)
            if cut:
                return 0, None
            answer = link.getresponse()
            read = answer.read()
            is_json = answer.headers.get("Content-Type", "").startswith("application/json")
            return answer.status, json.loads(read) if is_json else None
        except (OSError, http.client.HTTPException):
            return 0, None
        finally:
            link.close()

    def state(self):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            status, found = self.ask("GET", "state")
            if status == 200:
                return found
            time.sleep(0.2)
        raise Lost("the state cannot be read")

    def give(self, do, given, *, crash=False) -> int:
        """The number of its line in the log. `crash`: the browser is gone before it hears the answer."""
        seen = self.state()["seq"]
        order = {"cmd": do, "expected_seq": seen, "client_id": str(uuid.uuid4())} | given
        if crash:
            self.ask("POST", "command", json.dumps(order), cut=True)
            return self.again(do, given, seen)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            status, answer = self.ask("POST", "command", json.dumps(order))
            if status == 200:
                return answer["seq"]
            if status not in (0, 502, 503):
                raise Lost(f"{do}: {status} {answer}")
            self.repeated += 1
            time.sleep(0.2)
        raise Lost(f"{do} was not taken in {PATIENCE_S} s")

    def again(self, do, given, seen) -> int:
        """A new browser of the facilitator knows nothing of the order; they look, and press if it did not arrive."""
        self.repeated += 1
        now = self.state()["seq"]
        if now > seen:
            return now
        order = {"cmd": do, "expected_seq": now, "client_id": str(uuid.uuid4())} | given
        status, answer = self.ask("POST", "command", json.dumps(order))
        if status == 409:  # the first press arrived after all
            return self.state()["seq"]
        if status != 200:
            raise Lost(f"{do}: {status} {answer}")
        return answer["seq"]


class Screen(threading.Thread):
    """A viewer as static/js/elements/meeting-link.js is one: a stream, the state by polling while it is away."""

    def __init__(self, site, meeting, person):
        super().__init__(daemon=True)
        self.site, self.meeting, self.ending = site, meeting, threading.Event()
        self.desk = Desk(site, meeting, person)
        self.heard: list[tuple[float, int]] = []  # when, number of the newest line
        self.away: list[tuple[float, float]] = []  # stream closed, next state
        self.streams = 0

    def run(self):
        lost_at = polled_at = None
        while not self.ending.is_set():
            stream = self._stream()
            while stream and not self.ending.is_set():
                name, data, at = stream.events.get()
                if name == "state":
                    lost_at = self._hear(at, data["seq"], lost_at)
                elif name in ("closed", "bye"):
                    lost_at = lost_at or at
                    break
            again = time.monotonic() + 2 + random.random() * 1.5  # noqa: S311 - as the page
            while time.monotonic() < again and not self.ending.is_set():
                if polled_at is None or time.monotonic() - polled_at >= 5:
                    polled_at = time.monotonic()
                    status, state = self.desk.ask("GET", "state")
                    if status == 200:
                        lost_at = self._hear(time.monotonic(), state["seq"], lost_at)
                time.sleep(0.05)
            polled_at = None if lost_at is None else polled_at

    def _stream(self):
        try:
            stream = Stream(self.site.live, f"/meetings/{self.meeting.pk}/stream", self.desk.session)
        except (OSError, http.client.HTTPException):
            return None
        self.streams += stream.answer.status == 200
        return stream if stream.answer.status == 200 else None

    def _hear(self, at, seq, lost_at):
        self.heard.append((at, seq))
        if lost_at is not None:
            self.away.append((lost_at, at))
        return None

    def knows(self, seq) -> bool:
        return any(number >= seq for _at, number in self.heard[-3:])

    def blind_s(self, taken: dict[int, float]) -> float:
        """The longest time without a state: after the stream broke, or behind a line that had been taken."""
        waits = [until - since for since, until in self.away]
        for seq, at in taken.items():
            waits += [max(0.0, next(when for when, number in self.heard if number >= seq) - at)]
        return max(waits, default=0.0)


def opened(people, number: int, clock) -> Meeting:
    """Meeting `number` of this database, in its lobby."""
    review = make.review(code=f"2026-10-{number}", meeting_at=START)
    meeting = make.meeting(people, scheduled_at=START, review=review)
    clock.set(START)
    scheduling.open_lobby(meeting, by=people["facilitator"], at=START - dt.timedelta(minutes=15))
    return meeting


def told(site, people, meeting, faults=(), screens=3) -> dict:
    """The story with `faults`, a list of (place in STORY, callable): what came of it and how long screens were blind.

    A fault is called at the moment at which the order of its place is given, beside it.
    """
    desks = {who: Desk(site, meeting, people[who]) for who in {who for _at, who, _do, _given in STORY}}
    watching = [Screen(site, meeting, people[who]) for who in ("ceo", "owner", "sales")[:screens]]
    for each in watching:
        each.start()
    for each in watching:
        _until(lambda each=each: each.heard)
    taken: dict[int, float] = {}
    for place, (at_s, who, do, given) in enumerate(STORY):
        site.clock.set(START + dt.timedelta(seconds=at_s))
        here = [fault for where, fault in faults if where == place]
        crash = "browser" in here
        running = [threading.Thread(target=fault) for fault in here if callable(fault)]
        for each in running:
            each.start()
        seq = desks[who].give(do, given, crash=crash)
        taken[seq] = time.monotonic()
        for each in running:
            each.join()
        for screen in watching:
            _until(lambda screen=screen, seq=seq: screen.knows(seq))
    for each in watching:
        each.ending.set()
    site.settle()
    return came_to(meeting) | {
        "blind_s": max(each.blind_s(taken) for each in watching),
        "repeated": sum(each.repeated for each in desks.values()),
        "streams": sum(each.streams for each in watching),
    }


def _until(question, seconds=PATIENCE_S):
    end = time.monotonic() + seconds
    while not question():
        if time.monotonic() > end:
            raise Lost("a screen was not told")
        time.sleep(0.01)


def came_to(meeting) -> dict:
    """Log, seconds of every part and account, decisions and all other lines, minutes: without numbers of rows."""
    meeting = Meeting.objects.get(pk=meeting.pk)
    plan, state = logbook.standing(meeting)
    rows = meeting.events.order_by("seq").values_list("seq", "at", "actor__username", "type", "deltas")
    captures = meeting.captures.order_by("captured_at", "pk")
    written = minutes.document(meeting) | {"review": ""}
    for line in [*written["lines"], *(line for item in written["items"] for line in item["lines"])]:
        del line["id"]
    return {
        "log": [(seq, at.isoformat(), who, kind, deltas) for seq, at, who, kind, deltas in rows],
        "parts": dict(state.closed_s),
        "ledger": dict(state.ledger),
        "decisions": [(row.kind, row.text, row.captured_at.isoformat()) for row in captures],
        "minutes": canonical(written),
    }
