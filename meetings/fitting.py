"""Agenda templates, and how published minutes are fitted into the time there is. Pure (experience §4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from meetings.plan import Plan, part

DEPARTMENTS = ("SAL", "MKT", "SC", "FIN", "TEC")
KIND = {"OPEN": "single", "XDEP": "single", "PLAN": "single", "READ": "reading", "BREAK": "break"}
KIND |= {f"{each}.R": "report" for each in DEPARTMENTS} | {f"{each}.D": "discuss" for each in DEPARTMENTS}


@dataclass(frozen=True)
class Template:
    """Minutes by part in agenda order; the buffer belongs to nobody.

    `kinds` says what the parts are, `whole` which ones no fit may touch, `minimum` what the others keep at least.
    """

    name: str
    minutes: tuple[tuple[str, int], ...]
    buffer: int
    budget: int = 240
    kinds: Mapping[str, str] = field(default_factory=lambda: KIND)
    whole: frozenset[str] = frozenset()
    minimum: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Minutes with the buffer."""
        return sum(minutes for _, minutes in self.minutes) + self.buffer


PUBLISHED = Template(
    "published",
    (
        ("OPEN", 15),
        ("SAL.R", 20),
        ("SAL.D", 40),
        ("MKT.R", 15),
        ("MKT.D", 30),
        ("SC.R", 15),
        ("SC.D", 30),
        ("FIN.R", 10),
        ("FIN.D", 20),
        ("TEC.R", 10),
        ("TEC.D", 20),
        ("XDEP", 40),
        ("PLAN", 30),
    ),
    buffer=0,
)
DEFAULT = Template(
    "default-240",
    (
        ("OPEN", 10),
        ("SAL.R", 3),
        ("SAL.D", 37),
        ("MKT.R", 3),
        ("MKT.D", 27),
        ("SC.R", 3),
        ("SC.D", 27),
        ("BREAK", 10),
        ("FIN.R", 2),
        ("FIN.D", 18),
        ("TEC.R", 2),
        ("TEC.D", 18),
        ("XDEP", 40),
        ("PLAN", 30),
    ),
    buffer=10,
)
TEMPLATES = {each.name: each for each in (PUBLISHED, DEFAULT)}


def plan(
    name: str,
    scheduled: datetime,
    *,
    budget_s: int | None = None,
    buffer_s: int | None = None,
    anchor: str = "wall",
) -> Plan:
    """The plan of a template, with another budget or buffer if named. KeyError for an unknown template."""
    template = TEMPLATES[name]
    ids = [part_id for part_id, _ in template.minutes]
    return Plan(
        parts=tuple(
            part(part_id, KIND[part_id], minutes * 60, own=_own(part_id, ids))
            for part_id, minutes in template.minutes
        ),
        budget_s=template.budget * 60 if budget_s is None else budget_s,
        buffer_s=template.buffer * 60 if buffer_s is None else buffer_s,
        scheduled=scheduled,
        anchor=anchor,
    )


def _own(part_id, ids):
    discussion = part_id.removesuffix(".R") + ".D"
    return discussion if part_id.endswith(".R") and discussion in ids else None


PART_IDS = (
    "OPEN", "SAL.R", "SAL.D", "MKT.R", "MKT.D", "SC.R", "SC.D", "FIN.R", "FIN.D", "TEC.R", "TEC.D",
    "XDEP", "PLAN", "READ", "BREAK", "BUFFER",
)  # fmt: skip
REPORTS = tuple(f"{each}.R" for each in DEPARTMENTS)
DISCUSSIONS = tuple(f"{each}.D" for each in DEPARTMENTS)
ACTION_BLOCKS = ("XDEP", "PLAN")
WRITTEN = ("FIN.R", "FIN.D", "TEC.R", "TEC.D")
READING, PAUSE, SPARE, SHORT_OPENING = 15, 10, 10, 10


class Infeasible(Exception):
    """What must stay is longer than the time there is, by `missing` minutes."""

    def __init__(self, missing: int):
        super().__init__(missing)
        self.missing = missing


