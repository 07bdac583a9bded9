"""The border's rows: what came in, and how the providers are doing."""

from __future__ import annotations

from django.db import models

from appointments.models import Appointment
from aro import clock
from aro.ids import new_id
from compliance.models import DEFAULT_TENANT, Channel


class Receipt(models.Model):
    """A verified delivery, stored before anything is done with it. The same delivery is stored once."""

    class Outcome(models.TextChoices):
        PENDING = "pending", "To be processed"
        APPLIED = "applied", "Applied"
        IGNORED = "ignored", "Nothing to do"
        STALE = "stale", "Older than what is known"
        FAILED = "failed", "Could not be processed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    source = models.CharField(max_length=16)
    delivery_key = models.CharField(max_length=255)
    body = models.BinaryField()
    path_ref = models.CharField(max_length=80, blank=True, help_text="The id in the called path, e.g. of an execution.")
    received_at = models.DateTimeField(default=clock.now)
    processed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=7, choices=Outcome.choices, default=Outcome.PENDING)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "delivery_key"], name="receipt_exists_once")]
        indexes = [models.Index(fields=["received_at"], name="receipt_received")]

    def __str__(self) -> str:
        return f"{self.source} {self.outcome}"


class ProviderState(models.Model):
    """A provider's breaker and token bucket: one row, shared by all workers, kept over restarts."""

    class Breaker(models.TextChoices):
        CLOSED = "closed", "Working"
        OPEN = "open", "Paused after failures"
        HALF_OPEN = "half_open", "Being tried again"

    name = models.CharField(max_length=16, primary_key=True)
    domain = models.CharField(max_length=16)
    breaker = models.CharField(max_length=9, choices=Breaker.choices, default=Breaker.HALF_OPEN)
    failures = models.JSONField(default=list, help_text="Unix times (real clock) of failures within the window.")
    successes = models.PositiveSmallIntegerField(default=0, help_text="In a row since half-open.")
    opened_at = models.DateTimeField(null=True, blank=True)
    tokens = models.FloatField(default=0.0)
    refilled_at = models.DateTimeField(null=True, blank=True)
    line_until = models.DateTimeField(null=True, blank=True, help_text="The last turn given to those who wait.")
    bulk_line_until = models.DateTimeField(null=True, blank=True, help_text="The same, for bulk messages.")
    last_ok_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.breaker}"


class HourlyCount(models.Model):
    """How many messages went out in a full hour."""

    name = models.CharField(max_length=16, primary_key=True)
    hour = models.DateTimeField(help_text="The full hour that is counted, UTC.")
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.hour:%Y-%m-%d %H}"


class BreakerChange(models.Model):
    """When a breaker opened, half-opened or closed, why, and who did it. Bounded: see `resilience.history`."""

    provider = models.CharField(max_length=16)
    before = models.CharField(max_length=9)
    after = models.CharField(max_length=9)
    reason = models.CharField(max_length=120, blank=True)
    by = models.CharField(max_length=64, default="aro", help_text="aro itself, or the person who reset it.")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="breaker_change_at"),
            models.Index(fields=["provider", "id"], name="breaker_change_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.before} to {self.after}"


class ChannelStop(models.Model):
    """A channel that the carrier does not let this business use (e.g. an unregistered US sender). A person lifts it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    code = models.CharField(max_length=32, help_text="What the carrier said.")
    since = models.DateTimeField(default=clock.now)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "channel"], condition=models.Q(lifted_at=None), name="channel_stop_one_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} stopped by {self.code}"


class SyncState(models.Model):
    """How far asking a booking system for its list has come. The numbers are of the run under way, else of the last."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    provider = models.CharField(max_length=16)
    run = models.PositiveIntegerField(default=0, help_text="Counts up.")
    started_at = models.DateTimeField(null=True, blank=True, help_text="Of the run under way; empty between runs.")
    window_from = models.DateTimeField(null=True, blank=True, help_text="Visits from this start ...")
    window_until = models.DateTimeField(null=True, blank=True, help_text="... to before this one.")
    cursor = models.TextField(blank=True, help_text="The provider's name for the page that comes next.")
    fence = models.BigIntegerField(default=0)
    lease = models.DateTimeField(null=True, blank=True, help_text="Who runs it owns it until then, in real time.")
    listed = models.PositiveIntegerField(default=0, help_text="Bookings in the list.")
    applied = models.PositiveIntegerField(default=0, help_text="Bookings that were new or changed.")
    missed = models.PositiveIntegerField(default=0, help_text="... of which no delivery had told.")
    unreadable = models.PositiveIntegerField(default=0, help_text="Entries that made no sense.")
    failed = models.PositiveIntegerField(default=0, help_text="Bookings that could not be applied.")
    unlisted = models.PositiveIntegerField(default=0, help_text="Visits known here that the list has not.")
    missed_in_all = models.PositiveBigIntegerField(default=0, help_text="Found by asking since the first whole run.")
    first_done_at = models.DateTimeField(null=True, blank=True)
    last_done_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=120, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="Runs that failed since the last whole one.")
    deliveries = models.CharField(max_length=16, blank=True, help_text="The subscription to its webhooks, last seen.")
    deliveries_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant_id", "provider"], name="sync_state_once")]

    def __str__(self) -> str:
        return f"{self.provider} run {self.run}"


class SyncSeen(models.Model):
    """What a booking system's list said of a booking, as a fingerprint: only what has changed is looked at again."""

    state = models.ForeignKey(SyncState, on_delete=models.CASCADE, related_name="seen")
    external_id = models.CharField(max_length=255)
    entry = models.CharField(max_length=255, blank=True, help_text="The list's entry that it belongs to, if any.")
    version = models.CharField(max_length=64)
    run = models.PositiveIntegerField(help_text="The last run that saw it.")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["state", "external_id"], name="sync_seen_once")]
        indexes = [models.Index(fields=["state", "entry"], name="sync_seen_entry")]

    def __str__(self) -> str:
        return f"{self.external_id} in run {self.run}"


class ImportBatch(models.Model):
    """A file of bookings that was read in once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    kind = models.CharField(max_length=3, help_text="csv or ics.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    at = models.DateTimeField(default=clock.now)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0, help_text="Rows with an error.")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "import batches"
        indexes = [models.Index(fields=["at"], name="import_batch_at")]

    def __str__(self) -> str:
        return f"{self.kind} import of {self.at:%Y-%m-%d %H:%M} UTC"


class ImportedVisit(models.Model):
    """A visit that a batch created, and how it was then: what was touched since is not undone."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="visits")
    appointment = models.OneToOneField(Appointment, on_delete=models.CASCADE, related_name="imported")
    line = models.PositiveIntegerField(help_text="Of the file.")
    organizer = models.CharField(
        max_length=64, blank=True, default="", help_text="A fingerprint of who runs the calendar's event."
    )
    undone = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"line {self.line}"
