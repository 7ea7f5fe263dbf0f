"""Facts that end an appeal."""

from contracts import samples
from contracts.events.intake.base import AppealFact, about_appeal
from contracts.fields import Code, Id, One, case_no
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
    name = "appeal_declined"
    title = "诉求不予受理"
    reason_code = Code(codes.DeclineReason)
    example = about_appeal(reason_code="NO_FACTS")


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


class AppealWithdrawn(AppealFact):
    name = "appeal_withdrawn"
    title = "诉求已撤回"
    example = about_appeal()
