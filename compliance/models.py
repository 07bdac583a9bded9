"""What may be done (consent, suppression) and proof of what was (events, audit)."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from aro import clock
from aro.ids import new_id

DEFAULT_TENANT = "default"


class Channel(models.TextChoices):
    SMS = "sms", "SMS"
    WHATSAPP = "whatsapp", "WhatsApp"
    EMAIL = "email", "E-mail"


class Purpose(models.TextChoices):
    CARE = "care", "About a visit"
    MARKETING = "marketing", "Reviews and offers"


class Actor(models.TextChoices):
    SYSTEM = "system", "ARO"
    USER = "user", "Patient"
    ADMIN = "admin", "Staff"
    WEBHOOK = "webhook", "Provider"


class Event(models.Model):
    """Something that happened. Append-only: a trigger refuses every update and delete, on both databases."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    type = models.CharField(max_length=64)
    profile = models.CharField(max_length=32)
    aggregate_type = models.CharField(max_length=32)
    aggregate_id = models.UUIDField()
    payload = models.JSONField(default=dict, help_text="Ids and plain values only, never names, phones or text.")
    correlation_id = models.UUIDField()
    causation_id = models.UUIDField(null=True, blank=True)
    workflow_id = models.UUIDField(null=True, blank=True)
    source = models.CharField(max_length=32, default="aro")
    version = models.PositiveSmallIntegerField(default=1)
    actor = models.CharField(max_length=8, choices=Actor.choices, default=Actor.SYSTEM)
    actor_id = models.CharField(max_length=64, blank=True)
    occurred_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["aggregate_id", "occurred_at"], name="event_aggregate"),
            models.Index(fields=["occurred_at"], name="event_occurred"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.aggregate_id}"


class StreamHead(models.Model):
    """The last position given out per tenant; locked by the one dispatcher that writes positions."""

    tenant_id = models.CharField(max_length=64, primary_key=True)
    cursor = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.cursor}"


class StreamPosition(models.Model):
    """An event's place in its tenant's public stream, given at dispatch, so a reader never misses a late commit."""

    tenant_id = models.CharField(max_length=64)
    cursor = models.BigIntegerField()
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="position")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant_id", "cursor"], name="stream_position_once")]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.cursor}"


class Consent(models.Model):
    """One statement of consent, or of its withdrawal, by a phone (or e-mail address); the newest one counts."""

    class Method(models.TextChoices):
        WEB_FORM = "web_form", "Web form"
        VERBAL = "verbal", "Said to staff"
        BOOKING_SYSTEM = "booking_system", "Booking system"
        IMPORTED = "imported", "Imported"
        KEYWORD = "keyword", "Text message"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    address = models.CharField(
        max_length=254, blank=True, help_text="E.164 phone or e-mail address; empty after erasure."
    )
    address_hmac = models.CharField(max_length=64)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    purpose = models.CharField(max_length=9, choices=Purpose.choices)
    given = models.BooleanField()
    at = models.DateTimeField(default=clock.now)
    method = models.CharField(max_length=14, choices=Method.choices)
    wording = models.TextField(blank=True)
    evidence = models.CharField(max_length=200, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant_id", "address_hmac", "channel", "purpose", "at"], name="consent_newest")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} by {self.channel}: {'given' if self.given else 'withdrawn'}"


class Suppression(models.Model):
    """A number that said stop. Kept by HMAC, so that it survives the erasure of the person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    address = models.CharField(max_length=254, blank=True)
    address_hmac = models.CharField(max_length=64)
    source = models.CharField(max_length=32, help_text="keyword, provider (e.g. Twilio 21610), staff, model")
    since = models.DateTimeField(default=clock.now)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "address_hmac"],
                condition=models.Q(lifted_at__isnull=True),
                name="suppression_one_active",
            )
        ]
        indexes = [
            models.Index(
                "tenant_id",
                Lower("address"),
                condition=models.Q(lifted_at__isnull=True),
                name="suppression_in_clear",
            )
        ]

    def __str__(self) -> str:
        return f"suppressed since {self.since:%Y-%m-%d}"


class SendingStop(models.Model):
    """Somebody has switched all sending off (the kill switch). Kept when it is lifted: who, from when, until when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    since = models.DateTimeField(default=clock.now)
    by = models.CharField(max_length=64)
    reason = models.CharField(max_length=200, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id"], condition=models.Q(lifted_at__isnull=True), name="sending_stop_one_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"sending off since {self.since:%Y-%m-%d %H:%M} UTC"


class WrongNumber(models.Model):
    """A number at which somebody else answers: nothing personal goes there until a person has settled it.

    By HMAC only, as nobody needs to read it here; it says nothing about the wish for texts.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    address_hmac = models.CharField(max_length=64)
    since = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "address_hmac"],
                condition=models.Q(settled_at__isnull=True),
                name="wrong_number_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"wrong number since {self.since:%Y-%m-%d}"


class AuditHead(models.Model):
    """The newest link of a tenant's audit chain; locked by each writer."""

    tenant_id = models.CharField(max_length=64, primary_key=True)
    seq = models.BigIntegerField(default=0)
    mac = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.seq}"


class AuditLog(models.Model):
    """Who did what to which record. Append-only by trigger and chained by HMAC. Kept 7 years."""

    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=64)
    actor = models.CharField(max_length=8, choices=Actor.choices)
    actor_id = models.CharField(max_length=64, blank=True)
    resource_type = models.CharField(max_length=32)
    resource_id = models.CharField(max_length=64, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    mac = models.CharField(max_length=64)

    class Meta:
        verbose_name = "audit entry"
        verbose_name_plural = "audit log"
        constraints = [models.UniqueConstraint(fields=["tenant_id", "seq"], name="audit_seq_once")]
        indexes = [models.Index(fields=["resource_type", "resource_id"], name="audit_resource")]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class IdempotencyKey(models.Model):
    """Remembers the answer to a keyed request. Same key and body: same answer; same key, other body: conflict."""

    source = models.CharField(max_length=32)
    key = models.CharField(max_length=255)
    payload_hash = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["expires_at"], name="idempotency_expiry")]

    def __str__(self) -> str:
        return self.source
