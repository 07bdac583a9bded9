"""Opt-out, opt-in and help words."""

from __future__ import annotations

import pytest

from workflows.replies.stops.keywords import asks_help, is_bare_cancel, is_opt_out, opts_in
from workflows.replies.text.normalize import plain

BY_LAW = (
    "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT", "OPT-OUT", "REMOVE",
)  # fmt: skip
WORDINGS = (
    "stop texting me", "Please stop sending these", "no more messages", "don't text me again", "STOP!! I mean it",
    "take me off your list", "remove my number", "lose my number", "I no longer wish to receive these texts",
    "I don't want any more reminders", "unsubscribe me please", "I revoke my consent", "never contact me again",
    "leave me alone", "S T O P", "please, stop", "No, stop.", "opt me out", "enough with the texts", "stop this now",
    "put me on your do not call list", "You do not have my permission to text me",
)  # fmt: skip
SPANISH = (
    "ALTO", "PARAR", "Basta", "¡Basta ya!", "no me manden más mensajes", "No quiero más mensajes por favor",
    "ya no quiero recibir mensajes", "dejen de escribirme", "quiero darme de baja", "borren mi número", "salir",
)  # fmt: skip
NOT_OPT_OUTS = (
    "I'm at the bus stop", "the bus stop, call me when you are here", "cancel my appointment", "please cancel my visit",
    "I want to cancel this", "I'll stop by at 3", "can't stop laughing", "never stop reminding me please", "yes",
    "please don't stop the reminders", "take me off the schedule for Friday", "when does it end", "weekend", "no",
    "I quit smoking last year", "get me out of this mess", "¿a qué hora es mi cita?", "no puedo ir", "x", "c", "r",
)  # fmt: skip


@pytest.mark.parametrize("word", BY_LAW)
@pytest.mark.parametrize("frame", ["{}", " {} ", '"{}"', "{}.", "{}!", "{}\n", "\u201c{}\u201d", "({})", "{} {}"])
def test_every_revocation_word_opts_out_however_it_is_dressed(word: str, frame: str) -> None:
    for typed in (word, word.lower(), word.title()):
        assert is_opt_out(frame.format(typed, typed))


@pytest.mark.parametrize("word", ["STOP", "STOPALL", "UNSUBSCRIBE", "OPTOUT", "OPT OUT", "OPT-OUT"])
def test_the_unmistakable_words_may_be_said_politely(word: str) -> None:
    assert is_opt_out(f"{word} please")
    assert is_opt_out(f"please {word.lower()}, thank you")


@pytest.mark.parametrize("text", [*WORDINGS, *SPANISH])
def test_any_reasonable_wording_opts_out(text: str) -> None:
    assert is_opt_out(text)
    assert is_opt_out(text.upper())


@pytest.mark.parametrize("text", NOT_OPT_OUTS)
def test_an_ordinary_message_does_not_opt_out(text: str) -> None:
    assert not is_opt_out(text)


@pytest.mark.parametrize("text", ["CANCEL", " cancel. ", '"Cancel"', "cancel\n", "cancle"])
def test_cancel_alone_is_both_an_opt_out_and_told_apart_for_staff(text: str) -> None:
    assert is_bare_cancel(text)
    assert is_opt_out(text)


@pytest.mark.parametrize("text", ["cancel my appointment", "STOP", "cancel it", "I cancel", ""])
def test_more_than_the_word_cancel_is_no_bare_cancel(text: str) -> None:
    assert not is_bare_cancel(text)


@pytest.mark.parametrize("text", ["START", "start", "UNSTOP", "Unstop.", '"START"'])
def test_start_and_unstop_opt_in(text: str) -> None:
    assert opts_in(plain(text))


@pytest.mark.parametrize("text", ["YES", "yes", "Sí", "ok", "start when you can see me", "when do we start"])
def test_yes_never_opts_in(text: str) -> None:
    assert not opts_in(plain(text))


@pytest.mark.parametrize("text", ["HELP", "info", "Ayuda", "help!", "HELP please"])
def test_help_words_ask_for_help(text: str) -> None:
    assert asks_help(plain(text))


@pytest.mark.parametrize("text", ["can you help my mother walk in", "I need info about parking", ""])
def test_help_inside_a_sentence_is_no_keyword(text: str) -> None:
    assert not asks_help(plain(text))
