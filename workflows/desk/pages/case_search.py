"""Cases by the words that are seen: the columns hold codes and values, so they are worded and looked through here."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from appointments.models import Escalation
from aro.desk.base import MOST_WORDS
from aro.folding import to_search

# The newest of the list as it is filtered; more would keep whoever searches waiting.
LOOKED_THROUGH: Final = 5000
# SQLite takes so many values in a list.
_MOST: Final = 500


def saying(cases: QuerySet[Escalation], looked_for: str) -> list[UUID]:
    """Those in whose words, or in whose patient's name, each word stands."""
    words = to_search(looked_for).split()[:MOST_WORDS]
    columns = ("pk", "title", "next_step", "customer__name_folded")
    newest = cases.order_by("-created_at").values_list(*columns)[:LOOKED_THROUGH] if words else ()
    return [pk for pk, *seen in newest if _has_all(words, seen)][:_MOST]


def _has_all(words: list[str], seen: list[Any]) -> bool:
    text = to_search(" ".join(part for part in seen if part))
    return all(word in text for word in words)
