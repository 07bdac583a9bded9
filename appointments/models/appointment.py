"""A visit, its states, its names at the booking system, and its deposit."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.models.customer import Customer
from aro import clock
from aro.ids import new_id
from compliance.models import DEFAULT_TENANT, Actor


class Appointment(models.Model):
    class Status(models.TextChoices):
        BOOKED = "booked", _("Booked")
        CONFIRMED = "confirmed", _("Confirmed")
        RESCHEDULED = "rescheduled", _("Being moved")
        CANCELLED = "cancelled", _("Cancelled")
        NO_SHOW = "no_show", _("No-show")
        IN_PROGRESS = "in_progress", _("In progress")
        COMPLETED = "completed", _("Completed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    source = models.CharField(max_length=16, help_text="The booking system, or `manual`.")
    external_id = models.CharField(max_length=255)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField(help_text="UTC.")
    timezone = models.CharField(max_length=64, help_text="IANA; resolved when stored: visit, person, business, UTC.")
    duration_minutes = models.PositiveIntegerField(default=30)
    service = models.CharField(max_length=200, blank=True)
    service_cost = models.DecimalField(max_digits=9, decimal_places=2, default=Decimal("0.00"))
    staff_member = models.CharField(max_length=120, blank=True)
    location = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=11, choices=Status.choices, default=Status.BOOKED)
    moves = models.PositiveSmallIntegerField(
        default=0, help_text="How often the visit was moved; part of message keys."
    )
    confirmation_received = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_reply_label = models.CharField(max_length=16, blank=True)
    deposit_required = models.BooleanField(default=False)
    deposit_amount = models.DecimalField(max_digits=9, decimal_places=2, default=Decimal("0.00"))
    deposit_paid = models.BooleanField(default=False)
    payment_id = models.CharField(max_length=120, blank=True)
    risk_score = models.PositiveSmallIntegerField(default=0)
    risk_probability = models.FloatField(default=0.0)
    risk_reasons = models.JSONField(default=list)
    reschedule_url = models.URLField(max_length=500, blank=True)
    cancel_url = models.URLField(max_length=500, blank=True)
    notes = models.TextField(blank=True)
    booked_at = models.DateTimeField(default=clock.now, help_text="When the booking was made, as the provider says.")
    time_set_at = models.DateTimeField(
        default=clock.now, help_text="When the present start was chosen: at the booking, or at the last move."
    )
    source_version_at = models.DateTimeField(null=True, help_text="The provider's time of the newest news applied.")
    source_sequence = models.PositiveIntegerField(
        default=0, help_text="A calendar file's own count of changes (SEQUENCE); a lower one is older."
    )
    source_starts_at = models.DateTimeField(
        null=True, editable=False, help_text="The start that the booking system told last, whatever staff made of it."
    )
    source_status = models.CharField(
        max_length=11,
        choices=Status.choices,
        blank=True,
        editable=False,
        help_text="What the booking system told last: booked, cancelled or a no-show. Empty when that was not kept.",
    )
    person_told = models.JSONField(
        default=dict,
        editable=False,
        help_text="Fingerprints of the number, address and name that the booking system gave last.",
    )
    restarts = models.PositiveSmallIntegerField(
        default=0, help_text="How often its reminders began anew at the same time, after it had been over by mistake."
    )
    settles_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Until then staff can take their last change back, and no text about it goes out.",
    )
    completed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="appointment_source_external_id"),
            models.CheckConstraint(condition=models.Q(duration_minutes__gt=0), name="appointment_duration_positive"),
            models.CheckConstraint(condition=models.Q(service_cost__gte=0), name="appointment_cost_not_negative"),
            models.CheckConstraint(condition=models.Q(deposit_amount__gte=0), name="appointment_deposit_not_negative"),
            models.CheckConstraint(condition=models.Q(risk_score__lte=100), name="appointment_risk_at_most_100"),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "starts_at"], name="appointment_starts"),
            models.Index(fields=["tenant_id", "status", "starts_at"], name="appointment_status_starts"),
            models.Index(fields=["customer", "starts_at"], name="appointment_customer"),
            models.Index(fields=["tenant_id", "created_at"], name="appointment_created"),
        ]

    def __str__(self) -> str:
        return f"{self.source} visit {self.starts_at:%Y-%m-%d %H:%M} UTC"


class BookingRef(models.Model):
    """Every name a booking system has ever given to a visit; a moved Calendly booking has two.

    A name that has a `moved_to` is given up for ever, in whatever order its news come.
    """

    source = models.CharField(max_length=16)
    external_id = models.CharField(max_length=255)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="refs")
    moved_to = models.CharField(max_length=255, blank=True, default="", help_text="The name that came after this one.")
    shared_id = models.CharField(
        max_length=255, blank=True, default="", help_text="The booking system's id, where several people share it."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="booking_ref_once")]
        indexes = [
            models.Index(fields=["source", "shared_id"], condition=~models.Q(shared_id=""), name="booking_ref_shared")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class StatusChange(models.Model):
    """The status history: written with every transition, never changed."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="history")
    before = models.CharField(max_length=11)
    after = models.CharField(max_length=11, choices=Appointment.Status.choices)
    at = models.DateTimeField()
    actor = models.CharField(max_length=8, choices=Actor.choices)
    actor_id = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    override = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"


