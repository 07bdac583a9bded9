"""How each kind of field goes into a statement and comes out of a row: one table, for all of `rows`.

The ORM asks a field to prepare its own values; a statement made once does not. So a kind of field that is not in the
table is refused at first use: what it does to its values, such as sealing them, must not be left out unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.ipv6 import clean_ipv6_address

Convert = Callable[[Any], Any]


class UnknownFieldError(TypeError):
    """`rows` does not know how a field prepares its values."""


@dataclass(frozen=True, kw_only=True)
class Codec:
    """`encode`: from what the program has to what the column holds; `decode`: back. None: it is the same. The driver's
    own form of a moment or an id comes after it, by the field's internal type."""

    encode: Convert | None = None
    decode: Convert | None = None


AS_IT_IS = Codec()


def _address(value: str | None) -> str | None:
    """One spelling for each address, as the ORM has it; and none is NULL."""
    return clean_ipv6_address(value) if value and ":" in value else value or None


CODECS: dict[type[models.Field[Any, Any]], Codec] = {
    models.BigAutoField: AS_IT_IS,
    models.BigIntegerField: AS_IT_IS,
    models.BinaryField: AS_IT_IS,
    models.BooleanField: AS_IT_IS,
    models.CharField: AS_IT_IS,
    models.DateField: AS_IT_IS,
    models.DateTimeField: AS_IT_IS,
    models.DecimalField: AS_IT_IS,
    models.EmailField: AS_IT_IS,
    models.FloatField: AS_IT_IS,
    models.GenericIPAddressField: Codec(encode=_address),
    models.JSONField: AS_IT_IS,
    models.PositiveBigIntegerField: AS_IT_IS,
    models.PositiveIntegerField: AS_IT_IS,
    models.PositiveSmallIntegerField: AS_IT_IS,
    models.TextField: AS_IT_IS,
    models.TimeField: AS_IT_IS,
    models.URLField: AS_IT_IS,
    models.UUIDField: AS_IT_IS,
}
_KEYS = (models.ForeignKey, models.OneToOneField)


def register(kind: type[models.Field[Any, Any]], codec: Codec) -> None:
    """Makes a kind of field known that is defined above the queue, beside its definition."""
    CODECS[kind] = codec


def value_field(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    """Whose kind the column is: a foreign key's is that of the row it leads to."""
    return field.target_field if type(field) in _KEYS else field  # type: ignore[attr-defined]


def of(field: models.Field[Any, Any]) -> Codec:
    """The field's codec. Raises `UnknownFieldError` for a kind that nobody has thought about, a subclass too."""
    kind = type(value_field(field))
    if kind not in CODECS:
        raise UnknownFieldError(
            f"{field.model._meta.db_table}.{field.column}: statements do not know what a {kind.__name__} does to its "
            "values. Give it a line in CODECS (aro/queue/codecs.py) or register it, or use the ORM for this table."
        )
    return CODECS[kind]
