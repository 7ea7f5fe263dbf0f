"""Errands 代办 (domain §2 A7, §3.4): papers asked for once and in full, the result brought to the door, no fee."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.deadlines import IntakeDeadlineApproaching
from contracts.intake import errands as say
from contracts.intake import repeats as again
from contracts.intake.errand_views import READERS, REVEALED_TO
from kernel.codes import Relation, Source
from kernel.codes.errands import Authority, DeliveryWay, ErrandMatter, Material
from kernel.codes.errands import ErrandState as S
from kernel.numbering import next_number
from services.intake import areas, door, facts, policy, residents
from services.intake.tables import AuthorityContact, Errand, ErrandMaterial, HomeVisit, NumberCounter

Command = dict[str, Any]
Why = tuple[Callable[[Errand], Any], str]
ENDED = frozenset({S.CLOSED, S.FAILED})
IN_HAND = frozenset({S.ACCEPTED, S.SUPPLEMENT_ASKED, S.MATERIALS_COMPLETE, S.SUBMITTED, S.DECIDED})
WAITING = frozenset({S.REQUESTED, S.ESCALATED})
COMPLETE = "materials_complete"
GIVEN = ("matter", "details", "authorisation", "authority", "authority_name", "at_home")
ORIGINALS: Why = (lambda errand: errand.originals_here, "还有原件没有退还，先退还原件")
TO_WHOM: Why = (lambda errand: not errand.proactive, "只有多次没办成、主动办理的才这样办")
RULED_OUT: Mapping[str, tuple[Why, ...]] = {
    "accept_errand": ((lambda errand: errand.proactive and errand.state == S.REQUESTED, "先定约到市民大厅还是报上级"),),
    "ask_supplement": ((lambda errand: errand.supplement_asked_at, "补材料只能要求一次，已经要求过了"),),
    "record_home_visit": ((lambda errand: not errand.at_home, "登记时没有要上门"),),
    "confirm_delivery": (
        (lambda errand: errand.delivery_way is None, "先定送达方式"),
        (lambda errand: errand.delivery_way == DeliveryWay.MAIL and not errand.tracking, "邮寄的先填运单号"),
    ),
    "close_errand": (ORIGINALS, (lambda errand: errand.at_home and not errand.visits, "要上门的还没有上门记录")),
    "fail_errand": (ORIGINALS,),
    "book_hall": (TO_WHOM,),
    "escalate_errand": (TO_WHOM,),
}
"""What an errand's own history rules out, and why."""


def refusal(errand: Errand, command: str) -> Conflict | None:
    return next((Conflict(why) for holds, why in RULED_OUT.get(command, ()) if holds(errand)), None)


LIFE: Life[Errand, S] = Life(
    Errand,
    S.REQUESTED,
    {
        say.AcceptErrand: Move(WAITING, S.ACCEPTED),
        say.AskSupplement: Move({S.ACCEPTED, S.MATERIALS_COMPLETE}, S.SUPPLEMENT_ASKED),
        say.ReceiveMaterials: Move({S.ACCEPTED, S.SUPPLEMENT_ASKED}, None),
        COMPLETE: Move({S.ACCEPTED, S.SUPPLEMENT_ASKED}, S.MATERIALS_COMPLETE),
        say.SubmitErrand: Move({S.MATERIALS_COMPLETE}, S.SUBMITTED, say.ErrandSubmitted),
        say.RecordAuthorityContact: Move(IN_HAND | {S.ESCALATED, S.DELIVERED}, None),
        say.RecordHomeVisit: Move(IN_HAND, None),
        say.RecordDecision: Move({S.SUBMITTED}, S.DECIDED, say.ErrandDecided),
        say.ArrangeDelivery: Move({S.SUBMITTED, S.DECIDED}, None, say.ErrandDeliveryArranged),
        say.ConfirmDelivery: Move({S.DECIDED}, S.DELIVERED, say.ErrandDelivered),
        say.ReturnOriginals: Move(IN_HAND | {S.DELIVERED}, None),
        say.CloseErrand: Move({S.DELIVERED}, S.CLOSED, say.ErrandClosed),
        say.FailErrand: Move(set(S) - ENDED, S.FAILED),
        again.BookHall: Move(WAITING, S.ACCEPTED),
        again.EscalateErrand: Move({S.REQUESTED}, S.ESCALATED, again.ErrandEscalated),
        "overdue": Move(set(S) - ENDED, None, say.ErrandOverdue, when_due=True),
    },
    Rules(
        by_number(Errand),
        READERS,
        unknown_number,
        facts.tell,
        refusal=refusal,
        due=policy.due,
        approaching=IntakeDeadlineApproaching,
    ),
    clocks={S.REQUESTED: "errand.accept"} | dict.fromkeys(set(S) - ENDED - {S.REQUESTED}, "errand.step"),
    answers=(say.GetErrand, say.ListErrands),
)


