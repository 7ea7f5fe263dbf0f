"""The health of one service process, served beside its work."""

from __future__ import annotations

import eventlet
from eventlet import wsgi
from nameko.extensions import DependencyProvider
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bus.draining import DrainingConsumer
from chassis.pages import application
from chassis.process import CONFIG_KEY, Process
from chassis.store import Store
from chassis.telemetry import metrics

OLDEST_UNSENT_SECONDS = 60.0
OLDEST_UNSENT = text(
    "select coalesce(extract(epoch from clock_timestamp() - min(queued_at)), 0) from outbox where sent_at is null"
)


def outbox_age(store: Store) -> float | None:
    """Seconds the oldest unsent row waits (database time); None when the database does not answer."""
    try:
        with store.engine.connect() as connection:
            age = float(connection.execute(OLDEST_UNSENT).scalar_one())
    except DBAPIError:
        return None
    metrics.outbox_oldest_seconds.set(age)
    return age


class Health(DependencyProvider):
    """Serves the three pages beside the service, inside its process."""

    consumer = DrainingConsumer()

    def start(self) -> None:
        process: Process = self.container.config[CONFIG_KEY]
        listener = eventlet.listen((process.settings.admin_host, process.settings.admin_port))
        serve = lambda: wsgi.server(listener, application(lambda: self.checks(process)), log_output=False)  # noqa: E731
        self.container.spawn_managed_thread(serve, identifier="health")

    def checks(self, process: Process) -> dict[str, bool]:
        age = outbox_age(process.store)
        return {
            "consumers": self.consumer.consuming,
            "database": age is not None,
            "outbox": age is not None and age < OLDEST_UNSENT_SECONDS,
        }

    def get_dependency(self, worker_ctx: object) -> None:
        return None
