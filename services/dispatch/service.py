"""Entrypoints of dispatch 吹哨报到: load → operation → answer. Rules live in the capabilities' files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis import batches
from chassis.bus.peers import Peer, Peers
from chassis.envelope import Event
from chassis.identity import Principal
from chassis.letter import Letter
from chassis.service import Service, asked, every, hears, receives
from chassis.store import Store
from contracts.events import intake
from contracts.rpc import dispatch as rpc
from contracts.rpc.portal import KeepFiles
from services.dispatch import (
    clocks,
    desks,
    duties,
    escalation,
    keeping,
    leaves,
    letters,
    metrics,
    objections,
    replies,
    reviews,
    sources,
    tasks,
    units,
    updates,
    webhooks,
    whistles,
)

Command = dict[str, Any]

PEER_SECONDS = 2.0
"""How long intake may take to say what case a whistle is for, and the portal to say which files are there."""


class DispatchService(Service):
    """Whistles, the tasks of units, and their clocks."""

    name = "dispatch"
    peers = Peers("intake", "portal")

    @asked(rpc.DraftWhistle)
    def draft_whistle(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        sources.prove(who, command, self._ask_intake)
        return whistles.draft(session, who, command, now)

    def _ask_intake(self, method: str, question: Command) -> Command:
        return self._ask(self.peers.intake, method, question)

    def _ask_portal(self, question: Command) -> Command:
        return self._ask(self.peers.portal, KeepFiles.method, question)

    def _ask(self, peer: Peer, method: str, question: Command) -> Command:
        answer: Command = peer.ask(
            method, question, deadline=PEER_SECONDS, traceparent=self.standing.headers.get("traceparent")
        )
        return answer

    @asked(rpc.ApproveWhistle)
    def approve_whistle(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return whistles.approve(session, who, command, now)

    @asked(rpc.ReturnWhistle)
    def return_whistle(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return whistles.give_back(session, who, command, now)

    @asked(rpc.CancelWhistle)
    def cancel_whistle(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return whistles.cancel(session, who, command, now)

    @asked(rpc.GetWhistle)
    def get_whistle(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return whistles.get(session, who, command, now)

    @asked(rpc.ListWhistles)
    def list_whistles(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return whistles.list_for_source(session, who, command, now)

    @asked(rpc.SignTask)
    def sign_task(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return tasks.sign(session, who, command, now)

    @asked(rpc.ReportIn)
    def report_in(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return tasks.report_in(session, who, command, now)

    @asked(rpc.ProgressTask)
    def progress_task(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return tasks.progress(session, who, command, now)

    @asked(rpc.FinishTask)
    def finish_task(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return tasks.finish(session, who, command, now)

    @asked(rpc.ObjectTask)
    def object_task(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return objections.raise_objection(session, who, command, now)

    @asked(rpc.DecideObjection)
    def decide_objection(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return objections.decide(session, who, command, now)

    @asked(rpc.ConfirmTask)
    def confirm_task(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return reviews.confirm(session, who, command, now)

    @asked(rpc.RejectTask)
    def reject_task(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return reviews.reject(session, who, command, now)

    @asked(rpc.RateTask)
    def rate_task(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return reviews.rate(session, who, command, now)

    @asked(rpc.WaiveRating)
    def waive_rating(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return reviews.waive(session, who, command, now)

    @asked(rpc.GetTask)
    def get_task(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return desks.get_task(session, who, command, now)

    @asked(rpc.ListTasks)
    def list_tasks(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return desks.list_tasks(session, who, command, now)

    @asked(rpc.ListUnits)
    def list_units(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return units.list_units(session, who, command, now)

    @asked(rpc.RecordReceiverLeave)
    def record_receiver_leave(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return leaves.record(session, who, command, now)

    @asked(rpc.EndReceiverLeave)
    def end_receiver_leave(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return leaves.end(session, who, command, now)

    @asked(rpc.ListReceiverLeaves)
    def list_receiver_leaves(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return leaves.listing(session, who, command, now)

    @asked(rpc.ListDutyItems)
    def list_duty_items(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return duties.list_items(session, who, command, now)

    @asked(rpc.ListDepartmentUpdates)
    def list_department_updates(self, session: Session, who: Principal, command: Command, now: datetime) -> Any:
        return updates.list_updates(session, who, command, now)

    @hears(intake.AppealWithdrawn)
    def appeal_withdrawn(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        sources.withdrawn(session, who, event, now)

    @hears(intake.AppealMerged)
    def appeal_merged(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        sources.merged(session, who, event, now)

    @hears(intake.AppealResumed)
    def appeal_resumed(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        sources.resumed(session, who, event, now)

    @hears(intake.HazardRemoved)
    def hazard_removed(self, session: Session, who: Principal, event: Event, now: datetime) -> None:
        sources.hazard_removed(session, who, event, now)

    @receives("replies", hopeless=letters.hopeless)
    def department_replied(self, session: Session, who: Principal, letter: Letter, now: datetime) -> str:
        return replies.receive(session, who, letter, now, self._ask_portal)

    @every(seconds=5, transaction=False)
    def raise_overdue(self, store: Store, who: Principal, now: datetime) -> None:
        escalation.raise_all(store, who, now)

    @every(seconds=600, transaction=False)
    def forget_letters(self, store: Store, who: Principal, now: datetime) -> None:
        batches.run(store, lambda session: keeping.forget(session, now))

    @every(seconds=30)
    def show_unsigned_orders(self, session: Session, who: Principal, now: datetime) -> None:
        metrics.show_unsigned(session, now)

    @every(seconds=60)
    def recompute_deadlines(self, session: Session, who: Principal, now: datetime) -> None:
        clocks.recount(session, now)

    @every(seconds=30)
    def hand_over(self, session: Session, who: Principal, now: datetime) -> None:
        leaves.hand_over(session, who, now)

    @every(seconds=2, transaction=False)
    def deliver_webhooks(self, store: Store, who: Principal, now: datetime) -> None:
        webhooks.deliver_due(store, self.standing.process.clock)
