"""What a file is, and its letters: by what it holds, not only by its name. A refusal says the true reason."""

from __future__ import annotations

import codecs
import re

from integrations.imports import alphabets
from integrations.imports.ics import quoted_printable
from integrations.imports.rows import FileError

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# RFC 5545 3.1: a line goes on in the next one, which begins with a blank. Many writers cut inside a character, so
# lines are joined before they are decoded.
_FOLD = re.compile(rb"(?:\r+\n|\r|\n)[ \t]")
_CALENDAR = "BEGIN:VCALENDAR"
_WINDOWS, _OLD_MAC = "cp1252", "mac_roman"
_UNREADABLE = "The file's letters cannot be read: they are neither UTF-8 nor those of western Europe (Windows-1252)."
# So many bytes tell what a file is.
_LOOK_AT = 4096
# Where the letters and marks of western Europe stand when they are read in their own alphabet: a small accent anywhere,
# a large one never after a small letter, a dash or a quotation mark at the edge of a word. Read in another one, "José"
# is "Jos\u017d" or "Jos\u00c8".
_AT_HOME = re.compile(
    "[\u00df-\u00f6\u00f8-\u00ff\u0153]|(?<![a-z])[\u00c0-\u00d6\u00d8-\u00de\u0152]"
    "|(?<!\\w)[\u0160\u017d](?=[aeiou])|(?<![a-z])\u2019|\u2019(?=s\\b)|(?<!\\w)[\u2013\u2014\u201c\u2018\u20ac\u00bf\u00a1]|[\u201d\u2026](?!\\w)"
)


def csv_text(content: bytes) -> str:
    """UTF-8, UTF-16 as a spreadsheet's "Unicode text" has it, else Windows-1252 or Mac Roman, which Excel writes where
    nobody chose.

    Raises `FileError`.
    """
    if content.startswith(_WORKBOOKS):
        raise FileError("This is a workbook and no CSV file. In the spreadsheet, save it as CSV UTF-8.")
    text = _decoded(content, otherwise=_spreadsheets(content), fix="In the spreadsheet, save it as CSV UTF-8.")
    if text.lstrip()[: len(_CALENDAR)].upper() == _CALENDAR:
        raise FileError("This is a calendar file and no CSV. Give its name the ending .ics.")
    return text


def ics_text(content: bytes) -> str:
    """Its lines joined, then decoded. Raises `FileError`."""
    fix = "Export it from the calendar again, as UTF-8."
    if _is_utf16(content):
        text = re.sub(r"(?:\r+\n|\r|\n)[ \t]", "", _decoded(content, otherwise="", fix=fix))
    else:
        joined = _FOLD.sub(b"", quoted_printable.joined(content))
        text = quoted_printable.decoded(_decoded(joined, otherwise=_WINDOWS, fix=fix))
    if _CALENDAR not in text.upper():
        raise FileError("This is no iCalendar file: it does not say BEGIN:VCALENDAR. Export it again, as .ics.")
    # Each line ends as RFC 5545 has it: some programs write one letter of the two, others one too many.
    return re.sub(r"\r+\n|\r|\n", "\r\n", text)


def event_lines(content: bytes) -> list[int]:
    """Where each event begins in the file as it is written, counted from 1."""
    text = content.decode(_is_utf16(content) or "latin-1", "replace")
    lines = re.split(r"\r+\n|\r|\n", text)
    return [number for number, line in enumerate(lines, 1) if line.strip().upper() == "BEGIN:VEVENT"]


def _decoded(content: bytes, *, otherwise: str, fix: str) -> str:
    wide = _is_utf16(content)
    try:
        text = content.decode(wide or "utf-8-sig")
    except UnicodeDecodeError as error:
        if not otherwise or wide:
            raise FileError("The file breaks off inside a letter. Export it again.") from error
        text = _in_another_alphabet(content, otherwise, fix)
    # Programs that put a mark before what has one already.
    text = text.lstrip("\ufeff")
    if "\x00" in text:
        raise FileError("The file holds bytes that are no text. Export it again as CSV or iCalendar.")
    return text


def _is_utf16(content: bytes) -> str:
    """The name of the letters; empty when it is none. Without a mark at its beginning, the other byte of what every
    file is full of is 0."""
    if content.startswith(_UTF16):
        return "utf-16"
    begin = content[:_LOOK_AT]
    zeros = (begin[0::2].count(0), begin[1::2].count(0))
    if max(zeros) * 4 < len(begin) or min(zeros) or len(content) % 2:
        return ""
    return "utf-16-le" if zeros[1] else "utf-16-be"


def _spreadsheets(content: bytes) -> str:
    """Which of Excel's two alphabets makes more of the letters stand where they can; where both do, the ends of the
    lines tell."""
    at_home = {name: len(_AT_HOME.findall(content.decode(name, "replace"))) for name in (_OLD_MAC, _WINDOWS)}
    if at_home[_OLD_MAC] == at_home[_WINDOWS]:
        return _OLD_MAC if b"\r" in content and b"\n" not in content else _WINDOWS
    return max(at_home, key=at_home.__getitem__)


def _in_another_alphabet(content: bytes, name: str, fix: str) -> str:
    """Raises `FileError` where the letters make no names: then they were written in another alphabet."""
    try:
        text = content.decode(name)
    except UnicodeDecodeError as error:
        raise FileError(f"{_UNREADABLE} {fix}") from error
    if alphabets.are_improbable(text):
        raise FileError(f"{_UNREADABLE} {fix}")
    return text
