"""The command bus: everything that staff, the API and the command line may change goes through here.

A command is validated, carried out once per idempotency key, and audited, in one transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from aro import clock
from aro.errors import ConflictError, InvalidRequestError
from compliance import audit
from compliance.models import IdempotencyKey

KEPT_FOR = timedelta(hours=72)
SOURCE = "command"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks: `actor` is one of `Actor`, `actor_id` a user name or token id, never a person's name."""

    actor: str
    actor_id: str
    ip: str | None = None


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a command changed, for the audit log and the answer."""

    resource_type: str
    resource_id: str
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str = ""


Handler = Callable[[dict[str, Any], Caller], Done]
_handlers: dict[str, Handler] = {}


def command(name: str) -> Callable[[Handler], Handler]:
    """Registers a handler under a command name such as `appointment.cancel`."""

    def register(handler: Handler) -> Handler:
        _handlers[name] = handler
        return handler

    return register


def names() -> list[str]:
    """All commands there are."""
    return sorted(_handlers)


def execute(
    *,
    command: str,
    payload: dict[str, Any],
    actor: str,
    actor_id: str,
    idempotency_key: str | None = None,
    ip: str | None = None,
) -> dict[str, Any]:
    """Carries out a command and returns what it changed.

    Raises `InvalidRequestError` for an unknown command or a bad field, `ConflictError` when the state forbids it or the
    key was used with another body. The same key and body give the same answer without doing it again.
    """
    handler = _handlers.get(command)
    if handler is None:
        raise InvalidRequestError(
            f"There is no command {command!r}. Known ones: {', '.join(names())}.", details={"field": "command"}
        )
    caller = Caller(actor=actor, actor_id=actor_id[:64], ip=ip)
    if idempotency_key is None:
        with transaction.atomic():
            return _carry_out(handler, command, payload, caller)
    return _once(handler, command, payload, caller, idempotency_key)


def _once(handler: Handler, name: str, payload: dict[str, Any], caller: Caller, key: str) -> dict[str, Any]:
    digest = hashlib.sha256(json.dumps([name, payload], sort_keys=True, default=str).encode()).hexdigest()
    try:
        with transaction.atomic():
            now = clock.now()
            kept = IdempotencyKey.objects.create(
                source=SOURCE, key=key, payload_hash=digest, expires_at=now + KEPT_FOR, created_at=now
            )
            kept.result = _carry_out(handler, name, payload, caller)
            kept.save(update_fields=["result"])
            return dict(kept.result)
    except IntegrityError:
        return _answer_again(key, digest)


def _answer_again(key: str, digest: str) -> dict[str, Any]:
    kept = IdempotencyKey.objects.filter(source=SOURCE, key=key).first()
    if kept is None:
        raise ConflictError("The change collided with another one. Look at the record again, then repeat.")
    if kept.payload_hash != digest:
        raise ConflictError("This idempotency key was used for another command. Use a new key.")
    return dict(kept.result)


def _carry_out(handler: Handler, name: str, payload: dict[str, Any], caller: Caller) -> dict[str, Any]:
    done = handler(payload, caller)
    audit.write(
        action=name,
        actor=caller.actor,
        actor_id=caller.actor_id,
        resource_type=done.resource_type,
        resource_id=done.resource_id,
        before=done.before,
        after=done.after,
        reason=done.reason,
        ip=caller.ip,
    )
    return {"resource_type": done.resource_type, "resource_id": done.resource_id, **done.after}
