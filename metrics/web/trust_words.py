"""Trust and badges in the reader's words: each part with what was counted, the history, and who may do what."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from metrics import badges, trust, trust_scores
from metrics.models import MetricVersion, Trust
from metrics.trust import Evidence, Part
from reviewhub.ui import days

MARKS = {"good": "pass", "fair": "warn", "poor": "fail", "none": "na"}
# What the forms of the badge hold before anybody typed.
NOTHING_TYPED = {"badge_problems": (), "typed_sentence": "", "typed_end": ""}


@dataclass(frozen=True)
class Line:
    """One part of a score: its name, what was counted, and its points of its weight ("" where not judged)."""

    code: str
    label: str
    said: str
    points: Decimal | None
    weight: int


def labels() -> dict[str, str]:
    return {
        "on_time": _("Handed in on time"),
        "checks": _("Checks that hold"),
        "restated": _("Not restated"),
        "conflicts": _("Differences settled"),
        "fresh": _("Certified lately"),
    }


def grades() -> dict[str, str]:
    return {
        "good": _("deserved"),
        "fair": _("with care"),
        "poor": _("not deserved yet"),
        "none": _("not enough to judge"),
    }


def lines(row: Trust) -> list[Line]:
    """The five parts of one score, as the formula adds them up."""
    found, named = trust_scores.evidence(row), labels()
    return [
        Line(one.code, named[one.code], said(one, found), points(one), one.weight)
        for one in trust.parts(found)
    ]


def points(one: Part) -> Decimal | None:
    if one.points is None:
        return None
    return (Decimal(one.points.numerator) / Decimal(one.points.denominator)).quantize(Decimal("0.1"))


def said(one: Part, found: Evidence) -> str:
    """What was counted, in words."""
    if one.share is None:
        return _("cannot be judged yet")
    return {
        "on_time": _on_time,
        "checks": _checks,
        "restated": _restated,
        "conflicts": _conflicts,
        "fresh": _fresh,
    }[one.code](found)


def _on_time(found: Evidence) -> str:
    text = ngettext("%(kept)s of %(of)s review", "%(kept)s of the last %(of)s reviews", found.judged)
    return text % {"kept": found.kept, "of": found.judged}


def _checks(found: Evidence) -> str:
    counted = [_("%(passed)s of %(of)s checks") % {"passed": found.passed, "of": found.asked}]
    if found.warned:
        text = ngettext("%(n)s warning counts half", "%(n)s warnings count half", found.warned)
        counted.append(text % {"n": found.warned})
    if found.waived:
        text = ngettext("%(n)s waived counts half", "%(n)s waived count half", found.waived)
        counted.append(text % {"n": found.waived})
    return _(", ").join(counted)


def _restated(found: Evidence) -> str:
    text = ngettext(
        "%(kept)s of %(of)s frozen review unchanged",
        "%(kept)s of %(of)s frozen reviews unchanged",
        found.frozen,
    )
    return text % {"kept": found.frozen - found.changed, "of": found.frozen}


def _conflicts(found: Evidence) -> str:
    text = ngettext(
        "%(settled)s of %(of)s comparison with another side", "%(settled)s of %(of)s comparisons with another side",
        found.compared,
    )  # fmt: skip
    return text % {"settled": found.compared - found.open, "of": found.compared}


def _fresh(found: Evidence) -> str:
    if found.age is None:
        return _("never certified")
    return ngettext("%(n)s day ago", "%(n)s days ago", found.age) % {"n": found.age}


# --- The page of a metric -----------------------------------------------------------------------------------


def shown(version: MetricVersion, user, *, on) -> dict:
    """Score, history and badge of one metric. A partner, who has no part in it, gets nothing."""
    if user.is_partner:
        return {"trust": None}
    rows = trust_scores.history(version.metric)
    now = badges.standing(version, on=on)
    return {
        "trust": scored(rows[0])
        if rows
        else {"score": None, "mark": "na", "grade": grades()["none"], "lines": []},
        "trust_history": [scored(row) for row in rows],
        "trust_spark": [row.score for row in reversed(rows)],
        "badge": now,
        "badge_said": standing_said(now),
        "badge_kind": kind(now),
        "asks": not (problems := badges.ask_problems(version, by=user, on=on, now=now)),
        "ask_problems": problems,
        "gives": badges.decides(user),
        "give_problems": badges.give_problems(version, by=user, on=on, now=now) if now.asked else [],
        "ends": not badges.end_problems(version, by=user, on=on, now=now),
        "holds_until": day(badges.last_day(on)),
    }


def scored(row: Trust) -> dict:
    grade = trust.grade(row.score)
    return {
        "row": row,
        "review": row.review,
        "score": row.score,
        "mark": MARKS[grade],
        "grade": grades()[grade],
        "lines": lines(row),
    }


def kind(now: badges.Standing) -> str:
    """The look of the badge: that of certified figures, or of provisional ones."""
    return "certified" if now.state == "certified" else "provisional"


def standing_said(now: badges.Standing) -> str:
    """“Certified until 31 Dec 2026”, or what has become of it."""
    if now.state == "none":
        return _("Not certified")
    said = {"last": day(now.last)}
    if now.state == "outdated":
        return _("Certified for version %(number)s") % {"number": now.badge.version.number}
    return (
        _("Certified until %(last)s") % said if now.state == "certified" else _("Expired on %(last)s") % said
    )


def formula() -> list[tuple[str, int, str]]:
    """Name, weight and share of each part, as the page spells the formula out."""
    counted = {
        "on_time": _(
            "Of the last six reviews, those with all of its data handed in by the moment that counted."
        ),
        "checks": _(
            "Of the checks that name it, or something that it is made from, those that hold; warnings and waived ones"
            " count half."
        ),
        "restated": _(
            "Of the last six frozen reviews, those whose figure was not replaced after the freeze."
        ),
        "conflicts": _(
            "Of the comparisons with another side in this review, those that agree or are decided."
        ),
        "fresh": _(
            "1 up to %(fresh)s days after its oldest data was certified, 0 from %(stale)s days on, evenly between."
        )
        % {"fresh": trust.FRESH, "stale": trust.STALE},
    }
    named = labels()
    return [(named[code], weight, counted[code]) for code, weight in trust.WEIGHTS.items()]


def titles() -> dict[str, str]:
    """Kind of file → its name."""
    from metrics import known_profiles  # noqa: PLC0415 - profiles load numpy; pages start without it

    language = get_language() or "en"
    return {known.name: known.title(language) for known in known_profiles.everything()}


def day(on) -> str:
    return days.day(on, get_language() or "en")
