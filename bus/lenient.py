"""Messages as they come: nothing somebody writes on one ends the process that takes it.

py-amqp reads a message's properties, and kombu unpacks its body, inside the loop that reads the connection: an error
there leaves the message unsettled, so that it ends the next process too. A department may put anything on its letters.
"""

from __future__ import annotations

from typing import Any

from amqp import serialization
from kombu.transport import pyamqp

from chassis.telemetry.logs import log

_load_properties = serialization.GenericContent._load_properties


def install() -> None:
    """From now on every connection of this process reads leniently."""
    serialization.pstr_t = text
    serialization.GenericContent._load_properties = load_properties


def text(raw: bytes | str) -> str:
    """A property or header; signs that are no UTF-8 are replaced."""
    return raw if isinstance(raw, str) else bytes(raw).decode("utf-8", errors="replace")


def load_properties(content: Any, class_id: int, raw: bytes, offset: int) -> int:
    """Properties that cannot be read (an impossible date, nesting without end) count as none."""
    try:
        read: int = _load_properties(content, class_id, raw, offset)
    except Exception as error:
        log.warning("properties_unreadable", error=type(error).__name__)
        content.properties, read = {}, offset
    return read


class AsItCame(pyamqp.Message):
    """A message whose body nobody unpacks: nothing of ours is compressed, and a small body may unpack to gigabytes."""

    def __init__(self, msg: Any, channel: Any = None, **kwargs: Any) -> None:
        msg.properties.get("application_headers", {}).pop("compression", None)
        super().__init__(msg, channel=channel, **kwargs)
