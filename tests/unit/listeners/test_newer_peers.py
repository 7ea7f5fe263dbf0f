"""No listener parks a fact for a code it does not know, whatever it knows of the case already."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy.orm import Session

from chassis.entrypoints import Handles
from chassis.identity import Principal
from chassis.standing import Standing
from chassis.store import Store
from contracts import samples
from contracts.listeners import LISTENERS
from contracts.registry import EVENTS
from contracts.schema import EventSchema
from kernel.codes import AppealState
from services.intake.tables import Appeal
from services.portal.readmodel import shapes, words
from services.portal.readmodel.tables import Entry, Matter
from tests.support.delivering import with_peers
from tests.support.events import hear
from tests.support.newer import NEW, code_paths, with_new_code, with_new_field
from tests.unit.intake import world as intake_world
from tests.unit.notify.conftest import PLACES

pytestmark = pytest.mark.rule("31")
NOW = datetime(2024, 7, 10, 1, 0, tzinfo=UTC)
Handle = Callable[[Session, Any], None]
EVERYTHING = list(EVENTS.values())


def handlers(service: str) -> dict[Any, Handle]:
    """What a service hears: contract → its method, called as a delivery does; None hears everything."""
    module = import_module(
        "services.portal.readmodel.service" if service == "portal" else f"services.{service}.service"
    )
    programs = [each for _, each in inspect.getmembers(module, inspect.isclass) if each.__module__ == module.__name__]
    heard = [entry for program in programs for entry in program.entrypoints.values() if isinstance(entry, Handles)]
    return {entry.contract: partial(_handled, service, entry.operation) for entry in heard}


def _handled(service: str, operation: Any, session: Session, event: Any) -> None:
    with_peers(operation)(session, Principal.service(service), event, NOW)


def seeded(service: str, store: Store) -> None:
    """The places a service needs to know, and a case the samples tell of."""
    with store.transaction() as session:
        if service == "intake":
            intake_world.furnish(session)
        if service == "notify":
            area = import_module("services.notify.tables").Area
            for path, (code, level, name, area4) in PLACES.items():
                session.add(area(path=path, code=code, level=level, name=name, area4=area4))


def fact(contract: type[EventSchema], data: dict[str, Any] | None = None) -> Any:
    return hear(contract, data, subject=samples.APPEAL, time=NOW)


@pytest.fixture(scope="module")
def told(request: Any, postgres: Any) -> Iterator[tuple[str, Store, dict[Any, Handle]]]:
    """A store of the service that has heard all its facts once, as the samples tell them."""
    service = request.param
    import_module(f"services.{service}.service")  # its capabilities bring tables of their own
    metadata = import_module(f"services.{service}.tables").Base.metadata
    store = Store(postgres.database(metadata), pool_size=2)
    seeded(service, store)
    hearing = handlers(service)
    if service == "intake":
        intake_world.register(store)
    with store.transaction() as session:
        for contract in LISTENERS[service] or EVERYTHING:
            run(hearing, session, contract)
    yield service, store, hearing
    store.engine.dispose()


def run(hearing: dict[Any, Handle], session: Session, contract: Any, data: dict[str, Any] | None = None) -> None:
    event = fact(contract, data)
    if contract in hearing:
        hearing[contract](session, event)
    else:  # who hears everything gets the data as they came
        hearing[None](session, replace(event, data=data or contract.example))
    session.flush()


def in_every_state(service: str, session: Session) -> Iterator[None]:
    """An appeal takes facts differently in each of its states."""
    appeal = session.query(Appeal).first() if service == "intake" else None
    for state in AppealState if appeal else [None]:
        if appeal and state:
            appeal.state = state
        yield


def about(service: str, session: Session, data: dict[str, Any]) -> dict[str, Any]:
    """The sample's appeal is the one that lies in the store."""
    appeal = session.query(Appeal).first() if service == "intake" else None
    source = {name: {**data[name], "id": str(appeal.id)} for name in ("source", "subject") if appeal and name in data}
    return {**data, **source}


each_service = pytest.mark.parametrize("told", LISTENERS, indirect=True, ids=str)


@each_service
def test_given_a_code_nobody_knows_when_heard_then_every_listener_handles_the_fact(told) -> None:
    service, store, hearing = told
    for contract in LISTENERS[service] or EVERYTHING:
        for path in code_paths(contract()):
            with store.sessions() as session:
                for _ in in_every_state(service, session):
                    savepoint = session.begin_nested()
                    run(hearing, session, contract, about(service, session, with_new_code(contract, path)))
                    savepoint.rollback()


@each_service
def test_given_fields_nobody_knows_when_heard_then_every_listener_handles_the_fact(told) -> None:
    service, store, hearing = told
    for contract in LISTENERS[service] or EVERYTHING:
        with store.sessions() as session:
            run(hearing, session, contract, about(service, session, with_new_field(contract.example)))


@pytest.mark.parametrize("told", ["portal"], indirect=True)
def test_given_codes_nobody_knows_when_read_then_desk_and_timeline_show_them_as_they_came(told) -> None:
    _, store, hearing = told
    with store.sessions() as session:
        for place, contract in enumerate(EVERYTHING):
            for path in code_paths(contract()):
                run(hearing, session, contract, with_new_code(contract, path))
            newer = {"subject": str(place), "standing": of_tomorrow(str(place)), "data": contract.example}
            hearing[None](session, replace(fact(contract), **newer))
        rows = [shapes.row(matter, NOW, {}, []) for matter in session.query(Matter)]
        assert {("事项", NEW, NEW)} == {(row["kind_label"], row["state_label"], row["urgency_label"]) for row in rows}
        entries = session.query(Entry).all()
        assert len(EVERYTHING) < len([words.for_staff(each.source, each.name, each.data, {}) for each in entries])


def of_tomorrow(number: str) -> Standing:
    """How a newer peer's matter stands: of a kind, in a state, waiting for somebody that nobody here knows."""
    return Standing(NEW, NEW, number, NOW.isoformat(), NOW, (f"guild:{NEW}",), NEW, (f"sealed:{NEW}",), {"new": NEW})
