"""A bad end is told: to administrators, and to its owner where a chat address is switched off."""

import datetime as dt

from django.utils.translation import gettext as _

from reviewhub.notices import planning
from reviewhub.notices.models import Channel, Delivery, Webhook
from reviewhub.people.models import Company

KIND = "delivery.ended_badly"
WEBHOOK_DISABLED = "webhook.disabled"
FAILURES = 12
REFUSED, GIVEN_UP = "refused", "given_up"


def ended_badly(delivery: Delivery, state: str, *, at: dt.datetime) -> None:
    """Tell the administrators, once a day for all of them: the queue page has the list. See to a chat address."""
    company = Company.objects.first()
    if company is not None:
        planning.raise_occurrence(KIND, company, at=at, cycle_key=f"{at:%Y-%m-%d}")
    if delivery.channel == Channel.CHAT:
        if state == Delivery.State.FAILED:
            switch_off(delivery.webhook_id, REFUSED, at=at)
        elif state == Delivery.State.DEAD:
            switch_off(delivery.webhook_id, GIVEN_UP, at=at, failures=FAILURES)


def switch_off(webhook_id: int, reason: str, *, at: dt.datetime, failures: int = 0) -> bool:
    """Post nothing there any more, if it failed at least so often in a row, and tell its owner. `reason` is a code."""
    rows = Webhook.objects.enabled().filter(pk=webhook_id, failures__gte=failures)
    if not rows.update(disabled_at=at, disabled_reason=reason):
        return False
    hook = Webhook.objects.get(pk=webhook_id)
    planning.raise_occurrence(WEBHOOK_DISABLED, hook, at=at, cycle_key=f"{at:%Y-%m-%dT%H:%M:%S}")
    return True


def why(hook: Webhook) -> str:
    """Why it was switched off, in words."""
    words = {
        REFUSED: _("The other side refused a post for good: the address is wrong or no longer valid."),
        GIVEN_UP: _("Posts failed for a day."),
    }
    return words.get(hook.disabled_reason, hook.disabled_reason)
