"""Councils 议事会 (domain §2 A2, A14): convened, signed into, held, voted in by way of advice, ended item by item."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from capability.life import permit, unknown_number
from chassis.entrypoints import Ask, asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.store import new_id
from contracts.mediation import councils as say
from contracts.mediation.council_board import GetCouncilInvitation, GetCouncilRecord, ListCouncilBoard
from contracts.mediation.council_views import CouncilKind, ItemOutcome, VoteMode
from contracts.mediation.council_views import CouncilState as S
from kernel.calendar import due_words
from kernel.rights import in_states
from services.mediation import conflicts, grid_councils, topics, undertakings
from services.mediation.council_life import LIFE
from services.mediation.numbering import root_number
from services.mediation.rules import due, rules
from services.mediation.tables import Attendee, Council, Vote

Command = dict[str, Any]
NOTICE = "council.notice"
GIVEN = ("kind", "mode", "subject", "area_path", "starts_at", "place_text", "invited", "quorum", "hazard_number")
ON_BOARD = in_states("公开的", *(set(S) - {S.CALLED_OFF}))
INVITED = ("number", "kind", "subject", "starts_at", "place_text", "invited")
CHANGES = (say.CouncilReconvened.title, say.CouncilCalledOff.title)
"""What moves a council in the calendars of those who were invited."""
FORGOTTEN = timedelta(days=1)
"""How long after its hour a council without minutes is overdue."""


def kind_of(kind: str, now: datetime) -> dict[str, Any]:
    """What a kind must bring forth: policy key council.kinds."""
    found: dict[str, Any] = rules(now).pack.value("council.kinds", str(kind))
    return found


@asked(say.ConveneCouncil)
def convene(session: Session, who: Principal, command: Command, now: datetime, *, ask: Ask) -> Council:
    """Errors: Forbidden; Invalid for too short a notice (policy key council.notice) or a topic that is not set; those
    of `ask` for the open cases of a grid.
    """
    permit(who, say.ConveneCouncil, SimpleNamespace(**command))
    _check_notice(str(command["kind"]), command["starts_at"], now)
    council = Council(**{name: command[name] for name in GIVEN}, owners_rights=command["owners_rights"], topics=[])
    council.case_number = root_number(session, "C", council.area_path, now)
    found = topics.take_to(session, who, council, list(dict.fromkeys(command["topics"])), now)
    council.topics = [topic.number for topic in found]
    listed = [(topic.subject or topic.number, topic.number) for topic in found]
    if council.kind == CouncilKind.GRID:
        listed += grid_councils.agenda(session, council.area_path, ask)
    council.agenda = [_item(no, *each) for no, each in enumerate(listed, start=1)]
    council.until(council.starts_at + FORGOTTEN, now)
    return LIFE.start(session, who, say.ConveneCouncil, council, now, say.CouncilConvened)


def _check_notice(kind: str, starts_at: datetime, now: datetime) -> None:
    earliest = due(NOTICE, now, now) if kind_of(kind, now)["notice"] else now
    Invalid.where(starts_at=starts_at < earliest and f"要提前通知，最早{due_words(earliest)}")


def _item(no: int, subject: str, source: str) -> dict[str, Any]:
    return {"no": no, "subject": subject, "source_number": source, "outcome": None, "note": None}


@asked(say.ReconveneCouncil)
def reconvene(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """What the meeting before brought stays with it; everybody may vote again. Errors: as `Life.begin`; Invalid for too
    short a notice.
    """
    council = LIFE.begin(session, who, say.ReconveneCouncil, command)
    _check_notice(council.kind, command["starts_at"], now)
    council.begin_anew()
    session.execute(delete(Vote).where(Vote.council_id == council.id))
    council.starts_at, council.place_text = command["starts_at"], command["place_text"]
    council.until(council.starts_at + FORGOTTEN, now)
    return LIFE.done(session, who, council, now, say.CouncilReconvened)


@asked(say.CallOffCouncil)
def call_off(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Its topics wait for another. Errors: as `Life.begin`."""
    council = LIFE.begin(session, who, say.CallOffCouncil, command)
    council.reason = command["reason"]
    council.until(None, now)
    topics.follow(session, who, council, "council_called_off", now)
    return LIFE.done(session, who, council, now, say.CouncilCalledOff)


