"""Service records 志愿服务记录: what a volunteer did, when and how long; confirmed by somebody else, never twice.

What such a record holds, and that it be true, exact, whole, free and timely: 志愿服务条例 art. 19,
志愿服务记录与证明出具办法（试行） art. 3–4.
"""

from typing import Any

from contracts.fields import Code, Count, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.schema import VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import area, case_no, staff_id
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, everybody, own

TAG = "志愿服务记录"


class ServiceState(Codes):
    CLAIMED = "CLAIMED", "待确认"
    CONFIRMED = "CONFIRMED", "已确认"
    REFUSED = "REFUSED", "没有认可"


class ServiceSource(Codes):
    WISH = "WISH", "微心愿"
    TEAM_ACTION = "TEAM_ACTION", "志愿服务队活动"
    WHISTLE = "WHISTLE", "志愿者报到"


SELF, RECORDER = own("volunteer_id", words="志愿者本人"), own("recorder_id", words="记录人")
OFFICES = at(Role.COMMUNITY, Role.STREET)
READERS = OFFICES | SELF | RECORDER | at(Role.DISTRICT, Role.AUDITOR)


class ServiceRecordView(AggregateView):
    about = Matter(
        "SERVICE_RECORD", "志愿服务记录", ServiceState, {"CLAIMED": "确认志愿时长"}, headline="{volunteer} {what}"
    )
    number: Any = case_no(label="编号")
    state = Code(ServiceState, label="进展")
    volunteer = One(PersonRef, label="志愿者")
    what = Text(60, label="做了什么")
    source = Code(ServiceSource, label="来自")
    source_number = case_no(label="来自哪一件")
    team = Text(60, label="志愿服务队", optional=True)
    began_at = Moment(label="从什么时候")
    minutes = Count(label="服务多少分钟")
    confirmed_by = One(PersonRef, label="谁确认的", optional=True)
    refusal = Text(200, label="没有认可的原因", optional=True)
    due_at = Moment(label="期限", optional=True)


class ServiceRecordPage(Page):
    items = some(ServiceRecordView)


class ServiceRecordCommand(VersionedCommand, NotifyCommand):
    answer = ServiceRecordView
    number = case_no()


class RecordWishService(NotifyCommand):
    """By who fulfilled it, once it is confirmed; one record a wish."""

    title = "记微心愿的服务时长"
    route = "POST /service-records"
    by = at(Role.VOLUNTEER).given(SELF)
    location = "/api/service-records/{number}"
    answer = ServiceRecordView
    wish = case_no(label="哪个微心愿")
    began_at = Moment(label="从什么时候")
    minutes = Count(1, 1440, label="服务多少分钟", help="不算路上的时间")


class ConfirmService(ServiceRecordCommand):
    """`minutes` where it was less than recorded. Nobody serves in two places at one time."""

    title = "确认时长"
    main = True
    route = "POST /service-records/<number>/confirmation"
    by = OFFICES.but(SELF)
    minutes = Count(1, 1440, optional=True, label="实际服务多少分钟", help="不填就是记录的时长")


class RefuseService(ServiceRecordCommand):
    title = "不认可"
    route = "POST /service-records/<number>/refusal"
    by = OFFICES.but(SELF)
    refusal = Text(200, label="原因", help="志愿者可以改正后再报")


class CorrectService(ServiceRecordCommand):
    title = "改正后再报"
    main = True
    route = "POST /service-records/<number>/correction"
    by = SELF | RECORDER
    began_at = Moment(label="从什么时候")
    minutes = Count(1, 1440, label="服务多少分钟", help="不算路上的时间")


class GetServiceRecord(NotifyCommand):
    title = "查看志愿服务记录"
    route = "GET /service-records/<number>"
    by = READERS
    answer = ServiceRecordView
    number = case_no()


class ListServiceRecords(ListCommand, NotifyCommand):
    title = "志愿服务记录"
    route = "GET /service-records"
    page = "service-records"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = ServiceRecordPage
    state = Many(Code(ServiceState), most=4, label="进展")
    source = Many(Code(ServiceSource), most=4, label="来自")
    volunteer_id = Many(staff_id(), most=50)
    source_number = Many(case_no(), most=50, label="来自哪一件")
    area_path = area(optional=True, label="哪里")
    numbers = Many(case_no(), most=200)


class ServiceFact(NotifyEvent):
    for_resident = None
    number, source_number = case_no(), case_no()
    volunteer = One(PersonRef)


class ServiceRecorded(ServiceFact):
    title = "记时长"
    for_staff = "{volunteer}在{source_number}服务{minutes}分钟，待确认。"
    minutes = Count(1)


class ServiceCarriedOver(ServiceFact):
    """Hours somebody has confirmed at a volunteers' whistle."""

    title = "记时长"
    for_staff = "{volunteer}在{source_number}服务{minutes}分钟，报到时已确认。"
    minutes = Count(1)


class ServiceConfirmed(ServiceFact):
    title = "确认时长"
    for_staff = "{confirmed_by}确认{volunteer}服务{minutes}分钟。"
    minutes = Count(1)
    confirmed_by = One(PersonRef)


class ServiceRefused(ServiceFact):
    title = "没有认可"
    for_staff = "{volunteer}的时长没有认可。"


class ServiceCorrected(ServiceFact):
    title = "改正"
    for_staff = "改正为{minutes}分钟，待确认。"
    minutes = Count(1)
