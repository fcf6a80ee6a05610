"""One typed line of a meeting, read as decision, action, issue or note. Pure (experience §3.10).

/a @Li 完成德国站上线 #KR2 ^2026-12-05 !1 $+200000CNY:MKT/TikTok-DE &LOG
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal

from meetings.due import CHECKIN, due_on

TYPES = {
    "decision": "d decision 决策 决定",
    "action": "a action 行动",
    "issue": "i issue 问题",
    "park": "p park 停车 暂存",
    "conflict": "c conflict 冲突",
    "data": "q data 口径",
    "risk": "r risk 风险",
    "kudos": "k kudos 表扬",
    "vote": "v vote 投票",
    "note": "n note 记录",
}
NAMED = {word: kind for kind, words in TYPES.items() for word in words.split()}
# What a line of this type needs before the meeting can close; anything may be added later.
NEEDED = {"action": ("owner", "due_on", "link")}
# Full-width punctuation of Chinese prose stays as it is typed; only tokens are normalised.
PROSE = "，。！？；：（）、"
MONEY = re.compile(
    r"(?P<sign>[+-]?)(?P<amount>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)(?P<unit>[万亿]?)"
    r"(?P<currency>[A-Za-z]{3})?(?::(?P<department>[^\s:/]+)(?:/(?P<account>\S+))?)?"
)
UNITS = {"": 1, "万": 10**4, "亿": 10**8}
LONGEST_AMOUNT = 20
ALIKE = 0.8
INVISIBLE = re.compile("[\x00\u200b-\u200f\u2060\ufeff\ud800-\udfff]")


@dataclass(frozen=True)
class Money:
    """A budget effect. `amount` is a decimal string, negative for a cut."""

    amount: str
    currency: str | None = None
    department: str | None = None
    account: str | None = None

    @property
    def is_nothing(self) -> bool:
        """`$+0`: said to have no budget effect."""
        return Decimal(self.amount) == 0


@dataclass(frozen=True)
class Captured:
    """What a line says. `owners` are the known people that `owner_text` may mean, best first."""

    type: str
    text: str
    owner_text: str = ""
    owners: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    collaborators: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    unknown_links: tuple[str, ...] = ()
    due_text: str = ""
    due_on: date | None = None
    priority: int | None = None
    money: Money | None = None
    missing: tuple[str, ...] = ()


def parse(
    text: str,
    today: date,
    *,
    people: Mapping[str, Iterable[str]] | None = None,
    codes: Iterable[str] | None = None,
    checkin_on: date | None = None,
) -> Captured:
    """The line `text` as read on the day `today`; never fails, nothing but the text is mandatory.

    `people`: id → names (name, pinyin, initials, department code), the likeliest first. `codes`: known
    codes of key results and metrics. `checkin_on`: the next check-in, which `^checkin` means.
    """
    kind, typed = _kind(text)
    found = _Tokens(people or {}, today, checkin_on)
    words = [found.take(word) for word in typed]
    links, unknown = _known(found.links, codes)
    captured = Captured(
        type=kind,
        text=" ".join(word for word in words if word),
        owner_text=found.mentions[0] if found.mentions else "",
        owners=named(found.mentions[0], people or {}) if found.mentions else (),
        mentions=tuple(found.mentions),
        collaborators=tuple(found.collaborators),
        links=links,
        unknown_links=unknown,
        due_text=found.due_text,
        due_on=found.due_on,
        priority=found.priority,
        money=found.money,
    )
    return replace(captured, missing=missing(captured))


def missing(captured: Captured) -> tuple[str, ...]:
    """What has to be added before the meeting can close: text, owner, due_on, link."""
    present = {
        "owner": captured.owner_text,
        "due_on": captured.due_on,
        "link": captured.links,
    }
    gaps = () if captured.text else ("text",)
    return gaps + tuple(need for need in NEEDED.get(captured.type, ()) if not present[need])


def as_json(captured: Captured) -> dict:
    """The capture as plain values: dates ISO 8601, amounts decimal strings, tuples as lists."""
    shown = {field.name: getattr(captured, field.name) for field in fields(captured)}
    shown = {name: list(value) if isinstance(value, tuple) else value for name, value in shown.items()}
    shown["due_on"] = captured.due_on.isoformat() if captured.due_on else None
    shown["money"] = vars(captured.money) if captured.money else None
    return shown


def named(typed: str, people: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Ids of the people that `typed` may mean: exact names first, then beginnings, each in the order given."""
    wanted = normal(typed).casefold()
    names = {person: [normal(name).casefold() for name in known] for person, known in people.items()}
    exact = [person for person, known in names.items() if wanted in known]
    begun = [person for person, known in names.items() if any(name.startswith(wanted) for name in known)]
    return tuple(dict.fromkeys(exact + begun))