@asked(say.TakeRoll)
def take_roll(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Who is on the roll already counts once. Errors: as `Life.begin`."""
    council = LIFE.begin(session, who, say.TakeRoll, command)
    signed = [_signed(council, **each) for each in command["people"]]
    fresh = insert(Attendee).values(signed).on_conflict_do_nothing().returning(Attendee.walk_in)
    added = session.scalars(fresh).all()
    council.signed_in, council.walk_ins = council.signed_in + len(added), council.walk_ins + sum(added)
    return LIFE.done(session, who, council, now)


def _signed(council: Council, *, phone: str | None, **given: Any) -> dict[str, Any]:
    about = {"council_id": council.id, "meeting": council.meeting, "mark": conflicts.mark(given["name"], phone)}
    return {**given, "sign_id": given["sign_id"] or new_id(), **about}


@asked(say.CountHeads)
def count_heads(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Errors: as `Life.begin`; Invalid before its hour, for fewer heads than signed in, for an option that is named
    twice, or more hands than heads.
    """
    council, hands = LIFE.begin(session, who, say.CountHeads, command), command["hands"]
    named = [each["option"] for each in hands]
    Invalid.where(
        head_count=_too_early(council, now) or _too_few(council, command["head_count"]),
        hands=(len(set(named)) < len(named) and "同一个方案只能写一次")
        or (sum(each["votes"] for each in hands) > command["head_count"] and "举手的不能多于到会的"),
    )
    council.head_count = command["head_count"]
    council.choices = [
        {"no": no, "option": each["option"], "cast": 0, "counted": {VoteMode.HANDS.value: each["votes"]}}
        for no, each in enumerate(hands, start=1)
    ]
    return LIFE.done(session, who, council, now)


@asked(say.RecordMinutes)
def record_minutes(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Errors: as `Life.begin`; Invalid before its hour, for fewer heads than signed in, or where its kind brings forth
    more (policy key council.kinds).
    """
    council = LIFE.begin(session, who, say.RecordMinutes, command)
    choices, heads = _choices(council, command["options"]), command["head_count"] or council.head_count
    _check_minutes(council, command, choices, heads, now)
    for name in ("minutes", "opinions", "dissent"):
        setattr(council, name, command[name])
    council.head_count, council.choices = heads, choices
    council.sheets = [*(council.sheets or ()), *command["sheets"]]
    LIFE.advance(council)
    council.until(None, now)
    if council.quorum and (heads or 0) < council.quorum:
        LIFE.move(council, "too_few_came")
        return LIFE.done(session, who, council, now, say.CouncilQuorumFailed)
    topics.follow(session, who, council, "council_held", now)
    grid_councils.held(session, council, now)
    return LIFE.done(session, who, council, now, say.CouncilHeld)


def _choices(council: Council, written: list[str]) -> list[dict[str, Any]]:
    """The options counted on the spot, then those written down that are not among them."""
    counted = list(council.choices or ())
    known = {each["option"] for each in counted}
    fresh = [words for words in written if words not in known]
    return [*counted, *({"no": no, "option": words, "cast": 0, "counted": {}}
                        for no, words in enumerate(fresh, start=len(counted) + 1))]  # fmt: skip


def _check_minutes(
    council: Council, command: Command, choices: list[dict[str, Any]], heads: int | None, now: datetime
) -> None:
    needs = kind_of(council.kind, now)["needs"]
    Invalid.where(
        minutes=_too_early(council, now),
        head_count="要填到会人数" if heads is None else _too_few(council, heads),
        opinions="OPINIONS" in needs and not command["opinions"] and "这种会要记下意见",
        options="OPTIONS" in needs and len(choices) < 2 and "这种会要记下两个以上方案",
    )


def _too_early(council: Council, now: datetime) -> str | None:
    return "会还没有开" if now < council.starts_at else None


def _too_few(council: Council, heads: int) -> str | None:
    signed = council.signed_in
    return f"已有{signed}人签到，到会人数不能更少" if heads < signed else None


@asked(say.CastVote)
def cast(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Who voted and how many chose what are kept, never who chose what (decision 22).

    Errors: as `Life.begin`; Invalid for an unknown option; Conflict for a second vote.
    """
    council = LIFE.begin(session, who, say.CastVote, command)
    no = _known(council, command["option_no"], "option_no")
    first = insert(Vote).values(council_id=council.id, voter_id=who.id).on_conflict_do_nothing()
    if not session.scalars(first.returning(Vote.voter_id)).all():
        raise Conflict("您已经表达过意见，一人一次")
    council.choices = [{**each, "cast": each["cast"] + (each["no"] == no)} for each in council.choices]
    return LIFE.done(session, who, council, now)


@asked(say.CountVotes)
def count(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Errors: as `Life.begin`; Invalid for an unknown option, or more hands than heads."""
    council = LIFE.begin(session, who, say.CountVotes, command)
    counted = {_known(council, each["option_no"], "counts"): each["votes"] for each in command["counts"]}
    too_many = sum(counted.values()) > (council.head_count or 0) and command["mode"] != "PHONE"
    Invalid.where(counts=too_many and f"票数多于到会的{council.head_count}人")
    mode = str(command["mode"])
    council.choices = [
        {**each, "counted": {**each["counted"], mode: counted.get(each["no"], 0)}} for each in council.choices
    ]
    return LIFE.done(session, who, council, now)


def _known(council: Council, no: int, field: str) -> int:
    Invalid.where(**{field: no not in {each["no"] for each in council.choices} and f"没有第{no}个方案"})
    return no


@asked(say.EndItem)
def end_item(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Errors: as `Life.begin`; Invalid for an unknown item, or a task without owner and date."""
    council = LIFE.begin(session, who, say.EndItem, command)
    item = next((each for each in council.agenda if each["no"] == command["item_no"]), None)
    task = command["outcome"] == ItemOutcome.TASK
    Invalid.where(
        item_no=item is None and "没有这一项",
        owner=task and not command["owner"] and "转为任务要写明谁来做",
        until=task and not command["until"] and "转为任务要写明什么时候完成",
    )
    assert item is not None
    ended = {**item, "outcome": str(command["outcome"]), "note": command["note"]}
    council.agenda = [ended if each is item else each for each in council.agenda]
    if task:
        undertakings.add(council, item["subject"], command["owner"], command["until"])
    told = {"item_no": item["no"], "outcome": command["outcome"], "source_number": item["source_number"]}
    return LIFE.done(session, who, council, now, say.CouncilItemEnded, **told)


@asked(say.ConcludeCouncil)
def conclude(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Errors: as `Life.begin`; Conflict for a kind that resolves, or with items that have not ended."""
    council = LIFE.begin(session, who, say.ConcludeCouncil, command)
    if kind_of(council.kind, now)["resolves"]:
        raise Conflict(f"{CouncilKind(council.kind).label}要有决议，或者记未达成一致")
    if left := [each["no"] for each in council.agenda if not each["outcome"]]:
        raise Conflict(f"议程第{'、'.join(map(str, left))}项还没有结果", items=left)
    LIFE.advance(council)
    if council.undertakings:
        LIFE.move(council, "tasks_given")
    LIFE.done(session, who, council, now, say.CouncilConcluded)
    if council.undertakings:
        undertakings.begin_next(session, who, council, now)
    return council


@asked(say.GetRoll)
def roll(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: NotFound; Forbidden."""
    council = LIFE.allow(who, say.GetRoll, LIFE.read(session, who, command), command)
    of_it = select(Attendee).where(Attendee.council_id == council.id, Attendee.meeting == council.meeting)
    return {"number": council.number, "people": session.scalars(of_it.order_by(Attendee.sign_id)).all()}


@asked(ListCouncilBoard)
def list_board(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    return LIFE.page(session, who, command, now, ON_BOARD)


@asked(GetCouncilRecord)
def record(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: NotFound."""
    council = LIFE.rules.hold(session, command)
    if council is None or not ON_BOARD.allows(who, council):
        raise unknown_number(command)
    return LIFE.view(session, who, council)


@asked(GetCouncilInvitation)
def invitation(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: NotFound."""
    council = LIFE.hold(session, command)
    changes = [step["at"] for step in council.steps if step["what"] in CHANGES]
    shown = {name: getattr(council, name) for name in INVITED}
    return {**shown, "sequence": len(changes), "changed_at": max(changes, default=council.created_at),
            "called_off": council.state == S.CALLED_OFF}  # fmt: skip
