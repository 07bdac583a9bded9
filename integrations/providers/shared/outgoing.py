"""One message as it is handed to whoever carries it, and one as it comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Content:
    """A wording that WhatsApp approved: Twilio's id of it, and the values by their numbers."""

    sid: str
    variables: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """`to`: E.164 or an e-mail address. `content` stands for `body` where WhatsApp wants an approved wording.

    `key`: the same when it is handed over again because nobody knows what became of it; another one for a new try.

    `subject`, `sender_name`, `reply_to` and `unsubscribe_url` are for e-mail only.
    """

    to: str
    channel: str
    body: str
    execution_id: UUID
    key: str
    validity_seconds: int
    content: Content | None = None
    subject: str = ""
    sender_name: str = ""
    reply_to: str = ""
    unsubscribe_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What somebody wrote to us: `body` as its delivery would have brought it, and when it was sent."""

    body: bytes
    at: datetime