def fit(
    base: Mapping[str, int],
    budget: int,
    keep: tuple[str, ...] = (),
    minimum: Mapping[str, int] | None = None,
    grid: int = 1,
    weight: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """`base` (minutes by part, agenda order) cut to `budget`; nothing is cut when it fits already.

    Parts in `keep` stay whole, none falls below its `minimum`, the others give in proportion to
    base × weight, on a `grid` of minutes: largest remainders first, ties in agenda order. Raises Infeasible.
    """
    minimum, weight = minimum or {}, weight or {}
    free = {part: minutes for part, minutes in base.items() if part not in keep and weight.get(part, 1)}
    target = budget - (sum(base.values()) - sum(free.values()))
    if sum(free.values()) <= target:
        return dict(base)
    floors = {part: min(minutes, minimum.get(part, 0)) for part, minutes in free.items()}
    missing = sum(floors.values()) - target
    if missing > 0:
        raise Infeasible(missing)
    exact = _cut(free, target, floors, weight)
    whole = {part: max(floors[part], value // grid * grid) for part, value in exact.items()}
    units = (target - sum(whole.values())) // grid
    by_remainder = sorted(exact, key=lambda part: whole[part] - exact[part])
    for part_id in by_remainder[: max(0, units)]:
        whole[part_id] += grid
    return {part: int(whole.get(part, minutes)) for part, minutes in base.items()}


def _cut(free, target, floors, weight):
    """The exact minutes of each free part; a part that would fall below its floor stays on it."""
    fixed: dict[str, int] = {}
    while True:
        moving = {part: minutes for part, minutes in free.items() if part not in fixed}
        pull = sum(minutes * weight.get(part, 1) for part, minutes in moving.items())
        cut = sum(moving.values()) + sum(fixed.values()) - target
        exact = {
            part: minutes - Fraction(cut * minutes * weight.get(part, 1), pull or 1)
            for part, minutes in moving.items()
        }
        low = {part: floors[part] for part, value in exact.items() if value < floors[part]}
        if not low:
            return exact | {part: Fraction(minutes) for part, minutes in fixed.items()}
        fixed |= low


def _of_kind(template, kind):
    return tuple(part_id for part_id, _ in template.minutes if template.kinds.get(part_id) == kind)


def _headlines(template, base):
    """Each department keeps its discussion as its whole slot; the report is a headline inside it."""
    shape = dict(base)
    for report in _of_kind(template, "report"):
        discussion = report.removesuffix(".R") + ".D"
        slot = base.get(discussion, 0)
        headline = min(3 if slot >= 25 else 2, slot)
        if base[report] > headline and discussion in base:
            shape |= {report: headline, discussion: slot - headline}
    opening = min(SHORT_OPENING, base["OPEN"])
    return _with_break(template, shape) | {"OPEN": opening, "BUFFER": max(SPARE, base["BUFFER"])}


def _with_break(template, base):
    has_one = any(base[part_id] for part_id in _of_kind(template, "break"))
    return base if has_one else base | {"BREAK": PAUSE}


def _read_before(template, base):
    return _without(base, _of_kind(template, "report"))


def _read_inside(template, base):
    return _read_before(template, base) | {"READ": max(READING, base["READ"])}


def _without(base, parts):
    return {part: 0 if part in parts else minutes for part, minutes in base.items()}


# Strategy → shape of the day, and what `fit` has to respect; None: it stays as long as it is.
# "discuss" among the parts to keep stands for every discussion, "break" for every break.
STRATEGIES = {
    "S0": (lambda template, base: base, None),
    "S1": (lambda template, base: base, {}),
    "S1b": (lambda template, base: base, {"grid": 5}),
    "S2": (lambda template, base: base, {"keep": ("discuss",)}),
    "S3": (lambda template, base: base, {"keep": ACTION_BLOCKS}),
    "S4": (lambda template, base: base, {"keep": ("discuss", *ACTION_BLOCKS), "minimum": {"OPEN": 5}}),
    "S5": (_read_before, {}),
    "S6": (_read_inside, {"keep": ("READ",)}),
    "S7": (_headlines, {"keep": (*ACTION_BLOCKS, "break", "BUFFER")}),
    "S8": (
        lambda template, base: _without(base, WRITTEN) | {"BUFFER": max(5, base["BUFFER"])},
        {"keep": ("BUFFER",)},
    ),
    "S9": (_with_break, None),
}


def fitted(template: Template, budget: int, strategy: str) -> dict[str, int]:
    """Minutes by part id (the template's and all of PART_IDS) that a strategy makes of a template.

    Raises Infeasible.
    """
    base = dict(template.minutes)
    base |= {part_id: 0 for part_id in PART_IDS if part_id not in base} | {"BUFFER": template.buffer}
    shape, limits = STRATEGIES[strategy]
    minutes = _spared(template, base, shape(template, base))
    if limits is None:
        return minutes
    minimum = dict(template.minimum)
    for part_id, least in limits.get("minimum", {}).items():
        minimum[part_id] = max(least, minimum.get(part_id, 0))
    keep = tuple(_kept(template, limits.get("keep", ()))) + tuple(template.whole)
    return fit(minutes, budget, keep=keep, minimum=minimum, grid=limits.get("grid", 1))


def _spared(template, base, shape):
    """A shape leaves alone what is to stay whole, and takes nothing below its own minimum."""
    return {
        part_id: base[part_id]
        if part_id in template.whole
        else max(minutes, min(base[part_id], template.minimum.get(part_id, 0)))
        for part_id, minutes in shape.items()
    }


def _kept(template, names):
    for name in names:
        yield name.upper() if name == "break" else name
        yield from _of_kind(template, name)


def discussion_kept(template: Template, minutes: Mapping[str, int]) -> Fraction:
    """The share of the template's discussion minutes that is left; all of it where there were none."""
    discussions = _of_kind(template, "discuss")
    before = sum(dict(template.minutes)[part_id] for part_id in discussions)
    return (
        Fraction(sum(minutes.get(part_id, 0) for part_id in discussions), before) if before else Fraction(1)
    )
