"""The definitions that a profile brings along: read, checked and worded. Pure."""

import re

from metrics import formula
from metrics.intake.profile_parts import Aggregate, OwnMetric, ProfileError

CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
UNITS = {"money": ("CCY", 2), "count": ("次", 0), "ratio": ("%", 4), "duration": ("秒", 0)}
MOST = 200
HOW = {
    "sum": ("The sum of {what}", "求和：{what}"),
    "distinct": ("How many different values of {what} there are", "去重计数：{what}"),
    "rows": ("How many rows there are where {what}", "行数，条件：{what}"),
    "median": ("The median of {what}", "中位数：{what}"),
    "repeated": ("How many rows repeat an earlier one in every cell", "与前面某行完全相同的行数"),
}
WHERE = (" over rows where {where}", "；只计满足条件的行：{where}")
PER = {
    "month": (" in one calendar month by itself", "；按自然月各自计算"),
    "year": (" in one calendar year by itself", "；按自然年各自计算"),
    "upload": (" in the whole upload by itself", "；按整份上传计算"),
}


def definitions(top, aggregates: dict[str, Aggregate], dimensions) -> dict[str, OwnMetric]:
    """Code → definition, in the order of the profile."""
    found = {}
    for code, part in top.sections("definitions"):
        if len(code) > 40 or not CODE.fullmatch(code):
            part.fail(code, "a code has capital letters, digits and _ between its parts")
        aggregate, made = aggregates.get(code), str(part.take("formula", default=""))
        if (aggregate is None) == (not made):
            part.fail("formula", "a definition is in metrics (added up from rows), or has a formula")
        if made:
            _check(part, made)
        default_unit, default_decimals = UNITS[aggregate.unit] if aggregate else ("CCY", 2)
        name = _both(part, "name", None)
        text = _both(part, "text", _worded(aggregate) if aggregate else (made, made))
        found[code] = OwnMetric(
            code=code,
            name_en=name[0][:120],
            name_zh=name[1][:120],
            text_en=text[0],
            text_zh=text[1],
            unit=part.take("unit", kind=str, default=default_unit)[:20],
            decimals=part.take("decimals", kind=int, default=default_decimals),
            direction=part.choice("direction", ("up", "down", "neutral"), default="neutral"),
            formula=made,
            aggregate=aggregate,
            dimensions=_split_by(part, aggregate, dimensions),
        )
        if not 0 <= found[code].decimals <= 6:
            part.fail("decimals", "0 to 6 are possible")
    if len(found) > MOST:
        raise ProfileError(f"definitions: a profile may bring {MOST} metrics")
    return found


def _split_by(part, aggregate, dimensions) -> tuple[str, ...]:
    """The dimensions by which the figure may be read. What is counted once (orders) may stand in several categories."""
    once = aggregate is not None and aggregate.how == "distinct"
    own = [name for name in dimensions if not (once and name == "category")]
    asked = part.take("dimensions", kind=list, default=[] if aggregate and aggregate.how == "median" else own)
    for name in asked:
        if name not in dimensions:
            part.fail("dimensions", f"no dimension is called {name!r}")
    return tuple(asked)


def _check(part, made: str) -> None:
    try:
        formula.parse(made)
    except formula.FormulaError as error:
        part.fail("formula", f"{made!r} cannot be computed ({error})")


def _both(part, key, default) -> tuple[str, str]:
    given = part.take(key, kind=dict, **({} if default is None else {"default": {}}))
    en, zh = (str(given.get(language, "")).strip() for language in ("en", "zh"))
    if default is None and not (en and zh):
        part.fail(key, "en and zh are expected")
    return (en or default[0], zh or default[1]) if default else (en, zh)


def _worded(one: Aggregate) -> tuple[str, str]:
    """What is added up, in both languages, with the expressions of the profile as they stand."""
    what = "" if one.how == "repeated" else getattr(one.what, "source", one.what)
    texts = []
    for language, end in ((0, "."), (1, "。")):
        text = HOW[one.how][language].format(what=what)
        text += WHERE[language].format(where=one.where.source) if one.where else ""
        text += PER[one.per][language] if one.per else ""
        texts.append(text + end)
    return texts[0], texts[1]
