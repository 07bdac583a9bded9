"""Traces over OTLP/HTTP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set. Else nothing is loaded and nothing is traced."""

from __future__ import annotations

import importlib
import logging

from django.conf import settings

# Reminders must go out whether or not somebody watches: what is wrong with tracing is said, and ARO goes on.
NOT_INSTALLED = (
    "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the tracing packages are not installed, so nothing is traced. Install "
    "them: .venv/bin/python -m pip install --require-hashes --no-deps -r requirements/production.txt"
)
NO_ADDRESS = (
    "OTEL_EXPORTER_OTLP_ENDPOINT is no http or https address, so nothing is traced. Write it like http://127.0.0.1:4318"
)

logger = logging.getLogger(__name__)


def start(part: str) -> bool:
    """Traces this process from now on as service `aro-<part>`; False when it does not. Call it once, before serving."""
    endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT
    if not endpoint:
        return False
    if not endpoint.startswith(("http://", "https://")):
        logger.error(NO_ADDRESS)
        return False
    try:
        # Loaded only then: the packages are not part of every installation.
        spans = importlib.import_module("config.tracing_spans")
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("opentelemetry"):
            raise
        logger.error(NOT_INSTALLED)
        return False
    spans.export(part=part, endpoint=endpoint, version=settings.ARO_VERSION)
    return True
