"""Error reports to Sentry: off unless SENTRY_DSN is set; without people, local variables or request bodies."""

from __future__ import annotations

from typing import Any

import sentry_sdk
from sentry_sdk.integrations.argv import ArgvIntegration
from sentry_sdk.transport import Transport
from sentry_sdk.types import Breadcrumb, BreadcrumbHint, Event, Hint

from aro.watch import scrub

_PRIVATE_REQUEST_PARTS = ("data", "cookies", "headers", "env", "query_string")


def start(*, dsn: str, release: str, environment: str, transport: type[Transport] | None = None) -> None:
    """Reports uncaught and logged errors to `dsn`. An empty `dsn` reports nothing."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        release=release,
        environment=environment,
        transport=transport,
        # Personal data is collected only when asked for, by `send_default_pii` or `data_collection`: neither is given.
        disabled_integrations=[ArgvIntegration()],
        include_local_variables=False,
        max_request_body_size="never",
        before_send=scrubbed,
        before_breadcrumb=_scrubbed_breadcrumb,
    )


def scrubbed(event: Event, hint: Hint) -> Event:
    """The report without personal data and secrets."""
    report: dict[str, Any] = {key: value for key, value in event.items() if key != "user"}
    request = report.get("request")
    if isinstance(request, dict):
        report["request"] = {key: value for key, value in request.items() if key not in _PRIVATE_REQUEST_PARTS}
    clean: Event = scrub.anything(report)
    return clean


def _scrubbed_breadcrumb(crumb: Breadcrumb, hint: BreadcrumbHint) -> Breadcrumb:
    clean: Breadcrumb = scrub.anything(crumb)
    return clean
