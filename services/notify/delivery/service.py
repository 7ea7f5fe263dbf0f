"""The process that delivers: the one part of notify nobody waits for (ADR 12).

Apart from the service, so that where the machine is short of time letters are late and answers are not.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.bus.peers import Peers
from chassis.identity import Principal
from chassis.service import Program, every
from chassis.store import Store
from kernel.numbers import check
from services.notify import gateways, metrics, sending

ADDRESS_SECONDS = 3.0


class DeliveryProgram(Program):
    """Sends what is due; hears nothing and answers nothing. Any number of replicas may run."""

    name = "notify"
    peers = Peers("intake", "mediation")

    @every(seconds=2, transaction=False)
    def send_due(self, store: Store, who: Principal, now: datetime) -> None:
        sending.send_due(store, who, now, self._contact, ways_out(), self._place)

    @every(seconds=15)
    def show_backlog(self, session: Session, who: Principal, now: datetime) -> None:
        metrics.show_backlog(session, now, len(ways_out()))

    def _contact(self, address: str) -> dict[str, Any]:
        """Asks by the number of a case for its reporter, by id for anybody else."""
        method, key = ("find_address", "number") if check(address) else ("reveal_contact", "person_id")
        question = {key: address, "purpose": "NOTIFY"}
        answer: dict[str, Any] = self.peers.intake.ask(method, question, deadline=ADDRESS_SECONDS)
        return answer

    def _place(self, session_id: UUID) -> str:
        question = {"session_id": str(session_id)}
        answer: dict[str, Any] = self.peers.mediation.ask("session_place", question, deadline=ADDRESS_SECONDS)
        return str(answer["place_text"])


@cache
def ways_out() -> tuple[gateways.Gateway, ...]:
    """The gateways of this process, set up once."""
    return gateways.from_environment()
