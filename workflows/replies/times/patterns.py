"""How a value is written, one pattern each, and what it means. Patterns match words with one space after each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final, TypeAlias

from workflows.replies.times import build
from workflows.replies.times import words as w
from workflows.replies.times.build import Found
from workflows.replies.times.values import (
    InTime,
    Period,
    Relative,
    Unit,
    Value,
    Weekday,
)

Build: TypeAlias = Callable[[Found], Value | None]
Rule: TypeAlias = tuple[re.Pattern[str], Build]


def any_of(entries: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(set(entries), key=lambda entry: (-len(entry), entry))))


_HOUR: Final = rf"(?P<hour>\d{{1,2}}|{any_of(w.HOURS)})"
_PART_SUFFIX: Final = (
    r"(?:(?:in|at|of|on|de|por|en|a) (?:the |la |el )?|del |this |esta )(?:early |late )?"
    r"(?P<part>morning|afternoon|evening|night|noon|manana|tarde|noche|madrugada|mediodia) "
)
_HALF: Final = r"(?P<half>am|pm) "
_LAS: Final = r"(?:las |la )?"
# "One" is a pronoun, and an hour only after a word that leads to an hour.
_ONE: Final = r"(?:(?<=\bat )|(?<=\bby )|(?<=\bafter )|(?<=\bbefore )|(?<=\baround )|(?<=\buntil )|(?<=\btill ))"
_MONTH: Final = rf"(?P<month>{any_of(w.MONTHS)}) "
_YEAR: Final = r"(?:(?:, |of |de |del )?(?P<year>20[2-4]\d) )?"
_WEEKDAY: Final = rf"(?P<day>{any_of(w.WEEKDAYS)})"
_COUNT: Final = rf"(?P<count>\d{{1,2}}|{any_of(w.COUNTS)})"
_UNIT: Final = rf"(?P<unit>{any_of(w.SPANS)})"
_AWAY: Final = rf"(?P<away>{any_of(w.MINUTES)}|\d{{1,2}}) "

_AFTER_DAY: Final = "|".join(rf"(?<=\b{word} )" for word in (*w.WEEKDAYS, *w.RELATIVES)) + r"|(?<=[.,?] )"


def _clock_rules() -> tuple[tuple[str, Build], ...]:
    tail = rf"(?:{_HALF}|{_PART_SUFFIX})?"
    return (
        (
            rf"(?:a )?(?P<turn>half past|half after|quarter past|quarter after|quarter to|quarter till|quarter of"
            rf"|quarter before|half) {_HOUR} {tail}",
            build.turned,
        ),
        (rf"{_AWAY}(?:minutes )?(?P<side>past|after|to|till|before) {_HOUR} {tail}", build.away),
        (rf"{_LAS}{_HOUR} (?P<side>y|con|menos) {_AWAY}(?:minutos )?{tail}", build.spanish_away),
        (rf"(?:faltan? |faltando )?(?:un )?{_AWAY}(?:minutos )?(?P<side>para) (?:las |la ){_HOUR} {tail}", build.away),
        (
            rf"(?:las )?(?P<hour>{any_of(w.AFTERNOON_HOURS)}) (?:horas )?(?:con |y )?"
            r"(?P<minutes>quince|treinta|media|cuarenta y cinco) ",
            build.of_the_day,
        ),
        (
            rf"las (?P<hour>{any_of(w.AFTERNOON_HOURS)}) (?:horas |hrs |h )?(?!para |pa |minutos |de |del )",
            build.of_the_day,
        ),
        (rf"{_LAS}{_HOUR}[:h](?P<minute>[0-5]\d) (?:hours |horas |hrs |h )?{tail}", build.clock),
        (r"(?P<hour>\d{1,2}):?(?P<minute>[0-5]\d)(?P<half>a|p) ", build.clock),
        (rf"{_LAS}{_HOUR} (?:o clock |en punto |ish ){tail}", build.clock),
        (rf"{_LAS}{_HOUR} (?:{_HALF}|{_PART_SUFFIX})", build.clock),
        (r"(?P<hour>\d{1,2})(?P<half>a|p) ", build.clock),
        (rf"(?P<hour>\d{{1,2}})ish {tail}", build.clock),
        (rf"{_LAS}(?P<hour>\d{{1,2}})(?P<minute>[0-5]\d) {tail}", build.run_together),
        (rf"{_LAS}{_HOUR} (?P<minutes>{any_of(w.MINUTES_AFTER_HOUR)}|[0-5][05]) {tail}", build.clock),
        # "Domingo 13h", "mañana 16 h"; "trabajo 16 h" is none.
        (rf"(?:^|{_AFTER_DAY})(?P<hour>1[3-9]|2[0-3]) (?:h|hours|horas) ", build.clock),
        (r"(?P<turn>half past|quarter past|quarter after|quarter to|quarter till) (?:noon|midday) ", build.about_noon),
        (rf"(?P<moment>{any_of(w.MOMENTS)}) ", lambda found: build.moment(found["moment"])),
        (rf"(?:las|la) {_HOUR} (?:horas |hours |h )?", build.clock),
        (rf"{_ONE}(?P<hour>one) (?!of |point |time |more |day )", build.clock),
    )


def _date_rules() -> tuple[tuple[str, Build], ...]:
    ordinal = any_of(w.ORDINALS)
    alone = any_of(set(w.ORDINALS) - set(w.HOURS))
    return (
        (
            rf"{_MONTH}(?:the )?(?P<date>\d{{1,2}}|{ordinal})(?:st|nd|rd|th)? (?!am |pm |people |of us ){_YEAR}",
            build.month_day,
        ),
        (rf"(?P<date>\d{{1,2}}|{ordinal})(?:st|nd|rd|th)? (?P<of>of |de |del )?{_MONTH}{_YEAR}", build.day_month),
        (rf"(?P<date>\d{{1,2}})-?{_MONTH}{_YEAR}", build.day_month),
        (r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<date>\d\d) ", build.iso),
        (r"(?!24/7)(?P<one>\d{1,2})/(?P<two>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))? ", build.slashed),
        (r"(?P<one>\d{1,2})-(?P<two>\d{1,2})-(?P<year>\d{4}|\d{2}) ", build.slashed),
        (r"(?P<date>\d{1,2})(?:st|nd|rd|th) ", lambda found: build.day_of_month(int(found["date"]))),
        (rf"(?P<date>{alone}) ", lambda found: build.day_of_month(w.ORDINALS[found["date"]])),
    )


def _day_rules() -> tuple[tuple[str, Build], ...]:
    return (
        (
            rf"(?P<which>last|next|this|this coming|this next|coming|following|every|each|proximo|este|siguiente|pasado"
            rf"|todos los|cada) {_WEEKDAY}(?P<plural>s)? ",
            build.weekday,
        ),
        (
            rf"{_WEEKDAY}(?P<plural>s)? (?P<which>next week|of next week|que viene|proximo|siguiente"
            rf"|de la proxima semana|de la semana que viene|la semana que viene|la proxima semana"
            rf"|pasado|this week|de esta semana) ",
            build.weekday,
        ),
        (rf"(?:next week|proxima semana|semana que viene) (?:on |el )?{_WEEKDAY} ", build.next_week),
        (rf"{_WEEKDAY}(?P<plural>s)? ", build.weekday),
        (rf"(?:a )?week from {_WEEKDAY} ", lambda found: Weekday(w.WEEKDAYS[found["day"]], weeks=1)),
        (rf"{_WEEKDAY} week ", lambda found: Weekday(w.WEEKDAYS[found["day"]], weeks=1)),
        (rf"(?P<word>{any_of(w.RELATIVES)}) ", lambda found: Relative(w.RELATIVES[found["word"]])),
        (rf"(?:in|en|dentro de|within) (?:like |about |unos |unas |another |otros )?{_COUNT} {_UNIT} ", build.in_time),
        (rf"{_COUNT} {_UNIT} from (?:now|today) ", build.in_time),
        (r"(?:in|en) (?:half an|media|a half) (?:hours|hora) ", lambda _found: InTime(30)),
        (
            r"(?P<which>next|this|following|last|proxima|esta|proximo|este|siguiente|otra|otro) (?P<unit>week|weekend"
            r"|month|semana|mes|fin de semana)s? ",
            build.period,
        ),
        (
            r"(?P<unit>week|weekend|month|semana|mes|fin de semana) (?P<which>after next|que viene|proxima|proximo"
            r"|siguiente|entrante) ",
            build.period,
        ),
        (r"(?:weekends?|fin de semana|fines de semana) ", lambda _found: Period(Unit.WEEKEND)),
        (
            rf"(?:in|en|during) (?P<month>{any_of(w.NAMED_MONTHS)}) ",
            lambda found: Period(Unit.MONTH, month=w.MONTHS[found["month"]]),
        ),
    )


def _part_rules() -> tuple[tuple[str, Build], ...]:
    plain = any_of(set(w.PARTS) - {"am", "pm", "manana", "mananas"})
    return (
        (rf"(?:in|at) (?:the )?(?P<part>{any_of(w.PARTS)}) ", lambda found: w.PARTS[found["part"]]),
        (rf"(?P<part>{plain}) ", lambda found: w.PARTS[found["part"]]),
        (r"(?:first thing|primera hora) (?:in the |de la |en la )?(?:morning|manana) ", lambda _found: w.EARLY_MORNING),
        (r"(?:de|en|por|a) las? mananas? |temprano (?:en|por) la manana ", lambda _found: w.MORNING),
        (r"(?:after|despues del?) (?:my )?(?:work|trabajo|trabajar) ", lambda _found: w.EVENING),
        (r"(?:after|despues de) (?:la )?(?:school|escuela) ", lambda _found: w.LATE_AFTERNOON),
        (rf"{_HOUR} ", lambda found: build.number(found["hour"])),
    )


@cache
def rules() -> tuple[Rule, ...]:
    """Compiled when the first reply is read."""
    every = (*_clock_rules(), *_date_rules(), *_day_rules(), *_part_rules())
    return tuple((re.compile(pattern), build) for pattern, build in every)
