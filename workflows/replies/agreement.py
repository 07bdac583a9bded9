"""What the rules and the learned reader decide together.

Each sees what the other misses. A rule reads a sentence exactly and is blind to words that it does not know; the
learned reader has seen how people write and does not understand them. About danger one voice is enough, unless the
other is all but certain. A visit changes only when both agree, or when one is sure of what the other has no opinion
about (docs/adr/0011).
"""

from __future__ import annotations

import re
from typing import Final

from workflows.replies import learned
from workflows.replies.danger.emergency import Message
from workflows.replies.labels import WHOLE, Classification, Label, Source
from workflows.replies.meanings import changes, favours, no_yes, wishes
from workflows.replies.reading import Reading
from workflows.replies.text.normalize import plain
from workflows.replies.words.yes_no_words import Piece

# What the two decide about. All other labels have keywords or readers of their own.
MEANINGS: Final = (Label.CONFIRM, Label.CANCEL, Label.RESCHEDULE, Label.QUESTION, Label.RUNNING_LATE)
# So likely has to be what a rule found, or a person reads it: a wrong yes costs more than a question too many.
BELIEVED: Final = 0.3
WHOLE_YES: Final = 0.5
YES_IN_PASSING: Final = 0.8
# So likely has to be what no rule found.
SURE: Final = {
    Label.CONFIRM: 0.99,
    Label.RESCHEDULE: 0.97,
    Label.CANCEL: 0.9,
    Label.RUNNING_LATE: 0.9,
    Label.QUESTION: 0.75,
}
# From here on words that name a sign are an alarm whatever the rules say; below the other ones only the plainest are.
# A few words leave less room for being about something else.
ALARM: Final = 0.85
NO_ALARM: Final = 0.05
NO_ALARM_OF_FEW: Final = 0.02
FEW_WORDS: Final = 6

# What an R stands for.
MOVES: Final = "reschedule"
_PARTS: Final = re.compile(r"[.,?] |\b(?:but|pero) ")
_OFFERS_C: Final = re.compile(r"\b(?:reply|text|answer|send|responda|responde|conteste|escriba|envie) (?:with )?c ")
_DOUBTFUL: Final = Classification(
    Label.OTHER, 0.0, Source.NONE, "a rule explains it, and people who wrote like that mostly meant something else"
)


def is_danger(words: str) -> bool:
    """Whether `words`, as `normalize.plain` makes them, may be about a danger to life."""
    heard, danger = Message.of(words), learned.weights("danger")
    if heard.has_signs and danger.likely(words)["danger"] >= ALARM:
        return True
    return heard.alarm is not None and (heard.is_plain or _is_not_unlikely(danger, words))


def _is_not_unlikely(danger: learned.Weights, words: str) -> bool:
    """The whole, or a part that is an alarm by itself: beside a yes and much else grave words would drown."""
    parts = _alarming(words)
    few = any(len(part.split()) <= FEW_WORDS for part in parts)
    least = NO_ALARM_OF_FEW if few else NO_ALARM
    return any(danger.likely(part)["danger"] >= least for part in (words, *parts))


def _alarming(words: str) -> list[str]:
    return [part for part in _PARTS.split(words) if Message.of(part).alarm is not None]


def agreed(found: Classification, reading: Reading) -> Classification:
    """`found` by the rules in an answer to our question about a visit, as it stands after the second reader."""
    if found.label not in (*MEANINGS, Label.OTHER):
        return found
    likely = learned.weights("labels").likely(reading.named.parsed.rest, marks(reading))
    if found.label is Label.OTHER:
        return _added(likely, reading) or found
    if found.label is Label.RESCHEDULE and (reading.named.is_plainly_other or reading.turns_to_another_time):
        return found
    if found.label is Label.RUNNING_LATE and reading.named.is_a_little_after:
        return found
    # "Yes. Where do I park?" is both, and "where do I park tuesday" is no yes.
    share = likely[found.label] + (likely[Label.QUESTION] if found.asks else 0.0)
    needed = _needed(found, reading)
    return found if share >= needed and likely[found.label] >= min(BELIEVED, needed) else _DOUBTFUL


def asks_to_come(context: str) -> bool:
    """Whether our text offers the answers that the learned reader knows; what asks something else it cannot judge."""
    return _OFFERS_C.search(plain(context)) is not None


def marks(reading: Reading) -> list[str]:
    """What the learned reader is told besides the words: how the days and hours fit the visit, and how much is said."""
    rest = [word for word in reading.named.parsed.rest.split() if word.isalnum()]
    fits = sorted({fit.name for fit in reading.named.fits})
    return [
        *(f"fit:{fit}" for fit in fits),
        f"fits:{'+'.join(fits)}",
        f"words:{min(len(rest), 12) // 3 if rest else ''}",
    ]


def _needed(found: Classification, reading: Reading) -> float:
    whole = found.confidence == WHOLE
    if found.label is Label.CONFIRM:
        return WHOLE_YES if whole else YES_IN_PASSING
    # Whoever says in so many words that they do not come, or want another time, was never meant otherwise.
    plainly = found.label is Label.CANCEL or (
        found.label is Label.RESCHEDULE and not wishes.wants_no_new_time(reading.words)
    )
    return 0.0 if whole and plainly else BELIEVED


def _added(likely: dict[str, float], reading: Reading) -> Classification | None:
    label = max(MEANINGS, key=lambda meaning: likely[meaning])
    nothing_said = not reading.named.parsed.rest.strip(" .,?")
    if nothing_said or likely[label] < SURE[label] or _speaks_against(label, reading):
        return None
    reason = "no rule knows it, and people who wrote like that meant this"
    return Classification(label, round(likely[label], 3), Source.LEARNED, reason)


def _speaks_against(label: Label, reading: Reading) -> bool:
    """What the learned reader cannot see, since it knows no order of words."""
    if label is Label.RESCHEDULE:
        return reading.named.is_mixed or _is_no_wish(reading)
    if label is Label.RUNNING_LATE:
        return reading.named.is_another_day or wishes.is_not_late(reading.words)
    if label is Label.CANCEL:
        on = wishes.is_on(reading.words, marked=reading.marked)
        return on or reading.only_says_no or no_yes.tells_of_trouble(reading.words)
    return label is Label.CONFIRM and _is_no_plain_yes(reading)


def _is_no_plain_yes(reading: Reading) -> bool:
    asks = bool(reading.asked) or reading.doubts or reading.names_another_time
    return (
        asks
        or reading.turns
        or Piece.NO in reading.found
        or not favours.speaks_for_a_yes(reading.named.parsed)
        or wishes.is_no_yes(reading.words)
    )


def _is_no_wish(reading: Reading) -> bool:
    """A no without another time, or the time of a call; an R before it is a wish all the same."""
    words = reading.words
    if wishes.wants_no_new_time(words):
        return True
    if wishes.wants_move(words) or words.startswith(f"{MOVES} "):
        return False
    plain_no = reading.first is Piece.NO and not reading.named.parsed.mentions
    return plain_no or changes.says_not_coming(words) or wishes.is_other_business(words)
