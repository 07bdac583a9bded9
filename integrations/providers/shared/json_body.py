"""The one reader of JSON from outside: strict about form, so that no body can end in a server error."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from integrations.providers.shared.base import MalformedError


def read(body: bytes) -> dict[str, Any]:
    """The object in `body`. NUL characters are dropped and lone surrogates replaced, because PostgreSQL stores
    neither and a booking must not be lost for one of them. Raises `MalformedError`.
    """
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite)
        if not isinstance(value, dict):
            raise MalformedError("the body is not a JSON object")
        # NUL and lone surrogates can only come as escapes: valid UTF-8 has no surrogates, a JSON string no raw NUL.
        cleaned: dict[str, Any] = _clean(value) if b"\\u" in body else value
    except UnicodeDecodeError as error:
        raise MalformedError("the body is not UTF-8") from error
    except RecursionError as error:
        raise MalformedError("the JSON is nested too deeply") from error
    except MalformedError:
        raise
    except ValueError as error:
        raise MalformedError("the body is not valid JSON") from error
    return cleaned


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise MalformedError("a number is out of range")
    return number


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(key): _clean(item) for key, item in value.items()}
    return value


def clean_text(text: str) -> str:
    """`text` as any database can store it."""
    whole = text.replace("\x00", "")
    return whole if whole.isascii() else whole.encode("utf-8", "replace").decode("utf-8")
