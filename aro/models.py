"""The ground's rows: what must happen (`Due`) and what could not be done (`DeadLetter`)."""

from __future__ import annotations

from django.db import models

from aro import clock
from aro.ids import new_id


class Due(models.Model):
    """One row per thing that must happen. The only hot table: pending rows only, deleted when done.

    `due_at` follows `clock.now()`; `lease` is real time, so moving the sandbox's clock never takes work from its owner.
    """

    lane = models.CharField(max_length=12)
    due_at = models.DateTimeField()
    ref = models.UUIDField(help_text="The receipt, event, instance or execution this is about.")
    fence = models.BigIntegerField(
        default=0, help_text="Grows with every claim and every change; an owner must hold the newest."
    )
    lease = models.DateTimeField(null=True, blank=True, help_text="Until when (real time) a worker owns this row.")
    attempts = models.PositiveSmallIntegerField(default=0)
    begun = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often it was begun alone and its worker never came back."
    )

    class Meta:
        verbose_name_plural = "due"
        indexes = [models.Index(fields=["lane", "due_at"], name="due_lane_due_at")]
        constraints = [models.UniqueConstraint(fields=["lane", "ref"], name="due_once_per_lane_and_ref")]

    def __str__(self) -> str:
        return f"{self.lane} {self.ref}"


class DeadLetter(models.Model):
    """Work that failed for good, with what a person needs to judge it. Ids only, never personal data."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    lane = models.CharField(max_length=12)
    ref = models.UUIDField()
    context = models.JSONField(default=dict)
    error_code = models.CharField(max_length=80)
    error_message = models.TextField()
    stack = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField()
    first_attempt_at = models.DateTimeField()
    last_attempt_at = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now)
    replayed_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["archived_at", "created_at"], name="dead_letter_open")]

    def __str__(self) -> str:
        return f"{self.lane} {self.error_code}"


class Heartbeat(models.Model):
    """When a part of ARO was last seen at work. In real time: moving the sandbox's clock must kill nobody."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class KeyProof(models.Model):
    """Proof that a key is this database's own: `hmac`, or `encryption <id>`, in the order in which the keys came."""

    name = models.CharField(max_length=40, unique=True)
    proof = models.TextField(help_text="A fingerprint of nothing secret, or a probe that only this key opens.")
    since = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name
