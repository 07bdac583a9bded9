"""What came with a message, by kind only: a file's address can be a key to it, so none is kept outside the receipt."""

from __future__ import annotations

from appointments.media import MediaKind

_BY_TYPE: tuple[tuple[str, MediaKind], ...] = (
    ("image/", MediaKind.PICTURE),
    ("audio/", MediaKind.VOICE_NOTE),
    ("video/", MediaKind.VIDEO),
    ("text/vcard", MediaKind.CONTACT),
    ("text/x-vcard", MediaKind.CONTACT),
    ("text/directory", MediaKind.CONTACT),
    ("text/calendar", MediaKind.CALENDAR),
    ("text/x-vcalendar", MediaKind.CALENDAR),
)


def kind_of(content_type: str) -> MediaKind:
    """Of a file with that content type."""
    named = content_type.strip().lower()
    return next((kind for start, kind in _BY_TYPE if named.startswith(start)), MediaKind.FILE)
