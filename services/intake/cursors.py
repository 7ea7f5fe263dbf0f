"""Paging by the newest first: a cursor is the last row's id, made opaque."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import Session

from chassis.errors import Invalid


def page(
    session: Session, query: Select[Any], model: Any, command: dict[str, Any], view: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """Up to `limit` rows, newest first, and the cursor of the next page (None at the end). Errors: Invalid."""
    limit = command["limit"]
    if command.get("cursor"):
        query = query.where(model.id < opened(command["cursor"]))
    rows = list(session.scalars(query.order_by(model.id.desc()).limit(limit + 1)))
    cursor = sealed(rows[limit - 1].id) if len(rows) > limit else None
    return {"items": [view(row) for row in rows[:limit]], "next_cursor": cursor}


def sealed(key: UUID) -> str:
    return base64.urlsafe_b64encode(key.bytes).decode()


def opened(cursor: str) -> UUID:
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor.encode()))
    except (binascii.Error, ValueError) as error:
        raise Invalid.because({"cursor": ["翻页标记无效"]}) from error
