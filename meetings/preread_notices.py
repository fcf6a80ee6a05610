"""The notice that the pre-read is out: to everybody who comes to the meeting, once both sides have signed."""

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from meetings import preread
from meetings.models import Receipt
from metrics.models import Review, Snapshot
from reviewhub.notices import kinds
from reviewhub.people.models import Assignment, Role, User

OUT = "preread.out"
READERS = ("submission.hand_in", "meeting.override", "meeting.run", "meeting.assist", "figure.certify")


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=OUT,
            label=gettext_lazy("The pre-read is out"),
            note=gettext_lazy("How long it takes to read. Whoever has read it already hears nothing."),
            subjects=subjects,
            plans=lambda snapshot, since, until: [kinds.Plan("out", snapshot.frozen_at)],
            recipients=readers,
            recheck=recheck,
            verdict=verdict,
            render=content,
            series=lambda occurrence: f"preread:{of(occurrence).pk}",
            concerns=lambda user: any(user.abilities.get(one) for one in READERS),
            reasons={"read": gettext_lazy("They have read it already.")},
        )
    )


def subjects(since, until):
    """First freezes; a restatement is told by the late-change radar."""
    return Snapshot.objects.filter(number=1, frozen_at__gt=since, frozen_at__lte=until).select_related(
        "review"
    )


def of(occurrence) -> Review:
    return Snapshot.objects.select_related("review").get(pk=occurrence.subject_id).review


def readers(occurrence=None):
    """Whoever leads, runs, decides or certifies; partners read their own part."""
    roles = [role.pk for role in Role.objects.all() if set(role.abilities) & set(READERS)]
    held = Assignment.objects.filter(role__in=roles, ended_at=None)
    return User.objects.active().filter(pk__in=held.values("user"))


def verdict(occurrence, at) -> str:
    return kinds.EXPIRE if at >= of(occurrence).meeting_at else kinds.SEND


def recheck(occurrence, user, at) -> str:
    begun = Receipt.objects.filter(review=of(occurrence), user=user).exists()
    if not begun and not user.is_partner:  # a partner may have nothing to read
        return ""
    found = preread.of(of(occurrence), user, language="en")
    return "read" if found is None or found.receipts >= len(found.parts) else ""


def content(occurrence, user) -> kinds.Content:
    review = of(occurrence)
    found = preread.of(review, user, language=get_language() or "en") if user else None
    total = found.minutes if found else 0
    said = ngettext("About %(total)s minute to read.", "About %(total)s minutes to read.", total)
    lines = [said % {"total": total}] if total else []
    return kinds.Content(
        title=_("Pre-read: %(review)s") % {"review": review.title},
        lines=(*lines, _("What you ask under a figure lands on the agenda.")),
        action=_("Read"),
        path=reverse("preread", args=[review.code]),
        thread=f"preread:{review.code}",
    )
