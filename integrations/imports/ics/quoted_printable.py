"""vCalendar 1.0, which old phones and programs export: values in quoted-printable, whose lines go on after a "="."""

from __future__ import annotations

import quopri
import re
from typing import Final

_PARAMETERS: Final = r"[A-Z0-9-]+(?:;[^:;\r\n]*)*?;(?:ENCODING=)?QUOTED-PRINTABLE(?:;[^:;\r\n]*)*"
_WHOLE: Final = re.compile(rf"^(?:{_PARAMETERS}):(?:[^\r\n]*=\r?\n)*[^\r\n]*".encode(), re.IGNORECASE | re.MULTILINE)
_VALUE: Final = re.compile(rf"^({_PARAMETERS}):([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_CODING: Final = re.compile(r";(?:(?:ENCODING=)?QUOTED-PRINTABLE|CHARSET=[^;:]*)", re.IGNORECASE)
_CHARSET: Final = re.compile(r";CHARSET=\"?([^;:\"]+)", re.IGNORECASE)


def joined(content: bytes) -> bytes:
    """Each such value in one line."""
    return _WHOLE.sub(lambda found: re.sub(rb"=\r?\n", b"", found.group()), content)


def decoded(text: str) -> str:
    """With the values as iCalendar writes them."""
    return _VALUE.sub(lambda found: f"{_CODING.sub('', found[1])}:{_plain(found[1], found[2])}", text)


def _plain(parameters: str, value: str) -> str:
    charset = _CHARSET.search(parameters)
    raw = quopri.decodestring(value.encode())
    try:
        plain = raw.decode(charset[1].strip() if charset else "utf-8")
    except (UnicodeDecodeError, LookupError):
        plain = raw.decode("cp1252", "replace")
    return re.sub(r"\r\n|\r|\n", r"\\n", plain)
