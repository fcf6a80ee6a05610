"""Freezing the figures of a review: two sides sign one fingerprint; afterwards figures are only restated."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics import exceptions, reconciliation, restated, snapshots
from metrics.checks import runs
from metrics.checks.results import FAILED
from metrics.models import CheckRun, CheckWaiver, Restatement, Review, Signature, Snapshot, Submission
from reviewhub.notices import planning
from reviewhub.people import activity
from reviewhub.people.models import Department
from reviewhub.people.permissions import may

State, Side = Review.State, Signature.Side
LONGEST_REASON = 300
# Kinds of notices (freeze_notices).
RESTATED = "figures.restated"


class CannotFreeze(Exception):
    """The review stays as it is; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


# --- Who and when ---------------------------------------------------------------------------------------------


def may_sign(user, side: str) -> bool:
    """Data owners of the whole company sign for the department they belong to (for either, where they belong to
    neither), and so does whoever hands that department's data in."""
    if not user.is_active:
        return False
    if None in user.abilities.get("figure.certify", ()):
        home = user.department.code if user.department else ""
        if home == side or home not in Side.values:
            return True
    department = Department.objects.filter(code=side).first()
    return department is not None and may(user, "submission.hand_in", department)


def blocking(review: Review) -> list[str]:
    """What has to be settled before these figures can be frozen by anybody."""
    if review.state != State.OPEN:
        return [_("These figures are not open any more.")]
    problems, basis = _conflicts(review), runs.basis(review)
    if not basis:
        return problems
    run = CheckRun.objects.filter(review=review, basis=basis, state=CheckRun.State.DONE).first()
    if run is None:  # nobody signs what the checks have not seen
        return [*problems, _("The checks have not looked at what stands handed in yet. That takes a minute.")]
    return [*problems, *_failing(review, run)]


def _conflicts(review: Review) -> list[str]:
    count = len(reconciliation.open_conflicts(review))
    if not count:
        return []
    said = ngettext(
        "%(count)s difference between two sides is neither ruled nor parked.",
        "%(count)s differences between two sides are neither ruled nor parked.",
        count,
    )
    return [said % {"count": count}]


def _failing(review: Review, run: CheckRun) -> list[str]:
    waived = set(CheckWaiver.objects.filter(review=review).values_list("code", flat=True))
    count = sum(one.state == FAILED and one.code not in waived for one in runs.results(run))
    if not count:
        return []
    said = ngettext(
        "%(count)s check fails and is not waived.", "%(count)s checks fail and are not waived.", count
    )
    return [said % {"count": count}]


# --- Signing --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """A review on its way to the freeze: the document that would be signed, and who has signed just that."""

    document: dict
    content: str
    fingerprint: str
    signatures: dict[str, Signature]
    outdated: list[Signature]

    @property
    def missing(self) -> list[str]:
        return [side for side in Side.values if side not in self.signatures]


def standing(review: Review) -> Standing:
    """What would be frozen now. Signatures under other figures are `outdated`: they count no more."""
    document = snapshots.next_document(review)
    content = snapshots.canonical(document)
    found = snapshots.fingerprint(content)
    rows = Signature.objects.filter(review=review, number=document["number"]).select_related("signed_by")
    valid = {row.side: row for row in rows if row.fingerprint == found}
    return Standing(document, content, found, valid, [row for row in rows if row.fingerprint != found])


def sign_problems(review: Review, side: str, *, by, now: Standing | None = None) -> list[str]:
    """Why `by` cannot sign for `side` ("FIN", "TEC"); empty when nothing stands against it."""
    if side not in Side.values or not may_sign(by, side):
        return [_("Data owners and the head of the department sign for it.")]
    problems = blocking(review)
    if problems:
        return problems
    now = now or standing(review)
    if side in now.signatures:
        return [_("This side has signed already.")]
    if any(row.signed_by_id == by.pk for row in now.signatures.values()):
        return [_("You signed for the other department; somebody else signs here.")]
    return []


