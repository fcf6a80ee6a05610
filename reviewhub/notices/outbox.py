"""Claim, mark, send, confirm: exactly once inside the database, and honest about the moment outside it.

Robustness §6: a mail server has no idempotent submit. Between handing over and writing that down lies a window; a
worker that dies there leaves `handed_over_at` behind, and the next one calls the delivery in doubt instead of
guessing. The token fences: who was overtaken changes nothing any more.
"""

import datetime as dt
import logging
import uuid

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from reviewhub.notices import backoff, channels, circuits, packing, waking
from reviewhub.notices.crashpoints import crashpoint, shortened
from reviewhub.notices.models import Delivery

log = logging.getLogger(__name__)
LEASE = shortened("lease", dt.timedelta(minutes=5))
AFTER_DOUBT = shortened("doubt", dt.timedelta(minutes=10))
State = Delivery.State


def deliver(
    *, clock, limit: int | None = None, lease: dt.timedelta = LEASE, lasting: dt.timedelta | None = None
) -> int:
    """Send what is due until nothing is left, `limit` are done or `lasting` is over; how many were attempted.

    `clock()` gives now, UTC. A task ends by itself before its time limit would tear a letter in two.
    """
    done, end = 0, lasting and clock() + lasting
    while (limit is None or done < limit) and (end is None or clock() < end):
        delivery = claim(clock=clock, lease=lease)
        if delivery is None:
            return done
        attempt(delivery, clock=clock, lease=lease)
        done += 1
    return done


def claim(*, clock, lease: dt.timedelta = LEASE) -> Delivery | None:
    """The next due delivery, ours for the length of the lease; None when nothing is due or doors are shut.

    PostgreSQL skips what others hold; on SQLite the IMMEDIATE transaction is the lock, hence the clock inside.
    """
    with transaction.atomic():
        at = clock()
        doors = circuits.shut()
        row = next_of(for_probe(doors, at=at)) or next_of(through_open_doors(doors, at=at))
        if row is None:
            return None
        row.state, row.token = State.SENDING, uuid.uuid4()
        row.attempts, row.lease_until = row.attempts + 1, at + lease
        row.save(update_fields=["state", "token", "attempts", "lease_until"])
    crashpoint("after_claim")
    return row


def next_of(rows) -> Delivery | None:
    return rows.order_by("not_before", "id").select_for_update(skip_locked=True).first()


def through_open_doors(doors: dict, *, at: dt.datetime):
    """What is due; behind a shut door only what was handed over already and needs no door any more."""
    closed = Q(channel__in=doors) & Q(handed_over_at=None)
    return Delivery.objects.claimable(at).exclude(closed)


def for_probe(doors: dict, *, at: dt.datetime):
    """One letter to knock with, if a probe is due: also one that is to be tried again later only."""
    for channel, probe_at in doors.items():
        if probe_at <= at and circuits.take_probe(channel, at=at):
            waits = Q(pk__in=Delivery.objects.claimable(at)) | Q(state=State.RETRY, doubts=0)
            return Delivery.objects.filter(waits, channel=channel)
    return Delivery.objects.none()


def attempt(delivery: Delivery, *, clock, lease: dt.timedelta = LEASE) -> None:
    """One try with a delivery that we hold."""
    if delivery.handed_over_at:  # whoever held it before died in the window
        doubt(delivery, at=clock(), error="handed over, no answer written down")
        return
    if delivery.attempts > backoff.TRIES:  # each of them died before it came this far: it kills its workers
        finish(delivery, State.DEAD, at=clock(), error=delivery.error or "every worker that tried it died")
        return
    try:
        letter = channels.letter(delivery, at=clock())
    except (OperationalError, InterfaceError):
        raise  # the database is in trouble, not the letter: the lease runs out, and it is tried again
    except Exception as error:  # noqa: BLE001 - one letter that cannot be written must not stop the others (F38)
        log.exception("delivery %s cannot be written", delivery.pk)
        said = f"{type(error).__name__}: {error}"
        later(delivery, channels.Outcome("refused", None, said), at=clock())
        return
    if letter is None:
        finish(delivery, State.CANCELLED, at=clock())
        return
    circuits.wait_for_slot(delivery.channel, clock=clock)
    if not mark(delivery, clock=clock, lease=lease):
        return
    crashpoint("after_marker")
    outcome = channels.send(letter)
    confirm(delivery, outcome, at=clock())
    crashpoint("after_confirm")


def mark(delivery: Delivery, *, clock, lease: dt.timedelta = LEASE) -> bool:
    """Write down that the next byte leaves. False when somebody else took it over meanwhile: then nothing leaves."""
    at = clock()
    return bool(fenced(delivery).update(handed_over_at=at, lease_until=at + lease))


def fenced(delivery: Delivery):
    """The row, if it is still ours."""
    return Delivery.objects.filter(pk=delivery.pk, token=delivery.token, state=State.SENDING)


