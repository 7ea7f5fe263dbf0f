"""Working on an appeal 办理: contact, handling, urgency, extension, result, and what is late."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from contracts import samples
from contracts.fields import Code, Count, Flag, Moment, One, Text
from contracts.intake.appeals import AppealCommand
from contracts.intake.base import COMPLAINANT, DESKS, HANDLER, WORKERS, AppealFact, about_appeal
from contracts.shapes import MaskedPerson, PersonRef, files
from contracts.tokens import unit_code
from kernel import codes

TAG = "诉求"


class RecordContact(AppealCommand):
    title = "记首次联系"
    route = "POST /appeals/<number>/contacts"
    by = HANDLER | WORKERS
    how = Code(codes.HandlingHow, label="方式")
    note = Text(1000, optional=True, label="说明")
    example = {"number": samples.APPEAL_NO, "expected_version": 4, "how": "PHONE", "note": "已电话告知亲属到场时间"}


class RecordHandling(AppealCommand):
    title = "记办理情况"
    main = True
    route = "POST /appeals/<number>/handlings"
    by = HANDLER | WORKERS
    how = Code(codes.HandlingHow, label="方式")
    stage = Code(codes.HandlingStage, label="进展")
    content = Text(5000, label="做了什么")
    interim_measure = Text(500, optional=True, label="临时措施")
    told_citizen = Flag(default=False, label="已告诉群众")
    attachments = files(label="照片或文件")
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 5,
        "how": "ON_SITE",
        "stage": "DANGER_REMOVED",
        "content": "联系管道工疏通下水道，保洁已清理楼道",
        "attachments": [samples.PHOTO],
        "interim_measure": None,
        "told_citizen": True,
    }


class RaiseUrgency(AppealCommand):
    """A danger seen or heard of later makes the case an emergency; its clocks can only become shorter."""

    title = "提为紧急"
    route = "POST /appeals/<number>/urgency"
    by = HANDLER | COMPLAINANT | DESKS
    hint = "发现危险就提，不必等审批；时限只会提前。"
    danger_flag = Code(codes.DangerFlag, label="危险")
    example = {"number": samples.APPEAL_NO, "expected_version": 4, "danger_flag": "GAS"}


class ExtendAppeal(AppealCommand):
    """Only before the old deadline, and told to the citizen (条例 art. 15).

    Exactly one of `days` (natural days added) and `hours` (by the clock, for limits in hours).
    """

    title = "申请延期"
    route = "POST /appeals/<number>/extensions"
    by = HANDLER | WORKERS
    hint = "须在原期限之前，并把原因告诉群众。"
    reason_code = Code(codes.ExtendReason, label="原因")
    reason = Text(1000, label="说明")
    days = Count(1, 90, optional=True, label="延长几天")
    hours = Count(1, 72, optional=True, label="或几小时", help="时限以小时计的才填")
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 7,
        "reason_code": "THIRD_PARTY",
        "reason": "等待楼上住户回宁后现场确认",
        "days": 3,
        "hours": None,
    }

    @validates_schema
    def one_span(self, data: dict[str, Any], **kwargs: Any) -> None:
        if (data.get("days") is None) == (data.get("hours") is None):
            raise ValidationError("请填延长几天或几小时，只填一项", "days")


class ReportResult(AppealCommand):
    """SOLVED needs at least one file or a record with files (domain §3.6 invariant 15)."""

    title = "反馈结果"
    route = "POST /appeals/<number>/results"
    by = HANDLER | WORKERS
    hint = "“已解决”须有照片或文件佐证。"
    result_kind = Code(codes.ResultKind, label="结果")
    result_text = Text(5000, label="怎么办的")
    attachments = files(label="照片或文件")
    legal_basis = Text(1000, optional=True, label="依据")
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 9,
        "result_kind": "SOLVED",
        "result_text": "下水道已疏通，双方达成协议并已赔付",
        "attachments": [samples.PHOTO],
        "legal_basis": None,
    }


class AppealFirstContacted(AppealFact):
    title = "首次联系"
    for_staff = "已通过{how}联系群众（{in_time}）。"
    for_resident = "工作人员已经和您联系过。"
    how = Code(codes.HandlingHow)
    in_time = Flag()
    example = about_appeal(how="PHONE", in_time=True)


class AppealHandlingRecorded(AppealFact):
    title = "办理记录"
    for_staff = "{how}办理：{stage}[，附件{attachment_count}件]（{in_time}）。"
    for_resident = "办理有了进展：{stage}。"
    how = Code(codes.HandlingHow)
    stage = Code(codes.HandlingStage)
    attachment_count = Count()
    in_time = Flag()
    example = about_appeal(how="ON_SITE", stage="DANGER_REMOVED", attachment_count=2, in_time=True)


class AppealAwaitsDepartments(AppealFact):
    """Departments were called: the case waits for them."""

    title = "等候部门"
    for_staff = "等候被吹哨单位办理。"
    for_resident = None
    example = about_appeal()


class AppealTakenUpAgain(AppealFact):
    """What was waited for is over, and did not settle the case: its handler goes on."""

    title = "继续办理"
    for_staff = "协同事项已了结[，由{handler}继续办理]。"
    for_resident = "社区继续办理您的事。"
    handler = One(PersonRef, optional=True)
    example = about_appeal(handler=samples.LI_SHAN)


class AppealUrgencyRaised(AppealFact):
    """Made an emergency after registration; `due_at` and `first_contact_due` are the earlier of old and new."""

    title = "提为紧急"
    for_staff = "发现{danger_flag}，提为“{urgency}”，{first_contact_due}前联系，{due_at}前反馈。"
    for_resident = "因为{danger_flag}，这件事改按“{urgency}”办理。"
    urgency = Code(codes.Urgency)
    danger_flag = Code(codes.DangerFlag)
    due_at = Moment()
    first_contact_due = Moment()
    example = about_appeal(
        urgency="EMERGENCY", danger_flag="GAS", due_at=samples.EVENING, first_contact_due=samples.NOON
    )


class AppealExtended(AppealFact):
    """Told to the citizen before `old_due_at` (条例 art. 15)."""

    title = "延期"
    for_staff = "办理期限由{old_due_at}延至{new_due_at}，原因：{reason_code}。"
    for_resident = "因为{reason_code}，办理时间延长。"
    old_due_at = Moment()
    new_due_at = Moment()
    reason_code = Code(codes.ExtendReason)
    example = about_appeal(old_due_at=samples.EVENING, new_due_at=samples.AFTER, reason_code="COMPLEX")


class AppealOverdue(AppealFact):
    """A clock has run out; not a state, work goes on. `level` counts the escalation steps from 1.

    The first level of FEEDBACK also says whom a follow-up is about, which another unit than `handler_unit` makes.
    """

    title = "超时"
    for_staff = "{stage}超时，应在{due_at}前完成，第{level}级提醒。"
    for_resident = "已经超过答应您的时间，正在催办。"
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

    title = "反馈结果"
    for_staff = "{handler}反馈结果：{result_kind}[，佐证{evidence_count}件]，等待回访。"
    for_resident = "办理结果：{result_kind}。接下来有人回访，听您的意见。"
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
