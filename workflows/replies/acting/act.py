"""What ARO does with an understood reply. It confirms; it never cancels or moves a visit: a person does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from appointments import case_reasons
from appointments.media import in_words
from appointments.models import Appointment, Escalation
from appointments.services import escalations, journal
from appointments.services.person import stopped
from appointments.services.visit import visits
from aro import clock
from compliance import consent
from compliance.models import Actor, Channel, Consent, Purpose
from workflows import alerts
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
        _escalate(reply, "cancel_word", "A patient texted just CANCEL: texts to them are stopped, the visit stands.",
                  "Call and ask whether the visit is to be cancelled too.", HIGH)  # fmt: skip
    elif words is Label.CANCEL or changes.wants_cancel(plain(said), visit_is_topic=True, new_time=False):
        _escalate(reply, "cancel_request", "A patient cannot come, and wants no more texts.",
                  "Cancel the visit here and at the booking system, or call to find another time.", HIGH)  # fmt: skip
    elif words in _CASES_BESIDE_A_STOP:
        known = case_reasons.of(_CASES_BESIDE_A_STOP[words])
        _escalate(reply, known.code, known.title, f"Texts to them are stopped. {known.next_step}", known.priority)


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
    whose = "A message from a patient's former number" if former.is_writing(reply) else "A patient's message"
    case = _escalate(reply, "emergency", f"{whose} may be about an emergency.",
              "Read the message and call the patient now.", HIGH)  # fmt: skip
    alerts.begin(case, now=clock.now())
    return False


def _confirm(reply: Reply) -> bool:
    visit = reply.context.visit
    if now_on.has_begun(reply.context.visits, reply.message.created_at):
        return _unclear(reply)
    if visit is None:
        return _which_visit(reply) if reply.context.visits else _nothing_to_confirm(reply)
    if visit.status == S.RESCHEDULED:
        return _unclear(reply)
    if answered.is_to_another_time(reply.message, visit):
        return _former_time(reply)
    visits.confirm(visit, actor=Actor.USER)
    answer(reply, "thank_you")
    if reply.found.asks:
        _escalate(reply, "question", "A patient confirmed and asks something.", "Read the message and answer or call.",
                  MEDIUM)  # fmt: skip
    return True


def _former_time(reply: Reply) -> bool:
    """A yes to the time that the visit had: nothing is confirmed before they were told the new one."""
    _escalate(reply, "unclear_reply", "A patient said yes to the former time of a visit that was moved.",
              "Tell them the new time, then confirm, move or cancel the visit.", HIGH)  # fmt: skip
    return False


def _nothing_to_confirm(reply: Reply) -> bool:
    """ "Yes" after a cancellation is answered truthfully."""
    if reply.context.over is not None and reply.context.over.status == S.CANCELLED:
        answer(reply, "already_cancelled")
        _escalate(reply, "confirmed_cancelled", "A patient confirmed a visit that is cancelled.",
                  "Call the patient and offer a new time.", MEDIUM)  # fmt: skip
        return False
    return _unclear(reply)


def _which_visit(reply: Reply) -> bool:
    answer(reply, "which_visit", about=reply.context.visits)
    _escalate(reply, "which_visit", "A reply could mean more than one visit on this phone.",
              "Read the message, call if needed, and set the right visit yourself.", MEDIUM)  # fmt: skip
    return False


def _reschedule(reply: Reply) -> bool:
    """The link leads to one visit that still stands; without just one a person asks."""
    if now_on.has_begun(reply.context.visits, reply.message.created_at):
        answer(reply, "handed_over")
    elif reply.context.visit is None and reply.context.visits:
        answer(reply, "which_visit", about=reply.context.visits)
    else:
        answer(reply, "reschedule_link" if reply.context.visit else "handed_over")
    _escalate(reply, "reschedule_request", "A patient wants another time.",
              "Offer a time, or check that they moved the visit with the link.", MEDIUM)  # fmt: skip
    return False


def _cancel(reply: Reply) -> bool:
    answer(reply, "handed_over")
    _escalate(reply, "cancel_request", "A patient cannot come.",
              "Cancel the visit here and at the booking system, or call to find another time.", HIGH)  # fmt: skip
    return False


def _question(reply: Reply) -> bool:
    answer(reply, "handed_over")
    _escalate(reply, "question", "A patient asks something.", "Read the message and answer or call.", MEDIUM)
    return False


def _late(reply: Reply) -> bool:
    answer(reply, "handed_over")
    said = own_words(reply.message, reply.context)
    if delay.is_long(said, reply.context.visit, now=reply.message.created_at):
        _escalate(reply, "very_late", "A patient will be so late that the visit may not take place.",
                  "Call now: keep the visit, move it or cancel it.", HIGH)  # fmt: skip
        return False
    _escalate(reply, "running_late", "A patient is running late.", "Tell the team; call if the time is short.", HIGH)
    return False


def _nothing(reply: Reply) -> bool:
    """A no to an offer, a laugh, a heart under an old text, thanks: staff see it in the conversation."""
    return False


def _against(reply: Reply) -> bool:
    _escalate(reply, "unclear_reply", "A patient marked our text with a no or a question mark.",
              "See which text it was, then call or write to ask what they mean.", MEDIUM)  # fmt: skip
    return False


def _ours_again(reply: Reply) -> bool:
    _escalate(reply, "unclear_reply", "A patient sent our own text back without a word.",
              "Call or write to ask what they mean.", MEDIUM)  # fmt: skip
    return False


def _media(reply: Reply) -> bool:
    what = in_words(reply.message.media)
    _escalate(reply, "media", f"A patient sent {what}.", "Open it in the text carrier's message log, then answer or "
              "call.", MEDIUM)  # fmt: skip
    return False


def _machine(reply: Reply) -> bool:
    """No answer: two machines never talk. One case, whatever else the machine sends that day."""
    machine_cases.tell_once(reply)
    return False


def _unclear(reply: Reply) -> bool:
    if taken_back.is_a_yes(reply):
        _escalate(reply, "unclear_reply", "A patient confirmed, and then wrote something that may take it back.",
                  "Read their last messages and ask whether they come. ARO still has the visit as confirmed.",
                  HIGH)  # fmt: skip
        return False
    _escalate(reply, "unclear_reply", "A reply that ARO does not understand for sure.",
              "Read the message, then confirm, move or cancel the visit, or answer.", MEDIUM)  # fmt: skip
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


def _escalate(reply: Reply, reason: str, title: str, next_step: str, priority: int) -> Escalation:
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
