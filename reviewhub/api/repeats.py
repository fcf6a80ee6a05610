"""A write that is asked for twice happens once: the second time it is answered what was answered first."""

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.db.models import Q

from reviewhub.api.models import KeptAnswer, Token

KEPT = dt.timedelta(days=2)
# Longer than any write takes; a process that was killed holds its key no longer than this.
LEASE = dt.timedelta(minutes=2)


class OtherBody(Exception):
    """This key came before, with another request."""


class StillRunning(Exception):
    """The first request with this key has not ended yet."""


class Overtaken(Exception):
    """Another process carries this write out now: nothing of ours may stay."""


def claim(token: Token, key: uuid.UUID, fingerprint: str, *, at: dt.datetime) -> KeptAnswer:
    """The row of this key: its `status` is the answer given before, or None when the caller is to carry it out.

    Raises OtherBody, StillRunning.
    """
    fresh = KeptAnswer(token=token, key=key, fingerprint=fingerprint, begun_at=at, lease_until=at + LEASE)
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
        return fresh
    except IntegrityError:
        kept = KeptAnswer.objects.get(token=token, key=key)
    if kept.fingerprint != fingerprint:
        raise OtherBody
    if kept.status is not None:
        return kept
    claimed = uuid.uuid4()
    free = KeptAnswer.objects.filter(pk=kept.pk, status=None, claim=kept.claim, lease_until__lt=at)
    if not free.update(claim=claimed, begun_at=at, lease_until=at + LEASE):
        raise StillRunning
    kept.claim = claimed
    return kept


def finish(kept: KeptAnswer, status: int, body: dict) -> None:
    """Keep the answer; inside the transaction of the write itself, so that both are there or neither. Overtaken."""
    if not _ours(kept).update(status=status, body=_storable(body)):
        raise Overtaken


def release(kept: KeptAnswer) -> None:
    """The write broke off and left nothing: the same key may try again."""
    _ours(kept).delete()


def forget(*, at: dt.datetime) -> int:
    """Remove the answers whose time is over; how many."""
    over = Q(begun_at__lt=at - KEPT) & (Q(status__isnull=False) | Q(lease_until__lt=at))
    return KeptAnswer.objects.filter(over).delete()[0]


def _storable(value):
    """`value` without the signs that PostgreSQL refuses in JSON: a refusal may repeat what was sent."""
    if isinstance(value, dict):
        return {_storable(key): _storable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_storable(one) for one in value]
    return value.replace("\0", "␀").encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _ours(kept: KeptAnswer):
    return KeptAnswer.objects.filter(pk=kept.pk, claim=kept.claim, status=None)
