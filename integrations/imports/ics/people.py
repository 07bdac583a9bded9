"""Who of an event's people are patients.

Calendars list everybody: whoever invites (often first), rooms, colleagues, the clinic's own address. None of them may
become the person who is texted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth import get_user_model

from appointments import names
from appointments.models import Business
from compliance import phones
from integrations.imports import wordlists
from integrations.imports.ics.values import every
from integrations.imports.rows import RowError, plain

# Any other kind is a thing or many people, one that a program made up (`X-DEVICE`), too.
_PEOPLE: Final = frozenset({"", "INDIVIDUAL", "UNKNOWN"})
# RFC 5545 3.2.12: who declined does not come, and who delegated sends somebody else.
_AWAY: Final = frozenset({"DECLINED", "DELEGATED"})
_REQUIRED: Final = frozenset({"", "REQ-PARTICIPANT"})
_THINGS: Final = wordlists.load("things")["things"]
_RESOURCE_ADDRESS: Final = re.compile(r"@(resource\.|group\.)calendar\.google\.com$", re.IGNORECASE)
# Domains that anybody may have, those of documents (RFC 2606) too: sharing one with the clinic says nothing.
_FREE_MAIL: Final = frozenset(
    (
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "aol.com"),
        *("icloud.com", "me.com", "gmx.de", "gmx.net", "web.de", "proton.me", "protonmail.com", "mail.com"),
        *("example.com", "example.org", "example.net"),
    )
)


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


def guests(event: Any, business: Business, staff: frozenset[str]) -> list[Guest]:
    """The attendees who come and are neither the clinic nor things; whoever must be there, if that is said of some.
    Nobody when nobody was invited.

    Raises `RowError` when all who were do not come: the calendar still holds the time, and only a person knows for
    whom.
    """
    invited = _invited(event, business, staff)
    coming = [person for person in invited if _parameter(person, "PARTSTAT").upper() not in _AWAY]
    if invited and not coming:
        what = "Whoever was invited has declined (PARTSTAT=DECLINED) or sent somebody else, and the visit still stands."
        raise RowError("ATTENDEE", what, "Cancel it in the calendar and here, or ask the patient.")
    required = [person for person in coming if _parameter(person, "ROLE").upper() in _REQUIRED]
    return _people(required or coming)


def named(event: Any, business: Business, staff: frozenset[str]) -> list[Guest] | None:
    """All attendees who may be patients, whether they come or not. None when the event names no attendee at all."""
    return None if event.get("ATTENDEE") is None else _people(_invited(event, business, staff))


def organizer(event: Any) -> str:
    """The address that the event is run from; empty where it is not said."""
    return str(event.get("ORGANIZER") or "").strip().lower()


def _people(lines: Iterable[Any]) -> list[Guest]:
    """One for each name: some programs write a line for each address of a person."""
    found: dict[str, list[Any]] = {}
    for one in lines:
        found.setdefault(_name(one).casefold() or str(one).lower(), []).append(one)
    return [_one(same) for same in found.values()]


def _one(lines: list[Any]) -> Guest:
    email, phone = (next(filter(None, map(read, lines)), "") for read in (_email, _tel))
    return Guest(name=_name(lines[0]), email=email, phone=phone)


def _invited(event: Any, business: Business, staff: frozenset[str]) -> list[Any]:
    ours = _Ours(event, business, staff)
    return [person for person in every(event, "ATTENDEE") if not ours.includes(person)]


class _Ours:
    """The organizer, the clinic's own addresses and those of its staff."""

    def __init__(self, event: Any, business: Business, staff: frozenset[str]) -> None:
        organizer = event.get("ORGANIZER")
        addresses = {_email(organizer).lower(), business.email.lower()} - {""}
        domains = {one.rpartition("@")[2] for one in addresses}
        self._domains = frozenset(one for one in domains if one and one not in _FREE_MAIL)
        self._addresses = staff | addresses | {_address(_parameter(organizer, "SENT-BY")).lower()} - {""}
        self._name = names.words(_name(organizer))
        self._number = phones.normalise(business.phone, phones.region_of(business.timezone))
        self._region = phones.region_of(business.timezone)

    def includes(self, person: Any) -> bool:
        """Whether this attendee is a thing or the clinic itself."""
        return _is_thing(person) or self._is_known(person) or self._is_number(_tel(person))

    def _is_known(self, person: Any) -> bool:
        """By the address, or as the organizer's own name with another one."""
        address = _email(person).lower()
        if address in self._addresses or address.rpartition("@")[2] in self._domains:
            return True
        return bool(self._name) and names.words(_name(person)) == self._name

    def _is_number(self, tel: str) -> bool:
        return bool(tel and self._number) and phones.normalise(tel, self._region) == self._number


def _is_thing(person: Any) -> bool:
    if _parameter(person, "CUTYPE").upper() not in _PEOPLE or _RESOURCE_ADDRESS.search(_email(person)):
        return True
    if _parameter(person, "ROLE").upper() in ("CHAIR", "NON-PARTICIPANT"):
        return True
    words = plain(_name(person)).split()
    telling = [word for word in words if word in _THINGS and len(word) > 1]
    return bool(telling) and all(word in _THINGS or len(word) == 1 or word.isdigit() for word in words)


def _parameter(person: Any, name: str) -> str:
    return str(getattr(person, "params", {}).get(name, "")).strip()


def _name(person: Any) -> str:
    """Calendars that know no name write the address in its place."""
    name = _parameter(person, "CN")
    return "" if "@" in name else name[:200]


def _email(person: Any) -> str:
    """Its own, or what iCloud writes beside an address of its own making (`EMAIL=`)."""
    return _address(str(person or "")) or _parameter(person, "EMAIL").removeprefix("mailto:")[:254]


def _address(uri: str) -> str:
    scheme, _, address = uri.strip('"').partition(":")
    return address.strip()[:254] if scheme.lower() == "mailto" else ""


def _tel(person: Any) -> str:
    scheme, _, number = str(person or "").partition(":")
    return number.strip()[:40] if scheme.lower() == "tel" else ""
