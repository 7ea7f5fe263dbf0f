"""Entrypoints of intake 诉求受理: each loads, calls one operation, and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.envelope import Event
from chassis.identity import Principal
from chassis.service import Service, asked, every, hears
from chassis.store import Store
from contracts.events import dispatch, mediation, notify
from contracts.rpc import intake as rpc
from services.intake import (
    areas,
    categories,
    clocks,
    disputes,
    endings,
    hazards,
    leaves,
    outcomes,
    overdue,
    plainly,
    posts,
    reading,
    registering,
    residents,
    resuming,
    supervising,
    triage,
    working,
)

Asked = dict[str, Any]


class IntakeService(Service):
    """Owns appeals, hazards, residents, areas, posts and categories."""

    name = "intake"

    @asked(rpc.RegisterAppeal)
    def register_appeal(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return registering.register_appeal(session, who, command, now)

    @asked(rpc.GetAppeal)
    def get_appeal(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return reading.get_appeal(session, who, command, now)

    @asked(rpc.ListAppeals)
    def list_appeals(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return reading.list_appeals(session, who, command, now)

    @asked(rpc.AcceptAppeal)
    def accept_appeal(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return triage.accept_appeal(session, who, command, now)

    @asked(rpc.AssignAppeal)
    def assign_appeal(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return triage.assign_appeal(session, who, command, now)

    @asked(rpc.SignAppeal)
    def sign_appeal(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return triage.sign_appeal(session, who, command, now)

    @asked(rpc.AnswerAppeal)
    def answer_appeal(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return triage.answer_appeal(session, who, command, now)

    @asked(rpc.DivertAppeal)
    def divert_appeal(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return triage.divert_appeal(session, who, command, now)

    @asked(rpc.DeclineAppeal)
    def decline_appeal(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return triage.decline_appeal(session, who, command, now)

    @asked(rpc.RecordContact)
    def record_contact(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return working.record_contact(session, who, command, now)

    @asked(rpc.RecordHandling)
    def record_handling(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return working.record_handling(session, who, command, now)

    @asked(rpc.RaiseUrgency)
    def raise_urgency(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return working.raise_urgency(session, who, command, now)

    @asked(rpc.ExtendAppeal)
    def extend_appeal(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return working.extend_appeal(session, who, command, now)

    @asked(rpc.ReportResult)
    def report_result(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return working.report_result(session, who, command, now)

    @asked(rpc.IdentifyDispute)
    def identify_dispute(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return disputes.identify_dispute(session, who, command, now)

    @asked(rpc.MergeAppeal)
    def merge_appeal(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return endings.merge_appeal(session, who, command, now)

    @asked(rpc.WithdrawAppeal)
    def withdraw_appeal(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return endings.withdraw_appeal(session, who, command, now)

    @asked(rpc.ObjectEnding)
    def object_ending(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return resuming.object_ending(session, who, command, now)

    @asked(rpc.DecideSupervision)
    def decide_supervision(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return supervising.decide_supervision(session, who, command, now)

    @asked(rpc.ReportHazard)
    def report_hazard(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return hazards.report_hazard(session, who, command, now)

    @asked(rpc.SecureHazard)
    def secure_hazard(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return hazards.secure_hazard(session, who, command, now)

    @asked(rpc.VerifyHazard)
    def verify_hazard(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return hazards.verify_hazard(session, who, command, now)

    @asked(rpc.GetHazard)
    def get_hazard(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return hazards.get_hazard(session, who, command, now)

    @asked(rpc.ListHazards)
    def list_hazards(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return hazards.list_hazards(session, who, command, now)

    @asked(rpc.CheckResident)
    def check_resident(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return plainly.check_resident(session, who, command, now)

    @asked(rpc.RevealContact)
    def reveal_contact(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return residents.reveal(session, who, command, now)

    @asked(rpc.FindAddress)
    def find_address(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return residents.address(session, who, command, now)

    @asked(rpc.ListAreas)
    def list_areas(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return areas.children(session, command["parent"], now)

    @asked(rpc.ResolvePost)
    def resolve_post(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return posts.resolve(session, command["area_path"], command["at"] or now)

    @asked(rpc.RecordPostLeave)
    def record_post_leave(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return leaves.record(session, who, command, now)

    @asked(rpc.EndPostLeave)
    def end_post_leave(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return leaves.end(session, who, command, now)

    @asked(rpc.ListPostLeaves)
    def list_post_leaves(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return leaves.listing(session, who, command, now)

    @asked(rpc.ListCategories)
    def list_categories(self, session: Session, who: Principal, command: Asked, now: datetime) -> Asked:
        return categories.listing(session)

    @hears(dispatch.WhistleBlown)
    def whistle_blown(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        outcomes.whistle_blown(session, who, event, now)

    @hears(dispatch.WhistleClosed)
    def whistle_closed(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        outcomes.whistle_over(session, who, event, now)

    @hears(dispatch.WhistleCancelled)
    def whistle_cancelled(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        outcomes.whistle_over(session, who, event, now)

    @hears(mediation.MediationCaseOpened)
    def mediation_case_opened(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        outcomes.mediation_case_opened(session, who, event, now)

    @hears(mediation.MediationCaseClosed)
    def mediation_case_closed(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        outcomes.mediation_case_closed(session, who, event, now)

    @hears(mediation.MediationTerminated)
    def mediation_terminated(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        outcomes.mediation_terminated(session, who, event, now)

    @hears(notify.FollowUpCompleted)
    def follow_up_completed(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        outcomes.follow_up_completed(session, who, event, now)

    @hears(notify.FollowUpInvalid)
    def follow_up_invalid(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        outcomes.follow_up_invalid(session, who, event, now)

    @every(seconds=30)
    def hand_over(self, session: Session, who: Principal, now: datetime) -> None:
        leaves.hand_over(session, who, now)

    @every(seconds=5, transaction=False)
    def raise_overdue(self, store: Store, who: Principal, now: datetime) -> None:
        overdue.raise_all(store, who, now)

    @every(seconds=60)
    def recompute_deadlines(self, session: Session, who: Principal, now: datetime) -> None:
        clocks.recount(session, now)
