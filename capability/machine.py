"""States and the moves that lead from one to another, declared once: the rules, the buttons, the diagrams and the
property tests all read this one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from chassis.errors import Conflict

S = TypeVar("S", bound=StrEnum)
Key = Any
"""What moves: a command's class, an event's class, or a word for what follows from another row."""


@dataclass(frozen=True)
class Move(Generic[S]):
    """From any of `sources` to `target`; target None means the state stays.

    With the `fact` that tells it a move is whole: the life carries it out itself (`Life.carry_out`), and notes who did
    it in the columns `<by>_id` and `<by>_name`, and when in the column `at`. `when_due`: nobody commands it, it
    follows when the clock of the state has run out.
    """

    sources: Set[S]
    target: S | None
    fact: Any = None
    when_due: bool = False
    by: str = ""
    at: str = ""


def name_of(key: Key) -> str:
    """The RPC method of a command, the name of an event, or the word itself."""
    return str(key if isinstance(key, str) else getattr(key, "method", None) or key.name)


class Machine(Generic[S]):
    """All states of an entity and the moves that lead from one to another."""

    def __init__(self, entity: str, initial: S, moves: Mapping[Key, Move[S]]) -> None:
        self.entity = entity
        self.initial = initial
        self.moves = {name_of(key): move for key, move in moves.items()}
        self.commands = {key.method: key for key in moves if hasattr(key, "method")}
        self.states: type[S] = type(initial)

    @property
    def follows(self) -> frozenset[str]:
        """Moves nobody can command: they follow from a fact, a clock or another row."""
        return frozenset(self.moves.keys() - self.commands.keys())

    @property
    def terminal(self) -> frozenset[S]:
        """States no move leads out of."""
        leaving = {source for move in self.moves.values() for source in move.sources}
        return frozenset(state for state in self.states if state not in leaving)

    def commands_from(self, state: S | str) -> list[str]:
        """Names of all moves the state allows."""
        return sorted(name for name, move in self.moves.items() if state in move.sources)

    def check(self, row: Any, key: Key) -> None:
        """Errors: Conflict, naming the present state and the states that allow the move."""
        name = name_of(key)
        allowed = self.moves[name].sources
        if row.state not in allowed:
            raise Conflict(
                f"当前状态“{label(self.states(row.state))}”不能执行此操作",
                entity=self.entity,
                command=name,
                state=str(row.state),
                allowed_states=sorted(str(state) for state in allowed),
            )

    def move(self, row: Any, key: Key) -> None:
        """Checks, then sets `row.state`."""
        self.check(row, key)
        target = self.moves[name_of(key)].target
        if target is not None:
            row.state = target

    def arrows(self) -> Iterator[tuple[S, str, S]]:
        for name, move in self.moves.items():
            for source in sorted(move.sources):
                yield source, name, move.target or source

    def mermaid(self) -> str:
        """The diagram the documents show."""
        lines = ["stateDiagram-v2", f"  [*] --> {self.initial}"]
        lines += [f"  {source} --> {target}: {name}" for source, name, target in self.arrows()]
        lines += [f"  {state} --> [*]" for state in sorted(self.terminal)]
        return "\n".join(lines)


def label(state: StrEnum) -> str:
    """A state's word for people, where the enum has one."""
    return str(getattr(state, "label", state))
