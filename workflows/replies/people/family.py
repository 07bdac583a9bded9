"""What one reply says about several people is carried out for each: confirmed, or a case of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from appointments.case_reasons import DID_NOT_COME, Reminders
from appointments.case_reasons.words import happened
from appointments.models import Appointment, Escalation, Message
from appointments.services import escalations
from appointments.services.visit import doubts, visits
from compliance.models import Actor
from workflows.replies.acting import answered, spoken_of
from workflows.replies.acting.answering import Reply, answer
from workflows.replies.acting.conversation import Context
from workflows.replies.acting.message_meaning import own_words
from workflows.replies.labels import Classification, Label, Sort
from workflows.replies.meanings import attended
from workflows.replies.meanings.attended import Attended
from workflows.replies.people import per_person
from workflows.replies.people.per_person import PerPerson

# What a reply about several may have been taken for; everything else was said of nobody in particular.
_READ_BY_NAME: Final = frozenset({Label.CONFIRM, Label.CANCEL, Label.RESCHEDULE, Label.OTHER})
# What one person's name beside it makes a matter of that person's visit.
_ABOUT_ONE: Final = frozenset({Label.CANCEL, Label.RESCHEDULE, Label.RUNNING_LATE})


def of_one(message: Message, found: Classification, context: Context) -> Context:
    """The same, about the one visit of a family that the words are surely about: "Tom can't come after all"."""
    if len(context.visits) < 2 or found.label not in _ABOUT_ONE or found.sort is not Sort.WORDS:  # noqa: PLR2004
        return context
    words = own_words(message, context)
    cannot = found.label is Label.CANCEL
    visit = per_person.only_one(words, context.visits, now=message.created_at, by_hour=cannot)
    return replace(context, visits=(visit,), customer=visit.customer) if visit else context


def on_reply(reply: Reply) -> bool | None:
    """True when a visit was confirmed, False when only cases were opened; None when it has to be read as a whole."""
    found = reply.found
    if len(reply.context.visits) < 2 or found.label not in _READ_BY_NAME or found.sort is not Sort.WORDS:  # noqa: PLR2004
        return None
    words = own_words(reply.message, reply.context)
    past = attended.read(words, reply.context.visits, now=reply.message.created_at)
    if past is not None and not found.also:
        return _tell_who_was_absent(reply, past)
    # A yes that the rules did not take for one counts only for those whom it names.
    together = reply.context.together if found.label is Label.CONFIRM else ()
    asked = _just_asked(reply.context)
    said = per_person.read(words, reply.context.visits, together, asked, now=reply.message.created_at)
    if said is None or found.also or any(_is_in_question(one, reply) for one in said.coming):
        return None
    _carry_out(reply, said)
    return bool(said.coming)


def _just_asked(context: Context) -> tuple[Appointment, ...]:
    """The visits of one text, when nothing was said since: "both" after "Which visit do you mean?" may be a no."""
    named = context.together
    newest = context.texts[0] if context.texts else None
    alone = newest is not None and context.last is not None and newest.pk == context.last.pk
    calm = all(doubts.reminders_about(visit) == Reminders.AS_PLANNED for visit in named)
    return named if alone and calm else ()


def _is_in_question(visit: Appointment, reply: Reply) -> bool:
    """Begun, being moved, or moved to a time that they were not told yet: a yes is not about it."""
    unknown = answered.is_to_another_time(reply.message, visit)
    return visit.starts_at <= reply.message.created_at or unknown or visit.status == Appointment.Status.RESCHEDULED


def _carry_out(reply: Reply, said: PerPerson) -> None:
    spoken_of.understood_by_name(reply, {Label.CONFIRM: said.coming, Label.CANCEL: said.not_coming})
    for visit in said.coming:
        _keep(visit, Label.CONFIRM)
        visits.confirm(visit, actor=Actor.USER)
    for visit in said.not_coming:
        _keep(visit, Label.CANCEL)
        _tell_staff(reply, visit)
    if said.coming:
        answer(reply, "thank_you", about=said.coming)
    else:
        answer(reply, "handed_over")


def _tell_who_was_absent(reply: Reply, past: Attended) -> bool:
    """Whoever came is not in question by it."""
    for visit in past.absent:
        escalations.escalate(
            key=f"{DID_NOT_COME}:{visit.id}",
            reason=DID_NOT_COME,
            appointment=visit,
            message=reply.message,
            tenant_id=reply.message.tenant_id,
        )
    if past.absent:
        answer(reply, "handed_over")
    return False


def _keep(visit: Appointment, label: Label) -> None:
    visit.last_reply_label = str(label)
    visit.save(update_fields=["last_reply_label", "updated_at"])


def _tell_staff(reply: Reply, visit: Appointment) -> None:
    escalations.escalate(
        key=f"cancel_request:{visit.id}",
        reason="cancel_request",
        title=happened("cancel_request.family"),
        priority=Escalation.Priority.HIGH,
        appointment=visit,
        message=reply.message,
        tenant_id=reply.message.tenant_id,
    )
