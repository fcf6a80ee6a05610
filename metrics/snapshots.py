"""What frozen figures are made from, as one canonical document with a fingerprint that anybody can work out again."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from metrics import dictionary_rows, fact_digests, frozen_aims, sources
from metrics.canonical import canonical, fingerprint
from metrics.definitions import Definitions
from metrics.models import (
    MetricVersion,
    Observation,
    PeakSeason,
    Promotion,
    Restatement,
    Review,
    RuleVersion,
    Ruling,
    Snapshot,
    Submission,
)
from metrics.peaks import Peak
from metrics.periods import DAY
from metrics.season import Promotion as Occurrence
from metrics.units import plain
from reviewhub.people.models import Department

FORMAT = 3  # 1 had neither goals nor regions, 2 no peak seasons
RATES = ("FX_AVERAGE", "FX_CLOSING", "FX_BUDGET")
WHOLE = 10_000  # rates are handed in as so many ten-thousandths (profile fx)


def latest(review: Review) -> Snapshot | None:
    """What stands for `review`: the last snapshot that both sides signed."""
    return Snapshot.objects.latest_of(review)


# --- The document ---------------------------------------------------------------------------------------------


def next_document(review: Review) -> dict:
    """What would be frozen now: {"format", "review", "period", "number", "previous", "reason", "versions",
    "definitions", "rules", "rates", "rulings", "promotions", "peak_seasons", "goals",
    "goals_digest", "regions"}. Nothing is written."""
    before = latest(review)
    reopened = Restatement.objects.filter(review=review, became=None).first()
    said = {
        "format": FORMAT,
        "review": review.code,
        "period": [review.period_start.isoformat(), review.period_end.isoformat()],
        "number": before.number + 1 if before else 1,
        "previous": before.fingerprint if before else "",
        "reason": reopened.reason if reopened else "",
    }
    return said | _parts(review, _standing(review), _numbers(review))


def waiting(review: Review) -> tuple[int, int]:
    """(how many, of how many) versions a worker has still to read before the page of the freeze can say anything."""
    pks = [one.pk for one in _standing(review)]
    return fact_digests.waiting(pks), len(pks)


def _standing(review: Review) -> list[sources.Source]:
    """The versions that count up to the end of the period: certified ones, else the newest that was handed in."""
    return sources.standing(dt.date.min, review.period_end, status="official")


def _numbers(review: Review) -> dict[str, int]:
    """Metric → number of the definition that holds on the last day, what the review has pinned first."""
    return {code: one.number for code, one in Definitions.on(review.period_end - DAY).items()}


def _parts(review: Review, standing: Iterable[sources.Source], numbers: dict[str, int]) -> dict:
    """Everything that figures depend on, of these versions and definitions."""
    standing = list(standing)
    digests = fact_digests.known(one.pk for one in standing)
    return {
        "versions": _versions(standing, digests),
        "definitions": _definitions(numbers),
        "rules": _rules(review),
        "rates": _rates(review, standing),
        "rulings": _rulings(review),
        "promotions": _promotions(review),
        "peak_seasons": _peak_seasons(review),
        **frozen_aims.document(review.period_end),
    }


def _versions(standing: list[sources.Source], digests: dict[int, str]) -> list[dict]:
    rows = Submission.objects.in_bulk([one.pk for one in standing])
    departments = {row.pk: row.code for row in Department.objects.all()}
    found = [
        {
            "id": one.pk,
            "department": departments[one.department],
            "profile": one.profile,
            "profile_digest": rows[one.pk].profile_digest,
            "start": one.start.isoformat(),
            "end": one.end.isoformat(),
            "number": one.number,
            "state": one.state,
            "file": one.sha256,
            "facts": digests[one.pk],
        }
        for one in standing
    ]
    return sorted(found, key=lambda one: (one["department"], one["profile"], one["start"], one["id"]))


def _definitions(numbers: dict[str, int]) -> dict[str, dict]:
    """Metric → the number of its definition and the digest of what that says."""
    rows = MetricVersion.objects.filter(metric__code__in=numbers)
    rows = rows.select_related("metric", "owner_dept", "steward_dept")
    kept = {row.metric.code: row for row in rows if numbers[row.metric.code] == row.number}
    return {
        code: {"number": row.number, "digest": fingerprint(canonical(dictionary_rows.cells(row)))}
        for code, row in kept.items()
    }


def _rules(review: Review) -> dict[str, int]:
    rows = RuleVersion.objects.effective(review.period_end - DAY)
    return dict(rows.values_list("rule__code", "number"))


def _rates(review: Review, standing: list[sources.Source]) -> list[dict]:
    """The exchange rates of the period, from the versions that bring them."""
    brings = [one.pk for one in standing if one.metrics.intersection(RATES)]
    rows = Observation.objects.filter(
        submission__in=brings, metric__in=RATES, day__gte=review.period_start, day__lt=review.period_end
    )
    found = [
        {
            "rate": metric,
            "currency": other.get("rate_currency", ""),
            "day": day.isoformat(),
            "value": format((plain(value, "part") / WHOLE).normalize(), "f"),
        }
        for metric, day, value, other in rows.values_list("metric", "day", "value", "slice__other")
    ]
    return sorted(found, key=canonical)


def _rulings(review: Review) -> list[dict]:
    """The decision that counts about each difference between two sides, up to the end of the period."""
    latest = Ruling.objects.filter(period_start__lt=review.period_end).newest()
    found = [
        {
            "pair": row.pair,
            "start": row.period_start.isoformat(),
            "decision": row.decision,
            "reach": row.reach,
            "left": row.left,
            "right": row.right,
            "residual": row.residual,
            "tables": [name for name in row.profiles.split("|") if name],
        }
        for row in latest.values()
    ]
    return sorted(found, key=canonical)


def _promotions(review: Review) -> list[dict]:
    """The promotion calendar as it was known: what is expected of a total depends on it."""
    rows = Promotion.objects.filter(starts_on__lt=review.period_end)
    found = [
        {
            "name": row.name_en,
            "starts_on": row.starts_on.isoformat(),
            "ends_on": row.ends_on.isoformat(),
            "platforms": sorted(row.platforms),
            "countries": sorted(row.countries),
        }
        for row in rows
    ]
    return sorted(found, key=canonical)


def calendar(snapshot: Snapshot) -> list[Occurrence]:
    """The promotions as they stood at the freeze, in their order."""
    found = [
        Occurrence(one["name"].casefold(), *map(dt.date.fromisoformat, (one["starts_on"], one["ends_on"])))
        for one in snapshot.document["promotions"]
    ]
    return sorted(found, key=lambda one: (one.start, one.key))


def _peak_seasons(review: Review) -> list[dict]:
    """The peak seasons that had begun: exceptions are judged by their limits."""
    rows = PeakSeason.objects.filter(prepares_on__lt=review.period_end)
    return sorted((row.document for row in rows), key=canonical)


def peaks(snapshot: Snapshot) -> list[Peak]:
    """The peak seasons as they stood at the freeze."""
    found = (Peak.read(one) for one in snapshot.document.get("peak_seasons", ()))
    return sorted(found, key=lambda one: (one.prepares, one.name_en))


# --- Working it out again ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """What a snapshot says and what is stored now: `part` of the document, `name` of the entry in it."""

    part: str
    name: str
    kept: str
    found: str


def differences(snapshot: Snapshot) -> list[Difference]:
    """What is not as it was frozen; empty when the fingerprint can be worked out again from what is stored.

    Facts and definitions are read anew, nothing that was kept aside is believed.
    """
    kept = snapshot.document
    found = []
    if fingerprint(snapshot.content) != snapshot.fingerprint or canonical(kept) != snapshot.content:
        found.append(Difference("fingerprint", "", snapshot.fingerprint, fingerprint(snapshot.content)))
    before = Snapshot.objects.filter(review=snapshot.review_id, number=snapshot.number - 1).first()
    if kept["previous"] != (before.fingerprint if before else ""):
        found.append(Difference("previous", "", kept["previous"], before.fingerprint if before else ""))
    found += [*_versions_now(snapshot), *_definitions_now(kept), *_rates_now(snapshot)]
    if "goals" in kept and (now := frozen_aims.digest(kept["goals"])) != kept["goals_digest"]:
        found.append(Difference("goals", "", kept["goals_digest"], now))
    return found


def _versions_now(snapshot: Snapshot) -> list[Difference]:
    kept = snapshot.versions
    facts = fact_digests.of(sorted(kept))
    there = Submission.objects.filter(pk__in=kept).select_related("source")
    files = {row.pk: row.source.sha256 if row.source else "" for row in there}
    found = []
    for pk, one in kept.items():
        name = f"{one['department']} {one['profile']} {one['start']} v{one['number']}"
        if pk not in files:
            found.append(Difference("versions", name, one["facts"], ""))
        elif facts[pk] != one["facts"]:
            found.append(Difference("facts", name, one["facts"], facts[pk]))
        elif files[pk] != one["file"]:
            found.append(Difference("file", name, one["file"], files[pk]))
    return found


def _definitions_now(kept: dict) -> list[Difference]:
    now = _definitions({code: one["number"] for code, one in kept["definitions"].items()})
    return [
        Difference(
            "definitions", f"{code} v{one['number']}", one["digest"], now.get(code, {}).get("digest", "")
        )
        for code, one in kept["definitions"].items()
        if now.get(code) != one
    ]


def _rates_now(snapshot: Snapshot) -> list[Difference]:
    now = _rates(snapshot.review, sources.standing(None, None, snapshot=snapshot))
    if now == snapshot.document["rates"]:
        return []
    return [Difference("rates", "", str(len(snapshot.document["rates"])), str(len(now)))]
