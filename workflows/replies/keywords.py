"""Opt-out, opt-in and help words: 47 CFR 64.1200(a)(10), Twilio's lists, and any other reasonable wording.

Whoever asks to be left alone is left alone: when in doubt between an opt-out and an answer about a visit, the
tables below decide by whole sentences, so that "I am at the bus stop" stays an ordinary message.
"""

from __future__ import annotations

import re
from typing import Final

from workflows.replies.normalize import plain
from workflows.replies.optout_wordings import OPENERS, WORDINGS

# Twilio: STOP, STOPALL, UNSUBSCRIBE, CANCEL, END, QUIT, REVOKE, OPTOUT. FCC adds OPT OUT. The rest are the words
# other carriers and Spanish or French speakers use for the same (ARRET is Canada's, TD is "take down").
_ALONE: Final = (
    "stop", "stopall", "stop all", "stops", "stopp", "unsubscribe", "unsub", "unsuscribe", "cancel", "end", "quit",
    "revoke", "optout", "opt out", "remove", "td", "arret", "arreter", "desabonner", "alto", "parar", "pare", "paren",
    "para ya", "basta", "baja", "salir", "detener", "detenganse", "cancelar suscripcion", "desuscribir",
    "desuscribirme", "remove me", "cancel all", "end all",
)  # fmt: skip
_STRONG: Final = (
    "stop", "stopall", "unsubscribe", "unsub", "optout", "opt out", "basta", "alto", "parar", "pare", "paren",
    "arret", "detener",
)  # fmt: skip
_POLITE: Final = (
    "please", "thanks", "thank you", "now", "immediately", "already", "right now", "ok", "no", "yes", "just",
    "por favor", "ya", "help", "me", "it", "this", "these", "all", "texts", "text", "messages", "message", "sms",
    "reminders", "everything", "no thanks", "hi", "gracias", "esto", "mensajes", "los", "the", "of", "forever",
    "permanently", "i said", "hello", "sir", "and desist", "them", "from",
)  # fmt: skip
_START: Final = (
    "start",
    "unstop",
    "un stop",
    "resubscribe",
    "re subscribe",
    "opt in",
    "optin",
    "opt back in",
    "iniciar",
    "comenzar",
)
_HELP: Final = ("help", "info", "ayuda", "help info", "help me", "informacion")


def _phrases(entries: tuple[str, ...]) -> str:
    return "|".join(f"{re.escape(entry)} " for entry in sorted(entries, key=lambda entry: -len(entry)))


_ONLY_STOP: Final = re.compile(
    rf"(?:{_phrases(_ALONE)})+|(?:{_phrases(_POLITE)})*(?:{_phrases(_STRONG)})(?:{_phrases((*_POLITE, *_ALONE))})*"
)
_SPELLED_OUT: Final = re.compile(r"s t o p |q u i t |e n d |c a n c e l |u n s u b s c r i b e ")
_BARE_CANCEL: Final = re.compile(r"(?:cancel )+")
_ONLY_START: Final = re.compile(
    rf"(?:please |texts |yes )*(?:{_phrases(_START)})+(?:please |texts |texting me |messages |again |thanks )*"
)
_ONLY_HELP: Final = re.compile(rf"(?:please |hi |hello )*(?:{_phrases(_HELP)})+(?:please |me |por favor )*")
_STOP_FIRST: Final = re.compile(
    r"(?:please |just )?(?:stop|stopall|unsubscribe|opt out|optout) [.,?] |(?:.*[.?,] )(?:please |just )?(?:stop"
    r"|stopall|unsubscribe|opt out|optout) (?:please |now |thanks )*(?:[.?] )*$"
)
_MARKS: Final = re.compile(r"[.,?:] ")


def is_opt_out(text: str) -> bool:
    """True for every revocation, the bare CANCEL included (see `is_bare_cancel`)."""
    return opts_out(plain(text))


def is_bare_cancel(text: str) -> bool:
    """CANCEL by itself: an opt-out by law, and yet perhaps meant for the visit, so staff hear of it too."""
    return _BARE_CANCEL.fullmatch(_without_marks(plain(text))) is not None


def is_opt_in(text: str) -> bool:
    """START or UNSTOP. Never YES, which answers our questions about visits."""
    return opts_in(plain(text))


def is_help(text: str) -> bool:
    return asks_help(plain(text))


def opts_out(words: str) -> bool:
    """Like `is_opt_out`, for words that `normalize.plain` has made; so are the next two."""
    bare = _without_marks(words)
    if _ONLY_STOP.fullmatch(bare) or _SPELLED_OUT.fullmatch(bare) or _STOP_FIRST.match(words):
        return True
    return not OPENERS.isdisjoint(words.split()) and WORDINGS.search(words.replace(", ", "")) is not None


def opts_in(words: str) -> bool:
    return _ONLY_START.fullmatch(_without_marks(words)) is not None


def asks_help(words: str) -> bool:
    return _ONLY_HELP.fullmatch(_without_marks(words)) is not None


def _without_marks(words: str) -> str:
    return _MARKS.sub("", words)
