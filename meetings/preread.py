"""The pre-read of a frozen review: what stands out, headlines, notes, analyses and open actions, section by section."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from actions.models import Action
from meetings import parked
from meetings.models import Question, Receipt
from meetings.parked import Parked
from meetings.preread_figures import FrozenFigures, Headline, Signal
from meetings.preread_sections import BY_CODE, SECTIONS, SPEAKS_IN, Section, minutes, seconds
from metrics import notes, outcomes
from metrics.definitions import Definition
from metrics.models import Analysis, NoteVersion, Review, Snapshot
from metrics.models.analysis import FIELDS
from metrics.periods import Period
from metrics.readings import open_codes
from metrics.snapshots import latest
from reviewhub.people.models import Department, User

MOST_ACTIONS = 12


@dataclass(frozen=True)
class Exceptional:
    """What stood out at the freeze, with the sentence of whoever owns it ("" where nobody wrote one)."""

    department: str
    metric: Definition | None
    value: Decimal | None
    usual: Decimal | None
    finding: dict | None
    count: int
    sentence: str
    by: User | None


@dataclass
class Part:
    """One section as a reader may see it."""

    section: Section
    headlines: list[Headline] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    exceptions: list[Exceptional] = field(default_factory=list)
    notes: list[NoteVersion] = field(default_factory=list)
    analyses: list[Analysis] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    receipt: Receipt | None = None
    length_s: int = 0

    @property
    def minutes(self) -> int:
        return minutes(self.length_s)

    @property
    def is_empty(self) -> bool:
        said = self.notes or self.analyses or self.questions
        return not (self.headlines or self.exceptions or said or self.actions)


@dataclass(frozen=True)
class PreRead:
    review: Review
    snapshot: Snapshot
    period: Period
    parts: list[Part]
    parked: list[Parked]

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)

    @property
    def receipts(self) -> int:
        return sum(part.receipt is not None for part in self.parts)


def of(review: Review, reader: User, *, language: str) -> PreRead | None:
    """Everything that `reader` may read of it, None while nothing is frozen. A fixed number of queries."""
    snapshot = latest(review)
    if snapshot is None:
        return None
    period = Period.between(review.period_start, review.period_end)
    parts = {one.code: Part(one) for one in SECTIONS}
    figures = FrozenFigures(snapshot, period, reader)
    for part in parts.values():
        part.headlines = figures.headlines(part.section.code)
        part.signals = figures.signals(part.section.code)
    _exceptions(snapshot, parts, reader, figures)
    _notes(snapshot, parts, reader)
    _words(review, parts, reader)
    _actions(parts, reader)
    for row in (
        Question.objects.visible_to(reader)
        .filter(review=review)
        .select_related("asked_by", "answered_by", "department")
    ):
        parts[row.section].questions.append(row)
    for row in Receipt.objects.filter(review=review, user=reader):
        parts[row.section].receipt = row
    for part in parts.values():
        part.length_s = _length(part, language)
    waiting = parked.of(review, until=snapshot.frozen_at, reader=reader)
    return PreRead(review, snapshot, period, [one for one in parts.values() if not one.is_empty], waiting)


def _exceptions(snapshot: Snapshot, parts: dict[str, Part], reader: User, figures: FrozenFigures) -> None:
    """As they were told at the freeze, but for headlines that stand out themselves; a partner's own only."""
    people = User.objects.in_bulk({one["by"] for one in snapshot.told if one["by"]})
    readable = open_codes(reader, {one["metric"] for one in snapshot.told if one["metric"]})
    own = reader.department.code if reader.is_partner and reader.department else None
    for one in snapshot.told:
        hidden = one["metric"] and (one["metric"] not in readable or one["metric"] in figures.judged)
        if hidden or one["department"] not in SPEAKS_IN or (reader.is_partner and one["department"] != own):
            continue
        place = SPEAKS_IN[one["department"]]
        if one["metric"] in BY_CODE["customers"].metrics:
            place = "customers"
        parts[place].exceptions.append(
            Exceptional(
                department=one["department"],
                metric=figures.definitions.get(one["metric"]),
                value=_number(one["value"]),
                usual=_number(one["usual"]),
                finding=one["finding"],
                count=one["count"],
                sentence=one["sentence"],
                by=people.get(one["by"]),
            )
        )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _notes(snapshot: Snapshot, parts: dict[str, Part], reader: User) -> None:
    """What was handed in in words until the freeze; a partner's own only."""
    rows = NoteVersion.objects.filter(review=snapshot.review_id, handed_in_at__lte=snapshot.frozen_at)
    rows = rows.filter(department=reader.department) if reader.is_partner else rows
    rows = rows.select_related("department", "handed_in_by").prefetch_related("notes__file")
    newest = {(row.department.code, row.item): row for row in rows.order_by("number")}
    for code, line in notes.ITEMS.items():
        row = newest.get((line.department, code))
        if row is not None and row.notes.all() and line.department in SPEAKS_IN:
            parts[SPEAKS_IN[line.department]].notes.append(row)


def _words(review: Review, parts: dict[str, Part], reader: User) -> None:
    """The analyses: every colleague reads them from the freeze on, a partner its own."""
    rows = Analysis.objects.filter(review=review).select_related("department", "saved_by")
    rows = rows.filter(department=reader.department) if reader.is_partner else rows
    for row in rows.order_by("department__position", "pk"):
        if row.written and row.department.code in SPEAKS_IN:
            parts[SPEAKS_IN[row.department.code]].analyses.append(row)


def _actions(parts: dict[str, Part], reader: User) -> None:
    rows = Action.objects.visible_to(reader).open().select_related("owner", "department")
    for row in rows.order_by("due_on", "pk"):
        place = SPEAKS_IN.get(row.department.code if row.department else "")
        if place and len(parts[place].actions) < MOST_ACTIONS:
            parts[place].actions.append(row)


def _length(part: Part, language: str) -> int:
    texts = [getattr(row, name) for row in part.analyses for name in FIELDS]
    texts += [one.sentence for one in part.exceptions] + [row.title for row in part.actions]
    texts += [one.said.text for one in part.signals if one.said]
    texts += [text for row in part.notes for one in row.notes.all() for text in (one.title, one.text)]
    texts += [outcomes.worded(one.finding, language)["message"] for one in part.exceptions if one.finding]
    texts += [text for row in part.questions for text in (row.text, row.answer)]
    return seconds(texts, len(part.headlines) + len(part.signals) + len(part.exceptions))


def without_confidential(found: PreRead, codes: set[str]) -> PreRead:
    """The same with no figure but those of `codes`, and nothing that says who read what: for a file that travels."""
    parts = [
        replace(
            part,
            headlines=[one for one in part.headlines if one.definition.code in codes],
            signals=[one for one in part.signals if one.headline.definition.code in codes],
            exceptions=[one for one in part.exceptions if one.metric is None or one.metric.code in codes],
            questions=[row for row in part.questions if not row.metric or row.metric in codes],
            receipt=None,
        )
        for part in found.parts
    ]
    waiting = [
        replace(one, is_open={one.pair.left.metric, one.pair.right.metric} <= codes) for one in found.parked
    ]
    return replace(found, parts=parts, parked=waiting)


def department_of(section: Section) -> Department:
    """Whoever answers questions of a section."""
    return Department.objects.get(code=section.departments[0])
