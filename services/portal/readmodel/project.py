"""From an event to the read model: one entry, and how its matter stands now, in one statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, bindparam, case, func, not_, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.entrypoints import Ask, hears
from chassis.envelope import Event
from chassis.identity import Principal
from chassis.standing import Standing
from contracts.intake.erasures import ErasureOrdered
from kernel.areas import ancestors
from services.portal.accounts.tables import Account
from services.portal.readmodel import holdings, marks, sights, terms
from services.portal.readmodel.tables import Entry, Matter

ENTRIES: Any = Entry.__table__
MATTERS: Any = Matter.__table__
SECRET, AGAINST, ROLE = "secret", "against:", "role:"

Row = dict[str, Any]

TOGETHER = 50
"""Events that share a transaction."""


@hears(together=TOGETHER)
def project(session: Session, who: Principal, event: Event, now: datetime, ask: Ask | None = None) -> None:
    """Takes one event in. Twice is once, and the order of arrival makes no difference. Who is to be erased loses the
    name in what was taken in before.

    The case is locked first (by its number, until the commit): its entries get their `seq` in the order of commits.
    """
    row = _prefixed("entry", _entry(event))
    if event.standing is None:
        session.execute(ENTER, row)
    else:
        session.execute(TELL, {**row, **_prefixed("matter", _matter(event, event.standing))})
        session.execute(SHARE, {"case_number": event.case_number})
    if ask and event.type == ErasureOrdered.type:
        holdings.erase_held(session, who, event, now, ask)


def _entry(event: Event) -> Row:
    return {
        "event_id": event.id,
        "case_number": event.case_number,
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


def _matter(event: Event, stands: Standing) -> Row:
    desks = [desk for each in stands.waits for desk in _desks(each, event.area_path)]
    root = stands.number == event.case_number
    opens = sights.opened(stands, event.area_path, desks, root)
    return {
        "id": event.subject,
        "kind": stands.kind,
        "number": stands.number,
        "case_number": event.case_number,
        "root": root,
        "parent": stands.parent,
        "state": stands.state,
        "due_at": stands.due,
        "waits": list(stands.waits),
        "desks": desks or None,
        "urgency": stands.urgency,
        "secret": SECRET in stands.hidden,
        "against": [each.removeprefix(AGAINST) for each in stands.hidden if each.startswith(AGAINST)],
        "tally": dict(stands.tally),
        "area_path": event.area_path,
        "version": event.aggregate_version,
        "opened_at": event.time,
        "updated_at": event.time,
        "opens": opens,
        "sights": opens,
        "marks": marks.of(stands, desks),
        "words": terms.of_event(event),
    }


def _desks(awaited: str, place: str) -> list[str]:
    """A person and a unit are found as they are; a role by each place at which it covers this one."""
    return [f"{awaited}@{node}" for node in (*ancestors(place), place)] if awaited.startswith(ROLE) else [awaited]


def named(data: Any, person: str) -> str | None:
    """The display name the event itself gives the person, wherever in its data."""
    if isinstance(data, dict):
        if data.get("id") == person and isinstance(data.get("name"), str):
            return str(data["name"])
        data = list(data.values())
    if isinstance(data, list):
        return next((name for name in (named(each, person) for each in data) if name), None)
    return None


def _prefixed(part: str, row: Row) -> Row:
    return {f"{part}_{name}": value for name, value in row.items()}


def _bound(table: Any, part: str) -> Row:
    """A parameter for each column the store does not number or compute itself."""
    own = [column for column in table.columns if column.identity is None and column.computed is None]
    return {column.name: bindparam(f"{part}_{column.name}", type_=column.type) for column in own}


LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("entry_case_number", type_=Text), 0)))
HELD = LOCK.cte("held").prefix_with("MATERIALIZED")


def _held(values: Row) -> Select[Any]:
    """The values as a row, once the lock is there: what is numbered by the store is numbered under it."""
    return select(*values.values()).select_from(HELD)


def _entered() -> Any:
    staff = select(Account.name).where(Account.id == bindparam("entry_actor"), Account.kind == "person")
    values = _bound(ENTRIES, "entry")
    values["actor_name"] = func.coalesce(staff.scalar_subquery(), values["actor_name"])
    return insert(ENTRIES).from_select(list(values), _held(values)).on_conflict_do_nothing(index_elements=["event_id"])


def _told() -> Any:
    """The entry, and the matter where the event is newer than what is known of it."""
    values = _bound(MATTERS, "matter")
    row = insert(MATTERS).from_select(list(values), _held(values))
    newer = row.excluded.version > MATTERS.c.version
    rest: Row = {name: case((newer, row.excluded[name]), else_=MATTERS.c[name]) for name in values if name != "id"}
    rest["opened_at"] = func.least(MATTERS.c.opened_at, row.excluded.opened_at)
    rest["words"] = ALL_WORDS
    del rest["sights"]
    earlier, more = row.excluded.opened_at < MATTERS.c.opened_at, not_(MATTERS.c.words.contains(row.excluded.words))
    changed = or_(newer, earlier, more)
    upsert = row.on_conflict_do_update(index_elements=["id"], set_=rest, where=changed)
    return upsert.add_cte(ENTER.cte("entered"))


ALL_WORDS = text(
    'array(select distinct word collate "C" from unnest(matter.words || excluded.words) as word order by 1)'
)
ENTER = _entered()
TELL = _told()
SHARE = text(
    """
    update matter set sights = shared.sights
    from (select array(select distinct sight collate "C" from matter, unnest(opens) as sight
                       where case_number = :case_number order by 1) as sights) as shared
    where case_number = :case_number and matter.sights <> shared.sights
    """
)
"""All matters of the case carry what any of them opens."""
