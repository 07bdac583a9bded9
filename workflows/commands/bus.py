"""The command bus: everything that staff, the API and the command line may change goes through here.

A command is validated, carried out once per idempotency key, and audited, in one transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.db import IntegrityError, transaction

from aro import clock
from aro.errors import ConflictError, InvalidRequestError
from aro.queue import sweeps
from compliance.audit import chain
from compliance.models import IdempotencyKey
from compliance.privacy import retention
from workflows.commands import undo
from workflows.models import Undoable

SOURCE = "command"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks: `actor` is one of `Actor`, `actor_id` a user name or token id, never a person's name."""

    actor: str
    actor_id: str
    ip: str | None = None
    wait: timedelta = timedelta(0)


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


def execute(  # noqa: PLR0913 - what a command is made of, and who asks
    *,
    command: str,
    payload: dict[str, Any],
    actor: str,
    actor_id: str,
    idempotency_key: str | None = None,
    ip: str | None = None,
    wait: timedelta = timedelta(0),
) -> dict[str, Any]:
    """Carries out a command and returns what it changed.

    `wait`: what follows from it (a text, an event) waits so long by ARO's clock, and until then it can be taken back;
    the answer's `undo` names it (see `undo.py` beside this). Without it everything follows at once, and so it does when
    the command is about nobody.

    Raises `InvalidRequestError` for an unknown command or a bad field, `ConflictError` when the state forbids it or the
    key was used with another body. The same key and body give the same answer without doing it again.
    """
    handler = _handlers.get(command)
    if handler is None:
        raise InvalidRequestError(
            f"There is no command {command!r}. Known ones: {', '.join(names())}.", details={"field": "command"}
        )
    caller = Caller(actor=actor, actor_id=actor_id[:64], ip=ip, wait=wait)
    if idempotency_key is None:
        with transaction.atomic():
            return _carry_out(handler, command, payload, caller)
    return _once(handler, command, payload, caller, idempotency_key)


def _once(handler: Handler, name: str, payload: dict[str, Any], caller: Caller, key: str) -> dict[str, Any]:
    digest = hashlib.sha256(json.dumps([name, payload], sort_keys=True, default=str).encode()).hexdigest()
    try:
        with transaction.atomic():
            now = clock.now()
            # An expired key is a new one when it comes again.
            IdempotencyKey.objects.filter(source=SOURCE, key=key, expires_at__lte=now).delete()
            kept = IdempotencyKey.objects.create(
                source=SOURCE, key=key, payload_hash=digest, expires_at=now + retention.IDEMPOTENCY_KEYS, created_at=now
            )
            kept.result = _carry_out(handler, name, payload, caller)
            kept.save(update_fields=["result"])
            return dict(kept.result)
    except IntegrityError:
        return _answer_again(key, digest)


def tidy(now: datetime) -> bool:
    """Deletes a portion of the keys that have expired; whether more may be left."""
    return sweeps.delete_some(IdempotencyKey.objects.filter(expires_at__lte=now))


def _answer_again(key: str, digest: str) -> dict[str, Any]:
    kept = IdempotencyKey.objects.filter(source=SOURCE, key=key).first()
    if kept is None:
        raise ConflictError("The change collided with another one. Look at the record again, then repeat.")
    if kept.payload_hash != digest:
        raise ConflictError("This idempotency key was used for another command. Use a new key.")
    return dict(kept.result)


def _carry_out(handler: Handler, name: str, payload: dict[str, Any], caller: Caller) -> dict[str, Any]:
    if not caller.wait or not undo.is_about_somebody(payload):
        return _audited(handler(payload, caller), name, caller)
    with undo.recording(name, payload, wait=caller.wait, actor_id=caller.actor_id) as kept:
        answer = _audited(handler(payload, caller), name, caller)
    return answer | ({"undo": str(kept.id)} if kept.is_kept else {})


class AboutUndo(Protocol):
    """`take_back` and `send_now`."""

    def __call__(self, ref: UUID, *, actor: str, actor_id: str, ip: str | None = None) -> None: ...


def take_back(ref: UUID, *, actor: str, actor_id: str, ip: str | None = None) -> None:
    """Undoes what a command did, as if it had not been done. Raises `ConflictError` when it is too late."""
    _about_undo("command.undo", undo.take_back, ref, Caller(actor=actor, actor_id=actor_id[:64], ip=ip))


def send_now(ref: UUID, *, actor: str, actor_id: str, ip: str | None = None) -> None:
    """What waits for being taken back follows now. Raises `ConflictError` when it has followed."""
    _about_undo("command.send_now", undo.send_now, ref, Caller(actor=actor, actor_id=actor_id[:64], ip=ip))


def _about_undo(name: str, act: Callable[[UUID], Undoable], ref: UUID, caller: Caller) -> None:
    with transaction.atomic():
        kept = act(ref)
        about = ("appointment", kept.appointment_id) if kept.appointment_id else ("customer", kept.customer_id)
        resource, pk = about[0], str(about[1])
        _audited(Done(resource_type=resource, resource_id=pk, before={}, after={"command": kept.command}), name, caller)


def _audited(done: Done, name: str, caller: Caller) -> dict[str, Any]:
    chain.write(
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
