"""How a person settles a wrong number: with the right one, or by saying that it is right after all. So with a death.

In the caller's transaction, under the lock of the phone.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from appointments.case_reasons.words import because
from appointments.models import Customer, Escalation, Message, ReplyClassification
from appointments.services import escalations, messages
from appointments.services.person import held_numbers
from aro import clock
from aro.models import Due
from aro.queue import hints
from compliance import consent, guardrails, wrong_numbers
from compliance.models import Channel, Consent, Purpose, WrongNumber
from compliance.reasons import Reason
from workflows.engine.effects import EXECUTIONS
from workflows.models import Execution
from workflows.replies.acting.wrong_number import REASON, key_of
from workflows.replies.meanings import new_number

# SQLite takes so many values in a list.
AT_ONCE = 500


def is_right(customer: Customer, *, by: str) -> bool:
    """The number is the person's after all: what waited goes out. False when nobody had doubted it."""
    row = wrong_numbers.current(customer.phone, tenant_id=customer.tenant_id)
    if row is None:
        return False
    wrong_numbers.settle(customer.phone, by=by, tenant_id=customer.tenant_id)
    _close(row, by, because("number_right"))
    held_numbers.over(customer.phone, by=by, why=because("number_right"), tenant_id=customer.tenant_id)
    _look_now(_held(customer.tenant_id).filter(message__address=customer.phone))
    return True


def is_wrong(customer: Customer) -> bool:
    """Staff heard that somebody else answers there. False when that was known."""
    tenant_id = customer.tenant_id
    known = wrong_numbers.is_held(customer.phone, tenant_id=tenant_id)
    row = wrong_numbers.hold(customer.phone, tenant_id=tenant_id)
    until = clock.now() + guardrails.LOOK_AGAIN
    messages.hold_all(customer.phone, Reason.WRONG_NUMBER, until, tenant_id=tenant_id)
    escalations.escalate(key=key_of(row), reason=REASON, customer=customer, tenant_id=tenant_id)
    return not known


def corrected(customer: Customer, before: str, by: str) -> None:
    """The person has another number now. The former one stays held: whoever answers there is still not the patient."""
    row = wrong_numbers.current(before, tenant_id=customer.tenant_id)
    if row is None or before == customer.phone:
        return
    take_consent_along(customer, before)
    others = Customer.objects.filter(tenant_id=customer.tenant_id, phone=before, deleted_at=None)
    if not others.filter(appointments__isnull=False).exists():
        _close(row, by, because("number_corrected"))
    _look_now(_held(customer.tenant_id).filter(message__customer=customer))


def take_consent_along(customer: Customer, before: str) -> None:
    """What the person agreed to when they booked was meant for their own number. A text from the former one was not
    theirs, neither its yes nor its no."""
    for purpose in Purpose:
        if consent.state(customer.phone, Channel.SMS, purpose, tenant_id=customer.tenant_id) is not None:
            continue
        given = _own_consent(before, purpose, customer.tenant_id)
        if given is not None:
            consent.give(
                customer.phone,
                Channel.SMS,
                purpose,
                method=given.method,
                wording=given.wording,
                evidence=f"number corrected, given as {given.id}",
                tenant_id=customer.tenant_id,
            )


def _own_consent(before: str, purpose: Purpose, tenant_id: str) -> Consent | None:
    said = Consent.objects.filter(
        tenant_id=tenant_id,
        address_hmac=consent.address_hmac(before),
        channel=Channel.SMS,
        purpose=purpose,
    ).exclude(method=Consent.Method.KEYWORD)
    newest = said.order_by("-at").first()
    return newest if newest is not None and newest.given else None


def _close(row: WrongNumber, by: str, why: str) -> None:
    keys = (key_of(row), new_number.key_of(row))
    for case in Escalation.objects.filter(tenant_id=row.tenant_id, key__in=keys, status=Escalation.Status.OPEN):
        escalations.resolve(case, by=by, resolution=why)


def nobody_died(case: Escalation) -> None:
    """What waited because of the death that the case tells of is judged anew. What was written about it says nothing
    of a visit: whoever was asked and stays silent is to be told of as ever."""
    theirs = Q(message__customer=case.customer_id) if case.customer_id else Q()
    for phone in (case.customer.phone if case.customer else "", case.message.address if case.message else ""):
        theirs |= Q(message__address=phone) if phone else Q()
    if theirs:
        _look_now(_held(case.tenant_id, Reason.TOLD_OF_DEATH).filter(theirs))
    if case.message is not None:
        since = Q(message__address=case.message.address, message__created_at__gte=case.message.created_at)
        ReplyClassification.objects.filter(since, tenant_id=case.tenant_id, acted=False).update(about={})


def _held(tenant_id: str, reason: Reason = Reason.WRONG_NUMBER) -> QuerySet[Execution]:
    return Execution.objects.filter(
        tenant_id=tenant_id,
        status=Execution.Status.INTENT,
        message__status=Message.Status.HELD,
        message__reason=reason,
    )


def _look_now(waiting: QuerySet[Execution]) -> None:
    """They are judged anew at once, and go out if they still make sense."""
    now, refs = clock.now(), list(waiting.values_list("pk", flat=True))
    for start in range(0, len(refs), AT_ONCE):
        wanted = Due.objects.filter(lane=EXECUTIONS, ref__in=refs[start : start + AT_ONCE], lease=None, due_at__gt=now)
        wanted.update(due_at=now)
    if refs:
        hints.on_commit(EXECUTIONS)
