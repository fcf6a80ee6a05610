"""The split figures of a board block in the reader's words: values, members, cases behind a share, months."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from metrics import member_words
from metrics.boards import spans
from metrics.boards.spec import BlockSpec
from metrics.compared import Compared, against
from metrics.desk import moved
from metrics.figure import Figure
from metrics.parts import Part
from metrics.periods import DAY, Period
from metrics.reasons import Why
from metrics.sources import lowest
from metrics.units import weight_code
from metrics.web import sales_words
from metrics.web.blocks import Block
from metrics.web.board_cells import Cells
from metrics.web.board_makers import Told

SCALE = -4  # both parts of a figure in parts are kept in 10⁻⁴


class Split(Cells):
    """What a maker asks: figures of `spec` over months and weeks, in parts of the company."""

    def __init__(self, told: Told, spec: BlockSpec):
        self.told, self.spec, self.by = told, spec, spec.needs[0].by
        self.month = told.figures.month
        self.months, self.weeks = spans.months(self.month), spans.weeks(self.month)
        self.used: list[tuple[str, Figure]] = []

    @cached_property
    def evaluation(self):
        return self.told.figures.evaluation(self.by)

    def opens(self, code: str) -> bool:
        return code in self.told.figures.open_codes and code in self.told.figures.definitions

    # --- Figures --------------------------------------------------------------------------------------------

    def figure(self, code: str, period: Period | None = None, **where: str) -> Figure:
        """The figure of `code`; one that the reader may not read has no value. Raises CannotRead."""
        if not self.opens(code):
            return Figure(None, Why("UNKNOWN_METRIC", {"metric": code}))
        period = period or self.month
        found = self.evaluation.figure(code, period, part(where))
        if found.value == 0 and where and not self._has_rows(code, period, where):
            return Figure(None, Why("NO_DATA", {"metric": code, "period": period.text}))
        self.used.append((code, found))
        return found

    def value(self, code: str, period: Period | None = None, **where: str) -> Decimal | None:
        return self.figure(code, period, **where).value

    def over(self, code: str, periods: Iterable[Period], **where: str) -> list[Decimal | None]:
        return [self.value(code, one, **where) for one in periods]

    def a_year_before(self, code: str, periods: Iterable[Period], **where: str) -> list[Decimal | None]:
        return [self.value(code, one.year_before(), **where) for one in periods]

    def compared(self, code: str, **where: str) -> Compared:
        """The month against the same one a year before."""
        other = moved(self.month, "py")
        now, then = self.figure(code, **where), self.figure(code, other, **where)
        if not self.opens(code):
            return Compared(None, why=now.why)
        return against(self.told.figures.definition(code), now, then, self.month, other)

    def cases(
        self, code: str, period: Period | None = None, **where: str
    ) -> tuple[Decimal | None, Decimal | None]:
        """(what counted, out of how many) behind a figure in two parts; (None, None) where nothing is known."""
        if not self.opens(code):
            return None, None
        sums = []
        for one in (code, weight_code(code)):
            facts = self._facts(one, period or self.month)
            mine = [fact for fact in facts if self._inside(fact, where)]
            sums.append(Decimal(sum(fact.value for fact in mine)).scaleb(SCALE) if mine else None)
        return sums[0], sums[1]

    def read_days(self, codes: Iterable[str]) -> None:
        """Read both parts of `codes` day by day for the month: what roll-ups have lost. One query."""
        wanted = [code for code in codes if self.opens(code)]
        wanted += [weight_code(code) for code in wanted]
        sources = [one.pk for one in self.evaluation.sources]
        self.evaluation.sums.load_days(wanted, [self.month], sources)

    def _facts(self, code: str, period: Period) -> list:
        return self.evaluation.sums.of(code, period) or self.evaluation.sums.of(code, period, unit="D")

    def _inside(self, fact, where: dict) -> bool:
        columns = self.evaluation.sums.columns
        return all(fact.members[columns.index(name)] == member for name, member in where.items())

    def _has_rows(self, code: str, period: Period, where: dict) -> bool:
        bases = self.told.figures.definitions.bases(code)
        return any(self._inside(fact, where) for base in bases for fact in self._facts(base, period))

    # --- Members --------------------------------------------------------------------------------------------

    def members(self, code: str, dimension: str, periods: Sequence[Period] = ()) -> list[str]:
        """Members of `dimension` with figures of `code`, the largest of the month first; unnamed ones left out."""
        place = self.evaluation.sums.columns.index(dimension)
        bases = self.told.figures.definitions.bases(code)
        found = {
            fact.members[place]
            for period in periods or [self.month]
            for base in bases
            for fact in (*self._facts(base, period), *self._facts(weight_code(base), period))
        } - {""}
        worth = {member: self.value(code, **{dimension: member}) for member in found}
        return sorted(found, key=lambda member: (worth[member] is None, -(worth[member] or 0), member))

    def name(self, dimension: str, code: str) -> str:
        """The member as the company calls it; else the words of the template's choice, else the code."""
        found = self.told.figures.desk.members.name(dimension, code)
        return member_words.named(dimension, code, self.told.language) if found == code else found

    # --- Time ---------------------------------------------------------------------------------------------------

    @property
    def labels(self) -> list[str]:
        return [self.told.period(one) for one in self.months]

    @property
    def ticks(self) -> list[str]:
        return ticks(self.months, self.told.language)

    def is_ripe(self, code: str, period: Period) -> bool:
        """Whether the cohort of `period` is old enough."""
        days = self.told.figures.definition(code).maturity_days
        return not days or period.end + days * DAY <= self.told.figures.on

    @property
    def standing(self) -> str:
        """The least standing of what was read."""
        pks = {pk for _code, figure in self.used for pk in figure.sources}
        known = {one.pk: one.standing for one in self.evaluation.sources}
        found = lowest(known[pk] for pk in pks if pk in known)
        return "" if found == "none" else found

    # --- The block ------------------------------------------------------------------------------------------

    def block(self, figure: dict, *, message: str, words: str, head: list, rows: list, period: str = "",
              title: str = "") -> Block:  # fmt: skip
        return Block(
            self.spec.code,
            title or self.told.title(self.spec),
            message=message,
            period=period or self.told.month,
            figure=figure,
            words=words,
            badge=self.standing,
            head=head,
            rows=rows,
            size=height(figure),
            code=self.spec.metric,
            short=self.told.title(self.spec),
        )

    def empty(self, why: Why | None = None) -> Block:
        missing = why or next(
            (figure.why for _c, figure in self.used if figure.value is None and figure.why), None
        )
        why = self.told.say(missing) or self.told.nothing()
        return Block(self.spec.code, self.told.title(self.spec), why=why, code=self.spec.metric,
                     short=self.told.title(self.spec))  # fmt: skip

    @property
    def against_last_year(self) -> str:
        then = self.told.period(self.month.year_before())
        return _("%(month)s, and the change on %(then)s") % {"month": self.told.month, "then": then}

    def span(self, weekly: bool = False) -> str:
        """“13 months up to Oct 2026”."""
        last = self.told.period((self.weeks if weekly else self.months)[-1])
        text = _("%(count)s weeks up to %(last)s") if weekly else _("%(count)s months up to %(last)s")
        return text % {"count": len(self.months), "last": last}

    def table(self, codes: Sequence[str], dimension: str, members: Iterable[str]) -> tuple[list, list]:
        """Head and rows of a table: members down, `codes` across, each with its change on the year before."""
        head, rows = [self.heading(dimension)], []
        for code in codes:
            head += [self.in_unit(code), _("Δ last year")]
        for member in members:
            row = [self.told.label(self.name(dimension, member), member)]
            for code in codes:
                compared = self.compared(code, **{dimension: member})
                row += [
                    self.cell(code, self.value(code, **{dimension: member})),
                    self.change_cell(code, compared),
                ]
            rows.append(row)
        return head, rows

    def series(
        self, columns: Sequence[tuple[str, str, Sequence[Decimal | None]]], periods=None
    ) -> tuple[list, list]:
        """Head and rows of a table: periods down, (code, heading, values) across."""
        periods = self.months if periods is None else periods
        head = [_("Period"), *(heading for _code, heading, _values in columns)]
        rows = [
            [self.told.label(self.told.period(one), one.text)]
            + [self.cell(code, values[place]) for code, _heading, values in columns]
            for place, one in enumerate(periods)
        ]
        return head, rows


def height(figure: dict) -> str:
    """Drawings with many rows or panels are tall, those with few are short."""
    axes = sum(name.startswith("yaxis") for name in figure["layout"])
    rows = (
        len(figure["layout"]["yaxis"].get("tickvals", ()))
        if figure["layout"]["yaxis"].get("ticksuffix")
        else 0
    )
    if axes > 4 or rows > 9:
        return "tall"
    return "short" if 0 < rows <= 4 or 1 < axes <= 2 else ""


def part(where: dict[str, str]) -> Part:
    return Part.of(**{name: [member] for name, member in where.items()})


def ticks(periods: Sequence[Period], language: str) -> list[str]:
    found = []
    for place, one in enumerate(periods):
        found.append("\n".join(filter(None, sales_words.tick(one, language, is_first=place == 0))))
    return found