@asked(say.RegisterErrand)
def register(session: Session, who: Principal, command: Command, now: datetime) -> Errand:
    """Whoever registers is its first responder for good. Who asks for another has that one's word for it.

    Errors: Forbidden; Invalid for an unknown area, a telephone the city has not, a body outside without a name, a proxy
    without the applicant's word, an agent without the letter.
    """
    area, proxy = areas.find(session, command["area_path"], now), command["proxy"]
    Invalid.where(
        authority_name=command["authority"] == Authority.OUTSIDE and not command["authority_name"] and "要写明主管单位",
        proxy=proxy and not proxy["authorised"] and "要先有申请人本人同意",
        authorisation=proxy
        and proxy["relation"] == Relation.AGENT
        and not command["authorisation"]
        and "委托代理人要附委托书照片",
    )
    errand = Errand(area_path=area.path, created_at=now, proactive=False, failures=[])
    for name in GIVEN:
        setattr(errand, name, command[name])
    errand.first_responder_id, errand.first_responder_name = who.id, who.name
    errand.promise_at = policy.due("errand.promise", now, now)
    _name_people(session, errand, command["applicant"], proxy, now)
    errand.case_number = next_number(session, NumberCounter, "D", area.area4, now)
    return LIFE.start(session, who, say.RegisterErrand, errand, now, say.ErrandRequested)


@asked(say.AcceptErrand)
def accept(session: Session, who: Principal, command: Command, now: datetime) -> Errand:
    """All that is needed, told at once. Errors: as `Life.begin`; Invalid for a paper that stands there twice."""
    errand, kinds = LIFE.begin(session, who, say.AcceptErrand, command), _kinds(command["materials"])
    errand.handler_id, errand.handler_name = who.id, who.name
    errand.materials += [ErrandMaterial(**each, supplement=False) for each in command["materials"]]
    return LIFE.done(session, who, errand, now, say.ErrandAccepted, materials=kinds)


@asked(say.AskSupplement)
def ask_supplement(session: Session, who: Principal, command: Command, now: datetime) -> Errand:
    """Once, and all that is missing.

    Errors: as `Life.begin`; Conflict the second time; Invalid, naming them, for papers that are missing and not listed,
    or listed and received.
    """
    errand, kinds = LIFE.begin(session, who, say.AskSupplement, command), _kinds(command["materials"])
    known = {paper.kind: paper for paper in errand.materials}
    left_out = _labels(paper for paper in errand.missing if paper.kind not in kinds)
    got = _labels(paper for kind, paper in known.items() if kind in kinds and paper.received_at)
    Invalid.where(materials=(left_out and f"要一次写全，还缺：{left_out}") or (got and f"已经收到：{got}"))
    for each in command["materials"]:
        if paper := known.get(each["kind"]):
            paper.supplement = True
        else:
            errand.materials.append(ErrandMaterial(**each, supplement=True))
    errand.supplement_asked_at = now
    return LIFE.done(session, who, errand, now, say.ErrandSupplementAsked, materials=kinds)


@asked(say.ReceiveMaterials)
def receive(session: Session, who: Principal, command: Command, now: datetime) -> Errand:
    """Errors: as `Life.begin`; Invalid for what the checklist does not want, or nothing while something is missing."""
    errand, kinds = LIFE.begin(session, who, say.ReceiveMaterials, command), command["received"]
    Invalid.where(received=bool(errand.missing) and not kinds and "请选收到的材料")
    for paper in _chosen(errand.missing, kinds, "received", "清单上没有，或者已经收到"):
        paper.received_at = now
    LIFE.advance(errand)
    said: list[Any] = [say.ErrandMaterialsReceived] if kinds else []
    if not errand.missing:
        LIFE.move(errand, COMPLETE)
        said.append(say.ErrandMaterialsCompleted)
    LIFE.wind(errand, now)
    return LIFE.done(session, who, errand, now, *said, materials=kinds, missing=len(errand.missing))


@asked(say.ReturnOriginals)
def give_back(session: Session, who: Principal, command: Command, now: datetime) -> Errand:
    """Errors: as `Life.begin`; Invalid for what is no original in our hands."""
    errand = LIFE.begin(session, who, say.ReturnOriginals, command)
    for paper in _chosen(errand.originals_here, command["returned"], "returned", "不是收到后还没退的原件"):
        paper.returned_at = now
    return LIFE.done(session, who, errand, now, say.ErrandOriginalsReturned, materials=command["returned"])