def confirm(delivery: Delivery, outcome: channels.Outcome, *, at: dt.datetime) -> bool:
    """Write down what the other side said. False when the row is not ours any more."""
    probe = False
    if outcome.is_unreachable or outcome.is_unknown:
        probe = circuits.failed(delivery.channel, at=at, error=outcome.error)
    elif outcome.code and circuits.worked(delivery.channel):
        release(delivery.channel, at=at)
    if outcome.is_sent:
        return finish(delivery, State.SENT, at=at, reply_code=outcome.code, error="")
    if outcome.is_unknown:
        return doubt(delivery, at=at, error=outcome.error)
    if outcome.is_permanent:
        return finish(delivery, State.FAILED, at=at, reply_code=outcome.code, error=outcome.error)
    return later(delivery, outcome, at=at, probe=probe)


def release(channel: str, *, at: dt.datetime) -> int:
    """The door is open again: what waited for its next try goes now (F26)."""
    waiting = Delivery.objects.filter(channel=channel, state=State.RETRY, doubts=0, not_before__gt=at)
    return waiting.update(not_before=at)


def later(delivery: Delivery, outcome: channels.Outcome, *, at: dt.datetime, probe: bool = False) -> bool:
    """A definite no for now: nothing was handed over, try again; after a day give up. A probe costs no try."""
    if backoff.is_hopeless(delivery.attempts, since=delivery.created_at, at=at):
        return finish(delivery, State.DEAD, at=at, reply_code=outcome.code, error=outcome.error)
    # A door that opens and shuts may make it try more often than the day has tries; only time ends that.
    attempts = max(delivery.attempts - 1, 1) if probe else min(delivery.attempts, backoff.TRIES - 1)
    wait = backoff.next_try(attempts, seed=str(delivery.pk), since=delivery.created_at, at=at)
    return bool(
        fenced(delivery).update(
            state=State.RETRY,
            token=None,
            lease_until=None,
            handed_over_at=None,
            attempts=attempts,
            not_before=wait,
            reply_code=outcome.code,
            error=outcome.error[:300],
        )
    )


def give_up(*, clock) -> int:
    """What has waited a day behind a door that was shut all that time; how many."""
    given_up = 0
    for channel in circuits.shut_since(clock() - backoff.GIVE_UP_AFTER):
        with transaction.atomic():
            at = clock()
            rows = Delivery.objects.filter(
                channel=channel,
                state__in=[State.QUEUED, State.RETRY],
                created_at__lte=at - backoff.GIVE_UP_AFTER,
            )
            first = rows.first()
            given_up += rows.update(state=State.DEAD, finished_at=at)
            if first:
                channels.ended_badly(first, State.DEAD, at=at)
    return given_up


def doubt(delivery: Delivery, *, at: dt.datetime, error: str) -> bool:
    """Sent or not, nobody knows: once more after ten minutes where losing it is worse, else it stays in doubt."""
    again = delivery.resend_in_doubt and delivery.doubts == 0
    if not again:
        return finish(delivery, State.IN_DOUBT, at=at, error=error, doubts=delivery.doubts + 1)
    return bool(
        fenced(delivery).update(
            state=State.RETRY,
            token=None,
            lease_until=None,
            handed_over_at=None,
            not_before=at + AFTER_DOUBT,
            doubts=delivery.doubts + 1,
            error=error[:300],
        )
    )


def finish(delivery: Delivery, state: str, *, at: dt.datetime, error: str = "", **columns) -> bool:
    """The last word about this delivery, if it is still ours; who looks after it is told of a bad end."""
    columns |= {"state": state, "token": None, "lease_until": None, "finished_at": at, "error": error[:300]}
    with transaction.atomic():
        ours = bool(fenced(delivery).update(**columns))
        if ours and state in (State.FAILED, State.DEAD, State.IN_DOUBT):
            channels.ended_badly(delivery, state, at=at)
    return ours


@transaction.atomic
def again(delivery: Delivery, *, at: dt.datetime) -> bool:
    """An administrator sends it once more, whatever became of it. The Message-ID stays."""
    transaction.on_commit(waking.wake, robust=True)
    final = Delivery.objects.filter(pk=delivery.pk, state__in=[*Delivery.FINAL, State.HELD])
    return bool(
        final.update(
            state=State.QUEUED,
            token=None,
            lease_until=None,
            handed_over_at=None,
            finished_at=None,
            attempts=0,
            not_before=at,
            created_at=at,
            error="",
        )
    )


def is_busy(*, at: dt.datetime) -> bool:
    """Whether somebody is sending: then they will come to what has just been added, too."""
    return Delivery.objects.filter(state=State.SENDING, lease_until__gt=at).exists()


def run(*, clock, limit: int | None = None, lasting: dt.timedelta | None = None) -> int:
    """Pack, send, give up what is beyond hope: what a woken worker does."""
    packing.pack(clock=clock)
    done = deliver(clock=clock, limit=limit, lasting=lasting)
    give_up(clock=clock)
    return done
