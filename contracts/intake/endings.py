"""How appeals end and begin again 并单、撤回、督办、办结."""

from contracts import samples
from contracts.fields import Code, Count, Flag, Id, Many, Moment, One, Text
from contracts.intake.appeals import AppealCommand
from contracts.intake.base import COMPLAINANT, DESKS, HANDLER, WORKERS, AppealFact, about_appeal
from contracts.shapes import PersonRef, files
from contracts.tokens import case_no, unit_code
from kernel import codes
from kernel.codes import Role
from kernel.rights import at

TAG = "诉求"


class MergeAppeal(AppealCommand):
    """`number` ends and follows `into_number`."""

    title = "并单"
    route = "POST /appeals/<number>/merge"
    by = DESKS
    hint = "同一件事反映了两次：本件并入另一件，随它办理。"
    into_number = case_no(label="并入哪一件的编号")
    example = {"number": samples.MERGED_NO, "expected_version": 1, "into_number": samples.APPEAL_NO}


class WithdrawAppeal(AppealCommand):
    """By the complainant; or for the complainant, by other hands than the handler's.

    `evidence`: the recorded voice or the signed sheet (AUDIO, DOCUMENT), needed only in the second case.
    """

    title = "登记撤回"
    route = "POST /appeals/<number>/withdrawal"
    by = COMPLAINANT | WORKERS.but(HANDLER)
    hint = "只能是群众自己要撤回；承办人不能代办。"
    reason = Text(1000, label="为什么撤回")
    evidence = files(label="本人录音或签字文件", help="代群众登记撤回时必须有")
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 3,
        "reason": "问题已自行解决",
        "evidence": [{**samples.PHOTO, "kind": "AUDIO"}],
    }


class ObjectEnding(AppealCommand):
    """The complainant did not withdraw, or asks for review of a refusal: the appeal is taken up again."""

    title = "登记异议"
    route = "POST /appeals/<number>/objection"
    by = COMPLAINANT | DESKS
    hint = "登记后恢复办理。"
    reason = Text(1000, label="群众怎么说")
    example = {"number": samples.APPEAL_NO, "expected_version": 4, "reason": "本人没有要求撤回"}


class DecideSupervision(AppealCommand):
    """By the level above: done anew, or the result stands; `words` tell why."""

    title = "督办处理"
    main = True
    route = "POST /appeals/<number>/supervision-decision"
    by = at(Role.STREET, Role.DISTRICT).but(HANDLER)
    hint = "再次未解决的，由上一级决定重新办理或维持结果。"
    decision = Code(codes.SupervisionDecision, label="决定")
    words = Text(2000, label="要求或理由")
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 14,
        "decision": "REDO",
        "words": "请社区三日内上门复核并重新办理",
    }


class AppealClosed(AppealFact):
    title = "办结归档"
    for_staff = "诉求办结归档[，群众答复：{solved}][、{satisfied}]。已告知首问负责人{first_responder}。"
    for_resident = "这件事办结了。谢谢您的信任。"
    satisfied = Code(codes.Satisfied, optional=True)
    solved = Code(codes.Solved, optional=True)
    first_responder = One(PersonRef)
    example = about_appeal(satisfied="SATISFIED", solved="YES", first_responder=samples.LI_SHAN)


class AppealMerged(AppealFact):
    """Follows the surviving case's notices from now on."""

    title = "并单"
    for_staff = "并入{into_number}一起办理。"
    for_resident = "和同一件事合在一起办，仍用您自己的编号查进展。"
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

    title = "同一事项并入"
    for_staff = "{from_number}并入本件一起办理，紧急程度“{urgency}”[，有{danger_flags}][，{due_at}前反馈]。"
    for_resident = None
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

    title = "撤回"
    for_staff = "诉求已撤回[，群众可在{object_until}前提出异议]。"
    for_resident = "这件事已经撤回，不再办理。"
    by_complainant = Flag(default=True)
    object_until = Moment(optional=True)
    example = about_appeal(by_complainant=False, object_until=samples.MONTH_END)


class AppealResumed(AppealFact):
    """Taken up again after an ending that did not answer it. The date is the one that was promised before."""

    title = "恢复办理"
    for_staff = "恢复办理，原因：{cause}[（{survivor_number}）]，仍须在{due_at}前反馈。"
    for_resident = "这件事恢复办理，原来答应您的时间不变。"
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


class AppealSupervised(AppealFact):
    """Unsolved again after it was taken up by itself as often as allowed: the level above answers by `due_at`."""

    title = "上级督办"
    for_staff = "回访原因“{reason_code}”，已转{level}督办，{due_at}前答复，承办单位{lead_unit}。"
    for_resident = "您说问题没有解决，已转上级督办。"
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
