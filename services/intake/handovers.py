"""Warm hand-over 首问转交 (首问责任制): the case stays with the giver until a colleague takes it by name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from contracts.intake import handovers as say
from contracts.intake.triage import AppealAccepted, AppealSigned
from kernel.calendar import due_words
from kernel.codes import AppealState, HandlingHow
from services.intake import complaints, facts, posts
from services.intake.machines import APPEAL
from services.intake.registering import assigned
from services.intake.tables import Appeal, Handling

Command = dict[str, Any]


@asked(say.OfferHandover)
def offer(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """Errors: as `Life.begin`; Invalid for who holds no post that answers for the place, is away, is complained of, or
    has the case already."""
    appeal, to = APPEAL.begin(session, who, say.OfferHandover, command), str(command["offered_to"])
    found = posts.held_by(session, appeal.area_path, to, now)
    until = posts.away_until(session, to, now)
    side = {to, *complaints.units_of(session, {to}, now)}
    Invalid.where(
        offered_to=(found is None and "此人没有负责这个地方的岗位，请查“谁负责”后再转交")
        or (to == (appeal.handler_id or who.id) and "此件已经由此人负责")
        or (bool(side & set(appeal.against)) and "被投诉的单位和人员不能办理此件")
        or (until is not None and f"此人请假到{due_words(until)}，请转交给顶岗的人")
    )
    if found:
        appeal.offered_to_id, appeal.offered_to_name = to, found.name
    return APPEAL.done(session, who, appeal, now, say.HandoverOffered, **_sides(appeal))


@asked(say.AcceptHandover)
def accept(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """Taken by name: accepted, assigned and signed in one. Errors: as `Life.begin`; Invalid once she holds no post."""
    appeal = APPEAL.begin(session, who, say.AcceptHandover, command)
    found = posts.held_by(session, appeal.area_path, who.id, now)
    Invalid.where(number=found is None and "您现在没有负责这个地方的岗位")
    before, giver = appeal.state, _sides(appeal)["giver"]
    if found:
        appeal.lead_unit, appeal.handler_id, appeal.handler_name = found.unit, who.id, found.name
    withdraw(appeal)
    appeal.signed_at = appeal.signed_at or now
    APPEAL.advance(appeal)
    facts.tell_all(session, appeal, who, now, list(_taken(appeal, who, before, giver)))
    return appeal


@asked(say.DeclineHandover)
def decline(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """The giver keeps it, and reads why among the records. Errors: as `Life.begin`."""
    appeal = APPEAL.begin(session, who, say.DeclineHandover, command)
    told = _sides(appeal)
    withdraw(appeal)
    said = {"how": HandlingHow.ONLINE, "content": command["reason"]}
    appeal.handlings.append(Handling(at=now, by_id=who.id, by_name=who.name, attachments=[], **said))
    return APPEAL.done(session, who, appeal, now, say.HandoverDeclined, **told)


def withdraw(appeal: Appeal) -> None:
    """Nobody is asked to take it any more."""
    appeal.offered_to_id = appeal.offered_to_name = None


def _sides(appeal: Appeal) -> dict[str, Any]:
    """Who gives and who is asked, as they stand. Whoever has no handler yet is with the first responder."""
    return {"giver": facts.handler(appeal) or facts.first_responder(appeal), "offered_to": appeal.offered_to}


def _taken(appeal: Appeal, who: Principal, before: str, giver: facts.Ref) -> Iterator[facts.Fact]:
    """What others know of a case that is taken up, and that it was handed over."""
    if before == AppealState.REGISTERED:
        yield AppealAccepted, {"lead_unit": appeal.lead_unit, "accepted_by": facts.actor(who)}
    yield assigned(appeal)
    yield AppealSigned, {"handler": facts.handler(appeal)}
    yield say.HandoverAccepted, {"giver": giver, "handler": facts.handler(appeal), "lead_unit": appeal.lead_unit}
