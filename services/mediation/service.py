"""The way into mediation: what is asked, what is heard, what the clock brings. The rest is in the capabilities."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.envelope import Event
from chassis.identity import Principal
from chassis.service import Service, asked, every, hears
from contracts.events import dispatch as dispatch_events
from contracts.events import intake as intake_events
from contracts.rpc import mediation as rpc
from services.mediation import (
    agreements,
    cases,
    clocks,
    document,
    effect,
    following,
    helpers,
    mediators,
    parties,
    performance,
    sessions,
    views,
    willingness,
)

Command = dict[str, Any]
Answer = dict[str, Any]


class MediationService(Service):
    """调解议事."""

    name = "mediation"

    @asked(rpc.GetCase)
    def get_case(self, session: Session, who: Principal, command: Command, now: datetime) -> Answer:
        return views.case_view(session, who, views.find(session, who, command))

    @asked(rpc.NameParty)
    def name_party(self, session: Session, who: Principal, command: Command, now: datetime) -> Answer:
        return views.case_view(session, who, parties.name(session, who, command, now))

    @asked(rpc.RecordWillingness)
    def record_willingness(self, session: Session, who: Principal, command: Command, now: datetime) -> Answer:
        return views.case_view(session, who, willingness.record(session, who, command, now))

    @asked(rpc.AssignMediator)
    def assign_mediator(self, session: Session, who: Principal, command: Command, now: datetime) -> Answer:
        return views.case_view(session, who, mediators.assign(session, who, command, now))

    @asked(rpc.ConsentToHelper)
    def consent_to_helper(self, session: Session, who: Principal, command: Command, now: datetime) -> Answer:
        return views.case_view(session, who, helpers.consent(session, who, command, now))

    @asked(rpc.ScheduleSession)
    def schedule_session(self, session: Session, who: Principal, command: Command, now: datetime) -> Answer:
        return views.case_view(session, who, sessions.schedule(session, who, command, now))

    @asked(rpc.MoveSession)
    def move_session(self, session: Session, who: Principal, command: Command, now: datetime) -> Answer:
        return views.case_view(session, who, sessions.move(session, who, command, now))

    @asked(rpc.SessionPlace)
    def session_place(self, session: Session, who: Principal, command: Command, now: datetime) -> Answer:
        return sessions.place(session, who, command, now)

    @asked(rpc.RecordSession)
    def record_session(self, session: Session, who: Principal, command: Command, now: datetime) -> Answer:
        return views.case_view(session, who, sessions.record(session, who, command, now))

    @asked(rpc.TerminateCase)
    def terminate_case(self, session: Session, who: Principal, command: Command, now: datetime) -> Answer:
        return views.case_view(session, who, cases.terminate(session, who, command, now))

    @asked(rpc.DraftAgreement)
    def draft_agreement(self, session: Session, who: Principal, command: Command, now: datetime) -> Answer:
        return views.agreement_view(session, who, agreements.draft(session, who, command, now))

    @asked(rpc.SignAgreement)
    def sign_agreement(self, session: Session, who: Principal, command: Command, now: datetime) -> Answer:
        return views.agreement_view(session, who, effect.sign(session, who, command, now))

    @asked(rpc.SealAgreement)
    def seal_agreement(self, session: Session, who: Principal, command: Command, now: datetime) -> Answer:
        return views.agreement_view(session, who, effect.seal(session, who, command, now))

    @asked(rpc.RecordPerformance)
    def record_performance(self, session: Session, who: Principal, command: Command, now: datetime) -> Answer:
        return views.agreement_view(session, who, performance.record(session, who, command, now))

    @asked(rpc.AgreementDocument)
    def agreement_document(self, session: Session, who: Principal, command: Command, now: datetime) -> Answer:
        return document.printed(session, who, command, now)

    @hears(intake_events.DisputeIdentified)
    def dispute_identified(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        cases.open_for_dispute(session, who, event, now)

    @hears(intake_events.AppealWithdrawn)
    def appeal_withdrawn(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        following.source_withdrawn(session, who, event, now)

    @hears(intake_events.AppealMerged)
    def appeal_merged(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        following.source_merged(session, who, event, now)

    @hears(intake_events.AppealResumed)
    def appeal_resumed(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        following.source_resumed(session, who, event, now)

    @hears(dispatch_events.WhistleBlown)
    def whistle_blown(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        helpers.whistle_blown(session, who, event, now)

    @hears(dispatch_events.WhistleTaskSigned)
    def whistle_task_signed(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        helpers.task_signed(session, who, event, now)

    @hears(dispatch_events.WhistleTaskObjectionDecided)
    def whistle_task_objection_decided(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        helpers.objection_decided(session, who, event, now)

    @every(seconds=30)
    def expire_cases(self, session: Session, who: Principal, now: datetime) -> None:
        cases.expire_due(session, who, now)

    @every(seconds=60)
    def recompute_deadlines(self, session: Session, who: Principal, now: datetime) -> None:
        clocks.recount(session, now)
