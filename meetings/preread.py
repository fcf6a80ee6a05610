"""The pre-read of a frozen review: headline figures, exceptions, analyses and open actions, section by section."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from actions.models import Action
from meetings.models import Question, Receipt
from meetings.preread_sections import BY_CODE, SECTIONS, SPEAKS_IN, Section, minutes, seconds
from metrics import outcomes
from metrics.aims import Aims
from metrics.compared import Compared, against
from metrics.definitions import Definition
from metrics.desk import Desk, moved
from metrics.evaluation import Evaluation
from metrics.models import Analysis, Review, Snapshot
from metrics.models.analysis import FIELDS
from metrics.periods import Period
from metrics.readings import open_codes
from metrics.reasons import CannotRead
from metrics.snapshots import latest
from reviewhub.people.models import Department, User

MOST_ACTIONS = 12


@dataclass(frozen=True)
class Headline:
    """One figure of the period with last year's and the target; what it is worth: certified or provisional."""

    definition: Definition
    value: Decimal | None
    currency: str
    status: str
    year: Compared
    target: Compared | None
    why: object = None


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
    exceptions: list[Exceptional] = field(default_factory=list)
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
        return not (self.headlines or self.exceptions or self.analyses or self.actions)


@dataclass(frozen=True)
class PreRead:
    review: Review
    snapshot: Snapshot
    period: Period
    parts: list[Part]

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
    desk = _headlines(snapshot, period, parts, reader)
    _exceptions(snapshot, parts, reader, desk)
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
    return PreRead(review, snapshot, period, [one for one in parts.values() if not one.is_empty])


def _headlines(snapshot: Snapshot, period: Period, parts: dict[str, Part], reader: User) -> Desk:
    codes = [code for one in SECTIONS for code in one.metrics]
    desk = Desk(codes, [period, moved(period, "py")], snapshot=snapshot)
    readable = open_codes(reader, codes)
    codes = [code for code in codes if code in desk.definitions and code in readable]
    columns = sorted(desk.sliced(codes))
    evaluation = desk.evaluation(codes, [period, moved(period, "py")], columns=columns)
    aims = Aims(desk, codes, [period], columns=columns)
    for part in parts.values():
        wanted = [code for code in part.section.metrics if code in codes]
        found = [_headline(code, period, desk, evaluation, aims) for code in wanted]
        part.headlines = [one for one in found if one is not None]
    return desk


def _headline(code: str, period: Period, desk: Desk, evaluation: Evaluation, aims: Aims) -> Headline | None:
    """None where there is nothing to say: neither this year nor last."""
    definition, before = desk.definitions[code], moved(period, "py")
    try:
        now, then = evaluation.figure(code, period), evaluation.figure(code, before)
        target = aims.against(code, "target", now, period)
    except CannotRead:
        return None
    if now.value is None and then.value is None:
        return None
    year = against(definition, now, then, period, before)
    status = evaluation.status(now, code, period)
    aimed = target if target.value is not None else None
    return Headline(definition, now.value, now.currency, status, year, aimed, now.why)


def _exceptions(snapshot: Snapshot, parts: dict[str, Part], reader: User, desk: Desk) -> None:
    """As they were told at the freeze; a partner's own only."""
    people = User.objects.in_bulk({one["by"] for one in snapshot.told if one["by"]})
    readable = open_codes(reader, {one["metric"] for one in snapshot.told if one["metric"]})
    own = reader.department.code if reader.is_partner and reader.department else None
    for one in snapshot.told:
        hidden = one["metric"] and one["metric"] not in readable
        if hidden or one["department"] not in SPEAKS_IN or (reader.is_partner and one["department"] != own):
            continue
        place = SPEAKS_IN[one["department"]]
        if one["metric"] in BY_CODE["customers"].metrics:
            place = "customers"
        parts[place].exceptions.append(
            Exceptional(
                department=one["department"],
                metric=desk.definitions.get(one["metric"]),
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
    texts += [outcomes.worded(one.finding, language)["message"] for one in part.exceptions if one.finding]
    texts += [text for row in part.questions for text in (row.text, row.answer)]
    return seconds(texts, len(part.headlines) + len(part.exceptions))


def without_confidential(found: PreRead, codes: set[str]) -> PreRead:
    """The same with no figure but those of `codes`, and nothing that says who read what: for a file that travels."""
    parts = [
        replace(
            part,
            headlines=[one for one in part.headlines if one.definition.code in codes],
            exceptions=[one for one in part.exceptions if one.metric is None or one.metric.code in codes],
            receipt=None,
        )
        for part in found.parts
    ]
    return replace(found, parts=parts)


def department_of(section: Section) -> Department:
    """Whoever answers questions of a section."""
    return Department.objects.get(code=section.departments[0])
