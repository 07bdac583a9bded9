"""Who of an event's people is the patient.

Calendars list everybody: whoever invites (often first), rooms, colleagues, the clinic's own address. None of them may
become the person who is texted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth import get_user_model

from appointments.models import Business
from compliance import phones
from integrations.imports.rows import RowError

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
    return _one(coming) if coming else Guest()


def _one(coming: list[Any]) -> Guest:
    """The first of them, with what other lines under the same name say: some programs write a line for each address."""
    name = _name(coming[0])
    lines = [one for one in coming if name and _name(one).casefold() == name.casefold()] or coming[:1]
    email, phone = (next(filter(None, map(read, lines)), "") for read in (_email, _tel))
    return Guest(name=name, email=email, phone=phone)


def _guests(event: Any, business: Business, staff: frozenset[str]) -> list[Any]:
    ours = _Ours(event, business, staff)
    found = event.get("ATTENDEE")
    people = found if isinstance(found, list) else [found] if found is not None else []
    return [person for person in people if not ours.includes(person)]


def _declines(person: Any) -> bool:
    return _parameter(person, "PARTSTAT").upper() == "DECLINED"


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
