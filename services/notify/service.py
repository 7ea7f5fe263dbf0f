"""Entrypoints of notify: what it answers and what it hears. Delivering has a process of its own (delivery/)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.envelope import Event
from chassis.identity import Principal
from chassis.service import Service, asked, every, hears
from contracts.events import dispatch, intake, mediation
from contracts.rpc import notify as rpc
from services.notify import (
    appeal_news,
    desk,
    ending_news,
    follow_ups,
    mediation_news,
    messages,
    notices,
    recounting,
    whistle_news,
)

Command = dict[str, Any]


class NotifyService(Service):
    """Messages, follow-ups, public notices."""

    name = "notify"

    @asked(rpc.ListFollowUps)
    def list_follow_ups(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return desk.list_page(session, who, command, now)

    @asked(rpc.GetFollowUp)
    def get_follow_up(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return desk.get(session, who, command, now)

    @asked(rpc.AttemptFollowUp)
    def attempt_follow_up(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return desk.view(session, who, follow_ups.attempt(session, who, command, now))

    @asked(rpc.CompleteFollowUp)
    def complete_follow_up(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return desk.view(session, who, follow_ups.complete(session, who, command, now))

    @asked(rpc.CloseFollowUpInvalid)
    def close_follow_up_invalid(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return desk.view(session, who, follow_ups.close_invalid(session, who, command, now))

    @asked(rpc.ListMessages)
    def list_messages(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return messages.list_of_case(session, who, command, now)

    @asked(rpc.ListNotices)
    def list_notices(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return notices.list_visible(session, who, command, now)

    @hears(intake.AppealRegistered)
    def appeal_registered(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        appeal_news.registered(session, who, event, now)

    @hears(intake.AppealAssigned)
    def appeal_assigned(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        appeal_news.assigned(session, who, event, now)

    @hears(intake.AppealResultReported)
    def appeal_result_reported(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        ending_news.result_reported(session, who, event, now)

    @hears(intake.AppealReopened)
    def appeal_reopened(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        ending_news.reopened(session, who, event, now)

    @hears(intake.AppealClosed)
    def appeal_closed(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        ending_news.closed(session, who, event, now)

    @hears(intake.AppealDeclined)
    def appeal_declined(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        ending_news.declined(session, who, event, now)

    @hears(intake.AppealMerged)
    def appeal_merged(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        ending_news.merged(session, who, event, now)

    @hears(intake.AppealAnswered)
    def appeal_answered(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        ending_news.answered(session, who, event, now)

    @hears(intake.AppealDiverted)
    def appeal_diverted(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        ending_news.diverted(session, who, event, now)

    @hears(intake.AppealWithdrawn)
    def appeal_withdrawn(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        ending_news.withdrawn(session, who, event, now)

    @hears(intake.AppealResumed)
    def appeal_resumed(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        ending_news.resumed(session, who, event, now)

    @hears(intake.AppealSupervised)
    def appeal_supervised(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        ending_news.supervised(session, who, event, now)

    @hears(intake.AppealJoined)
    def appeal_joined(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        appeal_news.joined(session, who, event, now)

    @hears(intake.AppealExtended)
    def appeal_extended(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        appeal_news.extended(session, who, event, now)

    @hears(intake.AppealOverdue)
    def appeal_overdue(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        appeal_news.overdue(session, who, event, now)

    @hears(intake.HazardRemoved)
    def hazard_removed(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        notices.hazard_removed(session, who, event, now)

    @hears(dispatch.WhistleDrafted)
    def whistle_drafted(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        whistle_news.drafted(session, who, event, now)

    @hears(dispatch.WhistleTaskAssigned)
    def whistle_task_assigned(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        whistle_news.task_assigned(session, who, event, now)

    @hears(dispatch.WhistleTaskOverdue)
    def whistle_task_overdue(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        whistle_news.task_overdue(session, who, event, now)

    @hears(dispatch.WhistleTaskConfirmed)
    def whistle_task_confirmed(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        whistle_news.confirmed(session, who, event, now)

    @hears(dispatch.WhistleTaskRated)
    def whistle_task_rated(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        whistle_news.settled(session, who, event, now)

    @hears(dispatch.WhistleTaskRatingWaived)
    def whistle_task_rating_waived(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        whistle_news.settled(session, who, event, now)

    @hears(dispatch.WhistleCancelled)
    def whistle_cancelled(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        whistle_news.cancelled(session, who, event, now)

    @hears(dispatch.WhistleClosed)
    def whistle_closed(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        whistle_news.closed(session, who, event, now)

    @hears(mediation.MediationCaseOpened)
    def mediation_case_opened(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        mediation_news.case_opened(session, who, event, now)

    @hears(mediation.MediationSessionScheduled)
    def mediation_session_scheduled(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        mediation_news.session_scheduled(session, who, event, now)

    @hears(mediation.MediationSessionMoved)
    def mediation_session_moved(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        mediation_news.session_moved(session, who, event, now)

    @hears(mediation.MediationSessionHeld)
    def mediation_session_held(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        mediation_news.session_held(session, who, event, now)

    @hears(mediation.AgreementDrafted)
    def agreement_drafted(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        mediation_news.agreement_drafted(session, who, event, now)

    @hears(mediation.AgreementTookEffect)
    def agreement_took_effect(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        mediation_news.agreement_took_effect(session, who, event, now)

    @hears(mediation.MediationTerminated)
    def mediation_terminated(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        mediation_news.terminated(session, who, event, now)

    @every(seconds=60)
    def recompute_deadlines(self, session: Session, who: Principal, now: datetime) -> None:
        recounting.recount(session, now)
