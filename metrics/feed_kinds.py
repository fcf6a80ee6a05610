"""What is told about sources: one that is down, to Technology; one that was switched off, to whoever looks after it."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics import data_notices, feed_words
from metrics.models import FeedOutage
from metrics.models.feed import NOTICE, WARNED, Feed
from reviewhub.notices import kinds
from reviewhub.people.models import User

DOWN = "feed.down"
LASTS = dt.timedelta(minutes=30)  # shorter ones mend themselves
TECHNOLOGY = "TEC"


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=DOWN,
            label=gettext_lazy("A source is down"),
            note=gettext_lazy(
                "After half an hour, once for each outage: to Technology and whoever looks after it."
            ),
            subjects=outages,
            plans=lambda row, since, until: [kinds.Plan("down", row.since + LASTS)],
            recipients=who_mend,
            recheck=lambda occurrence, user, at: "over" if outage(occurrence).until else "",
            render=_down,
            series=lambda occurrence: f"feed:{outage(occurrence).feed_id}",
            reasons={"over": gettext_lazy("The source runs again.")},
            concerns=lambda user: user.feeds.exists() or leads_technology(user),
        )
    )
    kinds.register(
        kinds.Kind(
            code=WARNED,
            label=gettext_lazy("A source gives something unusual"),
            note=gettext_lazy(
                "Fewer or more rows, figures that jump, a certificate that ends: once each, to Technology and whoever"
                " looks after it."
            ),
            recipients=lambda occurrence: who_mend_feed(occurrence.subject_id),
            recheck=lambda occurrence, user, at: "" if _warnings(occurrence) else "over",
            render=_warned,
            series=lambda occurrence: f"feed:{occurrence.subject_id}",
            reasons={"over": gettext_lazy("The source gives what it usually does.")},
            concerns=lambda user: user.feeds.exists() or leads_technology(user),
        )
    )
    kinds.register(
        kinds.Kind(
            code=NOTICE,
            label=gettext_lazy("A source was switched off"),
            note=gettext_lazy("After it failed five times for a reason that does not pass by itself."),
            recipients=lambda occurrence: User.objects.active().filter(feeds__pk=occurrence.subject_id),
            render=_disabled,
            recheck=lambda occurrence, user, at: "" if _off(occurrence) else "over",
            reasons={"over": gettext_lazy("The source runs again.")},
            concerns=lambda user: user.feeds.exists(),
        )
    )


def _off(occurrence) -> bool:
    return Feed.objects.filter(pk=occurrence.subject_id, disabled_at__isnull=False).exists()


def _disabled(occurrence, user):
    feed = Feed.objects.filter(pk=occurrence.subject_id).first()
    return kinds.Content(
        title=_("The source “%(name)s” was switched off") % {"name": feed.name if feed else "–"},
        lines=(
            feed_words.worded(feed.problem) if feed else "–",
            _("Mend that, then switch it on again."),
        ),
        action=_("Open the source"),
        path=f"/sources/{occurrence.subject_id}/",
        state="fail",
    )


# --- Down ---------------------------------------------------------------------------------------------------


def outages(since: dt.datetime, until: dt.datetime):
    """Those that last since half an hour by now."""
    return FeedOutage.objects.filter(until=None, since__lte=until - LASTS).order_by("pk")


def outage(occurrence) -> FeedOutage:
    return FeedOutage.objects.select_related("feed__department", "feed__owner").get(pk=occurrence.subject_id)


def leads_technology(user: User) -> bool:
    led = user.assignments.filter(role__code="lead", department__code=TECHNOLOGY, ended_at=None)
    return led.exists()


def who_mend(occurrence):
    return who_mend_feed(outage(occurrence).feed_id)


def who_mend_feed(pk):
    """The lead of Technology, and whoever looks after the source."""
    leads = User.objects.active().filter(
        assignments__role__code="lead",
        assignments__department__code=TECHNOLOGY,
        assignments__ended_at=None,
    )
    return (leads | User.objects.active().filter(feeds__pk=pk)).distinct()


def _down(occurrence, user):
    row = outage(occurrence)
    said = {"name": row.feed.name, "department": row.feed.department.name}
    return kinds.Content(
        title=_("The source “%(name)s” is down") % said,
        lines=(
            _("Since %(when)s; data of %(department)s waits for it.")
            % (said | {"when": data_notices.moment(row.since)}),
            feed_words.worded(row.feed.problem) if row.feed.problem else "",
        ),
        action=_("Open the source"),
        path=f"/sources/{row.feed_id}/",
        urgent=True,
        state="fail",
    )


def _warnings(occurrence) -> list[dict]:
    feed = Feed.objects.filter(pk=occurrence.subject_id).first()
    return feed.warnings if feed else []


def _warned(occurrence, user):
    feed = Feed.objects.filter(pk=occurrence.subject_id).first()
    return kinds.Content(
        title=_("The source “%(name)s” gives something unusual") % {"name": feed.name if feed else "–"},
        lines=tuple(feed_words.warned(feed.warnings)) if feed else (),
        action=_("Open the source"),
        path=f"/sources/{occurrence.subject_id}/",
        state="warn",
    )
