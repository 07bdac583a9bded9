"""What a booking system is called, for people. The border knows their names and says them through `name_with`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_OURS: Final[dict[str, str | Promise]] = {
    "manual": _("the front desk"),
    "custom": _("your own booking system"),
    "import": _("an imported file"),
}
_namers: Final[list[Callable[[str], str]]] = []


def name_with(name: Callable[[str], str]) -> None:
    """`name`: of a source, the name its maker writes; empty when it has none."""
    _namers[:] = [name]


def in_words(source: str) -> str:
    """As it stands after "Booked through"."""
    said = next((name(source) for name in _namers), "")
    return str(_OURS.get(source) or said or source.capitalize())
