"""The need list 需求清单: an appeal waits for the joint meeting, and goes on as it decides (domain §2 A6, §3.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chassis.entrypoints import asked, hears
from chassis.envelope import Event
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.dispatch.conferences import (
    ConferenceCancelled,
    ConferenceItemDecided,
    ConferenceItemListed,
    ConferenceKind,
    JointMeetingHeld,
)
from contracts.intake.needs import DecideNeed, EnterNeed, NeedDecided, NeedListed, NeedMet, NeedOnAgenda
from contracts.mediation.council_views import ItemOutcome
from contracts.mediation.councils import CouncilItemEnded
from kernel.calendar import local_day
from kernel.codes import AppealState as A
from kernel.codes import NeedDecision, ResultKind
from services.intake import clocks, facts
from services.intake.machines import APPEAL
from services.intake.tables import Appeal, NeedItem

Command = dict[str, Any]


@asked(EnterNeed)
def enter_need(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """The feedback clock gives way to that of the meeting. Errors: as `Life.begin`; Conflict for an emergency."""
    appeal = APPEAL.begin(session, who, EnterNeed, command)
    meeting_by = clocks.listed(session, appeal, now)
    appeal.needs.append(NeedItem(listed_at=now, need=command["need"], meeting_by=meeting_by))
    return APPEAL.done(session, who, appeal, now, NeedListed, meeting_by=meeting_by)


@asked(DecideNeed)
def decide_need(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """The feedback clock runs again, to the date given. What lies on an agenda is decided in the meeting.

    Errors: as `Life.begin`; Conflict while it lies on an agenda; Invalid for a date gone by.
    """
    appeal = APPEAL.begin(session, who, DecideNeed, command)
    if meeting := appeal.needs[-1].meeting:
        raise Conflict(f"已列入{meeting}的议程，请在会上记决定", meeting=meeting)
    until = command["until"]
    Invalid.where(until=until is not None and until <= local_day(now) and "要在今天以后")
    appeal.needs[-1].reason = command["reason"]
    return _decided(session, who, appeal, command, facts.actor(who), now)


@hears(ConferenceItemListed)
def on_agenda(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Whoever asked hears when it is talked about."""
    appeal = session.get(Appeal, event.data["appeal_id"], with_for_update=True)
    if appeal is not None:
        if appeal.needs and event.data["kind"] == ConferenceKind.JOINT:
            appeal.needs[-1].meeting_at = event.data["held_at"]
            appeal.needs[-1].meeting = event.data["number"]
        told = {"kind": event.data["kind"], "held_at": event.data["held_at"], "meeting": event.data["number"]}
        facts.tell(session, NeedOnAgenda, appeal, who, now, **told)


@hears(ConferenceItemDecided)
def conference_decided(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """As the meeting decided; a consultation decides nothing of the need list, and one that was decided stays so."""
    appeal = session.get(Appeal, event.data["appeal_id"], with_for_update=True)
    if appeal is None or appeal.state != A.LISTED or event.data["decision"] is None:
        return
    APPEAL.move(appeal, DecideNeed)
    _decided(session, who, appeal, event.data, event.data["decided_by"], now)


@hears(JointMeetingHeld, ConferenceCancelled)
def meeting_over(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """What it has not decided lies on no agenda now."""
    left = update(NeedItem).where(NeedItem.meeting == event.data["number"], NeedItem.decided_at.is_(None))
    session.execute(left.values(meeting=None))


@hears(CouncilItemEnded)
def council_listed(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """What a council puts on the need list goes there while it is being handled; of the rest the community is told."""
    if event.data["outcome"] != ItemOutcome.NEED_LIST or not event.data["source_number"]:
        return
    of_it = select(Appeal).where(Appeal.case_number == event.data["source_number"], Appeal.state == A.IN_PROGRESS)
    appeal = session.scalars(of_it.with_for_update()).one_or_none()
    if appeal is None or APPEAL.rules.refusal(appeal, EnterNeed.method):
        return
    APPEAL.move(appeal, EnterNeed)
    meeting_by = clocks.listed(session, appeal, now)
    need = f"议事会{event.data['number']}第{event.data['item_no']}项，列入需求清单"
    appeal.needs.append(NeedItem(listed_at=now, need=need, meeting_by=meeting_by))
    APPEAL.done(session, who, appeal, now, NeedListed, meeting_by=meeting_by)


def _decided(session: Session, who: Principal, appeal: Appeal, told: Command, by: facts.Ref, now: datetime) -> Appeal:
    item, until = appeal.needs[-1], told["until"]
    due = clocks.decided(session, appeal, until, now)
    item.decision, item.until = str(told["decision"]), due if until else None
    item.decided_by_id, item.decided_by_name, item.decided_at = by["id"], by["name"], now
    fact = {"decision": told["decision"], "until": item.until, "decided_by": item.decided_by}
    return APPEAL.done(session, who, appeal, now, NeedDecided, **fact)


def met(session: Session, who: Principal, appeal: Appeal, now: datetime) -> None:
    """What was decided to be done is done, once the appeal is solved."""
    item = appeal.needs[-1] if appeal.needs and appeal.result_kind == ResultKind.SOLVED else None
    if item and item.met_at is None and item.decision != NeedDecision.CANNOT:
        item.met_at = now
        facts.tell(session, NeedMet, appeal, who, now)
