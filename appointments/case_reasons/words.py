"""The words of cases by their codes. A row keeps the code and the values; see `aro/desk/sentences.py`.

`happened` is a case's title, `to_do` its next step, `because` why it was closed, `part` what stands inside of one.
A reason's own title and next step have the reason's code; more of them, and the rest, are in `titles`, `next_steps` and
`endings`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from appointments.case_reasons.endings import ENDINGS
from appointments.case_reasons.next_steps import NEXT_STEPS
from appointments.case_reasons.parts import PARTS
from appointments.case_reasons.reason import CaseReason
from appointments.case_reasons.titles import TITLES
from aro.desk.sentences import Sentence, register, say

HAPPENED, TO_DO, BECAUSE, PART = "case", "step", "end", "part"


def happened(code: str, /, **values: object) -> Sentence:
    return say(f"{HAPPENED}.{code}", **values)


def to_do(code: str, /, **values: object) -> Sentence:
    return say(f"{TO_DO}.{code}", **values)


def because(code: str, /, **values: object) -> Sentence:
    return say(f"{BECAUSE}.{code}", **values)


def part(code: str, /, **values: object) -> Sentence:
    return say(f"{PART}.{code}", **values)


def register_all(reasons: Iterable[CaseReason]) -> None:
    """Each code once: a reason's own words are nowhere else."""
    known: Final = list(reasons)
    register(HAPPENED, {one.code: one.title for one in known if one.title})
    register(HAPPENED, TITLES)
    register(TO_DO, {one.code: one.next_step for one in known if one.next_step})
    register(TO_DO, NEXT_STEPS)
    register(BECAUSE, ENDINGS)
    register(PART, PARTS)
