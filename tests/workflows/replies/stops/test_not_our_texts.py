"""What ends something else than our texts, is denied or only told, does not stop them; what names them always does."""

from __future__ import annotations

import pytest

from workflows.replies.stops.keywords import is_opt_out

ANOTHER_THING = (
    "opt out of email please, keep sms", "I want to opt out of the xrays", "we opted out of the flu shots",
    "opting out of sedation",
    "i opted out of dental insurance", "unsubscribe me from the newsletter but the reminders are fine",
    "unsubscribed from your emails",
    "stop emailing me", "dont email me, just text", "stop sending me paper bills", "no more letters please",
    "do not send me mail, text only",
    "take me off the cancellation list", "take my name off the earlier list", "take me off the 3pm, put me at 4",
    "take me off hold",
    "remove me from the schedule for monday", "revoke my exs access to my chart", "i revoke my earlier no, i will come",
    "cancel my subscription to the magazine, wrong chat", "cancel that last text, im coming",
    "ignore and cancel my previous message",
    "leave me alone with the kids lol", "no more texts from me today, see you monday",
    "take my old number off the list, keep this one",
    "quit sending me to voicemail", "no me envien correos", "no me manden cartas, por mensaje",
    "no quiero recibir llamadas", "ya no mas azucar",
    "me dieron de baja del seguro, cuanto cuesta", "di de baja mi seguro viejo", "borren el numero viejo, usen este",
)  # fmt: skip
CALLS = (
    "stop calling me, texts are fine", "quit calling my work phone, use this one",
    "you can stop calling now, im coming monday",
    "no more calls please just text", "no me llamen, mejor mensajes", "dejen de llamar, si voy a ir",
    "no me llamen mas, por texto esta bien",
    "ya no me llame, ya vi el mensaje, ahi estare", "stop calling, I will be there",
)  # fmt: skip
DENIED_OR_TOLD = (
    "please do not unsubscribe me", "dont delete me", "please dont opt me out", "never unsubscribe me lol",
    "i dont want to be removed",
    "I dont want to stop getting these", "do not remove me from the list", "no need to unsubscribe me, i like these",
    "i did not opt out", "was i unsubscribed?",
    "i unsubscribed by mistake", "accidentally opted out", "why was i unsubscribed", "why did you stop texting me",
    "did you stop sending reminders?",
    "no me den de baja", "no me quiten de la lista", "no quiero darme de baja", "me di de baja por error",
    "por que me dieron de baja",
    "no borren mi numero",
)  # fmt: skip
OURS = (
    "opt out of texts and calls", "opt out of emails and texts", "unsubscribe from email and your texts",
    "stop calling me", "stop calling and texting me",
    "stop calling or texting me, i will be there", "no more calls or texts", "dont call or text me", "opt out",
    "opt out of everything", "opt out of this",
    "unsubscribe from Juniper Dental", "unsubscribe, my insurance changed", "stop texting me about insurance",
    "stop texting me about my bill",
    "remove my number from your records", "revoke my permission for texts", "if you dont unsubscribe me i will sue",
    "why have you not unsubscribed me",
    "i thought i unsubscribed from this", "dont text me, email is fine", "no texts, email is fine",
    "stop the texts, call me", "you keep texting me, unsubscribe",
    "leave me alone with your texts", "leave me alone", "take me off your mailing list",
    "please do not contact me by text", "i opted out",
    "unsubscribed", "stop sending texts only", "no me manden correos ni mensajes",
    "no autorizo que me manden mensajes", "no me llamen",
    "no me escriban a este numero", "dejen de mandarme mensajes a este numero", "no me han dado de baja",
    "stop text. only call me", "quiero que me den de baja",
    "no quiero llamadas ni mensajes", "no me manden mensajes por correo", "STOP", "stop please",
    "Stop. I will be there", "stop texting, im coming",
)  # fmt: skip
OTHER_SPELLINGS = (
    "st op", "s top", "sto p", "s to p", "ST OP please", "un subscribe", "qu it", "optedout", "quit please",
    "please quit", "get rid of my number",
    "stop con los mensajes", "parenle a los mensajes", "deténganse con los mensajes", "alto con los mensajes",
    "no contactar", "favor de no contactar",
    "no molestar", "stop aux messages", "arretez aux messages",
)  # fmt: skip


@pytest.mark.parametrize("text", [*ANOTHER_THING, *CALLS, *DENIED_OR_TOLD])
def test_the_end_of_something_else_does_not_end_our_texts(text: str) -> None:
    assert not is_opt_out(text)


@pytest.mark.parametrize("text", [*OURS, *OTHER_SPELLINGS])
def test_whoever_names_our_texts_or_nothing_at_all_is_left_alone(text: str) -> None:
    assert is_opt_out(text)
