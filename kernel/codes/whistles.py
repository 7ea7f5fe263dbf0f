"""Codes of whistles, tasks, ratings and escalation (domain §3.3 dispatch, §4.4)."""

from kernel.codes.base import Code


class WhistleKind(Code):
    """The four fields of 北京市街道办事处条例 art. 5, and the volunteers' whistle."""

    APPEAL = "APPEAL", "群众诉求哨"
    KEY = "KEY", "重点工作哨"
    ENFORCEMENT = "ENFORCEMENT", "综合执法哨"
    EMERGENCY = "EMERGENCY", "应急处置哨"
    VOLUNTEER = "VOLUNTEER", "志愿者哨"


class WhistleLevel(Code):
    """Which level blows."""

    COMMUNITY = "COMMUNITY", "社区"
    STREET = "STREET", "街道"
    DISTRICT = "DISTRICT", "区"


class TaskRole(Code):
    """Part a unit plays in a whistle."""

    LEAD = "LEAD", "主办"
    ASSIST = "ASSIST", "协办"


class AskedAction(Code):
    """What the whistler asks the unit to do."""

    ATTEND_MEETING = "ATTEND_MEETING", "到会协商"
    EXPLAIN_LAW = "EXPLAIN_LAW", "释法明理"
    HANDLE_ON_SITE = "HANDLE_ON_SITE", "现场处置"
    ENFORCE = "ENFORCE", "依法执法"
    OTHER = "OTHER", "其他"


class ReportInMode(Code):
    """How a unit reports in."""

    PLACE = "PLACE", "到场"
    MEETING = "MEETING", "到会"
    ONLINE = "ONLINE", "线上"


class ReturnReason(Code):
    """Why the street returns a drafted whistle."""

    NOT_A_WHISTLE = "NOT_A_WHISTLE", "不属于吹哨事项"
    INCOMPLETE = "INCOMPLETE", "内容不完整"
    WRONG_UNIT = "WRONG_UNIT", "接哨单位不当"
    CAN_SELF_HANDLE = "CAN_SELF_HANDLE", "社区可自行办理"
    DUPLICATE = "DUPLICATE", "重复吹哨"


class CancelReason(Code):
    """Why a whistle is cancelled."""

    SOLVED = "SOLVED", "问题已解决"
    WITHDRAWN = "WITHDRAWN", "群众已撤回"
    MERGED = "MERGED", "已并单"
    MISTAKE = "MISTAKE", "误发"


class ObjectionReason(Code):
    """Lawful grounds of an objection 派单异议; the legal basis is quoted beside the code."""

    NOT_OUR_DUTY = "NOT_OUR_DUTY", "不属本单位职责"
    NOT_OUR_AREA = "NOT_OUR_AREA", "不属本单位辖区"
    OTHER_LEAD = "OTHER_LEAD", "应由其他单位主办"
    ALREADY_HANDLED = "ALREADY_HANDLED", "已依法处理"
    LEGAL_PROCEDURE = "LEGAL_PROCEDURE", "已进入法定程序"


class ObjectionDecision(Code):
    """What the street or district decides on an objection."""

    UPHELD = "UPHELD", "异议成立"
    REJECTED = "REJECTED", "异议不成立"


class RejectReason(Code):
    """Why the whistler does not accept a finished task."""

    NOT_DONE = "NOT_DONE", "未实际办结"
    EVIDENCE_MISSING = "EVIDENCE_MISSING", "佐证不足"
    RELAPSED = "RELAPSED", "问题反弹"
    RESIDENT_DISAGREES = "RESIDENT_DISAGREES", "群众不认可"


class WaiveReason(Code):
    """Why a task is not rated."""

    CANCELLED = "CANCELLED", "哨单已取消"
    NOT_ATTENDED_EXCUSED = "NOT_ATTENDED_EXCUSED", "经批准未到场"
    CONFLICT = "CONFLICT", "存在利益冲突"
    OTHER = "OTHER", "其他"


class RatingItem(Code):
    """Items of 满意度赋分; the points of each are policy key dispatch.rating."""

    TIMELINESS = "timeliness", "及时"
    ATTENDANCE = "attendance", "到位"
    EFFECT = "effect", "效果"
    COOPERATION = "cooperation", "配合"


class OverdueStage(Code):
    """Stages of a whistle task that have a deadline and can be overdue."""

    SIGN = "SIGN", "签收"
    REPORT = "REPORT", "报到"
    FINISH = "FINISH", "办结"


class EscalationLevel(Code):
    """To whom an overdue task is raised, in this order (policy key dispatch.escalation)."""

    RECEIVER_B = "RECEIVER_B", "B岗接哨员"
    DEPT_HEAD = "DEPT_HEAD", "部门负责人"
    STREET = "STREET", "街道"
    DISTRICT = "DISTRICT", "区指挥中心"
