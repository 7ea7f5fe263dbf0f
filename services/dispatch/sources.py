"""What happened to the cases whistles were blown for. Facts may come in any order, and twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.entrypoints import Ask, hears
from chassis.envelope import Event
from chassis.errors import Conflict, DeadlineExceeded, Invalid, NotFound, Unavailable
from chassis.identity import Principal
from contracts.intake.appeals import GetAppeal
from contracts.intake.endings import AppealMerged, AppealResumed, AppealWithdrawn
from contracts.intake.hazards import GetHazard, HazardRemoved
from contracts.mediation.cases import LocateCase
from contracts.mediation.site_issues import LocateSiteIssue
from contracts.mediation.undertakings import LocateCouncil
from contracts.schema import CommandSchema
from kernel.areas import is_within
from kernel.codes import CancelReason, CaseKind, WhistleKind
from services.dispatch import assignment, calling_off, locks, stages
from services.dispatch.tables import SourceFact, Whistle

Source = dict[str, Any]
INTAKE_SECONDS = 2.0
"""How long intake may take to say what case a whistle is for."""
CASES: dict[str, type[CommandSchema]] = {
    CaseKind.APPEAL: GetAppeal,
    CaseKind.HAZARD: GetHazard,
    CaseKind.MEDIATION: LocateCase,
    CaseKind.SITE_ISSUE: LocateSiteIssue,
    CaseKind.COUNCIL: LocateCouncil,
}
"""What a whistle may be for, and how it is asked for."""


def prove(who: Principal, command: dict[str, Any], ask: Ask) -> None:
    """A whistle is for a case there is, at its place: who may whistle for a place may not do so for another's cases.

    Until when the case runs is kept on the command as `source_due`.
    The side a case complains of neither whistles for it nor is called to it (domain §3.6 inv. 6).
    An emergency does not wait for intake: where it does not answer, the drafter's word counts.
    Errors: NotFound, Invalid; Unavailable and DeadlineExceeded where it is no emergency.
    """
    source = command["source"]
    question = CASES.get(source["kind"])
    if question is None:
        raise Invalid.because({"source": {"kind": ["应为诉求、隐患、调解、现场问题或议事会"]}})
    try:
        case = ask(question, {"number": source["number"]}, deadline=INTAKE_SECONDS)
    except (Unavailable, DeadlineExceeded):
        if command["kind"] != WhistleKind.EMERGENCY:
            raise
        return
    if case["id"] != str(source["id"]):
        raise Invalid.because({"source": {"id": ["与编号不是同一件"]}})
    _refuse_complained_of(who, command, case)
    if not (is_within(case["area_path"], command["area_path"]) or is_within(command["area_path"], case["area_path"])):
        raise Invalid.because({"area_path": ["与此件所在区域不符"]})
    due = case.get("due_at")
    command["source_due"] = datetime.fromisoformat(due) if isinstance(due, str) else due


def _refuse_complained_of(who: Principal, command: dict[str, Any], case: dict[str, Any]) -> None:
    """Errors: NotFound for the side complained of, and for who does not answer where the case lies; Invalid."""
    against = case.get("against") or []
    if not against:
        return
    if who.is_among(against) or not is_within(case["area_path"], command["area_path"]):
        raise NotFound("没有找到这个编号", number=command["source"]["number"])
    if {asked["unit"] for asked in command["recipients"]} & set(against):
        raise Invalid.because({"recipients": ["被投诉的单位不能参与办理此件"]})


def standing(session: Session, source: Source, kind: str) -> Source:
    """The source a new whistle is for: the surviving case where it was merged.

    Errors: Conflict when it was withdrawn, but for a danger, which stays one (domain §3.4: safety hazards stay).
    """
    if session.get(SourceFact, source["id"]) is None:
        return source
    into = _survivor(session, source["id"])
    if into is not None:
        source = {**source, "id": into.merged_into_id, "number": into.merged_into_number}
    fact = session.get(SourceFact, source["id"])
    if fact is not None and fact.withdrawn_at is not None and kind != WhistleKind.EMERGENCY:
        raise Conflict("来源诉求已撤回，不能吹哨", source=source["number"], state="WITHDRAWN")
    return source


@hears(AppealWithdrawn)
def withdrawn(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The case is gone: its whistles are called off, but for dangers, and for work that has already begun."""
    source_id = event.data["appeal_id"]
    if not _turns(session, event):
        return
    _remember(session, source_id, withdrawn_at=event.time)
    _settle_withdrawn(session, who, source_id, now)


