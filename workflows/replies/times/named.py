"""The days and hours of one reply, held against the visit it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from workflows.replies.times.fit import Facts, Fit, VisitFacts, fits, is_past
from workflows.replies.times.parse import Parsed
from workflows.replies.times.values import DAYS, Bound, Clock, Either, InTime, Mention, Number

# So much after the visit's beginning is late; more is another time.
LATE_MINUTES: Final = 40
# So long before it something else may end that makes somebody late.
EARLIER_MINUTES: Final = 150
_LITTLE: Final = frozenset(("minutes", "minutos", "bit", "little", "just", "shortly", "like"))


@dataclass(frozen=True)
class Named:
    """`facts` is asked for only when a reply names a day or an hour at all."""

    parsed: Parsed
    facts: Callable[[], Facts]
    spanish: bool = False

    @cached_property
    def fits(self) -> tuple[Fit, ...]:
        return fits(self.parsed, self.facts(), spanish=self.spanish) if self.parsed.mentions else ()

    @property
    def is_own(self) -> bool:
        """Every day and hour is the visit's own, or there is none."""
        return self._holds and all(fit in (Fit.OWN, Fit.NEUTRAL) for fit in self.fits)

    @property
    def is_other(self) -> bool:
        """Another day or hour than the visit's is plainly named, and nothing that cannot be told."""
        return self._holds and Fit.OTHER in self.fits and Fit.OPEN not in self.fits

    @property
    def is_plainly_other(self) -> bool:
        """As `is_other`, and neither the visit's own time is beside it nor a span from now ("see you in 6 hours")."""
        spans = any(isinstance(mention.value, InTime) for mention in self.parsed.mentions)
        return self.is_other and not self.is_mixed and not spans

    @property
    def is_another_day(self) -> bool:
        pairs = zip(self.parsed.mentions, self.fits, strict=True)
        return any(isinstance(mention.value, DAYS) and fit is Fit.OTHER for mention, fit in pairs)

    @property
    def is_mixed(self) -> bool:
        """The visit's own day and another day, or its hour and another hour: one of the two is about something else."""
        pairs = tuple(zip(self.parsed.mentions, self.fits, strict=True))
        hours = {fit for mention, fit in pairs if not isinstance(mention.value, DAYS)}
        days = {fit for mention, fit in pairs if isinstance(mention.value, (*DAYS, Number))}
        return any({Fit.OWN, Fit.OTHER} <= kind for kind in (hours, days))

    @property
    def is_new(self) -> bool:
        """At least one day or hour to come that is not the visit's own; a bare number is none."""
        return bool({Fit.OTHER, Fit.OPEN} & self._of_times)

    @property
    def may_be_new(self) -> bool:
        """As `is_new`, and also a "tomorrow" when nobody knows which day the visit is."""
        return self.is_new or Fit.NEUTRAL in self._of_times

    @property
    def _of_times(self) -> set[Fit]:
        pairs = zip(self.parsed.mentions, self.fits, strict=True)
        return {fit for mention, fit in pairs if not isinstance(mention.value, Number) and not is_past(mention.value)}

    @property
    def repeats(self) -> bool:
        """The visit's own day or hour is said again; a part of the day alone says too little."""
        told = any(isinstance(m.value, (Clock, Either, Number, *DAYS)) for m in self.parsed.mentions)
        return told and self.is_own and Fit.OWN in self.fits

    @cached_property
    def is_a_little_after(self) -> bool:
        """Somebody names the visit's own day or none, and an hour that is up to 40 minutes after its beginning.

        Hours before that may stand beside it ("my shift ends at 4, so 4:45").
        """
        facts = self.facts() if self.parsed.mentions else None
        if not isinstance(facts, VisitFacts):
            return False
        hours = [mention for mention in self.parsed.mentions if not isinstance(mention.value, DAYS)]
        days = [fit for m, fit in zip(self.parsed.mentions, self.fits, strict=True) if isinstance(m.value, DAYS)]
        told = [mention for mention in hours if self._after(mention, facts)]
        others = all(self._before(mention, facts) for mention in hours if mention not in told)
        return bool(told) and others and all(fit is Fit.OWN for fit in days)

    def _after(self, mention: Mention, facts: VisitFacts) -> bool:
        """ "4:45", or "5 minutes after 4:30"."""
        value = mention.value
        if not isinstance(value, Clock):
            return False
        if mention.bound is Bound.AFTER:
            return facts.minute in value.readings and self._is_little(mention)
        ahead = [reading - facts.minute for reading in value.readings]
        return mention.bound in (Bound.AT, Bound.BY, Bound.UNTIL) and any(
            0 < minutes <= LATE_MINUTES for minutes in ahead
        )

    def _is_little(self, mention: Mention) -> bool:
        return mention.bound is Bound.AFTER and self.parsed.tokens[max(0, mention.start - 1)] in _LITTLE

    @property
    def says_how_long_after(self) -> bool:
        """ "5 minutes after 4:30"."""
        return any(map(self._is_little, self.parsed.mentions))

    def _before(self, mention: Mention, facts: VisitFacts) -> bool:
        value = mention.value
        if isinstance(value, Clock):
            return any(0 <= facts.minute - reading <= EARLIER_MINUTES for reading in value.readings)
        return facts.fit(value, spanish=self.spanish) is Fit.OWN

    @cached_property
    def only_away(self) -> bool:
        """What is named besides the visit's own time is only an end: "until the 9th"."""
        pairs = zip(self.parsed.mentions, self.fits, strict=True)
        return all(fit in (Fit.OWN, Fit.NEUTRAL) or mention.bound is Bound.UNTIL for mention, fit in pairs)

    @property
    def days_away(self) -> int | None:
        """From today to the visit's day, where that is known."""
        facts = self.facts()
        return facts.days_away if isinstance(facts, VisitFacts) else None

    @cached_property
    def _holds(self) -> bool:
        return not self.parsed.mentions or self.facts().holds(self.parsed.mentions)
