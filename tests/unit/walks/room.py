"""One row of a life in a store, and everybody who might come: what the walks over all commands start from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from capability.life import Life
from capability.machine import Machine
from chassis.errors import ServiceError
from chassis.identity import Grant, Principal
from chassis.store import Store
from kernel.codes import Role

ELSEWHERE = "yinchuan.jinfeng.other.g1"


class Undone(Exception):
    """Takes everything back."""


@dataclass(frozen=True)
class Room:
    """A life with one row in a store; `asked` names the row in whatever field a command has for it."""

    service: Any
    life: Life[Any, Any]
    store: Store
    row: Any
    key: UUID
    asked: dict[str, Any]
    people: tuple[Principal, ...] = ()
    part: Callable[[Any], tuple[Machine[Any], Any]] | None = None
    """A part of the row with states of its own, which are looked at first."""

    def fit(self, command: Any, row: Any) -> tuple[str, list[str]]:
        """The state that a refusal names, and those that would do."""
        if self.part is not None:
            machine, part = self.part(row)
            if command.method in machine.moves and part.state not in machine.moves[command.method].sources:
                return part.state, sorted(machine.moves[command.method].sources)
        return row.state, sorted(self.life.moves[command.method].sources)

    @contextmanager
    def looking(self, state: str | None = None) -> Iterator[tuple[Session, Any]]:
        """The row in a state, in a transaction that is taken back."""
        try:
            with self.store.transaction() as session:
                found = session.get_one(self.row, self.key)
                if state is not None:
                    found.state = state
                    session.flush()
                yield session, found
                raise Undone
        except Undone:
            pass

    def answer(self, session: Session, who: Principal, command: Any, version: int | None, now: Any) -> Any:
        """What the operation of a command answers: the error that it raises, or None."""
        named = {name: value for name, value in self.asked.items() if name in command().fields}
        asked = {**command().load({**command.example, **named}), "expected_version": version}
        entry = self.service.entrypoints[command.method]
        try:
            entry.operation(session, who, asked, now, **dict.fromkeys(entry.extras))
        except ServiceError as error:
            return error
        return None


def everybody(place: str, *known: Principal) -> list[Principal]:
    """Each role above the place and elsewhere, in a unit that has nothing to do with it; and those who have."""
    above = place.rsplit(".", 1)[0]
    found = [
        Principal(f"u-{role}-{node}", "某某", (Grant(role, node, "strangers"),))
        for role in Role
        for node in (above, ELSEWHERE)
    ]
    return [*found, *known, Principal("u-nobody", "某某"), Principal.service("portal")]
