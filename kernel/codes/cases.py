"""Codes of appeals and hazards (domain §3.3 intake, §4.1 art. 11)."""

from kernel.codes.base import Code


class CaseKind(Code):
    """What a case or a source reference is. The first two give the case number of everything that follows."""

    APPEAL = "APPEAL", "诉求"
    HAZARD = "HAZARD", "隐患"
    MEDIATION = "MEDIATION", "调解"
    WHISTLE = "WHISTLE", "哨单"
    RECTIFICATION = "RECTIFICATION", "整改"
    SITE_ISSUE = "SITE_ISSUE", "现场问题"
    PROJECT = "PROJECT", "改造项目"
    COUNCIL = "COUNCIL", "议事会"


class Urgency(Code):
    """Urgency of an appeal; picks the limits of policy keys intake.first_contact and intake.feedback."""

    EMERGENCY = "EMERGENCY", "紧急"
    URGENT = "URGENT", "加急"
    NORMAL = "NORMAL", "一般"
    COMPLEX = "COMPLEX", "复杂"
    CONSULT = "CONSULT", "咨询"


class Nature(Code):
    """Nature of an appeal: the five of 北京市接诉即办工作条例 art. 2, and praise."""

    CONSULT = "CONSULT", "咨询"
    HELP = "HELP", "求助"
    COMPLAINT = "COMPLAINT", "投诉"
    REPORT = "REPORT", "举报"
    SUGGESTION = "SUGGESTION", "建议"
    PRAISE = "PRAISE", "表扬"


class Channel(Code):
    """By which way an appeal or a hazard came in."""

    PHONE = "PHONE", "电话"
    VISIT = "VISIT", "上门走访"
    WINDOW = "WINDOW", "窗口"
    WEB = "WEB", "网站"
    APP = "APP", "手机应用"
    WECHAT_GROUP = "WECHAT_GROUP", "业主微信群"
    HOTLINE = "HOTLINE", "12345热线"
    LETTER = "LETTER", "来信"
    PATROL = "PATROL", "巡查"
    PAGER = "PAGER", "呼叫器"
    MEETING = "MEETING", "议事会"
    CARE_CALL = "CARE_CALL", "关怀电话"
    QR = "QR", "扫码"
    OPEN311 = "OPEN311", "外部程序（Open311）"
    OTHER = "OTHER", "其他"


class CaseWay(Code):
    """How an appeal was handled, for statistics: each is in exactly one."""

    SELF = "SELF", "社区自办"
    WHISTLE = "WHISTLE", "吹哨"
    MEDIATION = "MEDIATION", "调解"
    BOTH = "BOTH", "吹哨并调解"
    ANSWERED = "ANSWERED", "即时答复"
    DIVERTED = "DIVERTED", "已引导"
    DECLINED = "DECLINED", "不予受理"
    MERGED = "MERGED", "已并单"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class Source(Code):
    """Who started an appeal: somebody asked, or the grass roots found it first (未诉先办)."""

    RESIDENT = "RESIDENT", "居民反映"
    PROACTIVE = "PROACTIVE", "主动发现"
    HOTLINE = "HOTLINE", "热线转办"
    HIGHER_BODY = "HIGHER_BODY", "上级交办"
    MEDIA = "MEDIA", "媒体反映"
    OTHER = "OTHER", "其他"


class DangerFlag(Code):
    """Dangers a registrar ticks; any of them makes the item EMERGENCY."""

    ELECTRIC_SHOCK = "ELECTRIC_SHOCK", "触电危险"
    FIRE = "FIRE", "火灾危险"
    GAS = "GAS", "燃气泄漏"
    COLLAPSE = "COLLAPSE", "坍塌危险"
    FALLING_OBJECT = "FALLING_OBJECT", "坠物危险"
    FLOODING = "FLOODING", "淹水跑水"
    INJURY = "INJURY", "人身伤害"
    PROPERTY_LOSS = "PROPERTY_LOSS", "财产损失扩大"
    VIOLENCE = "VIOLENCE", "暴力冲突"
    OTHER = "OTHER", "其他危险"


class HandlingHow(Code):
    """By which way something was done or somebody was reached."""

    PHONE = "PHONE", "电话"
    ON_SITE = "ON_SITE", "现场"
    MEETING = "MEETING", "会商"
    LETTER = "LETTER", "书面函件"
    ONLINE = "ONLINE", "线上"


class HandlingStage(Code):
    """What a handling record achieved."""

    DANGER_REMOVED = "DANGER_REMOVED", "险情排除"
    CAUSE_FOUND = "CAUSE_FOUND", "原因查明"
    LOSS_RECORDED = "LOSS_RECORDED", "损失登记"
    PROGRESS = "PROGRESS", "办理进展"


class ResultKind(Code):
    """Result of an appeal. SOLVED needs evidence (domain §3.6 invariant 15)."""

    SOLVED = "SOLVED", "已解决"
    PARTLY = "PARTLY", "部分解决"
    EXPLAINED = "EXPLAINED", "解释说明"
    CANNOT = "CANNOT", "不能解决"
    GUIDED = "GUIDED", "已引导"


class AppealStage(Code):
    """Stages of an appeal that have a deadline and can be overdue."""

    FIRST_CONTACT = "FIRST_CONTACT", "首次联系"
    FEEDBACK = "FEEDBACK", "办理反馈"
    SUPERVISION = "SUPERVISION", "督办答复"
    JOINT_MEETING = "JOINT_MEETING", "联席会"
    ON_ACCOUNT = "ON_ACCOUNT", "挂账复核"


class NeedDecision(Code):
    """What a joint meeting decides of an item of the need list."""

    DO = "DO", "办理"
    LATER = "LATER", "延后办理"
    CANNOT = "CANNOT", "办不了"


