"""A visit is on although a word of cancelling, moving or lateness stands there: denied, told, asked, about a thing."""

from __future__ import annotations

from datetime import datetime

import pytest

from workflows.replies.classify import classify
from workflows.replies.labels import Label, OpenQuestion
from workflows.replies.times.fit import VisitFacts

# The visit is on Monday the 30th at three; it is Saturday.
VISIT = VisitFacts(start=datetime(2026, 11, 30, 15, 0), now=datetime(2026, 11, 28, 14, 50))  # noqa: DTZ001 - wall clock
OURS = "Hi Ana, see you at Juniper Lane Dental on Mon, Nov 30 at 3:00 PM? Reply C to confirm, X if you cannot come."
ON = (
    "no need to cancel, im coming", "cancel the ride not the appointment", "who cancelled my visit?",
    "won't be a no show",
    "can't make it work, the link is broken", "can't come soon enough", "not coming by car, is there a bus",
    "can't make out the address", "hopefully i dont need to cancel", "i take back the cancel", "cancel the bill",
    "was my appt cancelled", "did somebody cancel my visit", "are you cancelling appts today? snow", "wont need a ride",
    "cant make it to the pharmacy, can you fill it there", "I need to cancel my card not my appointment",
    "cant open the link",
    "cancel my uber, my son drives me", "is the dr cancelling", "no voy a faltar", "no puedo abrir el link",
    "no voy a ir sola, va mi hija", "no la voy a cancelar", "no pienso cancelar", "quien cancelo mi cita?",
    "no quiero perder la cita", "no puedo esperar a ir",
)  # fmt: skip
SAME_TIME = (
    "sounds great see you after the weekend", "I wont be there before 3", "cant come any earlier",
    "Ok did you mean Tuesday",
    "paycheck comes friday can i pay then", "can't make the payment today", "are you open until 6",
    "no llego antes de las 3",
    "I can't come up with the copay until friday", "me pagan el jueves, puedo pagar despues?",
    "i dont need anything else",
)  # fmt: skip
IN_TIME = (
    "sorry for the late reply", "my payment will be late", "no voy a llegar tarde",
    "last time you were 40 minutes late",
    "sorry so late getting back to you", "no llego tarde, tranquila", "stuck in dallas until monday",
)  # fmt: skip
STILL = (
    ("cancel my appointment", Label.CANCEL), ("can't make it", Label.CANCEL),
    ("not coming", Label.CANCEL), ("i have to cancel, my sitter is sick", Label.CANCEL),
    ("no puedo ir", Label.CANCEL),
    ("cancelen mi cita", Label.CANCEL), ("can't come until friday", Label.RESCHEDULE),
    ("running late", Label.RUNNING_LATE),
    ("i can't come before 4", Label.RESCHEDULE), ("voy a llegar tarde", Label.RUNNING_LATE),
    ("canx my appt", Label.CANCEL), ("scratch monday for me", Label.CANCEL),
    ("corremela pa las 5 porfa", Label.RESCHEDULE),
    ("would 2:00 be possible", Label.RESCHEDULE),

)  # fmt: skip


def label_of(text: str) -> Label:
    found = classify(text=text, question=OpenQuestion.CONFIRM, visit=VISIT, context=OURS)
    return found.label if found.decided else Label.OTHER


@pytest.mark.parametrize("text", ON)
def test_nothing_is_called_off(text: str) -> None:
    assert label_of(text) is not Label.CANCEL


@pytest.mark.parametrize("text", SAME_TIME)
def test_no_other_time_is_wanted(text: str) -> None:
    assert label_of(text) is not Label.RESCHEDULE


@pytest.mark.parametrize("text", IN_TIME)
def test_nobody_is_late(text: str) -> None:
    assert label_of(text) is not Label.RUNNING_LATE


@pytest.mark.parametrize(("text", "label"), STILL)
def test_who_says_so_plainly_is_heard(text: str, label: Label) -> None:
    assert label_of(text) is label
