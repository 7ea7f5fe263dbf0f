"""Putting events in and looking at everything the read model then holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from chassis.envelope import Event
from chassis.store import Store
from services.portal.readmodel import entries
from services.portal.readmodel.project import project
from services.portal.readmodel.tables import Entry, Matter

TABLES = (Matter, Entry)


def tell(store: Store, events: Iterable[Event]) -> None:
    """One transaction an event, as deliveries do it."""
    for event in events:
        with store.transaction() as session:
            project(session, None, event, event.time)


def everything(session: Session) -> dict[str, Any]:
    """All rows of all tables but the order of arrival, and the timeline as it is read."""
    rows = {model.__tablename__: _rows(session, model) for model in TABLES}
    numbers = session.scalars(select(Entry.case_number).distinct().order_by(Entry.case_number))
    rows["read"] = [[entry.event_id for entry in entries.all_of(session, number)] for number in numbers]
    return rows


def _rows(session: Session, model: Any) -> list[dict[str, Any]]:
    columns = [column for column in model.__table__.columns if column.name != "seq"]
    found = session.execute(select(*columns).order_by(*model.__table__.primary_key.columns))
    return [dict(row._mapping) for row in found]


def forget(session: Session) -> None:
    for model in TABLES:
        session.execute(delete(model))


def case(store: Store, number: str) -> Matter:
    """The root of that number."""
    with store.transaction() as session:
        return session.scalars(select(Matter).where(Matter.root, Matter.number == number)).one()


def matter(store: Store, key: str) -> Matter:
    with store.transaction() as session:
        return session.get_one(Matter, key)
