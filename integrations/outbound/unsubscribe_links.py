"""The link in an e-mail by which its reader stops all of them. It is signed, so that nobody can make one up."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer

from aro import secrets

__all__ = ["BadSignature", "message_of", "url_for"]


def url_for(message_id: UUID) -> str:
    """Where the person who got this e-mail can stop all of them."""
    return f"{settings.PUBLIC_BASE_URL}/unsubscribe/{_signer().sign(message_id.hex)}"


def message_of(token: str) -> str:
    """The id of the e-mail whose link this is. Raises `BadSignature`."""
    return _signer().unsign(token)


def _signer() -> Signer:
    """With a key that never changes and that every host has, so that a link in an old e-mail works on all of them.
    Links from before were signed with Django's own key."""
    key = secrets.fingerprint("unsubscribe", purpose="unsubscribe links")
    return Signer(key=key, fallback_keys=[settings.SECRET_KEY], salt="unsubscribe")
