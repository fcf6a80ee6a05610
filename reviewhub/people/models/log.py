"""What people did: the activity log, and the chain that shows whether it is whole."""

from django.db import models

from reviewhub.people.models.people import Confidentiality, Department, User


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Own department's and one's own activity; all of it with `activity.read`."""
        if not user.is_active:
            return self.none()
        if "activity.read" in user.abilities:
            return self.filter(
                models.Q(confidentiality__lte=Confidentiality.CONFIDENTIAL) | models.Q(actor=user)
            )
        mine = models.Q(actor=user)
        if user.department_id and not user.is_partner:
            mine |= models.Q(department_id=user.department_id, confidentiality__lte=Confidentiality.INTERNAL)
        return self.filter(mine)


class Activity(models.Model):
    """Who did what, when, before and after: a code and parameters, worded for each reader.

    Append-only (people.appending): the database refuses to change or delete a line. When its transaction is
    committed a line gets its `position` in the chain and the `digest` of its content and the line before it.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    confidentiality = models.PositiveSmallIntegerField(
        choices=Confidentiality, default=Confidentiality.INTERNAL
    )
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    position = models.PositiveBigIntegerField(null=True, unique=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"]),
            models.Index(fields=["id"], condition=models.Q(position=None), name="activity_not_chained"),
        ]
        verbose_name_plural = "activities"


class ActivityChain(models.Model):
    """The end of the chain: how many lines it has and the digest of the last one. Its row is the chain's lock."""

    length = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="activity_chain_is_one")]
