"""Reads the sections of a profile with errors that name the place. Pure."""

import re
from zoneinfo import ZoneInfo

from metrics.intake import expressions
from metrics.intake.profile_parts import (
    Aggregate,
    Column,
    DateForm,
    Exclusion,
    NumberForm,
    ProfileError,
    Rule,
    Slice,
)
from metrics.intake.quotients import quotient
from metrics.intake.value_lists import LISTS

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
KINDS = {
    "text": expressions.TEXT,
    "code": expressions.TEXT,
    "choice": expressions.TEXT,
    "integer": expressions.NUMBER,
    "decimal": expressions.NUMBER,
    "ratio": expressions.NUMBER,
    "date": expressions.DAY,
    "month": expressions.DAY,
    "moment": expressions.MOMENT,
}
WAYS = ("sum", "distinct", "rows", "median", "repeated", "top")
UNITS = ("money", "count", "ratio", "duration")
PERS = ("month", "year", "upload")
_MISSING = object()


class Section:
    """One mapping of the profile; remembers what was taken, so that a misspelt key is an error."""

    def __init__(self, place: str, spec):
        if not isinstance(spec, dict):
            raise ProfileError(f"{place}: a mapping is expected here")
        self.place, self.spec, self.left = place, spec, set(spec)

    def fail(self, key, why):
        raise ProfileError(f"{self.place}.{key}: {why}" if self.place != "profile" else f"{key}: {why}")

    def take(self, key, kind=object, default=_MISSING):
        self.left.discard(key)
        if key not in self.spec:
            if default is _MISSING:
                self.fail(key, "is missing")
            return default
        value = self.spec[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fail(key, f"{kind.__name__} is expected, not {value!r}"[:200])
        return value

    def choice(self, key, allowed, default=_MISSING):
        value = self.take(key, default=default)
        if value not in allowed:
            self.fail(key, f"one of {', '.join(allowed)} is expected, not {value!r}")
        return value

    one_of = choice

    def zone(self, key, default):
        value = self.take(key, kind=str, default=default)
        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError):
            self.fail(key, f"no time zone is called {value!r}")
        return value

    def section(self, key, default=_MISSING):
        return Section(
            key if self.place == "profile" else f"{self.place}.{key}", self.take(key, default=default)
        )

    def sections(self, key):
        for name, inner in self.sections_of(key):
            yield name, inner
            inner.done()

    def sections_of(self, key):
        """The named mappings below `key`, without asking whether everything in them was taken."""
        part = self.section(key, default={})
        for name in part.spec:
            if not isinstance(name, str) or not NAME.fullmatch(name):
                part.fail(name, "names are letters, digits and _")
            yield name, part.section(name)

    def items(self, key):
        listed = self.take(key, kind=list, default=[])
        for number, spec in enumerate(listed, 1):
            inner = Section(f"{key}[{number}]", spec)
            yield inner
            inner.done()

    def expression(self, place, source, names, kind):
        try:
            found = expressions.parse(str(source), names)
        except expressions.ExpressionError as error:
            raise ProfileError(f"{place}: {error}") from None
        if found.kind != kind:
            raise ProfileError(f"{place}: {source!r} is {found.kind}, {kind} is expected")
        return found

    def slice(self, key, columns, settings, of_file=()):
        """`columns` hold texts, `of_file` are those whose headers and signs may say something besides."""
        spec = self.take(key, default=None)
        if spec is None:
            return None
        part = Section(key, spec)
        found = Slice(
            column=part.choice("column", list(columns), default="") if "column" in part.spec else "",
            setting=part.choice("setting", list(settings), default="") if "setting" in part.spec else "",
            constant=str(part.take("constant", default="")),
            header=part.choice("header", list(of_file), default="") if "header" in part.spec else "",
            preamble=tuple(str(text) for text in part.take("preamble", kind=list, default=[])),
            part=part.take("part", kind=str, default="currency"),
            sign=part.choice("sign", list(of_file), default="") if "sign" in part.spec else "",
            signs=tuple((str(a), str(b)) for a, b in part.take("signs", kind=dict, default={}).items()),
        )
        part.done()
        # Beside a header or sign, a setting says which currency it means, and a column goes before both.
        plain = sum(map(bool, (found.column, found.setting, found.constant)))
        if found.constant and found.is_found or not found.is_found and plain != 1:
            self.fail(
                key, "exactly one of column, setting, constant is expected, or what a header or sign says"
            )
        return found

    def names(self, key, allowed):
        listed = self.take(key, kind=list, default=[])
        for name in listed:
            if name not in allowed:
                self.fail(key, f"no column is called {name!r}")
        return tuple(listed)

    def done(self):
        if self.left:
            unknown = ", ".join(sorted(map(str, self.left)))
            raise ProfileError(f"{self.place}: nothing here is called {unknown}")


