"""What a service holds about one person, said once: copied for the person, erased when it is ordered, kept by law."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from capability.life import permit
from chassis import audit, erased, outbox
from chassis.entrypoints import Answers, Entrypoint, Handles, Provider
from chassis.envelope import Event
from chassis.erased import EVERYWHERE
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import new_id
from kernel.codes.base import Code
from kernel.codes.holdings import Keeping

Item = dict[str, Any]
ACT = "erase"
SECONDS = 3.0
"""How long intake may take to say who it is; then the order comes again."""


@dataclass(frozen=True)
class Subject:
    """Whose data: the records, the names with telephones where a store knows people by them, the cases."""

    person_ids: frozenset[UUID]
    people: tuple[tuple[str, str | None], ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    """Why a row stays, and until when; without a day as long as it runs."""

    why: Keeping
    until: datetime | None = None


Stays = Callable[[Any, datetime], Kept | None]


@dataclass(frozen=True)
class Holding:
    """One kind of rows. `rows(session, subject)`: those that tell of the person.

    `words`: what the person is shown, by its label: an attribute, or what makes it of the row. `clears`: what stands in
    an attribute afterwards, or what makes it of the row. `stays`: why a row may not be touched yet. `number` of a row,
    as people know it. `first(session, row, now)` is done before.
    """

    what: str
    rows: Callable[[Session, Subject], Iterable[Any]]
    words: Mapping[str, str | Callable[[Any], Any]]
    clears: Mapping[str, Any] = field(default_factory=dict)
    stays: Stays = lambda row, now: None
    number: Callable[[Any], str] = lambda row: str(getattr(row, "case_number", "") or "")
    first: Callable[[Session, Any, datetime], None] = lambda session, row, now: None


def copy(session: Session, holdings: Sequence[Holding], subject: Subject) -> list[Item]:
    """Everything that is held, in words for the person; nothing empty."""
    return [_item(kind, row) for kind in holdings for row in kind.rows(session, subject)]


def erase(session: Session, holdings: Sequence[Holding], subject: Subject, now: datetime) -> tuple[int, list[Item]]:
    """How many rows were cleared now, and those the law keeps. Erasing again clears nothing more."""
    cleared, kept = 0, list[Item]()
    for kind in holdings:
        for row in kind.rows(session, subject):
            if reason := kind.stays(row, now):
                kept.append({"number": kind.number(row), "why": reason.why, "until": reason.until})
            elif blanks := _cleared(row, kind.clears):
                kind.first(session, row, now)
                for name, value in blanks.items():
                    setattr(row, name, value)
                cleared += 1
    return cleared, kept


def entomb(session: Session, subject: Subject, whole: bool, now: datetime) -> None:
    """No event heard later brings the names back: in these cases, or where the whole person goes in any."""
    erased.remember(session, subject.person_ids, [*subject.numbers, *([EVERYWHERE] if whole else [])], now)


def _cleared(row: Any, clears: Mapping[str, Any]) -> dict[str, Any]:
    """What is to stand in the attributes that still tell something."""
    wanted = {name: value(row) if callable(value) else value for name, value in clears.items()}
    return {name: value for name, value in wanted.items() if getattr(row, name) not in (None, value)}


def _item(kind: Holding, row: Any) -> Item:
    words = [{"label": label, "text": text} for label, text in _texts(kind, row)]
    return {
        "what": kind.what,
        "number": kind.number(row) or None,
        "at": getattr(row, "created_at", None),
        "words": words,
    }


def _texts(kind: Holding, row: Any) -> Iterator[tuple[str, str]]:
    for label, word in kind.words.items():
        value = word(row) if callable(word) else getattr(row, word)
        if value not in (None, "", [], {}):
            yield label, value.label if isinstance(value, Code) else str(value)


@dataclass
class Report:
    """What the report of a store is about: the request itself, under its number, without a standing of its own here."""

    area_path: str
    case_number: str
    id: UUID = field(default_factory=new_id)
    version: int = 0


@standing_of.register
def _none(report: Report) -> Standing:
    return Standing(kind="", state="")


def about(event: Event) -> Any:
    """The request that an order names, for the report to be recorded about."""
    return Report(event.area_path, event.case_number)


def subject_of(asked: Mapping[str, Any]) -> Subject:
    """Whom a copy is asked of."""
    people = tuple((each["name"], each["phone"]) for each in asked["people"])
    return Subject(frozenset(asked["person_ids"]), people, tuple(asked["numbers"]))


def carry_out(
    session: Session,
    who: Principal,
    event: Event,
    now: datetime,
    holdings: Sequence[Holding],
    people: Sequence[Item] = (),
) -> dict[str, Any] | None:
    """What an order to erase does in one store; what is reported of it. Its audit row says that it was done: ordered
    again under another id, it does and says nothing."""
    told = event.data
    if audit.noted(session, ACT, told["number"]):
        return None
    subject = subject_of({**told, "people": people})
    cleared, kept = erase(session, holdings, subject, now)
    entomb(session, subject, told["whole"], now)
    audit.note(session, who, now, ACT, told["number"], "删除请求", cleared=cleared, kept=len(kept))
    return {"erasure_id": told["erasure_id"], "cleared": cleared, "kept": kept}


@dataclass(frozen=True)
class Held(Provider):
    """What one store holds: a copy is asked for with `copied`, `ordered` has it erased, `told` reports that it was.

    `identify` asks intake who it is, where people are known by name here.
    """

    copied: Any
    ordered: Any
    told: Any
    holdings: Sequence[Holding]
    identify: Any = None

    def entrypoints(self) -> Iterator[Entrypoint]:
        yield Answers(self.copied.method, self.copy, self.copied)
        yield Handles(self.ordered.name, self.erase, self.ordered, 1)

    def copy(self, session: Session, who: Principal, command: Item, now: datetime) -> Item:
        """Errors: Forbidden for all but intake."""
        permit(who, self.copied, None)
        return {"items": copy(session, self.holdings, subject_of(command))}

    def erase(self, session: Session, who: Principal, event: Event, now: datetime, ask: Any = None) -> None:
        """Errors: those of intake; then the event comes again."""
        question = {"erasure_id": str(event.data["erasure_id"])}
        people = ask(self.identify, question, deadline=SECONDS)["people"] if self.identify else ()
        if told := carry_out(session, who, event, now, self.holdings, people):
            outbox.record(session, self.told, about(event), who, now, **told)
