"""What six people who had seen no rule got ARO to read wrongly, and other wordings of each kind."""

from __future__ import annotations

from datetime import datetime

import pytest

from workflows.replies.classify import classify
from workflows.replies.labels import Label, OpenQuestion
from workflows.replies.meanings.changes import wants_cancel
from workflows.replies.stops.keywords import is_opt_out
from workflows.replies.text.normalize import plain
from workflows.replies.times.fit import VisitFacts

OURS = "Riverside Clinic: Hi Ana, can you make it? Reply C to confirm, R to reschedule, X if you cannot come."
# The visit is on Tuesday the 8th at half past four in the afternoon; it is Sunday, in the sister's case the day before.
TUESDAY = VisitFacts(start=datetime(2026, 12, 8, 16, 30), now=datetime(2026, 12, 6, 9, 0))  # noqa: DTZ001 - wall clock


def label_of(text: str, *, visit: VisitFacts = TUESDAY, question: OpenQuestion = OpenQuestion.CONFIRM) -> Label:
    found = classify(text=text, question=question, visit=visit, context=OURS)
    return found.label if found.decided else Label.OTHER


@pytest.mark.parametrize(
    "text",
    [
        "what do i have to bring tues", "hey whos the doctor tuesday", "wat paper i need bring tuesday",
        "cuanto me va a costar el martes", "que llevo el martes", "yall really see folks on a tuesday",
        "you guys open tuesday", "do yall open on tuesday", "atienden el martes", "van a abrir el dia 8??",
        "el 8?? en plena fiesta atienden?", "whats the address for tuesday", "donde es lo del martes",
        "hi which dr do i see on the 8th", "how long will it take tuesday", "how do i get there tuesday",
        "is the doctor there tuesday", "who do i ask for on tuesday", "necesito ir en ayunas el martes?",
        "hay estacionamiento el martes", "you take insurance tuesday", "en que piso es el martes",
    ],
)  # fmt: skip
def test_a_question_that_names_the_visits_own_day_is_no_yes(text: str) -> None:
    assert label_of(text) in (Label.QUESTION, Label.OTHER)


@pytest.mark.parametrize(
    "text",
    ["what do i have to bring tues", "hey whos the doctor tuesday", "cuanto me va a costar el martes"],
)
def test_a_question_that_names_the_visits_own_day_is_a_question(text: str) -> None:
    assert label_of(text) is Label.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "Tuesday 4:30. Where do I park?", "tuesday 4:30 where do i park", "yes tuesday, where do i park",
        "tell dr ramirez im coming 4:30", "si el martes, ¿cuánto cuesta?", "si voy martes a las 4:30, llevo algo?",
    ],
)  # fmt: skip
def test_who_says_the_time_and_asks_something_still_comes(text: str) -> None:
    assert label_of(text) is Label.CONFIRM


@pytest.mark.parametrize("text", ["d/c my Tuesday appt pls", "pls d/c my appt", "d/c my visit"])
def test_a_letter_beside_a_slash_answers_nothing(text: str) -> None:
    assert label_of(text) is Label.CANCEL


@pytest.mark.parametrize(
    "text",
    [
        "d/c", "c/o my mother tuesday", "a/c", "C/R/X", "c/x", "Y/N", "ill come when i come", "I'll come when I can",
        "We'll see.",
        "yeah we'll see", "sure we will see", "ire cuando pueda", "si ya veremos", "si abren el martes voy",
        "be there whenever i get off",
        "forget about tuesday, thx anyway", "forget tuesday", "we'll see how i feel", "dont forget tuesday",
    ],
)  # fmt: skip
def test_no_yes_is_heard_where_none_is(text: str) -> None:
    assert label_of(text) is not Label.CONFIRM


@pytest.mark.parametrize(
    "text", ["C/yes", "we'll see you tuesday", "We'll see you then", "I won't forget about tuesday", "c / thanks"]
)
def test_what_looks_like_it_and_is_a_yes_stays_one(text: str) -> None:
    assert label_of(text) is Label.CONFIRM


@pytest.mark.parametrize("text", ["forget about tuesday, thx anyway", "just forget about the appointment"])
def test_who_says_forget_the_day_does_not_come(text: str) -> None:
    assert label_of(text) is Label.CANCEL


