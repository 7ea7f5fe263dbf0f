"""Stewards 楼门管家: nominated, reviewed, appointed, evaluated every month, retired with thanks; one a stairwell."""

from typing import Any

from contracts import tokens
from contracts.fields import Code, Count, Flag, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef, RevealCommand, TelephoneView
from contracts.tokens import PersonName, Phone, area, case_no, staff_id
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, everybody, own, residents

TAG = "楼门管家"


class StewardState(Codes):
    NOMINATED = "NOMINATED", "待审核"
    REVIEWED = "REVIEWED", "待聘任"
    ACTIVE = "ACTIVE", "在任"
    REFUSED = "REFUSED", "未通过"
    RETIRED = "RETIRED", "已荣退"
    REMOVED = "REMOVED", "已解聘"


class Nomination(Codes):
    HOUSEHOLDS = "HOUSEHOLDS", "住户推荐"
    SELF = "SELF", "居民自荐"
    COMMUNITY = "COMMUNITY", "社区指定"


OFFICES = at(Role.COMMUNITY, Role.STREET)
NOMINATOR, SELF = own("nominator_id", words="推荐人"), own("account", words="管家本人")
INSIDERS = at(Role.GRID, Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR) | SELF
READERS = INSIDERS | NOMINATOR


class EvaluationView(Shape):
    month = tokens.month(label="月份")
    score = Count(label="分数")
    reasons = Text(500, label="理由")


class StewardView(AggregateView):
    """Who looks after one stairwell."""

    about = Matter(
        "STEWARD", "楼门管家", StewardState,
        {"NOMINATED": "审核楼门管家人选", "REVIEWED": "聘任楼门管家", "ACTIVE": "本月评价楼门管家"},
        headline="{place} {masked_name}",
    )  # fmt: skip
    number: Any = case_no(label="编号")
    state = Code(StewardState, label="进展")
    place = Text(60, label="哪个楼门")
    masked_name = Text(40, label="称呼")
    name = PersonName(label="姓名", optional=True, seen_by=INSIDERS)
    nomination = Code(Nomination, label="怎么产生的")
    reasons = Text(500, label="推荐理由", seen_by=INSIDERS)
    refusal = Text(200, label="未通过的原因", optional=True)
    account = staff_id(label="平台账号", optional=True)
    due_at = Moment(label="期限", optional=True)
    evaluations = some(EvaluationView, label="每月评价")
    care_note = Text(500, label="最近一次慰问", optional=True, seen_by=INSIDERS)
    equipment = Text(500, label="配发的物品和保障", optional=True)
    thanks = shared_text(200, label="感谢的话", optional=True)
    removal = Text(500, label="解聘的原因", optional=True, seen_by=OFFICES)


class StewardPage(Page):
    items = some(StewardView)


class StewardCommand(VersionedCommand, NotifyCommand):
    answer = StewardView
    by = OFFICES
    number = case_no()


class NominateSteward(NotifyCommand):
    title = "推荐楼门管家"
    route = "POST /stewards"
    by = at(Role.GRID, Role.COMMUNITY, Role.STEWARD) | residents()
    location = "/api/stewards/{number}"
    answer = StewardView
    area_path = area(label="哪个楼门")
    nomination = Code(Nomination, label="怎么产生的")
    name = PersonName(label="姓名")
    phone = Phone(label="电话")
    reasons = Text(500, label="推荐理由")
    agreed = Flag(label="本人愿意")


class ApproveSteward(StewardCommand):
    title = "审核通过"
    main = True
    route = "POST /stewards/<number>/approval"
    by = OFFICES.but(NOMINATOR)


class RefuseSteward(StewardCommand):
    title = "不通过"
    route = "POST /stewards/<number>/refusal"
    by = ApproveSteward.by
    refusal = Text(200, label="原因", help="告诉推荐人")


