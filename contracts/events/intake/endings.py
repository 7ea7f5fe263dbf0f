"""Facts that end an appeal."""

from contracts import samples
from contracts.events.intake.base import AppealFact, about_appeal
from contracts.fields import Code, Flag, Id, Many, Moment, One, case_no
from contracts.shapes import PersonRef
from kernel import codes


class AppealClosed(AppealFact):
    name = "appeal_closed"
    title = "诉求办结归档"
    satisfied = Code(codes.Satisfied, optional=True)
    solved = Code(codes.Solved, optional=True)
    first_responder = One(PersonRef)
    example = about_appeal(satisfied="SATISFIED", solved="YES", first_responder=samples.LI_SHAN)


class AppealAnswered(AppealFact):
    name = "appeal_answered"
    title = "诉求已即时答复"
    example = about_appeal()


class AppealDiverted(AppealFact):
    """Sent another lawful way (条例 art. 11)."""

    name = "appeal_diverted"
    title = "诉求已引导"
    reason_code = Code(codes.DivertReason)
    where_to_go_code = Code(codes.WhereToGo)
    example = about_appeal(reason_code="LITIGATION", where_to_go_code="COURT")


class AppealDeclined(AppealFact):
    """The complainant may ask for one review until `object_until`."""

    name = "appeal_declined"
    title = "诉求不予受理"
    reason_code = Code(codes.DeclineReason)
    object_until = Moment(optional=True)
    example = about_appeal(reason_code="NO_FACTS", object_until=samples.MONTH_END)


class AppealMerged(AppealFact):
    """Follows the surviving case's notices from now on."""

    name = "appeal_merged"
    title = "诉求已并单"
    into_id = Id()
    into_number = case_no()
    example = {
        "appeal_id": samples.uid(2001),
        "number": samples.MERGED_NO,
        "into_id": samples.APPEAL,
        "into_number": samples.APPEAL_NO,
    }


class AppealJoined(AppealFact):
    """Another appeal was merged into this one, which goes on with the higher urgency and the earlier date."""

    name = "appeal_joined"
    title = "同一事项并入"
    from_id = Id()
    from_number = case_no()
    urgency = Code(codes.Urgency)
    urgency_raised = Flag()
    danger_flags = Many(Code(codes.DangerFlag), most=20)
    due_at = Moment(optional=True)
    example = about_appeal(
        from_id=samples.uid(2001),
        from_number=samples.MERGED_NO,
        urgency="EMERGENCY",
        urgency_raised=True,
        danger_flags=["FLOODING"],
        due_at=samples.EVENING,
    )


class AppealWithdrawn(AppealFact):
    """`by_complainant` false: by staff on the complainant's behalf, who may object until `object_until`."""

    name = "appeal_withdrawn"
    title = "诉求已撤回"
    by_complainant = Flag(default=True)
    object_until = Moment(optional=True)
    example = about_appeal(by_complainant=False, object_until=samples.MONTH_END)


class AppealResumed(AppealFact):
    """Taken up again after an ending that did not answer it. The date is the one that was promised before."""

    name = "appeal_resumed"
    title = "诉求恢复办理"
    cause = Code(codes.ResumeCause)
    survivor_number = case_no(optional=True)
    due_at = Moment()
    example = {
        "appeal_id": samples.uid(2001),
        "number": samples.MERGED_NO,
        "cause": "SURVIVOR_ENDED",
        "survivor_number": samples.APPEAL_NO,
        "due_at": samples.EVENING,
    }
