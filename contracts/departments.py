"""What a department hears on exchange `departments` and says on `department-replies` (key `<unit>.<verb>`).

Words may travel here, because the department is whom they are for; telephone and identity numbers may not.
"""

from contracts import samples
from contracts.department_codes import RefusalCode, TaskChange
from contracts.dispatch.rectification_views import Step
from contracts.fields import Code, Count, Day, Id, Many, Moment, One, some
from contracts.schema import EventSchema, Shape
from contracts.shapes import SentFile, SourceRef, UnitRef, evidence_files, point
from contracts.tokens import Token, case_no, limit_text, staff_id, unit_code
from contracts.words import shared_text
from kernel import codes

OUT = "departments"
BACK = "department-replies"
WORD = r"^[^\x00-\x1f\x7f]{1,200}$"
MOST_BYTES = 262_144
"""A longer reply is refused unread."""


LINK_PATH = r"^/api/unit-files/[0-9a-f-]{36}/[0-9]{1,12}/[A-Za-z0-9_.-]{1,40}-[0-9a-f]{64}$"
LINK = {"path": f"/api/unit-files/{samples.TASK}/1721001600/k1-{'ab' * 32}", "until": "2024-07-15T00:00:00Z"}


class DepartmentMessage(EventSchema):
    """From dispatch to one unit; the routing key is the unit's code."""

    source = "departments"
    exchange = OUT


class FileLink(Shape):
    """Below the portal's address: GET lists the files of the order, POST brings one. Who holds it may do so."""

    path = Token(LINK_PATH, "应为附件链接的路径")
    until = Moment()


class FurtherRef(Shape):
    """The task of a body you called; how it is judged is its own affair."""

    task_id = Id()
    unit = One(UnitRef)
    state = Code(codes.TaskState)


class WhistleTask(DepartmentMessage):
    """A whistle has been blown for this unit. Sign, then report in, each before its due time.

    `parts` are ticked off one by one, numbered from 1; `called_by` is the unit that called you further, `notes` say
    for what.
    """

    title = "哨令"
    task_id = Id()
    whistle_number = case_no()
    case = One(SourceRef)
    kind = Code(codes.WhistleKind)
    unit = One(UnitRef)
    role = Code(codes.TaskRole)
    reason = shared_text(2000)
    asked_action = Code(codes.AskedAction)
    asked_action_text = shared_text(1000, optional=True)
    asked_time = Moment(optional=True)
    asked_place_text = shared_text(200, optional=True)
    sign_due = Moment()
    report_due = Moment()
    finish_due = Moment(optional=True)
    files = One(FileLink, optional=True)
    parts = Many(shared_text(200), most=500)
    called_by = One(UnitRef, optional=True)
    notes = Many(shared_text(2000))
    example = {
        "task_id": samples.TASK,
        "whistle_number": samples.WHISTLE_NO,
        "case": samples.ABOUT_APPEAL,
        "kind": "APPEAL",
        "unit": samples.JUDICIAL,
        "role": "LEAD",
        "reason": "首次协商未果，需专业力量到会释法",
        "asked_action": "ATTEND_MEETING",
        "asked_action_text": "到会讲解相邻关系和赔偿责任",
        "asked_time": samples.MEETING,
        "asked_place_text": "银虹社区调解室",
        "sign_due": "2024-07-06T05:00:00Z",
        "report_due": samples.AFTER,
        "finish_due": None,
        "files": LINK,
        "parts": ["1单元"],
        "called_by": None,
        "notes": [],
    }


class TaskChanged(DepartmentMessage):
    """Something became of a task of this unit, by `change`; `state` is where the task stands now."""

    title = "哨令变更"
    task_id = Id()
    whistle_number = case_no()
    change = Code(TaskChange)
    state = Code(codes.TaskState)
    reason = shared_text(1000, optional=True)
    finish_due = Moment(optional=True)
    points = Count(0, 100, optional=True)
    files = One(FileLink, optional=True)
    parts = Many(Count(1), most=500)
    parts_done = Count(optional=True)
    parts_total = Count(optional=True)
    further = One(FurtherRef, optional=True)
    order = case_no(optional=True)
    answer_due = Moment(optional=True)
    example = {
        "task_id": samples.TASK,
        "whistle_number": samples.WHISTLE_NO,
        "change": "RESULT_REJECTED",
        "state": "REPORTED_IN",
        "reason": "现场仍有积水，请继续处理",
        "finish_due": samples.AFTER,
        "points": None,
        "files": LINK,
        "parts": [],
        "parts_done": None,
        "parts_total": None,
        "further": None,
        "order": None,
        "answer_due": None,
    }


class Refusal(DepartmentMessage):
    """A reply of this unit was refused and changed nothing. Mend it and send it again under a new id."""

    title = "回哨退回"
    message_id = Token(WORD, "应为可见字符", optional=True)
    message_type = Token(WORD, "应为可见字符", optional=True)
    task_id = Id(optional=True)
    code = Code(RefusalCode)
    detail = shared_text(2000)
    errors = Many(shared_text(500))
    example = {
        "message_id": samples.uid(901),
        "message_type": "cn.shaodao.department.finish.v1",
        "task_id": samples.TASK,
        "code": "INVALID",
        "detail": "回哨内容有误",
        "errors": ["evidence: 办结必须附佐证材料"],
    }


