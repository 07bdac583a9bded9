"""Thanks and nods, and praise after a visit: `config/replies/courtesy.toml`.

After a text that asks nothing they need nobody: staff see them in the conversation. Beside an open question a "thank
you" may be a yes, so it stays a reply like any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from appointments.models import Message
from compliance.kinds import ASKING_REMINDERS, Kind
from workflows.replies.acting.conversation import OFFERS, Context, is_open
from workflows.replies.labels import Classification, Label, Sort
from workflows.replies.people.holders import named_by
from workflows.replies.people.names import unsigned, without_names
from workflows.replies.text.normalize import plain
from workflows.replies.words import wordlists
from workflows.replies.words.phrasebook import Heard, Phrasebook, Span

# Longer messages tell a story, and a person reads it.
MOST_WORDS: Final = 20
_ASKS: Final = (*ASKING_REMINDERS, *OFFERS, Kind.WHICH_VISIT)
_SAID: Final = ("thanks", "nods")
_MARKS: Final = frozenset(",.?:")
_ASKS_HOW_IT_WAS: Final = (Kind.REVIEW, Kind.REVIEW_THANKS)


def is_all(message: Message, said: str, found: Classification, context: Context) -> bool:
    """Whether `said`, which no rule understood, is a courtesy after a text of ours that asks nothing."""
    if found.label is not Label.OTHER or found.sort is not Sort.WORDS or message.media or not context.texts:
        return False
    praises = context.texts[0].kind in _ASKS_HOW_IT_WAS
    return is_courtesy(said, context=context.texts[0].body, praises=praises) and not _is_asked(message, context)


def is_courtesy(text: str, *, context: str = "", praises: bool = False) -> bool:
    """Whether nothing else is said. `context`: our last text, which greets by name; `praises`: it may be praise."""
    words = unsigned(plain(without_names(text, context=context))).split()
    heard: list[Heard] = [(word,) for word in words if word not in _MARKS]
    if "?" in words or len(heard) > MOST_WORDS:
        return False
    found = _book().find(heard)
    said = {*_SAID, *(("praise",) if praises else ())} & set(found)
    spans = [span for table in (*said, "beside") for span in found[table]]
    return bool(said) and not found["never"] and _cover(spans, len(heard))


def _cover(spans: Iterable[Span], length: int) -> bool:
    """Whether spans that follow one another explain every word."""
    reached = {0}
    for span in sorted(spans):
        if span.start in reached:
            reached.add(span.end)
    return length in reached


def _is_asked(message: Message, context: Context) -> bool:
    """Whether a text of ours still waits for its answer. What they wrote since then was one, understood or not."""
    asked = next((text for text in context.texts if text.kind in _ASKS), None)
    if asked is None or _wrote_since(message, asked):
        return False
    return asked.kind not in ASKING_REMINDERS or any(is_open(visit, asked) for visit in named_by(asked))


def _wrote_since(message: Message, asked: Message) -> bool:
    earlier = Message.objects.filter(
        tenant_id=message.tenant_id, address=message.address, direction=Message.Direction.IN
    ).exclude(pk=message.pk)
    return earlier.filter(created_at__gt=asked.sent_at or asked.created_at).exists()


@cache
def _book() -> Phrasebook:
    tables, known = wordlists.subject("courtesy"), wordlists.vocabulary()
    beside = (*tables["beside"], *known["polite"], *known["filler"])
    praise = (*tables["praise"], *(phrase.replace("{very} ", "") for phrase in tables["praise"]))
    return Phrasebook(tables | {"beside": beside, "praise": tuple(dict.fromkeys(praise))})
