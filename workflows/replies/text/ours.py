"""What we wrote ourselves, taken out of what came back, before anything in it is read: reactions, quotes, forwards.

Compared with what was last sent to the phone; by its shape where the text is not known (another phone's, a lost one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from workflows.replies.text import quotes, reactions, wording
from workflows.replies.text.normalize import MAX_CHARS
from workflows.replies.text.reactions import Reaction
from workflows.replies.text.wording import Word

# So many words of ours in a row are a quote. People name the day and hour in our very words too: that is fewer.
A_QUOTE: Final = 10
A_SENTENCE: Final = 6
# An instruction of ours ("Text STOP to opt out.") comes back with a text of ours; alone it is the person's own.
BESIDE_AN_INSTRUCTION: Final = 6
_SHORTEST_CUT: Final = 3
_CUT: Final = re.compile(r"[\s.\u2026]+$")
_SENTENCE: Final = re.compile(r"[.!?\n]+(?:\s|$)")
_AROUND: Final = " \n\r\t\"'“”„«»‘’‚>|*_~-–—:.,…()[]"
_SIGN: Final = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_SAYS_NOTHING: Final = re.compile(
    r"(?:fwd?|re|rv|tr|wg|fw|forwarded|reenviado|encaminhado|transfere)?(?: (?:message|mensaje))?"
    r"|(?:sent from|get outlook for|enviado desde|enviado de|envoye de|von) .{1,30}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Apart:
    """`text`: what the person wrote. `quoted`: which of the texts we sent came back. `stranger`: what looks like ours
    came back as well, and is not known."""

    text: str
    reaction: Reaction | None = None
    quoted: tuple[int, ...] = ()
    stranger: bool = False

    @property
    def may_be_a_form(self) -> bool:
        """A sign and words beside it, with a text of ours: perhaps a way to react that is not known yet."""
        return bool(self.quoted) and _SIGN.search(self.text) is not None and _LETTER.search(self.text) is not None

    @property
    def took_out(self) -> bool:
        return self.reaction is not None or bool(self.quoted) or self.stranger

    @property
    def nothing_own(self) -> bool:
        """Only our own words came back."""
        return self.took_out and not self.text


@dataclass(slots=True)
class Sent:
    """The texts we sent to the phone, the newest first, and what every text of ours may say besides."""

    texts: Sequence[str]
    instructions: Sequence[str] = ()
    _words: list[list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._words = [_plain_words(text) for text in self.texts]

    def that_say(self, quoted: str) -> tuple[int, ...]:
        """Which of the texts this is, perhaps cut short; the newest first."""
        said = _plain_words(_CUT.sub("", quoted))
        return tuple(at for at, own in enumerate(self._words) if said and _is_same(said, own))

    def spans(self, words: list[Word]) -> Iterator[tuple[int, int, int]]:
        """Where words of a text of ours stand: first word, last word, which text."""
        said = [word.text for word in words]
        for at, own in enumerate(self._words):
            for first, last in _runs(said, own, _sentence_ends(self.texts[at])):
                yield first, last, at


def apart(text: str, sent: Sent) -> Apart:
    """What the person wrote, without what we wrote. A text that holds nothing of ours comes back as it is."""
    looked_at = wording.seen(text[:MAX_CHARS])
    reaction = reactions.find(looked_at, is_ours=lambda quoted: bool(sent.that_say(quoted)))
    if reaction is not None:
        rest = _without_ours(reaction.rest, sent)
        return replace(
            rest, text=_bare(rest.text), reaction=reaction, quoted=sent.that_say(reaction.quoted) or rest.quoted
        )
    found = _without_ours(looked_at, sent)
    return found if found.took_out else Apart(text)


def _without_ours(text: str, sent: Sent) -> Apart:
    own, quoted = quotes.split(text)
    left, known = _peeled(own, sent)
    strange = ""
    for part in quoted:
        beside, which = ("", whole) if (whole := sent.that_say(part)) else _peeled(part, sent)
        strange, known = f"{strange} {_bare(beside)}".strip(), (*known, *which)
    # A quote that we did not write, and nothing beside it, is what they say.
    left, instructed = _without_instructions(_bare(left) or strange if quoted or known else left, sent)
    return Apart(
        _bare(left) if instructed else left,
        quoted=tuple(dict.fromkeys(known)),
        stranger=instructed or bool(strange),
    )


def _peeled(text: str, sent: Sent) -> tuple[str, tuple[int, ...]]:
    """The text without words of ours, and which of our texts they were."""
    words = wording.words(text)
    spans = sorted(sent.spans(words))
    return _cut(text, [(words[first].start, words[last].end) for first, last, _ in spans]), tuple(
        at for _, _, at in spans
    )


def _without_instructions(text: str, sent: Sent) -> tuple[str, bool]:
    words, found = wording.words(text), []
    said = [word.text for word in words]
    for instruction in map(_plain_words, sent.instructions):
        for at in range(len(said) - len(instruction) + 1):
            if instruction and said[at : at + len(instruction)] == instruction:
                found.append((at, at + len(instruction) - 1))
    if not found or len(said) - sum(last - first + 1 for first, last in found) < BESIDE_AN_INSTRUCTION:
        return text, False
    return _cut(text, sorted((words[first].start, words[last].end) for first, last in found)), True


def _runs(said: list[str], own: list[str], ends: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Runs of `said` that stand in `own`, long enough to be a quote."""
    starts: dict[tuple[str, ...], int] = {}
    for at in range(len(own) - _SHORTEST_CUT, -1, -1):
        starts[tuple(own[at : at + _SHORTEST_CUT])] = at
    here = 0
    while here <= len(said) - _SHORTEST_CUT:
        there = starts.get(tuple(said[here : here + _SHORTEST_CUT]))
        length = _length(said, here, own, there) if there is not None else 0
        if there is not None and _is_quote(there, length, len(own), ends):
            yield here, here + length - 1
            here += length
        else:
            here += 1


def _length(said: list[str], here: int, own: list[str], there: int) -> int:
    length = 0
    while here + length < len(said) and there + length < len(own) and said[here + length] == own[there + length]:
        length += 1
    return length


def _is_quote(there: int, length: int, whole: int, ends: frozenset[int]) -> bool:
    if length >= A_QUOTE or length == whole:
        return True
    return length >= A_SENTENCE and (there == 0 or there in ends) and there + length in ends


def _sentence_ends(text: str) -> frozenset[int]:
    """After how many words a sentence of the text ends."""
    return frozenset(len(wording.words(text[: found.end()])) for found in _SENTENCE.finditer(text)) | {
        len(wording.words(text))
    }


def _is_same(said: list[str], own: list[str]) -> bool:
    if said == own:
        return True
    if len(said) < _SHORTEST_CUT or len(said) > len(own):
        return False
    # A cut may go through a word.
    return said[:-1] == own[: len(said) - 1] and own[len(said) - 1].startswith(said[-1])


def _plain_words(text: str) -> list[str]:
    return [word.text for word in wording.words(wording.seen(text))]


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    kept, at = [], 0
    for start, end in spans:
        if start >= at:
            kept.append(text[at:start].rstrip("\"'“„«‘‚ "))
            at = end + len(text[end:]) - len(text[end:].lstrip("\"'”“»’.!?,…"))
        else:
            at = max(at, end)
    kept.append(text[at:])
    return " ".join(kept)


def _bare(text: str) -> str:
    """Without the marks around a quote and the words that only say that something is forwarded."""
    left = text.strip(_AROUND)
    return "" if _SAYS_NOTHING.fullmatch(left) else text.strip()
