"""Texts in and out, their wording, and how replies were understood."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from appointments.models.appointment import Appointment
from appointments.models.customer import Customer
from aro import clock
from aro.desk.show import humanized
from aro.ids import new_id
from compliance.models import DEFAULT_TENANT, Channel, Purpose


class Message(models.Model):
    """One logical message. Outbound rows are also the why ledger: each says what became of it, and why."""

    class Direction(models.TextChoices):
        IN = "in", _("From the patient")
        OUT = "out", _("To the patient")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        SENDING = "sending", _("Being sent")
        QUEUED = "queued", _("Accepted")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        READ = "read", _("Read")
        UNDELIVERED = "undelivered", _("Not delivered")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Outcome not known yet")
        BLOCKED = "blocked", _("Not sent")
        RECEIVED = "received", _("Received")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    key = models.CharField(  # noqa: DJ001 - NULL is "no key", and many rows may have none
        max_length=160, null=True, blank=True, help_text="Workflow, step and occurrence: a logical message exists once."
    )
    direction = models.CharField(max_length=3, choices=Direction.choices)
    kind = models.CharField(max_length=24, help_text="confirmation, reminder_first, review, deposit ... or `reply`.")
    tone = models.CharField(max_length=12, blank=True, help_text="The wished tone; empty: the kind's usual one.")
    wished_channel = models.CharField(
        max_length=8,
        choices=Channel.choices,
        blank=True,
        help_text="Where it is to go if the person can be written to there; empty: as every other text to them.",
    )
    purpose = models.CharField(max_length=9, choices=Purpose.choices, default=Purpose.CARE)
    automatic = models.BooleanField(default=True, help_text="False for answers to the person's own message.")
    appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.SMS)
    address = models.CharField(max_length=254, blank=True, help_text="E.164 phone or e-mail address of the person.")
    template = models.CharField(max_length=120, blank=True, help_text="Name and version used.")
    body = models.TextField(blank=True)
    media = models.JSONField(
        default=list, blank=True, help_text="What came with it, each by its kind; never an address."
    )
    language = models.CharField(max_length=8, blank=True, help_text="Of a reply, when its words tell.")
    answers = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="answered_by",
        help_text="Of a reply: the text of ours that it is an answer to, as the carrier says.",
    )
    provider_id = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=11, choices=Status.choices)
    reason = models.CharField(max_length=32, blank=True, help_text="Why it was skipped, held, merged or expired.")
    held_until = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=32, blank=True)
    segments = models.PositiveSmallIntegerField(default=0)
    price = models.DecimalField(max_digits=9, decimal_places=4, default=Decimal("0.0000"))
    planned_for = models.DateTimeField(null=True, blank=True)
    visit_start = models.DateTimeField(
        null=True, blank=True, help_text="The visit's start when this was planned; another start means it was moved."
    )
    opt_out_line = models.BooleanField(default=False, help_text="It said how to stop the texts.")
    fallbacks = models.PositiveSmallIntegerField(
        default=0, help_text="How often it surely failed on one channel and went on to the next."
    )
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant_id", "key"], name="message_exists_once")]
        indexes = [
            models.Index(fields=["tenant_id", "address", "created_at"], name="message_conversation"),
            models.Index(fields=["tenant_id", "address", "sent_at"], name="message_caps"),
            models.Index(fields=["appointment", "created_at"], name="message_appointment"),
            models.Index(fields=["provider_id"], name="message_provider_id"),
        ]

    def __str__(self) -> str:
        return f"{humanized(self.kind)}: {self.get_status_display().lower()}"


class NamedVisit(models.Model):
    """One of several visits that a message names. A reply to that message is about all of them."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="named")
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="named_in")
    visit_start = models.DateTimeField(help_text="Its start when it was named.")
    planned_for = models.DateTimeField(help_text="When a text about this visit alone was due.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "appointment"], name="visit_named_once")]

    def __str__(self) -> str:
        return f"{self.visit_start:%Y-%m-%d %H:%M}"


class FailedAttempt(models.Model):
    """A channel on which a message surely failed before it went on to the next. The message itself exists once."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="failed_attempts")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    template = models.CharField(max_length=120, blank=True)
    provider_id = models.CharField(max_length=80, blank=True, help_text="Later news about this one changes nothing.")
    error_code = models.CharField(max_length=32, blank=True)
    retried = models.BooleanField(default=False, help_text="The same channel was to be tried again.")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["message", "at"], name="failed_attempt_message")]

    def __str__(self) -> str:
        return f"{self.channel} {self.error_code}"


class WhatsAppTemplate(models.Model):
    """A wording that WhatsApp approved, needed more than 24 hours after the person last wrote there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    kind = models.CharField(max_length=24)
    language = models.CharField(max_length=8, default="en")
    content_sid = models.CharField(
        "content SID", max_length=34, help_text="Of Twilio's Content Template Builder: HX..."
    )
    wording = models.TextField(
        help_text="The approved text, with our names for its numbers: {{ customer_name }} instead of {{1}}."
    )
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "WhatsApp template"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "kind", "language"],
                condition=models.Q(active=True),
                name="whatsapp_template_one_in_use",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"


class MessageTemplate(models.Model):
    """Wording that staff changed; the packs hold the defaults. A new wording is a new version."""

    class Tone(models.TextChoices):
        PROFESSIONAL = "professional", _("Professional")
        FRIENDLY = "friendly", _("Friendly")
        URGENT = "urgent", _("Urgent")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    name = models.CharField(max_length=64)
    category = models.CharField(max_length=24)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.SMS)
    language = models.CharField(max_length=8, default="en")
    tone = models.CharField(max_length=12, choices=Tone.choices, default=Tone.FRIENDLY)
    subject = models.CharField(max_length=120, blank=True)
    body = models.TextField()
    version = models.PositiveIntegerField(default=1)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "name", "channel", "language", "tone", "version"], name="template_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class ReplyClassification(models.Model):
    """How a reply was understood, by what, and what staff said it really meant."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="classification")
    label = models.CharField(max_length=16)
    confidence = models.FloatField()
    source = models.CharField(max_length=8, help_text="carrier, keyword, rules, learned, model or none.")
    acted = models.BooleanField(default=False, help_text="It changed something by itself.")
    wish = models.JSONField(
        default=list, blank=True, help_text="The days and hours wished for, where the reply asks for another time."
    )
    about = models.JSONField(
        null=True,
        blank=True,
        help_text="By visit, what it says of it; empty when it is an answer about none, null when that was not kept.",
    )
    corrected_label = models.CharField(max_length=16, blank=True)
    corrected_by = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["tenant_id", "created_at"], name="classification_created")]

    def __str__(self) -> str:
        return f"{self.label} {self.confidence:.2f}"

    @property
    def wish_words(self) -> str:
        return "; ".join(window["words"] for window in self.wish)
