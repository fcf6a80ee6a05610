"""Tokens by which programs ask and write, and the answers that a repeated request is given again."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from reviewhub.people.models import Department, User


class TokenQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; those of machines, and everybody's, to who manages people for the whole company."""
        if not user.is_active:
            return self.none()
        if None in user.abilities.get("people.manage", ()):
            return self
        return self.filter(user=user)

    def standing(self, at):
        """Those that still open the door at `at`."""
        return self.filter(revoked_at=None, expires_at__gt=at, user__is_active=True)


class Token(models.Model):
    """A key to the HTTP API for `user`, a person or a machine. Only the SHA-256 of it is kept.

    Without departments it counts for all that its person may see.
    """

    class Kind(models.TextChoices):
        PERSONAL = "personal", _("Personal")
        MACHINE = "machine", _("Machine")

    kind = models.CharField(max_length=8, choices=Kind)
    user = models.ForeignKey(User, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    purposes = models.JSONField(default=list)
    departments = models.ManyToManyField(Department, blank=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_from = models.CharField(max_length=45, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return self.name


class KeptAnswer(models.Model):
    """What a write with this Idempotency-Key was answered, or that it is still being carried out.

    While `status` is empty `claim` carries it out, until `lease_until`: after a kill somebody else may begin anew.
    """

    token = models.ForeignKey(Token, models.CASCADE, related_name="answers")
    key = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    claim = models.UUIDField(default=uuid.uuid4)
    begun_at = models.DateTimeField()
    lease_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_answer_for_each_key")]
        indexes = [models.Index(fields=["begun_at"])]
