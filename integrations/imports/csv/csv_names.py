"""Which visit a row of a CSV is about, though its export spells it otherwise than the last one.

Names that are stored stay. A row without an id has its own letters for one; where no visit is called so, it may be that
of the same person at the same time.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from appointments import names
from appointments.inbound import Booking
from appointments.models import BookingRef, Business
from appointments.services.booking.bookings import IMPORTED
from aro import clock
from compliance import phones
from integrations.imports.csv.csv_file import NAMELESS
from integrations.imports.rows import Row
from integrations.imports.same_person import Who

# Spreadsheets and pandas make numbers of ids: 1001 is 1001.0 or 1,001 there.
_WHOLE: Final = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(\.0+)?")
_RECENT: Final = timedelta(days=2)


def known_again(rows: Iterable[Row], business: Business) -> Iterator[Row]:
    """The rows, each under the name that its visit has here."""
    visits = _Visits(business)
    for row in rows:
        found = visits.name_of(row.booking) if row.booking else ""
        yield replace(row, booking=replace(row.booking, external_id=found)) if row.booking else row


class _Visits:
    """What is stored, and what the file has named until now."""

    def __init__(self, business: Business) -> None:
        refs = BookingRef.objects.filter(source=IMPORTED, appointment__tenant_id=business.tenant_id)
        self._region = phones.region_of(business.timezone)
        self._names = set(refs.values_list("external_id", flat=True))
        self._at: dict[datetime, list[tuple[str, Who]]] = defaultdict(list)
        nameless = refs.filter(external_id__startswith=NAMELESS, moved_to="")
        recent = nameless.filter(appointment__starts_at__gt=clock.now() - _RECENT).order_by("id")
        for ref in recent.select_related("appointment__customer"):
            self._at[ref.appointment.starts_at].append((ref.external_id, Who.at(ref.appointment)))

    def name_of(self, booking: Booking) -> str:
        name = booking.external_id
        if not name.startswith(NAMELESS):
            return self._numbered(name)
        who = Who.of(booking.person, self._region)
        found = next((one for one in (name, _by_person(who, booking)) if one in self._names), "")
        found = found or next((one for one, other in self._at[booking.starts_at] if other.is_same(who)), "")
        found = found or _by_person(who, booking)
        self._at[booking.starts_at].append((found, who))
        return found

    def _numbered(self, name: str) -> str:
        """As it is stored, if it is; else the number alone."""
        whole = _WHOLE.fullmatch(name)
        if whole is None or name in self._names:
            return name
        number = whole[1].replace(",", "")
        spelt = (number, f"{number}.0", _in_groups(number), f"{_in_groups(number)}.0")
        return next((one for one in spelt if one in self._names), number)


def _in_groups(number: str) -> str:
    return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", number)


def _by_person(who: Who, booking: Booking) -> str:
    """However phone and name are written: the name's words in any order."""
    person = " ".join(sorted(names.words(who.name)))
    parts = (person, who.phone or who.email, booking.starts_at.isoformat())
    return NAMELESS + hashlib.sha256("\0".join(parts).encode()).hexdigest()
