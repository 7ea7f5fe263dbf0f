"""Facts of mediation sessions."""

from contracts import samples
from contracts.events.mediation.base import CaseFact, about_case
from contracts.fields import Code, Count, Flag, Id, Many, Moment, unit_code
from kernel import codes


class MediationSessionScheduled(CaseFact):
    """`notice_waived`: the parties gave up the usual notice (policy key mediation.session_notice)."""

    name = "mediation_session_scheduled"
    title = "已约定调解时间"
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

    name = "mediation_session_moved"
    title = "已更改调解时间地点"
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
    name = "mediation_session_held"
    title = "调解会已召开"
    session_id = Id()
    session_no = Count(1)
    outcome = Code(codes.SessionOutcome)
    reason_code = Code(codes.SessionReason, optional=True)
    example = about_case(
        session_id=samples.SESSION, session_no=1, outcome="NO_AGREEMENT", reason_code="REFUSED_COMPENSATION"
    )
