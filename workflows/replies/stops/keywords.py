"""Opt-out, opt-in and help words: those of the policy (an operator's own too), and any other reasonable wording.

Whoever asks to be left alone is left alone: when in doubt between an opt-out and an answer about a visit, the
tables below decide by whole sentences, so that "I am at the bus stop" stays an ordinary message.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from compliance import policy
from compliance.policy import OptOut
from workflows.replies.stops.optout_wordings import asks_to_be_left_alone
from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists

# "S T O P", and one space too many ("st op").
_SPELLED_OUT: Final = re.compile(
    rf"\b(?:e n d|{'|'.join(' ?'.join(word) for word in ('stop', 'quit', 'cancel', 'unsubscribe'))}) "
)
_BARE_CANCEL: Final = re.compile(r"(?:cancel |cancelar )+")
_STOP_FIRST: Final = re.compile(
    r"(?:please |just )?(?:stop|stopall|unsubscribe|opt out|optout) [.,?] |(?:.*[.?,] )(?:please |just )?(?:stop"
    r"|stopall|unsubscribe|opt out|optout) (?:please |now |thanks )*(?:[.?] )*$"
)
# Who says how to end his texts (an office's machine does) does not ask for it.
_OFFERED: Final = re.compile(
    r"\b(?:reply|text|txt|send|type|respond|responda|responde|envie|escriba) (?:with |con )?(?:stop|end|quit|baja|alto"
    r"|parar|unsubscribe) (?:to|for|if|para|si) [^.?]*"
)
_MARKS: Final = re.compile(r"[.,?:] ")


def is_opt_out(text: str) -> bool:
    """True for every revocation, the bare CANCEL included (see `is_bare_cancel`)."""
    return opts_out(plain(text))


def is_bare_cancel(text: str) -> bool:
    """CANCEL by itself: an opt-out by law, and yet perhaps meant for the visit, so staff hear of it too."""
    return _BARE_CANCEL.fullmatch(_without_marks(plain(text))) is not None


def says_no(text: str) -> bool:
    """A no among the words, for a message that the carrier has taken for its stop keyword."""
    return not set(wordlists.everything().stop.says_no).isdisjoint(plain(text).split())


def opts_out(words: str) -> bool:
    """Like `is_opt_out`, for words that `normalize.plain` has made; so are the next two."""
    words = _without_offers(words)
    bare = _without_marks(words)
    bare = _SPELLED_OUT.sub(lambda found: found.group().replace(" ", "") + " ", bare)
    if _only_stop(policy.current().opt_out).fullmatch(bare) or _STOP_FIRST.match(words):
        return True
    return asks_to_be_left_alone(words)


def _without_offers(words: str) -> str:
    """All of it when nothing else is said: whoever types the instruction itself means it."""
    rest = _OFFERED.sub("", words)
    return rest if _without_marks(rest).strip() else words


def opts_in(words: str) -> bool:
    return _only_start(policy.current().opt_out).fullmatch(_without_marks(words)) is not None


def asks_help(words: str) -> bool:
    return _only_help(policy.current().opt_out).fullmatch(_without_marks(words)) is not None


def without_help(text: str) -> str:
    """What is said after a help word; the text itself when it begins with none."""
    return _help_first(policy.current().opt_out).sub("", text)


def is_foreign_opt_out(text: str) -> bool:
    """An operator's own opt-out word in another script, which has no plain spelling."""
    return text.strip(" .!?,;:。！？、\n").casefold() in _foreign(policy.current().opt_out)


@cache
def _foreign(rules: OptOut) -> frozenset[str]:
    return frozenset(word.casefold() for word in rules.words if not plain(word))


@cache
def _only_stop(rules: OptOut) -> re.Pattern[str]:
    stop = wordlists.everything().stop
    alone = (*_plainly(rules.words), *stop.alone)
    around = (*stop.polite, *alone)
    return re.compile(
        rf"(?:{_phrases(alone)})+|(?:{_phrases(stop.polite)})*(?:{_phrases(stop.strong)})(?:{_phrases(around)})*"
    )


@cache
def _only_start(rules: OptOut) -> re.Pattern[str]:
    start = _phrases((*_plainly(rules.opt_in_words), *wordlists.everything().stop.start))
    return re.compile(rf"(?:please |texts |yes )*(?:{start})+(?:please |texts |texting me |messages |again |thanks )*")


@cache
def _only_help(rules: OptOut) -> re.Pattern[str]:
    wanted = _phrases((*_plainly(rules.help_words), *wordlists.everything().stop.help))
    return re.compile(rf"(?:please |hi |hello )*(?:{wanted})+(?:please |me |por favor )*")


@cache
def _help_first(rules: OptOut) -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:{'|'.join(map(re.escape, rules.help_words))})\b\W*", re.IGNORECASE)


def _plainly(words: tuple[str, ...]) -> tuple[str, ...]:
    """The policy writes words as a carrier does ("OPT-OUT"); a word in another script has no plain spelling."""
    return tuple(spelled for word in words if (spelled := plain(word).strip()))


def _phrases(entries: tuple[str, ...]) -> str:
    return "|".join(f"{re.escape(entry)} " for entry in sorted(set(entries), key=lambda entry: (-len(entry), entry)))


def _without_marks(words: str) -> str:
    return _MARKS.sub("", words)
