"""Pagers 呼叫器: the devices old people press, whose they are, and whether they still give a sign."""

from typing import Any

from contracts.fields import Code, Flag, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.notify.care_profiles import CareContactView, Contact
from contracts.schema import AnswerSchema, StrictShape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef, RevealCommand, point
from contracts.tokens import PersonName, Phone, area, case_no
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import anybody, at, everybody

TAG = "呼叫器"


class PagerState(Codes):
    ACTIVE = "ACTIVE", "在用"
    CHECKING = "CHECKING", "待检查"
    RETIRED = "RETIRED", "已停用"


class PagerSignal(Codes):
    PRESS = "PRESS", "按下"
    BEAT = "BEAT", "报平安"


KEEPERS = at(Role.CARE, Role.COMMUNITY)
READERS = KEEPERS | at(Role.GRID, Role.STREET, Role.DISTRICT, Role.AUDITOR)


class Signal(StrictShape):
    """What a device says, over MQTT (topic `pager/<number>`) and HTTP alike. With the same `id` it is the same."""

    signal = Code(PagerSignal, label="信号")
    id = Text(64, label="信号编号", optional=True)


class PagerView(AggregateView):
    """One device; what tells whose it is, only to those who keep it."""

    about = Matter("PAGER", "呼叫器", PagerState, {"CHECKING": "检查没有信号的呼叫器"}, headline="{masked_name}")
    number: Any = case_no(label="编号")
    state = Code(PagerState, label="进展")
    masked_name = Text(40, label="称呼")
    place_text = Text(200, label="住处", optional=True, seen_by=KEEPERS)
    advice = Text(500, label="来人要知道的", optional=True, seen_by=KEEPERS)
    last_seen_at = Moment(label="最近的信号", optional=True)
    registered_by = One(PersonRef, label="登记人")
    found = Text(500, label="检查的情况", optional=True)
    retired_reason = Text(200, label="停用的原因", optional=True)


class PagerPage(Page):
    items = some(PagerView)


class PagerTokenView(AnswerSchema):
    """Shown once; only its hash is kept."""

    token = Text(64, label="设备口令")


class SignalHeardView(AnswerSchema):
    """`alarm_number`: which alarm rings because of it."""

    alarm_number = case_no(optional=True)


class RegisterPager(NotifyCommand):
    """She, or who acts for her, agreed that name, home and relatives are kept for it (个人信息保护法 art. 29)."""

    title = "登记呼叫器"
    route = "POST /pagers"
    by = KEEPERS
    location = "/api/pagers/{number}"
    answer = PagerView
    name = PersonName(label="姓名", help="只有座席和站点人员看得到")
    phone = Phone(label="电话")
    area_path = area(label="在哪里")
    place_text = Text(200, label="住处")
    geo = point()
    advice = Text(500, label="来人要知道的", optional=True, help="例如：耳背，敲门要用力；备用钥匙在楼门管家处")
    emergency = One(Contact, label="紧急联系人", optional=True)
    agreed = Flag(label="本人（或家人）同意登记")


class PagerCommand(VersionedCommand, NotifyCommand):
    answer = PagerView
    by = KEEPERS
    number = case_no()


class RecordPagerCheck(PagerCommand):
    title = "检查好了"
    main = True
    route = "POST /pagers/<number>/check"
    found = Text(500, label="情况", help="例如：没插电，已插好；电池换了")


class RetirePager(PagerCommand):
    title = "停用"
    route = "POST /pagers/<number>/retirement"
    retired_reason = Text(200, label="原因")


class IssuePagerToken(NotifyCommand):
    """A device has one token: the former ends. Audited."""

    keeps_answer = False
    title = "发设备口令"
    route = "POST /pagers/<number>/token"
    by = KEEPERS
    hint = "口令只显示一次，原来的口令作废。"
    answer = PagerTokenView
    number = case_no()


class RevealPagerContact(RevealCommand, NotifyCommand):
    title = "看电话"
    route = "POST /pagers/<number>/contact"
    by = KEEPERS
    answer = CareContactView


class SignalPager(NotifyCommand):
    """The device itself says it, and proves itself by its token."""

    keeps_answer = False
    title = "呼叫器发信号"
    route = "POST /pagers/<number>/signal"
    by = anybody()
    public = True
    answer = SignalHeardView
    number = case_no()
    token = Text(64)
    signal = Code(PagerSignal)
    id = Text(64, optional=True)


class GetPager(NotifyCommand):
    title = "查看呼叫器"
    route = "GET /pagers/<number>"
    by = READERS
    answer = PagerView
    number = case_no()


class ListPagers(ListCommand, NotifyCommand):
    title = "呼叫器"
    route = "GET /pagers"
    page = "pagers"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = PagerPage
    state = Many(Code(PagerState), most=4, label="进展")
    numbers = Many(case_no(), most=200)


class PagerFact(NotifyEvent):
    number = case_no()


class PagerRegistered(PagerFact):
    title = "登记呼叫器"
    for_staff, for_resident = "{registered_by}登记了一个呼叫器。", None
    registered_by = One(PersonRef)


class PagerDeviceSilent(PagerFact):
    title = "没有信号"
    for_staff, for_resident = "呼叫器很久没有信号，要检查。", None


class PagerHeardAgain(PagerFact):
    title = "又有信号"
    for_staff, for_resident = "呼叫器又有了信号。", None


class PagerChecked(PagerFact):
    title = "检查好了"
    for_staff, for_resident = "呼叫器检查好了。", None


class PagerRetired(PagerFact):
    title = "停用"
    for_staff, for_resident = "呼叫器停用。", None
