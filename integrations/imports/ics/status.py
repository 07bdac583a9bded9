"""Whether an event says of itself that it is off, or that nobody has agreed to it yet."""

from __future__ import annotations

from typing import Any, Final

from integrations.imports.rows import RowError

# RFC 5545 has two L; many writers have one.
_CANCELLED: Final = frozenset({"CANCELLED", "CANCELED"})
_TENTATIVE: Final = "TENTATIVE"
_BUSY, _INTENDED = "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-INTENDEDSTATUS"


def says_cancelled(event: Any) -> bool:
    return _word(event, "STATUS") in _CANCELLED


def refuse_tentative(event: Any) -> None:
    """Raises `RowError`. Outlook calls an invitation that is not answered yet tentative, and says in another property
    what it is meant to be."""
    outlook = _word(event, _INTENDED) or _word(event, _BUSY)
    found = {"STATUS": _word(event, "STATUS"), _BUSY: outlook}
    name = next((name for name, word in found.items() if word == _TENTATIVE), "")
    if name:
        what = "The calendar says that the visit is tentative: nobody has agreed to it yet."
        raise RowError(name, what, "Nothing to do until it is settled; then export it again.")


def _word(event: Any, name: str) -> str:
    return str(event.get(name, "")).strip().upper()
