"""The frozen figures of a review: what they were made from, who signed them, and who has looked at them."""

import json
from functools import cached_property

from django.db import models

from metrics.models.definition import Immutable
from metrics.models.review import Review
from metrics.models.submission import Submission


class SnapshotQuerySet(models.QuerySet):
    def visible_to(self, user):
        """That figures are frozen, and under which fingerprint, is no secret among colleagues; partners see figures
        under it, not what it is made from."""
        return self if user.is_active and not user.is_partner else self.none()

    def latest_of(self, review):
        """What stands for `review`, or None while it was never frozen."""
        return self.filter(review=review).order_by("-number").first()


class Snapshot(Immutable):
    """One freeze. `content` is the canonical JSON of everything that figures depend on; its SHA-256 is the fingerprint.

    A restatement is the next number and names the fingerprint before it. The database refuses to change a row
    (people.appending). `changes`: [{"metric", "old", "new"}] against the number before, exact decimals as text;
    `told`: the exceptions and their sentences as they stood: [{"department", "metric", "value", …}].
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="snapshots")
    number = models.PositiveIntegerField()
    content = models.TextField()
    fingerprint = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    restated_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")
    frozen_at = models.DateTimeField()
    changes = models.JSONField(default=list)
    told = models.JSONField(default=list)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["review", "number"]
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="snapshot_number")]

    def __str__(self):
        return f"#{self.short}"

    @property
    def short(self) -> str:
        """The fingerprint as people read it out."""
        return self.fingerprint[:8]

    @cached_property
    def document(self) -> dict:
        return json.loads(self.content)

    @property
    def versions(self) -> dict[int, dict]:
        """Submission → what was kept of it."""
        return {one["id"]: one for one in self.document["versions"]}

    @property
    def definitions(self) -> dict[str, int]:
        """Metric → the number of the definition that counts."""
        return {code: kept["number"] for code, kept in self.document["definitions"].items()}

    @property
    def goals(self) -> set[int] | None:
        """The targets and budgets in force at the freeze; None where they were not kept yet."""
        return set(self.document["goals"]) if "goals" in self.document else None

    @property
    def regions(self) -> dict[str, dict[str, str]] | None:
        """The region above each country and region at the freeze; None where that was not kept yet."""
        return self.document.get("regions")


class Restatement(models.Model):
    """Frozen figures that were opened once more, with the reason; the next snapshot ends it."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="restatements")
    reason = models.CharField(max_length=300)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    back_to = models.CharField(max_length=8, choices=Review.State)
    became = models.OneToOneField(Snapshot, models.PROTECT, null=True, blank=True, related_name="restatement")

    class Meta:
        ordering = ["begun_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review"], condition=models.Q(became=None), name="one_restatement_at_a_time"
            )
        ]


class Signature(models.Model):
    """One side's name under a fingerprint. A signature under figures that have changed since counts no more."""

    class Side(models.TextChoices):
        FINANCE = "FIN"
        TECHNOLOGY = "TEC"

    review = models.ForeignKey(Review, models.PROTECT, related_name="signatures")
    number = models.PositiveIntegerField()
    side = models.CharField(max_length=3, choices=Side)
    fingerprint = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "number", "fingerprint", "side"], name="one_signature_a_side"
            ),
            # Four eyes: whoever signed for one side cannot sign for the other.
            models.UniqueConstraint(
                fields=["review", "number", "fingerprint", "signed_by"], name="nobody_signs_for_both"
            ),
        ]


class FactsDigest(models.Model):
    """SHA-256 of the stored facts of a version, worked out once: versions are never changed."""

    submission = models.OneToOneField(Submission, models.CASCADE, related_name="facts_digest")
    digest = models.CharField(max_length=64)


class Sight(models.Model):
    """That a person has opened the frozen figures of a review, and which number last. One row, however often."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="sights")
    user = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "user"], name="seen_once")]
