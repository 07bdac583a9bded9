"""A business's own risk weights: learned from its visits, tried on the newest of them, and in use or not."""

from __future__ import annotations

from django.db import models

from aro.ids import new_id
from compliance.models import DEFAULT_TENANT


class RiskModel(models.Model):
    """One trial of weights. At most one per tenant is in use; without one the reference weights are.

    `before` and `after`: the shares (0..1) of the held-out visits that were flagged, of the missed ones that were
    caught, of the flagged ones that came after all; with the weights then in use, and with these.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    fitted_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True, help_text="Taken into use; empty when it was not better.")
    active = models.BooleanField(default=False, help_text="In use for new bookings.")
    weights = models.JSONField(help_text="Feature code to log-odds per unit (appointments/risk/features.py).")
    quantiles = models.JSONField(help_text="Recent bookings' probabilities with these weights, at rank.LEVELS.")
    quantiles_at = models.DateTimeField(help_text="Of when the quantiles are; brought up to date weekly while in use.")
    visits = models.PositiveIntegerField(help_text="Learned from so many visits.")
    held_out = models.PositiveIntegerField(help_text="Tried on so many newer visits.")
    held_out_since = models.DateTimeField(help_text="The visits it was tried on were booked from here on.")
    auc_before = models.FloatField()
    auc_after = models.FloatField()
    brier_before = models.FloatField()
    brier_after = models.FloatField()
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["tenant_id", "-fitted_at"], name="risk_model_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id"], condition=models.Q(active=True), name="risk_model_one_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"risk weights of {self.fitted_at:%Y-%m-%d}"
