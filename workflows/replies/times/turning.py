"""A yes that turns to another day or hour and says nothing else: "C but at 3:45"."""

from __future__ import annotations

from typing import Final

from workflows.replies.times.fit import Fit
from workflows.replies.times.named import Named
from workflows.replies.times.values import Bound, InTime, Mention, Number
from workflows.replies.words.yes_no_words import Piece, pieces

_TURNS: Final = frozenset(("but", "pero", "only", "just", "solo", "except", "sino"))
_MARKS: Final = frozenset(",.")
# What may stand around the time: it is asked for, and nothing is told of it.
_AROUND: Final = frozenset(
    (
        "at", "on", "for", "the", "a", "las", "la", "el", "para", "please", "thanks", "instead", "make", "it", "por",
        "favor", "mejor", "que", "sea", "if", "possible", "si", "se", "puede", ",", ".", "at", "then", "better",
    )
)  # fmt: skip


def yes_but_at(named: Named) -> bool:
    tokens = named.parsed.tokens
    turn = next((at for at, token in enumerate(tokens) if token in _TURNS), None)
    if turn is None or not any(mention.start > turn for mention in named.parsed.mentions):
        return False
    return _is_yes(tokens[:turn]) and _is_only_time(named, turn) and _is_another(named, turn)


def _is_yes(tokens: tuple[str, ...]) -> bool:
    if tokens in (("c",), ("c", ",")):
        return True
    kinds, rest = pieces("".join(f"{token} " for token in tokens if token not in _MARKS))
    return not rest and Piece.YES in kinds and {*kinds} <= {Piece.YES, Piece.POLITE}


def _is_only_time(named: Named, turn: int) -> bool:
    taken = {at for mention in named.parsed.mentions for at in range(mention.start, mention.end)}
    return all(at in taken or token in _AROUND for at, token in enumerate(named.parsed.tokens) if at > turn)


def _is_another(named: Named, turn: int) -> bool:
    """A clock time or a day, and not the visit's own: a bare number may count anything."""
    told = [pair for pair in zip(named.parsed.mentions, named.fits, strict=True) if pair[0].start > turn]
    return all(_is_plain(mention) for mention, _ in told) and any(fit in (Fit.OTHER, Fit.OPEN) for _, fit in told)


def _is_plain(mention: Mention) -> bool:
    return mention.bound is Bound.AT and not isinstance(mention.value, Number | InTime)
