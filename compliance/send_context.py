"""What the guardrails look at: plain values, read at the moment of sending."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from compliance.kinds import Kind
from compliance.models import Purpose
from compliance.opening import Opening
from compliance.quiet import Hours
from compliance.reasons import Reason

DEFAULT_CAP = 3


@dataclass(frozen=True, kw_only=True)
class SendContext:
    """All that is known when a text is about to go out. Times are aware; `zone` is the recipient's, IANA.

    `planned_for_start`: the visit's start when the message was planned. `latest_useful_at`: after this moment the
    message would confuse. `overtaken`: it was held over night, and by now a later text about the same visit is due,
    too. `more_important_due`: automatic messages to this phone within 24 h that outlive this one
    under the cap. `awaiting_staff`: the person has asked for something, and a person has it.
    `last_review_request_at`, `last_offer_at`: to this person, or to anybody on the same phone.
    `booked_again`: another visit of theirs is ahead.
    `written_since`: it had to wait, and they wrote again meanwhile.
    `heard_too_late`: the visit was over when it was first heard of.
    `said_before`: the same was said about the visit at this time.
    `texts_unwanted`: a booking of theirs says not to text them, and this is a text.
    `outcome_open`: a case or an unread message says that the person may not have come. `wrong_number`: somebody else
    answers there. `number_problem`: why nothing goes to this number. `settles_at`: until then what staff did to the
    visit can be taken back. `opening`: when somebody is at the clinic. `not_before`: of a review request or an
    offer: until then the other one, to this person or on the same phone, is too fresh.
    `told_together`: a text to the family has said it, or (`maybe_told`) may have, which will be known in a moment.
    `gathers_until`: until then the family may book another visit of that day. `costs_a_reminder`: sent now, it
    takes the place under the cap of a more important reminder of the next 24 h. `place_free_at`: when
    the texts that are a day old by then leave it a place.
    The visit's fields are empty for a message that is about no visit.
    """

    kind: Kind
    zone: str
    hours: Hours
    purpose: str = Purpose.CARE
    automatic: bool = True
    answers_person: bool = False
    visit_status: str = ""
    visit_starts_at: datetime | None = None
    visit_ends_at: datetime | None = None
    planned_for_start: datetime | None = None
    confirmed: bool = False
    outcome_open: bool = False
    heard_too_late: bool = False
    awaiting_staff: bool = False
    written_since: bool = False
    has_phone: bool = True
    phone_usable: bool = True
    suppressed: bool = False
    texts_unwanted: bool = False
    wrong_number: bool = False
    told_of_death: bool = False
    consent: bool = False
    sent_last_24h: int = 0
    sent_last_7d: int = 0
    more_important_due: int = 0
    cap_per_day: int = DEFAULT_CAP
    cap_per_week: int = 0
    latest_useful_at: datetime | None = None
    deposit_open: bool | None = None
    kind_enabled: bool = True
    has_link: bool = True
    overtaken: bool = False
    last_review_request_at: datetime | None = None
    last_offer_at: datetime | None = None
    booked_again: bool = False
    reviewed: bool = False
    said_before: bool = False
    ask_again_after: timedelta = field(default=timedelta(days=90))
    text_problems: tuple[str, ...] = ()
    kill_switch: bool = False
    catching_up: bool = False
    older_database: bool = False
    settles_at: datetime | None = None
    number_problem: Reason | None = None
    opening: Opening | None = None
    not_before: datetime | None = None
    told_together: bool = False
    maybe_told: bool = False
    gathers_until: datetime | None = None
    costs_a_reminder: bool = False
    place_free_at: datetime | None = None
