"""The clinic, salon or office: one row per tenant, with its rules."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from appointments import phone_words, reminders
from appointments.reminders import Reminder
from aro.ids import new_id
from compliance.models import DEFAULT_TENANT, Channel


def weekday_hours() -> dict[str, Any]:
    """Monday (0) to Friday 09:00-17:00; closed at the weekend."""
    return {str(day): {"open": "09:00", "close": "17:00", "closed": day > 4} for day in range(7)}


def reminder_hours() -> list[int]:
    """The default of a field that is gone; the first migration names it."""
    return [48, 24]


class Business(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, unique=True, default=DEFAULT_TENANT)
    name = models.CharField(max_length=120, help_text="As patients know it; it appears in every text.")
    phone = models.CharField(
        max_length=20, blank=True, help_text="E.164, e.g. +12025550123: the number patients may call."
    )
    email = models.EmailField(blank=True)
    emergency_phone = models.CharField(
        max_length=20,
        blank=True,
        help_text="A mobile that somebody always carries. It gets a text when a patient's message may be about an "
        "emergency, again every 10 minutes until somebody opens the case.",
    )
    emergency_email = models.EmailField(blank=True, help_text="The same by e-mail: one of the two is enough.")
    address = models.TextField(blank=True)
    timezone = models.CharField(max_length=64, default="America/New_York", help_text="IANA name.")
    hours = models.JSONField(default=weekday_hours)
    holiday_region = models.CharField(
        max_length=10,
        blank=True,
        help_text="Where public holidays are looked up: a country, or with its state or province, e.g. US-NY or CA-QC. "
        "Empty: by your time zone.",
    )
    profile = models.CharField(max_length=32, default="healthcare")
    language = models.CharField(max_length=8, default="en")
    currency = models.CharField(max_length=3, default="USD")
    deposit_threshold = models.PositiveSmallIntegerField(
        default=70,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Ask for a deposit at this risk score; the score is a rank, 70 is the riskiest tenth.",
    )
    deposit_amount = models.DecimalField(max_digits=9, decimal_places=2, default=Decimal("50.00"))
    reminders = models.JSONField(
        default=reminders.default,
        help_text="Of each: hours before the visit, tone, hours to wait for an answer, and a channel of its own; "
        "empty: as every other text to that person.",
    )
    review_requests = models.BooleanField(default=True)
    review_delay_hours = models.PositiveSmallIntegerField(default=6)
    rebooking_offers = models.BooleanField(default=True)
    rebooking_delay_hours = models.PositiveSmallIntegerField(default=24)
    google_place_id = models.CharField(max_length=200, blank=True)
    booking_url = models.URLField(blank=True, help_text="Where a patient books or moves a visit.")
    default_channel = models.CharField(
        max_length=8,
        choices=Channel.choices,
        default=Channel.SMS,
        help_text="For everyone without a wish of their own. Where it cannot arrive, ARO takes the next one.",
    )
    texting_countries = models.CharField(
        max_length=200,
        blank=True,
        help_text="Countries whose numbers are texted, e.g. US, CA, MX. Empty: your own and what belongs to it.",
    )
    quiet_from = models.TimeField(default=time(21, 0), help_text="No texts from this time, recipient's zone.")
    quiet_until = models.TimeField(default=time(8, 0), help_text="... until this time.")
    booking_consent_care = models.BooleanField(
        default=True, help_text="A booking counts as consent to texts about that visit."
    )
    booking_consent_email = models.BooleanField(
        default=False, help_text="The booking form asks for consent to e-mail about that visit."
    )
    booking_consent_marketing = models.BooleanField(
        default=False, help_text="The booking form asks for consent to review requests and offers."
    )
    phone_question = models.CharField(
        max_length=1000,
        default=phone_words.OWN,
        help_text=(
            "Words, with commas between: a question of the booking form that has one of them asks for the phone. "
            "Questions about an emergency contact, insurance, a doctor and others never do; "
            'write "not coach" to add one.'
        ),
    )

    class Meta:
        verbose_name_plural = "business"
        constraints = [
            models.CheckConstraint(condition=models.Q(deposit_amount__gte=0), name="business_deposit_not_negative"),
            models.CheckConstraint(
                condition=models.Q(deposit_threshold__lte=100), name="business_threshold_at_most_100"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reminder_list(self) -> list[Reminder]:
        """The earliest first."""
        return reminders.read(self.reminders)

    @property
    def reminder_hours(self) -> list[int]:
        """Just the hours, the earliest first; the first version of the reminder sequence knows no more."""
        return [one.hours for one in self.reminder_list]

    @reminder_hours.setter
    def reminder_hours(self, hours: list[int]) -> None:
        self.reminders = reminders.stored(reminders.of_hours(hours))
