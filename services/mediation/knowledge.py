"""Knowledge base 知识库 (domain §1 S0.13): answers with a legal basis, an owner and an end, found by words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.deadlines import MediationDeadlineApproaching
from contracts.mediation import knowledge as say
from contracts.mediation.knowledge import KnowledgeState as S
from kernel.calendar import end_of, local_day
from kernel.grams import grams
from services.mediation import hints, legal
from services.mediation.numbering import root_number
from services.mediation.rules import rules
from services.mediation.tables import Knowledge

Command = dict[str, Any]
A_DAY = timedelta(days=1)
VALID = "knowledge.valid"
KEPT = (S.CURRENT, S.REVIEW, S.EXPIRED)
OFFICE = ("role:STREET",)


class _Life(Life[Knowledge, S]):
    def view(self, session: Session, who: Principal, row: Any) -> dict[str, Any]:
        """When the review of an entry begins is no deadline of anybody."""
        shown = super().view(session, who, row)
        return {**shown, "due_at": None} if row.state == S.CURRENT else shown

    def wind(self, row: Any, now: Any) -> None:
        """An entry in force waits for its review without reminders; one under review for its end."""
        row.until({S.CURRENT: row.review_at, S.REVIEW: row.expires_at}.get(S(row.state)), now)
        if row.state == S.CURRENT:
            row.warn_at = None


LIFE = _Life(
    Knowledge,
    S.CURRENT,
    {
        "review_due": Move({S.CURRENT}, S.REVIEW, say.KnowledgeReviewDue, when_due=True),
        "expired": Move({S.REVIEW}, S.EXPIRED, say.KnowledgeExpired, when_due=True),
        say.ReviseKnowledge: Move({*KEPT}, S.CURRENT),
        say.RenewKnowledge: Move({*KEPT}, S.CURRENT),
        say.HandOverKnowledge: Move({*KEPT}, None),
        say.WithdrawKnowledge: Move({*KEPT}, S.WITHDRAWN, say.KnowledgeWithdrawn),
    },
    Rules(by_number(Knowledge), say.READERS, unknown_number, outbox.record, approaching=MediationDeadlineApproaching),
    answers=(say.GetKnowledge, say.ListKnowledge),
)


@asked(say.WriteKnowledge)
def write(session: Session, who: Principal, command: Command, now: datetime) -> Knowledge:
    """Errors: Forbidden; Invalid for a last day that is over, or too far away."""
    row = Knowledge(topic=command["topic"], area_path=command["area_path"], owner_id=who.id, owner_name=who.name)
    _valid_until(row, command["expires_on"], now)
    _new_version(row, who, command, now)
    row.case_number = root_number(session, "ZO", row.area_path, now)
    return LIFE.start(session, who, say.WriteKnowledge, row, now, say.KnowledgeWritten)


@asked(say.ReviseKnowledge)
def revise(session: Session, who: Principal, command: Command, now: datetime) -> Knowledge:
    """Errors: as `Life.begin`; Invalid as `write`."""
    row = LIFE.begin(session, who, say.ReviseKnowledge, command)
    _valid_until(row, command["expires_on"], now)
    _new_version(row, who, command, now)
    return _in_force(session, who, row, now, say.KnowledgeRevised)


@asked(say.RenewKnowledge)
def renew(session: Session, who: Principal, command: Command, now: datetime) -> Knowledge:
    """Errors: as `Life.begin`; Invalid as `write`."""
    row = LIFE.begin(session, who, say.RenewKnowledge, command)
    _valid_until(row, command["expires_on"], now)
    return _in_force(session, who, row, now, say.KnowledgeRenewed)


def _in_force(session: Session, who: Principal, row: Knowledge, now: datetime, event: Any) -> Knowledge:
    """The clock begins anew also where the state stays."""
    LIFE.advance(row)
    LIFE.wind(row, now)
    return LIFE.done(session, who, row, now, event)


@asked(say.HandOverKnowledge)
def hand_over(session: Session, who: Principal, command: Command, now: datetime) -> Knowledge:
    """Errors: as `Life.begin`; Conflict for somebody who is not in the pool of the place."""
    row = LIFE.begin(session, who, say.HandOverKnowledge, command)
    pool = {fit.helper.account: fit.helper.name for fit in legal.fitting(session, row.area_path, row.topic, None, now)}
    if command["owner_id"] not in pool:
        raise Conflict("此人不在当地的法律力量名单上", owner_id=command["owner_id"])
    row.owner_id, row.owner_name = command["owner_id"], pool[command["owner_id"]]
    return LIFE.done(session, who, row, now, say.KnowledgeHandedOver)


def _valid_until(row: Knowledge, asked_for: date | None, now: datetime) -> None:
    """At most as long as policy key knowledge.valid says; the review begins its `remind` days earlier."""
    rule, today = rules(now).pack.value(VALID), local_day(now)
    latest = today + rule["days"] * A_DAY
    last = asked_for or latest
    Invalid.where(expires_on=not today <= last <= latest and f"应在今天到{latest}之间")
    row.expires_on, row.expires_at = last, end_of(last)
    row.review_at = max(now, end_of(last) - rule["remind"] * A_DAY)


def _new_version(row: Knowledge, who: Principal, command: Command, now: datetime) -> None:
    row.question, row.answer, row.legal_basis = command["question"], command["answer_text"], command["legal_basis"]
    row.keywords = list(dict.fromkeys(command["keywords"]))
    row.grams = sorted(grams(" ".join((row.question, *row.keywords))))
    words = {name: getattr(row, name) for name in ("question", "answer", "legal_basis")}
    written = {"written_by": {"id": who.id, "name": who.name}, "written_at": now.astimezone(UTC).isoformat()}
    row.texts = [*(row.texts or ()), {"no": len(row.texts or ()) + 1, **words, **written}]


@asked(say.FindKnowledge)
def find(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    sight = say.READERS.where(Knowledge, who)
    items = hints.offered(session, command["area_path"], command["words"], now, sight)
    return {"items": items, "next_cursor": None}


@standing_of.register
def _stands(row: Knowledge) -> Standing:
    owner = f"person:{row.owner_id}"
    waits = {S.REVIEW: (owner,), S.EXPIRED: (owner, *OFFICE)}.get(S(row.state), ())
    return Standing(
        kind=say.KnowledgeView.about.kind, state=row.state, number=row.number,
        due=row.due_at if row.state == S.REVIEW else None, waits=waits,
        tally={"topic": row.topic, "handler": row.owner_id},
    )  # fmt: skip
