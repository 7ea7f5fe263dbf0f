"""Pairings 结对: a member of staff looks after one household and visits it every week or month."""

from typing import Any

from contracts.fields import Code, Day, Flag, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef, RevealCommand, TelephoneView, files
from contracts.tokens import PersonName, Phone, area, case_no
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, everybody, own

TAG = "结对"


class PairingState(Codes):
    ACTIVE = "ACTIVE", "结对中"
    ENDED = "ENDED", "已结束"


class Rhythm(Codes):
    WEEK = "WEEK", "每周"
    MONTH = "MONTH", "每月"


OFFICES, CARER = at(Role.COMMUNITY, Role.STREET), own("carer_id", words="结对人")
INSIDERS = OFFICES | CARER
READERS = INSIDERS | at(Role.DISTRICT, Role.AUDITOR)


class PairingVisitView(Shape):
    day = Day(label="哪天")
    found = Text(1000, label="情况", optional=True)
    photos = files(label="照片")


class PairingView(AggregateView):
    """One household and who looks after it; what tells who lives there, only to those who go."""

    about = Matter("PAIRING", "结对", PairingState, {"ACTIVE": "去结对户走访"}, headline="{masked_name}")
    number: Any = case_no(label="编号")
    state = Code(PairingState, label="进展")
    carer = One(PersonRef, label="结对人")
    rhythm = Code(Rhythm, label="多久去一次")
    masked_name = Text(40, label="称呼")
    name = PersonName(label="姓名", optional=True, seen_by=INSIDERS)
    place_text = Text(200, label="住哪里", optional=True, seen_by=INSIDERS)
    wants = Text(500, label="要帮什么", optional=True, seen_by=INSIDERS)
    due_at = Moment(label="下次走访最晚", optional=True)
    visits = some(PairingVisitView, label="走访", seen_by=INSIDERS)
    end_reason = Text(200, label="结束的原因", optional=True, seen_by=INSIDERS)


class PairingPage(Page):
    items = some(PairingView)


class PairingCommand(VersionedCommand, NotifyCommand):
    answer = PairingView
    number = case_no()


class OpenPairing(NotifyCommand):
    title = "结对"
    route = "POST /pairings"
    by = OFFICES
    location = "/api/pairings/{number}"
    answer = PairingView
    area_path = area(label="在哪里")
    carer = One(PersonRef, label="谁去结对")
    rhythm = Code(Rhythm, label="多久去一次")
    name = PersonName(label="姓名")
    phone = Phone(optional=True, label="电话")
    place_text = Text(200, label="住哪里")
    wants = Text(500, label="要帮什么")
    agreed = Flag(label="本人（或家人）同意")


class RecordPairingVisit(PairingCommand):
    """The next visit's clock begins."""

    title = "记走访"
    main = True
    route = "POST /pairings/<number>/visits"
    by = CARER | at(Role.COMMUNITY)
    day = Day(label="哪天去的")
    found = Text(1000, label="情况", help="有困难的，另外登记诉求")
    photos = files(label="照片")


class PassPairingOn(PairingCommand):
    title = "换人结对"
    route = "POST /pairings/<number>/carer"
    by = OFFICES
    carer = One(PersonRef, label="改由谁去")


class EndPairing(PairingCommand):
    title = "结束结对"
    route = "POST /pairings/<number>/end"
    by = OFFICES
    end_reason = Text(200, label="原因")


class GetPairing(NotifyCommand):
    title = "查看结对"
    route = "GET /pairings/<number>"
    by = READERS
    answer = PairingView
    number = case_no()


class RevealPairingContact(RevealCommand, NotifyCommand):
    title = "看电话"
    route = "POST /pairings/<number>/contact"
    by = INSIDERS
    answer = TelephoneView


class ListPairings(ListCommand, NotifyCommand):
    title = "结对"
    route = "GET /pairings"
    page = "pairings"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = PairingPage
    state = Many(Code(PairingState), most=20, label="进展")
    area_path = area(optional=True, label="哪里")
    numbers = Many(case_no(), most=200)


class PairingFact(NotifyEvent):
    for_resident = None
    number = case_no()
    carer = One(PersonRef)


class PairingOpened(PairingFact):
    title = "结对"
    for_staff = "由{carer}结对，{rhythm}走访。"
    rhythm = Code(Rhythm)


class PairingVisited(PairingFact):
    title = "走访"
    for_staff = "{day}走访了结对户。"
    day = Day()


class CareVisitOverdue(PairingFact):
    title = "走访逾期"
    for_staff = "{carer}到期没有走访。"


class PairingPassedOn(PairingFact):
    title = "换人"
    for_staff = "改由{carer}结对。"


class PairingEnded(PairingFact):
    title = "结束"
    for_staff = "结对已经结束。"
