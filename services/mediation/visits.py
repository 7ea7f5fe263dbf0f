"""Walk-in register 来访登记 (domain §1 S2.3, S3.9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked, hears
from chassis.envelope import Event
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.deadlines import MediationDeadlineApproaching
from contracts.mediation import visits as say
from contracts.mediation.visits import VisitState as S
from contracts.notify.wishes import WishConfirmed
from kernel.areas import is_within
from kernel.codes import CaseOrigin
from kernel.masking import mask_name
from kernel.numbering import NO_AREA, next_number
from services.mediation import open_days, opening, parties
from services.mediation.rules import due
from services.mediation.tables import GrantedWish, Member, NumberCounter, Org, Visit

Command = dict[str, Any]

LIFE: Life[Visit, S] = Life(
    Visit,
    S.RECEIVED,
    {
        say.FinishVisit: Move({S.RECEIVED}, S.DONE, say.VisitFinished, at="done_at"),
        say.MediateVisit: Move({S.RECEIVED}, S.IN_MEDIATION),
        say.GuideVisit: Move({S.RECEIVED}, S.GUIDED, say.VisitGuided),
    },
    Rules(
        by_number(Visit), say.READERS, unknown_number, outbox.record, due=due, approaching=MediationDeadlineApproaching
    ),
    clocks={S.RECEIVED: "visit.finish"},
    answers=(say.GetVisit, say.ListVisits),
)


@asked(say.RegisterVisit)
def register(session: Session, who: Principal, command: Command, now: datetime) -> Visit:
    """Errors: as `Life.begin` of the open day."""
    day = open_days.LIFE.begin(session, who, say.RegisterVisit, command)
    visit = Visit(
        day_id=day.id, day_number=day.number, org_code=day.org_code, org=day.org, area_path=day.area_path,
        name=command["name"], masked_name=command["name"] and mask_name(command["name"]),
        phone=parties.dialled(command["phone"], now), matter=command["matter"],
        receiver_id=who.id, receiver_name=who.name,
    )  # fmt: skip
    visit.case_number = next_number(session, NumberCounter, "GI", day.org.area4 or NO_AREA, now)
    open_days.LIFE.done(session, who, day, now)
    return LIFE.started(session, who, visit, now, say.VisitReceived)


@asked(say.MediateVisit)
def mediate(session: Session, who: Principal, command: Command, now: datetime) -> Visit:
    """Errors: as `Life.begin` and `opening.open_case`; Invalid for somebody who has not said who they are."""
    visit = LIFE.begin(session, who, say.MediateVisit, command)
    Invalid.where(name=visit.name is None and "要调解的请先登记来访人姓名")
    given = {name: command[name] for name in ("dispute_type", "respondent", "claimed_amount", "risk_level")}
    case = opening.open_case(
        session, who,
        {
            **given, "origin": CaseOrigin.WALK_IN, "cause_text": visit.matter, "place_text": None,
            "area_path": command["area_path"] or visit.area_path,
            "claimant": {"name": visit.name, "phone": visit.phone, "address": None},
        }, now,
    )  # fmt: skip
    visit.mediation_number = case.mediation_number
    return LIFE.done(session, who, visit, now, say.VisitMediated)


@hears(WishConfirmed)
def wish_granted(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """A wish granted by a member counts for their organisation, where it receives people at that place."""
    member = select(Org).join(Member).where(Member.account == event.data["claimer"]["id"], Member.active, Org.active)
    for org in session.scalars(member.where(func.jsonb_array_length(Org.open_days) > 0).order_by(Org.code)):
        if is_within(event.area_path, org.area_path):
            kept = {"number": event.data["number"], "org_code": org.code, "at": event.time}
            session.execute(insert(GrantedWish).values(kept).on_conflict_do_nothing())


@standing_of.register
def _stands(visit: Visit) -> Standing:
    waits = (f"person:{visit.receiver_id}",) if visit.state == S.RECEIVED else ()
    return Standing(
        kind=say.VisitView.about.kind, state=visit.state, number=visit.number, due=visit.due_at, waits=waits,
        parent=str(visit.day_id), tally={"org": visit.org_code, "way": visit.way or ""},
    )  # fmt: skip
