"""What operators can do to work that failed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from aro import clock
from aro.errors import ConflictError
from aro.models import DeadLetter
from aro.queue import due, lanes
from aro.queue.replay import Does, Verdict
from workflows.commands import fields, replays
from workflows.commands.bus import Caller, Done, command
from workflows.models import Execution

M = TypeVar("M", bound=models.Model)


def _done(letter: DeadLetter, what: str, **more: str) -> Done:
    return Done(
        resource_type="dead_letter",
        resource_id=str(letter.id),
        before={},
        after={"lane": letter.lane, "ref": str(letter.ref), "dead_letter": what, **more},
    )


def locked(model: type[M], payload: dict[str, Any], field: str) -> M:
    """The row that `field` names, so that two who replay it at once do it one after the other."""
    row = fields.record(model, payload, field)
    return model._default_manager.select_for_update().get(pk=row.pk)


def answer(verdict: Verdict) -> dict[str, str]:
    """A verdict as a command's result. Raises `ConflictError` when it was refused."""
    if verdict.does == Does.REFUSED:
        raise ConflictError(verdict.words)
    return {"does": str(verdict.does), "why": verdict.words}


def close_letters(lane_names: tuple[str, ...], ref: UUID, now: datetime) -> None:
    """The open dead letters about work that is being replayed: nobody need look at them any more."""
    letters = DeadLetter.objects.filter(lane__in=lane_names, ref=ref, archived_at=None)
    letters.update(replayed_at=now, archived_at=now)


@command("dead_letter.replay")
def replay(payload: dict[str, Any], caller: Caller) -> Done:
    """Makes the work due again. What has been done meanwhile is found done: replaying twice does it once."""
    letter = locked(DeadLetter, payload, "dead_letter_id")
    verdict = replays.judge_letter(letter)
    said, now = answer(verdict), clock.now()
    if verdict.does == Does.UNCHANGED:
        DeadLetter.objects.filter(pk=letter.pk, archived_at=None).update(archived_at=now)
        return _done(letter, "archived", **said)
    due.put(letter.lane, letter.ref, lanes.get(letter.lane).replayer.prepare(letter.ref, now))
    DeadLetter.objects.filter(pk=letter.pk).update(replayed_at=now, archived_at=now)
    close_letters((letter.lane,), letter.ref, now)
    return _done(letter, "replayed", **said)


@command("execution.replay")
def replay_execution(payload: dict[str, Any], caller: Caller) -> Done:
    """Makes an execution due again; one that may have reached the provider is looked up there first."""
    execution = locked(Execution, payload, "execution_id")
    verdict = replays.judge_execution(execution)
    said, now = answer(verdict), clock.now()
    if verdict.does == Does.AGAIN:
        due.put(replays.EXECUTIONS, execution.pk, replays.prepare_execution(execution, now))
        close_letters((replays.EXECUTIONS,), execution.pk, now)
    return Done(
        resource_type="execution", resource_id=str(execution.pk), before={"status": execution.status}, after=said
    )


@command("dead_letter.archive")
def archive(payload: dict[str, Any], caller: Caller) -> Done:
    letter = fields.record(DeadLetter, payload, "dead_letter_id")
    changed = DeadLetter.objects.filter(pk=letter.pk, archived_at=None).update(archived_at=clock.now())
    does = Does.AGAIN if changed else Does.UNCHANGED
    return _done(letter, "archived", does=str(does), why="Archived." if changed else "It was archived already.")


@command("dead_letter.unarchive")
def unarchive(payload: dict[str, Any], caller: Caller) -> Done:
    letter = fields.record(DeadLetter, payload, "dead_letter_id")
    DeadLetter.objects.filter(pk=letter.pk).update(archived_at=None)
    return _done(letter, "open again")
