"""What ARO does with an understood reply. It confirms; it never cancels or moves a visit: a person does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from appointments import case_reasons
from appointments.case_reasons.words import happened, to_do
from appointments.media import in_words
from appointments.models import Appointment, Escalation
from appointments.services import escalations, journal
from appointments.services.person import stopped
from appointments.services.visit import visits
from aro import clock
from compliance import consent
from compliance.models import Actor, Channel, Consent, Purpose
from workflows import emergency_alerts
from workflows.replies.acting import answered, machine_cases, now_on, wrong_number
from workflows.replies.acting.answering import Reply, answer
from workflows.replies.acting.message_meaning import own_words
from workflows.replies.labels import ALWAYS_ACTED_ON, Label, Sort
from workflows.replies.meanings import calls, cancelled, changes, delay, new_number, perhaps_off, taken_back
from workflows.replies.people import family, former
from workflows.replies.stops import departed, one_of_family
from workflows.replies.stops.keywords import is_bare_cancel
from workflows.replies.text.normalize import plain

S = Appointment.Status
HIGH, MEDIUM = Escalation.Priority.HIGH, Escalation.Priority.MEDIUM

# What the carrier's stop keyword may say besides.
_CASES_BESIDE_A_STOP: Final[dict[Label | None, str]] = {
    Label.RESCHEDULE: "reschedule_request",
    Label.RUNNING_LATE: "running_late",
    Label.QUESTION: "question",
}


def on_reply(reply: Reply) -> bool:
    """Acts; True when something changed without a person."""
    found, said = reply.found, own_words(reply.message, reply.context)
    for label in found.also:
        _ACTIONS[label](reply)
    cancelled.settle(reply, said)
    death = departed.tell(reply, said)
    ended = None if found.label in ALWAYS_ACTED_ON else _not_the_patient(reply, death=death)
    if ended is not None:
        return ended
    told = any([calls.tell(reply, said), new_number.tell(reply, said)])
    if perhaps_off.tell(reply, said):
        return False
    one_by_one = family.on_reply(reply)
    if one_by_one is not None:
        return one_by_one
    if one_of_family.tell(reply, said) or departed.tell_of_leaving(reply, said):
        return False
    return _by_label(reply, told=told)


def _not_the_patient(reply: Reply, *, death: bool) -> bool | None:
    """What is said where somebody has died, or where the patient's phone is another one: nothing cheerful, and no
    second case beside that one. None where it may be the patient who writes."""
    if death or departed.wrote_again(reply):
        return False
    if former.is_writing(reply):
        return former.tell(reply)
    return wrong_number.wrote_again(reply) if wrong_number.is_held(reply) else None


def _by_label(reply: Reply, *, told: bool) -> bool:
    found = reply.found
    if not found.decided:
        # What they ask for says more than a case about words that are not understood.
        return False if told else _UNDECIDED[found.sort](reply)
    if reply.message.media and found.label not in ALWAYS_ACTED_ON:
        _media(reply)
    return _ACTIONS[found.label](reply)


def _stop(reply: Reply) -> bool:
    """At once and for good: before anything queued, retried or held can be sent."""
    address = reply.message.address
    for channel in (Channel.SMS, Channel.WHATSAPP):
        consent.withdraw(
            address, channel, Purpose.CARE, method=Consent.Method.KEYWORD, evidence=f"message {reply.message.id}"
        )
    first = consent.suppress(address, source=reply.found.source, tenant_id=reply.message.tenant_id)
    if reply.context.customer is not None:
        journal.customer_event("customer.opted_out", reply.context.customer, actor=Actor.USER)
    _what_it_means_for_the_visit(reply)
    one_of_family.tell_beside_a_stop(reply, own_words(reply.message, reply.context))
    if first and not reply.provider_answered:
        answer(reply, "opt_out_answer")
    return True


def _what_it_means_for_the_visit(reply: Reply) -> None:
    """Who wants no more texts may have answered our question with the same words: a person hears of that."""
    said, words = own_words(reply.message, reply.context), reply.found.words
    if former.is_writing(reply):
        if is_bare_cancel(said) or words in (Label.CANCEL, *_CASES_BESIDE_A_STOP):
            former.tell(reply)
    elif is_bare_cancel(said):
        _escalate(reply, "cancel_word", HIGH)
    elif words is Label.CANCEL or changes.wants_cancel(plain(said), visit_is_topic=True, new_time=False):
        _escalate(reply, "cancel_request", HIGH, title=happened("cancel_request.stop"))
    elif words in _CASES_BESIDE_A_STOP:
        known = case_reasons.of(_CASES_BESIDE_A_STOP[words])
        _escalate(reply, known.code, known.priority, next_step=to_do("texts_stopped", then=to_do(known.code)))


def _start(reply: Reply) -> bool:
    """The person wants texts again."""
    address = reply.message.address
    for channel in (Channel.SMS, Channel.WHATSAPP):
        consent.give(
            address, channel, Purpose.CARE, method=Consent.Method.KEYWORD, evidence=f"message {reply.message.id}"
        )
    lifted = consent.lift(address, by="keyword", tenant_id=reply.message.tenant_id)
    stopped.over(address, tenant_id=reply.message.tenant_id)
    if lifted and reply.context.customer is not None:
        journal.customer_event("customer.opted_in", reply.context.customer, actor=Actor.USER)
    if not reply.provider_answered:
        answer(reply, "opt_in_answer")
    return lifted


def _help(reply: Reply) -> bool:
    if not reply.provider_answered:
        answer(reply, "help_answer")
    return False


def _emergency(reply: Reply) -> bool:
    """A person at once, away from the screen too, and the one answer that cannot harm."""
    answer(reply, "emergency_answer")
    title = happened("emergency.former") if former.is_writing(reply) else ""
    case = _escalate(reply, "emergency", HIGH, title=title)
    emergency_alerts.begin(case, now=clock.now())
    return False


def _confirm(reply: Reply) -> bool:
    visit = reply.context.visit
    if now_on.has_begun(reply.context.visits, reply.message.created_at):
        return _unclear(reply)
    if visit is None:
        return _which_visit(reply) if reply.context.visits else _nothing_to_confirm(reply)
    if visit.status == S.RESCHEDULED:
        return _unclear(reply)
    if reply.found.to_former_time or answered.is_to_another_time(reply.message, visit):
        return _former_time(reply)
    visits.confirm(visit, actor=Actor.USER)
    answer(reply, "thank_you")
    if reply.found.asks:
        _escalate(reply, "question", MEDIUM, title=happened("question.confirmed"))
    return True


def _former_time(reply: Reply) -> bool:
    """A yes to the time that the visit had: nothing is confirmed before they were told the new one."""
    _unclear_because(reply, "unclear_reply.former_time", HIGH)
    return False


def _nothing_to_confirm(reply: Reply) -> bool:
    """ "Yes" after a cancellation is answered truthfully."""
    if reply.context.over is not None and reply.context.over.status == S.CANCELLED:
        answer(reply, "already_cancelled")
        _escalate(reply, "confirmed_cancelled", MEDIUM)
        return False
    return _unclear(reply)


def _which_visit(reply: Reply) -> bool:
    answer(reply, "which_visit", about=reply.context.visits)
    _escalate(reply, "which_visit", MEDIUM)
    return False


def _reschedule(reply: Reply) -> bool:
    """The link leads to one visit that still stands; without just one a person asks."""
    if now_on.has_begun(reply.context.visits, reply.message.created_at):
        answer(reply, "handed_over")
    elif reply.context.visit is None and reply.context.visits:
        answer(reply, "which_visit", about=reply.context.visits)
    else:
        answer(reply, "reschedule_link" if reply.context.visit else "handed_over")
    _escalate(reply, "reschedule_request", MEDIUM)
    return False


def _cancel(reply: Reply) -> bool:
    answer(reply, "handed_over")
    _escalate(reply, "cancel_request", HIGH)
    return False


def _question(reply: Reply) -> bool:
    answer(reply, "handed_over")
    _escalate(reply, "question", MEDIUM)
    return False


def _late(reply: Reply) -> bool:
    answer(reply, "handed_over")
    said = own_words(reply.message, reply.context)
    if delay.is_long(said, reply.context.visit, now=reply.message.created_at):
        _escalate(reply, "very_late", HIGH)
        return False
    _escalate(reply, "running_late", HIGH)
    return False


def _nothing(reply: Reply) -> bool:
    """A no to an offer, a laugh, a heart under an old text, thanks: staff see it in the conversation."""
    return False


def _against(reply: Reply) -> bool:
    _unclear_because(reply, "unclear_reply.marked", MEDIUM)
    return False


def _ours_again(reply: Reply) -> bool:
    _unclear_because(reply, "unclear_reply.ours", MEDIUM)
    return False


def _media(reply: Reply) -> bool:
    what = in_words(reply.message.media)
    _escalate(reply, "media", MEDIUM, title=happened("media.what", what=what))
    return False


def _machine(reply: Reply) -> bool:
    """No answer: two machines never talk. One case, whatever else the machine sends that day."""
    machine_cases.tell_once(reply)
    return False


def _unclear(reply: Reply) -> bool:
    if taken_back.is_a_yes(reply):
        _unclear_because(reply, "unclear_reply.taken_back", HIGH)
        return False
    _escalate(reply, "unclear_reply", MEDIUM)
    return False


_ACTIONS: dict[Label, Callable[[Reply], bool]] = {
    Label.STOP: _stop,
    Label.START: _start,
    Label.HELP: _help,
    Label.EMERGENCY: _emergency,
    Label.CONFIRM: _confirm,
    Label.RESCHEDULE: _reschedule,
    Label.CANCEL: _cancel,
    Label.QUESTION: _question,
    Label.RUNNING_LATE: _late,
    Label.DECLINE: _nothing,
    Label.WRONG_NUMBER: wrong_number.hold,
    Label.OTHER: _unclear,
}
_UNDECIDED: dict[Sort, Callable[[Reply], bool]] = {
    Sort.WORDS: _unclear,
    Sort.LIKE: _unclear,
    Sort.REACTION: _nothing,
    Sort.AGAINST: _against,
    Sort.OURS: _ours_again,
    Sort.MEDIA: _media,
    Sort.MACHINE: _machine,
    Sort.COURTESY: _nothing,
}


def _unclear_because(reply: Reply, code: str, priority: int) -> Escalation:
    return _escalate(reply, "unclear_reply", priority, title=happened(code), next_step=to_do(code))


def _escalate(reply: Reply, reason: str, priority: int, *, title: str = "", next_step: str = "") -> Escalation:
    about = reply.context.visit.id if reply.context.visit else reply.message.id
    return escalations.escalate(
        key=f"{reason}:{about}",
        reason=reason,
        title=title,
        next_step=next_step,
        priority=priority,
        appointment=reply.context.visit or reply.context.over,
        customer=reply.context.customer,
        message=reply.message,
        wish=[window.stored for window in reply.wish],
        visits=() if reply.context.visit else reply.context.visits,
        tenant_id=reply.message.tenant_id,
    )
