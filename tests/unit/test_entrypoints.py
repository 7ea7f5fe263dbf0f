"""Every service answers and hears exactly what the contracts say; marks stand on the operations themselves."""

from __future__ import annotations

import inspect
import re
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bus.service import DuplicateEntrypoint, Service
from chassis.entrypoints import Answers, Handles, entrypoints_of, hears
from chassis.identity import Principal
from contracts.listeners import LISTENERS
from contracts.registry import COMMANDS, EVENTS
from services.dispatch.service import DispatchService
from services.intake.service import IntakeService
from services.mediation.service import MediationService
from services.notify.service import NotifyService
from services.portal.readmodel.service import ReadModelService
from tests.toys.things.service import ThingService

SERVICES = [IntakeService, DispatchService, MediationService, NotifyService, ReadModelService]
every_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.__name__)


def entries(service: type[Service], kind: type[Any]) -> list[Any]:
    return [entry for entry in service.entrypoints.values() if isinstance(entry, kind)]


@every_service
def test_given_the_contracts_when_compared_then_every_command_is_answered(service: type[Service]) -> None:
    own = {entry.command for entry in entries(service, Answers)} - {Service.entrypoints["events_since"].command}
    assert {command for (name, _), command in COMMANDS.items() if name == service.name} == own


@every_service
def test_given_the_listeners_when_compared_then_every_event_is_heard(service: type[Service]) -> None:
    heard = {entry.contract for entry in entries(service, Handles)}
    assert set(LISTENERS[service.name]) == heard or heard == {None}


@every_service
def test_given_the_contracts_when_compared_then_every_event_is_said_somewhere(service: type[Service]) -> None:
    folder = Path(inspect.getfile(service)).parent
    code = "\n".join(path.read_text(encoding="utf8") for path in folder.glob("**/*.py"))
    events = {fact.__name__ for fact in EVENTS.values() if fact.source == service.name}
    assert set() == {name for name in events if not re.search(rf"\b{name}\b", code)}


def capability(*operations: Any) -> ModuleType:
    module = ModuleType("capability")
    for no, operation in enumerate(operations):
        operation.__module__ = module.__name__
        setattr(module, f"operation_{no}", operation)
    return module


def test_given_two_operations_of_one_name_when_bound_then_the_service_is_refused() -> None:
    with pytest.raises(DuplicateEntrypoint):
        type("Twice", (ThingService,), {"capabilities": ("doing",), "__module__": ThingService.__module__})


def test_given_an_operation_of_another_module_when_looked_at_then_it_is_not_this_ones() -> None:
    @hears()
    def anything(session: Session, who: Principal, event: Any, now: datetime) -> None: ...

    module = ModuleType("other")
    module.anything = anything  # type: ignore[attr-defined]
    assert [] == list(entrypoints_of(module))
