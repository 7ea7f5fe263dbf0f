"""Files are kept by fingerprint; the bytes lie in the portal's upload store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chassis.envelope import rfc3339

Attachments = list[dict[str, Any]]


def stored(files: Sequence[Mapping[str, Any]]) -> Attachments:
    """As JSON."""
    return [{key: _plain(value) for key, value in file.items()} for file in files]


def loaded(files: Sequence[Mapping[str, Any]]) -> Attachments:
    """As views show them."""
    return [{**file, "taken_at": _moment(file.get("taken_at"))} for file in files]


def photos(files: Sequence[Mapping[str, Any]]) -> int:
    return sum(file["kind"] in ("PHOTO", "VIDEO") for file in files)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    return str(value) if isinstance(value, str) else value


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
