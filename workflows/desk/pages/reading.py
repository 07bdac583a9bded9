"""Looking at a person's record counts: who looked, when, at what."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from aro.web import client
from compliance.audit import chain
from compliance.models import Actor


def record(request: HttpRequest, resource_type: str, resource_id: UUID) -> None:
    """Writes that the person logged in has opened this record."""
    chain.write(
        action=f"{resource_type}.viewed",
        actor=Actor.ADMIN,
        actor_id=request.user.get_username(),
        resource_type=resource_type,
        resource_id=resource_id,
        ip=client.address(request) or None,
    )