class DepartmentReply(EventSchema):
    """From a unit to dispatch. The broker's validated user-id proves which unit; a late reply becomes a note.

    `receiver` names who of the unit's roster 接哨员 acts; left out, or not on the roster, it is the holder of post A.
    """

    source = "department"
    exchange = BACK
    said_by_peers = False
    task_id = Id()
    receiver = staff_id(optional=True)


class Sign(DepartmentReply):
    title = "签收"
    example = {"task_id": samples.TASK, "receiver": samples.RECEIVER["id"]}


class Object(DepartmentReply):
    """Not our duty: with the legal basis, in time."""

    title = "异议"
    reason_code = Code(codes.ObjectionReason)
    legal_basis = shared_text(1000)
    proposed_unit = unit_code(optional=True)
    example = {
        "task_id": samples.TASK,
        "receiver": None,
        "reason_code": "NOT_OUR_DUTY",
        "legal_basis": "灯杆产权属物业企业，见《物业管理条例》第五十一条",
        "proposed_unit": "lijingjie-chengguan",
    }


class ReportedIn(DepartmentReply):
    """`arrived_at` null = when the reply was sent."""

    name = "report_in"
    title = "报到"
    mode = Code(codes.ReportInMode)
    arrived_at = Moment(optional=True)
    geo = point()
    example = {"task_id": samples.TASK, "receiver": None, "mode": "MEETING", "arrived_at": samples.MEETING, "geo": None}


class Progress(DepartmentReply):
    title = "进展"
    note = shared_text(2000)
    example = {"task_id": samples.TASK, "receiver": None, "note": "已联系双方当事人"}


class Finish(DepartmentReply):
    """Done, says the unit; the whistler checks. Files that are neither sent along nor uploaded before are refused."""

    title = "办结"
    result_text = shared_text(5000)
    evidence = evidence_files(SentFile)
    example = {
        "task_id": samples.TASK,
        "receiver": None,
        "result_text": "已到会释法，双方达成协议",
        "evidence": [{**samples.PHOTO, "content": None}],
    }


class PartsTicked(DepartmentReply):
    """Parts of the task by their numbers in the order, each once; `finish` counts only after the last of them."""

    name = "tick_parts"
    title = "逐处销号"
    parts = Many(Count(1), least=1, most=500, lacking="请写明办好了哪几处")
    photos = evidence_files(SentFile)
    example = {
        "task_id": samples.TASK,
        "receiver": None,
        "parts": [1],
        "photos": [{**samples.PHOTO, "content": None}],
    }


class FurtherCalled(DepartmentReply):
    """A further body is needed: it gets a task of its own, yours stays the lead, and waits for it to be done."""

    name = "call_further"
    title = "再请一个单位"
    unit = unit_code()
    asked = shared_text(1000)
    finish_within = limit_text(optional=True)
    example = {
        "task_id": samples.TASK,
        "receiver": None,
        "unit": "huanwei",
        "asked": "补种耐寒绿植",
        "finish_within": "15d",
    }


class RatingAppealed(DepartmentReply):
    """Once a task, in time; the rating stands until somebody other than who gave it has decided."""

    name = "appeal_rating"
    title = "申诉赋分"
    reason = shared_text(1000)
    example = {"task_id": samples.TASK, "receiver": None, "reason": "已按约定时间到会，签到表为证"}


class SupervisionReplied(DepartmentReply):
    """To the order `SUPERVISED` told of; the level above accepts the answer or returns it."""

    name = "reply_supervision"
    title = "回复督办"
    order = case_no()
    text = shared_text(5000)
    attachments = some(SentFile, most=30)
    example = {
        "task_id": samples.TASK, "receiver": None, "order": samples.SUPERVISION_NO,
        "text": "已到场处理，约定周五前修好", "attachments": [{**samples.PHOTO, "content": None}],
    }  # fmt: skip


class EnforcementRecorded(DepartmentReply):
    """Spots of a rectification handed over to you, cleared; the same spots of your task are ticked with them."""

    name = "record_enforcement"
    title = "记执法"
    spots = Many(Count(1), least=1, lacking="请写明清理了哪几处")
    step = Code(Step)
    assistants = Many(unit_code())
    legal_basis = shared_text(1000)
    noticed_on = Day()
    done_at = Moment()
    emergency = shared_text(500, optional=True)
    result = shared_text(1000)
    evidence = evidence_files(SentFile)
    example = {
        "task_id": samples.TASK, "receiver": None, "spots": [1], "step": "COMPULSORY", "assistants": [],
        "legal_basis": "《城市绿化条例》第二十六条", "noticed_on": "2024-07-05", "done_at": samples.MEETING,
        "emergency": None, "result": "清除并平整", "evidence": [{**samples.PHOTO, "content": None}],
    }  # fmt: skip


REPLIES: tuple[type[DepartmentReply], ...] = (
    Sign, Object, ReportedIn, Progress, Finish, PartsTicked, FurtherCalled, RatingAppealed, SupervisionReplied,
    EnforcementRecorded,
)  # fmt: skip
VERBS = tuple(reply.name for reply in REPLIES)
"""The last part of a routing key. What a login may write, the documents and the kit follow from it."""
