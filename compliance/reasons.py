"""Why a planned message was skipped, held, merged or expired: one list for the whole product (the why ledger)."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reason(StrEnum):
    # never sent
    NO_CONSENT = "no_consent"
    OPTED_OUT = "opted_out"
    TEXTS_UNWANTED = "texts_unwanted"  # the booking says not to text this person
    CANCELLED = "cancelled"
    MOVED = "moved"
    ALREADY_CONFIRMED = "already_confirmed"
    AWAITING_STAFF = "awaiting_staff"  # the patient asked for a change and a person has it
    VISIT_PAST = "visit_past"
    VISIT_OVER = "visit_over"  # completed or no-show: no reminder makes sense
    NOT_ATTENDED = "not_attended"  # a review request after a no-show or cancellation
    HEARD_TOO_LATE = "heard_too_late"  # the visit was over when ARO first heard of it
    OUTCOME_OPEN = "outcome_open"  # somebody wrote that they do not come, or may have: a person has to say
    STALE = "stale"  # its moment has gone by; sending it now would confuse
    NO_PHONE = "no_phone"
    PHONE_UNUSABLE = "phone_unusable"
    CAP_REACHED = "cap_reached"
    ASKED_RECENTLY = "asked_recently"
    OFFERED_RECENTLY = "offered_recently"  # the next visit, to this person or phone
    BOOKED_AGAIN = "booked_again"  # nobody is asked to book who has just done so
    REVIEWED = "reviewed"  # they wrote a review before they were asked
    SAID_BEFORE = "said_before"  # a text about this visit has said the same
    ANSWERED_ENOUGH = "answered_enough"  # the same answer again, or more than the day's number
    TOLD_OF_DEATH = "told_of_death"  # a message tells of a death; held until a person has settled it
    WRONG_NUMBER = "wrong_number"  # somebody else answers there; held until a person has settled it
    DEPOSIT_SETTLED = "deposit_settled"
    SWITCHED_OFF = "switched_off"  # the business turned this kind off
    NO_LINK = "no_link"  # no review or booking link configured
    UNSAFE_TEXT = "unsafe_text"  # the linter refuses the wording
    NO_TEMPLATE = "no_template"  # WhatsApp, more than a day after the person last wrote there
    OTHER_COUNTRY = "other_country"  # the clinic does not text this country
    NEVER_TEXTED = "never_texted"  # a premium, shared-cost or satellite number
    TOLD_TOGETHER = "told_together"  # the text to the whole family says it
    GAVE_WAY = "gave_way"  # the places under the cap are kept for the reminders of the next 24 hours
    # later
    HOURLY_CAP = "hourly_cap"
    NO_PLACE_YET = "no_place_yet"  # a text of the day before is about to fall out of the 24 hours
    GATHERING = "gathering"  # the family may book its next visit in a moment: one text for all
    KILL_SWITCH = "kill_switch"  # until a person switches sending on again
    CATCHING_UP = "catching_up"  # until it is known what people have written while ARO was not there
    OLDER_DATABASE = "older_database"  # a backup was put back that does not know what went out since
    MAY_BE_UNDONE = "may_be_undone"  # staff have just changed the visit and can take it back
    QUIET_HOURS = "quiet_hours"
    CLOSED = "closed"  # until the clinic opens: nobody would answer a call
    SPACED_OUT = "spaced_out"  # a review request and an offer to one person or phone, some hours apart
    PROVIDER_PAUSED = "provider_paused"
    RATE_LIMITED = "rate_limited"
    OUTCOME_UNKNOWN = "outcome_unknown"
    CHANNEL_STOPPED = "channel_stopped"
    # otherwise
    MERGED = "merged"
    PROVIDER_REFUSED = "provider_refused"


# For these nobody goes without news: the visit is off or over, or another text says it.
NOTHING_UNTOLD: frozenset[Reason] = frozenset(
    {
        Reason.CANCELLED,
        Reason.MOVED,
        Reason.VISIT_OVER,
        Reason.ALREADY_CONFIRMED,
        Reason.MERGED,
        Reason.TOLD_TOGETHER,
    }
)

# No text goes to this person until somebody changes something: waiting helps nothing.
NOT_BY_TEXT: frozenset[Reason] = frozenset(
    {
        Reason.NO_CONSENT,
        Reason.OPTED_OUT,
        Reason.TEXTS_UNWANTED,
        Reason.NO_PHONE,
        Reason.PHONE_UNUSABLE,
        Reason.OTHER_COUNTRY,
        Reason.NEVER_TEXTED,
        Reason.NO_TEMPLATE,
        Reason.PROVIDER_REFUSED,
    }
)

EXPLANATIONS: dict[Reason, str | Promise] = {
    Reason.NO_CONSENT: _("no consent to texts of this kind is on record for this number"),
    Reason.OPTED_OUT: _("this number said stop"),
    Reason.TEXTS_UNWANTED: _("the booking says not to text this person"),
    Reason.CANCELLED: _("the visit was cancelled"),
    Reason.MOVED: _("the visit was moved to another time"),
    Reason.ALREADY_CONFIRMED: _("the person had already confirmed"),
    Reason.AWAITING_STAFF: _("the patient asked for a change or told of danger, and a person is dealing with it"),
    Reason.VISIT_PAST: _("the visit's time has passed"),
    Reason.VISIT_OVER: _("the visit is over"),
    Reason.NOT_ATTENDED: _("the visit did not take place"),
    Reason.HEARD_TOO_LATE: _("the visit was over already when ARO first heard of it"),
    Reason.OUTCOME_OPEN: _("nobody has said yet whether the patient came, or a case of theirs is open"),
    Reason.STALE: _("its moment had gone by"),
    Reason.NO_PHONE: _("the booking has no phone number"),
    Reason.PHONE_UNUSABLE: _("the number cannot receive texts (landline or invalid)"),
    Reason.CAP_REACHED: _(
        "the most automatic texts allowed have gone to this number, or are due there and matter more"
    ),
    Reason.ASKED_RECENTLY: _("this person, or somebody on the same phone, was asked for a review recently"),
    Reason.OFFERED_RECENTLY: _("this person, or somebody on the same phone, was offered the next visit recently"),
    Reason.BOOKED_AGAIN: _("the patient has booked again"),
    Reason.REVIEWED: _("this person has written a review already"),
    Reason.SAID_BEFORE: _("a text about this visit has said it before"),
    Reason.ANSWERED_ENOUGH: _("this number has had that answer just now, or enough answers for a day"),
    Reason.TOLD_OF_DEATH: _("a message from this number tells of a death, and nobody has settled it yet"),
    Reason.WRONG_NUMBER: _("somebody else answers at this number, or the patient has a new one: not settled yet"),
    Reason.DEPOSIT_SETTLED: _("the deposit is no longer open"),
    Reason.SWITCHED_OFF: _("this kind of message is switched off"),
    Reason.NO_LINK: _("the link it needs is not configured"),
    Reason.UNSAFE_TEXT: _("the wording breaks a rule"),
    Reason.NO_TEMPLATE: _("WhatsApp wants an approved template for it, and none is set up"),
    Reason.TOLD_TOGETHER: _("one text to the family says it for several visits"),
    Reason.GAVE_WAY: _("the reminders of the next 24 hours need the texts that this number may still get"),
    Reason.NO_PLACE_YET: _("this number may get its next automatic text in a moment"),
    Reason.GATHERING: _("the family's bookings of the last minutes go out as one text"),
    Reason.KILL_SWITCH: _("all sending is switched off"),
    Reason.CATCHING_UP: _(
        "ARO first asks the carrier what people wrote while it was away: somebody may have said stop"
    ),
    Reason.OLDER_DATABASE: _("an older backup was put back: a person has to look before anything automatic goes out"),
    Reason.MAY_BE_UNDONE: _("staff have just changed the visit and can still take it back"),
    Reason.OTHER_COUNTRY: _("the number belongs to a country that is not texted"),
    Reason.NEVER_TEXTED: _("the number is a premium, shared-cost or satellite number"),
    Reason.HOURLY_CAP: _("so many messages went out this hour that a person has to look"),
    Reason.QUIET_HOURS: _("quiet hours at the recipient's place"),
    Reason.CLOSED: _("the clinic is closed then, and nobody would be there to answer"),
    Reason.SPACED_OUT: _(
        "review requests and offers of the next visit to this person, or on the same phone, go out some hours apart"
    ),
    Reason.PROVIDER_PAUSED: _("the provider is paused after failures"),
    Reason.RATE_LIMITED: _("the provider's rate limit"),
    Reason.OUTCOME_UNKNOWN: _("the provider has not said whether it took the message"),
    Reason.CHANNEL_STOPPED: _("the carrier does not let the clinic use this channel"),
    Reason.MERGED: _("a later message says the same"),
    Reason.PROVIDER_REFUSED: _("the provider refused it"),
}
