"""What every provider's adapter is, and what may go wrong at the border, in the same words for all of them."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from appointments.inbound import Inbound

LONGEST_DELIVERY_KEY = 255


class BadSignatureError(Exception):
    """Missing, wrong, too old or too far in the future. Nothing of the delivery may be kept."""


class NotConfiguredError(Exception):
    """The secret is not set. An endpoint without a secret refuses everything."""


class MalformedError(ValueError):
    """The body is not what the provider documents. The text says what is wrong, never what was sent."""


class NeedsLookupError(Exception):
    """The delivery names something that must be fetched from the provider first: outside any transaction."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One HTTP request as it came. `url` is the public address the provider called; header names are lower-case."""

    body: bytes
    headers: Mapping[str, str]
    url: str
    path_ref: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What is left of a delivery once it is a receipt: all that `parse` may use.

    `phone_question`: words, with commas between; a question of a booking form that has one of them asks for the phone.
    """

    body: bytes
    path_ref: str
    received_at: datetime
    phone_question: str = ""


@dataclass(frozen=True, kw_only=True)
class Window:
    """Which visits a listing is asked for: those that start from `starts_from` to before `starts_until`, both UTC.

    `phone_question`: as in `Stored`.
    """

    starts_from: datetime
    starts_until: datetime
    phone_question: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a list names without saying enough: its news costs one more call, `list_entry`.

    `version` changes whenever asking again could tell something new. `details` is what the list said; it is not stored.
    """

    key: str
    version: str
    details: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of a provider's own list, told as its deliveries would have told it.

    `next`: the cursor of the page after this one, empty when this was the last. It is stored, so it must still mean
    the same to another process minutes later. `entries`: what must be asked for one by one, when its version is new.
    `unreadable`: how many of the page's bookings made no sense and were left out.
    """

    news: list[Inbound]
    next: str = ""
    entries: tuple[Entry, ...] = ()
    unreadable: int = 0


class Delivering(StrEnum):
    """How a provider's subscription to its webhooks is. FAILING: it says that our answers are wrong, and goes on."""

    ON = "on"
    FAILING = "failing"
    OFF = "off"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A provider's standing promise to call us. `ref` is its own name for it, empty when there is none."""

    state: Delivering
    ref: str = ""


class Adapter(ABC):
    """A provider's way in: check, name, and translate its deliveries. Has no state and touches no database."""

    name: ClassVar[str]
    # What people call it, where that is not `name` with a capital.
    label: ClassVar[str] = ""
    # Its address under /webhooks, where that is not its name. `<uuid:execution_id>` in it names one of our executions.
    path: ClassVar[str] = ""
    # The setting with which its deliveries are checked.
    checked_with: ClassVar[str] = ""
    # True: `list_page` works, so what its deliveries missed can be found by asking.
    lists: ClassVar[bool] = False
    # The settings without which its API cannot be asked.
    api_settings: ClassVar[tuple[str, ...]] = ()
    # True: `subscription` and `renew` work.
    subscribes: ClassVar[bool] = False
    content_types: ClassVar[frozenset[str]] = frozenset()
    # True: applied in the transaction that stores the delivery (an opt-out must hold within that second).
    at_once: ClassVar[bool] = False
    # How long its sender may be kept waiting for a database that stands still. None: it sends again, so not long.
    patience_seconds: ClassVar[float | None] = None

    @abstractmethod
    def verify(self, delivery: Delivery) -> None:
        """Raises `BadSignatureError` or `NotConfiguredError`. Works on the raw bytes, before any parsing."""

    @abstractmethod
    def delivery_key(self, delivery: Delivery) -> str:
        """The same for the same news sent twice; at most 255 characters. Raises `MalformedError`."""

    @abstractmethod
    def parse(self, stored: Stored) -> list[Inbound]:
        """Raises `MalformedError`, or `NeedsLookupError` when `complete` must be called first."""

    def complete(self, stored: Stored) -> bytes:
        """The body with what was missing, fetched from the provider. Raises `ProviderFailure`."""
        return stored.body

    def list_page(self, window: Window, cursor: str) -> Page:
        """One page of the bookings in `window`, cancelled ones too; `cursor` is empty for the first page.

        `occurred_at` of each piece of news is the provider's own time of its last change (else the time of asking), so
        that news applied twice, or after the delivery that told it, changes nothing. Raises `ProviderFailure`.
        """
        raise NotImplementedError(f"{self.name} has no list to ask for")

    def list_entry(self, entry: Entry, window: Window) -> list[Inbound]:
        """The news behind an entry of a page: one call. Raises `ProviderFailure`."""
        raise NotImplementedError(f"{self.name} lists no entries")

    def subscription(self, url: str) -> Subscription:
        """How the subscription that delivers to `url` is. Raises `ProviderFailure`."""
        raise NotImplementedError(f"{self.name} tells nothing of its subscriptions")

    def renew(self, url: str, ref: str) -> None:
        """Takes the subscription `ref` away, if there is one, and makes a new one. Raises `ProviderFailure`."""
        raise NotImplementedError(f"{self.name} tells nothing of its subscriptions")

    def acknowledge(self) -> tuple[str, bytes]:
        """Content type and body of the 200 answer."""
        return "application/json", b'{"status":"ok"}'


