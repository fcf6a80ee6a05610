"""A link in a mail that opens one form without signing in (T17)."""

import uuid

from django.db import models

from reviewhub.people.models import User


class FormLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user=user) if user.is_active else self.none()


class FormLink(models.Model):
    """Bound to person, purpose, subject and cycle; only the hash of its token is kept. It never signs anybody in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="form_links")
    purpose = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    cycle_key = models.CharField(max_length=40, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = FormLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose", "subject_type", "subject_id", "cycle_key"],
                condition=models.Q(revoked_at=None),
                name="one_live_form_link",
            )
        ]
