"""What notify holds about a person: who was told and asked in their cases, and whom it cares for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from capability.holdings import Held, Holding, Kept, Stays, Subject
from chassis.erased import GONE, nameless
from chassis.identity import Principal
from contracts.intake.erasures import ErasureOrdered, IdentifyErased
from contracts.notify.assistance_views import OPEN as ASSISTING
from contracts.notify.assistance_views import AssistanceKind
from contracts.notify.holdings import CopyFromNotify, NotifyErased
from kernel.codes.holdings import Keeping
from services.notify import care_endings, states
from services.notify.assistance import Assistance
from services.notify.care_profiles import CareProfile, person_key
from services.notify.care_rounds import CareCall
from services.notify.hand_deliveries import HandDelivery
from services.notify.pager_alarms import PagerAlarm
from services.notify.pagers import Pager
from services.notify.pairings import Pairing
from services.notify.rules import due
from services.notify.tables import AppealFile, Attempt, DisputeFile, FollowUp, Message
from services.notify.wishes import WAITS, Wish

NO_DAY = "0001-01-01"


def _of_cases(model: Any) -> Any:
    return lambda session, subject: session.scalars(select(model).where(model.case_number.in_(subject.numbers)))


def _files(session: Session, subject: Subject) -> Iterable[AppealFile]:
    return session.scalars(select(AppealFile).where(AppealFile.number.in_(subject.numbers)))


def _messages(session: Session, subject: Subject) -> Iterable[Message]:
    told = Message.recipient_id.in_([str(each) for each in subject.person_ids])
    return session.scalars(select(Message).where(Message.case_number.in_(subject.numbers), told))


def _attempts(session: Session, subject: Subject) -> Iterable[Attempt]:
    ended = FollowUp.state.in_(states.FOLLOW_UP.terminal)
    mine = select(FollowUp.id).where(FollowUp.case_number.in_(subject.numbers), ended)
    return session.scalars(select(Attempt).where(Attempt.follow_up_id.in_(mine)))


def _profiles(session: Session, subject: Subject) -> Iterable[CareProfile]:
    return session.scalars(select(CareProfile).where(CareProfile.person_key.in_(_keys(subject))))


def _calls(session: Session, subject: Subject) -> Iterable[CareCall]:
    found = [profile.id for profile in _profiles(session, subject)]
    return session.scalars(select(CareCall).where(CareCall.profile_id.in_(found)))


def _assisted(session: Session, subject: Subject) -> Iterable[Assistance]:
    return session.scalars(select(Assistance).where(Assistance.person_key.in_(_keys(subject))))


def _pairings(session: Session, subject: Subject) -> Iterable[Pairing]:
    return session.scalars(select(Pairing).where(Pairing.person_key.in_(_keys(subject))))


def _pagers(session: Session, subject: Subject) -> Iterable[Pager]:
    return session.scalars(select(Pager).where(Pager.person_key.in_(_keys(subject))))


def _alarms(session: Session, subject: Subject) -> Iterable[PagerAlarm]:
    found = [pager.id for pager in _pagers(session, subject)]
    return session.scalars(select(PagerAlarm).where(PagerAlarm.pager_id.in_(found)))


def _handed(session: Session, subject: Subject) -> Iterable[HandDelivery]:
    mine = HandDelivery.person_id.in_([str(each) for each in subject.person_ids])
    return session.scalars(select(HandDelivery).where(mine))


def _wishes(session: Session, subject: Subject) -> Iterable[Wish]:
    """Those for the person, by name with telephone, and those the person posted."""
    mine = or_(Wish.person_key.in_(_keys(subject)), Wish.poster_id.in_([str(each) for each in subject.person_ids]))
    return session.scalars(select(Wish).where(mine))


def _keys(subject: Subject) -> list[str]:
    return [person_key(name, phone) for name, phone in subject.people if phone]


def _over(running: Iterable[str], kept: str) -> Stays:
    """Nothing runs any more, and the term after the end is over."""

    def stays(row: Any, now: datetime) -> Kept | None:
        if row.state in running:
            return Kept(Keeping.RUNNING)
        until = due(kept, row.updated_at, now)
        return Kept(Keeping.RETENTION, until) if until > now else None

    return stays


def _asks(row: FollowUp, now: datetime) -> Kept | None:
    return Kept(Keeping.RUNNING) if row.state in states.OPEN_FOLLOW_UPS else None


def _end_care(session: Session, row: CareProfile, now: datetime) -> None:
    """Care by telephone rests on consent: who asks to be erased is called no more."""
    care_endings.end(session, Principal.service("notify"), row, now)


def blank_visits(session: Session, row: Pairing, now: datetime) -> None:
    for visit in row.visits:
        visit.found, visit.photos = GONE, []


def _parties(row: DisputeFile) -> Any:
    return nameless(row.parties, {str(each["person_id"]) for each in row.parties if each.get("person_id")})


HOLDINGS = (
    Holding(
        "回访", _of_cases(FollowUp), {"意见": "comment"}, {"resident_name": GONE, "comment": GONE}, _asks,
        lambda row: row.number,
    ),
    Holding("回访记录", _attempts, {"内容": "note"}, {"note": GONE}),
    Holding("发出的消息", _messages, {"标题": "title", "内容": "body"}, {"recipient_name": GONE}),
    Holding("诉求的收件人", _files, {"称呼": "reporter_name"}, {"reporter_name": GONE}, number=lambda row: row.number),
    Holding("调解的收件人", _of_cases(DisputeFile), {}, {"parties": _parties}),
    Holding(
        "关怀电话", _calls, {"困难": "difficulties", "建议": "advice", "所见": "found"},
        {"difficulties": GONE, "advice": GONE, "found": GONE, "birthday": None, "witnesses": []},
    ),
    Holding(
        "关怀对象", _profiles,
        {
            "姓名": "name", "电话": "phone", "出生日期": "born", "农历生日": "lunar_birthday", "住址": "place_text",
            "语言": "dialect",
        },
        {
            "name": GONE, "masked_name": GONE, "phone": GONE, "born": NO_DAY, "lunar_birthday": None,
            "place_text": GONE, "emergency": None, "ended_reason": GONE, "person_key": None,
        },
        first=_end_care,
    ),
    Holding(
        "社会救助", _assisted,
        {
            "申请": lambda row: AssistanceKind(row.kind).label, "姓名": "name", "电话": "phone", "住处": "place_text",
            "情况": "circumstances", "入户所见": "found", "意见": "opinion", "决定": "decision", "结案": "closing",
        },
        {
            "name": GONE, "masked_name": GONE, "phone": GONE, "place_text": GONE, "circumstances": GONE, "survey": None,
            "opinion": GONE, "decision": GONE, "closing": GONE, "opened": [], "filed": [], "person_key": None,
        },
        _over(ASSISTING, "person.keep_dossier"), lambda row: row.number,
    ),
    Holding(
        "结对帮扶", _pairings, {"姓名": "name", "电话": "phone", "住处": "place_text", "需要什么": "wants"},
        {
            "name": GONE, "masked_name": GONE, "phone": None, "place_text": GONE, "wants": GONE, "end_reason": GONE,
            "person_key": None,
        },
        _over(["ACTIVE"], "person.keep_closed"), lambda row: row.number, blank_visits,
    ),
    Holding(
        "呼叫", _alarms, {"什么时候按的": "created_at", "说了什么": "told"}, {"told": GONE},
        lambda row, now: Kept(Keeping.RUNNING) if row.state != "RESOLVED" else None, lambda row: row.number,
    ),
    Holding(
        "呼叫器", _pagers, {"姓名": "name", "电话": "phone", "住处": "place_text", "提醒": "advice"},
        {
            "name": GONE, "masked_name": GONE, "phone": GONE, "place_text": GONE, "geo": None, "advice": GONE,
            "emergency": None, "found": GONE, "retired_reason": GONE, "person_key": None,
        },
        lambda row, now: Kept(Keeping.RUNNING) if row.state != "RETIRED" else None, lambda row: row.number,
    ),
    Holding(
        "当面送达", _handed, {"标题": "title", "内容": "body"},
        {"title": GONE, "body": GONE, "masked_name": GONE, "why": GONE},
        lambda row, now: Kept(Keeping.RUNNING) if row.state == "OPEN" else None,
    ),
    Holding(
        "微心愿", _wishes, {"心愿": "content", "为谁": "for_whom", "送到哪里": "place_text", "感谢": "thanks"},
        {
            "content": GONE, "for_whom": GONE, "place_text": GONE, "wall_text": GONE, "thanks": GONE, "proof": [],
            "poster_name": GONE, "person_key": None,
        },
        _over(WAITS, "person.keep_closed"), lambda row: row.number,
    ),
)  # fmt: skip
"""Calls before profiles, alarms before pagers: they are found by them."""

HELD = Held(CopyFromNotify, ErasureOrdered, NotifyErased, HOLDINGS, IdentifyErased)