@pytest.mark.parametrize(
    "text",
    [
        "take me off the 8th pls, seein family", "take me off for the 8th", "take me off tuesday",
        "pls remove me from the 8th",
        "delete me from tuesday", "Doing a locum shift Tuesday. Strike me off",
        "working tuesday, scratch me off the list",
        "cross us off your books", "take me off your schedule", "take me off the book for tuesday",
        "take me off your list for the 8th", "strike her off for tuesday", "no puedo ir nena, dala de baja",
        "dala de baja que no puedo ir", "no voy el martes, dela de baja",
    ],
)  # fmt: skip
def test_who_wants_off_a_day_or_the_book_cancels_and_still_gets_texts(text: str) -> None:
    assert label_of(text) is Label.CANCEL


@pytest.mark.parametrize(
    "text",
    [
        "715 dont bother me none been up since 4", "early dont bother me, see you tues",
        "mondays at 7 am dont bother me",
        "the early hour don't bother us one bit",
    ],
)  # fmt: skip
def test_what_bothers_nobody_is_no_opt_out(text: str) -> None:
    assert not is_opt_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "dont bother me any more", "dont bother me at all", "take me off the list", "scratch me off the list",
        "strike me off",
        "take me off your texting list", "strike my number off", "tuesday you texted me, take me off your list",
        "strike me off your text list tuesday was the last straw", "You text every monday. Scratch me off your list",
        "it is friday night, cross me off these texts", "denme de baja", "ya no puedo mas denme de baja", "take me off",
        "I said tuesday to take me off", "no puedo con tantos mensajes, denme de baja",
    ],
)  # fmt: skip
def test_silence_about_texts_still_is_asked_for(text: str) -> None:
    assert is_opt_out(text)


@pytest.mark.parametrize("text", ["take me off the list", "scratch me off the list", "strike me off"])
def test_off_the_list_may_mean_the_visit_too(text: str) -> None:
    assert wants_cancel(plain(text), visit_is_topic=True, new_time=False)


NOON = VisitFacts(start=datetime(2026, 12, 8, 12, 0), now=datetime(2026, 12, 7, 9, 0))  # noqa: DTZ001 - wall clock
WEEK_ON = VisitFacts(start=datetime(2026, 12, 17, 17, 15), now=datetime(2026, 12, 8, 9, 0))  # noqa: DTZ001
WEEK_TODAY = VisitFacts(start=datetime(2026, 12, 10, 17, 15), now=datetime(2026, 12, 3, 9, 0))  # noqa: DTZ001
THIS_WEEK = VisitFacts(start=datetime(2026, 12, 10, 17, 15), now=datetime(2026, 12, 8, 9, 0))  # noqa: DTZ001
TODAY = VisitFacts(start=datetime(2026, 12, 8, 16, 30), now=datetime(2026, 12, 8, 9, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "visit"),
    [
        ("Thursday week 5.15. D Fairclough", WEEK_TODAY), ("Thursday week at 5 15 yes", WEEK_ON),
        ("yes, a week from thursday", WEEK_ON), ("Conforme, martes 8 a mediodía", NOON),
        ("martes 8 al mediodía sí", NOON),
        ("si a las 12 del mediodia", NOON), ("sí gracias, hasta mañana", NOON), ("hasta mañana", NOON),
        ("gracias, hasta el martes", TUESDAY), ("vale, hasta el martes a las 4 y media", TUESDAY),
        ("ok hasta el martes doctora", TUESDAY), ("Perfecto hasta el 8", TUESDAY),
        ("hasta el martes, half past four", TUESDAY),
        ("copy, will be on site", TUESDAY),
    ],
)  # fmt: skip
def test_the_own_time_in_further_words_confirms(text: str, visit: VisitFacts) -> None:
    assert label_of(text, visit=visit) is Label.CONFIRM


@pytest.mark.parametrize(
    ("text", "visit"),
    [
        ("thursday week at 5.15 yes", THIS_WEEK), ("no puedo hasta el martes", TUESDAY),
        ("no, hasta el martes", TUESDAY),
        ("estoy de viaje hasta el martes", TUESDAY), ("trabajo hasta el martes", TUESDAY),
        ("hasta el martes puedo", TUESDAY),
        ("vale, hasta el jueves", TUESDAY), ("si pero hasta el martes", TUESDAY), ("vuelvo hasta el martes", TUESDAY),
        ("tengo libre hasta el martes", TUESDAY), ("I'm on site in Leeds tuesday", TUESDAY),
        ("martes 9 a mediodía", NOON),
        ("estoy trabajando en Leeds el martes, ok", TUESDAY), ("yes working in Dayton tuesday", TUESDAY),
    ],
)  # fmt: skip
def test_what_looks_like_the_own_time_and_is_none_confirms_nothing(text: str, visit: VisitFacts) -> None:
    assert label_of(text, visit=visit) is not Label.CONFIRM