@hears(AppealMerged)
def merged(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Open whistles follow the surviving case and carry its number from now on; closed ones keep theirs."""
    source_id = event.data["appeal_id"]
    if not _turns(session, event):
        return
    _remember(session, source_id, merged_into_id=event.data["into_id"], merged_into_number=event.data["into_number"])
    into = _survivor(session, source_id)
    if into is None or into.merged_into_id is None:
        return
    for whistle in _open_whistles(session, source_id):
        whistle.source_id, whistle.source_number = into.merged_into_id, str(into.merged_into_number)
        whistle.case_number = whistle.source_number
        for task in locks.hold_tasks(session, whistle):
            task.case_number = whistle.source_number
    survivor = session.get(SourceFact, into.merged_into_id)
    if survivor is not None and survivor.withdrawn_at is not None:
        _settle_withdrawn(session, who, into.merged_into_id, now)


@hears(AppealResumed)
def resumed(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The case goes on by itself: whistles may be drafted for it again. Those called off stay so."""
    if _turns(session, event):
        fresh = {"withdrawn_at": None, "merged_into_id": None, "merged_into_number": None}
        _remember(session, event.data["appeal_id"], **fresh)


@hears(HazardRemoved)
def hazard_removed(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The danger is gone, as somebody saw on the spot: each open task says so, for whoever confirms it."""
    hazard_id = event.data["hazard_id"]
    fact = session.get(SourceFact, hazard_id, with_for_update=True)
    if fact is not None and fact.removed_at is not None:
        return
    verified_by = {"id": str(event.data["verified_by"]["id"]), "name": event.data["verified_by"]["name"]}
    _remember(session, hazard_id, removed_at=event.time, removed_by=verified_by)
    for whistle in _open_whistles(session, hazard_id):
        for task in whistle.tasks:
            if task.state not in stages.SETTLED:
                assignment.log(session, task, None, event.time, f"隐患已由{verified_by['name']}现场核验消除")


def _settle_withdrawn(session: Session, who: Principal, source_id: UUID, now: datetime) -> None:
    for whistle in _open_whistles(session, source_id):
        begun = any(task.state in stages.WORK_BEGUN for task in whistle.tasks)
        if whistle.kind == WhistleKind.EMERGENCY or begun:
            continue
        calling_off.call_off(session, who, whistle, now, CancelReason.WITHDRAWN, "来源诉求已撤回")


def _open_whistles(session: Session, source_id: UUID) -> list[Whistle]:
    """Locked, in the order of their ids, so that two handlers never wait for each other."""
    query = select(Whistle).where(Whistle.source_id == source_id, Whistle.state.in_(stages.OPEN_WHISTLES))
    return list(session.scalars(query.order_by(Whistle.id).with_for_update()))


def _turns(session: Session, event: Event) -> bool:
    """Whether this is the newest turn the case has taken; remembers it."""
    source_id, turn = event.data["appeal_id"], event.aggregate_version
    known = session.get(SourceFact, source_id, with_for_update=True)
    if known is not None and known.turn > turn:
        return False
    _remember(session, source_id, turn=turn)
    return True


def _remember(session: Session, source_id: UUID, **what: Any) -> None:
    row = insert(SourceFact).values(**{"turn": 0, **what}, source_id=source_id)
    session.execute(row.on_conflict_do_update(index_elements=[SourceFact.source_id], set_=what))
    session.get(SourceFact, source_id, populate_existing=True)


def _survivor(session: Session, source_id: UUID) -> SourceFact | None:
    """The last merge of a chain that starts here; None where there was none. A ring (a fault of the teller) ends it."""
    seen, last = {source_id}, None
    fact = session.get(SourceFact, source_id)
    while fact is not None and fact.merged_into_id is not None and fact.merged_into_id not in seen:
        seen.add(fact.merged_into_id)
        last, fact = fact, session.get(SourceFact, fact.merged_into_id)
    return last
