"""Paging by key: a cursor is the last row's key, made opaque."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import Session

from chassis.errors import Invalid

MOST = 200


def page(
    session: Session,
    query: Select[Any],
    command: dict[str, Any],
    *,
    key: Callable[[Any], str],
    view: Callable[[Any], Any],
) -> dict[str, Any]:
    """Up to `limit` rows of an ordered query, and the cursor of the next page (None at the end)."""
    limit = min(command.get("limit") or 50, MOST)
    rows = list(session.scalars(query.limit(limit + 1)).unique())
    more = len(rows) > limit
    return {"items": [view(row) for row in rows[:limit]], "next_cursor": sealed(key(rows[limit - 1])) if more else None}


def sealed(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def opened(cursor: str) -> str:
    """The key in a cursor. Errors: Invalid when it is not one of ours."""
    try:
        return base64.urlsafe_b64decode(cursor.encode()).decode()
    except (binascii.Error, ValueError) as error:
        raise Invalid.because({"cursor": ["翻页标记无效"]}) from error


def opened_id(cursor: str) -> UUID:
    """The id in a cursor. Errors: Invalid."""
    try:
        return UUID(opened(cursor))
    except ValueError as error:
        raise Invalid.because({"cursor": ["翻页标记无效"]}) from error
