"""What the sentences of one message hold, before anyone asks which question they answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from workflows.replies.meanings import changes, favours
from workflows.replies.meanings.checking import asks_us, checks_the_time
from workflows.replies.meanings.doubts import doubts_the_visit
from workflows.replies.meanings.passing import Passing, in_passing, is_no_question
from workflows.replies.meanings.questions import asks_for_action, asks_what_we_do, is_question
from workflows.replies.meanings.telling import tells_a_time
from workflows.replies.people.names import NAME
from workflows.replies.text.normalize import Sentence, plain, sentences
from workflows.replies.times.fit import Facts, VisitFacts
from workflows.replies.times.named import Named
from workflows.replies.times.parse import Parsed, parse
from workflows.replies.times.said import Said
from workflows.replies.times.turning import yes_but_at
from workflows.replies.times.values import Mention, Number, Weekday
from workflows.replies.words.yes_no_words import Piece, pieces

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
    r"|never|only|change|different|another|other|pero|sino|excepto|quizas|wrong|late|later|earlier|hm|cancel)\b"
)


_OTHER_WISH: Final = re.compile(
    r"\b(?:but|instead|actually|rather|change|different|another|other|wrong|later|earlier|cancel|reschedule|not"
    r"|pero|otro|otra|cambiar|hm)\b"
    r"|^(?:what|why|who|huh|how) $"
)
# "Same time next week" is not the visit's own time.
_SAME_TIME: Final = re.compile(r"\b(?:same (?:time|hour)|misma hora)\b")
# "Yes. 3 pm?": a sentence of which nothing is left but its question mark asks about the time it named.
_ASKS_THE_TIME: Final = re.compile(r"(?:^|[.?] )(?:, )*\? ")
_THE_TIME: Final = "the time "
# "Si, mi hija me lleva" is a yes, "si mi hija me lleva" an if.
_YES_AND_COMMA: Final = re.compile(r"\bsi , ")
_SPANISH: Final = re.compile(
    r"\b(?:si|el|las|los|para|por|que|voy|puedo|gracias|manana|hoy|cita|estare|vemos|confirmo|esta|bien|en|de|hola"
    r"|lunes|martes|miercoles|jueves|viernes|sabado|domingo|claro|ahi|mi)\b"
)
_TELLS_WHAT: Final = re.compile(r"(?:is|are|was|were) (?:my|our|his|her|their|the|a|an|when|where|what|how) ")
_IRONY: Final = re.compile(r"\byeah right $|^yeah right (?!on)|\bas if\b|\bif you say so\b|\bhm\b")


MAX_CONTEXT_CHARS: Final = 600


class OurMessage:
    """What we said last, read only when something in the reply has to be compared with it."""

    def __init__(self, text: str) -> None:
        self._text = text[-MAX_CONTEXT_CHARS:]

    @cached_property
    def parsed(self) -> Parsed:
        return parse(plain(self._text).replace(", ", ""))

    @cached_property
    def said(self) -> Said:
        return Said(self.parsed)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The words besides days and hours: "3" of "at 3 PM" is none of them, "2" of "a table for 2" is."""
        return _FUNCTION_WORDS | {_stem(word) for word in self.parsed.without(self._times).split()}

    @cached_property
    def numbers(self) -> frozenset[int]:
        """Numbers that are neither days nor hours."""
        values = (mention.value for mention in self.parsed.mentions)
        return frozenset(value.number for value in values if isinstance(value, Number))

    @cached_property
    def weekdays(self) -> frozenset[int]:
        return frozenset(m.value.day for m in self.parsed.mentions if isinstance(m.value, Weekday))

    @property
    def _times(self) -> tuple[Mention, ...]:
        return tuple(mention for mention in self.parsed.mentions if not isinstance(mention.value, Number))


