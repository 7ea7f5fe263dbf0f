"""Structured logs: one JSON object a line, with the case number and trace id of the work at hand; never a payload."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

QUIET = {
    "nameko.containers": logging.CRITICAL,
    "nameko": logging.WARNING,
    "amqp": logging.WARNING,
    "kombu": logging.WARNING,
}


def configure(service: str, level: str = "INFO") -> None:
    """Sends structlog and the standard library's logging to stdout as JSON lines."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name, floor in QUIET.items():
        logging.getLogger(name).setLevel(floor)
    structlog.contextvars.bind_contextvars(service=service)


def bind(**context: Any) -> Any:
    """A context manager under which every log line carries `context`."""
    return structlog.contextvars.bound_contextvars(**context)


log = structlog.get_logger()
