"""Facts of an appeal's work, from registration to the reported result."""

from typing import Any

from contracts import samples
from contracts.events.intake.base import AppealFact, about_appeal
from contracts.fields import Amount, Code, Count, Flag, Many, Moment, One, category_code, some, staff_id, unit_code
from contracts.shapes import MaskedPerson, Party, PersonRef
from kernel import codes


class RegisteredWords(AppealFact):
    """Holds the field `source`, which an event's class attribute of that name would hide from type checkers."""

    source: Any = Code(codes.Source)


class AppealRegistered(RegisteredWords):
    """A case exists. `first_responder` answers for it to the end (首问责任制).

    `against` holds codes of the units and ids of the members of staff complained of: they are told nothing of the case.
    `anonymous`: nobody is known who reported; else a `reporter` left out asked for secrecy.
    """

    name = "appeal_registered"
    title = "诉求已登记"
    channel = Code(codes.Channel)
    nature = Code(codes.Nature)
    category = category_code()
    urgency = Code(codes.Urgency)
    damage_ongoing = Flag()
    secret = Flag()
    anonymous = Flag(default=False)
    against = Many(staff_id(), most=40)
    first_responder = One(PersonRef)
    reporter = One(MaskedPerson, optional=True)
    promise_at = Moment()
    first_contact_due = Moment()
    example = about_appeal(
        channel="PHONE",
        source="RESIDENT",
        nature="HELP",
        category="housing.drain.blocked",
        urgency="EMERGENCY",
        damage_ongoing=True,
        secret=False,
        anonymous=False,
        against=[],
        first_responder=samples.LI_SHAN,
        reporter=samples.REPORTER,
        promise_at="2024-07-06T03:00:00Z",
        first_contact_due="2024-07-06T01:15:00Z",
    )


class AppealAccepted(AppealFact):
    name = "appeal_accepted"
    title = "诉求已受理"
    lead_unit = unit_code()
    accepted_by = One(PersonRef)
    example = about_appeal(lead_unit=samples.COMMUNITY_UNIT, accepted_by=samples.LI_SHAN)


class AppealAssigned(AppealFact):
    """No assignment without a deadline (北京市接诉即办工作条例 art. 13)."""

    name = "appeal_assigned"
    title = "诉求已派单"
    lead_unit = unit_code()
    handler = One(PersonRef)
    due_at = Moment()
    urgency = Code(codes.Urgency)
    example = about_appeal(
        lead_unit=samples.COMMUNITY_UNIT, handler=samples.LI_SHAN, due_at="2024-07-06T03:00:00Z", urgency="EMERGENCY"
    )


class AppealSigned(AppealFact):
    name = "appeal_signed"
    title = "诉求已签收"
    handler = One(PersonRef)
    example = about_appeal(handler=samples.LI_SHAN)


class AppealFirstContacted(AppealFact):
    name = "appeal_first_contacted"
    title = "已首次联系群众"
    how = Code(codes.HandlingHow)
    in_time = Flag()
    example = about_appeal(how="PHONE", in_time=True)


class AppealHandlingRecorded(AppealFact):
    name = "appeal_handling_recorded"
    title = "已记录办理情况"
    how = Code(codes.HandlingHow)
    stage = Code(codes.HandlingStage)
    attachment_count = Count()
    in_time = Flag()
    example = about_appeal(how="ON_SITE", stage="DANGER_REMOVED", attachment_count=2, in_time=True)


class DisputeIdentified(AppealFact):
    """Opens a mediation case."""

    name = "dispute_identified"
    title = "已认定为矛盾纠纷"
    dispute_type = Code(codes.DisputeType)
    cause = Code(codes.DisputeCause)
    risk_level = Code(codes.RiskLevel)
    parties = some(Party, least=2, most=50)
    claimed_amount = Amount(optional=True)
    handler = One(PersonRef)
    example = about_appeal(
        dispute_type="NEIGHBOUR",
        cause="NEIGHBOUR_ACT",
        risk_level="YELLOW",
        parties=[samples.CLAIMANT, samples.RESPONDENT],
        claimed_amount="4800.00",
        handler=samples.LI_SHAN,
    )


