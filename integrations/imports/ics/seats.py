"""What the visits of several patients of one event are called: the first one's by its UID, others' by it and a mark.

Who has which is remembered: in another export the same people may stand in another order, or only some of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from django.db.models import Q, QuerySet

from appointments import states
from appointments.inbound import Person
from appointments.models import BookingRef, Business
from appointments.services.booking.bookings import IMPORTED
from aro import clock
from aro.secrets import fingerprint
from compliance import phones
from integrations.imports.ics import parts
from integrations.imports.same_person import Who

# So many visits of a series are looked at for whose they are.
MOST_VISITS: Final = 20
_MARKED: Final = re.compile(r"(?P<uid>.+)#[0-9a-f]{16}")


class Seats:
    """Those of one reading: what is stored, and what the file has named until now."""

    def __init__(self, business: Business) -> None:
        self._tenant, self._region = business.tenant_id, phones.region_of(business.timezone)
        self._read: dict[str, dict[str, Who]] = defaultdict(dict)

    def give(self, uid: str, people: Sequence[Person]) -> list[str]:
        """A name for each, of these people the one that was theirs before."""
        known, given = self._several(uid) if len(people) == 1 else self.known(uid), dict[str, Who]()
        everybody = list(map(self._who, people))
        found = [_theirs(who, known, given) for who in everybody]
        for at, who in enumerate(everybody):
            found[at] = found[at] or _new(uid, who, given)
        self._read[uid].update(given)
        return found

    def everybody(self, uid: str) -> list[str]:
        """The names of all who have a visit by this UID, or would have."""
        return [uid, *sorted(set(self._several(uid)) - {uid})]

    def leave_out(self, uid: str, names: Sequence[str]) -> bool:
        """Whether somebody of several has a visit to come by this UID and none of these names."""
        several = self._stored.get(uid)
        return several is not None and bool((set(several) | {uid}) & self._to_come - set(names))

    def of(self, uid: str, people: Sequence[Person]) -> list[str] | None:
        """The names that these people have; None when nobody is known by this UID."""
        known = self.known(uid)
        wanted = list(map(self._who, people))
        return [name for name, who in known.items() if any(_fits(who, one) for one in wanted)] if known else None

    def known(self, uid: str) -> dict[str, Who]:
        """Everybody by name. A series' visits have one name here."""
        several = self._several(uid)
        alone = self._alone(uid) if uid not in several else None
        return {uid: alone, **several} if alone else several

    def _alone(self, uid: str) -> Who | None:
        refs = self._refs.filter(Q(external_id=uid) | Q(external_id__startswith=f"{uid} ")).order_by("id")
        found = (ref for ref in refs[:MOST_VISITS] if parts.split(ref.external_id)[0] == uid)
        return next((Who.at(ref.appointment) for ref in found), None)

    def _several(self, uid: str) -> dict[str, Who]:
        return {**self._stored.get(uid, {}), **self._read.get(uid, {})}

    @cached_property
    def _stored(self) -> dict[str, dict[str, Who]]:
        found: dict[str, dict[str, Who]] = defaultdict(dict)
        for ref in self._refs.filter(external_id__contains="#"):
            name = parts.split(ref.external_id)[0]
            if marked := _MARKED.fullmatch(name):
                found[marked["uid"]][name] = Who.at(ref.appointment)
        return found

    @cached_property
    def _to_come(self) -> set[str]:
        refs = self._refs.filter(appointment__status__in=states.UPCOMING, appointment__starts_at__gt=clock.now())
        return {parts.split(name)[0] for name in refs.values_list("external_id", flat=True)}

    @property
    def _refs(self) -> QuerySet[BookingRef]:
        refs = BookingRef.objects.filter(source=IMPORTED, moved_to="", appointment__tenant_id=self._tenant)
        return refs.select_related("appointment__customer")

    def _who(self, person: Person) -> Who:
        return Who.of(person, self._region)


def _fits(known: Who, who: Who) -> bool:
    """Of one event the same name is the same person, though number and address were corrected."""
    return known.is_same(who) or known.has_the_name_of(who)


def _theirs(who: Who, known: Mapping[str, Who], given: dict[str, Who]) -> str:
    name = next((name for name, one in known.items() if name not in given and _fits(one, who)), "")
    if name:
        given[name] = who
    return name


def _new(uid: str, who: Who, given: dict[str, Who]) -> str:
    """The UID alone if nobody has it, else with a mark; a family with one phone has marks by its names as well."""
    by_address = _marked(uid, who.phone or who.email)
    name = next((one for one in (uid, by_address) if one not in given), _marked(uid, f"{who.phone} {who.name}"))
    given[name] = who
    return name


def _marked(uid: str, who: str) -> str:
    return f"{uid}#{fingerprint(who, purpose='seat')[:16]}"
