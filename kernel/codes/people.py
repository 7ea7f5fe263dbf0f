"""Who acts, where, and how people are reached (domain §3.1, §3.2)."""

from kernel.codes.base import Code


class Role(Code):
    """Roles of domain §3.2. A person holds a role at an area node or in a unit, each with dates."""

    RESIDENT = "RESIDENT", "居民"
    PROXY = "PROXY", "代理联系人"
    STEWARD = "STEWARD", "楼门管家"
    GRID = "GRID", "网格员"
    COMMUNITY = "COMMUNITY", "社区工作者"
    WINDOW = "WINDOW", "窗口值班"
    STREET = "STREET", "街道诉求处置中心"
    DISTRICT = "DISTRICT", "区指挥中心"
    WHISTLER = "WHISTLER", "吹哨员"
    RECEIVER = "RECEIVER", "接哨员"
    DEPT_HEAD = "DEPT_HEAD", "部门负责人"
    MEDIATOR = "MEDIATOR", "人民调解员"
    LAWYER = "LAWYER", "法律顾问"
    SUPERVISOR = "SUPERVISOR", "百姓监督员"
    VOLUNTEER = "VOLUNTEER", "志愿者"
    CARE = "CARE", "关怀坐席"
    FOLLOWUP = "FOLLOWUP", "回访员"
    AUDITOR = "AUDITOR", "审计监察"
    ADMIN = "ADMIN", "系统管理员"


STAFF_ROLES: frozenset[Role] = frozenset(Role) - {Role.RESIDENT, Role.PROXY}
"""Roles of people who act for an organisation; the other two act for themselves or a relative."""


class Hat(Code):
    """六员, what a steward is to the stairwell (domain §1.4, 22)."""

    PUBLICIST = "PUBLICIST", "宣传员"
    LIAISON = "LIAISON", "联络员"
    PEACEMAKER = "PEACEMAKER", "调解员"
    WATCH = "WATCH", "监督员"
    ADVOCATE = "ADVOCATE", "倡导员"
    COLLECTOR = "COLLECTOR", "采集员"


class PrincipalKind(Code):
    """What kind of actor stands behind a command."""

    PERSON = "person", "工作人员"
    SERVICE = "service", "系统服务"
    RESIDENT = "resident", "居民"


class AreaLevel(Code):
    """Levels of the responsibility tree (domain §3.1). COMPOUND is an overlay that buildings belong to."""

    CITY = "CITY", "市"
    DISTRICT = "DISTRICT", "区县"
    STREET = "STREET", "街道乡镇"
    COMMUNITY = "COMMUNITY", "社区村"
    GRID = "GRID", "网格"
    MICRO_GRID = "MICRO_GRID", "微网格"
    COMPOUND = "COMPOUND", "小区"
    BUILDING = "BUILDING", "楼栋"
    STAIRWELL = "STAIRWELL", "楼门单元"
    HOUSEHOLD = "HOUSEHOLD", "户"


class UnitKind(Code):
    """Kinds of bodies that can be whistled for; several are not government departments (domain app. F 9)."""

    DEPARTMENT = "DEPARTMENT", "职能部门"
    STATION = "STATION", "站所中队"
    PUBLIC_UTILITY = "PUBLIC_UTILITY", "公共服务企业"
    COMPANY = "COMPANY", "物业企业"
    LEGAL_COUNSEL = "LEGAL_COUNSEL", "法律顾问"
    VOLUNTEER_TEAM = "VOLUNTEER_TEAM", "志愿服务队"
    HIGHER_BODY = "HIGHER_BODY", "上级部门"
    STREET = "STREET", "街道"
    COMMUNITY = "COMMUNITY", "社区"


class ContactPreference(Code):
    """How a resident wants to be reached."""

    CALL = "CALL", "电话"
    SMS = "SMS", "短信"
    LETTER = "LETTER", "书信"
    VISIT = "VISIT", "上门"


class Relation(Code):
    """What a contact person is to the person they speak for."""

    FAMILY = "FAMILY", "家属"
    RELATIVE = "RELATIVE", "亲戚"
    NEIGHBOUR = "NEIGHBOUR", "邻居"
    FRIEND = "FRIEND", "朋友"
    CARER = "CARER", "照护人"
    AGENT = "AGENT", "委托代理人"
    OTHER = "OTHER", "其他"


class AttachmentKind(Code):
    """What an attachment is."""

    PHOTO = "PHOTO", "照片"
    AUDIO = "AUDIO", "录音"
    VIDEO = "VIDEO", "视频"
    DOCUMENT = "DOCUMENT", "文件"


class AttachmentStage(Code):
    """Which moment of the work an attachment shows."""

    BEFORE = "BEFORE", "处理前"
    DURING = "DURING", "处理中"
    AFTER = "AFTER", "处理后"


class Sensitivity(Code):
    """How closely a record is held (domain §3.3)."""

    NORMAL = "NORMAL", "一般"
    PERSONAL = "PERSONAL", "个人信息"
    SENSITIVE = "SENSITIVE", "敏感"
    SEALED = "SEALED", "封存"
