"""Shops 商户: one code each (一户一码), the front duties 门前五包 checked on the spot, faults corrected."""

from typing import Any

from contracts.fields import Code as CodeField
from contracts.fields import Many, Moment, One, Text, some
from contracts.intake.base import IntakeCommand, IntakeEvent
from contracts.matters import Matter
from contracts.schema import AnswerSchema, Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef, evidence_files, files
from contracts.tokens import PersonName, Phone, area, case_no
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code
from kernel.rights import anybody, at, everybody

TAG = "商户"
READERS = at(Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET, Role.DISTRICT, Role.AUDITOR)
CHECKERS = at(Role.GRID, Role.COMMUNITY, Role.STREET)


class ShopState(Code):
    OPEN = "OPEN", "营业"
    TO_CORRECT = "TO_CORRECT", "待整改"
    CLOSED = "CLOSED", "已停业"


class ShopRecord(AnswerSchema):
    """What everybody may read who scans the code on the door; no person's name, no telephone."""

    about = Matter("SHOP", "商户", ShopState, {"TO_CORRECT": "待复查门前五包"}, headline="{name}")
    number: Any = case_no(label="编号")
    state = CodeField(ShopState, label="状态")
    name = shared_text(60, label="店名")
    area_path = area(label="在哪里")
    duties = Many(Text(20), most=20, label="门前责任")
    checked_at = Moment(label="最近检查", optional=True)
    failed = Many(Text(20), most=20, label="上次不合格")


class ShopCheckView(Shape):
    at = Moment(label="时间")
    by = One(PersonRef, label="检查人")
    failed = Many(Text(20), most=20, label="不合格")
    note = Text(500, optional=True, label="说明")
    photos = files(label="照片")


class ShopView(AggregateView, ShopRecord):
    trade = Text(60, label="做什么生意", optional=True)
    place_text = Text(200, label="门牌", optional=True)
    contact_name = PersonName(label="联系人", optional=True, seen_by=CHECKERS)
    contact_phone = Text(20, label="联系电话", optional=True, seen_by=CHECKERS)
    due_at = Moment(label="整改期限", optional=True)
    checks = some(ShopCheckView, most=1000)


class ShopPage(Page):
    items = some(ShopView)


class ShopCommand(VersionedCommand):
    service = "intake"
    answer = ShopView
    number = case_no()


class RegisterShop(IntakeCommand):
    title = "商户建档"
    route = "POST /shops"
    by = at(Role.GRID, Role.COMMUNITY)
    location = "/api/shops/{number}"
    answer = ShopView
    name = shared_text(60, label="店名", help="招牌上的字")
    trade = shared_text(60, optional=True, label="做什么生意")
    area_path = area(label="在哪里")
    place_text = Text(200, label="门牌", help="例如：解放街12号")
    contact_name = PersonName(label="联系人")
    contact_phone = Phone(label="联系电话")


class PassShop(ShopCommand):
    title = "门前五包合格"
    route = "POST /shops/<number>/passes"
    outdoors = True
    by = CHECKERS
    note = Text(500, optional=True, label="说明")
    photos = files(label="照片")


class FaultShop(ShopCommand):
    """What is wrong is corrected within policy key shop.correct, and looked at again."""

    title = "记五包问题"
    main = True
    route = "POST /shops/<number>/faults"
    outdoors = True
    by = CHECKERS
    failed = Many(Text(20), least=1, most=20, label="哪几包不合格", lacking="请选哪几包不合格")
    note = Text(500, optional=True, label="说明", help="当面告诉店家怎么改")
    photos = evidence_files(label="照片")


class CloseShop(ShopCommand):
    title = "停业"
    route = "POST /shops/<number>/closing"
    by = at(Role.COMMUNITY, Role.GRID)


class GetShop(IntakeCommand):
    title = "查看商户"
    route = "GET /shops/<number>"
    by = READERS
    answer = ShopView
    number = case_no()


class ListShops(ListCommand, IntakeCommand):
    title = "商户"
    route = "GET /shops"
    page = "shops"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = ShopPage
    state = Many(CodeField(ShopState), most=5, label="状态")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class GetShopRecord(IntakeCommand):
    """The page behind the code on the door."""

    title = "商户公开档案"
    route = "GET /shops/<number>/record"
    by = anybody()
    public = True
    answer = ShopRecord
    number = case_no()


class ShopFact(IntakeEvent):
    number = case_no()


class ShopRegistered(ShopFact):
    title = "商户建档"
    for_staff, for_resident = "商户建档，一户一码。", None


class ShopPassed(ShopFact):
    title = "五包合格"
    for_staff, for_resident = "门前责任检查合格。", None


class ShopFaulted(ShopFact):
    title = "五包问题"
    for_staff, for_resident = "门前责任不合格：{failed}，{due_at}前改好。", None
    failed, due_at = Many(Text(20), least=1, most=20), Moment()


class ShopClosed(ShopFact):
    title = "停业"
    for_staff, for_resident = "商户停业。", None
