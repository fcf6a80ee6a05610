"""Figures by API: the document of `manage.py reading --json`, as far as the token's person may read it."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from metrics import reading_document, readings, sightings, snapshots
from metrics.models import Metric, Review, Snapshot
from metrics.periods import BadPeriod, Period
from metrics.reasons import CannotRead
from reviewhub.api import door, problems
from reviewhub.api.problems import Problem, mistake

router = Router()
LONGEST = 200


class Question(Schema):
    """`by` and `compare` take several, comma between; `where` is DIMENSION=MEMBER and may stand several times.

    `review`: as it was frozen for this review; `passport.snapshot` is then its fingerprint.
    """

    period: str = Field(max_length=LONGEST, examples=["2026-09", "2026-W36"])
    grain: str = Field("", max_length=10, examples=["week"])
    by: list[str] = Field([], max_length=10, examples=[["country"]])
    where: list[str] = Field([], max_length=50, examples=[["country=DE"]])
    compare: list[str] = Field([], max_length=10, examples=[["py,pp,target,budget"]])
    status: str = Field("", max_length=10, examples=["certified"])
    rates: str = Field("actual", max_length=10, examples=["budget"])
    review: str = Field("", max_length=40, examples=["2026-09"])


class Aligned(Schema):
    period: str
    reference: str
    value: str | None


class ComparedOut(Schema):
    value: str | None
    change: str | None
    change_pct: str | None
    comparable: bool
    why: str | None
    why_code: str | None
    aligned: Aligned = None


class RowOut(Schema):
    key: dict[str, str | None]
    value: str | None
    exact: str | None
    status: str
    why: str | None = None
    why_code: str | None = None
    ripens_on: str | None = None
    compare: dict[str, ComparedOut] = None


class ExchangedOut(Schema):
    currency: str
    month: str
    table: str
    rate: str


class Coverage(Schema):
    days: int
    of: int


class SourceOut(Schema):
    file: str
    sha256: str


class Passport(Schema):
    submission: int | None
    submissions: list[int]
    sources: list[SourceOut]
    rows: int
    snapshot: str | None


class ReadingOut(Schema):
    """Money and ratios are decimal strings; a ratio of 0.121 means 12.1 %. A missing figure is null with `why`."""

    metric: str
    version: int
    unit: str
    period: str
    status: str
    value: str | None
    exact: str | None
    why: str | None
    why_code: str | None
    coverage: Coverage
    rates: str
    ripens_on: str | None
    exchanged: list[ExchangedOut]
    rows: list[RowOut]
    compare: dict[str, ComparedOut]
    passport: Passport


@router.get(
    "/readings/{slug:code}",
    response=ReadingOut,
    exclude_unset=True,
    **door.needs("readings:read", summary="A metric's value for a period, split and compared"),
)
def show_reading(request, code: str, asked: Query[Question]):
    code = code.upper()
    require_covered(request.auth, code)
    try:
        return reading_document.document(answered(request.auth.user, code, asked))
    except CannotRead as refusal:
        raise unanswered(refusal) from None


def require_covered(caller, code: str) -> None:
    """A token of some departments reads the metrics that these own or steward; the others are not there for it."""
    if not caller.departments:
        return
    where = caller.departments
    held = Q(versions__owner_dept__in=where) | Q(versions__steward_dept__in=where)
    if not Metric.objects.visible_to(caller.user).filter(held, code=code).exists():
        raise problems.not_found()


def answered(user, code: str, asked: Question) -> readings.Reading:
    try:
        period = Period.parse(asked.period)
    except (BadPeriod, OverflowError, ValueError) as error:
        raise problems.invalid([mistake("/period", "PERIOD_INVALID", str(error), "query")]) from None
    require_known("grain", asked.grain, readings.GRAINS)
    require_known("status", asked.status, ("certified", "draft"))
    snapshot = frozen(user, asked.review)
    found = readings.reading(
        code,
        period,
        by=listed(asked.by),
        where=members(asked.where),
        grain=asked.grain or None,
        compare=listed(asked.compare),
        status=asked.status or None,
        rates=asked.rates or "actual",
        user=user,
        on=timezone.localdate(),
        snapshot=snapshot,
    )
    if snapshot and not user.is_machine:  # people are told when it is restated
        sightings.note(snapshot.review, by=user, at=timezone.now(), snapshot=snapshot)
    return found


def frozen(user, code: str) -> Snapshot | None:
    """What stands for the review; None where none is named."""
    if not code:
        return None
    review = Review.objects.visible_to(user).filter(code=code.replace("\0", "")).first()
    snapshot = snapshots.latest(review) if review else None
    if snapshot is None:
        told = _("This review does not exist or is not frozen.")
        raise problems.invalid([mistake("/review", "REVIEW_NOT_FROZEN", told, "query")])
    return snapshot


def require_known(name: str, value: str, known) -> None:
    if value and value not in known:
        raise problems.invalid([mistake(f"/{name}", "LITERAL_ERROR", ", ".join(known), "query")])


def listed(texts: list[str]) -> tuple[str, ...]:
    """`a,b` given once or several times; each name once."""
    names = (name.strip().replace("\0", "") for text in texts for name in text[:LONGEST].split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def members(texts: list[str]) -> dict[str, list[str]]:
    """DIMENSION=MEMBER, several times."""
    found: dict[str, list[str]] = {}
    for text in texts:
        dimension, _sign, member = text.replace("\0", "")[:LONGEST].partition("=")
        if not dimension or not member:
            raise problems.invalid([mistake("/where", "NO_PAIR", "DIMENSION=MEMBER", "query")])
        found.setdefault(dimension, []).append(member)
    return found


def unanswered(refusal: CannotRead) -> Problem:
    """The question has no honest answer: 404 for a metric that is not there, else 422 with every reason."""
    codes = {why.code for why in refusal.whys}
    status = 404 if codes & {"UNKNOWN_METRIC", "UNKNOWN_METRIC_NEAR"} else 422
    errors = [mistake("", why.code, str(why), "query") for why in refusal.whys]
    return Problem(status, refusal.whys[0].code, " ".join(refusal.problems), errors)