class Deposit(models.Model):
    """A payment link asked for one visit. ARO asks; it never charges."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Link being made")
        OPEN = "open", _("Waiting for payment")
        PROCESSING = "processing", _("Payment under way")
        PAID = "paid", _("Paid")
        EXPIRED = "expired", _("Expired")
        REFUNDED = "refunded", _("Refunded")
        DISPUTED = "disputed", _("Disputed")
        LOST = "lost", _("Lost in a dispute")
        CLOSED = "closed", _("Closed without payment")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="deposits")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REQUESTED)
    amount = models.DecimalField(max_digits=9, decimal_places=2)
    currency = models.CharField(max_length=3)
    link_id = models.CharField(max_length=120, blank=True)
    url = models.URLField(max_length=500, blank=True)
    payment_intent = models.CharField(max_length=120, blank=True)
    paid_amount = models.DecimalField(max_digits=9, decimal_places=2, default=Decimal("0.00"))
    refunded_amount = models.DecimalField(
        max_digits=9,
        decimal_places=2,
        default=Decimal("0.00"),
        help_text="Given back and, as far as is known, arrived.",
    )
    refunds_told = models.DecimalField(
        max_digits=9, decimal_places=2, default=Decimal("0.00"), help_text="The newest sum of refunds we were told."
    )
    refunds_told_at = models.DateTimeField(null=True, blank=True, help_text="The provider's time of that sum.")
    created_at = models.DateTimeField(default=clock.now)
    paid_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Since when no payment is wanted any more.")

    class Meta:
        indexes = [models.Index(fields=["payment_intent"], name="deposit_payment_intent")]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"],
                condition=models.Q(status__in=["requested", "open", "processing", "paid"]),
                name="deposit_one_live_per_visit",
            ),
            models.UniqueConstraint(fields=["link_id"], condition=~models.Q(link_id=""), name="deposit_link_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="deposit_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.status}"

    @property
    def state_words(self) -> str:
        """Its state for people: closed is not without payment when another amount than the deposit was paid."""
        if self.status == self.Status.CLOSED and self.paid_amount:
            words = gettext("Closed: {paid} of {asked} paid").format(paid=self.paid_amount, asked=self.amount)
        else:
            words = str(self.get_status_display())
        if not self.refunded_amount or self.status == self.Status.REFUNDED:
            return words
        return gettext("{state}, {refunded} given back").format(state=words, refunded=self.refunded_amount)
