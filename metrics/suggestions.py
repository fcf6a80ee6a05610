"""What becomes of a proposal in an analysis (P2): with one press an agenda topic or a task, both knowing each other.

The apps above make things of a line; each registers how in AppConfig.ready(): `suggestions.register(Maker(…))`.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from metrics import analysis as writing
from metrics.models import Analysis, Review, Suggestion
from reviewhub.people import activity
from reviewhub.people.models import Department

LONGEST = 500
MARK = re.compile(r"^(?:[-–—*•·]|[0-9]{1,2}[.)、．）])\s*")


class CannotMake(Exception):
    """Nothing was made or taken back; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Outcome:
    """What a line became as its reader may know it: its words, and its page ("" where it has none for them)."""

    text: str
    path: str = ""


@dataclass(frozen=True)
class Asked:
    """A field beside the button: a day, or a choice of `options` [(value, label)]; `value` is filled in."""

    name: str
    label: str | Promise
    value: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Maker:
    """One thing that a line can become.

    `label`: the button; `made`: what it is then. `problems(analysis, by, at)` and `undo_problems(suggestion, by, at)`
    give reasons; `make(suggestion, by, at, given)` and `unmake(suggestion, by, at)` are called inside a transaction.
    `asked(analysis, by, at)`: the fields beside the button; `given` are their texts, and what is not given is as filled
    in. `make` raises CannotMake for texts that will not do.
    """

    kind: str
    label: str | Promise
    made: str | Promise
    problems: Callable
    make: Callable
    undo_problems: Callable
    unmake: Callable
    outcome: Callable
    asked: Callable = lambda analysis, by, at: ()


@dataclass(frozen=True)
class Line:
    """One proposal. `suggestion`: what it became, or None. `is_gone`: its words stand in the analysis no more."""

    digest: str
    text: str
    suggestion: Suggestion | None = None
    is_gone: bool = False


_makers: dict[str, Maker] = {}


def register(maker: Maker) -> None:
    """Add a maker; one of the same kind takes its place."""
    _makers[maker.kind] = maker


def makers() -> list[Maker]:
    return list(_makers.values())


def maker_of(suggestion: Suggestion) -> Maker:
    return _makers[suggestion.kind]


def lines(row: Analysis) -> list[Line]:
    """Every line of the proposals, the same words once; then what was made of words that have changed since."""
    made = {one.digest: one for one in row.suggestions.select_related("made_by")} if row.pk else {}
    found = {}
    for typed in row.proposals.splitlines():
        text = MARK.sub("", " ".join(typed.split()))[:LONGEST]
        if text:
            digest = digest_of(text)
            found[digest] = Line(digest, text, made.get(digest))
    gone = [Line(one.digest, one.text, one, is_gone=True) for one in made.values() if one.digest not in found]
    return [*found.values(), *gone]


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def make_problems(row: Analysis, maker: Maker, *, by, at: dt.datetime) -> list[str]:
    """Why `by` cannot make such a thing of a line of this analysis."""
    problems = writing.save_problems(row.review, row.department, by=by)
    return problems or maker.problems(row, by, at)


def undo_problems(suggestion: Suggestion, *, by, at: dt.datetime) -> list[str]:
    row = suggestion.analysis
    problems = writing.save_problems(row.review, row.department, by=by)
    return problems or maker_of(suggestion).undo_problems(suggestion, by, at)


@transaction.atomic
def make(
    review: Review,
    department: Department,
    digest: str,
    kind: str,
    *,
    by,
    at: dt.datetime,
    given: dict[str, str] | None = None,
) -> Suggestion:
    """Have the line `digest` become a `kind`, with what was `given` in its fields. The same again gives what is there.

    Raises CannotMake.
    """
    row, maker = _locked(review, department), _makers.get(kind)
    line = next((one for one in lines(row) if one.digest == digest), None)
    if line is None or maker is None:
        raise CannotMake([_("This line has been changed meanwhile. Look at it again.")])
    if line.suggestion and line.suggestion.kind == kind:
        return line.suggestion
    problems = make_problems(row, maker, by=by, at=at)
    if line.suggestion:
        problems.append(
            _("It has become something already: %(what)s.") % {"what": maker_of(line.suggestion).made}
        )
    if problems:
        raise CannotMake(problems)
    made = Suggestion.objects.create(
        analysis=row, digest=digest, text=line.text, kind=kind, made_at=at, made_by=by
    )
    maker.make(made, by, at, given or {})
    _record("review.proposal_made", made, by=by, at=at)
    return made


@transaction.atomic
def undo(review: Review, department: Department, digest: str, *, by, at: dt.datetime) -> None:
    """Take back what was made of the line, while nobody has touched it. Twice is once. Raises CannotMake."""
    made = _locked(review, department).suggestions.filter(digest=digest).first() if review.pk else None
    if made is None:
        return
    if problems := undo_problems(made, by=by, at=at):
        raise CannotMake(problems)
    maker_of(made).unmake(made, by, at)
    _record("review.proposal_unmade", made, by=by, at=at)
    made.delete()


def _locked(review: Review, department: Department) -> Analysis:
    """The analysis while nobody else writes it, makes or takes back; the review as it stands now."""
    department = Department.objects.select_for_update().get(pk=department.pk)
    return writing.of(Review.objects.get(pk=review.pk), department)


def _record(code: str, made: Suggestion, *, by, at) -> None:
    row = made.analysis
    said = {"review": row.review.code, "department": row.department.code, "text": made.text}
    activity.record(code, row.review, by=by, at=at, params=said, department=row.department)
