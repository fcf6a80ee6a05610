"""A change of a definition on its way: proposed by one, discussed by many, decided by another."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from metrics.models.definition import Metric, MetricVersion


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues read and discuss them; a partner sees a definition when it holds."""
        return self if user.is_active and not user.is_partner else self.none()

    def waiting(self):
        return self.filter(state=Proposal.State.OPEN)


class Proposal(models.Model):
    """Changes of one metric (`changes`: cells by column), or a metric that is not there yet (`metric` None)."""

    class State(models.TextChoices):
        OPEN = "open", _("Under discussion")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    code = models.CharField(max_length=40)
    metric = models.ForeignKey(Metric, models.CASCADE, null=True, blank=True, related_name="proposals")
    base = models.ForeignKey(
        MetricVersion, models.CASCADE, null=True, blank=True, related_name="proposals_from"
    )
    changes = models.JSONField(default=dict)
    aliases = models.JSONField(null=True, blank=True, help_text=_("None: they stay as they are."))
    effective_from = models.DateField()
    reason = models.CharField(max_length=500)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")

    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=500, blank=True)
    # An executive lets it take effect within a peak season.
    peak_reason = models.CharField(max_length=500, blank=True)
    peak_at = models.DateTimeField(null=True, blank=True)
    peak_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.OneToOneField(
        MetricVersion, models.CASCADE, null=True, blank=True, related_name="proposal"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(proposed_by=None) | ~Q(decided_by=F("proposed_by")),
                name="nobody_decides_own_proposal",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | ~Q(state="open") & Q(decided_at__isnull=False),
                name="decided_proposal_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "withdrawn")) | Q(decided_by__isnull=False),
                name="somebody_decides_a_proposal",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", version__isnull=False) | ~Q(state="approved") & Q(version=None),
                name="approved_proposal_has_a_version",
            ),
            models.CheckConstraint(
                condition=Q(peak_reason="", peak_at=None, peak_by=None)
                | ~Q(peak_reason="") & Q(peak_at__isnull=False, peak_by__isnull=False),
                name="somebody_allows_a_proposal_in_a_peak_season",
            ),
        ]
        indexes = [models.Index(fields=["state", "proposed_at"])]

    def __str__(self):
        return f"{self.code} #{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class ProposalComment(models.Model):
    """What somebody said about a proposal; it stays as it was said."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="comments")
    author = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=2000)

    class Meta:
        ordering = ["at", "id"]


class MetricWatch(models.Model):
    """Somebody wants to hear what is proposed and decided about a metric."""

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="watches")
    user = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["metric", "user"], name="watched_once")]
