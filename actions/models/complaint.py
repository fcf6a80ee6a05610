"""Complaints about a partner's service: one thread between a department and the partner, until it is solved."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reviewhub.people.models import Department, User


class ComplaintQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Both sides of it; those who edit every action see them all."""
        if not user.is_active:
            return self.none()
        if not user.is_partner and None in user.abilities.get("action.edit_any", ()):
            return self
        if not user.department_id:
            return self.none()
        if user.is_partner:
            return self.filter(partner=user.department_id)
        return self.filter(Q(department=user.department_id) | Q(partner=user.department_id))

    def open(self):
        return self.exclude(state=Complaint.State.SOLVED)

    def waiting(self):
        """For the word of the partner."""
        return self.filter(state=Complaint.State.OPEN)


class Complaint(models.Model):
    """`reference` names the parcel, order or lane. `answer_by`: until when the partner answers; None while its answer
    is there."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("complaint", "Waits for an answer")
        ANSWERED = "answered", pgettext_lazy("complaint", "Answered")
        SOLVED = "solved", pgettext_lazy("complaint", "Solved")

    class About(models.TextChoices):
        LATE = "late", pgettext_lazy("complaint about", "Late")
        LOST = "lost", _("Lost")
        DAMAGED = "damaged", _("Damaged")
        WRONG = "wrong", _("Wrong parcel or address")
        COST = "cost", _("Charged wrongly")
        OTHER = "other", pgettext_lazy("complaint", "Something else")

    department = models.ForeignKey(Department, models.PROTECT, related_name="complaints_raised")
    partner = models.ForeignKey(Department, models.PROTECT, related_name="complaints_taken")
    about = models.CharField(max_length=7, choices=About)
    reference = models.CharField(max_length=80, blank=True)
    parcels = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answer_by = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        indexes = [models.Index(fields=["partner", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(department=models.F("partner")), name="nobody_complains_of_itself"
            ),
            models.CheckConstraint(
                condition=Q(state="solved", solved_at__isnull=False) | ~Q(state="solved") & Q(solved_at=None),
                name="solved_complaint_has_its_moment",
            ),
            models.CheckConstraint(condition=Q(parcels__gte=1), name="complaint_of_a_parcel"),
        ]

    def __str__(self):
        return self.title


class ComplaintLine(models.Model):
    """One word of the thread; rows are never changed (people.appending)."""

    class Kind(models.TextChoices):
        RAISED = "raised", pgettext_lazy("line of a complaint", "complained")
        SAID = "said", pgettext_lazy("line of a complaint", "wrote")
        ANSWERED = "answered", pgettext_lazy("line of a complaint", "answered")
        SOLVED = "solved", pgettext_lazy("line of a complaint", "said that it is solved")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
