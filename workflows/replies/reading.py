"""What the sentences of one message hold, before anyone asks which question they answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from workflows.replies import changes
from workflows.replies.answers import Piece, pieces
from workflows.replies.normalize import plain, sentences
from workflows.replies.questions import asks_for_action, is_question
from workflows.replies.times import names_new_time, names_time

# Words that, in what follows a yes, carry no meaning of their own when the rest repeats our question.
_FUNCTION_WORDS: Final = frozenset(
    (
        "a", "ahi", "al", "all", "also", "am", "an", "and", "appointment", "are", "arrange", "as", "at", "attend",
        "be", "book", "both", "buy", "by", "check", "come", "con", "confirm", "de", "do", "el", "en", "estare",
        "fine", "for", "from", "get", "go", "going", "good", "great", "have", "he", "here", "i", "in", "is", "it",
        "la", "las", "like", "los", "love", "make", "manana", "me", "mi", "my", "need", "now", "of", "ok", "on",
        "one", "order", "our", "para", "perfect", "plan", "please", "por", "purchase", "que", "rent", "reservation",
        "reserve", "schedule", "seat", "set", "she", "so", "some", "table", "thank", "that", "the", "them", "then",
        "there", "these", "this", "those", "ticket", "to", "too", "up", "us", "visit", "want", "we", "will", "with",
        "work", "would", "yes", "you", "your",
    )
)  # fmt: skip
_TURN: Final = re.compile(
    r"\b(?:but|however|although|though|except|instead|actually|rather|unless|if|maybe|perhaps|might|wait|not|no"
    r"|never|only|"
    r"change|different|another|other|pero|sino|excepto|quizas|wrong|late|later|earlier|hm|cancel)\b"
)


_OTHER_WISH: Final = re.compile(
    r"\b(?:but|instead|actually|rather|change|different|another|other|wrong|later|earlier|cancel|reschedule|not"
    r"|pero|otro|otra|cambiar|hm)\b"
    r"|^(?:what|why|who|huh|how) $"
)
_IRONY: Final = re.compile(r"\byeah right $|^yeah right (?!on)|\bas if\b|\bif you say so\b|\bhm\b")


MAX_CONTEXT_CHARS: Final = 600


class OurMessage:
    """What we said last, read only when something in the reply has to be compared with it."""

    def __init__(self, text: str) -> None:
        self._text = text[-MAX_CONTEXT_CHARS:]

    @cached_property
    def words(self) -> str:
        return plain(self._text).replace(", ", "")

    @cached_property
    def stems(self) -> frozenset[str]:
        return _FUNCTION_WORDS | {_stem(word) for word in _full_hours(self.words)}


@dataclass(frozen=True)
class Reading:
    found: tuple[Piece, ...]
    first: Piece | None
    unexplained: tuple[str, ...]
    asked: tuple[str, ...]
    words: str
    ours: OurMessage

    @cached_property
    def turns(self) -> bool:
        """A "but" somewhere: whatever was said before it is no longer plain."""
        return _TURN.search(self.words) is not None

    @cached_property
    def new_time(self) -> bool:
        return self.names_new_time and changes.asks_for_that_time(self.words)

    @cached_property
    def names_new_time(self) -> bool:
        return names_time(self.words) and names_new_time(self.words, context=self.ours.words)

    @property
    def only_agrees(self) -> bool:
        """A yes, no word against it, and no question that wishes for something else."""
        agrees = Piece.YES in self.found or (
            Piece.DO_IT in self.found and not self.asked and "confirm" not in self.words
        )
        return (
            agrees
            and Piece.NO not in self.found
            and not _IRONY.search(self.words)
            and not any(map(_wishes, self.asked))
        )

    @property
    def asks_about_ours(self) -> bool:
        return any(changes.ASKS_ABOUT_OURS.search(asked) for asked in self.asked)


def read(*, words: str, context: str) -> Reading:
    """`words` as `normalize.plain` makes them; `context` is our own last message as it was sent."""
    ours = OurMessage(context)
    found: list[Piece] = []
    unexplained: list[str] = []
    asked: list[str] = []
    all_sentences = sentences(words)
    for sentence in all_sentences:
        kinds, rest = pieces(sentence.words)
        if sentence.asks and not rest:
            # "Ok?" asks where "ok" answers.
            asked.append(sentence.words)
            continue
        found += kinds
        if not rest:
            continue
        if is_question(rest, asks=sentence.asks):
            asked.append(rest)
        elif not _echoes(rest, ours):
            unexplained.append(rest)
    first = next((piece for piece in found if piece is not Piece.POLITE), None)
    bare = "".join(sentence.words for sentence in all_sentences)
    return Reading(tuple(found), first, tuple(unexplained), tuple(asked), bare, ours)


def _echoes(rest: str, ours: OurMessage) -> bool:
    """Only our own words come back ("... for March 5th at 3"): nothing new was said."""
    return _TURN.search(rest) is None and all(_stem(word) in ours.stems for word in _full_hours(rest))


def _full_hours(words: str) -> list[str]:
    """ "3:00" as "3", so that the two are the same word."""
    return words.replace(":00 ", " ").split()


def _wishes(asked: str) -> bool:
    return _OTHER_WISH.search(asked) is not None or asks_for_action(asked)


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word
