"""Entrypoints of notify: what it answers, what it hears, and the timer that delivers."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from chassis.bus.peers import Peers
from chassis.envelope import Event
from chassis.identity import Principal
from chassis.service import Service, asked, every, hears
from chassis.store import Store
from contracts.events import dispatch, intake, mediation
from contracts.rpc import notify as rpc
from kernel.numbers import check
from services.notify import (
    appeal_news,
    desk,
    follow_ups,
    gateways,
    mediation_news,
    messages,
    metrics,
    notices,
    sending,
    whistle_news,
)

Command = dict[str, Any]
ADDRESS_SECONDS = 3.0


class NotifyService(Service):
    """Messages, follow-ups, public notices."""

    name = "notify"
    peers = Peers("intake")

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
        appeal_news.result_reported(session, who, event, now)

    @hears(intake.AppealReopened)
    def appeal_reopened(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        appeal_news.reopened(session, who, event, now)

    @hears(intake.AppealClosed)
    def appeal_closed(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        appeal_news.closed(session, who, event, now)

    @hears(intake.AppealDeclined)
    def appeal_declined(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        appeal_news.declined(session, who, event, now)

    @hears(intake.AppealMerged)
    def appeal_merged(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        appeal_news.merged(session, who, event, now)

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

    @hears(dispatch.WhistleClosed)
    def whistle_closed(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        whistle_news.closed(session, who, event, now)

    @hears(mediation.MediationCaseOpened)
    def mediation_case_opened(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        mediation_news.case_opened(session, who, event, now)

    @hears(mediation.MediationSessionScheduled)
    def mediation_session_scheduled(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        mediation_news.session_scheduled(session, who, event, now)

    @hears(mediation.AgreementTookEffect)
    def agreement_took_effect(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        mediation_news.agreement_took_effect(session, who, event, now)

    @hears(mediation.MediationTerminated)
    def mediation_terminated(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        mediation_news.terminated(session, who, event, now)

    @every(seconds=2, transaction=False)
    def send_due(self, store: Store, who: Principal, now: datetime) -> None:
        sending.send_due(store, who, now, self._contact, ways_out())

    @every(seconds=15)
    def show_backlog(self, session: Session, who: Principal, now: datetime) -> None:
        metrics.show_backlog(session, now, len(ways_out()))

    def _contact(self, address: str) -> dict[str, Any]:
        """Asks by the number of a case for its reporter, by id for anybody else."""
        method, key = ("find_address", "number") if check(address) else ("reveal_contact", "person_id")
        question = {key: address, "purpose": "NOTIFY"}
        answer: dict[str, Any] = self.peers.intake.ask(method, question, deadline=ADDRESS_SECONDS)
        return answer


@cache
def ways_out() -> tuple[gateways.Gateway, ...]:
    """The gateways of this process, set up once."""
    return gateways.from_environment()
