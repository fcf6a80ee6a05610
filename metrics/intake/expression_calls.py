"""Functions of profile expressions about dates, moments and joined texts. Pure."""

import numpy as np

from metrics.intake import moments
from metrics.intake.columns import Days, Exact, Words, chosen, known
from metrics.intake.value_kinds import DAY, MOMENT, NUMBER, TEXT, TRUTH

BETWEEN = {"days": moments.days_between, "seconds": moments.seconds_between}


def between(reader, name, args):
    """days(later, earlier), seconds(later, earlier)."""
    if len(args) != 2:
        reader.fail(f"{name}(later, earlier) is expected")
    later, earlier = (timed(reader, name, one) for one in args)
    act = BETWEEN[name]
    return reader.made(NUMBER, lambda block: act(later(block), earlier(block)), later, earlier)


def part(reader, name, args):
    """year(…), month(…), weekday(…), hour(…) as a number."""
    inner = timed(reader, name, reader.only(args))
    return reader.made(NUMBER, lambda block: moments.part_of(name, inner(block)), inner)


def day(reader, name, args):
    inner = timed(reader, name, reader.only(args))
    return reader.made(DAY, lambda block: moments.day_of_moment(inner(block)), inner)


def timed(reader, name, node):
    found = reader.read(node)
    if found.kind not in (DAY, MOMENT):
        reader.fail(f"{name} asks about a date or a moment")
    return found


def concat(reader, name, args):
    """concat(text, ' | ', text, …)."""
    if len(args) < 2:
        reader.fail("concat(text, text, …) is expected")
    parts = [reader.read(one, TEXT) for one in args]
    return reader.made(TEXT, lambda block: joined([one(block) for one in parts]), *parts)


def first(reader, name, args):
    """first(a, b, …): the first that is known."""
    if len(args) < 2:
        reader.fail("first(value, value, …) is expected")
    parts = [reader.read(one) for one in args]
    kind = parts[0].kind
    if kind == TRUTH or any(one.kind != kind for one in parts):
        reader.fail("first chooses between values of one kind")
    return reader.made(kind, lambda block: first_known([one(block) for one in parts]), *parts)


def first_known(values: list):
    """Row by row the first value that is known."""
    if isinstance(values[0], Words):
        return chosen_texts([known(one) for one in values[:-1]], values)
    if isinstance(values[0], Exact):
        return chosen([known(one) for one in values[:-1]], values)
    name = "days" if isinstance(values[0], Days) else "seconds"
    found, is_known = getattr(values[-1], name), values[-1].known
    for one in reversed(values[:-1]):
        found, is_known = np.where(one.known, getattr(one, name), found), one.known | is_known
    return type(values[0])(found, is_known)


def joined(parts: list[Words | str]) -> Words | str:
    """The texts of each row one behind the other."""
    found = parts[0]
    for part_ in parts[1:]:
        found = _pair(found, part_)
    return found


def _pair(a: Words | str, b: Words | str) -> Words | str:
    if isinstance(a, str) and isinstance(b, str):
        return a + b
    if isinstance(b, str):
        return Words(a.codes, [word + b for word in a.words])
    if isinstance(a, str):
        return Words(b.codes, [a + word for word in b.words])
    size = max(1, len(b.words))
    pairs, place = np.unique(a.codes.astype(np.int64) * size + b.codes, return_inverse=True)
    words = [a.words[pair // size] + b.words[pair % size] for pair in pairs.tolist()]
    return Words(place.astype(np.int32), words)


def chosen_texts(conditions, values: list[Words | str]) -> Words:
    """The text beside the first condition that holds, else the last one."""
    rows = len(conditions[0])
    words, codes = [], None
    for held, value in zip([*conditions, np.ones(rows, dtype=bool)][::-1], values[::-1], strict=True):
        mine = Words(np.zeros(rows, dtype=np.int32), [value]) if isinstance(value, str) else value
        shifted = mine.codes.astype(np.int64) + len(words)
        codes = shifted if codes is None else np.where(held, shifted, codes)
        words += mine.words
    return Words(codes, words)


CALLS = {
    "days": between,
    "seconds": between,
    "day": day,
    "concat": concat,
    "first": first,
} | dict.fromkeys(moments.PARTS, part)