@pytest.mark.parametrize(
    "text",
    [
        "dropping the twins off first so may be 5/10 mins after half past 4, sorry!!",
        "I will be approx 7 minutes after 4:30 due to bus 44",
        "my shift runs til 430 so il be like 445", "be there like 4:50", "expect me around 4:40 today",
        "llego como a las 5 menos cuarto",
        "voy a llegar tarde hoy como 4:50, esta bien?", "meeting ends 4:15, be there more like 4:45",
        "might not get there til quarter to 5",
        "ill be late, more like 5", "llegaremos tipo 4 y 50, perdona",
    ],
)  # fmt: skip
def test_an_hour_soon_after_the_visits_is_when_they_come(text: str) -> None:
    assert label_of(text, visit=TODAY) is Label.RUNNING_LATE


@pytest.mark.parametrize(
    "text",
    [
        "be there 5:30", "can we make it 4:45", "4:45 works better", "could you do 10 minutes after 4:30",
        "yes see you at 4:45",
        "be there thursday 4:45", "mejor a las 5 menos cuarto", "is it ok if we move it to 4:50",
        "what if i get there 4:45",
    ],
)  # fmt: skip
def test_another_hour_is_no_delay(text: str) -> None:
    assert label_of(text, visit=TODAY) is not Label.RUNNING_LATE


@pytest.mark.parametrize(
    "text",
    [
        "llamadme después de las 6", "call me after 6", "can you ring me tomorrow at 3", "me pueden llamar mañana",
        "text me thursday",
        "Le contesto más tarde, estoy en junta", "ill answer later", "les respondo el jueves",
        "reply later, in a meeting til 3",
        "idk yet schedule doesnt come out till tonite", "todavia no se, me dan el horario el lunes", "nah mate",
        "not coming tuesday, ill call for another 1 sometime", "no, im in arizona until february", "cant till february",
    ],
)  # fmt: skip
def test_the_time_of_something_else_is_no_wish(text: str) -> None:
    assert label_of(text) is not Label.RESCHEDULE


@pytest.mark.parametrize(
    "text",
    [
        "X, vuelvo de Madrid hasta el 9", "X. Office closes early and I'm flying out that afternoon",
        "X, back in town after the holidays",
        "not coming Tuesday, no need to rebook", "wont be coming, dont worry about another one",
        "can you cancel Hannahs one on the 8th",
        "el martes no puedo, no me reagenden", "no voy, no hace falta otra cita", "I wont make it, no new date needed",
    ],
)  # fmt: skip
def test_who_wants_no_other_time_cancels(text: str) -> None:
    assert label_of(text) is Label.CANCEL


@pytest.mark.parametrize("text", ["R please call me", "R, call me after 6", "R. ring me"])
def test_an_r_beside_a_call_still_is_one(text: str) -> None:
    assert label_of(text) is Label.RESCHEDULE


@pytest.mark.parametrize("text", ["X but thursday works", "x if it rains", "X cant till thursday", "X or maybe C"])
def test_an_x_with_a_turn_is_not_only_an_x(text: str) -> None:
    assert label_of(text) in (Label.OTHER, Label.RESCHEDULE)


@pytest.mark.parametrize("text", ["no need to reschedule, ill be there", "yes, no need to rebook"])
def test_who_needs_no_other_time_wishes_for_none(text: str) -> None:
    assert label_of(text) not in (Label.RESCHEDULE, Label.CANCEL)


@pytest.mark.parametrize("text", ["no need for another one ok", "dont need another appointment ok", "ok no new date"])
def test_who_needs_no_other_visit_has_not_confirmed_this_one(text: str) -> None:
    assert label_of(text) is not Label.CONFIRM


@pytest.mark.parametrize(
    "text",
    [
        "estoy enferma, hasta el martes", "si, estoy enferma, hasta el martes", "ocupado, hasta el martes",
        "imposible, hasta el martes",
        "que pena, hasta el martes", "is tuesday good for the doctor?", "good question, are you there tuesday",
    ],
)  # fmt: skip
def test_a_see_you_behind_something_else_confirms_nothing(text: str) -> None:
    assert label_of(text) is not Label.CONFIRM


@pytest.mark.parametrize(
    "text",
    ["cant make it, can i rebook", "call me to reschedule", "cant come, thursday instead", "one on the 9th please"],
)
def test_a_wish_for_another_time_stays_one(text: str) -> None:
    assert label_of(text) is not Label.CANCEL


