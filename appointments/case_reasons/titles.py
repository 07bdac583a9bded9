"""What happened: the titles of cases that are not their reason's own. The code begins with the reason's."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from aro.desk.sentences import Words

TITLES: Final[Words] = {
    # deposits
    "deposit_paid_twice": _("A deposit was paid twice."),
    "deposit_refund_failed": _("A refund of a deposit did not arrive: the bank sent it back."),
    "deposit_refund_failed.second": _("A refund of a deposit's second payment did not arrive: the bank sent it back."),
    "deposit_dispute_asked": _("The patient's bank asks about a deposit payment."),
    "deposit_dispute_asked.second": _("The patient's bank asks about the second payment of a deposit."),
    "deposit_disputed": _("A deposit payment is disputed at the bank."),
    "deposit_disputed.second": _("The second payment of a deposit is disputed at the bank."),
    "deposit_dispute_won": _("A disputed deposit was decided for the clinic: it counts as paid again."),
    "deposit_dispute_lost": _("A disputed deposit was decided against the clinic: the bank gave the money back."),
    "deposit_suspected": _("The card's bank takes a deposit payment for fraud."),
    "deposit_payment_failed": _("The bank did not carry out a deposit payment."),
    "deposit_mismatch": _("A deposit was paid {how}."),
    "deposit_mismatch.amounts": _("A deposit was paid {how}: {paid} instead of {asked}."),
    "deposit_paid_late": _("A deposit was paid after its visit."),
    "deposit_paid_late.cancelled": _("A deposit was paid for a cancelled visit."),
    "deposit_kept": _("A visit was cancelled, and {money} of its deposit is paid."),
    "deposit_unpaid": _("The deposit was asked for and is not paid."),
    "deposit_unpaid.twice": _("The deposit was asked for twice and is not paid."),
    "deposit_link_failed": _("The payment link for a deposit could not be made."),
    "deposit_link_on": _("A payment link that is not wanted any more could not be switched off."),
    # people, their numbers and what they said
    "deceased.by_name": _("A booking's name says that its person has died."),
    "deceased.wrote_again": _("A message told of a death, and then another message came."),
    "wrong_number.wrote_again": _(
        "Somebody else answered at this number, and then another message came: perhaps the patient's."
    ),
    "said_stop.on": _("A patient has a visit and cannot be reminded: said STOP on {day}."),
    "said_stop.corrected": _("The corrected number said STOP on {day}: nobody reminds this patient."),
    "said_stop.of_another": _(
        "Texts to this number are stopped, though the message ends only those about another of the family."
    ),
    "no_longer_patient.of_family": _(
        "A message asks for no more texts about this patient. Another of the family still comes."
    ),
    "held_number.corrected": _(
        "A number was corrected to one at which somebody else is said to answer: nothing goes there."
    ),
    "no_phone.own": _("A booking came with your own number as the patient's phone, so nobody can be reminded."),
    "no_phone.demo": _("This patient has no phone number, so nobody can be reminded."),
    "unreadable_phone.changed": _(
        "A booking's phone number was changed to one that cannot be read: texts go to the former one."
    ),
    "emergency.former": _("A message from a patient's former number may be about an emergency."),
    "cancel_request.stop": _("A patient cannot come, and wants no more texts."),
    "cancel_request.family": _("One of a family cannot come."),
    "question.confirmed": _("A patient confirmed and asks something."),
    "unclear_reply.former_time": _("A patient said yes to the former time of a visit that was moved."),
    "unclear_reply.marked": _("A patient marked our text with a no or a question mark."),
    "unclear_reply.ours": _("A patient sent our own text back without a word."),
    "unclear_reply.taken_back": _("A patient confirmed, and then wrote something that may take it back."),
    "which_visit.former": _(
        "What was asked of somebody who has another number now was answered: perhaps for another on that phone."
    ),
    "media.what": _("A patient sent {what}."),
    # visits
    "seat_unclear.absent": _(
        "Somebody did not come to a visit for several people, but the booking system does not say who."
    ),
    "moved_unclear.guessed": _("A visit was moved without saying which one: ARO took the patient's only visit."),
    "other_time_there.when": _("A visit that was moved here is still {when} at the booking system."),
    "moved_into_past.expected": _("Moved to a time that is over: the patient expects {when}."),
    "booked_untold.when": _("Booked for {when}: no text can go out before it."),
    "closed_day.one": _("1 visit is booked while you are closed. {why}."),
    "closed_day.many": _("{count} visits are booked while you are closed. {why}."),
    "outside_hours.why": _("A visit is booked while you are closed. {why}."),
    "cancelled_untold.clinic": _("Tell the patient: the visit of {when} was cancelled by the clinic."),
    "cancelled_untold.when": _(
        "Tell the patient, unless they cancelled it themselves: the visit of {when} was cancelled."
    ),
    "past_no_outcome.before": _("Past, no outcome. Before: {before}"),
    "past_no_outcome.closed": _("Past, no outcome: it was on a day on which you are closed."),
    "past_no_outcome.reopened": _("Past, no outcome: the visit was reopened after its time."),
    "past_no_outcome.moving": _("Past, no outcome: the visit was being moved, and its new time never came."),
    "past_no_outcome.wrote": _("A no-show was reported, but the patient wrote at the time of the visit."),
    "no_answer.asked": _("{asked}, no answer."),
    "no_answer.late": _("Not confirmed {left} before the visit: {asked}, no answer."),
    "no_answer.two": _("No answer to two reminders."),
    "no_answer.six_hours": _("Still not confirmed six hours before the visit."),
    "no_answer.demo": _("No answer to the reminder."),
    "not_reminded.left": _("Not confirmed {left} before the visit, and no reminder went out in time."),
    "no_show_high_risk": _("A patient with a high risk of not coming did not come."),
    # texts and the carrier
    "not_delivered": _("Text not delivered: {why}."),
    "not_delivered.doubt": _("Text in doubt: the carrier never said whether it took it."),
    "not_delivered.email": _("E-mail not delivered: {why}."),
    "not_delivered.email.doubt": _("E-mail in doubt: the carrier never said whether it took it."),
    "wrong_address": _("{before} cannot arrive: {why}. ARO goes on by {now}."),
    "channel_stopped": _("{channel} is stopped: {why}"),
    "no_template": _("WhatsApp has no approved template for {kind}: it goes by another channel."),
    "provider_paused": _("Texts are paused: the text provider does not answer properly."),
    "provider_paused.email": _("E-mail is paused: the mail server does not answer properly."),
    "provider_paused.payments": _("Payment links are paused: the payment provider does not answer properly."),
    "send_failed": _("Something ARO meant to send could not be sent because of a fault in ARO."),
    "left_out.cap_reached": _(
        "A text was left out: this number already got the most automatic texts allowed in 24 hours."
    ),
    "left_out.cap_reached.others": _(
        "A text was left out: others that are due for this number within 24 hours matter more."
    ),
    "left_out.unsafe_text": _("A text was left out because its wording breaks a rule."),
    "left_out.provider_refused": _("A message could go out on no channel."),
    "left_out.no_template": _(
        "A WhatsApp message was left out: WhatsApp wants an approved template for it, and none is set up."
    ),
    "left_out.other_country": _("A text was left out: the number belongs to a country that you do not text."),
    "left_out.never_texted": _("A text was left out: the number is a premium, shared-cost or satellite number."),
    "left_out.phone_unusable": _("A text was left out: the number cannot receive texts."),
    # booking systems, and ARO itself
    "sync_failed": _("ARO has not been able to ask {name} for its bookings {failures} times in a row."),
    "sync_unapplied": _("{count} bookings in the list of {name} could not be taken over."),
    "sync_gone": _("A visit is no longer in the list of {name}; nobody said that it was cancelled."),
    "sync_gone.many": _("{count} visits are no longer in the list of {name}."),
    "deliveries.renewed": _("{name} had stopped telling ARO of bookings. ARO has switched it on again."),
    "deliveries.failing": _("{name} cannot reach ARO. It will stop trying after a day."),
    "deliveries.none": _("{name} has no webhook to ARO's address, so bookings come only when ARO asks."),
    "deliveries.off": _("{name} has stopped telling ARO of bookings, and ARO could not switch it on again."),
    "workflow_failed": _("A step of {definition} failed {attempts} times and was stopped."),
    "dead_letter": _("Work in the lane {lane} failed for good ({code})."),
}