@transaction.atomic
def sign(review: Review, side: str, *, seen: str, by, at: dt.datetime) -> Snapshot | None:
    """Put `by`'s name under the figures for `side`; the second name freezes them and gives the snapshot.

    `seen`: the fingerprint that was signed, as it stood on the page. Raises CannotFreeze.
    """
    review = Review.objects.select_for_update().get(pk=review.pk)
    now = standing(review) if review.state == State.OPEN else None
    problems = sign_problems(review, side, by=by, now=now)
    if not problems and seen != now.fingerprint:
        problems = [_("The figures have changed since you looked. Look again, then sign.")]
    if problems:
        raise CannotFreeze(problems)
    row = Signature(review=review, number=now.document["number"], side=side, fingerprint=seen)
    row.signed_at, row.signed_by = at, by
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise CannotFreeze([_("Somebody signed at the same moment. Look again.")]) from error
    said = {"review": review.code, "department": side, "fingerprint": seen[:8]}
    activity.record("review.signed", review, by=by, at=at, params=said)
    if len(now.missing) > 1:
        return None
    return _freeze(review, now, by=by, at=at)


def _freeze(review: Review, now: Standing, *, by, at: dt.datetime) -> Snapshot:
    """Keep what was signed: from now on nothing is handed in, withdrawn, certified or sent back."""
    before = snapshots.latest(review)
    reopened = Restatement.objects.filter(review=review, became=None).first()
    snapshot = Snapshot(
        review=review,
        number=now.document["number"],
        content=now.content,
        fingerprint=now.fingerprint,
        previous=now.document["previous"],
        reason=now.document["reason"],
        restated_by=reopened.begun_by if reopened else None,
        frozen_at=at,
        told=_told(review, now.document),
    )
    if before is not None:
        snapshot.changes = restated.changes(before, snapshot)
    snapshot.save()
    if reopened:
        reopened.became = snapshot
        reopened.save(update_fields=["became"])
    said = {"fingerprint": snapshot.short}
    if before is not None:
        said |= {"reason": snapshot.reason, "count": len(snapshot.changes)}
        planning.raise_occurrence(RESTATED, snapshot, at=at)
    code = "review.restated" if before is not None else "review.frozen"
    _turned(review, reopened.back_to if reopened else State.FROZEN, code, said, by=by, at=at)
    return snapshot


def _told(review: Review, document: dict) -> list[dict]:
    """The exceptions of the versions of this period with their owners' sentences, as they stand at the freeze."""
    ids = [one["id"] for one in document["versions"]]
    rows = Submission.objects.filter(pk__in=ids).touching(review.period_start, review.period_end)
    found = []
    for row in rows.select_related("department").order_by("department__position", "profile", "pk"):
        for one in exceptions.of(row):
            said = one.explanation
            found.append(
                {
                    "department": row.department.code,
                    "submission": row.pk,
                    "metric": one.metric,
                    "value": None if one.value is None else str(one.value),
                    "usual": None if one.usual is None else str(one.usual),
                    "finding": one.finding,
                    "count": one.count,
                    "sentence": one.sentence,
                    "by": said.written_by_id if said else None,
                }
            )
    return found


# --- Restating ------------------------------------------------------------------------------------------------


def restate_problems(review: Review, *, by, reason: str | None = None) -> list[str]:
    """Why the figures cannot be opened for a restatement; `reason` None: it is not written yet."""
    if None not in by.abilities.get("figure.certify", ()) or not by.is_active:
        return [_("Data owners of the whole company open the figures again.")]
    if review.state == State.OPEN or (review.state != State.FROZEN and snapshots.latest(review) is None):
        return [_("These figures are not frozen.")]
    if reason is not None and not 0 < len(reason) <= LONGEST_REASON:
        return [_("Say why in a sentence of at most %(most)s characters.") % {"most": LONGEST_REASON}]
    return []


@transaction.atomic
def restate(review: Review, reason: str, *, by, at: dt.datetime) -> Review:
    """Open frozen figures for a corrected version, with the reason for everybody to read. Raises CannotFreeze.

    Until both sides have signed anew, every page goes on answering from the snapshot that stands.
    """
    review, reason = Review.objects.select_for_update().get(pk=review.pk), " ".join(reason.split())
    if problems := restate_problems(review, by=by, reason=reason):
        raise CannotFreeze(problems)
    if snapshots.latest(review):
        Restatement.objects.create(
            review=review, reason=reason, begun_at=at, begun_by=by, back_to=review.state
        )
    return _turned(review, State.OPEN, "review.thawed", {"reason": reason}, by=by, at=at)


def _turned(review: Review, state: str, code: str, params: dict, *, by, at) -> Review:
    review.state = state
    review.save(update_fields=["state"])
    activity.record(code, review, by=by, at=at, params={"review": review.code} | params)
    return review