@pytest.mark.parametrize(
    "text",
    [
        "send it", "send link", "Please do", "yes pls do", "si porfa mandame el enlace", "sí dale pasame el link",
        "ya mándame nomás",
        "Claro que sí, espero el link", "Yes, please send the link. Hannah V.", "go ahead and send it",
        "mándemelo por favor",
        "text me the link", "sí, mándeme el enlace por favor", "can you send it over",
    ],
)  # fmt: skip
def test_who_asks_for_what_we_offered_has_said_yes(text: str) -> None:
    assert label_of(text, question=OpenQuestion.OFFER) is Label.CONFIRM


@pytest.mark.parametrize(
    "text",
    [
        "dont send it", "no me mande nada", "send me the bill", "send it to my wife", "send it next week",
        "no mandes el link",
        "send my records", "send someone", "send it and then what?",
    ],
)  # fmt: skip
def test_who_asks_for_something_else_has_not(text: str) -> None:
    assert label_of(text, question=OpenQuestion.OFFER) is not Label.CONFIRM


@pytest.mark.parametrize("text", ["send it", "send link", "mandame el enlace"])
def test_to_the_question_whether_they_come_it_is_no_yes(text: str) -> None:
    assert label_of(text) is not Label.CONFIRM


SIXTEEN = VisitFacts(start=datetime(2026, 12, 8, 16, 0), now=datetime(2026, 12, 7, 9, 0))  # noqa: DTZ001 - wall clock
HALF_NOON = VisitFacts(start=datetime(2026, 12, 8, 12, 30), now=datetime(2026, 12, 6, 9, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "visit"),
    [
        ("C gracias, mañana 16 h", SIXTEEN), ("Va, martes 16h", SIXTEEN),
        ("half past noon on the 8th", HALF_NOON), ("half past midday tuesday", HALF_NOON),
        ("yessum half 4 on tuesday", TUESDAY),
        ("half 4 oclck tues ok", TUESDAY), ("yep half 4 tuesday no bother", TUESDAY), ("okies tuesday", TUESDAY),
    ],
)  # fmt: skip
def test_further_words_for_a_yes_and_its_hour(text: str, visit: VisitFacts) -> None:
    assert label_of(text, visit=visit) is Label.CONFIRM


@pytest.mark.parametrize(
    "text",
    [
        "cant do it sorry have practice", "have to bail on tuesday sorry sorry", "give it to someone else",
        "I not come. Already see other doctor",
        "estoy en Leeds, quítala", "quitenla por favor", "cant make tuesday",
    ],
)  # fmt: skip
def test_further_words_for_not_coming(text: str) -> None:
    assert label_of(text) is Label.CANCEL


@pytest.mark.parametrize(
    "text",
    [
        "not going to bail, see you tuesday", "i would not bail on tuesday",
        "cant do it any earlier",
    ],
)  # fmt: skip
def test_what_sounds_like_not_coming_cancels_nothing(text: str) -> None:
    assert label_of(text) is not Label.CANCEL


@pytest.mark.parametrize(
    "text", ["puedo ir con mi hermana?", "me puede dar la direccion otra vez", "necesito llevar algo?"]
)
def test_further_questions(text: str) -> None:
    assert label_of(text) is Label.QUESTION


@pytest.mark.parametrize("text", ["puedo ir el jueves?", "tienen otra hora?", "puedo ir mas tarde?"])
def test_a_wish_is_no_question(text: str) -> None:
    assert label_of(text) is not Label.QUESTION


def test_no_bother_alone_is_no_yes_to_an_offer() -> None:
    assert label_of("no bother", question=OpenQuestion.OFFER) is not Label.CONFIRM


def test_old_time_or_new_time_is_no_wish() -> None:
    assert label_of("does that mean old time or new time, clocks go forward that morning") is not Label.RESCHEDULE


@pytest.mark.parametrize("text", ["X no need to rebook", "X, no need for another date"])
def test_an_x_that_needs_no_other_time_cancels(text: str) -> None:
    assert label_of(text) is Label.CANCEL


@pytest.mark.parametrize(
    "text", ["take me off tuesday and put me thursday", "strike me off tuesday, thursday is better"]
)
def test_off_one_day_and_on_another_is_no_cancellation(text: str) -> None:
    assert label_of(text) in (Label.RESCHEDULE, Label.OTHER)


def test_who_does_not_want_to_be_struck_off_gets_texts() -> None:
    assert not is_opt_out("dont strike me off, ill be there tuesday")
    assert label_of("c no need to reschedule") is not Label.RESCHEDULE