class DivertReason(Code):
    """Why an appeal is sent another way (北京条例 art. 11(3) i, ii, v)."""

    EMERGENCY_LINE = "EMERGENCY_LINE", "紧急事项转专线"
    LITIGATION = "LITIGATION", "应经诉讼解决"
    ARBITRATION = "ARBITRATION", "应经仲裁解决"
    DISCIPLINE = "DISCIPLINE", "属纪检监察事项"
    RECONSIDERATION = "RECONSIDERATION", "应经行政复议解决"
    DISCLOSURE = "DISCLOSURE", "属政府信息公开"
    PETITION = "PETITION", "已进入信访程序"
    BEYOND_DUTY = "BEYOND_DUTY", "超出政府职责"


class WhereToGo(Code):
    """The lawful way a diverted person is shown."""

    POLICE_110 = "POLICE_110", "110报警"
    FIRE_119 = "FIRE_119", "119火警"
    MEDICAL_120 = "MEDICAL_120", "120急救"
    TRAFFIC_122 = "TRAFFIC_122", "122交通事故"
    COURT = "COURT", "人民法院"
    ARBITRATION = "ARBITRATION", "仲裁机构"
    DISCIPLINE = "DISCIPLINE", "纪检监察机关"
    RECONSIDERATION = "RECONSIDERATION", "行政复议机关"
    DISCLOSURE = "DISCLOSURE", "信息公开机构"
    PETITION = "PETITION", "信访部门"
    MARKET = "MARKET", "市场或社会渠道"


class DeclineReason(Code):
    """Why an appeal is not accepted (北京条例 art. 11(3) iii, iv, vi); a legal reason goes with it."""

    SAME_MATTER = "SAME_MATTER", "同一事项正在办理或已办结"
    SECRET = "SECRET", "涉及国家秘密商业秘密或隐私"
    ILLEGAL = "ILLEGAL", "违反法律或公序良俗"
    NO_FACTS = "NO_FACTS", "无具体事实或无法核实"


class ExtendReason(Code):
    """Why a limit is extended; told to the citizen before the old limit ends (北京条例 art. 15)."""

    COMPLEX = "COMPLEX", "情况复杂"
    WAITING_PARTS = "WAITING_PARTS", "等待材料或配件"
    WEATHER = "WEATHER", "天气或季节原因"
    THIRD_PARTY = "THIRD_PARTY", "需第三方配合"
    LEGAL_PROCEDURE = "LEGAL_PROCEDURE", "法定程序需时"
    CITIZEN_AGREED = "CITIZEN_AGREED", "与群众约定"


class ReopenReason(Code):
    """Why a case is taken up again."""

    UNSOLVED = "UNSOLVED", "回访未解决"
    DISSATISFIED = "DISSATISFIED", "回访不满意"
    RELAPSE = "RELAPSE", "回头看反弹"
    NEW_FACTS = "NEW_FACTS", "出现新情况"


class ResumeCause(Code):
    """Why an appeal that had ended is taken up again."""

    SURVIVOR_ENDED = "SURVIVOR_ENDED", "并入的诉求已了结"
    UNMERGED = "UNMERGED", "查明不是同一件事"
    WITHDRAWAL_DISPUTED = "WITHDRAWAL_DISPUTED", "群众说明并非本人撤回"
    DECLINE_REVIEWED = "DECLINE_REVIEWED", "群众对不予受理申请复核"


class SupervisionDecision(Code):
    """What the level above decides on an appeal that was unsolved again."""

    REDO = "REDO", "责成重新办理"
    UPHOLD = "UPHOLD", "维持办理结果并说明"


class HazardLevel(Code):
    """Level of a hazard; SERIOUS and MAJOR need an interim measure at once."""

    GENERAL = "GENERAL", "一般"
    SERIOUS = "SERIOUS", "较大"
    MAJOR = "MAJOR", "重大"


class HazardKind(Code):
    """What a hazard is about."""

    ELECTRIC = "ELECTRIC", "用电设施"
    FIRE = "FIRE", "消防"
    GAS = "GAS", "燃气"
    STRUCTURE = "STRUCTURE", "房屋墙体"
    ROAD = "ROAD", "道路井盖"
    MANHOLE = "MANHOLE", "井盖缺失"
    WATER = "WATER", "排水积水"
    FALLING = "FALLING", "高空坠物"
    FACILITY = "FACILITY", "公共设施"
    OTHER = "OTHER", "其他"


class AssetLabel(Code):
    """What stands on a cover, a box or a pole: whose it is."""

    WATER = "WATER", "给水"
    POWER = "POWER", "电力"
    GAS = "GAS", "燃气"
    HEAT = "HEAT", "热力"
    TELECOM = "TELECOM", "通信"
    MUNICIPAL = "MUNICIPAL", "市政（雨水、污水、路灯）"
    UNKNOWN = "UNKNOWN", "没有标识或看不清"


class MeasureCode(Code):
    """Interim safety measure taken on the spot."""

    CORDON = "CORDON", "围挡"
    SIGN = "SIGN", "警示标志"
    GUARD = "GUARD", "专人看守"
    POWER_OFF = "POWER_OFF", "断电断源"
    OTHER = "OTHER", "其他措施"


class DutyList(Code):
    """Lists of the duty catalogue 权责清单; CANCELLED items never reach a community (domain §3.6 inv. 4)."""

    SELF = "SELF", "自治事项"
    ADMITTED = "ADMITTED", "准入事项"
    CANCELLED = "CANCELLED", "取消事项"
    DEPARTMENT = "DEPARTMENT", "部门职责事项"
