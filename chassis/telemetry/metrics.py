"""Metrics all services have; one by itself has more beside its work. Names as Prometheus has them (unit, _total)."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

LATENCY = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

events_heard = Counter("shaodao_events_heard_total", "Events handled, by outcome", ["handler", "outcome"])
event_seconds = Histogram("shaodao_event_handling_seconds", "Time to handle one event", ["handler"], buckets=LATENCY)
calls_answered = Counter("shaodao_calls_answered_total", "RPC calls answered, by outcome", ["method", "outcome"])
call_seconds = Histogram("shaodao_call_seconds", "Time to answer one RPC call", ["method"], buckets=LATENCY)
calls_refused = Counter("shaodao_calls_refused_total", "RPC messages that were not calls at all", ["reason"])
messages_parked = Counter("shaodao_messages_parked_total", "Messages parked for a person to decide on", ["handler"])
parked_ending = Gauge("shaodao_parked_ending", "Open parked messages that are about to lose their body")
messages_in_work = Gauge("shaodao_messages_in_work", "Messages delivered and not yet settled", ["queue"])
store_pauses = Counter("shaodao_store_pauses_total", "Times consuming waited for the database to come back")
timer_failures = Counter("shaodao_timer_failures_total", "Timer runs that raised", ["timer"])
outbox_oldest_seconds = Gauge("shaodao_outbox_oldest_seconds", "Age of the oldest unsent outbox row")
ready = Gauge("shaodao_ready", "1 while this check of /ready holds, asked at every scrape", ["check"])
