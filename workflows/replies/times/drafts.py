"""Which days and hours of a message belong together, which are alternatives, and which are refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from workflows.replies.times.parse import Parsed
from workflows.replies.times.values import (
    DAYS,
    Bound,
    DayOfMonth,
    Either,
    Mention,
    Number,
    Part,
    Weekday,
    Which,
)

_REFUSES: Final = frozenset(("not", "no", "never", "nunca", "except", "excepto", "ni", "menos", "tampoco", "neither"))
_HARMLESS: Final = frozenset(("problem", "problema", "worries", "later", "earlier"))
_BREAKS: Final = frozenset(
    (".", "?", ",", "but", "pero", "how", "what", "instead", "sino", "mejor", "can", "could", "y")
)
_RATHER_THAN: Final = frozenset(
    (("instead", "of"), ("rather", "than"), ("en", "vez"), ("en", "lugar"), ("other", "than"))
)
_ANY_BUT: Final = frozenset((("anything", "but"), ("day", "but"), ("time", "but"), ("any", "but"), ("dia", "menos")))
_OR: Final = frozenset(("or", "o", "and", "y", ","))
_TO: Final = frozenset(("to", "a", "al", "para", "hasta", "through", "till", "until", "and", "y"))
_MOVES: Final = frozenset(
    (
        "move", "moved", "change", "changed", "switch", "push", "reschedule", "rebook", "bump", "transfer", "cambiar",
        "cambie", "cambia", "mover", "mueva", "mueve", "pasar", "pase", "pasa", "reprogramar", "cambiarla", "moverla",
        "pasarla", "shift", "swap", "reagendar",
    )
)  # fmt: skip
_NOT_BEFORE: Final = {
    Bound.UNTIL: Bound.FROM,
    Bound.BEFORE: Bound.FROM,
    Bound.AFTER: Bound.UNTIL,
    Bound.FROM: Bound.UNTIL,
}


@dataclass
class Draft:
    """The days and hours of one window, in the order they were named."""

    days: list[Mention] = field(default_factory=list)
    hours: list[Mention] = field(default_factory=list)
    refused: bool = False
    alternative: bool = False
    hour_first: bool = False

    @property
    def mentions(self) -> tuple[Mention, ...]:
        return (*self.days, *self.hours)

    def add(self, mention: Mention) -> None:
        if is_day(mention):
            self.days.append(mention)
        else:
            self.hour_first = self.hour_first or not self.days
            self.hours.append(mention)


def is_day(mention: Mention) -> bool:
    value = mention.value
    return isinstance(value, DAYS) or (isinstance(value, Either) and isinstance(value.first, DayOfMonth))


def drafts(parsed: Parsed) -> list[Draft]:
    """The windows that a message names, without what it refuses or moves away from."""
    found: list[Draft] = []
    before: Mention | None = None
    for mention in _meant(parsed):
        gap = parsed.tokens[before.end : mention.start] if before else ()
        if before is None or not _belongs(found[-1], mention, before, gap, refused=_refuses(parsed, mention)):
            found.append(Draft(refused=_refuses(parsed, mention), alternative=bool(gap) and set(gap) <= _OR))
        found[-1].add(_turned(mention) if _denied(parsed, mention) else mention)
        before = mention
    return _shared(_without_origin(found, parsed))


def _meant(parsed: Parsed) -> Iterator[Mention]:
    yield from (mention for mention in parsed.mentions if not isinstance(mention.value, Number))


def _belongs(draft: Draft, mention: Mention, before: Mention, gap: tuple[str, ...], *, refused: bool) -> bool:
    if draft.refused is not refused:
        return False
    if is_day(mention):
        return not draft.days or _same_day(draft.days, mention, before, gap)
    if not draft.hours:
        return not (set(gap) & _OR and draft.days and draft.hour_first)
    return _same_hours(draft.hours, mention)


def _same_day(days: list[Mention], mention: Mention, before: Mention, gap: tuple[str, ...]) -> bool:
    """ "Tuesday, the 8th" is one day, "Tuesday or the 8th" two; "Monday to Wednesday" is a range."""
    if mention.bound is Bound.UNTIL or (set(gap) <= _TO and gap and before.bound is Bound.FROM):
        return len(days) == 1
    if gap and set(gap) <= _TO - _OR:
        return len(days) == 1 and is_day(before)
    kinds = {type(day.value) for day in days}
    return type(mention.value) not in kinds and not set(gap) & {"or", "o"} and len(gap) < 3  # noqa: PLR2004


def _same_hours(hours: list[Mention], mention: Mention) -> bool:
    if hours[-1].bound is Bound.FROM and mention.bound is Bound.UNTIL:
        return True
    kinds = {isinstance(hour.value, Part) for hour in hours}
    return kinds != {isinstance(mention.value, Part)} and len(hours) == 1


def _refuses(parsed: Parsed, mention: Mention) -> bool:
    """ "Not Tuesday", "Tuesday does not work"; a bound ("not until Friday") is turned instead."""
    return mention.bound in (Bound.AT, Bound.BY, Bound.SOME) and (
        _denied(parsed, mention) or _denied_after(parsed, mention)
    )


def _turned(mention: Mention) -> Mention:
    return replace(mention, bound=_NOT_BEFORE.get(mention.bound, mention.bound))


def _denied(parsed: Parsed, mention: Mention) -> bool:
    for at in range(mention.start - 1, max(-1, mention.start - 9), -1):
        token = parsed.tokens[at]
        if token in _REFUSES:
            return at + 1 == mention.start or parsed.tokens[at + 1] not in (*_HARMLESS, ",", ".", "?")
        if parsed.tokens[at : at + 2] in _RATHER_THAN or parsed.tokens[at - 1 : at + 1] in _ANY_BUT:
            return True
        if token in _BREAKS:
            return False
        if any(other.start <= at < other.end for other in parsed.mentions) and token not in ("or", "ni"):
            return False
    return False


def _denied_after(parsed: Parsed, mention: Mention) -> bool:
    for at in range(mention.end, min(len(parsed.tokens), mention.end + 4)):
        token = parsed.tokens[at]
        if token in _REFUSES:
            # "Wednesday, not Tuesday" refuses Tuesday.
            another = any(other.start <= at + 1 < other.end for other in parsed.mentions)
            return not another and not set(parsed.tokens[at + 1 : at + 2]) & _HARMLESS
        if token in _BREAKS - {"can", "could"} or any(other.start <= at < other.end for other in parsed.mentions):
            return False
    return False


def _without_origin(found: list[Draft], parsed: Parsed) -> list[Draft]:
    """ "Move it from Tuesday to Friday": Friday is the wish."""
    if not _MOVES & set(parsed.tokens):
        return found
    if len(found) == 1 and len(found[0].days) == 2 and found[0].days[0].bound is Bound.FROM:  # noqa: PLR2004
        found[0].days.pop(0)
        return found
    if len(found) == 1 and not found[0].days and [h.bound for h in found[0].hours] == [Bound.FROM, Bound.UNTIL]:
        found[0].hours = [replace(found[0].hours[1], bound=Bound.AT)]
    return found


def _shared(found: list[Draft]) -> list[Draft]:
    """Alternatives share what only one of them names: "Tuesday at 2 or 3", "Tuesday or Wednesday after 3"."""
    for one, other in zip(found, found[1:], strict=False):
        if not other.alternative or one.refused is not other.refused:
            continue
        one.alternative = True
        if not other.days:
            other.days = list(one.days)
        elif not other.hours and one.hour_first:
            other.hours = list(one.hours)
        if not one.hours and not one.refused:
            one.hours = list(other.hours)
        _share_week(one, other)
    return found


def _share_week(one: Draft, other: Draft) -> None:
    """ "Tuesday or Thursday next week": both are."""
    weeks = max((d.value.weeks for d in (*one.days, *other.days) if isinstance(d.value, Weekday)), default=0)
    for draft in (one, other):
        draft.days = [_next(day) if weeks else day for day in draft.days]


def _next(day: Mention) -> Mention:
    value = day.value
    if isinstance(value, Weekday) and value.which is Which.PLAIN and not value.weeks:
        return replace(day, value=Weekday(value.day, Which.NEXT, weeks=1))
    return day
