"""The way in: check a delivery, store it once, answer. Nothing else happens before the answer, with one exception:
what a patient texts is applied in the same transaction, because it may be an opt-out.
"""

from __future__ import annotations

import logging
from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError

from aro import clock, errors
from aro.queue import due, rows
from integrations.inbound import receipts
from integrations.models import Receipt
from integrations.providers.shared.base import Adapter, BadSignatureError, Delivery, MalformedError, NotConfiguredError

Reading = receipts.Reading
_KNOWN = "ON CONFLICT (source, delivery_key) DO NOTHING"

logger = logging.getLogger(__name__)


def receive(request: HttpRequest, adapter: Adapter, path_ref: str = "") -> HttpResponse:
    """200 stored (or known already), 400 malformed, 401 bad signature, 405, 413, 415, 503 not now."""
    if request.method in ("GET", "HEAD"):
        return told(_about(adapter))
    try:
        delivery = read(request, adapter, path_ref)
        adapter.verify(delivery)
        store(adapter, delivery)
    except errors.AroError as error:
        return refusal(error)
    except (BadSignatureError, NotConfiguredError, MalformedError) as error:
        logger.warning("delivery refused", extra={"source": adapter.name, "why": str(error)})
        return refusal(_explained(error))
    except DatabaseError as error:
        # The type only: a database's message can quote what was sent.
        logger.error("delivery not stored", extra={"source": adapter.name, "error": type(error).__name__})
        return refusal(errors.from_exception(error) if errors.is_outage(error) else _not_now())
    content_type, body = adapter.acknowledge()
    return HttpResponse(body, content_type=content_type)


def told(about: str) -> HttpResponse:
    """To whoever looks whether there is something: a person with a browser, a provider that checks an address."""
    return JsonResponse({"status": "ok", "message": about}, headers={"Cache-Control": "no-store"})


def _about(adapter: Adapter) -> str:
    name = adapter.label or adapter.name.capitalize()
    return f"This address takes deliveries of {name}, checked with {adapter.checked_with}. There is nothing to look at."


def refusal(error: errors.AroError) -> HttpResponse:
    """The error's envelope as an answer."""
    allow = {"Allow": "GET, HEAD, POST"} if error.http_status == HTTPStatus.METHOD_NOT_ALLOWED else {}
    return JsonResponse(errors.envelope(error), status=error.http_status, headers={**errors.headers(error), **allow})


def read(request: HttpRequest, adapter: Adapter, path_ref: str, *, about: str = "") -> Delivery:
    """The request as a delivery. Raises `AroError` for a wrong method, size or content type. `about`: what the address
    is for, where it is not the adapter's own."""
    if request.method != "POST":
        raise errors.InvalidRequestError(f"{about or _about(adapter)} Send a POST.").with_status(405)
    body = _body(request)
    if adapter.content_types and (request.content_type or "").lower() not in adapter.content_types:
        wanted = " or ".join(sorted(adapter.content_types))
        raise errors.InvalidRequestError(f"Send the delivery as {wanted}.").with_status(415)
    query = request.META.get("QUERY_STRING", "")
    return Delivery(
        body=body,
        headers={name.lower(): value for name, value in request.headers.items()},
        url=settings.PUBLIC_BASE_URL + request.path_info + (f"?{query}" if query else ""),
        path_ref=path_ref,
        received_at=clock.now(),
    )


def _body(request: HttpRequest) -> bytes:
    """At most the allowed size is ever read, whatever Content-Length says."""
    limit = settings.WEBHOOK_MAX_BYTES
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if len(announced) > 12 or (announced.isascii() and announced.isdigit() and int(announced) > limit):
        raise _too_large(limit)
    try:
        body = request.read(limit + 1)
    except UnreadablePostError as error:
        raise errors.InvalidRequestError("The delivery broke off. Send it again.") from error
    if len(body) > limit:
        raise _too_large(limit)
    return body


def _too_large(limit: int) -> errors.AroError:
    return errors.InvalidRequestError(f"A delivery may have at most {limit} bytes. Send less.").with_status(413)


def store(adapter: Adapter, delivery: Delivery) -> Receipt | None:
    """Keeps the delivery and makes it due, in one transaction; None when it is known already."""
    receipt = Receipt(
        source=adapter.name,
        delivery_key=adapter.delivery_key(delivery).replace("\x00", ""),
        body=delivery.body,
        path_ref=delivery.path_ref,
        received_at=delivery.received_at,
    )
    is_new = _kept_and_applied(receipt) if adapter.at_once else _kept(receipt)
    return receipt if is_new else None


def _kept(receipt: Receipt) -> bool:
    return due.keep(receipt, receipts.LANE, receipt.received_at, unique=("source", "delivery_key"))


def _kept_and_applied(receipt: Receipt) -> bool:
    reading = receipts.read(receipt)
    try:
        with transaction.atomic():
            _keep_and_apply(receipt, reading)
    except rows.TakenError:
        return False
    return True


def _keep_and_apply(receipt: Receipt, reading: Reading) -> None:
    rows.insert_all(Receipt, [receipt], on_conflict=_KNOWN)
    if not _applied_now(receipt, reading):
        due.put(receipts.LANE, receipt.id, receipt.received_at)


def _applied_now(receipt: Receipt, reading: Reading) -> bool:
    """False when applying failed: the receipt is kept and its lane tries again."""
    try:
        with transaction.atomic():
            receipts.process(receipt, reading, now=receipt.received_at)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong, the message must be kept
        logger.error("reply not applied at once", extra={"receipt": str(receipt.id), "error": type(error).__name__})
        return False
    return True


def _explained(error: Exception) -> errors.AroError:
    if isinstance(error, BadSignatureError):
        return errors.UnauthorizedError(
            "The signature is missing, wrong or not of this time. Check the signing secret on both sides and the clock."
        )
    if isinstance(error, NotConfiguredError):
        return errors.ServiceUnavailableError(f"This address is not set up yet: set {error} in ARO's configuration.")
    return errors.InvalidRequestError(f"The delivery cannot be read: {error}.")


def _not_now() -> errors.AroError:
    return errors.ServiceUnavailableError("The delivery could not be stored. Send it again in a few seconds.")