def short_key(key: str) -> str:
    """`key` itself, or its digest when it does not fit the column."""
    return key if len(key) <= LONGEST_DELIVERY_KEY else "sha256:" + hashlib.sha256(key.encode()).hexdigest()


def body_key(body: bytes) -> str:
    """A key for a delivery that has no id of its own: the same bytes are the same delivery."""
    return "body:" + hashlib.sha256(body).hexdigest()


class Effect(StrEnum):
    """What a provider's error code means for us beyond "it failed". `executions/again.py` carries the retries out."""

    NONE = "none"
    MARK_PHONE_UNUSABLE = "mark_phone_unusable"
    SUPPRESS = "suppress"
    CONFIG_ALERT = "config_alert"
    RETRY_ONCE = "retry_once"
    RETRY_LATER = "retry_later"
    PAUSE_PROVIDER = "pause_provider"
    STOP_CHANNEL = "stop_channel"
    MARK_EMAIL_UNUSABLE = "mark_email_unusable"


class ProviderFailure(Exception):  # noqa: N818 - the family's name; its members end in Error
    """A call to a provider did not do what it should. The text is a code or a kind, never the provider's words."""


class RefusedError(ProviderFailure):
    """The provider understood and said no; nothing was done. `permanent`: the same request will be refused again.
    `code_to_look_up`: the code where our words do not say what it means, else empty."""

    def __init__(  # noqa: PLR0913 - what staff and the program have to know of it
        self,
        *,
        code: str,
        staff_message: str,
        next_step: str,
        permanent: bool,
        effect: Effect = Effect.NONE,
        code_to_look_up: str = "",
    ) -> None:
        super().__init__(code)
        self.code, self.staff_message, self.next_step = code, staff_message, next_step
        self.permanent, self.effect, self.code_to_look_up = permanent, effect, code_to_look_up


class RateLimitedError(ProviderFailure):
    """Too fast: surely nothing was done. `retry_after` in seconds, None when the provider named no time."""

    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__("rate limited")
        self.retry_after = retry_after


class UnavailableError(ProviderFailure):
    """The request was surely not taken: no connection, no such host, no valid certificate."""


class OutcomeUnknownError(ProviderFailure):
    """The request left us and no usable answer came back: it may have been done. Never repeat it blindly."""


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A message the carrier took. `status` is one of `Message.Status`; `segments` is 0 while unknown."""

    provider_id: str
    status: str
    segments: int


@dataclass(frozen=True, kw_only=True)
class Link:
    """A payment link."""

    id: str
    url: str
