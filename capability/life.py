"""The life of an aggregate: how its moves by command begin and end, and what is shown of it to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property, partial
from typing import Any, Generic, TypeVar

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from capability import paging
from capability.clocked import Clocked
from capability.machine import Key, Machine, Move
from chassis import audit
from chassis.entrypoints import Answers, Entrypoint, Provider, Ticks
from chassis.errors import Conflict, Forbidden, NotFound
from chassis.identity import Principal
from chassis.store import expect, new_id
from kernel import numbers
from kernel.rights import Right

S = TypeVar("S", bound=StrEnum)
R = TypeVar("R")
Asked = Mapping[str, Any]
BEGUN = "begun_command"
EVERY_SECONDS, AT_ONCE = 15, 100
FILTERS = {"numbers": "case_number"}
"""Columns of questions that call them otherwise."""


@dataclass(frozen=True)
class Rules:
    """What a service says once about how an entity is found, seen and told of.

    `hold(session, command)`: the row a command names, locked until commit; None where there is none. `sight`: who may
    know of it. `tests`: what decides the named rights. `unknown(command)`: what is answered where there is no such row,
    or not for the asker. `refusal(row, name)`: why the row's history rules a command out, or None.
    `tell(session, event, row, who, now, **data)` records a fact. `due(key, start, now)`: when the limit of a
    policy key, begun at `start`, ends. `approaching` is the fact that warns of it.
    """

    hold: Callable[[Session, Mapping[str, Any]], Any | None]
    sight: Right
    unknown: Callable[[Mapping[str, Any]], NotFound]
    tell: Callable[..., Any]
    tests: Mapping[str, Callable[[Any, Any], bool]] = field(default_factory=dict)
    refusal: Callable[[Any, str], Conflict | None] = lambda row, name: None
    due: Callable[[str, Any, Any], Any] | None = None
    approaching: Any = None


class Life(Machine[S], Provider, Generic[R, S]):
    """A machine whose moves by command begin and end in one way.

    `clocks` are policy keys by state: with the state begins the row's clock (`Clocked`). `answers` are questions about
    a row, for a page of rows, or for what lies sealed in one, that need nothing but the table (`entrypoints`).
    """

    def __init__(
        self,
        row: type[R],
        initial: S,
        moves: Mapping[Key, Move[S]],
        rules: Rules,
        clocks: Mapping[Any, str] | None = None,
        answers: tuple[Any, ...] = (),
    ) -> None:
        super().__init__(str(vars(row)["__tablename__"]), initial, moves)
        self.row, self.rules, self.clocks, self.answers = row, rules, clocks or {}, answers

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

    @cached_property
    def answer(self) -> Any:
        """The schema of what is shown of a row: what its commands answer, or the first question about it."""
        return next(iter((*self.commands.values(), *self.answers))).answer()

    def shows(self) -> Mapping[type, Callable[..., Any]]:
        return {self.row: self.view}

    def view(self, session: Session, who: Principal, row: Any) -> dict[str, Any]:
        """The row as `who` may read it, field by field (`seen_by`), and what may be done now."""
        tests = self.rules.tests
        seen = (name for name, field in self.answer.fields.items() if is_for(who, field, row, tests))
        shown = {name: getattr(row, name, None) for name in seen}
        return {**shown, "allowed_commands": self.allowed_commands(who, row)}

    def start(self, session: Session, who: Principal, command: Any, row: R, now: Any, event: Any, **data: Any) -> R:
        """A new row in its first state, told of. Errors: Forbidden."""
        permit(who, command, row, self.rules.tests)
        return self.started(session, who, row, now, event, **data)

    def started(self, session: Session, who: Principal, row: R, now: Any, event: Any, **data: Any) -> R:
        """The same for what nobody commands: a clock, a fact or another row began it. A state given to it stays."""
        row.id, row.state = new_id(), vars(row).get("state") or self.initial  # type: ignore[attr-defined]
        self.wind(row, now)
        session.add(row)
        self.rules.tell(session, event, row, who, now, **data)
        return row

    def read(self, session: Session, who: Principal, asked: Asked, now: Any = None) -> R:
        """The row a question names, not locked. Errors: NotFound, also where `who` may not see it."""
        row: R | None = self.rules.hold(session, asked)
        if row is None or not self.sees(who, row):
            raise self.rules.unknown(asked)
        return row

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
            raise Conflict(why.message, {"command": command.method, "state": str(vars(row)["state"]), **why.details})
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

        Without an event nothing is told. The clock of the new state begins, unless the caller has made the move itself.
        """
        if BEGUN in vars(row):
            before = vars(row)["state"]
            self.advance(row)
            if vars(row)["state"] != before:
                self.wind(row, now)
        for event in said:
            self.rules.tell(session, event, row, who, now, **data)
        return row

    def wind(self, row: Any, now: Any) -> None:
        """The clock of the row's state begins; in a state without one, and in one that is the end, it has none."""
        if self.clocks and self.rules.due:
            key = self.clocks.get(row.state)
            row.until(self.rules.due(key, now, now) if key else None, now)
        elif row.state in self.terminal and isinstance(row, Clocked):
            row.until(None, now)

    def entrypoints(self) -> Iterator[Entrypoint]:
        """What needs no program of its own: moves told whole by their fact, questions that are the table itself."""
        for name, command in self.commands.items():
            if self.moves[name].fact:
                yield Answers(name, partial(self.carry_out, command), command)
        for question in self.answers:
            yield Answers(question.method, self._asker(question), question)
        if any(move.when_due for move in self.moves.values()):
            yield Ticks(f"end_{self.entity}", self.end_due, EVERY_SECONDS, True)
        if self.rules.approaching and issubclass(self.row, Clocked):
            yield Ticks(f"warn_{self.entity}", self.warn, EVERY_SECONDS, True)

    def _asker(self, question: Any) -> Callable[..., Any]:
        if "items" in question.answer().fields:
            return self.page
        return partial(self.reveal, question) if "purpose" in question().fields else self.read

    def reveal(self, question: Any, session: Session, who: Principal, asked: Asked, now: datetime) -> dict[str, Any]:
        """What lies sealed in the row, unmasked. Each answer leaves an audit row with its purpose (invariant 19).

        Errors: NotFound, Forbidden.
        """
        row: Any = self.read(session, who, asked)
        permit(who, question, row, self.rules.tests)
        audit.note(session, who, now, question.method, row.number, asked["purpose"], case=row.number)
        return {name: getattr(row, name) for name in question.answer().fields}

    def carry_out(self, command: Any, session: Session, who: Principal, asked: Asked, now: datetime) -> R:
        """What the command holds and the row has is put into the row; then the move, told by its fact.

        Errors: as `begin`.
        """
        row, move = self.begin(session, who, command, asked), self.moves[command.method]
        put = {name: asked[name] for name in asked.keys() & inspect(self.row).column_attrs.keys()}
        put |= {f"{move.by}_id": who.id, f"{move.by}_name": who.name} if move.by else {}
        for name, value in (put | ({move.at: now} if move.at else {})).items():
            setattr(row, name, value)
        return self.done(session, who, row, now, move.fact)

    def end_due(self, session: Session, who: Principal, now: datetime) -> None:
        """Rows whose state ends with its clock, the oldest first; others come with the next tick."""
        model: Any = self.row
        for name, move in self.moves.items():
            if move.when_due:
                due = select(model).where(model.state.in_(move.sources), model.due_at <= now)
                first = due.order_by(model.due_at, model.id).limit(AT_ONCE)
                for row in session.scalars(first.with_for_update(skip_locked=True)):
                    self.move(row, name)
                    self.wind(row, now)
                    self.rules.tell(session, move.fact, row, who, now)

    def warn(self, session: Session, who: Principal, now: datetime) -> None:
        """Tells of rows whose clock has reached a warning, the oldest first; others come with the next tick."""
        model: Any = self.row
        query = select(model).where(model.warn_at <= now).order_by(model.warn_at, model.id).limit(AT_ONCE)
        for row in session.scalars(query.with_for_update(skip_locked=True)):
            if percent := row.warn(now):
                self.rules.tell(session, self.rules.approaching, row, who, now, percent=percent)

    def page(
        self, session: Session, who: Principal, asked: Asked, now: datetime, sight: Right | None = None,
        order: tuple[Any, ...] = (),
    ) -> dict[str, Any]:  # fmt: skip
        """The rows in sight (of `who`, or as `sight` says) that fit what was asked, as ordered or the newest first."""
        model: Any = self.row
        query = select(model).where((sight or self.rules.sight).where(model, who))
        if asked.get("area_path"):
            query = query.where(model.area_path.within(asked["area_path"]))
        for name, values in asked.items():
            if values and isinstance(values, list):
                query = query.where(getattr(model, FILTERS.get(name, name)).in_(values))
        view, by = partial(self.view, session, who), order or (model.id,)
        return paging.page(session, query, asked, view, *by, newest_first=not order)


def by_number(model: Any) -> Callable[[Session, Mapping[str, Any]], Any | None]:
    """Finds the row of a command's number: locked until commit where it changes something (`expected_version`)."""

    def hold(session: Session, asked: Mapping[str, Any]) -> Any | None:
        query = select(model).where(model.case_number == asked["number"])
        return session.scalars(query.with_for_update() if "expected_version" in asked else query).one_or_none()

    return hold


def unknown_number(asked: Mapping[str, Any]) -> NotFound:
    """What is answered for a number that does not exist, or not for the asker; with a hint where it was misread."""
    number = asked["number"]
    return NotFound("没有找到这个编号" if numbers.check(number) else "编号有误，请核对是否抄错", number=number)


def is_for(who: Principal, field: Any, row: Any, tests: Mapping[str, Any]) -> bool:
    """Whether a field of a view may be read by `who`."""
    right: Right | None = getattr(field, "seen_by", None)
    return right is None or right.allows(who, row, tests)


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
