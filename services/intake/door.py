"""At the door: what a resident without an account is told of the own matter, by number and telephone tail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.errors import NotFound
from chassis.store import Root
from services.intake import residents
from services.intake.tables import Person

R = TypeVar("R", bound=Root)


def known(
    session: Session, table: type[R], command: dict[str, Any], people: Callable[[R], Iterable[Person | None]]
) -> R:
    """The row of that number, if the tail is that of one of `people`.

    Errors: NotFound for both a wrong number and a wrong tail, so that nobody can find out which numbers exist.
    """
    row = session.scalars(select(table).where(table.case_number == command["number"])).one_or_none()
    fits = [residents.has_tail(each, command["phone_tail"]) for each in people(row)] if row else []
    if row is None or True not in fits:  # all are compared, so that time does not tell whose it is
        raise NotFound("编号或电话尾号不对，请核对后再试")
    return row


def told(row: Any, title: str, state: Any, **more: Any) -> dict[str, Any]:
    """How it stands and since when; the portal adds what its timeline says to residents."""
    return {
        "number": row.case_number, "title": title, "state": row.state, "state_text": state.label,
        "registered_at": row.created_at, "steps": [], **more,
    }  # fmt: skip
