"""Rows of the outbox, made by name: what was told to whom, how it travels, chat addresses."""

import datetime as dt
import itertools

from reviewhub.notices import kinds, packing
from reviewhub.notices.models import Delivery, Message, Occurrence, Webhook
from tests.make import AT

_number = itertools.count(1)


def message(user, *, kind=packing.TEST, at=AT, channel="inapp", **fields) -> Message:
    """One message to `user` that came at `at`, as the expander leaves it behind."""
    number = next(_number)
    occurrence = Occurrence.objects.create(
        kind=kind,
        subject_type="people.user",
        subject_id=str(user.pk),
        cycle_key=f"made-{number}",
        due_at=fields.pop("due_at", at),
        planned_at=at,
        state=Occurrence.State.FIRED,
    )
    state = fields.pop("state", "shown" if channel == "inapp" else "queued")
    return Message.objects.create(
        occurrence=occurrence,
        user=user,
        channel=channel,
        idem=f"made-{number}",
        state=state,
        not_before=at,
        created_at=at,
        **fields,
    )


def delivery(user=None, *, state="sent", at=AT, channel="email", kind=packing.TEST, **fields) -> Delivery:
    """One mail to `user` (or a post to `webhook`) with one message in it."""
    number = next(_number)
    made = Delivery.objects.create(
        user=user,
        channel=channel,
        idem=f"delivery-{number}",
        message_id=f"<{number}@reviewhub.localdomain>",
        state=state,
        not_before=fields.pop("not_before", at),
        created_at=at,
        finished_at=fields.pop("finished_at", at if state in Delivery.FINAL else None),
        **fields,
    )
    if user:
        message(user, kind=kind, at=at, channel=channel, state="packed", delivery=made)
    return made


def hook(owner, **fields) -> Webhook:
    """A chat address of a person."""
    given = {"name": "Feishu of Li Na", "url": "https://open.feishu.cn/open-apis/bot/v2/hook/k3y-of-it"}
    given |= {"audience": "person", "created_at": AT} | fields
    return Webhook.objects.create(owner=owner, **given)


def kind(code, title="Publish the adjustment", **fields) -> kinds.Kind:
    """A kind for one test; register it with the fixture `kind`."""
    content = fields.pop("content", kinds.Content(title=title, path="/actions/", action="Open it"))
    render = fields.pop("render", lambda occurrence, user: content)
    given = {"label": "A kind of the test", "note": "For this test.", "recipients": lambda occurrence: []}
    return kinds.Kind(code=code, render=render, **given | fields)


def hours(count: float) -> dt.timedelta:
    return dt.timedelta(hours=count)
