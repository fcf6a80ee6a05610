"""What can be told: upper apps register their kinds in AppConfig.ready(); the outbox knows no business table."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Model
from django.utils.functional import Promise

SEND, EXPIRE, COALESCE = "send", "expire", "coalesce"
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """One occurrence of a subject. `due_at` UTC; the cycle key makes it one; `params` are JSON values."""

    cycle_key: str
    due_at: dt.datetime
    params: dict = field(default_factory=dict, hash=False)
    wall_time: str = ""
    time_zone: str = ""


@dataclass(frozen=True)
class Item:
    """A line of a list inside a notice."""

    title: str
    note: str = ""
    path: str = ""


@dataclass(frozen=True)
class Content:
    """What a reader is told, already in their language and zone.

    `path` is an address of ours ("/actions/"); `link` asks for a one-click form link instead, when it goes by
    mail: (purpose, subject type, subject id, cycle). `thread` groups mails of one matter in the reader's mail program.
    Nothing confidential (C2, C3) belongs into a notice: it travels.
    """

    title: str
    lines: tuple[str, ...] = ()
    action: str = ""
    path: str = "/"
    link: tuple[str, str, str, str] | None = None
    items: tuple[Item, ...] = ()
    thread: str = ""
    urgent: bool = False
    state: str = "queued"


@dataclass(frozen=True)
class Kind:
    """One kind of notice.

    subjects(since, until) → rows that may have something due; plans(row, since, until) → its Plans with
    due_at ≤ until (giving one twice does no harm). Both may be left out: then business code raises occurrences itself.
    recipients(occurrence) → users. recheck(occurrence, user, at) → "" or the code of why it is not wanted any more:
    asked when it is decided and again before it leaves. render(occurrence, user) → Content, called in the
    reader's language and zone; user is None for a room. latest(occurrence) → the moment that no quiet hour may pass.
    inbox=False: not in the list of notices, only by mail and chat (the morning mail repeats the home page).
    verdict(occurrence, at) → SEND, EXPIRE or COALESCE. Of several due ones of one `series(occurrence)` only the
    last is told, the others are coalesced. concerns(user) → whether a person could ever be told this: their
    settings offer it. visible(occurrence, user) → whether they may still see what it is about: asked whenever the
    list of notices is read. reasons: the codes of recheck in words, for administrators.
    """

    code: str
    label: str | Promise
    note: str | Promise
    recipients: Callable
    render: Callable
    subjects: Callable[[dt.datetime, dt.datetime], Iterable[Model]] | None = None
    plans: Callable[[Model, dt.datetime, dt.datetime], Iterable[Plan]] | None = None
    recheck: Callable = lambda occurrence, user, at: ""
    latest: Callable = lambda occurrence: None
    verdict: Callable = lambda occurrence, at: SEND
    series: Callable | None = lambda occurrence: f"{occurrence.subject_type}:{occurrence.subject_id}"
    resend_in_doubt: bool = False
    mail: bool = True
    chat: bool = False
    rooms: bool = False
    required: bool = False
    chosen: bool = True
    inbox: bool = True
    concerns: Callable = lambda user: True
    visible: Callable = lambda occurrence, user: True
    reasons: dict[str, str | Promise] = field(default_factory=dict)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind; the same code again replaces it (an app that is loaded twice in tests)."""
    _kinds[kind.code] = kind
    return kind


def find(code: str) -> Kind | None:
    return _kinds.get(code)


def every() -> list[Kind]:
    """All kinds, in the order in which the apps registered them."""
    return list(_kinds.values())
