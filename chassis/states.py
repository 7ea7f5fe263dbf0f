"""State tables, declared once an entity: the rules, the diagrams and the property tests all read this one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from chassis.errors import Conflict

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class Move(Generic[S]):
    """From any of `sources` to `target`; target None means the state stays."""

    sources: frozenset[S]
    target: S | None

    def __init__(self, sources: set[S] | frozenset[S], target: S | None) -> None:
        object.__setattr__(self, "sources", frozenset(sources))
        object.__setattr__(self, "target", target)


class Machine(Generic[S]):
    """All states of an entity and the commands that lead from one to another."""

    def __init__(self, entity: str, initial: S, moves: Mapping[str, Move[S]]) -> None:
        self.entity = entity
        self.initial = initial
        self.moves = dict(moves)
        self.states: type[S] = type(initial)

    @property
    def terminal(self) -> frozenset[S]:
        """States no command leads out of."""
        leaving = {source for move in self.moves.values() for source in move.sources}
        return frozenset(state for state in self.states if state not in leaving)

    def commands_from(self, state: S | str) -> list[str]:
        return sorted(command for command, move in self.moves.items() if state in move.sources)

    def check(self, row: Any, command: str) -> None:
        """Errors: Conflict, naming the present state and the states that allow the command."""
        allowed = self.moves[command].sources
        if row.state not in allowed:
            raise Conflict(
                f"当前状态“{label(self.states(row.state))}”不能执行此操作",
                entity=self.entity,
                command=command,
                state=str(row.state),
                allowed_states=sorted(str(state) for state in allowed),
            )

    def move(self, row: Any, command: str) -> None:
        """Checks, then sets `row.state`."""
        self.check(row, command)
        target = self.moves[command].target
        if target is not None:
            row.state = target

    def arrows(self) -> Iterator[tuple[S, str, S]]:
        for command, move in self.moves.items():
            for source in sorted(move.sources):
                yield source, command, move.target or source

    def mermaid(self) -> str:
        """The diagram the documents show."""
        lines = ["stateDiagram-v2", f"  [*] --> {self.initial}"]
        lines += [f"  {source} --> {target}: {command}" for source, command, target in self.arrows()]
        lines += [f"  {state} --> [*]" for state in sorted(self.terminal)]
        return "\n".join(lines)


def label(state: StrEnum) -> str:
    """A state's word for people, where the enum has one."""
    return str(getattr(state, "label", state))
