"""The outbox against a model in plain Python: whatever happens in whatever order, each message ends in one place."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, strategies
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from reviewhub.notices import channels, crashpoints, expanding, kinds, outbox, own_kinds, planning, restoring
from reviewhub.notices.channels import outcome
from reviewhub.notices.models import Delivery, Message, Occurrence
from reviewhub.people.models import Company, User
from tests.notices.stage import TUESDAY, Killed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
KILLS = (
    "after_expand",
    "after_pack",
    "after_claim",
    "after_marker",
    "before_data",
    "after_250",
    "after_confirm",
)
PAUSES = ("after_claim", "after_marker", "before_data", "after_250", "after_confirm")
ANSWERS = {
    "ok": outcome.sent(250),
    "4xx": outcome.refused(451, "later", permanent=False),
    "5xx": outcome.refused(550, "never", permanent=True),
    "down": outcome.unreachable("connection refused"),
    "timeout": outcome.unknown("no answer"),
    "lost_answer": outcome.unknown("reset after the body"),
}


class Outbox(RuleBasedStateMachine):
    """The model: `taken` counts what the post office took of each idem, `closed` are the tasks that nobody wants told
    any more, `wanted` is every occurrence that was raised; the rest is asked of the rows."""

    def __init__(self):
        super().__init__()
        self.undo = []
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now, self.answer = TUESDAY, "ok"
        self.taken: dict[str, int] = {}
        self.closed: set[str] = set()
        self.raised: set[str] = set()
        self.fault = None
        self.patch(channels, "send", self.send)
        self.patch(crashpoints, "WANTED", "in this process")
        self.patch(crashpoints, "_perhaps", self.perhaps)

    def patch(self, owner, name, value):
        self.undo.append((owner, name, getattr(owner, name)))
        setattr(owner, name, value)

    @initialize()
    def people(self):
        Company.objects.get_or_create(pk=1, defaults={"name": "远帆", "name_en": "Farsail"})
        self.users = [
            User.objects.create(username=f"person{number}", email=f"person{number}@example.com")
            for number in range(2)
        ]
        self.before = dict(kinds._kinds)
        kinds._kinds.clear()
        for code, again in (("again", True), ("never", False)):
            kinds.register(
                kinds.Kind(
                    code=code,
                    label=code,
                    note="",
                    recipients=lambda occurrence: self.users,
                    render=lambda occurrence, user: kinds.Content(title=occurrence.cycle_key),
                    recheck=lambda occurrence, user, at: (
                        "closed" if occurrence.cycle_key in self.closed else ""
                    ),
                    latest=(lambda occurrence: occurrence.due_at) if again else (lambda occurrence: None),
                    series=None,
                    resend_in_doubt=again,
                )
            )
        own_kinds.register()

    # --- The world outside --------------------------------------------------------------------------------

    def send(self, letter):
        crashpoints.crashpoint("before_data")
        answer = self.answer
        if answer in ("ok", "lost_answer"):
            idem = letter.delivery.idem
            self.taken[idem] = self.taken.get(idem, 0) + 1
        if answer == "ok":
            crashpoints.crashpoint("after_250")
        return ANSWERS[answer]

    def perhaps(self, point):
        if self.fault and self.fault[1] == point:
            kind, self.fault = self.fault[0], None
            if kind == "kill":
                raise Killed
            self.now += outbox.LEASE + dt.timedelta(seconds=1)
            self.worker()  # another one, while this one sleeps past its lease

    def clock(self):
        return self.now

    def worker(self):
        outbox.run(clock=self.clock)

    # --- What may happen ----------------------------------------------------------------------------------

    @rule(kind=strategies.sampled_from(["again", "never"]))
    def raise_one(self, kind):
        name = f"task {len(self.raised)}"
        self.raised.add(name)
        planning.raise_occurrence(kind, Company.objects.first(), at=self.now, cycle_key=name)

    @rule(data=strategies.data())
    def close_a_task(self, data):
        if open_ones := sorted(self.raised - self.closed):
            self.closed.add(data.draw(strategies.sampled_from(open_ones)))

    @rule(minutes=strategies.sampled_from([1, 6, 11, 31, 70, 60 * 9]))
    def time_passes(self, minutes):
        self.now += dt.timedelta(minutes=minutes)

    @rule(answer=strategies.sampled_from(sorted(ANSWERS)))
    def the_mail_server_changes_its_mind(self, answer):
        self.answer = answer

    @rule()
    def a_quiet_minute(self):
        self.tick(None)

    @rule(kind=strategies.sampled_from(["again", "never"]), point=strategies.sampled_from(KILLS))
    def a_worker_is_killed(self, kind, point):
        self.raise_one(kind)
        self.tick(("kill", point))

    @rule(kind=strategies.sampled_from(["again", "never"]), point=strategies.sampled_from(PAUSES))
    def a_worker_sleeps_past_its_lease(self, kind, point):
        self.raise_one(kind)
        self.tick(("pause", point))

    def tick(self, fault):
        self.fault = fault
        try:
            expanding.expand(clock=self.clock)
            self.worker()
        except Killed:
            pass
        self.fault = None

    @rule(decision=strategies.sampled_from([restoring.release, restoring.drop]))
    def restore_a_backup(self, decision):
        restoring.fence(at=self.now)
        self.now += dt.timedelta(minutes=1)
        expanding.expand(clock=self.clock)
        decision(at=self.now)

    # --- What must hold -----------------------------------------------------------------------------------

    @invariant()
    def nothing_is_sent_twice_without_a_doubt(self):
        for row in Delivery.objects.filter(
            idem__in=[idem for idem, times in self.taken.items() if times > 1]
        ):
            assert row.doubts >= 1, f"{row.idem} was taken {self.taken[row.idem]} times and nobody doubts"
            assert self.taken[row.idem] <= 1 + row.resend_in_doubt, row.idem

    @invariant()
    def what_is_called_sent_was_taken(self):
        for row in Delivery.objects.filter(state="sent", channel="email"):
            assert self.taken.get(row.idem), f"{row.idem} is called sent"

    @invariant()
    def everything_is_somewhere_once(self):
        told = Occurrence.objects.filter(kind__in=["again", "never"])
        assert told.count() == len(self.raised)
        for message in Message.objects.filter(channel="email").select_related("delivery"):
            assert (message.state == Message.State.PACKED) == (message.delivery is not None), message.idem
        for row in Delivery.objects.all():
            assert (row.token is None) == (row.state != Delivery.State.SENDING), row.idem
            assert (row.finished_at is not None) == (row.state in Delivery.FINAL), row.idem

    def teardown(self):
        try:
            if hasattr(self, "users"):
                self.drain()
                self.nothing_is_lost()
        finally:
            if hasattr(self, "before"):
                kinds._kinds.clear()
                kinds._kinds.update(self.before)
            for owner, name, value in reversed(self.undo):
                setattr(owner, name, value)
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def drain(self):
        """The mail server is well again, and two days pass."""
        self.answer = "ok"
        restoring.release(at=self.now)
        for _turn in range(30):
            self.tick(None)
            self.now += dt.timedelta(minutes=100)

    def nothing_is_lost(self):
        """Each message is in exactly one final place: sent, refused, given up, in doubt, or not wanted for a reason."""
        assert not Occurrence.objects.filter(state="planned").exists()
        assert not Delivery.objects.exclude(state__in=Delivery.FINAL).exists()
        assert not Delivery.objects.filter(lease_until__isnull=False).exists()
        mine = Message.objects.filter(channel="email", occurrence__kind__in=["again", "never"])
        for message in mine.select_related("delivery", "occurrence"):
            if message.delivery is None:
                assert message.state == "suppressed" and message.reason in (
                    "closed",
                    "cap",
                    "sent_before_restore",
                )
                if message.reason == "closed":
                    assert message.occurrence.cycle_key in self.closed
            elif message.delivery.state == "cancelled":  # it cannot have arrived
                assert not self.taken.get(message.delivery.idem) or message.delivery.doubts
        self.nothing_is_sent_twice_without_a_doubt()
        self.what_is_called_sent_was_taken()


def test_in_whatever_order_things_happen(db, settings):
    settings.MAIL_PER_SECOND = 0
    run_state_machine_as_test(
        Outbox,
        settings=hypothesis_settings(
            max_examples=hypothesis_settings.default.max_examples // 5,
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
        ),
    )
