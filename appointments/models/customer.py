"""A person. A family may share one phone: consent, opt-out, caps and the conversation belong to the phone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models.functions import Lower

from appointments import names
from aro import clock
from aro.ids import new_id
from compliance.models import DEFAULT_TENANT, Channel


class Customer(models.Model):
    class PaymentStatus(models.TextChoices):
        CURRENT = "current", "Current"
        PAST_DUE = "past_due", "Past due"
        NO_HISTORY = "no_history", "No history"

    class ReviewStatus(models.TextChoices):
        NONE = "none", "Not asked"
        PENDING = "pending", "Planned"
        REQUESTED = "requested", "Asked"
        SUBMITTED = "submitted", "Submitted"

    class LanguageSetBy(models.TextChoices):
        REPLIES = "replies", "Their own replies"
        STAFF = "staff", "Staff"

    class Texting(models.TextChoices):
        UNWANTED = "unwanted", "Not wanted, a booking says"
        ALLOWED = "allowed", "Allowed after all"

    class RiskCategory(models.TextChoices):
        LOW = "low", "Low"
        MEDIUM = "medium", "Medium"
        HIGH = "high", "High"
        BLOCKED = "blocked", "Blocked by staff"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    phone = models.CharField(max_length=20, blank=True, help_text="E.164; empty when the booking had none.")
    phone_typed = models.TextField(
        blank=True, editable=False, help_text="Sealed: what a booking gave as the phone and nobody could read."
    )
    phone_usable = models.BooleanField(default=True, help_text="False: a landline or invalid number.")
    texting = models.CharField(
        max_length=8, choices=Texting.choices, blank=True, help_text="Empty: no booking says anything against texts."
    )
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=200, blank=True)
    name_folded = models.CharField(
        max_length=names.LONGEST,
        blank=True,
        editable=False,
        help_text="The name as it is searched: no accents, lower case.",
    )
    timezone = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=8, blank=True)
    language_set_by = models.CharField(
        max_length=8, choices=LanguageSetBy.choices, blank=True, help_text="Empty: it came with the booking, if at all."
    )
    email_usable = models.BooleanField(default=True, help_text="False: the mail server refused the address.")
    preferred_channel = models.CharField(
        max_length=8, choices=Channel.choices, blank=True, help_text="Empty: the business's usual channel."
    )
    no_shows = models.PositiveIntegerField(default=0)
    reschedules = models.PositiveIntegerField(default=0)
    cancellations = models.PositiveIntegerField(default=0)
    completed_visits = models.PositiveIntegerField(default=0)
    confirmation_rate = models.FloatField(default=0.0, help_text="Share of past visits that were confirmed, 0..1.")
    lifetime_value = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal("0.00"))
    payment_status = models.CharField(max_length=10, choices=PaymentStatus.choices, default=PaymentStatus.NO_HISTORY)
    deposits_paid = models.PositiveIntegerField(default=0)
    review_status = models.CharField(max_length=9, choices=ReviewStatus.choices, default=ReviewStatus.NONE)
    review_requested_at = models.DateTimeField(null=True, blank=True)
    risk_score = models.PositiveSmallIntegerField(default=0)
    risk_category = models.CharField(max_length=7, choices=RiskCategory.choices, default=RiskCategory.LOW)
    risk_reasons = models.JSONField(default=list)
    requires_deposit = models.BooleanField(default=False)
    tags = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant_id", "phone"], name="customer_phone"),
            models.Index("tenant_id", Lower("email"), name="customer_email"),
            models.Index(fields=["tenant_id", "-risk_score"], name="customer_risk"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(risk_score__lte=100), name="customer_risk_at_most_100"),
            models.CheckConstraint(
                condition=models.Q(confirmation_rate__gte=0) & models.Q(confirmation_rate__lte=1),
                name="customer_confirmation_rate_share",
            ),
        ]

    def __str__(self) -> str:
        return self.name or "Unnamed customer"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.keep_in_step()
        only = kwargs.get("update_fields")
        if only is not None and "name" in only:
            kwargs["update_fields"] = {*only, "name_folded"}
        super().save(*args, **kwargs)

    def keep_in_step(self) -> None:
        """The searchable form of the name follows the name. Statements call it too (`aro.queue.rows`)."""
        self.name_folded = names.searchable(self.name)
