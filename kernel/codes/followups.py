"""Codes of messages, follow-ups and public notices (domain §3.3 notify)."""

from kernel.codes.base import Code


class Satisfied(Code):
    """Answer to "are you satisfied"; weights are policy data (domain §4.3)."""

    SATISFIED = "SATISFIED", "满意"
    BASICALLY = "BASICALLY", "基本满意"
    UNSATISFIED = "UNSATISFIED", "不满意"


class Solved(Code):
    """Answer to "is it solved"."""

    YES = "YES", "已解决"
    PARTLY = "PARTLY", "部分解决"
    NO = "NO", "未解决"


class FollowUpOccasion(Code):
    """Why a resident is followed up: a reported result, a feedback date that passed without one (条例 art. 23), or a
    sample of what others were told."""

    RESULT = "RESULT", "已反馈结果"
    DEADLINE = "DEADLINE", "到期无结果"
    SAMPLE = "SAMPLE", "抽查复访"


class FollowUpMethod(Code):
    """How a follow-up is tried."""

    CALL = "CALL", "电话"
    SMS = "SMS", "短信"
    VISIT = "VISIT", "上门"
    LETTER = "LETTER", "书信"
    WEB = "WEB", "网络"


class InvalidReason(Code):
    """Why a follow-up gives no valid answer."""

    EMPTY_NUMBER = "EMPTY_NUMBER", "空号"
    REFUSED = "REFUSED", "拒绝回访"
    NO_ANSWER = "NO_ANSWER", "多次未接"
    ASKED_NOT_TO = "ASKED_NOT_TO", "本人要求不回访"
    ANONYMOUS = "ANONYMOUS", "匿名无法回访"


class MessageChannel(Code):
    """By which way a message leaves."""

    SMS = "SMS", "短信"
    APP = "APP", "应用消息"
    CALL = "CALL", "电话"
    EMAIL = "EMAIL", "邮件"
    LETTER = "LETTER", "信件"
    NOTICE_BOARD = "NOTICE_BOARD", "公告栏"
    VISIT = "VISIT", "上门告知"


class Audience(Code):
    """Whom a message is for."""

    RESIDENT = "RESIDENT", "居民"
    STAFF = "STAFF", "工作人员"
    UNIT = "UNIT", "单位"


class NoticeKind(Code):
    """Kinds of public notices."""

    HAZARD_REMOVED = "HAZARD_REMOVED", "隐患消除公示"
    RESULT = "RESULT", "办理结果公示"
    COUNCIL = "COUNCIL", "议事公示"
    GENERAL = "GENERAL", "一般公告"
    DIGEST = "DIGEST", "改造项目每周通报"
