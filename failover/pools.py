"""SQLAlchemy's pool over several databases: filled from the one that takes writes, emptied when another becomes it."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Engine, event

from failover.database import follower


def follow(engine: Engine, setting: str) -> None:
    """Does nothing where the setting names one server."""
    following = follower(setting)
    if following is None:
        return

    def connect(_dialect: object, _record: object, arguments: list[Any], how: dict[str, Any]) -> Any:
        return following.connect(*arguments, **how)

    event.listen(engine, "do_connect", connect)
    following.moved.append(partial(engine.dispose, close=False))
