"""The parts a profile is made of. Pure."""

from dataclasses import dataclass, field

from metrics.intake.expressions import Expression


class ProfileError(ValueError):
    """A profile that cannot be used; the text says where and why."""


@dataclass(frozen=True)
class FileShape:
    """How the table stands in the file. What is not declared here is refused."""

    header_rows: int = 10
    unknown_columns: str = "refuse"
    decimal: str = "auto"
    sheet: str = ""
    total_rows: str = "warn"
    short_rows: str = "refuse"


@dataclass(frozen=True)
class NumberForm:
    """How numbers of one column are written, and what range they may have (as text of exact decimals).

    `rounded` keeps `decimals` of a number that has more; with `words` a text in place of a number is listed and
    counts as not known.
    """

    decimals: int = 4
    digits: int = 14
    percent: bool = False
    exponents: bool = False
    currency: bool = False
    rounded: bool = False
    words: bool = False
    minimum: str | None = None
    maximum: str | None = None


@dataclass(frozen=True)
class DateForm:
    """How dates of one column are written. `order` settles 03/04/2026; `zone` is that of stamps without one.
    With `words` a text in place of a date is listed and counts as not known; `year` is that of months without one."""

    order: str = ""
    months: bool = False
    zone: str = ""
    month_names: bool = False
    short_years: bool = False
    words: bool = False
    year: str = ""
    first_year: int = 1970
    last_year: int = 2100


@dataclass(frozen=True)
class Column:
    name: str
    headers: tuple[str, ...]
    kind: str
    type: str
    required: bool = True
    blank: bool = False
    personal: bool = False
    values: tuple[str, ...] = ()
    number: NumberForm = field(default_factory=NumberForm)
    date: DateForm = field(default_factory=DateForm)


@dataclass(frozen=True)
class Slice:
    """Where one dimension of the facts comes from: a column, a setting, or a constant."""

    column: str = ""
    setting: str = ""
    constant: str = ""


@dataclass(frozen=True)
class Exclusion:
    reason: str
    when: Expression
    value: Expression | None
    text_en: str
    text_zh: str


@dataclass(frozen=True)
class Aggregate:
    """One figure: a sum of an expression, a median of it, a count of distinct values of a column, of rows, or of rows
    that repeat another exactly.

    `per` ("month", "year", "upload") is what it is counted or taken for by itself; with `over_all` rows that are
    left out are looked at too.
    """

    name: str
    how: str
    what: Expression | str | None
    where: Expression | None
    unit: str
    text_en: str = ""
    text_zh: str = ""
    per: str = ""
    over_all: bool = False


@dataclass(frozen=True)
class Rule:
    """A statement every row has to fulfil; its findings stand at `column`."""

    holds: Expression
    column: str
    text_en: str
    text_zh: str


@dataclass(frozen=True)
class OwnMetric:
    """A definition that a profile brings for figures the dictionary has no words for.

    `aggregate` adds it up from rows, or `formula` makes it from other metrics. `text_…` says what counts.
    """

    code: str
    name_en: str
    name_zh: str
    text_en: str
    text_zh: str
    unit: str
    decimals: int
    direction: str
    formula: str
    aggregate: Aggregate | None
    dimensions: tuple[str, ...]
