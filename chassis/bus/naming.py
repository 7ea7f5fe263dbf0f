"""Which event a message is about, also where it cannot be read as one: what is parked must be found again by its id."""

from __future__ import annotations

from typing import Any

import orjson

LONGEST = 200


def read(body: bytes | str, message_id: Any = None) -> tuple[str | None, str | None]:
    """Type and id, as far as they can be read; the id the broker was given where the body tells none."""
    try:
        raw = orjson.loads(body)
    except ValueError:
        raw = None
    said = raw if isinstance(raw, dict) else {}
    return _name(said.get("type")), _name(said.get("id")) or _name(message_id)


def _name(given: Any) -> str | None:
    """A text that can be kept and looked for."""
    return given if isinstance(given, str) and given.isprintable() and 0 < len(given) <= LONGEST else None
