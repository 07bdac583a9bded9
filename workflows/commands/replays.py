"""What replaying an execution, a run or a dead letter does. Nothing here sends: it makes rows due again.

An execution whose outcome nobody knows is never repeated blindly: the executor asks the provider first.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from appointments.models import Message
from aro.models import DeadLetter, Due
from aro.queue import lanes
from aro.queue.replay import Replayer, Verdict, again, refused, unchanged
from compliance.reasons import Reason
from workflows.models import Execution, WorkflowInstance

EXECUTIONS = "executions"
# The executor reads the provider's list for the last time this long after the hand-over: not to be hurried.
LOOKED_UP_AFTER = timedelta(seconds=120)
_ASKED_FIRST = "The provider is asked first whether it has it. Only what it does not have is handed over again."
_SAME_KEY = "It is asked for again under the key of the first time, so that the provider makes it once."
_JUDGED_ANEW = "It was never handed over. It is judged anew by the rules of now, and dropped when it no longer helps."


def judge_execution(execution: Execution) -> Verdict:
    """What replaying it would do; reads only."""
    if execution.status == Execution.Status.DONE:
        return refused(f"It was done{_on(execution.finished_at)}. Doing it again could send it twice. Leave it.")
    if execution.provider_id or _carrier_has(execution):
        return refused("The provider has taken it already. Doing it again could send it twice. Leave it.")
    if execution.status == Execution.Status.FAILED:
        return again(_how(execution))
    waiting = Due.objects.filter(lane=EXECUTIONS, ref=execution.pk).values_list("due_at", flat=True).first()
    if waiting is not None:
        return unchanged(f"It is waiting already and is looked at by itself{_on(waiting)}.")
    return again(_how(execution))


def _how(execution: Execution) -> str:
    if execution.handed_over_at is None:
        return _JUDGED_ANEW
    return _ASKED_FIRST if execution.message_id else _SAME_KEY


def _on(moment: datetime | None) -> str:
    return f" on {moment:%Y-%m-%d at %H:%M} UTC" if moment else ""


def _carrier_has(execution: Execution) -> bool:
    """A callback may have come after ARO had given up: then the text's own row knows."""
    message = execution.message
    return message is not None and message.direction == Message.Direction.OUT and bool(message.provider_id)


def prepare_execution(execution: Execution, now: datetime) -> datetime:
    """Sets a failed execution back, in the caller's transaction; returns when it is to be due."""
    handed_over = execution.handed_over_at
    if execution.status == Execution.Status.FAILED:
        _revive(execution)
    return max(now, handed_over + LOOKED_UP_AFTER) if handed_over else now


def _revive(execution: Execution) -> None:
    """With a fresh number of attempts: a person asked for it."""
    status = Execution.Status.UNKNOWN if execution.handed_over_at else Execution.Status.INTENT
    Execution.objects.filter(pk=execution.pk).update(
        status=status, attempt=0, lookups=0, error_code="", finished_at=None
    )
    asked = status == Execution.Status.UNKNOWN
    Message.objects.filter(execution=execution, direction=Message.Direction.OUT).update(
        status=Message.Status.UNKNOWN if asked else Message.Status.PLANNED,
        reason=Reason.OUTCOME_UNKNOWN if asked else "",
        error_code="",
        held_until=None,
    )


def _judge_execution_of(ref: UUID) -> Verdict:
    execution = Execution.objects.select_related("message").filter(pk=ref).first()
    return judge_execution(execution) if execution else _gone()


def _prepare_execution_of(ref: UUID, now: datetime) -> datetime:
    execution = Execution.objects.select_related("message").filter(pk=ref).first()
    return prepare_execution(execution, now) if execution else now


def _judge_run(ref: UUID) -> Verdict:
    run = WorkflowInstance.objects.filter(pk=ref).first()
    if run is None:
        return _gone()
    if run.status == WorkflowInstance.Status.FAILED:
        return again("The workflow goes on with the step that failed.")
    if run.status in WorkflowInstance.LIVE:
        return unchanged("The workflow is running again already.")
    return unchanged("The workflow has ended since.")


def _prepare_run(ref: UUID, now: datetime) -> datetime:
    WorkflowInstance.objects.filter(pk=ref, status=WorkflowInstance.Status.FAILED).update(
        status=WorkflowInstance.Status.RETRYING, error="", failed_at=None, updated_at=now
    )
    return now


def _gone() -> Verdict:
    return unchanged("What it was about is no longer there.")


EXECUTION_REPLAYER = Replayer(judge=_judge_execution_of, prepare=_prepare_execution_of)
RUN_REPLAYER = Replayer(judge=_judge_run, prepare=_prepare_run)


def judge_letter(letter: DeadLetter) -> Verdict:
    """What replaying a dead letter would do; reads only."""
    if letter.lane not in lanes.names():
        return refused(f"Nothing in this release works on the lane {letter.lane}. Archive the letter.")
    if letter.replayed_at:
        return unchanged(f"It was tried again{_on(letter.replayed_at)}. If that failed too, there is a newer letter.")
    return lanes.get(letter.lane).replayer.judge(letter.ref)
