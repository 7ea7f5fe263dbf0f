"""Trace context: a good parent is continued, whatever else is given begins a trace of its own."""

from __future__ import annotations

import pytest
import structlog

from chassis.telemetry import trace

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def test_given_a_parent_when_a_span_begins_then_its_trace_and_flags_go_on_under_a_span_of_its_own():
    with trace.span(f"00-{TRACE}-{SPAN}-00", "S1") as traceparent:
        bound = structlog.contextvars.get_contextvars()
    version, trace_id, span_id, flags = traceparent.split("-")
    assert ("00", TRACE, "00", 16, True) == (version, trace_id, flags, len(span_id), span_id != SPAN)
    assert (TRACE, "S1") == (bound["trace_id"], bound["case_number"])


@pytest.mark.parametrize(
    "parent", [None, "", "x", f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE}-{'0' * 16}-01", f"00-{TRACE}"]
)
def test_given_no_good_parent_when_a_span_begins_then_a_trace_of_its_own_begins(parent):
    with trace.span(parent) as first, trace.span(parent) as second:
        pass
    assert 3 == len({TRACE, first.split("-")[1], second.split("-")[1]})
