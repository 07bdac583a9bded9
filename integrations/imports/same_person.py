"""Whether two rows, or a row and a visit, are about the same person."""

from __future__ import annotations

from dataclasses import dataclass

from appointments import names
from appointments.inbound import Person
from appointments.models import Appointment
from compliance import phones


@dataclass(frozen=True)
class Who:
    """`phone`: E.164, empty when it is none."""

    name: str
    phone: str
    email: str

    @classmethod
    def of(cls, person: Person, region: str) -> Who:
        return cls(person.name, phones.normalise(person.phone, region), person.email.strip().lower())

    @classmethod
    def at(cls, visit: Appointment) -> Who:
        return cls(visit.customer.name, visit.customer.phone, visit.customer.email.lower())

    def is_same(self, other: Who) -> bool:
        """Nothing that both have differs, or one of phone and e-mail agrees; and the names can be one person's."""
        pairs = [(self.phone, other.phone), (self.email, other.email)]
        agree = [one == another for one, another in pairs if one and another]
        return names.compatible(self.name, other.name) and (not agree or any(agree))

    def has_the_name_of(self, other: Who) -> bool:
        """Word for word, in any order."""
        return names.words(self.name) == names.words(other.name) != frozenset()
