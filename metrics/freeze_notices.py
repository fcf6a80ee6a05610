"""The late-change radar: whoever saw figures that were restated afterwards is told which, and why."""

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from metrics import restated, sightings
from metrics.definitions import Definitions
from metrics.figure_words import in_words
from metrics.freezing import RESTATED
from metrics.models import Metric, Sight, Snapshot
from metrics.readings import open_codes
from reviewhub.notices import kinds
from reviewhub.people.models import Confidentiality, User

MOST_LINES = 12


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=RESTATED,
            label=gettext_lazy("Frozen figures were restated"),
            note=gettext_lazy(
                "Only to those who saw the old figures: which changed, from what to what, and why."
            ),
            recipients=saw_the_old,
            recheck=recheck,
            render=content,
            # Of two restatements in a row one message tells both: from the figure one saw to the one that counts.
            series=lambda occurrence: f"review:{snapshot(occurrence).review_id}",
            reasons={"seen": gettext_lazy("They have opened the new figures meanwhile.")},
        )
    )


def snapshot(occurrence) -> Snapshot:
    return Snapshot.objects.select_related("review").get(pk=occurrence.subject_id)


def saw_the_old(occurrence):
    row = snapshot(occurrence)
    saw = Sight.objects.filter(review=row.review_id, number__lt=row.number)
    return User.objects.active().filter(pk__in=saw.values("user"))


def recheck(occurrence, user, at) -> str:
    row = snapshot(occurrence)
    saw = Sight.objects.filter(review=row.review_id, user=user, number__lt=row.number)
    return "" if saw.exists() else "seen"


def content(occurrence, user) -> kinds.Content:
    row = snapshot(occurrence)
    later = (sightings.news(row.review, user) if user else None) or [row]
    told = told_to(user, later)
    counted = ngettext(
        "%(count)s figure that you may read has changed.",
        "%(count)s figures that you may read have changed.",
        len(told),
    )
    reasons = [_("Why: %(reason)s") % {"reason": one.reason} for one in later if one.reason]
    return kinds.Content(
        title=_("Restated after you read it: %(review)s") % {"review": row.review.title},
        lines=(counted % {"count": len(told)}, *reasons, f"#{later[0].previous[:8]} → #{later[-1].short}"),
        action=_("See what changed"),
        path=reverse("preread" if user and user.is_partner else "freeze", args=[row.review.code]),
        items=tuple(told[:MOST_LINES]),
        thread=f"freeze:{row.review.code}",
        urgent=True,
        state="warn",
    )


def told_to(user, later: list[Snapshot]) -> list[kinds.Item]:
    """The changed figures as lines; what is confidential is not sent, not even to those who may read it (C2)."""
    changes = restated.since(later)
    open_to_all = Metric.objects.filter(confidentiality__lte=Confidentiality.INTERNAL)
    named = set(
        open_to_all.filter(code__in=[one["metric"] for one in changes]).values_list("code", flat=True)
    )
    readable = named & open_codes(user, named) if user else set()
    definitions, language = Definitions.frozen(later[-1]), get_language() or "en"
    found = []
    for one in changes:
        definition = definitions.get(one["metric"])
        if one["metric"] in readable and definition:
            old, new = (
                in_words(one[side] and Decimal(one[side]), definition, language) for side in ("old", "new")
            )
            found.append(
                kinds.Item(definition.name, f"{old} → {new}", reverse("metric", args=[one["metric"]]))
            )
    return found
