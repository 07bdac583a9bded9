"""Words that may mean danger to life. They go to staff before any other reading, and never to a model."""

from __future__ import annotations

import re
from typing import Final

from workflows.replies.normalize import plain

_DANGER: Final = re.compile(
    r"\b(?:chest (?:pains?|hurts?|hurting|tightness|pressure)|(?:pains?|tightness|pressure) in (?:my|his|her|the) chest"
    r"|(?:can|could) (?:not|hardly|barely) breathe?|(?:trouble|difficulty|hard time|problems?) breathing"
    r"|hard to breathe?|short(?:ness)? of breath"
    r"|bleeding|bled all|coughing (?:up )?blood|vomiting blood|throwing up blood|suicid\w*|kill (?:myself|himself"
    r"|herself)|end my life|want to die|hurt myself|harm myself"
    r"|self harm|overdos\w+|heart attack|(?:having|had) a stroke|passed out|passing out|fainted|fainting"
    r"|unconscious|not breathing|choking|seizures?|convulsing|anaphyla\w+"
    r"|(?:severe|bad) allergic reaction|allergic reaction|throat (?:is )?(?:closing|swelling|swollen)|(?:face"
    r"|tongue|lips) (?:is |are )?(?:swelling|swollen)"
    r"|call (?:911|999|112)|911|ambulance|medical emergency|(?:this|it) is an emergency|emergency room|(?:at|in"
    r"|to) the er\b"
    r"|dolor(?:es)? (?:de|en el) pecho|me duele el pecho|no puedo respirar|dificultad para respirar"
    r"|me cuesta respirar|sangr(?:ando|ado|e|a|o)\b|hemorragia"
    r"|matarme|quitarme la vida|quiero morir\w*|infarto|ataque al corazon|sobredosis|desmay\w+|convulsion\w*"
    r"|ambulancia|es una emergencia|emergencia medica|asfixi\w+|no respira)\b"
)


def is_emergency(text: str) -> bool:
    return tells_of_danger(plain(text))


def tells_of_danger(words: str) -> bool:
    """Like `is_emergency`, for words that `normalize.plain` has made."""
    return _DANGER.search(words.replace(", ", "")) is not None
