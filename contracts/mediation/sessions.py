"""Sessions 调解会."""

from contracts import samples
from contracts.fields import Code, Count, Flag, Id, Many, Moment, Text
from contracts.mediation.base import MEDIATORS, CaseFact, about_case
from contracts.mediation.cases import CaseCommand
from contracts.schema import AnswerSchema, CommandSchema
from contracts.tokens import unit_code
from kernel import codes
from kernel.rights import services

TAG = "调解"


class SessionPlaceView(AnswerSchema):
    """Where a session is held, as it was taken down; unmasked."""

    session_id = Id()
    place_text = Text(200)


class ScheduleSession(CaseCommand):
    """Only helpers every party consented to; not after a refusal to mediate (domain §3.6 invariant 8)."""

    title = "约调解会"
    main = True
    route = "POST /mediations/<case_id>/sessions"
    by = MEDIATORS
    kind = Code(codes.SessionKind, label="怎么开")
    starts_at = Moment(label="时间")
    place_text = Text(200, label="地点")
    helper_ids = Many(Id(), most=30, label="请哪些协助力量参加", help="双方都同意的才列在这里")
    notice_waived = Flag(default=False, label="各方同意不提前一天通知")
    example = {
        "case_id": samples.CASE,
        "expected_version": 10,
        "kind": "JOINT",
        "starts_at": samples.MEETING,
        "place_text": "银虹社区调解室",
        "helper_ids": [samples.HELPER],
        "notice_waived": False,
    }


class MoveSession(CaseCommand):
    """Another time or place for a session that has not been recorded. The usual notice holds, unless waived again."""

    title = "调解改期"
    route = "POST /mediations/<case_id>/sessions/<session_id>/move"
    by = MEDIATORS
    hint = "当事人和协助单位会收到新的时间和地点。"
    session_id = Id(label="哪一次")
    starts_at = Moment(label="新的时间")
    place_text = Text(200, label="地点")
    notice_waived = Flag(default=False, label="各方同意不提前通知")
    example = {
        "case_id": samples.CASE,
        "expected_version": 11,
        "session_id": samples.SESSION,
        "starts_at": "2024-07-10T07:00:00Z",
        "place_text": "银虹社区调解室",
        "notice_waived": True,
    }


class SessionPlace(CommandSchema):
    """Where a session is held, for the messages of notify alone: it may be a home, so no event tells it."""

    keeps_answer = False
    service = "mediation"
    title = "查询调解地点"
    by = services().said("系统服务")
    answer = SessionPlaceView
    session_id = Id()
    example = {"session_id": samples.SESSION}


class RecordSession(CaseCommand):
    """`present`: ids of the parties and helpers who came. Everything but AGREED wants a `reason_code`."""

    title = "记调解会"
    main = True
    route = "POST /mediations/<case_id>/sessions/<session_id>/record"
    by = MEDIATORS
    session_id = Id(label="哪一次")
    outcome = Code(codes.SessionOutcome, label="结果")
    record_text = Text(10000, label="笔录")
    present = Many(Id(), most=60, label="谁到场了")
    reason_code = Code(codes.SessionReason, optional=True, label="没谈成的原因", help="没有全部谈成时必填")
    example = {
        "case_id": samples.CASE,
        "expected_version": 5,
        "session_id": samples.SESSION,
        "outcome": "NO_AGREEMENT",
        "record_text": "对方以各种理由拒绝赔偿",
        "present": [samples.PARTY_A, samples.PARTY_B],
        "reason_code": "REFUSED_COMPENSATION",
    }


class MediationSessionScheduled(CaseFact):
    """`notice_waived`: the parties gave up the usual notice (policy key mediation.session_notice)."""

    title = "约定调解"
    for_staff = "约定{starts_at}第{session_no}次调解（{kind}）[，{notice_waived}]。"
    for_resident = "{starts_at}开第{session_no}次调解会。"
    session_id = Id()
    session_no = Count(1)
    kind = Code(codes.SessionKind)
    starts_at = Moment()
    helper_units = Many(unit_code())
    notice_waived = Flag()
    example = about_case(
        session_id=samples.SESSION,
        session_no=2,
        kind="JOINT",
        starts_at=samples.MEETING,
        helper_units=["lijingjie-sifasuo"],
        notice_waived=False,
    )


class MediationSessionMoved(CaseFact):
    """A session has another time or place. Where it is held is asked of mediation: it may be a home."""

    title = "调解改期"
    for_staff = "第{session_no}次调解由{was_starts_at}改为{starts_at}（{kind}）[，{notice_waived}]。"
    for_resident = "第{session_no}次调解会由{was_starts_at}改为{starts_at}。"
    session_id = Id()
    session_no = Count(1)
    kind = Code(codes.SessionKind)
    was_starts_at = Moment()
    starts_at = Moment()
    helper_units = Many(unit_code())
    notice_waived = Flag()
    example = about_case(
        session_id=samples.SESSION,
        session_no=2,
        kind="JOINT",
        was_starts_at=samples.MEETING,
        starts_at="2024-07-10T07:00:00Z",
        helper_units=["lijingjie-sifasuo"],
        notice_waived=True,
    )


class MediationSessionHeld(CaseFact):
    title = "调解会"
    for_staff = "第{session_no}次调解：{outcome}[，原因：{reason_code}]。"
    for_resident = "第{session_no}次调解会开过了：{outcome}。"
    session_id = Id()
    session_no = Count(1)
    outcome = Code(codes.SessionOutcome)
    reason_code = Code(codes.SessionReason, optional=True)
    example = about_case(
        session_id=samples.SESSION, session_no=1, outcome="NO_AGREEMENT", reason_code="REFUSED_COMPENSATION"
    )