def alike(one: Captured, other: Captured) -> bool:
    """Probably the same thing said twice: same owner, and four fifths of the words shared."""
    if one.owner_text.casefold() != other.owner_text.casefold():
        return False
    words, others = _words(one.text), _words(other.text)
    return bool(words and others) and len(words & others) >= ALIKE * max(len(words), len(others))


def normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _words(text):
    return set(re.findall(r"[a-z0-9_]+|[^\W_]", normal(text).casefold()))


def _kind(text):
    """The type of a line and its words as typed. An unknown type is a note, and nothing is lost."""
    words = INVISIBLE.sub("", text).split()
    opener = normal(words[0]) if words else ""
    if opener[:1] not in ("/", "、"):
        return "note", words
    if opener[1:2] in (
        "/",
        "、",
    ):  # the key opened the box with a stroke of its own, and the hand typed another
        opener = opener.lstrip("/、")
        opener, words[0] = f"/{opener}", f"/{opener}"
    kind = NAMED.get(opener[1:].casefold())
    if kind or opener in ("/", "、"):
        return kind or "note", words[1:]
    return "note", [words[0][1:], *words[1:]]


def _known(links, codes):
    """Links in the spelling of the known codes, and those that no code knows."""
    if codes is None:
        return tuple(links), ()
    spelled = {code.casefold(): code for code in codes}
    known = [spelled[link.casefold()] for link in links if link.casefold() in spelled]
    return tuple(known), tuple(link for link in links if link.casefold() not in spelled)


def _money(typed):
    found = MONEY.fullmatch(typed)
    if not found or len(found["amount"]) > LONGEST_AMOUNT:
        return None
    amount = Decimal(found["sign"] + found["amount"].replace(",", "")) * UNITS[found["unit"]]
    plain = f"{amount:f}"
    if found["unit"] and "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    currency = found["currency"].upper() if found["currency"] else None
    return Money(plain, currency, found["department"], found["account"])


class _Tokens:
    """Takes the tokens out of a line's words and remembers what they said."""

    def __init__(self, people, today, checkin_on):
        self.names = sorted(
            {normal(name) for known in people.values() for name in known}, key=len, reverse=True
        )
        self.today, self.checkin_on = today, checkin_on
        self.mentions, self.collaborators, self.links = [], [], []
        self.due_text, self.due_on, self.priority, self.money = "", None, None, None

    def take(self, typed):
        """What remains of a word as text: all of it, a rest behind the token, or nothing."""
        token = normal(typed)
        sign, said = token[:1], token[1:]
        if sign == "$" and said:
            return self._money(typed, said)
        if sign == "!" and said in ("1", "2", "3"):
            self.priority = int(said)
            return ""
        if sign not in ("@", "#", "^", "&"):
            return _prose(typed)
        said, rest = self._name(typed[1:]) if sign == "@" else _cut(typed[1:])
        if not said:
            return _prose(typed)
        if sign == "^":
            return self._due(typed, said, rest)
        kept = {"@": self.mentions, "#": self.links, "&": self.collaborators}[sign]
        if said not in kept:
            kept.append(said)
        return rest

    def _money(self, typed, said):
        money = _money(said)
        if money is None:
            return _prose(typed)
        self.money = money
        return ""

    def _due(self, typed, said, rest):
        self.due_text = said
        self.due_on = due_on(said, today=self.today, checkin_on=self.checkin_on)
        return rest if self.due_on or said.casefold() == CHECKIN else _prose(typed)

    def _name(self, typed):
        """`@李伟完成上线` without a space: a known name ends where the name ends."""
        said, rest = _cut(typed)
        if any(name.casefold().startswith(said.casefold()) for name in self.names):
            return said, rest
        for name in self.names:
            if not name.isascii() and said.startswith(name):
                return name, _prose(typed)[len(name) :]
        return said, rest


def _cut(typed):
    """A token ends at punctuation: `@Li，完成` is Li, then 完成. Both parts are ready for use."""
    found = re.match("[^，。；、,;]*", typed)
    return normal(found[0]), _prose(typed[found.end() :].lstrip("，。；、,;"))


def _prose(typed):
    return "".join(mark if mark in PROSE else normal(mark) for mark in typed)
