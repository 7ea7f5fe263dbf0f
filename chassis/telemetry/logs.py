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
    "fontTools": logging.WARNING,
}


def configure(service: str, level: str = "INFO") -> None:
    """Sends structlog and the standard library's logging to stdout as JSON lines."""
    formatter = structlog.stdlib.ProcessorFormatter
    shared = _processors(service)
    structlog.configure(
        processors=[*shared, formatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    as_json = structlog.processors.JSONRenderer(ensure_ascii=False)
    handler.setFormatter(formatter(foreign_pre_chain=shared, processors=[formatter.remove_processors_meta, as_json]))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name, floor in QUIET.items():
        logging.getLogger(name).setLevel(floor)


def _processors(service: str) -> list[Any]:
    def complete(_: Any, __: str, line: Any) -> Any:
        """The service is the same in every thread, unlike what is bound; a line about no case names none."""
        if not line.get("case_number"):
            line.pop("case_number", None)
        return {"service": service, **line}

    return [
        structlog.contextvars.merge_contextvars,
        complete,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]


def about(case_number: str | None) -> None:
    """From here to the end of the span at hand, lines name this case."""
    if case_number:
        structlog.contextvars.bind_contextvars(case_number=case_number)


log = structlog.get_logger()
