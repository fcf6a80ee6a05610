"""“Certified until …”: the department that owns a metric stands by it, a data owner gives the badge, each quarter anew.

A badge is given for one definition and ends with the quarter; in the last fortnight of a quarter it can be had for the
next one. Who asks never gives.
"""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from metrics import trust, trust_scores
from metrics.models import Badge, Metric, MetricVersion
from metrics.periods import Period
from metrics.proposal_checks import may_decide
from reviewhub.notices import planning
from reviewhub.people import activity
from reviewhub.people.models import Company
from reviewhub.people.permissions import may

RENEWAL = dt.timedelta(days=14)
LONGEST = 300
# Kinds of notices (badge_notices).
ASKED, DECIDED, EXPIRES = "badge.asked", "badge.decided", "badge.expires"


class CannotBadge(Exception):
    """Nothing was changed; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Standing:
    """Where a metric stands on a day.

    state: certified · expired (the quarter is over) · outdated (given for another definition) · none. `badge`: the one
    that was given last; `asked`: the request that waits, beside it or alone.
    """

    state: str
    badge: Badge | None = None
    asked: Badge | None = None

    @property
    def last(self) -> dt.date | None:
        """The last day on which the badge holds."""
        return last_of(self.badge) if self.badge else None


def today(at: dt.datetime) -> dt.date:
    """The day of the company."""
    company = Company.objects.first()
    return at.astimezone(zoneinfo.ZoneInfo(company.time_zone) if company else dt.UTC).date()


def end(on: dt.date) -> dt.date:
    """The first day on which a badge that is given on `on` does not hold: the quarter's end, in its last fortnight the
    end of the next one."""
    return Period.containing(on + RENEWAL, "quarter").end


def last_day(on: dt.date) -> dt.date:
    """The last day of a badge that is given on `on`."""
    return end(on) - dt.timedelta(days=1)


def last_of(badge: Badge) -> dt.date:
    """The last day on which `badge`, once given, holds."""
    return badge.until - dt.timedelta(days=1)


def standing(version: MetricVersion, *, on: dt.date) -> Standing:
    """Of the metric whose definition `version` is in force on `on`. One query."""
    return standings([version], on=on)[version.metric_id]


def standings(versions: list[MetricVersion], *, on: dt.date) -> dict[int, Standing]:
    """By metric, of their definitions in force. One query."""
    numbers = {one.metric_id: one for one in versions}
    rows = Badge.objects.filter(metric__in=numbers, ended_at=None).order_by("asked_at", "pk")
    rows = rows.select_related("version", "asked_by", "given_by")
    given = {row.metric_id: row for row in rows if row.given_at}
    asked = {row.metric_id: row for row in rows if not row.given_at}
    return {
        pk: Standing(_state(given.get(pk), version, on), given.get(pk), asked.get(pk))
        for pk, version in numbers.items()
    }


def _state(badge: Badge | None, version: MetricVersion, on: dt.date) -> str:
    if badge is None:
        return "none"
    if badge.version_id != version.pk:
        return "outdated"
    return "certified" if on < badge.until else "expired"


# --- What stands against it ---------------------------------------------------------------------------------


def decides(user) -> bool:
    """Whether `user` gives and takes badges: colleagues who govern the dictionary."""
    return may(user, "dictionary.govern") and not user.is_partner and may_decide(user)


def ask_problems(
    version: MetricVersion, *, by, on: dt.date, sentence: str | None = None, now: Standing | None = None
) -> list[str]:
    """Why `by` cannot ask for the badge; `sentence` None: it is not written yet. `now`: what was read already."""
    if by.is_partner or not may(by, "submission.hand_in", version.owner_dept):
        return [
            _("Whoever hands in for %(department)s asks for the badge.")
            % {"department": version.owner_dept.name}
        ]
    now, problems = now or standing(version, on=on), []
    if not version.metric.is_enabled:
        problems.append(_("The metric is switched off."))
    if now.asked:
        problems.append(_("It was asked for already; a data owner decides."))
    if now.state == "certified" and end(on) <= now.badge.until:
        problems.append(_("It is certified; it can be renewed in the last fortnight of the quarter."))
    return problems + _text_problems(sentence, _("Say in a sentence what you checked."))


def give_problems(version: MetricVersion, *, by, on: dt.date, now: Standing | None = None) -> list[str]:
    """Why `by` cannot give the badge that was asked for."""
    if not decides(by):
        return [_("Data owners of Finance and Technology give the badge.")]
    now = now or standing(version, on=on)
    if now.asked is None:
        return [_("Nobody asks for the badge.")]
    problems = []
    if now.asked.asked_by_id == by.pk or may(by, "submission.edit", version.owner_dept):
        problems.append(_("You ask for it, or hand in for the owner; somebody else gives it."))
    if now.asked.version_id != version.pk:
        problems.append(_("The definition has changed since; the owner asks again."))
    found = score(version.metric)
    if found is None:
        problems.append(_("There is no score yet: less than half of what it is made from can be judged."))
    elif found < trust.FAIR:
        said = {"score": found, "least": trust.FAIR}
        problems.append(_("Its score is %(score)s; from %(least)s on it can be certified.") % said)
    return problems


def end_problems(
    version: MetricVersion, *, by, on: dt.date, reason: str | None = None, now: Standing | None = None
) -> list[str]:
    """Why `by` cannot decline what was asked for, or take the badge back."""
    if not decides(by):
        return [_("Data owners of Finance and Technology decide.")]
    now, problems = now or standing(version, on=on), []
    if now.asked is None and now.state != "certified":
        problems.append(_("There is no badge to take back."))
    return problems + _text_problems(reason, _("Say why in one sentence."))


def score(metric: Metric) -> int | None:
    """In the newest review that was judged."""
    newest = next(iter(trust_scores.history(metric)), None)
    return newest.score if newest else None


def _text_problems(text: str | None, missing: str) -> list[str]:
    if text is not None and not text:
        return [missing]
    if text is not None and len(text) > LONGEST:
        return [_("The sentence may have %(most)s characters.") % {"most": LONGEST}]
    return []


# --- What happens -------------------------------------------------------------------------------------------


@transaction.atomic
def ask(version: MetricVersion, sentence: str, *, by, at: dt.datetime) -> Badge:
    """Stand by the metric for the quarter and ask for its badge; data owners are told. Raises CannotBadge."""
    _held(version)
    sentence = " ".join(sentence.split())
    if problems := ask_problems(version, by=by, on=today(at), sentence=sentence):
        raise CannotBadge(problems)
    try:
        with transaction.atomic():
            row = Badge.objects.create(
                metric=version.metric, version=version, sentence=sentence, asked_at=at, asked_by=by
            )
    except IntegrityError as error:
        raise CannotBadge([_("It was asked for already; a data owner decides.")]) from error
    _record("metric.badge_asked", row, {"sentence": sentence}, by=by, at=at)
    planning.raise_occurrence(ASKED, row, at=at)
    return row


@transaction.atomic
def give(version: MetricVersion, *, by, at: dt.datetime) -> Badge:
    """Certify the metric until the quarter ends. Raises CannotBadge."""
    _held(version)
    on = today(at)
    if problems := give_problems(version, by=by, on=on):
        raise CannotBadge(problems)
    row = standing(version, on=on).asked
    row.given_at, row.given_by, row.until, row.score = at, by, end(on), score(version.metric)
    row.save(update_fields=["given_at", "given_by", "until", "score"])
    _record("metric.badge_given", row, {"last": last_of(row).isoformat(), "score": row.score}, by=by, at=at)
    planning.raise_occurrence(DECIDED, row, at=at, cycle_key="given")
    return row


@transaction.atomic
def take_back(version: MetricVersion, reason: str, *, by, at: dt.datetime) -> Badge:
    """Decline the request that waits, else take the badge back, with the reason. Raises CannotBadge."""
    _held(version)
    reason, on = " ".join(reason.split()), today(at)
    if problems := end_problems(version, by=by, on=on, reason=reason):
        raise CannotBadge(problems)
    now = standing(version, on=on)
    row = now.asked or now.badge
    row.ended_at, row.ended_by, row.reason = at, by, reason
    row.save(update_fields=["ended_at", "ended_by", "reason"])
    code = "metric.badge_taken_back" if row.given_at else "metric.badge_declined"
    _record(code, row, {"reason": reason}, by=by, at=at)
    planning.raise_occurrence(DECIDED, row, at=at, cycle_key="ended")
    return row


def _held(version: MetricVersion) -> None:
    """Nobody else asks for or decides about the metric before the end of the transaction."""
    Metric.objects.select_for_update(no_key=True).get(pk=version.metric_id)


def _record(code: str, row: Badge, params: dict, *, by, at) -> None:
    said = {"code": row.metric.code} | params
    activity.record(code, row.metric, by=by, at=at, params=said, department=row.version.owner_dept)
