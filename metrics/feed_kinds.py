"""What is told about sources: one that was switched off, to whoever looks after it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics import feed_words
from metrics.models.feed import NOTICE, Feed
from reviewhub.notices import kinds
from reviewhub.people.models import User


def register() -> None:
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
