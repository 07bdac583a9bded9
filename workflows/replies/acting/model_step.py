"""Asking the optional model: an execution like any other call, so no transaction waits for it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from appointments.models import Message
from workflows.engine import effects

CLASSIFY = "integration.nlp.classify_reply"


def ask_model(message: Message, *, now: datetime) -> bool:
    """Intends a model's reading of the message; False when no model is configured and a person decides."""
    if not settings.LLM_BASE_URL:
        return False
    effects.request(key=f"classify:{message.id}", command_type=CLASSIFY, message=message, now=now)
    return True
