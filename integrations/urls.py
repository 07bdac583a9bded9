"""The addresses that providers call: exact, without a trailing slash, because a redirect loses a delivery."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import URLPattern, path

from integrations import unsubscribe, views
from integrations.providers import ADAPTERS

# Two addresses of one provider, and one of them names what it is about.
_TWILIO = [
    path("webhooks/twilio/sms", views.provider("twilio_sms"), name="webhook-twilio-sms"),
    path("webhooks/twilio/status/<uuid:execution_id>", views.twilio_status, name="webhook-twilio-status"),
]
_WITH_OTHER_ADDRESSES = frozenset({"twilio_sms", "twilio_status"})
_PATIENCE = {
    "/webhooks/" + name.replace("_", "/"): adapter.patience_seconds
    for name, adapter in ADAPTERS.items()
    if adapter.patience_seconds
}


def patience(path: str) -> float | None:
    """How long a delivery to `path` may wait for the database; None: its sender sends again, so not long."""
    return _PATIENCE.get(path)


def routes(names: Iterable[str]) -> list[URLPattern]:
    """Each provider's address is its name."""
    return [path(f"webhooks/{name}", views.provider(name), name=f"webhook-{name}") for name in names]


urlpatterns = [
    *routes(name for name in ADAPTERS if name not in _WITH_OTHER_ADDRESSES),
    *_TWILIO,
    path("unsubscribe/<str:token>", unsubscribe.UnsubscribeView.as_view(), name="unsubscribe"),
    path("webhooks/test", views.echo, name="webhook-test"),
]
