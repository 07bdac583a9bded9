"""Signs deliveries as the providers do. Independent of ARO's own check: the SDKs sign where they can."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import parse_qs

import stripe
from twilio.request_validator import RequestValidator


def calendly(body: bytes, *, secret: str, at: float) -> dict[str, str]:
    """Calendly publishes no signer: HMAC-SHA256 over `t.body`, as its documents describe it."""
    mac = hmac.new(secret.encode(), f"{int(at)}.".encode() + body, hashlib.sha256)
    return {"Calendly-Webhook-Signature": f"t={int(at)},v1={mac.hexdigest()}"}


def acuity(body: bytes, *, secret: str) -> dict[str, str]:
    """Acuity publishes no signer: base64 of HMAC-SHA256 over the body, as its documents describe it."""
    return {"X-Acuity-Signature": base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()}


def square(body: bytes, *, secret: str, url: str) -> dict[str, str]:
    """Base64 of HMAC-SHA256 over the address and the body; agrees with the vectors of Square's own SDK."""
    mac = hmac.new(secret.encode(), url.encode() + body, hashlib.sha256)
    return {"x-square-hmacsha256-signature": base64.b64encode(mac.digest()).decode()}


def calcom(body: bytes, *, secret: str) -> dict[str, str]:
    """Cal.com publishes no signer: the hex HMAC-SHA256 of the body, as its `sendPayload.ts` makes it."""
    return {"X-Cal-Signature-256": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def standard_webhooks(body: bytes, *, secret: str, at: float, message_id: str = "") -> dict[str, str]:
    """By the specification; a secret without `whsec_` is taken as the key's bytes. The id depends on the body only."""
    base64_key = secret.removeprefix("whsec_")
    key = base64.b64decode(base64_key) if base64_key != secret else secret.encode()
    message_id = message_id or f"msg_{hashlib.sha256(body).hexdigest()[:24]}"
    mac = hmac.new(key, f"{message_id}.{int(at)}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at)),
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def easyappointments(_body: bytes, *, secret: str) -> dict[str, str]:
    """Easy!Appointments signs nothing: its secret goes with the delivery."""
    return {"X-Ea-Token": secret}


def stripe_events(body: bytes, *, secret: str, at: float) -> dict[str, str]:
    """By Stripe's own SDK."""
    signed = stripe.WebhookSignature.generate_signature_header(body.decode("utf-8", "surrogateescape"), secret, int(at))
    return {"Stripe-Signature": signed}


class _Form(dict[str, list[str]]):
    """A form whose fields may come more than once, as the SDK asks for it."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def twilio(body: bytes, *, secret: str, url: str, algorithm: str = "") -> dict[str, str]:
    """By Twilio's own SDK, blank fields included."""
    form = _Form(parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace"))
    signature = RequestValidator(secret).compute_signature(url, form, algorithm or None)
    settings = {"X-Twilio-Webhooks-Signature-Settings": f"key=webhooks_1,algorithm={algorithm}"} if algorithm else {}
    return {"X-Twilio-Signature": signature, **settings}
