"""The told case A1 as the events its services say, and A4's; each raw, as it lies on the wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from chassis.envelope import Event, rfc3339, type_of
from chassis.standing import Standing
from contracts import samples
from contracts.dispatch.ratings import WhistleTaskConfirmed, WhistleTaskRated
from contracts.dispatch.tasks import (
    WhistleTaskAssigned,
    WhistleTaskCompleted,
    WhistleTaskOverdue,
    WhistleTaskReportedIn,
    WhistleTaskSigned,
)
from contracts.dispatch.whistles import WhistleBlown, WhistleClosed, WhistleDrafted
from contracts.intake.appeals import AppealRegistered
from contracts.intake.disputes import DisputeIdentified
from contracts.intake.endings import AppealClosed
from contracts.intake.hazards import HazardReported, HazardSecured
from contracts.intake.triage import AppealAccepted, AppealAssigned, AppealSigned
from contracts.intake.working import AppealFirstContacted, AppealHandlingRecorded, AppealResultReported
from contracts.mediation.agreements import (
    AgreementDrafted,
    AgreementPerformed,
    AgreementSigned,
    AgreementTookEffect,
    JudicialConfirmationWindowOpened,
)
from contracts.mediation.cases import MediationCaseClosed, MediationCaseOpened
from contracts.mediation.parties import MediatorAssigned, PartyWillingnessRecorded
from contracts.mediation.sessions import MediationSessionHeld, MediationSessionScheduled
from contracts.notify.follow_ups import FollowUpAttempted, FollowUpCompleted, FollowUpOpened
from contracts.notify.messages import MessageSent
from tests.unit.portal.readmodel import owners

BEGIN = datetime(2024, 7, 5, 1, 10, tzinfo=UTC)
APPEAL_NO, HAZARD_NO = samples.APPEAL_NO, samples.HAZARD_NO
STAIRWELL, COMMUNITY = samples.STAIRWELL, samples.COMMUNITY
UNITS = {
    "lijingjie-sifasuo": ("丽景街司法所", "STATION"),
    "falvguwen": ("银虹法律顾问", "LEGAL_COUNSEL"),
    "lijingjie-paichusuo": ("丽景街派出所", "STATION"),
}
LI_LI, LI_SHAN, STREET = (
    {"id": "u-lili", "name": "李利"},
    {"id": "u-lishan", "name": "李珊"},
    {"id": "u-street", "name": "街道值班员"},
)


def uid(text: str) -> str:
    return str(uuid5(NAMESPACE_URL, text))


def at(hours: float) -> datetime:
    return BEGIN + timedelta(hours=hours)


def iso(hours: float) -> str:
    return rfc3339(at(hours))


@dataclass
class Teller:
    """Says events one after the other; each aggregate counts its own versions."""

    number: str = APPEAL_NO
    area: str = STAIRWELL
    events: list[Event] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)

    def say(self, hours: float, contract: Any, subject: str, actor: str = "u-lishan", /, **data: Any) -> Event:
        source = contract.type.split(".")[2]
        version = self.versions[subject] = self.versions.get(subject, 0) + 1
        data = {**contract.example, **data}
        standing = self.stands(source, contract.name, subject, data)
        event = Event(
            id=uid(f"{self.number}|{subject}|{version}"),
            type=type_of(contract),
            source=source,
            subject=subject,
            time=at(hours),
            aggregate_version=version,
            area_path=self.area if source == "intake" else COMMUNITY,
            actor=actor,
            case_number=self.number,
            causation_id=None,
            traceparent=None,
            data=data,
            standing=standing,
        )
        self.events.append(event)
        return event

    def stands(self, source: str, name: str, subject: str, data: dict[str, Any]) -> Standing:
        """As the owner says it, who knows what was told before."""
        known = self.known.setdefault(subject, {"case_number": self.number})
        known |= owners.changed(name, data)
        standing = owners.stands(source, name, self.states.get(subject, ""), known)
        self.states[subject] = standing.state
        return standing


def a1(secret: bool = False, number: str = APPEAL_NO) -> list[Event]:
    """陈阿姨's case from the call to the end, in the order it was told."""
    told, appeal = Teller(number), uid(f"appeal {number}")
    register(told, appeal, secret)
    told.say(0.6, AppealFirstContacted, appeal)
    told.say(0.9, AppealHandlingRecorded, appeal)
    told.say(2, DisputeIdentified, appeal)
    case, about = uid(f"mediation {number}"), {"kind": "APPEAL", "id": appeal, "number": number}
    told.say(2.1, MediationCaseOpened, case, "service:mediation", source=about, deadline=iso(24 * 30))
    for party in (samples.PARTY_A, samples.PARTY_B):
        told.say(3, PartyWillingnessRecorded, case, source=about, party_id=party)
    told.say(4, MediatorAssigned, case, source=about)
    told.say(25, MediationSessionHeld, case, source=about)
    tasks = whistle(told, 72, about)
    told.say(74, MediationSessionScheduled, case, source=about, starts_at=iso(101))
    for task in tasks:
        of_task(told, 101, WhistleTaskReportedIn, task, about, arrived_at=iso(101))
    agreement(told, 103, case, about)
    told.say(104, AppealResultReported, appeal, "service:intake")
    for task in tasks:
        of_task(told, 105, WhistleTaskCompleted, task, about)
        of_task(told, 106, WhistleTaskConfirmed, task, about)
        of_task(told, 107, WhistleTaskRated, task, about)
    told.say(107, WhistleClosed, uid(f"whistle {number}"), source=about)
    follow(told, 120, appeal, about)
    return told.events


