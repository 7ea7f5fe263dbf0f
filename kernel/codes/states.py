"""States shared on the wire, so that pages and peers can name them (domain §3.4).

The moves between states belong to the service that owns the aggregate; "overdue" is never a state.
"""

from kernel.codes.base import Code


class AppealState(Code):
    """States of an appeal 诉求工单."""

    REGISTERED = "REGISTERED", "已登记"
    ACCEPTED = "ACCEPTED", "已受理"
    ANSWERED = "ANSWERED", "即时答复"
    DIVERTED = "DIVERTED", "已引导"
    DECLINED = "DECLINED", "不予受理"
    MERGED = "MERGED", "已并单"
    ASSIGNED = "ASSIGNED", "已派单"
    IN_PROGRESS = "IN_PROGRESS", "办理中"
    OBJECTED = "OBJECTED", "申退中"
    WHISTLED = "WHISTLED", "已吹哨"
    IN_MEDIATION = "IN_MEDIATION", "调解中"
    LISTED = "LISTED", "列入需求清单"
    ON_ACCOUNT = "ON_ACCOUNT", "挂账"
    RESULT_REPORTED = "RESULT_REPORTED", "待回访"
    REOPENED = "REOPENED", "重办"
    CLOSED = "CLOSED", "办结归档"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class HazardState(Code):
    """States of a hazard 隐患."""

    REGISTERED = "REGISTERED", "已登记"
    SECURED = "SECURED", "已临时管控"
    REMOVED = "REMOVED", "已消除"


class WhistleState(Code):
    """States of a whistle 哨单."""

    DRAFTED = "DRAFTED", "已拟哨"
    PENDING_APPROVAL = "PENDING_APPROVAL", "待审批"
    BLOWN = "BLOWN", "已吹哨"
    RETURNED = "RETURNED", "已退回"
    CANCELLED = "CANCELLED", "已取消"
    CLOSED = "CLOSED", "已办结"


class TaskState(Code):
    """States of a whistle task 哨令."""

    ASSIGNED = "ASSIGNED", "已送达"
    SIGNED = "SIGNED", "已签收"
    OBJECTED = "OBJECTED", "异议中"
    REASSIGNED = "REASSIGNED", "已改派"
    REPORTED_IN = "REPORTED_IN", "已报到"
    FINISHED = "FINISHED", "已办结待核"
    CONFIRMED = "CONFIRMED", "已核实"
    RATED = "RATED", "已赋分"
    WAIVED = "WAIVED", "免予赋分"
    CANCELLED = "CANCELLED", "已取消"


class MediationState(Code):
    """States of a mediation case 调解案件."""

    APPLIED = "APPLIED", "已申请"
    FOUND = "FOUND", "主动发现"
    ACCEPTED = "ACCEPTED", "已受理"
    NOT_ACCEPTED = "NOT_ACCEPTED", "不予受理"
    OPENED = "OPENED", "已立案"
    MEDIATING = "MEDIATING", "调解中"
    AGREED = "AGREED", "达成协议"
    PERFORMING = "PERFORMING", "履行中"
    BREACHED = "BREACHED", "逾期未履行"
    CLOSED = "CLOSED", "已结案"
    TERMINATED = "TERMINATED", "已终止"


class AgreementState(Code):
    """States of an agreement 调解协议."""

    DRAFT = "DRAFT", "草拟"
    SIGNING = "SIGNING", "签署中"
    EFFECTIVE = "EFFECTIVE", "已生效"
    PERFORMED = "PERFORMED", "已履行"
    BREACHED = "BREACHED", "未履行"
    REPLACED = "REPLACED", "已变更"
    SET_ASIDE = "SET_ASIDE", "已撤销"


class JudicialState(Code):
    """Side-track of judicial confirmation 司法确认 (人民调解法 art. 33)."""

    NONE = "NONE", "未申请"
    APPLIED = "APPLIED", "已申请"
    CONFIRMED = "CONFIRMED", "已确认"
    DISMISSED = "DISMISSED", "已驳回"
    WITHDRAWN = "WITHDRAWN", "已撤回"
    TIME_LAPSED = "TIME_LAPSED", "已过期限"


class SessionState(Code):
    """States of a mediation session."""

    SCHEDULED = "SCHEDULED", "已约定"
    HELD = "HELD", "已召开"
    CANCELLED = "CANCELLED", "已取消"


class FollowUpState(Code):
    """States of a follow-up 回访."""

    DUE = "DUE", "待回访"
    TRYING = "TRYING", "回访中"
    COMPLETED = "COMPLETED", "已回访"
    INVALID = "INVALID", "无效回访"
    SUPERSEDED = "SUPERSEDED", "已被取代"


class NoticeState(Code):
    """States of a public notice 公示."""

    VISIBLE = "VISIBLE", "公示中"


class MessageState(Code):
    """States of a message."""

    QUEUED = "QUEUED", "待发送"
    SENT = "SENT", "已发送"
    DELIVERED = "DELIVERED", "已送达"
    FAILED = "FAILED", "未送达"
    HELD = "HELD", "静默时段暂缓"
    GATHERED = "GATHERED", "已并入当天汇总"