def labels(section, key="text", default=None):
    spec = section.take(key, kind=dict, default={} if default is None else default)
    return {"en": str(spec.get("en", "")), "zh": str(spec.get("zh", ""))}


def columns(section) -> dict[str, Column]:
    found = {}
    for name in section.spec:
        if not isinstance(name, str) or not NAME.fullmatch(name):
            section.fail(name, "names are letters, digits and _")
        part = section.section(name)
        type_ = part.choice("type", tuple(KINDS))
        found[name] = Column(
            name=name,
            headers=tuple(str(h) for h in part.take("headers", kind=list)),
            kind=KINDS[type_],
            type=type_,
            required=part.take("required", kind=bool, default=True),
            blank=part.take("blank", kind=bool, default=bool(part.spec.get("words"))),
            personal=part.take("personal", kind=bool, default=False),
            values=_values(part),
            empty=tuple(str(text) for text in part.take("empty", kind=list, default=[])),
            carried=part.take("carried", kind=str, default=""),
            zero=part.take("zero", kind=bool, default=False),
            meanings=tuple((str(a), str(b)) for a, b in part.take("meanings", kind=dict, default={}).items()),
            number=_number(part, type_),
            date=_date(part, type_),
        )
        part.done()
        if not found[name].headers:
            part.fail("headers", "at least one header is needed")
    if not found:
        raise ProfileError("columns: at least one column is needed")
    for column in found.values():
        if column.carried and column.carried not in found:
            raise ProfileError(f"columns.{column.name}.carried: no column is called {column.carried!r}")
    return found


def _values(part):
    given = part.take("values", default=())
    if isinstance(given, str):
        if given not in LISTS:
            part.fail("values", f"no list is called {given!r}; there are {', '.join(LISTS)}")
        return tuple(LISTS[given])
    if not isinstance(given, (list, tuple)):
        part.fail("values", "a list, or the name of a list, is expected")
    return tuple(str(value) for value in given)


def _number(part, type_) -> NumberForm:
    plain = NumberForm()
    decimals = part.take("decimals", kind=int, default={"integer": 0, "ratio": 6}.get(type_, plain.decimals))
    digits = part.take("digits", kind=int, default=min(14, 18 - decimals))
    if not 0 <= decimals <= 9 or not 1 <= digits <= 18 - decimals:
        part.fail("digits", "a number has at most 9 decimals and 18 digits in all")
    return NumberForm(
        decimals=decimals,
        digits=digits,
        percent=part.take("percent", kind=bool, default=type_ == "ratio"),
        exponents=part.take("exponents", kind=bool, default=False),
        currency=part.take("currency_signs", kind=bool, default=False),
        rounded=part.take("rounded", kind=bool, default=False),
        words=part.take("words", kind=bool, default=False),
        scale_words=part.take("scale_words", kind=bool, default=False),
        mixed_marks=part.take("mixed_marks", kind=bool, default=False),
        minimum=_bound(part, "min"),
        maximum=_bound(part, "max"),
    )


