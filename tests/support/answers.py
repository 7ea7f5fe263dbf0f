"""What an operation's result looks like to who asked."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from chassis.identity import Principal


def shown(service: Any, session: Session, who: Principal, result: Any) -> Any:
    """The answer: the result itself, or the row as the service shows it."""
    view = service.shows.get(type(result))
    return view(session, who, result) if view else result