def register(told: Teller, appeal: str, secret: bool = False, due_at: float = 2) -> None:
    """登记、受理、派单、签收 at one instant, as the first responder does it."""
    names = {"appeal_id": appeal, "number": told.number}
    due = {"promise_at": iso(2), "first_contact_due": iso(0.25)}
    reporter = None if secret else samples.REPORTER
    told.say(0, AppealRegistered, appeal, **names, **due, secret=secret, reporter=reporter)
    told.say(0, AppealAccepted, appeal, **names)
    told.say(0, AppealAssigned, appeal, **names, due_at=iso(due_at))
    told.say(0, AppealSigned, appeal, **names)


def whistle(told: Teller, hours: float, about: dict[str, Any]) -> list[str]:
    """Blown for three units; two sign in time, the third only after its clock ran out. The ids of their tasks."""
    whistle_id = uid(f"whistle {told.number}")
    asked = [
        {"task_id": None, "unit": code, "unit_name": name, "unit_kind": kind, "role": "ASSIST"}
        for code, (name, kind) in UNITS.items()
    ]
    told.say(hours, WhistleDrafted, whistle_id, source=about, recipients=asked)
    told.say(hours + 0.2, WhistleBlown, whistle_id, "u-street", source=about, recipients=asked)
    tasks = list(UNITS)
    for code in tasks:
        of_task(told, hours + 0.2, WhistleTaskAssigned, code, about, sign_due=iso(hours + 1.2))
    for code in tasks[:2]:
        of_task(told, hours + 0.5, WhistleTaskSigned, code, about)
    of_task(told, hours + 1.3, WhistleTaskOverdue, tasks[2], about)
    of_task(told, hours + 1.5, WhistleTaskSigned, tasks[2], about)
    return tasks


def of_task(told: Teller, hours: float, contract: Any, code: str, about: dict[str, Any], **data: Any) -> Event:
    name, kind = UNITS[code]
    unit, whistle_id = {"code": code, "name": name, "kind": kind}, uid(f"whistle {told.number}")
    named = {"task_id": task_id(told.number, code), "whistle_id": whistle_id, "unit": unit, "source": about}
    return told.say(hours, contract, named["task_id"], **named, **data)


def task_id(number: str, code: str) -> str:
    return uid(f"task {number} {code}")


def agreement(told: Teller, hours: float, case: str, about: dict[str, Any]) -> None:
    told.say(hours, AgreementDrafted, case, source=about)
    for signer in ("PARTY", "PARTY", "MEDIATOR", "SEAL"):
        told.say(hours + 0.1, AgreementSigned, case, source=about, signer=signer)
    told.say(hours + 0.1, AgreementTookEffect, case, source=about)
    told.say(hours + 0.1, JudicialConfirmationWindowOpened, case, source=about)
    told.say(hours + 0.5, AgreementPerformed, case, source=about)
    told.say(hours + 0.5, MediationCaseClosed, case, source=about)


def follow(told: Teller, hours: float, appeal: str, about: dict[str, Any]) -> None:
    follow_up = uid(f"follow-up {told.number}")
    told.say(104.1, FollowUpOpened, follow_up, "service:notify", subject=about, start_by=iso(hours))
    told.say(hours, FollowUpAttempted, follow_up, "u-hejing", subject=about, reached=True)
    told.say(hours + 0.1, FollowUpCompleted, follow_up, "u-hejing", subject=about)
    told.say(hours + 0.1, AppealClosed, appeal, "service:intake")
    told.say(hours + 0.2, MessageSent, uid(f"message {told.number}"), "service:notify")


def a4() -> list[Event]:
    """The lamp pole, up to the power company's arrival."""
    told, hazard = Teller(HAZARD_NO, "yinchuan.xingqing.shandalu.hongbei.g2"), uid("hazard")
    about = {"kind": "HAZARD", "id": hazard, "number": HAZARD_NO}
    told.say(0, HazardReported, hazard, "u-lili", hazard_id=hazard, number=HAZARD_NO, reported_by=LI_LI)
    told.say(0.1, HazardSecured, hazard)
    whistle_id, task = uid(f"whistle {HAZARD_NO}"), task_id(HAZARD_NO, "lijingjie-sifasuo")
    told.say(0.1, WhistleBlown, whistle_id, source=about, kind="EMERGENCY")
    of_task(told, 0.1, WhistleTaskAssigned, "lijingjie-sifasuo", about, kind="EMERGENCY")
    assert told.versions[task] == 1
    return told.events
