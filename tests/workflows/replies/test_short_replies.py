"""Short replies as people write them: the commonest wordings, asides, signatures, slips, and what looks alike."""

from __future__ import annotations

import pytest

from workflows.replies.classify import classify
from workflows.replies.labels import Label, OpenQuestion

REMINDER = (
    "Riverside Clinic: Hi Ana, a reminder of your appointment on Tuesday, December 1 at 10:30 AM. "
    "Reply C to confirm, R to reschedule, X if you cannot come."
)
CONFIRMS = (
    "ill be there", "coming", "10:30 is fine", "sorry just saw this, yes", "Coming for sure", "wouldn't miss it",
    "yes! got the day off", "yup my daughter is bringing me", "I have it on my calendar", "we're good", "tues works",
    "hi this is Ana, yes confirming. Thanks", "Yes. Eleanor Hollis", "C. Eleanor H.", "yep see you tuesday\nMargaret",
    "bet", "say less", "cnfrm", "k c u tues", "im still coming", "C sorry hands full", "OK I'LL BE THERE",
    "listo, ahí estaremos con la nena", "boy a ir", "ai estare", "Sí, mi hija me lleva", "si dios quiere ahi estare",
    "dale, nos vemos el martes", "confirmadisimo", "orale pues", "claro que si mija", "esta bien asi, gracias",
)  # fmt: skip
CANCELS = (
    "need to cancel", "can you cancel my appointment", "cant make it sorry", "Cancel. Knees better",
    "pls take us off the calendar", "give my spot to someone else", "found another dentist", "no longer needed",
    "out sick, cant", "aint comin", "X sorry", "X. Eleanor H.", "no voy a poder ir", "cancelenla por favor",
    "ya no vamos a ir gracias", "al final no voy, gracias igual", "quítenme la cita", "canselala",
)  # fmt: skip
MOVES = (
    "r pls", "R tengo que trabajar", "got anything later that day?", "too early, any pm slot", "rschdl pls",
    "can u do wed same time", "yes but can it be after noon", "push it back an hr?", "me la puede mover",
    "puede ser el jueves?", "tienen algo más tarde?", "otro dia porfa",
)  # fmt: skip
LATES = (
    "running 10 late", "im on my way", "omw", "stuck at the train, be there in 10", "runnin like 15 behind", "eta 1042",
    "ya voy", "voy para alla", "ando atorado, llego tarde", "toy buscando parking ya casi", "just parked",
)  # fmt: skip
QUESTIONS = (
    "wat floor is it", "does medicare cover this one", "puedo llevar a mis otros niños", "do i gotta not eat b4",
    "Y or N?", "hay estacionamiento", "who's seeing me",
)  # fmt: skip
# What sounds like a wish to cancel, and is another thing.
NO_CANCELS = (
    "if it rains I won't make it", "not coming alone", "he can't come to the phone", "will not be there early",
    "I wont be there until 10:45", "my wife can't come but I will", "hope I don't have to miss it", "not coming?",
    "is it too late to cancel?", "don't cancel my appointment", "I can't come without my walker", "can't wait",
    "si no llueve no voy", "no voy en ayunas", "no quiero cancelar", "mi esposo no puede ir conmigo",
)  # fmt: skip
# A yes that is taken back, about something else, or not known to be one.
NO_CONFIRMS = (
    "ok send me the address", "ok let me check", "yes if my ride shows up", "yes but only after work", "yes she died",
    "ok I will call you", "I go ask him first", "yes I got your message", "yes please call me", "I think so", "lol",
    "that's great news about the pool", "the pool is good", "yes my number changed", "yes I already cancelled",
    "si me dan permiso voy", "si mi hija me lleva voy", "creo que si", "yo le aviso", "capaz que si",
    "yes for me, not for Leo", "ok another text", "I would be there but no", "coming?", "yes I have a fever",
    "see you in court", "1 thing", "y u text me",
)  # fmt: skip


def label_of(text: str, question: OpenQuestion = OpenQuestion.CONFIRM) -> Label:
    found = classify(text=text, question=question, context=REMINDER)
    return found.label if found.decided else Label.OTHER


@pytest.mark.parametrize(
    ("text", "label"),
    [
        *((text, Label.CONFIRM) for text in CONFIRMS),
        *((text, Label.CANCEL) for text in CANCELS),
        *((text, Label.RESCHEDULE) for text in MOVES),
        *((text, Label.RUNNING_LATE) for text in LATES),
        *((text, Label.QUESTION) for text in QUESTIONS),
    ],
)
def test_a_short_reply_is_read_as_it_is_meant(text: str, label: Label) -> None:
    assert label_of(text) is label


@pytest.mark.parametrize("text", NO_CANCELS)
def test_what_only_sounds_like_a_cancellation_cancels_nothing(text: str) -> None:
    assert label_of(text) is not Label.CANCEL


@pytest.mark.parametrize("text", NO_CONFIRMS)
def test_a_yes_that_is_taken_back_or_about_something_else_confirms_nothing(text: str) -> None:
    assert label_of(text) is not Label.CONFIRM


@pytest.mark.parametrize("text", [*CONFIRMS, *MOVES[2:]])
@pytest.mark.parametrize("question", [OpenQuestion.NONE, OpenQuestion.NOTICE, OpenQuestion.OPTIONS])
def test_short_replies_confirm_nothing_without_a_question(text: str, question: OpenQuestion) -> None:
    assert label_of(text, question) is not Label.CONFIRM


@pytest.mark.parametrize(
    "text",
    [
        "X no sorry typo. C", "Yes and im not rescheduling this time", "I don't want to reschedule",
        "im not cancelling",
        "can you text me at 5 instead", "ya la cancele", "will confirm tomorrow",
        "I can come but my son can't", "Ask the wife", "que calor", "see you in like 6 hours lol",
        "running late on rent lol",
    ],
)  # fmt: skip
def test_what_takes_itself_back_or_speaks_of_something_else_is_for_a_person(text: str) -> None:
    assert label_of(text) is Label.OTHER


@pytest.mark.parametrize("text", ["drop me from the list for tues", "pls take me off friday i cannot leave the house"])
def test_off_the_list_of_one_day_is_no_opt_out(text: str) -> None:
    assert label_of(text) is not Label.STOP