class AppealExtended(AppealFact):
    """Told to the citizen before `old_due_at` (条例 art. 15)."""

    name = "appeal_extended"
    title = "办理时限已延长"
    old_due_at = Moment()
    new_due_at = Moment()
    reason_code = Code(codes.ExtendReason)
    example = about_appeal(old_due_at=samples.EVENING, new_due_at=samples.AFTER, reason_code="COMPLEX")


class AppealUrgencyRaised(AppealFact):
    """Made an emergency after registration; `due_at` and `first_contact_due` are the earlier of old and new."""

    name = "appeal_urgency_raised"
    title = "诉求已提为紧急"
    urgency = Code(codes.Urgency)
    danger_flag = Code(codes.DangerFlag)
    due_at = Moment()
    first_contact_due = Moment()
    example = about_appeal(
        urgency="EMERGENCY", danger_flag="GAS", due_at=samples.EVENING, first_contact_due=samples.NOON
    )


class AppealOverdue(AppealFact):
    """A clock has run out; not a state, work goes on. `level` counts the escalation steps from 1.

    The first level of FEEDBACK also says whom a follow-up is about, which another unit than `handler_unit` makes.
    """

    name = "appeal_overdue"
    title = "诉求已超时"
    stage = Code(codes.AppealStage)
    due_at = Moment()
    level = Count(1, 20)
    handler = One(PersonRef, optional=True)
    handler_unit = unit_code(optional=True)
    resident = One(MaskedPerson, optional=True)
    contact_preference = Code(codes.ContactPreference, optional=True)
    anonymous = Flag(default=False)
    example = about_appeal(
        stage="FEEDBACK",
        due_at=samples.EVENING,
        level=1,
        handler=samples.LI_SHAN,
        handler_unit=samples.COMMUNITY_UNIT,
        resident=samples.REPORTER,
        contact_preference="CALL",
        anonymous=False,
    )


class AppealResultReported(AppealFact):
    """Starts the follow-up, which another unit than `handler_unit` makes."""

    name = "appeal_result_reported"
    title = "办理结果已反馈"
    result_kind = Code(codes.ResultKind)
    handler = One(PersonRef)
    handler_unit = unit_code()
    resident = One(MaskedPerson, optional=True)
    contact_preference = Code(codes.ContactPreference, optional=True)
    anonymous = Flag(default=False)
    evidence_count = Count()
    example = about_appeal(
        result_kind="SOLVED",
        handler=samples.LI_SHAN,
        handler_unit=samples.COMMUNITY_UNIT,
        resident=samples.REPORTER,
        contact_preference="CALL",
        anonymous=False,
        evidence_count=3,
    )


class AppealSupervised(AppealFact):
    """Unsolved again after it was taken up by itself as often as allowed: the level above answers by `due_at`."""

    name = "appeal_supervised"
    title = "诉求转上级督办"
    reason_code = Code(codes.ReopenReason)
    reopen_count = Count()
    level = Code(codes.Role)
    due_at = Moment()
    lead_unit = unit_code()
    example = about_appeal(
        reason_code="UNSOLVED",
        reopen_count=1,
        level="STREET",
        due_at=samples.MONTH_END,
        lead_unit=samples.COMMUNITY_UNIT,
    )


class AppealReopened(AppealFact):
    name = "appeal_reopened"
    title = "诉求重新办理"
    reopen_count = Count(1)
    reason_code = Code(codes.ReopenReason)
    due_at = Moment()
    lead_unit = unit_code()
    example = about_appeal(
        reopen_count=1, reason_code="UNSOLVED", due_at=samples.MONTH_END, lead_unit=samples.COMMUNITY_UNIT
    )
