"""What to do next, where it is not the reason's own next step."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from aro.desk.sentences import Words

NEXT_STEPS: Final[Words] = {
    # what staff do first instead of the call that a case asks for
    "call_nobody": _(
        "Call nobody about this visit yet: a death was told of at this number. Read that case first. If the patient "
        "has died, cancel what is booked. If not, press It is not the patient there, then call about this visit."
    ),
    "right_number_first": _(
        "Find the patient's right number first and correct it: it may be somebody else who answers at the one you "
        "have. Then call the patient there about this visit."
    ),
    # deposits
    "deposit_paid_twice": _("Look at both payments at the payment provider and refund one of them there."),
    "deposit_refund_failed": _(
        "Tell the patient and pay it back another way, e.g. by transfer or in cash: the clinic has it."
    ),
    "deposit_dispute_asked": _("Answer at the payment provider before its deadline; unanswered, it becomes a dispute."),
    "deposit_dispute_asked.second": _("Refund that payment at the payment provider, or answer before the deadline."),
    "deposit_disputed": _("Answer the dispute at the payment provider before its deadline."),
    "deposit_disputed.second": _(
        "Answer the dispute at the payment provider before its deadline. The deposit itself stays paid."
    ),
    "deposit_dispute_won": _("Note it; nothing to pay."),
    "deposit_dispute_lost": _(
        "Do not refund it too. Ask for the deposit again or talk to the patient before the visit."
    ),
    "deposit_suspected": _(
        "Ask the patient whether they paid. If not, refund it at the payment provider: a dispute costs more."
    ),
    "deposit_payment_failed": _("Tell the patient, then ask for the deposit again or collect it at the visit."),
    "deposit_mismatch": _(
        "Compare the payment at the payment provider with the visit, then accept or refund it there."
    ),
    "deposit_paid_late": _("Look at the visit; refund the payment at the payment provider if it is not wanted."),
    "deposit_paid_late.cancelled": _("Refund it at the payment provider, or rebook the patient and keep it."),
    "deposit_unpaid": _("Call the patient and decide whether to keep the visit."),
    "deposit_kept": _("Refund it at the payment provider, keep it by your rules, or book the patient anew."),
    "deposit_link_failed": _("Ask for the deposit by phone."),
    "deposit_link_failed.again": _(
        "Look at the payment provider under Provider states, then ask again or call the patient."
    ),
    "deposit_link_on": _("Deactivate the link at the payment provider, so that nobody pays by it."),
    # people, their numbers and what they said
    "deceased.by_name": _(
        "Look at the booking. Cancel what is booked; until then nothing is sent to this number. "
        "If it is a mistake, correct the name and press It is not the patient."
    ),
    "deceased.wrote_again": _(
        "Read both messages. Cancel what is booked for whoever has died; confirm, move or cancel the other visits. "
        "Until then nothing is sent to this number. If no patient of yours has died, press It is not the patient."
    ),
    "wrong_number.wrote_again": _(
        "Read both messages. If it is the patient after all, press The number is right, then confirm, move or cancel "
        "the visit. Else find the right number and correct it. Nothing personal goes to this one until then."
    ),
    "said_stop.of_another": _(
        "Read the message and call: this one still comes and cannot be reminded by text. Who wants texts again sends "
        "START from their phone."
    ),
    "no_longer_patient.of_family": _(
        "Read the message. Cancel what is booked for this one, here and at the booking system, or call and ask."
    ),
    "held_number.corrected": _(
        "Ask whose number it is. If it is the patient's, press The number is right, else correct it again. "
        "Until then call the patient: no text about the visit is sent."
    ),
    "no_phone.own": _("Ask the patient for theirs and enter it here."),
    "no_phone.demo": _("Ask for the number at the next visit and press Add the number."),
    "unreadable_phone.changed": _("Look the number up at the booking system and press Correct the number."),
    "emergency.nobody_opened": _("Nobody opened this case in three hours. Read the message and call the patient now."),
    "texts_stopped": _("Texts to them are stopped. {then}"),
    "unclear_reply.former_time": _("Tell them the new time, then confirm, move or cancel the visit."),
    "unclear_reply.marked": _("See which text it was, then call or write to ask what they mean."),
    "unclear_reply.ours": _("Call or write to ask what they mean."),
    "unclear_reply.taken_back": _(
        "Read their last messages and ask whether they come. ARO still has the visit as confirmed."
    ),
    # visits
    "seat_unclear.absent": _("Look in the booking system who did not come, and mark their visit as a no-show."),
    "moved_unclear.guessed": _("Compare the time here with the booking system, and correct it here if it differs."),
    "cancelled_untold.call": _("Call the patient, and offer another time. ARO has sent no text about it."),
    "past_no_outcome.wrote": _("Read what they wrote, then say whether they came. Until then nothing is sent."),
    "no_answer.call": _("Call the patient, then confirm, move or cancel the visit."),
    "no_answer.call_now": _("Call the patient now, then confirm, move or cancel the visit."),
    "no_answer.demo": _("Call and ask whether they are coming, then press Confirm or Cancel visit."),
    "no_show_high_risk": _("Call to find a time that works. The next booking will ask for a deposit."),
    # texts and the carrier
    "not_delivered": _("Call the patient, or press Correct the number on their page."),
    "not_delivered.doubt": _(
        "Ask the patient whether it came; call if the visit is soon. ARO does not send it again, because it may have "
        "arrived. If the carrier reports it later, this case closes by itself."
    ),
    "wrong_address": _(
        "Ask the patient for a number or address that works, then press Correct the number or Correct the e-mail "
        "on their page."
    ),
    "channel_stopped": _(
        "Settle it at {carrier}, then press Resume under Stopped channels, or run: aro channels:resume {channel}. "
        "Until then ARO uses other channels."
    ),
    "no_template": _("Have one approved at {carrier}, then have a manager add it under WhatsApp templates."),
    "provider_paused": _(
        "Nothing is lost; ARO tries again by itself. If it lasts, look at the provider's status page."
    ),
    "send_failed": _("Call the patient if the visit is soon. Then open the dead letters and replay it."),
    "left_out.cap_reached": _("Call the patient if the text mattered."),
    "left_out.unsafe_text": _("Correct the template under Message templates."),
    "left_out.provider_refused": _(
        "Call the patient if it mattered, then press Correct the number or Correct the e-mail on their page."
    ),
    "left_out.no_template": _("Call the patient if it mattered. Add the template under WhatsApp templates."),
    "left_out.other_country": _("Call the patient, or have a manager add the country under Business, Texts."),
    "left_out.never_texted": _("Ask the patient for another number. If many such bookings came, look at who books."),
    "left_out.phone_unusable": _("Call the patient, or correct the number."),
    # booking systems, and ARO itself
    "sync_failed": _("See whether {name} works. `aro sync:status` shows the last error. ARO goes on trying."),
    "sync_unapplied": _(
        "Compare today's and tomorrow's visits with the booking system. The log in the logs folder says why."
    ),
    "sync_gone": _("Look it up there, or call the patient, then cancel or move it. ARO reminds until then."),
    "sync_gone.many": _(
        "Check that ARO's access to {name} still belongs to the right account. ARO has cancelled nothing."
    ),
    "deliveries.renewed": _("{name} stops after a day without an answer: find out why ARO was away. Nothing was lost."),
    "deliveries.failing": _(
        "Check that ARO's public address works from outside (PUBLIC_BASE_URL), and the tunnel or proxy."
    ),
    "deliveries.none": _("Subscribe as the page about connecting {name} says, or correct PUBLIC_BASE_URL."),
    "deliveries.off": _("Set PUBLIC_BASE_URL to ARO's public https address and start ARO again."),
    "workflow_failed": _(
        "Remind this patient yourself. Then open the dead letters and replay it once the cause is mended."
    ),
    "dead_letter": _("Open the dead letters: mend the cause and replay it, or archive it."),
}
