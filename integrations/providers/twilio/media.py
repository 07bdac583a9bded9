"""What came with a message, by kind only: an address of a file can be a key to it, so none is kept outside the receipt.

Fields: NumMedia, MediaContentType0..9 (twilio.com/docs/messaging/guides/webhook-request); a place shared on WhatsApp
comes as Latitude and Longitude.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from appointments.media import MediaKind
from integrations.providers.shared.media import kind_of

# Twilio passes on ten at most; a form that claims more is not counted further.
_MOST = 20
_FILE_NAME: Final = re.compile(
    r"[^\n\r]{1,250}\.(?:pdf|docx?|xlsx?|pptx?|txt|csv|rtf|od[ts]|pages|numbers|zip|rar|7z|ics|vcf|xml|json|html?|eml|msg"
    r"|jpe?g|png|heic|tiff?|gif|webp|mp[34]|mov|m4a|wav|dcm)",
    re.IGNORECASE,
)


def kinds_in(form: Mapping[str, str]) -> tuple[str, ...]:
    """The kinds of all that came along, in the order of the form."""
    return tuple(str(kind) for kind in _kinds(form))


def _kinds(form: Mapping[str, str]) -> Iterator[MediaKind]:
    for number in range(min(_count(form.get("NumMedia", "")), _MOST)):
        yield kind_of(form.get(f"MediaContentType{number}", ""))
    if form.get("Latitude", "").strip() and form.get("Longitude", "").strip():
        yield MediaKind.PLACE


def is_file_name(form: Mapping[str, str]) -> bool:
    """Whether the words beside a document are only what the file is called: "cancel.pdf" says nothing."""
    is_document = form.get("MessageType", "").strip().lower() == "document" or MediaKind.FILE in kinds_in(form)
    return is_document and _FILE_NAME.fullmatch(form.get("Body", "").strip()) is not None


def _count(number: str) -> int:
    number = number.strip()
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 4 else 0