@dataclass(frozen=True)
class Reading:
    found: tuple[Piece, ...]
    first: Piece | None
    unexplained: tuple[str, ...]
    asked: tuple[str, ...]
    words: str
    marked: str
    """`words` with the marks between sentences."""

    named: Named
    wonders: bool
    """A question that says more than a day, an hour or a yes."""
    said: tuple[str, ...] = ()
    """The sentences that are no question, without the days and hours."""

    only_asks_of_times: bool = False
    """Every day and hour stands in a question: "what do I bring on Tuesday"."""

    @cached_property
    def turns(self) -> bool:
        """A "but" somewhere: whatever was said before it is no longer plain."""
        return _TURN.search(self.words) is not None

    @cached_property
    def turns_to_another_time(self) -> bool:
        """ "C but at 3:45"."""
        return yes_but_at(self.named)

    @cached_property
    def new_time(self) -> bool:
        return self.named.may_be_new and changes.asks_for_that_time(self.words, around=self.named.parsed.rest)

    @cached_property
    def repeats_time(self) -> bool:
        """The visit's own time and nothing else, as an answer: "half past ten Tuesday"."""
        if self.asked or self.turns or self.passing is None or favours.sighs(self.words):
            return False
        only_polite = all(piece is Piece.POLITE for piece in self.found)
        return only_polite and favours.is_only_beside(self.passing.left) and self.named.repeats

    @property
    def names_another_time(self) -> bool:
        """Some day or hour is not plainly the visit's own, or is only "the same time" on a day."""
        return not self.named.is_own or (bool(self.named.fits) and _SAME_TIME.search(self.words) is not None)

    @cached_property
    def doubts(self) -> bool:
        """Who does not know which visit, whose, or who writes has confirmed nothing."""
        return doubts_the_visit(self.marked) or checks_the_time(self.named.parsed) or asks_us(self.marked)

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
            and not self._speaks_of_somebody
        )

    @property
    def _speaks_of_somebody(self) -> bool:
        """ "That is Leo's": "that is" agrees only where nothing follows."""
        bare = self.passing is not None and not self.passing.has_yes
        return bare and Piece.YES in self.found and NAME in self.named.parsed.tokens

    @cached_property
    def passing(self) -> Passing | None:
        return in_passing(self.said)

    @property
    def leads_elsewhere(self) -> bool:
        """ "Ok let me check", "ok send me the address": an ok to go on with, and no question mark."""
        nods = self.passing is not None and self.passing.nods
        return nods and bool(self.asked) and "?" not in self.named.parsed.tokens

    @property
    def only_says_no(self) -> bool:
        """ "No": to coming, or to that time?"""
        return not self.unexplained and not self.asked and set(self.found) <= {Piece.NO, Piece.POLITE}

    @property
    def only_asks_whether(self) -> bool:
        """ "Not coming?" asks us; "can you cancel it?" does not."""
        return not self.said and bool(self.asked) and not any(map(asks_for_action, self.asked))

    @cached_property
    def agrees_in_passing(self) -> bool:
        """A yes among other words that are known to be harmless."""
        passing = self.passing
        if passing is None or _IRONY.search(self.words) or any(map(_wishes, self.asked)):
            return False
        if not favours.says_yes(self.named.parsed) and (self._tells_what_it_is or favours.sighs(self.words)):
            return False
        return passing.agrees(
            repeats_time=self.named.repeats, asks=bool(self.asked), only_asks_of_it=self.only_asks_of_times
        )

    @property
    def _tells_what_it_is(self) -> bool:
        """ "Monday 3 is my nap" looks like a question, and has no mark."""
        told = "?" not in self.named.parsed.tokens and any(map(_TELLS_WHAT.match, self.asked))
        return told or self._speaks_of_somebody

    @property
    def only_asks(self) -> bool:
        """Nothing but questions that begin like one: what else is said ("I'm sick. still come?") is for a person."""
        proper = all(is_question(asked, asks=False) for asked in self.asked)
        told = self.unexplained or Piece.NO in self.found or self.named.is_new
        return proper and not told and not is_no_question(self.words)

    @property
    def asks_about_ours(self) -> bool:
        return any(changes.ASKS_ABOUT_OURS.search(asked) for asked in self.asked)


def read(*, words: str, context: str, visit: VisitFacts | None = None) -> Reading:
    """`words` as `normalize.plain` makes them; `context` is our own last message as it was sent."""
    ours = OurMessage(context)
    words = _YES_AND_COMMA.sub("si claro ", words)
    parsed = _parsed(words, ours)
    named = Named(parsed, lambda: _facts(ours, visit), spanish=_SPANISH.search(words) is not None)
    split = _Split(ours)
    for sentence in sentences(parsed.rest):
        split.take(sentence)
    if parsed.mentions and _ASKS_THE_TIME.search(parsed.rest):
        split.asked.append(_THE_TIME)
    first = next((piece for piece in split.found if piece is not Piece.POLITE), None)
    bare = "".join(sentence.words for sentence in sentences(words))
    return Reading(
        tuple(split.found),
        first,
        tuple(split.unexplained),
        tuple(split.asked),
        bare,
        words,
        named,
        split.wonders,
        tuple(split.said),
        only_asks_of_times=not tells_a_time(parsed),
    )


def _parsed(words: str, ours: OurMessage) -> Parsed:
    """A bare number that our message has as one ("a table for 2") is no hour."""
    parsed = parse(words)
    if not any(isinstance(mention.value, Number) for mention in parsed.mentions):
        return parsed
    kept = (m for m in parsed.mentions if not isinstance(m.value, Number) or m.value.number not in ours.numbers)
    return replace(parsed, mentions=tuple(kept))


def _facts(ours: OurMessage, visit: VisitFacts | None) -> Facts:
    return ours.said if visit is None else replace(visit, named=ours.weekdays)


class _Split:
    """Sentence by sentence: known phrases, questions, and what nothing explains."""

    def __init__(self, ours: OurMessage) -> None:
        self._ours = ours
        self.found: list[Piece] = []
        self.unexplained: list[str] = []
        self.asked: list[str] = []
        self.wonders = False
        self.said: list[str] = []

    def take(self, sentence: Sentence) -> None:
        kinds, rest = pieces(sentence.words)
        if rest and Piece.YES not in kinds and asks_what_we_do(sentence.words):
            self.asked.append(sentence.words)
            self.wonders = True
            return
        if sentence.asks and not is_question(rest, asks=False):
            # "Ok?" and "coming back?" ask where "ok" and "coming" answer.
            self.asked.append(sentence.words)
            self.wonders = self.wonders or bool(rest)
            return
        self.found += kinds
        asking = bool(rest) and is_question(rest, asks=sentence.asks)
        self.said.append(sentence.words.removesuffix(rest) if asking else sentence.words)
        if asking:
            self.asked.append(rest)
            self.wonders = True
        elif rest and not _echoes(rest, self._ours):
            self.unexplained.append(rest)


def _echoes(rest: str, ours: OurMessage) -> bool:
    """Only our own words come back ("... for March 5th at 3"): nothing new was said."""
    return _TURN.search(rest) is None and all(_stem(word) in ours.stems for word in rest.split())


def _wishes(asked: str) -> bool:
    return _OTHER_WISH.search(asked) is not None or asks_for_action(asked)


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word
