"""Days on which the clinic is closed: its own list, whatever the calendar of its country says."""

from __future__ import annotations

from django.db import models

from aro.ids import new_id
from compliance.models import DEFAULT_TENANT


class ClosedDay(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant_id = models.CharField(max_length=64, default=DEFAULT_TENANT, editable=False)
    day = models.DateField(help_text="The whole day, by the clinic's clock.")
    name = models.CharField(max_length=120, help_text="Why, e.g. Thanksgiving or Staff day.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant_id", "day"], name="closed_day_once")]

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"
