"""An agenda as its builder holds it: items with their parts in minutes, fitted, compared and kept. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction

from meetings import fitting
from meetings.plan import default_minimum, default_weight

BUFFER = "BUFFER"


@dataclass(frozen=True)
class Box:
    """One timed part. `minimum` None: the usual one of its kind; `protected`: nothing ever shortens it."""

    code: str
    kind: str
    minutes: int
    minimum: int | None = None
    protected: bool = False

    @property
    def minimum_s(self) -> int:
        """Seconds that the running meeting leaves it at least."""
        planned_s = self.minutes * 60
        if self.protected:
            return planned_s
        usual_s = default_minimum(self.code, self.kind, planned_s)
        return usual_s if self.minimum is None else min(planned_s, self.minimum * 60)

    @property
    def weight(self) -> int:
        return 0 if self.protected else default_weight(self.code, self.kind)


@dataclass(frozen=True)
class Item:
    """One item: one part, or a report and a discussion. People are ids, the department is its code."""

    code: str
    zh: str
    en: str
    boxes: tuple[Box, ...]
    department: str = ""
    presenter: int | None = None
    second_presenter: int | None = None
    guests: str = ""
    is_private: bool = False
    questions: tuple[dict, ...] = ()

    @property
    def minutes(self) -> int:
        return sum(box.minutes for box in self.boxes)

    def asks(self, question: Mapping[str, str]) -> bool:
        return any(
            one.get("zh") == question["zh"] or one.get("en") == question["en"] for one in self.questions
        )


@dataclass(frozen=True)
class Draft:
    """An agenda in its order, with its buffer and its budget in minutes."""

    items: tuple[Item, ...]
    buffer: int
    budget: int

    @property
    def total(self) -> int:
        """What it asks for, buffer and all."""
        return sum(item.minutes for item in self.items) + self.buffer

    @property
    def over(self) -> int:
        """Minutes over the budget; below zero: minutes to spare."""
        return self.total - self.budget

    @property
    def boxes(self) -> list[Box]:
        return [box for item in self.items for box in item.boxes]

    def item(self, code: str) -> Item | None:
        return next((item for item in self.items if item.code == code), None)

    def with_item(self, changed: Item) -> "Draft":
        """The same with one item exchanged."""
        return replace(self, items=tuple(changed if one.code == changed.code else one for one in self.items))

    def document(self) -> dict:
        """As it is stored: of_document gives the same back."""
        return asdict(self)


def of_document(kept: Mapping) -> Draft:
    items = tuple(
        Item(
            **{
                **one,
                "boxes": tuple(Box(**box) for box in one["boxes"]),
                "questions": tuple(one["questions"]),
            }
        )
        for one in kept["items"]
    )
    return Draft(items, kept["buffer"], kept["budget"])


def day(draft: Draft) -> fitting.Template:
    """The agenda as meetings.fitting cuts it."""
    boxes = draft.boxes
    return fitting.Template(
        "own",
        tuple((box.code, box.minutes) for box in boxes),
        draft.buffer,
        draft.budget,
        kinds=fitting.KIND | {box.code: box.kind for box in boxes},
        whole=frozenset(box.code for box in boxes if box.protected),
        minimum={box.code: box.minimum for box in boxes if box.minimum is not None},
    )


@dataclass(frozen=True)
class Fit:
    """What a strategy makes of an agenda; `missing` minutes where it is not possible (draft None)."""

    strategy: str
    draft: Draft | None
    missing: int = 0
    lost: tuple[tuple[str, int], ...] = ()  # item code → minutes less, in agenda order
    discussion_kept: Fraction = Fraction(1)

    @property
    def has_break(self) -> bool:
        return any(box.kind == "break" and box.minutes for box in self.draft.boxes)


def fit(draft: Draft, strategy: str, named: Callable[[str], Item]) -> Fit:
    """The agenda after `strategy`, with what it costs; `named` gives the item of a break or reading it adds."""
    template = day(draft)
    try:
        minutes = fitting.fitted(template, draft.budget, strategy)
    except fitting.Infeasible as problem:
        return Fit(strategy, None, problem.missing)
    items = [_resized(item, minutes) for item in _with_added(draft, minutes, named)]
    after = Draft(tuple(item for item in items if item.boxes), minutes[BUFFER], draft.budget)
    lost = tuple(
        (item.code, gone)
        for item in draft.items
        if (gone := item.minutes - (after.item(item.code).minutes if after.item(item.code) else 0)) > 0
    )
    return Fit(strategy, after, 0, lost, fitting.discussion_kept(template, minutes))


def _resized(item, minutes):
    """Parts that a fit leaves without a minute are gone; what was empty before stays as it was."""
    boxes = (replace(box, minutes=minutes[box.code]) for box in item.boxes)
    kept = tuple(
        after for before, after in zip(item.boxes, boxes, strict=True) if after.minutes or not before.minutes
    )
    return replace(item, boxes=kept)


def _with_added(draft, minutes, named):
    """The items, with a break in the middle and the reading before the first report where the fit adds them."""
    items = list(draft.items)
    here = {box.code for box in draft.boxes}
    if minutes.get("READ") and "READ" not in here:
        items.insert(_first_department(items), named("READ"))
    if minutes.get("BREAK") and "BREAK" not in here:
        items.insert(_middle(items), named("BREAK"))
    return items


def _first_department(items):
    return next(
        (place for place, item in enumerate(items) if len(item.boxes) > 1 or item.department), len(items)
    )


def _middle(items):
    """Before the item at which half of the minutes are over; never first or last where that can be helped."""
    half, gone = sum(item.minutes for item in items) / 2, 0
    for place, item in enumerate(items):
        if place and gone + item.minutes / 2 >= half:
            return place
        gone += item.minutes
    return len(items)


def fits(draft: Draft, named: Callable[[str], Item]) -> list[Fit]:
    """What can be offered for this agenda: strategies that change nothing here are left out, but for staying."""
    found = [fit(draft, strategy, named) for strategy in fitting.STRATEGIES]
    return [one for one in found if one.strategy == "S0" or one.draft is None or one.draft != draft]


def moved(draft: Draft, code: str, step: int) -> Draft:
    """An item one place earlier (−1) or later (+1); at the edge it stays."""
    codes = [item.code for item in draft.items]
    if code not in codes:
        return draft
    place = codes.index(code)
    items = list(draft.items)
    items.insert(max(0, place + step), items.pop(place))
    return replace(draft, items=tuple(items))


def without(draft: Draft, code: str) -> Draft:
    return replace(draft, items=tuple(item for item in draft.items if item.code != code))


NEW_MINUTES = {"report": 10, "discuss": 20, "break": 10, "reading": 15, "single": 15}


def with_new(draft: Draft, item: Item) -> Draft:
    """A new item with usual minutes: a break in the middle, the reading first, others before the closing blocks."""
    kind = item.boxes[0].kind
    items = list(draft.items)
    closing = (place for place, one in enumerate(items) if one.code in fitting.ACTION_BLOCKS)
    place = next(closing, len(items))
    if kind == "break":
        place = _middle(items)
    elif kind == "reading":
        place = _first_department(items)
    boxes = tuple(replace(box, minutes=NEW_MINUTES[box.kind]) for box in item.boxes)
    items.insert(place, replace(item, boxes=boxes))
    return replace(draft, items=tuple(items))


def free_code(draft: Draft, stem: str) -> str:
    """`stem` or, where that is taken or a bare letter, the first free number after it."""
    taken = {item.code for item in draft.items}
    if len(stem) > 1 and stem not in taken:
        return stem
    return next(code for number in range(1, len(taken) + 3) if (code := f"{stem}{number}") not in taken)
