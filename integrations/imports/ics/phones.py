"""Which of the numbers in an event's description is the patient's.

Calendars write how to dial in, numbers of records, and whom to call with questions, beside what the patient said. None
of that may become the number that is texted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from appointments.models import Business
from compliance import phones
from integrations.imports import labels
from integrations.providers.shared.phone_answers import Words, has_digits

# A number with seven digits or more, as people write it in a description.
_PHONE: Final = re.compile(r"(?<![\w/=])\+?\(?\d[\d ().\-/]{5,18}\d(?P<after>,,|;|#)?")
_ASIDE: Final = re.compile(r"\s*\([^()]*[^\d()]\)")
_DIAL_IN: Final = re.compile(
    r"\b(dial|join|meeting|conference|conf|passcode|pin|access code|webinar|one tap|toll|zoom|teams|webex|meet)\b"
    r"|https?://|\btel:|einwahl|konferenz|unirse|reuni[oó]n",
    re.IGNORECASE,
)
_ABOUT_A_CALL: Final = re.compile(r"conference|dial|join|meeting|konferenz|numbers", re.IGNORECASE)
_DATE: Final = re.compile(
    r"(?<![\d/.\-])(?:\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2})(?![\d/.\-]*\d)"
)
# The value of an id, and what follows it: "MRN 12345, ", "Chart 12 / ".
_ANOTHERS_VALUE: Final = re.compile(r"\d[\w-]*\s*[,;|/.]")
_NEXT_VALUE: Final = re.compile(r"[^,;|.]*\d")
_SENTENCE: Final = re.compile(r"[.!]\s")
_NAMED: Final = re.compile(r"(?:^|[,;|:.!?\n\uff1a](?=\s))([^,;|:!?\n\uff1a]*)[:\uff1a]\s*$")
_END_OF_ITS_WORDS: Final = re.compile(r"[,;|.]")


def phone_in(description: str, business: Business, name: str = "") -> str:
    """The first number in a description that can be the patient's: one called their phone goes before others. One of
    an emergency contact, an insurance or a doctor is never theirs, nor is an id, nor whom to call with questions. A
    line of words alone that forbids texts is about all of them. `name`: the patient's, which may stand before it."""
    region = phones.region_of(business.timezone)
    ours, words = phones.normalise(business.phone, region), Words.of(business.phone_question)
    description = description[:5000]
    if any(map(labels.forbid_texts, _bare_lines(description))):
        return ""
    found = [
        one
        for one in _numbers(description, words)
        if _can_be_theirs(one, words) and not labels.are_of_nobody_known(one.name, name)
    ]
    for one in sorted(found, key=lambda one: (not words.ask(one.label), words.are_last(one.label))):
        known = phones.normalise(one.text, region)
        if known and known != ours:
            return one.text[:40]
    return ""


def _bare_lines(description: str) -> Iterator[str]:
    """Those that neither have a number nor name the one below."""
    return (line for line in description.splitlines() if not has_digits(line) and line.strip()[-1:] not in (":", "?"))


@dataclass(frozen=True)
class _Number:
    """A number as written. `heading`: the line that names those below it; `before`, `aside` and `after`: what stands
    around it in its line, `aside` between brackets. `rest`: all that follows, if no other number does."""

    text: str
    heading: str
    before: str
    aside: str
    after: str
    rest: str

    @property
    def label(self) -> str:
        return " ".join([self.heading, self.before, self.aside])

    @property
    def name(self) -> str:
        """What it is called with a colon: right before it, or in the line above."""
        found = _NAMED.search(self.before if self.before.strip() else self.heading)
        return found[1] if found else ""


def _can_be_theirs(one: _Number, words: Words) -> bool:
    if words.are_of_others(one.label) or labels.forbid_texts(f"{one.label} {one.after} {one.rest}"):
        return False
    if labels.are_of_others(one.label if words.ask(one.before) else f"{one.label} {one.after}"):
        return False
    before = _ANOTHERS_VALUE.split(one.before)[-1]
    named = before if words.ask(before) or not one.heading else f"{one.heading} {before}"
    beside = f"{one.aside} {one.after}"
    sentence = f"{_SENTENCE.split(named)[-1]} {beside}"
    return not words.are_of_a_record(named, beside) and not words.are_of_the_office(sentence)


def _numbers(description: str, words: Words) -> Iterator[_Number]:
    """A line that ends with ":" or "?", or names an id, and has no number is the label of those below it, up to an
    empty line."""
    heading = ""
    for line in _without_dial_in(description, words):
        found = list(_in_line(line, heading))
        yield from found
        if not line.strip() or (not found and _is_heading(line, words)):
            heading = line


def _is_heading(line: str, words: Words) -> bool:
    return line.strip()[-1] in ":?" or (not has_digits(line, 1) and words.end_with_a_record(line))


def _in_line(line: str, heading: str) -> Iterator[_Number]:
    line, before = _DATE.sub("0,", line), 0
    found = list(_PHONE.finditer(line))
    for match in found:
        aside = _ASIDE.match(line, match.end())
        end = aside.end() if aside else match.end()
        after = "" if _NEXT_VALUE.match(line, end) else _END_OF_ITS_WORDS.split(line[end:])[0]
        rest = line[end:] if match is found[-1] else ""
        if not match.group("after"):
            around = line[before : match.start()], aside.group() if aside else "", after, rest
            yield _Number(match.group(0), heading, *around)
        before = end


def _without_dial_in(description: str, words: Words) -> Iterator[str]:
    """The lines that are not about a conference: one that speaks of it ends at the next empty or other line."""
    within = False
    for line in re.split(r"\r\n|\r|\n", description):
        of_patient = words.ask(line) and not _ABOUT_A_CALL.search(line)
        speaks = bool(_DIAL_IN.search(line)) and not of_patient
        within = speaks or (within and bool(line.strip()) and not of_patient and _is_number_line(line))
        if not within:
            yield line


def _is_number_line(line: str) -> bool:
    return line.strip()[:1] in "(+0123456789" and bool(_PHONE.search(line))
