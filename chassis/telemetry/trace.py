"""W3C trace context, carried through HTTP, outbox, bus and RPC as one `traceparent` string."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("shaodao", tracer_provider=TracerProvider())


@contextmanager
def span(name: str, parent: str | None, case_number: str = "") -> Iterator[str]:
    """Runs the body inside a span that continues `parent`; yields the traceparent to pass on.

    Log lines written inside carry the trace id and the number of the case, once it is known (logs.about).
    """
    context = _propagator.extract({"traceparent": parent} if parent else {})
    with _tracer.start_as_current_span(name, context=context, record_exception=False) as current:
        carrier: dict[str, str] = {}
        _propagator.inject(carrier)
        trace_id = f"{current.get_span_context().trace_id:032x}"
        with structlog.contextvars.bound_contextvars(trace_id=trace_id, case_number=case_number):
            yield carrier["traceparent"]