def _bound(part, key):
    value = part.take(key, default=None)
    if value is None:
        return None
    text = str(value)
    if not re.fullmatch(r"-?[0-9]{1,14}(\.[0-9]{1,6})?", text):
        part.fail(key, f"a number is expected, not {text!r}")
    return text


def _date(part, type_) -> DateForm:
    return DateForm(
        order=part.choice("order", ("", "dmy", "mdy"), default=""),
        months=type_ == "month",
        zone=part.zone("zone", default="UTC") if part.spec.get("zone", "as_written") != "as_written" else "",
        month_names=part.take("month_names", kind=bool, default=False),
        order_12h=part.choice("order_12h", ("", "dmy", "mdy"), default=""),
        order_dots=part.choice("order_dots", ("", "dmy", "mdy"), default=""),
        short_years=part.take("short_years", kind=bool, default=False),
        serials=part.take("serials", kind=bool, default=False),
        as_written=part.take("zone", default="") == "as_written",
        words=part.take("words", kind=bool, default=False),
        first_year=part.take("first_year", kind=int, default=1970),
        last_year=part.take("last_year", kind=int, default=2100),
    )


def slices(top, cols, settings, of_file=()) -> dict[str, Slice]:
    part = top.section("dimensions", default={})
    return {name: part.slice(name, cols, settings, of_file) for name in part.spec}


def exclusions(top, names) -> tuple[Exclusion, ...]:
    found = []
    for part in top.items("exclude"):
        when = part.expression(part.place, part.take("when"), names, expressions.TRUTH)
        value = part.take("value", default=None)
        if value is not None:
            value = part.expression(part.place, value, names, expressions.NUMBER)
        text = labels(part)
        found.append(Exclusion(part.take("reason", kind=str), when, value, text["en"], text["zh"]))
    return tuple(found)


def aggregates(top, key, names, settings=()) -> dict[str, Aggregate]:
    found = {}
    for name, part in top.sections(key):
        ways = [way for way in WAYS if way in part.spec]
        if len(ways) != 1:
            part.fail("sum", f"exactly one of {', '.join(WAYS)} is expected")
        how = ways[0]
        if key == "counts" and how in ("median", "repeated", "top"):
            part.fail(how, "stands among metrics")
        what = part.take(how)
        if how in ("sum", "median", "top"):
            what = part.expression(part.place, what, names, expressions.NUMBER)
        elif how == "repeated":
            what = None
        elif how == "distinct":
            if names.get(what) != expressions.TEXT:
                part.fail(how, f"no text column is called {what!r}")
        else:
            what = part.expression(part.place, what, names, expressions.TRUTH)
        where = part.take("where", default=None)
        if where is not None:
            where = part.expression(part.place, where, names, expressions.TRUTH)
        unit = part.choice("unit", UNITS, default="money" if how in ("sum", "median") else "count")
        text = labels(part)
        over_all = part.choice("over", ("used", "all"), default="used") == "all"
        texts = [one for one, kind in names.items() if kind == expressions.TEXT]
        once = part.choice("once", ["", *texts], default="")
        net_of = part.choice("net_of", ("", *settings), default="")
        found[name] = Aggregate(
            *(name, how, what, where, unit, text["en"], text["zh"], _per(part, how), over_all, once, net_of),
            **quotient(part, how, names),
        )
    return found


def _per(part, how) -> str:
    """What the figure is counted for by itself: "" where days and slices may be added up."""
    if how == "median":
        return part.choice("per", PERS)
    return part.choice("per", ("", *PERS), default="") if how == "distinct" else ""


def rules(top, cols, names) -> tuple[Rule, ...]:
    found = []
    for part in top.items("rules"):
        holds = part.expression(part.place, part.take("holds"), names, expressions.TRUTH)
        column = part.choice("column", list(cols))
        text = labels(part)
        found.append(Rule(holds, column, text["en"], text["zh"]))
    return tuple(found)
