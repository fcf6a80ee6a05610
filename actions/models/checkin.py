"""The biweekly progress check-in: its rhythm, what each owner said about each task, and who holds up whom."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actions.models.action import Action
from reviewhub.people.models import Assignment, Department, User
from reviewhub.people.permissions import may

LONGEST = 300


class CheckInRhythm(models.Model):
    """When the company checks in: on `anchor_on` and every `every_days` after it, at `at` on the company's wall.

    One row. Before `changed_at` nothing is due by it: a rhythm that is switched on or moved asks for no past turn.
    """

    anchor_on = models.DateField()
    at = models.TimeField(default=dt.time(9, 30))
    every_days = models.PositiveSmallIntegerField(default=14)
    is_on = models.BooleanField(default=True)
    weekly_in_peaks = models.BooleanField(
        default=True,
        help_text=_("Every week on the same weekday, from the first to the last day of a peak season."),
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="checkin_rhythm_is_one"),
            # A turn is named by its ISO week: two in one week would be the same one.
            models.CheckConstraint(condition=Q(every_days__in=[7, 14, 21, 28]), name="checkin_whole_weeks"),
        ]


class CheckInQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What was said about an action is seen by whoever sees the action; a partner sees its own people's."""
        return self.filter(action__in=Action.objects.visible_to(user))

    def of_cycle(self, cycle_key):
        return self.filter(cycle_key=cycle_key)

    def latest_first(self):
        return self.order_by("-id")


class CheckIn(models.Model):
    """What an owner said about one task in one turn. Saying something else adds a row; the latest counts."""

    class Confidence(models.TextChoices):
        HIGH = "high", pgettext_lazy("confidence", "High")
        MID = "mid", pgettext_lazy("confidence", "Medium")
        LOW = "low", pgettext_lazy("confidence", "Low")

    action = models.ForeignKey(Action, models.CASCADE, related_name="checkins")
    by = models.ForeignKey(User, models.PROTECT, related_name="checkins")
    at = models.DateTimeField()
    cycle_key = models.CharField(max_length=10)
    status_before = models.CharField(max_length=8, choices=Action.Status)
    status_after = models.CharField(max_length=8, choices=Action.Status)
    blocked_by_department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+"
    )
    blocked_by_person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sentence = models.CharField(max_length=LONGEST, blank=True)
    confidence = models.CharField(max_length=4, choices=Confidence, blank=True)
    by_link = models.BooleanField(default=False, help_text=_("Through the link of a mail, not signed in."))

    objects = CheckInQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["by", "at"]), models.Index(fields=["cycle_key", "action"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(blocked_by_department=None) | Q(blocked_by_person=None),
                name="checkin_blocked_by_one",
            )
        ]


class BlockerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever is asked for help sees it, and whoever sees the action."""
        if not user.is_active:
            return self.none()
        return self.filter(self.asked(user) | Q(action__in=Action.objects.visible_to(user)))

    def asking(self, user):
        """Those that are addressed to `user`, in person or as the one who answers for a department."""
        return self.filter(self.asked(user)) if user.is_active else self.none()

    def unended(self):
        return self.filter(ended_at=None)

    def standing(self):
        """Somebody is waited for: not lifted yet, and the action is open."""
        return self.unended().exclude(action__status__in=[Action.Status.DONE, Action.Status.DROPPED])

    def unanswered(self, at):
        """The clock has run out: nobody answered, or help that was promised has not come. A refusal is an answer."""
        return self.standing().filter(due_at__lte=at).exclude(state=Blocker.State.REFUSED)

    def escalated_to(self, user, at):
        """Those that went past their clock and are of a person whose department `user` leads; of everybody for
        whoever decides for the company, once it went past them too."""
        led = Assignment.objects.filter(user=user, role__code__in=ANSWERS_FOR, ended_at=None)
        above = Q(person__department__in=led.filter(department__isnull=False).values("department"))
        if may(user, "budget.approve") and not user.is_partner:
            above |= Q(escalates_at__lte=at)
        return self.visible_to(user).unanswered(at).filter(above)

    @staticmethod
    def asked(user):
        held = Assignment.objects.filter(
            user=user, role__code__in=ANSWERS_FOR, ended_at=None, department__isnull=False
        )
        return Q(person=user) | Q(department__in=held.values("department"))


# Who answers for a department.
ANSWERS_FOR = ("lead", "partner")


class Blocker(models.Model):
    """Somebody's help that an action waits for: three working days, from the first time it was named.

    A refusal does not end it: the action still waits, for its owner to name somebody else or to go on without.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for an answer")
        ACCEPTED = "accepted", _("Help is promised")
        REFUSED = "refused", _("Refused")
        HELPED = "helped", _("Helped")
        CLEARED = "cleared", _("No longer needed")

    action = models.ForeignKey(Action, models.CASCADE, related_name="blockers")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="blockers")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="blockers")
    wanted = models.CharField(max_length=LONGEST, help_text=_("What is needed, in the owner's words."))
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_at = models.DateTimeField(help_text=_("Answer by; once help is promised, help by."))
    escalates_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(max_length=LONGEST, blank=True)

    objects = BlockerQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["action"], condition=Q(ended_at=None), name="one_standing_blocker"
            ),
            models.CheckConstraint(
                condition=Q(department=None, person__isnull=False) | Q(department__isnull=False, person=None),
                name="blocker_names_one",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_by__isnull=False), name="blocker_ended_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | ~Q(state__in=["helped", "cleared"]),
                name="blocker_ends_with_its_end",
            ),
        ]

    @property
    def named(self) -> str:
        """The department or person that is asked, in the reader's language."""
        return self.department.name if self.department else self.person.display_name
