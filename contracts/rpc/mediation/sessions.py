"""Mediation sessions."""

from contracts import samples
from contracts.fields import Code, Flag, Id, Many, Moment, Text
from contracts.rpc.mediation.cases import CaseCommand
from contracts.schema import CommandSchema
from contracts.views.mediation import SessionPlaceView
from kernel import codes


class ScheduleSession(CaseCommand):
    """Only helpers every party consented to; not after a refusal to mediate (domain §3.6 invariant 8)."""

    title = "约定调解时间"
    kind = Code(codes.SessionKind)
    starts_at = Moment()
    place_text = Text(200)
    helper_ids = Many(Id(), most=30)
    notice_waived = Flag(default=False)
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

    title = "更改调解时间地点"
    session_id = Id()
    starts_at = Moment()
    place_text = Text(200)
    notice_waived = Flag(default=False)
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
    answer = SessionPlaceView
    session_id = Id()
    example = {"session_id": samples.SESSION}


class RecordSession(CaseCommand):
    """`present`: ids of the parties and helpers who came. Everything but AGREED wants a `reason_code`."""

    title = "记录调解会"
    session_id = Id()
    outcome = Code(codes.SessionOutcome)
    record_text = Text(10000)
    present = Many(Id(), most=60)
    reason_code = Code(codes.SessionReason, optional=True)
    example = {
        "case_id": samples.CASE,
        "expected_version": 5,
        "session_id": samples.SESSION,
        "outcome": "NO_AGREEMENT",
        "record_text": "对方以各种理由拒绝赔偿",
        "present": [samples.PARTY_A, samples.PARTY_B],
        "reason_code": "REFUSED_COMPENSATION",
    }
