"""The clinic writes in another language from now on: whoever was written to in the former one goes on in it.

Until they answer in another one, once, or staff say otherwise.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.signals import pre_save

from appointments.models import Business, Customer, Message
from appointments.services import messages


def connect() -> None:
    """However the clinic's language is saved: by the form, a command or a shell."""
    pre_save.connect(_keep, sender=Business, dispatch_uid="languages.keep")


def _keep(instance: Business, **_: Any) -> None:
    before = Business.objects.filter(pk=instance.pk).values_list("language", flat=True).first()
    if before and before != instance.language:
        keep(before, tenant_id=instance.tenant_id)


def keep(language: str, *, tenant_id: str) -> int:
    """For those of whom nothing is known but that our texts to them were in it."""
    written_to = Message.objects.filter(
        customer=OuterRef("pk"), direction=Message.Direction.OUT, status__in=messages.HANDED_OVER
    )
    theirs = Customer.objects.filter(Exists(written_to), tenant_id=tenant_id, language="")
    return theirs.update(language=language)
