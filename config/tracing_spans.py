"""Which spans leave this process, and what is in them: where time went, never who or what it was about.

The instrumentations also note addresses with their queries, callers' IPs, browsers and the words of exceptions. Only
what `KEPT` names goes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status

TRACES = "/v1/traces"
KEPT = frozenset(
    {
        "http.method",
        "http.request.method",
        "http.route",
        "http.status_code",
        "http.response.status_code",
        "celery.action",
        "celery.state",
        "celery.task_name",
        "messaging.destination",
    }
)
# Asked every few seconds by monitors; they say nothing about bookings and texts.
_NOT_TRACED = "/health,/ready$,/metrics$,/static/"


class WithoutPeople:
    """Passes spans on to `exporter` with nothing but the attributes in `KEPT`."""

    def __init__(self, exporter: Any) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[Any]) -> Any:
        return self._exporter.export([bare(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return bool(self._exporter.force_flush(timeout_millis))


def bare(span: Any) -> Any:
    """The span without events and descriptions: an exception's words can quote what was sent."""
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes={name: value for name, value in (span.attributes or {}).items() if name in KEPT},
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def export(*, part: str, endpoint: str, version: str) -> Any:
    """Instruments Django and Celery and sends their spans to `endpoint`; returns the provider, which can be flushed."""
    address = endpoint.rstrip("/")
    exporter = OTLPSpanExporter(endpoint=address if address.endswith(TRACES) else address + TRACES)
    provider = TracerProvider(resource=Resource.create({"service.name": f"aro-{part}", "service.version": version}))
    provider.add_span_processor(BatchSpanProcessor(WithoutPeople(exporter)))
    DjangoInstrumentor().instrument(tracer_provider=provider, excluded_urls=_NOT_TRACED)
    CeleryInstrumentor().instrument(tracer_provider=provider)
    return provider
