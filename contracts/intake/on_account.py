"""On account 挂账: what cannot be solved now, asked for with the reason, approved above, looked at again by a date."""

from contracts.fields import Code, Day, Moment, One, Text
from contracts.intake.appeals import AppealCommand
from contracts.intake.base import COORDINATORS, HANDLER, WORKERS, AppealFact
from contracts.shapes import PersonRef
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, named, when

TAG = "诉求"


class AccountDecision(Codes):
    APPROVE = "APPROVE", "同意挂账"
    REFUSE = "REFUSE", "不同意，继续办理"


class AskOnAccount(AppealCommand):
    """The clock runs on until it is decided. From what is on account already: to stay so until a later date."""

    title = "申请挂账"
    route = "POST /appeals/<number>/on-account"
    by = HANDLER | WORKERS
    hint = "客观条件眼下不允许的才能挂账，由上一级审批；群众会知道原因和再研究的日期。有危险的不挂账。"
    reason = shared_text(500, label="为什么现在办不了", help="会告诉群众；不写姓名、门牌和电话")
    review_on = Day(label="什么时候再研究")


_ASKED_ABOVE = when("街道申请的", lambda appeal: getattr(appeal.account_waiting, "decider", None) == Role.DISTRICT)
_ASKER = named("asked_on_account", "申请的人")


class DecideOnAccount(AppealCommand):
    """By the level above who asked, never by who asked or the handler; within the share of open cases that policy
    intake.on_account allows."""

    title = "审批挂账"
    main = True
    route = "POST /appeals/<number>/on-account/decision"
    by = at(Role.STREET, Role.DISTRICT).unless(_ASKED_ABOVE, at(Role.DISTRICT)).but(HANDLER).but(_ASKER)
    decision = Code(AccountDecision, label="决定")
    words = Text(500, label="说明", optional=True)


class ResumeFromAccount(AppealCommand):
    title = "恢复办理"
    main = True
    route = "POST /appeals/<number>/on-account/end"
    by = HANDLER | WORKERS | COORDINATORS
    hint = "条件具备了，或到了再研究的日期：恢复办理，时限重新计算。"


class OnAccountAsked(AppealFact):
    title = "申请挂账"
    for_staff, for_resident = "现在办不了，申请挂账到{review_at}，待[{level}]审批。", None
    review_at, level = Moment(), Code(Role, optional=True)


class AppealPutOnAccount(AppealFact):
    title = "挂账"
    for_staff = "{decided_by}同意挂账，{review_at}前再研究。"
    for_resident = "这件事眼下办不了，先挂账，{review_at}前再研究，会告诉您。"
    review_at = Moment()
    decided_by = One(PersonRef)


class OnAccountRefused(AppealFact):
    title = "不同意挂账"
    for_staff, for_resident = "{decided_by}不同意挂账，继续办理。", None
    decided_by = One(PersonRef)


class AppealTakenOffAccount(AppealFact):
    title = "恢复办理"
    for_staff = "挂账结束，恢复办理，{due_at}前反馈。"
    for_resident = "这件事恢复办理，会给您回话。"
    due_at = Moment()
