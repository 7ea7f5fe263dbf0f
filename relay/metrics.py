"""What a relay counts."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

sent = Counter("shaodao_relay_sent_total", "Outbox rows published and confirmed")
returned = Counter("shaodao_relay_returned_total", "Mandatory messages nobody was bound for")
unsent = Gauge("shaodao_relay_unsent", "Outbox rows read and not yet confirmed")
