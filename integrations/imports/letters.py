"""What a file is, and its letters: by what it holds, not only by its name. A refusal says the true reason."""

from __future__ import annotations

import codecs
import re

from integrations.imports.rows import FileError

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# RFC 5545 3.1: a line goes on in the next one, which begins with a blank. Many writers cut inside a character, so
# lines are joined before they are decoded.
_FOLD = re.compile(rb"(?:\r\n|\r|\n)[ \t]")
_CALENDAR = "BEGIN:VCALENDAR"


def csv_text(content: bytes) -> str:
    """UTF-8, UTF-16 as a spreadsheet's "Unicode text" has it, else Windows-1252, which Excel writes where nobody chose.

    Raises `FileError`.
    """
    if content.startswith(_WORKBOOKS):
        raise FileError("This is a workbook and no CSV file. In the spreadsheet, save it as CSV UTF-8.")
    text = _decoded(content, otherwise="cp1252", fix="In a spreadsheet, save it as CSV UTF-8.")
    if text.lstrip()[: len(_CALENDAR)].upper() == _CALENDAR:
        raise FileError("This is a calendar file and no CSV. Give its name the ending .ics.")
    return text


def ics_text(content: bytes) -> str:
    """Its lines joined, then decoded. Raises `FileError`."""
    if content.startswith(_UTF16):
        text = re.sub(r"(?:\r\n|\r|\n)[ \t]", "", _decoded(content, otherwise="", fix=""))
    else:
        text = _decoded(_FOLD.sub(b"", content), otherwise="cp1252", fix="Export it from the calendar again.")
    if _CALENDAR not in text.upper():
        raise FileError("This is no iCalendar file: it does not say BEGIN:VCALENDAR. Export it again, as .ics.")
    return text


def event_lines(content: bytes) -> list[int]:
    """Where each event begins in the file as it is written, counted from 1."""
    text = content.decode("utf-16" if content.startswith(_UTF16) else "latin-1", "replace")
    lines = re.split(r"\r\n|\r|\n", text)
    return [number for number, line in enumerate(lines, 1) if line.strip().upper() == "BEGIN:VEVENT"]


def _decoded(content: bytes, *, otherwise: str, fix: str) -> str:
    try:
        text = content.decode("utf-16") if content.startswith(_UTF16) else content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if not otherwise or content.startswith(_UTF16):
            raise FileError("The file breaks off inside a letter. Export it again.") from error
        text = _in_another_alphabet(content, otherwise, fix)
    if "\x00" in text:
        raise FileError("The file holds bytes that are no text. Export it again as CSV or iCalendar.")
    return text


def _in_another_alphabet(content: bytes, name: str, fix: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        raise FileError(f"The file's letters cannot be read: they are neither UTF-8 nor Windows-1252. {fix}") from error
