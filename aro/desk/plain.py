"""Filters whose choices are words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin

from aro.desk.show import humanized


class PlainWords(admin.AllValuesFieldListFilter):
    """All values of a column, in words."""

    @staticmethod
    def words(value: str) -> str:
        return humanized(value)

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": self.words(str(choice["display"]))}
