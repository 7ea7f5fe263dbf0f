"""Files named by fingerprint, as a store keeps them in JSON and as views show them; the bytes lie in the portal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

Attachments = list[dict[str, Any]]
PICTURES = frozenset({"PHOTO", "VIDEO"})


def stored(files: Sequence[Mapping[str, Any]]) -> Attachments:
    """As JSON."""
    return [{key: _plain(value) for key, value in file.items()} for file in files]


def loaded(files: Sequence[Mapping[str, Any]]) -> Attachments:
    """As views show them."""
    return [{**file, "taken_at": _moment(file.get("taken_at"))} for file in files]


class Files(TypeDecorator[Attachments]):
    """A column of them: JSON in the store, as views show them in the row."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else stored(value)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else loaded(value)


def photos(files: Sequence[Mapping[str, Any]]) -> int:
    """How many of them show something."""
    return sum(file["kind"] in PICTURES for file in files)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, str) else value


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
