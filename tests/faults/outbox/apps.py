"""Two kinds, told to one person each: one that is sent again when in doubt, one that is not."""

import datetime as dt
import os

from django.apps import AppConfig

# Kind → whether it is sent again when in doubt.
KINDS = {"fault.loss_is_worse": True, "fault.twice_is_worse": False}


class OutboxFaults(AppConfig):
    name = "tests.faults.outbox"
    label = "outbox_faults"

    def ready(self):
        from reviewhub.notices import crashpoints, kinds  # noqa: PLC0415 - models are not loaded when this module is

        for code, again in KINDS.items():
            kinds.register(
                kinds.Kind(
                    code=code,
                    label=code,
                    note="",
                    subjects=lambda since, until, code=code: people(code),
                    plans=plans,
                    recipients=lambda occurrence: people(occurrence.kind).filter(pk=occurrence.subject_id),
                    render=lambda occurrence, user: kinds.Content(title=f"Letter for {user.username}"),
                    latest=lambda occurrence: occurrence.due_at,  # whatever the hour
                    resend_in_doubt=again,
                )
            )
        from celery.signals import worker_init  # noqa: PLC0415

        worker_init.connect(preload)
        crashpoints._kill = noted(crashpoints._kill, "kill")
        crashpoints._pause = noted(crashpoints._pause, "pause")


def preload(**_event):
    """What the first letter of a worker would load: once for the parent instead of once for each child after a kill."""
    from django.template import loader  # noqa: PLC0415
    from django.urls import get_resolver  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    from reviewhub.notices.channels import mail  # noqa: F401, PLC0415

    get_resolver().reverse_dict  # noqa: B018 - it imports every page
    for language in ("zh-hans", "en"):
        with translation.override(language):
            translation.gettext("Mail")
    for name in ("mail.html", "mail.txt", "mail_notice.html", "mail_notice.txt"):
        loader.get_template(f"notices/{name}")


def people(code):
    from reviewhub.people.models import User  # noqa: PLC0415

    return User.objects.filter(username__startswith=code).order_by("pk")


def plans(person, since, until):
    from reviewhub.notices import kinds  # noqa: PLC0415

    due_at = dt.datetime.fromisoformat(os.environ["FAULTS_DUE_AT"])
    return [kinds.Plan("once", due_at)] if since < due_at <= until else []


def noted(act, what):
    """`act`, after a line about it in the file FAULTS_LOG: a killed process says nothing afterwards."""

    def first_write(name, *rest):
        with open(os.environ["FAULTS_LOG"], "a", buffering=1) as log:
            log.write(f"{what} {name}\n")
        act(name, *rest)

    return first_write