class AppointSteward(StewardCommand):
    """One active steward a stairwell (一楼门一管家)."""

    title = "聘任"
    main = True
    route = "POST /stewards/<number>/appointment"
    account = staff_id(optional=True, label="平台账号", help="没有账号的，由社区代为记录")


class EvaluateSteward(StewardCommand):
    """Once a month."""

    title = "本月评价"
    main = True
    route = "POST /stewards/<number>/evaluations"
    by = OFFICES.but(SELF)
    month = tokens.month(label="月份", help="例如2026-11")
    score = Count(most=100, label="分数")
    reasons = Text(500, label="理由")


class CareForSteward(StewardCommand):
    title = "记慰问"
    route = "POST /stewards/<number>/care"
    care_note = Text(500, label="慰问情况")


class EquipSteward(StewardCommand):
    title = "记配发和保障"
    route = "POST /stewards/<number>/equipment"
    equipment = Text(500, label="物品、保险、培训")


class RetireSteward(StewardCommand):
    """With thanks; what the steward had begun goes on with whoever records it."""

    title = "荣退"
    route = "POST /stewards/<number>/retirement"
    thanks = shared_text(200, label="感谢的话")


class RemoveSteward(StewardCommand):
    title = "解聘"
    route = "POST /stewards/<number>/removal"
    by = OFFICES.but(SELF)
    removal = Text(500, label="原因")


class GetSteward(NotifyCommand):
    title = "查看楼门管家"
    route = "GET /stewards/<number>"
    by = READERS
    answer = StewardView
    number = case_no()


class RevealStewardContact(RevealCommand, NotifyCommand):
    title = "看电话"
    route = "POST /stewards/<number>/contact"
    by = OFFICES
    answer = TelephoneView


class ListStewards(ListCommand, NotifyCommand):
    title = "楼门管家"
    route = "GET /stewards"
    page = "stewards"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = StewardPage
    state = Many(Code(StewardState), most=20, label="进展")
    area_path = area(optional=True, label="哪里")
    numbers = Many(case_no(), most=200)


class StewardFact(NotifyEvent):
    number = case_no()


class StewardNominated(StewardFact):
    title = "推荐"
    for_staff, for_resident = "推荐了楼门管家人选（{nomination}），待审核。", "推荐已经收到，社区正在审核。"
    nomination = Code(Nomination)


class StewardApproved(StewardFact):
    title = "审核通过"
    for_staff, for_resident = "审核通过，待聘任。", "人选已经审核通过，待聘任。"


class StewardRefused(StewardFact):
    title = "未通过"
    for_staff, for_resident = "审核没有通过。", "推荐的人选没有通过审核，社区会告诉您原因。"


class ServingStewardFact(StewardFact):
    """`steward`: the account the steward works with, where there is one."""

    steward = One(PersonRef, optional=True)


class StewardAppointed(ServingStewardFact):
    title = "聘任"
    for_staff, for_resident = "聘任为楼门管家。", "楼门管家已经聘任。"


class StewardEvaluated(ServingStewardFact):
    title = "每月评价"
    for_staff, for_resident = "{month}评价{score}分。", None
    month, score = tokens.month(), Count(most=100)


class StewardEvaluationMissed(StewardFact):
    title = "漏评"
    for_staff, for_resident = "到期没有评价。", None


class StewardCaredFor(StewardFact):
    title = "慰问"
    for_staff, for_resident = "社区慰问了楼门管家。", None


class StewardEquipped(StewardFact):
    title = "配发保障"
    for_staff, for_resident = "记下配发的物品和保障。", None


class StewardRetired(ServingStewardFact):
    """`handed_over`: how many open matters went on with whoever recorded it."""

    title = "荣退"
    for_staff, for_resident = "荣退[，{handed_over}件没办完的事已移交]。", "楼门管家荣退，感谢一直以来的付出。"
    handed_over = Count()


class StewardRemoved(StewardFact):
    title = "解聘"
    for_staff, for_resident = "解聘[，{handed_over}件没办完的事已移交]。", None
    handed_over = Count()
