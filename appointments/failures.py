"""Why a text failed, in words: the carrier's folder has those for its codes, and says them through `explain_with`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appointments.models import Message

# What ARO itself writes where no carrier has said anything.
OUTCOME_UNKNOWN: Final = "outcome_unknown"
_OURS: Final[dict[str, str | Promise]] = {
    OUTCOME_UNKNOWN: _("the carrier does not say what became of it; it may have arrived"),
}
_explainers: Final[list[Callable[[str, str], str]]] = []


def explain_with(explain: Callable[[str, str], str]) -> None:
    """`explain`: of a channel and a code, the carrier's sentence."""
    _explainers[:] = [explain]


def in_words(message: Message) -> str:
    """Without a full stop; empty where nothing is known."""
    code = message.error_code
    if not code or code in _OURS:
        return str(_OURS.get(code, ""))
    said = next((explain(message.channel, code) for explain in _explainers), "")
    return gettext(said).rstrip(".") if said else ""
