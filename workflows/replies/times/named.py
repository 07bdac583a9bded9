"""The days and hours of one reply, held against the visit it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from workflows.replies.times.fit import Facts, Fit, fits, is_past
from workflows.replies.times.parse import Parsed
from workflows.replies.times.values import DAYS, Clock, Either, InTime, Number


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
    def _holds(self) -> bool:
        return not self.parsed.mentions or self.facts().holds(self.parsed.mentions)
