"""Signed links to one task, for the receiver of a unit that has nothing but a mailbox."""

from contracts import samples
from contracts.dispatch.base import DispatchQuestion
from contracts.dispatch.tasks import TaskFact, about_task
from contracts.fields import Code, Count, Id, Moment, One, Text, some
from contracts.schema import AnswerSchema
from contracts.shapes import PersonRef, UnitRef
from contracts.tokens import Token, area, case_no, staff_id
from kernel import codes
from kernel.codes.base import Code as Codes
from kernel.rights import services

TAG = "哨令"
LINK_PATTERN = r"^[A-Za-z0-9_-]{60,400}$"


class LinkState(Codes):
    """What a genuine link is still good for."""

    OPEN = "OPEN", "可以办理"
    EXPIRED = "EXPIRED", "已过期"
    OFF_ROSTER = "OFF_ROSTER", "持有人已不在接哨员名册上"
    WITHDRAWN = "WITHDRAWN", "该单位不再凭信件办理"
    SETTLED = "SETTLED", "哨令已了结"


class TaskLinkToken(AnswerSchema):
    """Without a token: nobody may act by a link here any more."""

    token = Text(400, optional=True)
    until = Moment(optional=True)


class TaskLinkView(AnswerSchema):
    """Whose link it is, and where its task stands. What the task says, its receiver asks for himself."""

    link = Code(LinkState)
    task_id = Id()
    task_state = Code(codes.TaskState)
    whistle_number = case_no()
    area_path = area()
    unit = One(UnitRef)
    receiver = One(PersonRef, optional=True)


class TaskLinksSent(AnswerSchema):
    sent = Count()


class MakeTaskLink(DispatchQuestion):
    """For the letter that leaves now to one receiver of the task's unit; audited."""

    title = "签发办理链接"
    by = services("notify").said("通知服务")
    keeps_answer = False
    answer = TaskLinkToken
    task_id = Id()
    receiver = staff_id()
    example = {"task_id": samples.TASK, "receiver": samples.RECEIVER["id"]}


class ReadTaskLink(DispatchQuestion):
    """Asked by the portal for whoever opens a link. A changed one, or one of nobody, is not found."""

    title = "核对办理链接"
    by = services("portal").said("门户服务")
    keeps_answer = False
    answer = TaskLinkView
    token = Token(LINK_PATTERN, "链接不完整")
    example = {"token": "A" * 70}


class SendTaskLink(DispatchQuestion):
    """A new letter to the roster's addresses for each open task of the whistle that is worked on by letters.

    Whoever asks learns nothing; one a task within policy key dispatch.task_link.
    """

    title = "重发办理链接"
    by = services("portal").said("门户服务（任何人填哨单编号都可以请求，只寄给名册上的接哨员）")
    keeps_answer = False
    answer = TaskLinksSent
    number = case_no()
    example = {"number": samples.WHISTLE_NO}


class WhistleTaskLinkAsked(TaskFact):
    """Somebody asked for a new link; the receivers of the roster are written to, and nobody else."""

    title = "重发办理链接"
    for_staff = "应请求，已给{unit}的接哨员重发办理链接。"
    for_resident = None
    receivers = some(PersonRef)
    example = about_task(receivers=[samples.RECEIVER])
