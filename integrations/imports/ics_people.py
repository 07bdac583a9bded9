"""Who of an event's people is the patient, and which of its numbers is theirs.

Calendars list everybody: whoever invites (often first), rooms, colleagues, the clinic's own address; and they write how
to dial in beside what the patient said. None of that may become the person who is texted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth import get_user_model

from appointments.models import Business
from compliance import phones
from integrations.imports.rows import RowError
from integrations.providers.phone_answers import Words

_NO_PEOPLE: Final = frozenset({"ROOM", "RESOURCE", "GROUP"})
_RESOURCE_ADDRESS: Final = re.compile(r"@(resource\.|group\.)calendar\.google\.com$", re.IGNORECASE)
# Domains that anybody may have, those of documents (RFC 2606) too: sharing one with the clinic says nothing.
_FREE_MAIL: Final = frozenset(
    (
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "aol.com"),
        *("icloud.com", "me.com", "gmx.de", "gmx.net", "web.de", "proton.me", "protonmail.com", "mail.com"),
        *("example.com", "example.org", "example.net"),
    )
)
# A number with seven digits or more, as people write it in a description.
_PHONE: Final = re.compile(r"(?<![\w/=])\+?\(?\d[\d ().\-/]{5,18}\d(?P<after>,,|;|#)?")
_ASIDE: Final = re.compile(r"\s*\([^()]*[^\d()]\)")
_DIAL_IN: Final = re.compile(
    r"\b(dial|join|meeting|conference|conf|passcode|pin|access code|webinar|one tap|toll|zoom|teams|webex|meet)\b"
    r"|https?://|\btel:|einwahl|konferenz|unirse|reuni[oó]n",
    re.IGNORECASE,
)
_ABOUT_A_CALL: Final = re.compile(r"conference|dial|join|meeting|konferenz|numbers", re.IGNORECASE)


@dataclass(frozen=True)
class Guest:
    """The patient, as far as the event names them."""

    name: str = ""
    email: str = ""
    phone: str = ""


def staff_addresses() -> frozenset[str]:
    """Who logs in here is no patient of a calendar's event."""
    found = get_user_model().objects.filter(is_staff=True).exclude(email="").values_list("email", flat=True)
    return frozenset(address.lower() for address in found)


def guest(event: Any, business: Business, staff: frozenset[str]) -> Guest:
    """The first attendee who is neither the clinic nor a thing and comes; an empty one when nobody was invited.

    Raises `RowError` when all who were have declined: the calendar still holds the time, and only a person knows for
    whom.
    """
    guests = _guests(event, business, staff)
    coming = [person for person in guests if not _declines(person)]
    if guests and not coming:
        what = "Whoever was invited has declined (PARTSTAT=DECLINED), and the visit still stands."
        raise RowError("ATTENDEE", what, "Cancel it in the calendar and here, or ask the patient.")
    return Guest(name=_name(coming[0]), email=_email(coming[0]), phone=_tel(coming[0])) if coming else Guest()


def _guests(event: Any, business: Business, staff: frozenset[str]) -> list[Any]:
    ours = _Ours(event, business, staff)
    found = event.get("ATTENDEE")
    people = found if isinstance(found, list) else [found] if found is not None else []
    return [person for person in people if not ours.includes(person)]


def _declines(person: Any) -> bool:
    return _parameter(person, "PARTSTAT").upper() == "DECLINED"


def phone_in(description: str, business: Business) -> str:
    """The first number in a description that can be the patient's: one called their phone goes before others, and one
    of an emergency contact, an insurance or a doctor is never theirs."""
    region = phones.region_of(business.timezone)
    ours, words = phones.normalise(business.phone, region), Words.of(business.phone_question)
    found = [one for one in _numbers(description[:5000], words) if not words.are_of_others(one.label)]
    for one in sorted(found, key=lambda one: (not words.ask(one.label), words.are_last(one.label))):
        known = phones.normalise(one.text, region)
        if known and known != ours:
            return one.text[:40]
    return ""


@dataclass(frozen=True)
class _Number:
    """A number as written. `label`: what stands before it, and right after it between brackets."""

    text: str
    label: str


def _numbers(description: str, words: Words) -> Iterator[_Number]:
    """A line that ends with ":" or "?" and has no number is the label of those below it, up to an empty line."""
    heading = ""
    for line in _without_dial_in(description, words):
        found = list(_in_line(line, heading))
        yield from found
        if not line.strip() or (not found and line.strip()[-1] in ":?"):
            heading = line


def _in_line(line: str, heading: str) -> Iterator[_Number]:
    end = 0
    for match in _PHONE.finditer(line):
        aside = _ASIDE.match(line, match.end())
        if not match.group("after"):
            label = " ".join([heading, line[end : match.start()], aside.group() if aside else ""])
            yield _Number(match.group(0), label)
        end = aside.end() if aside else match.end()


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


class _Ours:
    """The organizer, the clinic's own addresses and those of its staff."""

    def __init__(self, event: Any, business: Business, staff: frozenset[str]) -> None:
        organizer = event.get("ORGANIZER")
        addresses = {_email(organizer).lower(), business.email.lower()} - {""}
        domains = {one.rpartition("@")[2] for one in addresses}
        self._domains = frozenset(one for one in domains if one and one not in _FREE_MAIL)
        self._addresses = staff | addresses
        self._number = phones.normalise(business.phone, phones.region_of(business.timezone))
        self._region = phones.region_of(business.timezone)

    def includes(self, person: Any) -> bool:
        """Whether this attendee is a thing or the clinic itself."""
        address, tel = _email(person).lower(), _tel(person)
        if _parameter(person, "CUTYPE").upper() in _NO_PEOPLE or _RESOURCE_ADDRESS.search(address):
            return True
        if _parameter(person, "ROLE").upper() in ("CHAIR", "NON-PARTICIPANT"):
            return True
        if tel and self._number and phones.normalise(tel, self._region) == self._number:
            return True
        return address in self._addresses or address.rpartition("@")[2] in self._domains


def _parameter(person: Any, name: str) -> str:
    return str(getattr(person, "params", {}).get(name, "")).strip()


def _name(person: Any) -> str:
    """Calendars that know no name write the address in its place."""
    name = _parameter(person, "CN")
    return "" if "@" in name else name[:200]


def _email(person: Any) -> str:
    scheme, _, address = str(person or "").partition(":")
    return address.strip()[:254] if scheme.lower() == "mailto" else ""


def _tel(person: Any) -> str:
    scheme, _, number = str(person or "").partition(":")
    return number.strip()[:40] if scheme.lower() == "tel" else ""
