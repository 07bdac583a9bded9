"""Which channels this installation can write on, and whether a text would go out. Only the border knows, and says so
here."""

from __future__ import annotations

from collections.abc import Callable

from appointments.models import Appointment, Customer
from compliance.kinds import Kind
from compliance.verdicts import Verdict

Ask = Callable[[str], bool]
AskOfText = Callable[[Customer, Appointment | None, Kind], Verdict | None]
_at_the_border: list[Ask] = []
_of_texts: list[AskOfText] = []


def register(ask: Ask) -> None:
    """Tells of a channel whether it is set up."""
    _at_the_border.append(ask)


def is_on(channel: str) -> bool:
    """Whether anything can be sent there at all."""
    return any(ask(channel) for ask in _at_the_border)


def register_obstacles(ask: AskOfText) -> None:
    """Tells what would keep a text back."""
    _of_texts.append(ask)


def obstacle(person: Customer, visit: Appointment | None, kind: Kind) -> Verdict | None:
    """What would keep an automatic text of this kind back, were it sent now: skipped or held, with the reason. None:
    it would go out, at an hour that is allowed."""
    return next((verdict for ask in _of_texts if (verdict := ask(person, visit, kind)) is not None), None)
