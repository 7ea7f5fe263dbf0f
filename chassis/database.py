"""What every connection to a service's database is told, whoever opens it."""

from __future__ import annotations

from typing import Any

KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3, "tcp_user_timeout": 15000}
"""A database that vanished without a word is noticed within 20 s, not after hours."""
SERVER_LIMITS = {
    "tcp_keepalives_idle": 10, "tcp_keepalives_interval": 3, "tcp_keepalives_count": 3, "tcp_user_timeout": 15000,
    "idle_in_transaction_session_timeout": 60000,
}  # fmt: skip
"""And the database gives up a client that vanished as soon, else what it has locked would stay so for two hours."""
CONNECTION: dict[str, Any] = {
    "connect_timeout": 5, **KEEPALIVES,
    "options": " ".join(f"-c {name}={value}" for name, value in SERVER_LIMITS.items()),
}  # fmt: skip
CHANNEL = "outbox"
"""Where the relay is told that there is something to send."""
