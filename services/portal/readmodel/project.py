"""From an event to the read model: one timeline entry, one page and at most one desk row, in two statements."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Text, bindparam, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.entrypoints import hears
from chassis.envelope import Event
from chassis.identity import Principal
from services.portal.accounts.tables import Account
from services.portal.readmodel import picture
from services.portal.readmodel.facts import FOLLOW_UP, TASK, WHISTLE, Facts, learn
from services.portal.readmodel.tables import CasePage, FollowUpRow, TaskRow, TimelineEntry, WhistleRow

PAGES: Any = CasePage.__table__
ENTRIES: Any = TimelineEntry.__table__
DESKS: dict[str, Any] = {TASK: TaskRow.__table__, WHISTLE: WhistleRow.__table__, FOLLOW_UP: FollowUpRow.__table__}
ROWS = {TASK: picture.task, WHISTLE: picture.whistle, FOLLOW_UP: picture.follow_up}

Row = dict[str, Any]

TOGETHER = 50
"""Events that share a transaction."""


@hears(together=TOGETHER)
def project(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Takes one event in. Twice is once, and the order of arrival makes no difference.

    The page's row is locked first: entries of one case get their `seq` one after the other, in the order of commits.
    """
    held = session.execute(HOLD, _blank(event)).one()
    facts: Facts = held.facts
    group = learn(facts, event)
    parts = {"entry": _entry(event, held.last_seq + 1), "page": _page(event, facts, held)}
    if group in DESKS:
        parts["desk"] = ROWS[group](event.subject, event.case_number, facts)
    told = {f"{part}_{name}": value for part, row in parts.items() for name, value in row.items()}
    session.execute(TELL[group if group in DESKS else None], told)
    if group == WHISTLE and picture.is_cancelled(event.subject, facts):
        _cancel_tasks(session, event, facts)


def _blank(event: Event) -> Row:
    return {
        **picture.page(event.case_number, {}),
        "number": event.case_number,
        "area_path": event.area_path,
        "opened_at": event.time,
        "updated_at": event.time,
        "last_seq": 0,
        "last_versions": {},
        "facts": {},
    }


def _page(event: Event, facts: Facts, held: Any) -> Row:
    before = held.last_versions.get(event.subject, 0)
    return {
        **picture.page(event.case_number, facts),
        "number": event.case_number,
        "area_path": picture.area(facts, min(held.area_path, event.area_path)),
        "opened_at": min(held.opened_at, event.time),
        "updated_at": max(held.updated_at, event.time),
        "last_versions": {**held.last_versions, event.subject: max(event.aggregate_version, before)},
        "facts": facts,
    }


def _entry(event: Event, seq: int) -> Row:
    return {
        "event_id": event.id,
        "case_number": event.case_number,
        "seq": seq,
        "time": event.time,
        "source": event.source,
        "name": event.name,
        "subject": event.subject,
        "aggregate_version": event.aggregate_version,
        "actor": event.actor,
        "actor_name": named(event.data, event.actor),
        "area_path": event.area_path,
        "data": event.data,
    }


def named(data: Any, person: str) -> str | None:
    """The display name the event itself gives the person, wherever in its data."""
    if isinstance(data, dict):
        if data.get("id") == person and isinstance(data.get("name"), str):
            return str(data["name"])
        data = list(data.values())
    if isinstance(data, list):
        return next((name for name in (named(each, person) for each in data) if name), None)
    return None


def _cancel_tasks(session: Session, event: Event, facts: Facts) -> None:
    """A cancelled whistle takes its tasks along."""
    rows = [picture.task(each, event.case_number, facts) for each in picture.tasks_of(event.subject, facts)]
    if rows:
        session.execute(_upsert(DESKS[TASK], insert(DESKS[TASK])), rows)


def _hold() -> Any:
    """The page's row, made if need be, locked, and told as it is."""
    row = insert(PAGES)
    held = row.on_conflict_do_update(index_elements=["number"], set_={"number": row.excluded.number})
    names = ("facts", "last_versions", "last_seq", "area_path", "opened_at", "updated_at")
    return held.returning(*(PAGES.c[name] for name in names))


def _tell(desk: Any) -> Any:
    """Entry, page and desk row in one statement. An entry that was there before moves no `last_seq`."""
    staff = (Account.id == bindparam("entry_actor"), Account.kind == "person")
    known = select(Account.name).where(*staff).scalar_subquery()
    values = _bound(ENTRIES, "entry")
    values["actor_name"] = func.coalesce(known, bindparam("entry_actor_name", type_=Text))
    entered = insert(ENTRIES).values(values).on_conflict_do_nothing(index_elements=["event_id"])
    fresh = entered.returning(ENTRIES.c.seq).cte("fresh")
    page = {**_bound(PAGES, "page"), "last_seq": PAGES.c.last_seq + select(func.count(fresh.c.seq)).scalar_subquery()}
    paged = update(PAGES).where(PAGES.c.number == bindparam("page_number")).values(page)
    if desk is None:
        return paged
    done = paged.returning(literal_column("1")).cte("paged")
    return _upsert(desk, insert(desk).values(_bound(desk, "desk"))).add_cte(fresh, done)


def _bound(table: Any, part: str) -> Row:
    names = [column.name for column in table.columns if column.name != "last_seq"]
    return {name: bindparam(f"{part}_{name}", type_=table.c[name].type) for name in names}


def _upsert(table: Any, row: Any) -> Any:
    key = table.primary_key.columns.keys()
    rest = [column.name for column in table.columns if column.name not in key]
    return row.on_conflict_do_update(index_elements=key, set_={name: row.excluded[name] for name in rest})


HOLD = _hold()
TELL = {group: _tell(desk) for group, desk in [*DESKS.items(), (None, None)]}
