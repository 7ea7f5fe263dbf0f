"""Resolutions 决议: no money without every payer's word, nothing carried out before it was published."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from capability import publishing
from chassis.entrypoints import asked, every
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.mediation import resolutions as say
from contracts.mediation.council_views import CouncilState as S
from kernel.calendar import end_of
from services.mediation import undertakings
from services.mediation.council_life import LIFE, tell
from services.mediation.rules import due
from services.mediation.tables import Council

Command = dict[str, Any]
PUBLICATION, ANSWER = "council.publication", "council.objection_answer"
CENT, WHOLE = Decimal("0.01"), Decimal(100)


@asked(say.DraftResolution)
def draft(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Errors: as `Life.begin`; Invalid for shares that are not 100 % together, of one payer twice, of nothing, or a
    cost nobody bears.
    """
    council = LIFE.begin(session, who, say.DraftResolution, command)
    _check(command)
    council.resolution, council.owners_vote, council.cost = (
        command["resolution"], command["owners_vote"], command["cost"]
    )  # fmt: skip
    council.cost_shares = shared(command["cost"], command["shares"])
    council.payers = [each["payer"] for each in council.cost_shares]
    council.undertakings, council.doers = [], []
    for each in command["works"]:
        undertakings.add(council, each["what"], each["owner"], end_of(each["until"]))
    return LIFE.done(session, who, council, now, say.ResolutionDrafted)


def _check(command: Command) -> None:
    shares = command["shares"]
    total, payers = sum(each["percent"] for each in shares), [each["payer"] for each in shares]
    nothing = any(not each["percent"] for each in shares)
    Invalid.where(
        shares=(command["cost"] and not shares and "要写明费用由谁分担")
        or (shares and total != WHOLE and f"各方合计应为100%，现为{total}%")
        or (len(set(payers)) < len(payers) and "同一家只能写一次")
        or (nothing and "占比要大于0"),
    )


def shared(cost: Decimal | None, shares: list[Command]) -> list[dict[str, Any]]:
    """The shares with their amounts, which together are the cost to the cent: what rounding leaves goes, cent by cent,
    to the payers of whom most was cut off.
    """
    parts = [{"payer": each["payer"], "percent": str(each["percent"]), "amount": None, "confirmed_at": None}
             for each in shares]  # fmt: skip
    if cost is None:
        return parts
    exact = [cost * each["percent"] for each in shares]  # yuan × percent is cents
    left = int(cost / CENT) - sum(map(int, exact))
    rounded_up = sorted(range(len(exact)), key=lambda no: int(exact[no]) - exact[no])[:left]
    for no, part in enumerate(parts):
        part["amount"] = str((int(exact[no]) + (no in rounded_up)) * CENT)
    return parts


@asked(say.ConfirmShare)
def confirm(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Of a payer for whom `who` acts. Errors: as `Life.begin`; Conflict where that was confirmed already."""
    council = LIFE.begin(session, who, say.ConfirmShare, command)
    own = [each for each in council.cost_shares if each["payer"] in who.sides and not each["confirmed_at"]]
    if not own:
        raise Conflict("已经确认过了")
    given = {**own[0], "confirmed_at": now.isoformat(), "confirmed_by": who.id}
    council.cost_shares = [given if each is own[0] else each for each in council.cost_shares]
    told = {"payer": given["payer"], "left": len(unconfirmed(council))}
    return LIFE.done(session, who, council, now, say.CostShareConfirmed, **told)


def unconfirmed(council: Council) -> list[str]:
    return [each["payer"] for each in council.cost_shares if not each["confirmed_at"]]


@asked(say.ResolveCouncil)
def resolve(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Errors: as `Life.begin`; Conflict without a draft, or while a payer has not confirmed (domain §3.6 inv. 12)."""
    council = LIFE.begin(session, who, say.ResolveCouncil, command)
    if not council.resolution:
        raise Conflict("还没有拟决议")
    if left := unconfirmed(council):
        raise Conflict(f"还有{len(left)}方没有确认分担费用", payers=left)
    return LIFE.done(session, who, council, now, say.CouncilResolved)


@asked(say.PublishCouncil)
def publish(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Errors: as `Life.begin`."""
    council = LIFE.begin(session, who, say.PublishCouncil, command)
    council.publish(due(PUBLICATION, now, now), now)
    return LIFE.done(session, who, council, now, say.CouncilResultPublished)


@asked(say.ObjectToCouncil)
def object_to(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Errors: as `Life.begin`; Conflict once publication is over."""
    council, answer_due = LIFE.begin(session, who, say.ObjectToCouncil, command), due(ANSWER, now, now)
    objection = council.object(command["words"], answer_due, who.id, now)
    told = {"objection_id": objection, "answer_due": answer_due}
    return LIFE.done(session, who, council, now, say.CouncilObjected, **told)


@asked(say.AnswerCouncilObjection)
def answer(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Upheld, the resolution goes back to be made anew, confirmations with it. Errors: as `Life.begin`; Invalid;
    Conflict for one answered already.
    """
    council = LIFE.begin(session, who, say.AnswerCouncilObjection, command)
    objection, upheld = command["objection_id"], command["upheld"]
    council.reply(objection, command["reply"], upheld, who.id, now)
    LIFE.done(session, who, council, now, say.CouncilObjectionAnswered, objection_id=objection, upheld=upheld)
    if upheld:
        LIFE.move(council, "objection_upheld")
        council.cost_shares = [{**each, "confirmed_at": None} for each in council.cost_shares]
        council.until(None, now)
        tell(session, say.CouncilSentBack, council, who, now)
    return council


@every(seconds=5)
def end_publications(session: Session, who: Principal, now: datetime) -> None:
    """Resolutions published long enough, with every objection answered, are carried out."""
    for council in publishing.ended(session, Council, [S.PUBLISHED], now):
        LIFE.move(council, "publication_ended")
        council.until(None, now)
        tell(session, say.PublicationEnded, council, who, now)
        undertakings.begin_next(session, who, council, now)
