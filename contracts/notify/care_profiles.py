"""Care profiles 关怀对象: who wants to be phoned, with their consent, and how they are reached."""

from typing import Any

from contracts.fields import Code, Day, Flag, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.schema import AnswerSchema, Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef, RevealCommand
from contracts.tokens import PersonName, Phone, area, case_no
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, everybody

TAG = "关怀对象"


class CareProfileState(Codes):
    ACTIVE = "ACTIVE", "关怀中"
    ENDED = "ENDED", "已停止"


CARERS = at(Role.GRID, Role.COMMUNITY, Role.CARE)
"""They phone, they visit; the telephone is shown to nobody else."""
READERS = CARERS | at(Role.STEWARD, Role.STREET, Role.DISTRICT, Role.AUDITOR)


class Contact(Shape):
    """Who is asked after an old person whom nobody reaches."""

    name = PersonName(label="姓名")
    phone = Phone(label="电话")


class CareProfileView(AggregateView):
    """One old person; what tells who it is, only to those who phone and visit."""

    about = Matter("CARE_PROFILE", "关怀对象", CareProfileState, headline="{masked_name}")
    number: Any = case_no(label="编号")
    state = Code(CareProfileState, label="进展")
    masked_name = Text(40, label="称呼")
    birth_date = Day(label="出生日期", optional=True, seen_by=CARERS)
    place_text = Text(200, label="住处", optional=True, seen_by=CARERS)
    dialect = Text(40, label="说什么话", optional=True)
    preferred_time = Text(40, label="什么时候打", optional=True)
    listed_by = One(PersonRef, label="登记人")
    consented_at = Moment(label="本人同意的时间")
    ended_reason = Text(200, label="停止的原因", optional=True)


class CareProfilePage(Page):
    items = some(CareProfileView)


class CareContactView(AnswerSchema):
    """Name and telephones, unmasked. Each answer has left an audit row."""

    name = Text(40, label="姓名")
    phone = Text(20, label="电话")
    emergency = One(Contact, label="紧急联系人", optional=True)


class EnrolForCare(NotifyCommand):
    """The old person has agreed to be phoned (个人信息保护法 art. 13, 29): health and age are sensitive."""

    title = "列入电话关怀"
    route = "POST /care/profiles"
    by = at(Role.GRID, Role.COMMUNITY, Role.CARE)
    location = "/api/care/profiles/{number}"
    answer = CareProfileView
    name = PersonName(label="姓名", help="只有打电话和上门的人看得到")
    phone = Phone(label="电话")
    birth_date = Day(label="出生日期")
    lunar_birthday = Text(10, label="农历生日", optional=True, help="过农历生日的填，例如：五月初五、闰四月初一")
    area_path = area(label="在哪里")
    place_text = Text(200, label="住处")
    dialect = Text(40, label="说什么话", optional=True)
    preferred_time = Text(
        40, label="什么时候打", optional=True, help="例如：上午九点后、下午3点半；电话名单照这个排先后"
    )
    emergency = One(Contact, label="紧急联系人", optional=True)
    agreed = Flag(label="本人同意接电话、由社区保存联系方式")


class CareProfileCommand(VersionedCommand, NotifyCommand):
    answer = CareProfileView
    number = case_no()


class StopCare(CareProfileCommand):
    title = "停止电话关怀"
    route = "POST /care/profiles/<number>/stop"
    by = CARERS
    ended_reason = Text(200, label="原因", help="例如：本人不愿再接、搬走、去世")


class GetCareProfile(NotifyCommand):
    title = "查看关怀对象"
    route = "GET /care/profiles/<number>"
    by = READERS
    answer = CareProfileView
    number = case_no()


class ListCareProfiles(ListCommand, NotifyCommand):
    title = "关怀对象"
    route = "GET /care/profiles"
    page = "care"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = CareProfilePage
    state = Many(Code(CareProfileState), most=4, label="进展")
    numbers = Many(case_no(), most=200)


class RevealCareContact(RevealCommand, NotifyCommand):
    title = "看电话"
    route = "POST /care/profiles/<number>/contact"
    by = CARERS
    answer = CareContactView


class CareProfileFact(NotifyEvent):
    number = case_no()


class CareProfileOpened(CareProfileFact):
    title = "列入关怀"
    for_staff, for_resident = "{listed_by}把一位老人列入电话关怀。", None
    listed_by = One(PersonRef)


class CareProfileEnded(CareProfileFact):
    """`withdrawn`: the person took the consent back. Where somebody has to be looked after, it goes on by visits."""

    title = "停止关怀"
    for_staff, for_resident = "电话关怀停止。", None
    withdrawn = Flag(default=False)
