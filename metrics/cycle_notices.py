"""What data owners and departments are told of a review on its way: definitions that changed, differences that wait."""

import datetime as dt
import zoneinfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics import data_notices, unsettled
from metrics.models import CheckRun, MetricVersion, PinnedVersion, Review
from metrics.pair_words import pair_title
from reviewhub.notices import kinds, ladder
from reviewhub.people.models import Confidentiality, User
from reviewhub.people.permissions import may

DEFINITIONS, CONFLICTS = "definitions.frozen", "conflict.waiting"
BEFORE = 10  # days before the meeting
MORNING = dt.time(9)
MOST_NAMED = 12


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=DEFINITIONS,
            label=gettext_lazy("Definitions of a review that changed"),
            note=gettext_lazy("Ten days before the meeting, if some are other than in the review before."),
            subjects=open_reviews,
            plans=definition_plans,
            recipients=judged_by_them,
            recheck=still_open,
            render=definitions_content,
            verdict=verdict,
            concerns=lambda user: may(user, "submission.hand_in") or may(user, "figure.certify"),
            reasons={"frozen": gettext_lazy("The figures were frozen.")},
        )
    )
    kinds.register(
        kinds.Kind(
            code=CONFLICTS,
            label=gettext_lazy("Differences wait for your decision"),
            note=gettext_lazy(
                "Every morning from the deadline of the data to the freeze, while some are not decided."
            ),
            subjects=open_reviews,
            plans=conflict_plans,
            recipients=lambda occurrence: data_notices.holders("figure.certify"),
            recheck=still_waiting,
            render=conflicts_content,
            verdict=verdict,
            concerns=lambda user: may(user, "figure.certify"),
            reasons={
                "frozen": gettext_lazy("The figures were frozen."),
                "decided": gettext_lazy("It was decided meanwhile."),
            },
        )
    )


def open_reviews(since: dt.datetime, until: dt.datetime):
    rows = Review.objects.filter(state=Review.State.OPEN, meeting_at__gt=since)
    return rows.filter(meeting_at__lte=until + dt.timedelta(days=BEFORE + 1)).order_by("pk")


def review_of(occurrence) -> Review:
    return Review.objects.get(pk=occurrence.subject_id)


def mornings(review: Review, since: dt.datetime, until: dt.datetime) -> list[tuple[dt.date, dt.datetime]]:
    return ladder.mornings(MORNING, zoneinfo.ZoneInfo(review.time_zone), since, until)


def verdict(occurrence, at: dt.datetime) -> str:
    return kinds.EXPIRE if at >= review_of(occurrence).meeting_at else kinds.SEND


def still_open(occurrence, user, at: dt.datetime) -> str:
    return "" if review_of(occurrence).state == Review.State.OPEN else "frozen"


# --- Definitions --------------------------------------------------------------------------------------------


def definition_plans(review: Review, since: dt.datetime, until: dt.datetime) -> list[kinds.Plan]:
    zone = zoneinfo.ZoneInfo(review.time_zone)
    day = review.meeting_at.astimezone(zone).date() - dt.timedelta(days=BEFORE)
    due = [at for morning, at in mornings(review, since, until) if morning == day]
    return [kinds.Plan("T-10", due[0])] if due and changed(review) else []


def changed(review: Review) -> list[MetricVersion]:
    """The definitions of the review that are other ones than in the review before, or new; confidential ones apart."""
    rows = Review.objects.filter(period_end__lt=review.period_end).order_by("-period_end", "-pk")
    former = rows.exclude(state=Review.State.OPEN).first() or rows.first()
    if former is None:
        return []
    before = PinnedVersion.objects.filter(review=former).values("version")
    pinned = MetricVersion.objects.filter(
        pk__in=PinnedVersion.objects.filter(review=review).values("version")
    )
    pinned = pinned.exclude(pk__in=before).filter(
        metric__is_enabled=True, metric__confidentiality__lte=Confidentiality.INTERNAL
    )
    return list(pinned.select_related("metric", "owner_dept").order_by("metric__position"))


def judged_by_them(occurrence):
    """Who hands in what they judge, and who certifies it; partners see what is shared with them."""
    found = data_notices.holders("figure.certify")
    for department in {one.owner_dept_id: one.owner_dept for one in changed(review_of(occurrence))}.values():
        if department is not None:
            found |= data_notices.hands_in(department)
    return found.exclude(department__kind="partner").distinct()


def definitions_content(occurrence, user) -> kinds.Content:
    review = review_of(occurrence)
    found = changed(review)
    said = ngettext(
        "%(count)s definition is another one than in the review before.",
        "%(count)s definitions are other ones than in the review before.",
        len(found),
    )
    return kinds.Content(
        title=_("Definitions of %(review)s") % {"review": review.title},
        lines=(
            said % {"count": len(found)},
            _("Data is checked by these; the freeze keeps them for good."),
        ),
        items=tuple(
            kinds.Item(f"{one.name} v{one.number}", one.reason, reverse("metric", args=[one.metric.code]))
            for one in found[:MOST_NAMED]
        ),
        action=_("Open the dictionary"),
        path=reverse("dictionary"),
        thread=f"definitions:{review.code}",
    )


# --- Differences --------------------------------------------------------------------------------------------


def waiting(review: Review) -> list[tuple[str, bool]]:
    run = CheckRun.objects.shown(review)
    return unsettled.unsettled(review, run) if run else []


def conflict_plans(review: Review, since: dt.datetime, until: dt.datetime) -> list[kinds.Plan]:
    found = [at for _day, at in mornings(review, since, until) if review.due_at < at < review.freeze_at]
    return [kinds.Plan(f"{at:%Y%m%d}", at) for at in found] if found and waiting(review) else []


def still_waiting(occurrence, user, at: dt.datetime) -> str:
    review = review_of(occurrence)
    if review.state != Review.State.OPEN:
        return "frozen"
    return "" if waiting(review) else "decided"


def conflicts_content(occurrence, user: User | None) -> kinds.Content:
    """Which pairs, and how many of them stop the freeze. No figures."""
    review = review_of(occurrence)
    found = waiting(review)
    stops = sum(blocks for _pair, blocks in found)
    names = dict.fromkeys(pair_title(pair) for pair, _blocks in sorted(found, key=lambda one: not one[1]))
    said = ngettext(
        "%(count)s difference waits for a decision.", "%(count)s differences wait for a decision.", len(found)
    )
    lines = [said % {"count": len(found)}]
    if stops:
        lines.append(
            _("%(count)s of them stop the freeze on %(when)s.")
            % {
                "count": stops,
                "when": data_notices.moment(review.freeze_at),
            }
        )
    return kinds.Content(
        title=_("Differences to decide: %(review)s") % {"review": review.title},
        lines=tuple(lines),
        items=tuple(kinds.Item(name) for name in list(names)[:MOST_NAMED]),
        action=_("Decide"),
        path=f"{reverse('reconciliation')}?review={review.code}",
        thread=f"conflicts:{review.code}",
        urgent=bool(stops),
        state="warn",
    )
