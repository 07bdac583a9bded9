"""What happens when: running workflows, their steps, and the side effects they ask for."""

from __future__ import annotations

from django.db import models

from appointments.models import Appointment, Customer, Message
from aro import clock
from aro.ids import new_id
from compliance.models import DEFAULT_TENANT


class WorkflowInstance(models.Model):
    """A run of one definition, pinned to its version. Asleep it is this row and one `Due` row, nothing else."""

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        RUNNING = "running", "Running"
        WAITING = "waiting", "Waiting"
        RETRYING = "retrying", "Retrying"
        COMPLETED = "completed", "Completed"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    LIVE = (Status.PENDING, Status.RUNNING, Status.WAITING, Status.RETRYING)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    definition = models.CharField(max_length=48)
    version = models.PositiveSmallIntegerField()
    occurrence = models.CharField(max_length=80, help_text="What started it: one run per definition and occurrence.")
    appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="workflows"
    )
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="workflows")
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PENDING)
    step = models.CharField(max_length=48)
    on_event = models.CharField(max_length=48, blank=True, help_text="The step that an awaited event leads to.")
    data = models.JSONField(default=dict)
    awaited = models.JSONField(default=list, help_text="Event types that end the wait.")
    wake_at = models.DateTimeField(null=True, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    fence = models.BigIntegerField(default=0)
    error = models.TextField(blank=True)
    correlation_id = models.UUIDField()
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "definition", "occurrence"], name="instance_once_per_occurrence"
            )
        ]
        indexes = [
            models.Index(fields=["appointment", "status"], name="instance_appointment"),
            models.Index(fields=["customer", "status"], name="instance_customer"),
            models.Index(fields=["tenant_id", "status", "started_at"], name="instance_status"),
        ]

    def __str__(self) -> str:
        return f"{self.definition} v{self.version} {self.status}"


class StepLog(models.Model):
    """What a run did, step by step."""

    instance = models.ForeignKey(WorkflowInstance, on_delete=models.CASCADE, related_name="steps")
    seq = models.PositiveIntegerField()
    name = models.CharField(max_length=48)
    outcome = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["instance", "seq"], name="step_log_seq_once")]

    def __str__(self) -> str:
        return f"{self.seq} {self.name}"


class Execution(models.Model):
    """An intended side effect on the outside world. The executor in `integrations` carries it out, once."""

    class Status(models.TextChoices):
        INTENT = "intent", "Intended"
        SENDING = "sending", "Handed over"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Outcome not known yet"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    key = models.CharField(max_length=160, help_text="Idempotency key: the same intent exists once.")
    command_type = models.CharField(max_length=48)
    instance = models.ForeignKey(
        WorkflowInstance, null=True, blank=True, on_delete=models.SET_NULL, related_name="executions"
    )
    appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="executions"
    )
    message = models.OneToOneField(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="execution")
    payload = models.JSONField(default=dict, help_text="Ids only.")
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.INTENT)
    attempt = models.PositiveSmallIntegerField(default=0)
    lookups = models.PositiveSmallIntegerField(
        default=0, help_text="How often the provider was asked about an unknown outcome."
    )
    provider_id = models.CharField(max_length=120, blank=True)
    error_code = models.CharField(max_length=64, blank=True)
    result = models.JSONField(default=dict)
    correlation_id = models.UUIDField()
    created_at = models.DateTimeField(default=clock.now)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant_id", "key"], name="execution_exists_once")]
        indexes = [models.Index(fields=["status", "created_at"], name="execution_status")]

    def __str__(self) -> str:
        return f"{self.command_type} {self.status}"


class Undoable(models.Model):
    """What staff did and can still take back: the values before and after, and what is to follow when they do not."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    command = models.CharField(max_length=48)
    appointment = models.ForeignKey(Appointment, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    actor_id = models.CharField(max_length=64, blank=True)
    changed = models.JSONField(default=list, help_text="[model, key, {field: [before, after]}] each.")
    made = models.JSONField(default=list, help_text="[model, key] each.")
    followers = models.JSONField(default=list, help_text="[lane, reference] of what was made due for later, each.")
    stamp = models.DateTimeField(help_text="When the visit or person was last written, this change included.")
    at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(help_text="From then on it has followed.")

    class Meta:
        indexes = [
            models.Index(fields=["appointment", "until"], name="undoable_appointment"),
            models.Index(fields=["customer", "until"], name="undoable_customer"),
            models.Index(fields=["until"], name="undoable_until"),
        ]

    def __str__(self) -> str:
        return self.command

    @property
    def is_kept(self) -> bool:
        """Whether there is anything to take back."""
        return not self._state.adding
