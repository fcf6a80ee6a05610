"""The parts a profile is made of. Pure."""

from dataclasses import dataclass, field

from metrics.intake.expressions import Expression


class ProfileError(ValueError):
    """A profile that cannot be used; the text says where and why."""


@dataclass(frozen=True)
class RowMark:
    """How rows are recognised that are no data: a description below the header, a footer, a total. The text of
    `column` (of any column without one) is one of `equals` or begins with one of `starts`; in a row of another length
    any cell may."""

    reason: str
    column: str
    equals: tuple[str, ...]
    starts: tuple[str, ...]
    is_total: bool
    text_en: str
    text_zh: str


@dataclass(frozen=True)
class FileShape:
    """How the table stands in the file. What is not declared here is refused.

    `names` are patterns of file names, `above` how a line above the header has to begin, `encodings` those of files
    that are not UTF-8, `members` the files of a zip that are read, `shared_key` the column by which two tables of one
    hand-in are compared. Rows of other periods are refused, or left out where exports are cut at other days.
    """

    header_rows: int = 10
    unknown_columns: str = "refuse"
    decimal: str = "auto"
    sheet: str = ""
    sheets: str = "one"
    total_rows: str = "warn"
    short_rows: str = "refuse"
    names: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    other_periods: str = "refuse"
    encodings: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    shared_key: str = ""
    skip: tuple[RowMark, ...] = ()


@dataclass(frozen=True)
class NumberForm:
    """How numbers of one column are written, and what range they may have (as text of exact decimals).

    `rounded` keeps `decimals` of a number that has more; with `words` a text in place of a number is listed and
    counts as not known. `mixed_marks`: sums of several countries stand in one column, each with its own mark; the other
    mark is taken where one or two digits behind it leave no doubt.
    """

    decimals: int = 4
    digits: int = 14
    percent: bool = False
    exponents: bool = False
    currency: bool = False
    rounded: bool = False
    words: bool = False
    scale_words: bool = False
    mixed_marks: bool = False
    minimum: str | None = None
    maximum: str | None = None


@dataclass(frozen=True)
class DateForm:
    """How dates of one column are written. `order` settles 03/04/2026; `zone` is that of stamps without one.
    With `words` a text in place of a date is listed and counts as not known; `year` is that of months without one.
    `month_names`, `short_years` and `serials` accept Oct-05-2026, 05/10/26 and 46300; with `as_written` the day counts
    that stands in the file, whatever zone stands beside it. `order_12h` is the order of stamps with AM or PM,
    `order_dots` that of dates with full stops."""

    order: str = ""
    months: bool = False
    zone: str = ""
    month_names: bool = False
    short_years: bool = False
    words: bool = False
    year: str = ""
    serials: bool = False
    as_written: bool = False
    order_12h: str = ""
    order_dots: str = ""
    first_year: int = 1970
    last_year: int = 2100


@dataclass(frozen=True)
class Column:
    """One column. `empty` lists the texts that stand for no value; `carried` names the column whose equal
    value lets a blank cell take what stood above it; with `zero` a blank number is 0."""

    name: str
    headers: tuple[str, ...]
    kind: str
    type: str
    required: bool = True
    blank: bool = False
    personal: bool = False
    values: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    carried: str = ""
    zero: bool = False
    meanings: tuple[tuple[str, str], ...] = ()  # (other spelling, value)
    number: NumberForm = field(default_factory=NumberForm)
    date: DateForm = field(default_factory=DateForm)


@dataclass(frozen=True)
class Slice:
    """Where one dimension of the facts comes from: a column, a setting, a constant, the header of a column (`header`,
    what stands at `part` in it), the lines above the header (`preamble`, texts with the same places), or the currency
    sign beside the amounts of a column (`sign`, with `signs` for those that several currencies share; `setting` says
    which one it is).
    """

    column: str = ""
    setting: str = ""
    constant: str = ""
    header: str = ""
    preamble: tuple[str, ...] = ()
    part: str = "currency"
    sign: str = ""
    signs: tuple[tuple[str, str], ...] = ()

    @property
    def is_found(self) -> bool:
        """Whether it is found in the table (header or sign) instead of being named."""
        return bool(self.header or self.sign or self.preamble)


@dataclass(frozen=True)
class DaySource:
    """The day of every row where no column has it: the period handed in (`how` = "period"), or a setting. With "column"
    a column has it, and `until` names the one of the last day that a row is about."""

    how: str
    setting: str = ""
    until: str = ""


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
    left out are looked at too. With `once` (a column) each value of that column is taken once, for amounts that are
    repeated on every line of an order; with `net_of` (a setting) so many percent of tax are taken out of the sum. With
    `weight` the figure comes in two parts, a sum over a sum: ratios, means, medians weighted by their number. A `top`
    figure is the share of the largest `share` of all rows. `last_of_month`: only the last day of each month.
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
    once: str = ""
    net_of: str = ""
    weight: Expression | None = None
    share: str = ""
    last_of_month: bool = False

    @property
    def is_in_parts(self) -> bool:
        return self.weight is not None or self.how == "top"


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


@dataclass(frozen=True)
class Control:
    """Two counts that have to agree, such as the total that a settlement states and the sum of its lines.

    `when`: a count that is not nought where the file states the total at all; "" always. `blocks`: a file in which they
    disagree is refused.
    """

    stated: str
    computed: str
    text_en: str
    text_zh: str
    when: str = ""
    blocks: bool = False
