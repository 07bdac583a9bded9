"""What an inbound message says: the carrier's own word for it first, then the person's words without ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from appointments.inbound import ReplyReceived
from appointments.models import Message
from compliance import consent
from workflows.replies.acting.conversation import Context
from workflows.replies.acting.machine_cases import acts_like_a_machine
from workflows.replies.labels import ALWAYS_ACTED_ON, Classification, Label, Sort, Source
from workflows.replies.meanings import courtesy, new_number
from workflows.replies.stops.keywords import says_no, without_help
from workflows.replies.text import ours
from workflows.replies.text.normalize import plain
from workflows.replies.understand import understand

_CARRIER: Final[dict[str, Label]] = {"stop": Label.STOP, "start": Label.START, "help": Label.HELP}
# What a person says beside the carrier's keyword, and is acted on too.
_BESIDE: Final = frozenset({Label.EMERGENCY, Label.WRONG_NUMBER})
# "Use 646-555-0134 from Monday on" is about a number, not about the visit.
_NUMBERS_LOOK_LIKE: Final = frozenset({Label.RESCHEDULE, Label.CANCEL})
# So many words may be a help keyword in a language that ARO does not read.
_KEYWORD_WORDS: Final = 2


def read(news: ReplyReceived, message: Message, context: Context, *, now: datetime) -> Classification:
    """In the transaction that stores the message."""
    found = _by_words(news.text, context, now)
    if found.label in _NUMBERS_LOOK_LIKE:
        found = _besides_a_number(found, news, message, context, now)
    carrier = _CARRIER.get(news.carrier_says)
    if carrier is Label.HELP and not found.decided:
        found = _by_words(without_help(news.text), context, now)
    if found.label not in ALWAYS_ACTED_ON and acts_like_a_machine(message, context):
        found = Classification(
            Label.OTHER, 0.0, Source.RULES, "the same text again, as no person sends", sort=Sort.MACHINE
        )
    if news.media and not found.decided and not own_words(message, context):
        found = Classification(Label.OTHER, 0.0, Source.NONE, "something without words", sort=Sort.MEDIA)
    if courtesy.is_all(message, own_words(message, context), found, context):
        found = replace(found, reason="thanks, or the like, for a text that asks nothing", sort=Sort.COURTESY)
    return found if carrier is None else _by_carrier(carrier, found, message)


def own_words(message: Message, context: Context) -> str:
    """What the person wrote, without what we wrote."""
    return ours.apart(message.body, context.sent).text.strip()


def _by_words(text: str, context: Context, now: datetime) -> Classification:
    return understand(
        text,
        question=context.question,
        context=context.said,
        visit=context.facts(now),
        sent=context.sent,
        asked=context,
        names=context.names,
    )


def _besides_a_number(
    found: Classification, news: ReplyReceived, message: Message, context: Context, now: datetime
) -> Classification:
    """What was taken for a wish may be about a new number. What is left of it is no yes: a day was named."""
    rest = new_number.besides(message, news.text)
    if rest == news.text:
        return found
    again = _by_words(rest, context, now)
    return replace(again, label=Label.OTHER, confidence=0.0) if again.label is Label.CONFIRM else again


def _by_carrier(carrier: Label, found: Classification, message: Message) -> Classification:
    """The carrier is believed, whatever the words. Words that say more than its keyword are acted on as well."""
    known = Classification(carrier, 1.0, Source.CARRIER, "the carrier's own keyword")
    if carrier is Label.HELP and found.label in (Label.STOP, Label.EMERGENCY):
        return found
    if carrier is Label.START and found.decided and not _is_keyword(found) and not _is_stopped(message):
        # "YES" is a carrier's START too, but whoever never said stop answers our question with it.
        return replace(found, also=(*found.also, Label.START))
    if carrier is Label.HELP and _says_more(found, message):
        # "Help me move my appointment": the carrier's answer does not do it.
        return replace(found, also=(*found.also, Label.HELP))
    beside = [one for one in (found.label, *found.also) if one in _BESIDE]
    return replace(known, also=tuple(beside), words=_words(found, message))


def _words(found: Classification, message: Message) -> Label:
    """What the words say by themselves; a no beside the carrier's stop is one to the visit."""
    return Label.CANCEL if found.label is Label.OTHER and says_no(message.body) else found.label


def _says_more(found: Classification, message: Message) -> bool:
    """Whether it says something besides the keyword, understood or not."""
    if _is_keyword(found) or found.sort is not Sort.WORDS:
        return False
    return found.decided or len([word for word in plain(message.body).split() if word.isalnum()]) > _KEYWORD_WORDS


def _is_keyword(found: Classification) -> bool:
    return found.label in (Label.STOP, Label.START, Label.HELP)


def _is_stopped(message: Message) -> bool:
    return consent.is_suppressed(message.address, tenant_id=message.tenant_id)
