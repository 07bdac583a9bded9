"""A case for a person: what happened, and what to do next."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.models.appointment import Appointment
from appointments.models.customer import Customer
from appointments.models.message import Message
from aro import clock
from aro.desk.sentences import SentenceField
from aro.ids import new_id
from compliance.models import DEFAULT_TENANT


class Escalation(models.Model):
    class Priority(models.IntegerChoices):
        URGENT = 0, _("Urgent")
        HIGH = 1, _("High")
        MEDIUM = 2, _("Medium")
        LOW = 3, _("Low")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        RESOLVED = "resolved", _("Done")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    key = models.CharField(max_length=120, help_text="What it is about; one open case per key.")
    reason = models.CharField(max_length=32)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.MEDIUM)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    title = SentenceField(help_text="What happened: a code with its values, without personal data.")
    next_step = SentenceField()
    appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.CASCADE, related_name="escalations"
    )
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.CASCADE, related_name="escalations")
    message = models.ForeignKey(
        Message,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="escalations",
        help_text="What the person wrote, when the case is about that.",
    )
    visits = models.ManyToManyField(
        Appointment,
        blank=True,
        related_name="shared_cases",
        help_text="The visits on one phone that it may be about; empty when it is about one visit or none.",
    )
    wish = models.JSONField(
        default=list,
        blank=True,
        help_text="When the person would like to come: windows of days and hours, without their words.",
    )
    times = models.PositiveIntegerField(default=1, help_text="How often the same thing was reported while open.")
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    opened_at = models.DateTimeField(null=True, blank=True, help_text="When somebody first looked at it.")
    opened_by = models.CharField(max_length=150, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=64, blank=True)
    resolution = SentenceField(blank=True)

    class Meta:
        ordering = ["priority", "created_at"]
        indexes = [
            models.Index(fields=["tenant_id", "status", "priority", "created_at"], name="escalation_worklist"),
            models.Index(fields=["tenant_id", "key"], name="escalation_key"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "key"], condition=models.Q(status="open"), name="escalation_one_open_per_key"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def wish_words(self) -> str:
        """ "Tuesday, Dec 8, after 15:00; Wednesday, Dec 9, after 15:00"."""
        return "; ".join(window["words"] for window in self.wish)
