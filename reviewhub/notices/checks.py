"""What must never be set on a server."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.core.checks import Error, register
from django.db import DatabaseError
from django.utils.translation import gettext_noop as _

from reviewhub.health import checks as doctor
from reviewhub.notices import crashpoints
from reviewhub.notices.models import Delivery

STUCK = dt.timedelta(hours=1)


@register("security", deploy=True)
def no_crash_points(app_configs, **options):
    """TESTING=1 lets an environment variable kill workers and shorten leases."""
    if not crashpoints.IS_TEST:
        return []
    return [Error("TESTING=1 is for tests: it lets workers be killed.", hint="Unset it.", id="notices.E001")]


@register("security", deploy=True)
def no_chat_with_ourselves(app_configs, **options):
    """WEBHOOK_LOOPBACK=1 lets chat be posted to this machine."""
    if not settings.WEBHOOK_LOOPBACK:
        return []
    return [Error("WEBHOOK_LOOPBACK=1 is for tests.", hint="Unset it.", id="notices.E002")]


def chat_stays_outside(at: dt.datetime) -> Iterable[doctor.Finding]:
    """The same, for `manage.py doctor`."""
    if settings.WEBHOOK_LOOPBACK:
        yield doctor.Finding(
            "WEBHOOK_LOOPBACK",
            doctor.MEND,
            _("Chat may be posted to this machine itself: a door for attacks from within."),
            _("Remove WEBHOOK_LOOPBACK from the environment; it is for tests."),
        )


def outbox_moves(at: dt.datetime) -> Iterable[doctor.Finding]:
    """Mails and posts that were due an hour ago and nobody has tried."""
    unsent = [Delivery.State.QUEUED, Delivery.State.SENDING]
    try:
        stuck = Delivery.objects.filter(state__in=unsent, not_before__lt=at - STUCK).count()
    except DatabaseError:
        return  # the check of the database says so
    if stuck:
        yield doctor.Finding(
            "OUTBOX_STUCK",
            doctor.MEND,
            _("%(count)s mails or posts have waited for more than an hour."),
            _("Look at the queue page; is a worker running, and does the mail server answer?"),
            {"count": stuck},
        )


doctor.register("chat", chat_stays_outside)
doctor.register("outbox", outbox_moves)
