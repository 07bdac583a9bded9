"""Who writes under a name that the carrier gave them: WhatsApp's user ids stand beside or instead of a number."""

from __future__ import annotations

from django.db import models

from aro import clock
from compliance.models import DEFAULT_TENANT


class SenderId(models.Model):
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT)
    external_id = models.CharField(max_length=80, help_text="The carrier's id of a person who writes.")
    phone = models.CharField(max_length=20, help_text="E.164: the number that came with it once.")
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant_id", "external_id"], name="sender_id_once")]

    def __str__(self) -> str:
        return f"sender known since {self.since:%Y-%m-%d}"
