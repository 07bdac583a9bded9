"""Every reasonable way to say "leave me alone", dressed as people dress it, and what only looks like one."""

from __future__ import annotations

import itertools

import pytest

from workflows.replies.classify import OpenQuestion, classify
from workflows.replies.labels import Label
from workflows.replies.stops.keywords import is_opt_out

SLIPS = (
    "stpo", "sotp", "stoop", "s.t.o.p", "STOP!!!", "ST0P", "stopp", "Stop.", "tsop", "STOOOOP", "s t o p", "sstop",
)  # fmt: skip
ENGLISH = (
    "please dont send me any more reminders", "I don't want texts anymore", "I no longer want these", "delete me",
    "delete my number", "no more texts", "lose this number", "don't want these", "remove", "TD",
    "take me off the list", "take him off your list", "take her off the list", "take us off your texting list",
    "remove my mom from your list", "get me off this list", "how do i get off this list", "stop messaging me",
    "quit texting me", "stop sending these", "do not contact me", "please do not text this number",
    "i never signed up for this", "I didn't subscribe to these", "enough with these texts", "no text messages please",
    "I do not wish to receive messages", "unsubscribe me", "unsuscribe", "unsubcribe me please", "opt me out",
    "opting out", "i want to opt out", "cancel these texts", "turn these off", "leave me alone", "stop bugging me",
    "I would rather not get these messages", "knock it off", "please remove this number from your system",
    "take my number out of your database", "erase my number", "I revoke my consent", "can you stop texting me",
    "stop with the messages", "i said stop", "please make it stop", "I'm tired of getting these texts",
    "stp txting me", "dont txt me no more", "no more msgs", "this is spam", "I don't wanna get these reminders",
    "remove us from your contacts", "stop, thank you", "Stop. Thank you", "i am blocking you", "stop harassing me",
    "take this number off your list", "scratch me off your list", "drop my number from your list",
    "no longer interested in these messages", "I did not ask for these messages", "I'd like to stop receiving texts",
    "how do i stop these",
)  # fmt: skip
SPANISH = (
    "no me manden más mensajes", "ya no me escriban", "dejen de mandarme mensajes", "quítenme de la lista",
    "sáquenme de su lista", "bórrenme de su sistema", "quiero darme de baja", "denme de baja por favor",
    "dadme de baja", "no quiero más recordatorios", "no quiero recibir mensajes",
    "ya no quiero recibir estos mensajes", "basta ya", "paren de escribirme", "no molesten", "no me moleste más",
    "déjenme en paz", "borren mi número", "elimine mi número", "cancelen los mensajes",
    "no deseo recibir sus mensajes", "no autorizo", "nunca me suscribí", "no envíen más mensajes",
    "quiten este número de la lista", "saquen a mi mamá de la lista", "no m escriban mas", "desuscribirme",
    "como me doy de baja", "no más mensajes", "no mas msj", "olviden mi numero", "harta de sus mensajes",
)  # fmt: skip
FRENCH = (
    "ARRET", "arrêter", "ARRETEZ", "Arrêtez de m'envoyer des messages", "ne m'envoyez plus de messages", "désabonner",
    "je ne veux plus recevoir de messages", "désabonnez-moi", "désinscrivez-moi svp", "retirez-moi de la liste",
    "supprimez mon numéro", "plus de textos svp", "ne me contactez plus", "laissez-moi tranquille",
    "ne m'écrivez plus", "enlevez-moi de votre liste", "stop svp", "cessez de m'écrire",
)  # fmt: skip
PORTUGUESE = (
    "pare de me mandar mensagem", "não quero mais receber mensagens", "SAIR", "parar", "PARE", "descadastrar",
    "me tira da lista", "me remova da lista", "não me mande mais mensagens", "não envie mais mensagens", "remover",
    "apague meu número", "chega de mensagens", "me deixe em paz", "quero sair da lista", "para de me mandar mensagem",
    "não quero receber essas mensagens", "pare por favor", "exclua meu número",
)  # fmt: skip
# AWS's and the Canadian carriers' required words, Brazilian ones, and those of the policy.
REQUIRED = (
    "ARRET", "CANCEL", "END", "OPT-OUT", "OPTOUT", "QUIT", "REMOVE", "STOP", "TD", "UNSUBSCRIBE", "STOPALL", "REVOKE",
    "SAIR", "PARAR", "CANCELAR", "BAJA", "ALTO", "ARRETER",
)  # fmt: skip
DRESS = (
    "{}", "{}.", "{}!!", "please {}", "{} please", "{} 🙏", "{} 😡", "{}, thanks", "hi {}", "{}\n\nSent from my iPhone",
    "{} - Ana", "{}\nMrs. E. Hollis", "{}\nEnviado desde mi iPhone",
)  # fmt: skip
NOT = (
    "my bus stop is far, is there parking", "the pain won't stop", "I'll stop by at 3", "I'll stop in at 3",
    "don't stop", "Please don't stop the reminders, they help", "Count me in! We have got to STOP this terrible bill",
    "can't stop coughing", "I stopped smoking", "end of the day", "cancel my appointment",
    "when should i stop the blood thinner", "do I stop taking my metformin before", "gotta stop for gas, 10 min late",
    "can you remove my stitches that day", "take me off the schedule for friday", "take me off the waitlist",
    "take him off the antibiotics?", "the bleeding wont stop", "weekend is better",
    "I quit my job and lost my insurance", "i need to stop at the pharmacy first", "see you at the last stop",
    "is this the end time", "will it ever stop raining", "delete that last message, wrong chat",
    "I got no reminder this time", "sorry no messages came through, yes", "please remove the friday appointment",
    "can you drop my daughter's visit to 4", "lost my number for you guys", "i dont want this appointment anymore",
    "i no longer need this appointment", "stop sign", "does the medicine need to stop", "stopping by after work",
    "I left my number with the nurse", "keep me posted", "no me mandaron la dirección", "me sacaron sangre ayer",
    "no para de toser", "la parada del bus", "planta baja?", "me van a sacar la muela?",
    "estoy de baja médica, puedo ir", "cancelar mi cita", "no dejen de avisarme", "hay que parar la aspirina?",
    "le quitan los puntos el viernes?", "puedo parar en la farmacia antes", "sácame de una duda",
    "ponme en lista de espera", "we are stuck at a bus stop", "is there a stop near you", "never stop being awesome",
    "I'm out of meds", "get me in sooner?",
)  # fmt: skip


@pytest.mark.parametrize("text", [*SLIPS, *ENGLISH, *SPANISH, *FRENCH, *PORTUGUESE, *REQUIRED])
@pytest.mark.parametrize("question", [OpenQuestion.CONFIRM, OpenQuestion.NONE])
def test_every_wording_stops_whatever_was_asked(text: str, question: OpenQuestion) -> None:
    assert classify(text=text, question=question).label is Label.STOP


def test_a_wording_may_be_dressed_up() -> None:
    said = (frame.format(core) for core, frame in itertools.product((*SLIPS, *ENGLISH, *SPANISH), DRESS))
    assert [text for text in said if classify(text=text, question=OpenQuestion.CONFIRM).label is not Label.STOP] == []


@pytest.mark.parametrize("text", NOT)
def test_what_only_looks_like_it_does_not_stop(text: str) -> None:
    assert not is_opt_out(text)
    assert classify(text=text, question=OpenQuestion.CONFIRM).label is not Label.STOP
