"""STOP run together with itself, in letters of another alphabet, and in more words of people's own."""

from __future__ import annotations

import pytest

from workflows.replies.stops.keywords import is_opt_out

STOPS = (
    "Stop2end", "STOP2END", "stop2stop", "STOP2STOP", "STOP 2 END", "ENDALL", "END ALL", "QUITALL", "quit2end",
    "STOPNOW",
    "stop2quit", "text stop", "reply stop", "Reply STOP", "REPLY STOP PLEASE", "sending stop", "txt stop", "type stop",
    "s\u0442\u043ep", "\u0405TOP", "ST\u041eP", "\u0455t\u043e\u0440", "S\u03a4OP", "STO\u03a1", "un\u0455ubscribe",
    "STAHP", "stahp", "rmv", "rmv me",
    "f off and stop", "I never gave consent to text me", "I never gave you consent",
    "did not give consent to be texted",
    "this is a work phone do not text", "This is my work phone, do not text it", "do not text this number",
    "dont text this phone", "do not text this line please", "work phone, no texts",
    "not a textable number, do not text",
    "elimíneme", "elimineme por favor", "elimínenme de la lista", "quit mandando mensajes", "stop mandando mensajes",
    "ya párale", "párale", "parale ya", "ya párenle", "párenle con los mensajes", "dejen de estar mandando mensajes",
    "ALTO TODO", "alto a los mensajes", "sáqueme", "bórrenme", "no manden nada a este numero",
    "no escriban a este numero", "este es un telefono de trabajo, no escriban", "no me texteen", "ya no me texteen",
)  # fmt: skip
NO_STOPS = (
    "is there a bus stop near you", "we will stop by at 2", "ends at 3?", "what time does it end",
    "reply to my email please",
    "can you reply", "I can stop at 2", "the pain does not stop", "I text slowly sorry", "I quit my job",
    "I am at the last stop",
    "my work phone is 646 555 0101", "do not text him the address, I will", "did you text this number yesterday?",
    "should I reply c or r", "I removed the bandage", "para qué es la cita", "voy a parar en la farmacia",
    "no me mande a otra oficina",
    "hasta el alto de la calle", "elimine la otra cita", "dónde paro el carro", "all done", "end of the day works",
    "ya paró de llover, voy", "alto, ¿a qué hora es?", "one stop away", "consent form is signed",
    "I gave consent already",
    "where do I stop", "mandando un abrazo, ahí estaré",
)  # fmt: skip


@pytest.mark.parametrize("text", STOPS)
def test_a_stop_in_these_words_is_an_opt_out(text: str) -> None:
    assert is_opt_out(text)


@pytest.mark.parametrize("text", NO_STOPS)
def test_words_like_a_stop_are_none(text: str) -> None:
    assert not is_opt_out(text)
