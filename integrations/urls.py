"""The addresses that providers call. With a slash at the end they are the same, because a redirect loses a delivery."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import URLPattern, path

from integrations.inbound import unsubscribe, views
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import Adapter

_PATIENCE = {
    f"/webhooks/{adapter.path or adapter.name}": adapter.patience_seconds
    for adapter in ADAPTERS.values()
    if adapter.patience_seconds
}


def patience(path: str) -> float | None:
    """How long a delivery to `path` may wait for the database; None: its sender sends again, so not long."""
    return _PATIENCE.get(path.rstrip("/"))


def routes(adapters: Iterable[Adapter]) -> list[URLPattern]:
    """Each adapter's address, by its path."""
    return [one for adapter in adapters for one in _both(adapter)]


def _both(adapter: Adapter) -> list[URLPattern]:
    route, view = f"webhooks/{adapter.path or adapter.name}", views.provider(adapter.name)
    return [path(route, view, name=f"webhook-{adapter.name.replace('_', '-')}"), path(f"{route}/", view)]


urlpatterns = [
    *routes(ADAPTERS.values()),
    path("unsubscribe/<str:token>", unsubscribe.UnsubscribeView.as_view(), name="unsubscribe"),
    path("webhooks/test", views.echo, name="webhook-test"),
]
