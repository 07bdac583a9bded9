"""The addresses that providers call. With a slash at the end they are the same, because a redirect loses a delivery."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.http import HttpResponse
from django.urls import URLPattern, path

from integrations.inbound import unsubscribe, views
from integrations.providers import ADAPTERS

_WITH_OTHER_ADDRESSES = frozenset({"twilio_sms", "twilio_status"})
_PATIENCE = {
    "/webhooks/" + name.replace("_", "/"): adapter.patience_seconds
    for name, adapter in ADAPTERS.items()
    if adapter.patience_seconds
}


def patience(path: str) -> float | None:
    """How long a delivery to `path` may wait for the database; None: its sender sends again, so not long."""
    return _PATIENCE.get(path.rstrip("/"))


def routes(names: Iterable[str]) -> list[URLPattern]:
    """Each provider's address is its name."""
    return [one for name in names for one in _both(f"webhooks/{name}", views.provider(name), f"webhook-{name}")]


def _both(route: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    return [path(route, view, name=name), path(f"{route}/", view)]


urlpatterns = [
    *routes(name for name in ADAPTERS if name not in _WITH_OTHER_ADDRESSES),
    # Two addresses of one provider, and one of them names what it is about.
    *_both("webhooks/twilio/sms", views.provider("twilio_sms"), "webhook-twilio-sms"),
    *_both("webhooks/twilio/status/<uuid:execution_id>", views.twilio_status, "webhook-twilio-status"),
    path("unsubscribe/<str:token>", unsubscribe.UnsubscribeView.as_view(), name="unsubscribe"),
    path("webhooks/test", views.echo, name="webhook-test"),
]
