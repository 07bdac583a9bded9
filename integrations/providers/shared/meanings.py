"""What a carrier's error codes mean for a clinic and what to do: each carrier has a table of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from integrations.providers.shared.base import Effect, RefusedError


@dataclass(frozen=True)
class Meaning:
    """`permanent`: the same text to the same number will fail again."""

    what: str
    next_step: str
    effect: Effect
    permanent: bool = True


def refusal(code: str, known: Mapping[str, Meaning], otherwise: Meaning) -> RefusedError:
    """The code as the border's error; `otherwise` for one that is not in the table."""
    found = known.get(code, otherwise)
    return RefusedError(
        code=code[:32],
        staff_message=found.what,
        next_step=found.next_step,
        permanent=found.permanent,
        effect=found.effect,
        code_to_look_up="" if code in known else code[:32],
    )
