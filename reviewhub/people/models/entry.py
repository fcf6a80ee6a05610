"""The door: invitations by one-time link, guesses that were made, and what all processes must remember about them."""

from django.db import models

from reviewhub.people.models.people import User


class Invitation(models.Model):
    """A one-time link by which a person sets a password; without a person it makes the first administrator.

    Only the SHA-256 of the token is kept: who reads this table cannot enter by it.
    """

    person = models.ForeignKey(User, models.CASCADE, null=True, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    mail_failed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]


class GuessAllowance(models.Model):
    """How many more guesses somebody has: a bucket that each wrong password empties and time refills."""

    key = models.CharField(max_length=64, primary_key=True)
    tokens = models.FloatField()
    at = models.DateTimeField()


class CacheRow(models.Model):
    """The table of Django's database cache, which sign-in shares among all processes, with or without Redis."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "shared_cache"
