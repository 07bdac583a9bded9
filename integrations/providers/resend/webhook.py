"""Resend in: what became of our e-mails. Signed by Standard Webhooks under the names of Svix, its sender.

resend.com/docs/webhooks/event-types, 2026. An event brings our tag back, as a list of names and values or as an object.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings

from appointments.inbound import DeliveryReported, Inbound, NothingToDo, OptOutReported
from appointments.models import Message
from aro import clock
from integrations.providers.resend import errors
from integrations.providers.resend.api import LONGEST_ID, TAG
from integrations.providers.shared import fields, json_body, standard_webhooks
from integrations.providers.shared.base import Adapter, Delivery, MalformedError, Stored, body_key, short_key
from integrations.providers.shared.signatures import secrets_in

_NAMES = {
    standard_webhooks.ID: "svix-id",
    standard_webhooks.TIMESTAMP: "svix-timestamp",
    standard_webhooks.SIGNATURE: "svix-signature",
}
_S = Message.Status
# `delivery_delayed` is no news: it is still being tried.
_STATUS: dict[str, tuple[str, str]] = {
    "email.sent": (_S.SENT, ""),
    "email.delivered": (_S.DELIVERED, ""),
    "email.bounced": (_S.UNDELIVERED, errors.BOUNCED),
    "email.suppressed": (_S.UNDELIVERED, errors.SUPPRESSED),
    "email.failed": (_S.FAILED, errors.FAILED),
}


class ResendEvents(Adapter):
    """The state of one of our e-mails, or a complaint about it. Applied at once, because a complaint is an opt-out."""

    name: ClassVar[str] = "resend"
    checked_with: ClassVar[str] = "RESEND_WEBHOOK_SECRET"
    content_types: ClassVar[frozenset[str]] = frozenset({"application/json"})
    at_once: ClassVar[bool] = True

    def verify(self, delivery: Delivery) -> None:
        secrets = secrets_in(settings.RESEND_WEBHOOK_SECRET, name=self.checked_with)
        standard_webhooks.check(
            headers={ours: delivery.headers.get(theirs, "") for ours, theirs in _NAMES.items()},
            body=delivery.body,
            keys=standard_webhooks.keys(secrets, name=self.checked_with),
            now=clock.now(),
        )

    def delivery_key(self, delivery: Delivery) -> str:
        """The event's id, which stays the same when it is sent again."""
        json_body.read(delivery.body)  # nonsense is refused before it is kept
        known = delivery.headers.get(_NAMES[standard_webhooks.ID], "")
        return short_key(known) if known else body_key(delivery.body)

    def parse(self, stored: Stored) -> list[Inbound]:
        event = json_body.read(stored.body)
        kind, mail = fields.text(event, "type"), fields.mapping(event, "data")
        if not kind:
            raise MalformedError("type is missing")
        if kind == "email.complained":
            return [_complaint(mail, stored)]
        return [_report(kind, mail, stored) if kind in _STATUS else NothingToDo(detail="an event that is not used")]


def _complaint(mail: Mapping[str, Any], stored: Stored) -> OptOutReported:
    return OptOutReported(
        execution_id=_execution(mail),
        provider_id=fields.identifier(mail, "email_id", limit=LONGEST_ID),
        occurred_at=stored.received_at,
    )


def _report(kind: str, mail: Mapping[str, Any], stored: Stored) -> DeliveryReported:
    status, code = _STATUS[kind]
    passing = fields.text(fields.mapping(mail, "bounce"), "type").casefold() == "transient"
    return DeliveryReported(
        carrier="resend",
        execution_id=_execution(mail),
        provider_id=fields.identifier(mail, "email_id", limit=LONGEST_ID),
        status=status,
        error_code=errors.BOUNCED_FOR_NOW if code == errors.BOUNCED and passing else code,
        occurred_at=stored.received_at,
    )


def _execution(mail: Mapping[str, Any]) -> str:
    """Of our tag; empty for an e-mail that is not ours, or whose tags got lost: then its id tells."""
    listed = {fields.text(one, "name"): one for one in fields.mappings(mail, "tags")}
    if TAG in listed:
        return fields.text(listed[TAG], "value", limit=64)
    return fields.text(fields.mapping(mail, "tags"), TAG, limit=64)
