"""Kinds that belong to no other app: a test of one's channels, and what administrators must know of the queue."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviewhub.notices import kinds
from reviewhub.notices.channels.ending import KIND as ENDED_BADLY
from reviewhub.notices.channels.ending import WEBHOOK_DISABLED, why
from reviewhub.notices.models import Delivery, Webhook
from reviewhub.notices.packing import TEST
from reviewhub.people.models import Role, User
from reviewhub.people.permissions import may


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=ENDED_BADLY,
            label=gettext_lazy("Mail or chat that did not arrive"),
            note=gettext_lazy("For administrators: refused, given up or in doubt, once a day."),
            recipients=administrators,
            render=_ended_badly,
            mail=False,
            concerns=lambda user: may(user, "people.manage"),
        )
    )
    kinds.register(
        kinds.Kind(
            code=WEBHOOK_DISABLED,
            label=gettext_lazy("A chat address was switched off"),
            note=gettext_lazy("After an error that does not pass by itself."),
            recipients=lambda occurrence: User.objects.filter(webhooks__pk=occurrence.subject_id),
            render=_webhook_disabled,
            concerns=lambda user: user.webhooks.exists(),
        )
    )
    kinds.register(
        kinds.Kind(
            code=TEST,
            label=gettext_lazy("A test"),
            note=gettext_lazy("Asked for by yourself."),
            recipients=lambda occurrence: User.objects.filter(pk=occurrence.subject_id),
            render=_test,
            latest=lambda occurrence: occurrence.due_at,  # asked for now, whatever the hour
            chosen=False,
            series=None,
        )
    )


def administrators(occurrence):
    """Those who look after accounts and the queue."""
    codes = [role.code for role in Role.objects.all() if "people.manage" in role.abilities]
    held = User.objects.active().filter(assignments__role__code__in=codes, assignments__ended_at=None)
    return (held | User.objects.active().filter(is_superuser=True)).distinct()


def _ended_badly(occurrence, user):
    bad = Delivery.objects.filter(
        state__in=[Delivery.State.FAILED, Delivery.State.DEAD, Delivery.State.IN_DOUBT],
        finished_at__date=occurrence.due_at.date(),
    )
    return kinds.Content(
        title=_("%(count)s notices did not arrive, or nobody knows") % {"count": bad.count()},
        lines=(_("They stand in the inbox of their readers. The queue says why and can send them again."),),
        action=_("Open the queue"),
        path="/notices/queue/",
        state="warn",
    )


def _webhook_disabled(occurrence, user):
    hook = Webhook.objects.filter(pk=occurrence.subject_id).first()
    said = {"name": hook.name if hook else "–"}
    return kinds.Content(
        title=_("The chat address “%(name)s” was switched off") % said,
        lines=(why(hook) if hook else "–", _("Check the address and switch it on again.")),
        action=_("Open my notices"),
        path="/notices/settings/",
        state="fail",
    )


def _test(occurrence, user):
    return kinds.Content(
        title=_("This is a test from ReviewHub"),
        lines=(_("If you can read this, notices reach you here."),),
        action=_("Choose what you are told"),
        path="/notices/settings/",
    )
