"""Signs what is sent to ARO, each provider in its own way. Made anew for every attempt, as providers do."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from integrations.sandbox.carriers import SENDERS
from integrations.sandbox.settings import Settings


@dataclass(frozen=True)
class Letter:
    """One delivery. `url` is the address the provider was given, which some of them sign; `sent_at` is Unix seconds."""

    url: str
    body: bytes
    delivery_id: str
    sent_at: int


Headers = dict[str, str]


def _hmac_sha256(key: bytes, *parts: bytes) -> bytes:
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def _calendly(settings: Settings, letter: Letter) -> Headers:
    """https://developer.calendly.com/api-docs/ZG9jOjM2MzE2MDM4-webhook-signatures"""
    key = settings.secret("CALENDLY_WEBHOOK_SECRET").encode()
    digest = _hmac_sha256(key, f"{letter.sent_at}.".encode(), letter.body).hex()
    return {"Calendly-Webhook-Signature": f"t={letter.sent_at},v1={digest}"}


def _acuity(settings: Settings, letter: Letter) -> Headers:
    """Acuity signs with the API key and without a time: https://developers.acuityscheduling.com/docs/webhooks"""
    digest = _hmac_sha256(settings.secret("ACUITY_API_KEY").encode(), letter.body)
    return {"X-Acuity-Signature": base64.b64encode(digest).decode()}


def _square(settings: Settings, letter: Letter) -> Headers:
    """Square signs the notification URL and the body."""
    key = settings.secret("SQUARE_WEBHOOK_SIGNATURE_KEY").encode()
    digest = _hmac_sha256(key, letter.url.encode(), letter.body)
    return {"x-square-hmacsha256-signature": base64.b64encode(digest).decode(), "square-environment": "Sandbox"}


def _calcom(settings: Settings, letter: Letter) -> Headers:
    """Without a secret Cal.com sends these very words."""
    secret = settings.secret("CALCOM_WEBHOOK_SECRET")
    digest = _hmac_sha256(secret.encode(), letter.body).hex() if secret else "no-secret-provided"
    return {"X-Cal-Signature-256": digest}


def _custom(settings: Settings, letter: Letter) -> Headers:
    """Standard Webhooks: https://www.standardwebhooks.com; the secret is base64 after its prefix."""
    key = base64.b64decode(settings.secret("CUSTOM_WEBHOOK_SECRET").removeprefix("whsec_") + "==")
    signed = f"{letter.delivery_id}.{letter.sent_at}.".encode()
    signature = base64.b64encode(_hmac_sha256(key, signed, letter.body)).decode()
    return {
        "webhook-id": letter.delivery_id,
        "webhook-timestamp": str(letter.sent_at),
        "webhook-signature": f"v1,{signature}",
    }


def _easyappointments(settings: Settings, _letter: Letter) -> Headers:
    """Nothing is signed: a secret token goes with it, in a header that Easy!Appointments names like this by default."""
    return {"X-Ea-Token": settings.secret("EASYAPPOINTMENTS_WEBHOOK_TOKEN")}


def _stripe(settings: Settings, letter: Letter) -> Headers:
    """https://docs.stripe.com/webhooks#verify-manually"""
    key = settings.secret("STRIPE_WEBHOOK_SECRET").encode()
    digest = _hmac_sha256(key, f"{letter.sent_at}.".encode(), letter.body).hex()
    return {"Stripe-Signature": f"t={letter.sent_at},v1={digest}"}


_SIGNERS: dict[str, Callable[[Settings, Letter], Headers]] = {
    "calendly": _calendly,
    "acuity": _acuity,
    "square": _square,
    "calcom": _calcom,
    "custom": _custom,
    "easyappointments": _easyappointments,
    "stripe": _stripe,
    **{sender.name: sender.sign for sender in SENDERS},
}


def sign(provider: str, settings: Settings, letter: Letter) -> Headers:
    """The headers that prove the letter comes from `provider`."""
    return _SIGNERS[provider](settings, letter)
