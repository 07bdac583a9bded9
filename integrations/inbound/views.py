"""One view per provider's address. All of them are `receive` with another adapter."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from appointments.inbound import Inbound
from aro import errors
from integrations.inbound.webhooks import read, receive, refusal, told
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import MalformedError, NeedsLookupError, Stored

_ECHO = "This address says what a delivery would do. It checks no signature and keeps nothing."
# What the echo may show of a delivery: ids and times, not names, phones or texts.
_SHOWN = ("external_id", "previous_external_id", "moved_to", "status", "outcome", "deposit_id", "detail")


def provider(name: str) -> Callable[..., HttpResponse]:
    """The view of one provider's address."""
    adapter = ADAPTERS[name]

    @csrf_exempt
    def view(request: HttpRequest, execution_id: UUID | None = None) -> HttpResponse:
        return receive(request, adapter, path_ref=str(execution_id or ""))

    # The reference page of all addresses says what each is for.
    view.__doc__ = type(adapter).__doc__
    return view


@csrf_exempt
def echo(request: HttpRequest) -> HttpResponse:
    """Sandbox only: says what a delivery would do, without a signature and without doing it.

    `?provider=` names the provider (default calendly); the body is as that provider sends it.
    """
    if settings.ARO_MODE != "sandbox":
        return refusal(errors.NotFoundError("This address exists in sandbox mode only."))
    if request.method in ("GET", "HEAD"):
        return told(_ECHO)
    adapter = ADAPTERS.get(request.GET.get("provider", next(iter(ADAPTERS))))
    if adapter is None:
        return refusal(errors.InvalidRequestError(f"Unknown provider. Use one of {', '.join(ADAPTERS)}."))
    try:
        delivery = read(request, adapter, path_ref="", about=_ECHO)
        news = adapter.parse(Stored(body=delivery.body, path_ref="", received_at=delivery.received_at))
    except errors.AroError as error:
        return refusal(error)
    except MalformedError as error:
        return refusal(errors.InvalidRequestError(f"The delivery cannot be read: {error}."))
    except NeedsLookupError:
        return JsonResponse({"would": [{"type": "Lookup", "detail": "the provider would be asked for the visit"}]})
    return JsonResponse({"would": [_described(one) for one in news]})


def _described(news: Inbound) -> dict[str, Any]:
    found = dataclasses.asdict(news)
    flat = {**found.get("booking", {}), **found} if isinstance(found.get("booking"), dict) else found
    shown = {name: flat[name] for name in _SHOWN if flat.get(name)}
    times = {name: flat[name].isoformat() for name in ("starts_at", "occurred_at") if flat.get(name)}
    return {"type": type(news).__name__, **shown, **times}