@asked(say.RecordAuthorityContact)
def record_contact(session: Session, who: Principal, command: Command, now: datetime) -> Errand:
    """Errors: as `Life.begin`; Invalid for a contact in the future."""
    errand, at = LIFE.begin(session, who, say.RecordAuthorityContact, command), command["contacted_at"] or now
    Invalid.where(contacted_at=at > now and "不能晚于现在")
    told = {name: command[name] for name in ("body", "person_named", "outcome")}
    errand.contacts.append(AuthorityContact(at=at, by_id=who.id, by_name=who.name, **told))
    return LIFE.done(session, who, errand, now, say.ErrandAuthorityContacted)


@asked(say.RecordHomeVisit)
def record_visit(session: Session, who: Principal, command: Command, now: datetime) -> Errand:
    """Errors: as `Life.begin`; Conflict where no visit was asked for."""
    errand = LIFE.begin(session, who, say.RecordHomeVisit, command)
    told = {name: command[name] for name in ("result", "note", "photos")}
    errand.visits.append(HomeVisit(at=now, by_id=who.id, by_name=who.name, **told))
    return LIFE.done(session, who, errand, now, say.ErrandHomeVisited, result=command["result"])


def name(errand: Errand, asker: Any, speaker: Any) -> None:
    """Foreign keys and objects, without making people on record new objects of the session."""
    errand.applicant_id, errand.proxy_id = asker.id, speaker and speaker.id
    set_committed_value(errand, "asker", asker)
    set_committed_value(errand, "speaker", speaker)


def _name_people(session: Session, errand: Errand, applicant: Command, proxy: Command | None, now: datetime) -> None:
    given = {"applicant": applicant} | ({"proxy": proxy} if proxy else {})
    kept = residents.keep_reachable(session, given, now)
    name(errand, kept[0], kept[1] if proxy else None)
    errand.contact_preference = str(applicant["contact_preference"])
    errand.proxy_relation = str(proxy["relation"]) if proxy else None


def _kinds(materials: list[Command]) -> list[str]:
    kinds = [each["kind"] for each in materials]
    Invalid.where(materials=len(set(kinds)) < len(kinds) and "每种材料只列一次")
    return kinds


def _chosen(papers: Iterable[ErrandMaterial], kinds: Collection[str], field: str, why: str) -> list[ErrandMaterial]:
    """The papers of these kinds. Errors: Invalid, where one is not among them."""
    found = [paper for paper in papers if paper.kind in kinds]
    Invalid.where(**{field: len(found) < len(set(kinds)) and why})
    return found


def _labels(papers: Iterable[ErrandMaterial]) -> str:
    return "、".join(Material(paper.kind).label for paper in papers)


@asked(say.CheckErrand)
def check(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """For the applicant and for who speaks in it. Errors: NotFound."""
    errand = door.known(session, Errand, command, lambda row: (row.asker, row.speaker))
    people = {"promise_at": errand.promise_at, "first_responder_name": errand.first_responder_name}
    return door.told(errand, f"代办：{ErrandMatter(errand.matter).label}", S(errand.state), **people)


def of_person(session: Session, person_id: UUID) -> Iterable[Errand]:
    """The errands somebody asks for or speaks in, the newest first."""
    part = or_(Errand.applicant_id == person_id, Errand.proxy_id == person_id)
    return session.scalars(select(Errand).where(part).order_by(Errand.id.desc()).limit(200))


residents.BELONGINGS.append(residents.Belonging(of_person, READERS, REVEALED_TO))


@standing_of.register
def _stands(errand: Errand) -> Standing:
    return Standing(
        kind="ERRAND", state=errand.state, number=errand.case_number, waits=_waits(errand),
        due=None if errand.state in ENDED else min(errand.due_at or errand.promise_at, errand.promise_at),
        tally={
            "matter": errand.matter, "first": errand.first_responder_id, "handler": errand.handler_id or "",
            "source": str(Source.PROACTIVE if errand.proactive else Source.RESIDENT), "result": errand.failure or "",
        },
    )  # fmt: skip


def _waits(errand: Errand) -> tuple[str, ...]:
    """The first responder tells the outcome; who cannot come is visited by the community."""
    first, handler = f"person:{errand.first_responder_id}", f"person:{errand.handler_id}"
    if errand.state in ENDED:
        return ()
    if errand.state in WAITING:
        return (first, "role:DISTRICT") if errand.state == S.ESCALATED else (first, "role:WINDOW", "role:COMMUNITY")
    visit = ("role:COMMUNITY",) if errand.at_home and not errand.visits else ()
    return (*dict.fromkeys((handler, first) if errand.state == S.DELIVERED else (handler,)), *visit)
