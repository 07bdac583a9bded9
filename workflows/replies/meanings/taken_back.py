"""Whether a message may take back the yes before it: "oops, wrong chat" after a C."""

from __future__ import annotations

from appointments.models import Appointment
from workflows.replies.acting.answering import Reply
from workflows.replies.acting.message_meaning import own_words
from workflows.replies.meanings import wishes
from workflows.replies.text.normalize import plain


def is_a_yes(reply: Reply) -> bool:
    visit = reply.context.visit
    confirmed = visit is not None and visit.status == Appointment.Status.CONFIRMED
    return confirmed and wishes.takes_back(plain(own_words(reply.message, reply.context)))
