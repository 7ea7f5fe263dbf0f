"""The life of an entity, declared once: states, moves, who may. The rules, the buttons, the diagrams and the property
tests all read this one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from chassis.errors import Conflict, Forbidden, NotFound
from chassis.identity import Principal
from chassis.store import expect

S = TypeVar("S", bound=StrEnum)
R = TypeVar("R")
Key = Any
"""What moves: a command's class, an event's class, or a word for what follows from another row."""
BEGUN = "begun_command"


@dataclass(frozen=True)
class Move(Generic[S]):
    """From any of `sources` to `target`; target None means the state stays."""

    sources: frozenset[S]
    target: S | None

    def __init__(self, sources: set[S] | frozenset[S], target: S | None) -> None:
        object.__setattr__(self, "sources", frozenset(sources))
        object.__setattr__(self, "target", target)


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


class Right(Protocol):
    """Who may do something with an item (kernel.rights)."""

    @property
    def roles(self) -> tuple[Any, ...]: ...

    def allows(self, who: Principal, item: Any, tests: Mapping[str, Any], /) -> bool: ...

    def chosen(self, who: Principal, item: Any, tests: Mapping[str, Any], /) -> Right: ...


@dataclass(frozen=True)
class Rules:
    """What a service says once about how an entity is found, seen and told of.

    `hold(session, command)`: the row a command names, locked until commit; None where there is none. `sight`: who may
    know of it. `tests`: what decides the named rights. `unknown(command)`: what is answered where there is no such row,
    or not for the asker. `refusal(row, name)`: why the row's history rules a command out, or None.
    `tell(session, event, row, who, now, **data)` records a fact.
    """

    hold: Callable[[Session, Mapping[str, Any]], Any | None]
    sight: Right
    unknown: Callable[[Mapping[str, Any]], NotFound]
    tell: Callable[..., None]
    tests: Mapping[str, Callable[[Any, Any], bool]]
    refusal: Callable[[Any, str], Conflict | None] = lambda row, name: None


class Life(Machine[S], Generic[R, S]):
    """A machine whose moves by command begin and end in one way."""

    def __init__(self, row: type[R], initial: S, moves: Mapping[Key, Move[S]], rules: Rules) -> None:
        super().__init__(str(vars(row)["__tablename__"]), initial, moves)
        self.row, self.rules = row, rules

    def sees(self, who: Principal, row: R) -> bool:
        return self.rules.sight.allows(who, row, self.rules.tests)

    def may(self, who: Principal, command: Any, row: R) -> bool:
        """Whether `who` may do this with the row, whatever its state."""
        return self.sees(who, row) and command.by.allows(who, row, self.rules.tests)

    def allowed_commands(self, who: Principal, row: Any) -> list[str]:
        """What the state allows, `who` may do and nothing rules out: pages draw their buttons from it."""
        if not self.sees(who, row):
            return []
        named = (name for name in self.commands_from(row.state) if name in self.commands)
        return [name for name in named if self._is_open(who, self.commands[name], row)]

    def _is_open(self, who: Principal, command: Any, row: Any) -> bool:
        return command.by.allows(who, row, self.rules.tests) and self.rules.refusal(row, command.method) is None

    def begin(self, session: Session, who: Principal, command: Any, asked: Mapping[str, Any]) -> R:
        """The row a command is about, locked until commit; `who` may, the version and the state fit, in this order.

        Errors: NotFound, also where `who` may not see it; Forbidden, naming roles and place; VersionMismatch;
        Conflict, naming the states that would do, or what rules it out.
        """
        return self.admit(who, command, self.hold(session, asked), asked)

    def admit(self, who: Principal, command: Any, row: R, asked: Mapping[str, Any]) -> R:
        """The row, held already. Errors: as `begin`."""
        self.allow(who, command, row, asked)
        expect(row, asked.get("expected_version"))
        self.check(row, command)
        if why := self.rules.refusal(row, command.method):
            raise Conflict(why.message, why.details, command=command.method, state=str(vars(row)["state"]))
        setattr(row, BEGUN, command)
        return row

    def allow(self, who: Principal, command: Any, row: R, asked: Mapping[str, Any]) -> R:
        """The row, for who may do this with it in any state. Errors: NotFound, Forbidden."""
        if not self.sees(who, row):
            raise self.rules.unknown(asked)
        permit(who, command, row, self.rules.tests)
        return row

    def hold(self, session: Session, asked: Mapping[str, Any]) -> R:
        """The row, locked, whoever asks. Errors: NotFound."""
        row: R | None = self.rules.hold(session, asked)
        if row is None:
            raise self.rules.unknown(asked)
        return row

    def move(self, row: Any, key: Key) -> None:
        """As a machine's; what began on the row is then done."""
        super().move(row, key)
        vars(row).pop(BEGUN, None)

    def advance(self, row: R) -> None:
        """Makes the move of the command that began on the row, unless it was made: for whoever needs the new state."""
        if command := vars(row).get(BEGUN):
            self.move(row, command)

    def done(self, session: Session, who: Principal, row: R, now: Any, *said: Any, **data: Any) -> R:
        """Makes the move of the command that began on the row, tells `said`, the event, with its data; the row.

        Without an event nothing is told.
        """
        self.advance(row)
        for event in said:
            self.rules.tell(session, event, row, who, now, **data)
        return row


def permit(who: Principal, command: Any, item: Any, tests: Mapping[str, Any] | None = None) -> None:
    """Errors: Forbidden, naming the roles and the place that would do."""
    right: Right = command.by
    if not right.allows(who, item, tests or {}):
        raise Forbidden(
            f"您没有办理此事的权限，可以办理的是：{right}",
            command=command.method,
            roles=[str(role) for role in right.chosen(who, item, tests or {}).roles],
            place=getattr(item, "area_path", None),
        )


def label(state: StrEnum) -> str:
    """A state's word for people, where the enum has one."""
    return str(getattr(state, "label", state))
