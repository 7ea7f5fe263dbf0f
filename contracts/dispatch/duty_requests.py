"""A department asks a community to help with its own work 请社区协助: what the lists admit or the street allows."""

from contracts.dispatch.base import OFFICES, UNIT, DispatchQuestion
from contracts.dispatch.catalogue import TAG as TAG
from contracts.fields import Code, Count, Flag, Many, One, Text, some
from contracts.matters import Matter
from contracts.schema import EventSchema, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import case_no, unit_code
from contracts.words import shared_text
from kernel.codes import DutyList, Role
from kernel.codes.base import Code as Codes
from kernel.rights import among, at, everybody, services


class RequestState(Codes):
    PENDING = "PENDING", "待街道决定"
    OPEN = "OPEN", "待社区办理"
    DONE = "DONE", "已办"
    REFUSED = "REFUSED", "街道不同意"


READERS = services() | OFFICES | among("sides", "提出请求的单位的人")


class DutyRequestView(AggregateView):
    """`crossing`: no list holds it. `line` is the item's in its version of the catalogue."""

    about = Matter(
        "DUTY_REQUEST", "请社区协助", RequestState,
        {"PENDING": "待决定的越界派单", "OPEN": "待协助的部门事项"}, headline="{unit}：{what}",
    )  # fmt: skip
    state = Code(RequestState, label="进展")
    unit = unit_code(label="提出的单位")
    community = unit_code(label="哪个社区")
    what = Text(500, label="请社区做什么")
    crossing = Flag(label="清单以外")
    duty_item = Text(60, label="清单事项", optional=True)
    duty_list = Code(DutyList, label="哪张清单", optional=True)
    catalogue = Text(60, label="清单版本", optional=True)
    line = Count(label="清单行号", optional=True)
    terms = Text(1000, label="准入条件", optional=True)
    decision_reason = Text(1000, label="街道的理由", optional=True)
    decided_by = One(PersonRef, label="谁定的", optional=True)
    result_text = Text(1000, label="办理结果", optional=True)
    asked_by = One(PersonRef, label="提出人")


class DutyRequestPage(Page):
    items = some(DutyRequestView)


class DutyRequestCommand(VersionedCommand):
    service = "dispatch"
    answer = DutyRequestView
    number = case_no()


class AskCommunity(DispatchQuestion):
    """A cancelled item is refused. An admitted one goes to the community with its terms. What no list holds, or what
    is the department's own duty, waits for the street and counts as crossing the boundary."""

    title = "请社区协助"
    route = "POST /duty-requests"
    by = UNIT
    hint = "取消事项不能再派给社区；准入事项要附准入条件；清单以外的由街道决定，并计入越界派单。"
    location = "/api/duty-requests/{number}"
    answer = DutyRequestView
    unit = unit_code(label="哪个单位提出")
    community = unit_code(label="请哪个社区")
    what = shared_text(500, label="请社区做什么")
    duty_item = Text(60, optional=True, label="清单事项编码", help="清单上没有的不填")
    terms = shared_text(1000, optional=True, label="准入条件", help="准入事项必填：经费、人员、培训等怎么保障")


class AllowDutyRequest(DutyRequestCommand):
    title = "同意，交社区办"
    main = True
    route = "POST /duty-requests/<number>/permission"
    by = at(Role.STREET)
    decision_reason = shared_text(1000, label="理由")


class RefuseDutyRequest(DutyRequestCommand):
    title = "不同意"
    route = "POST /duty-requests/<number>/refusal"
    by = at(Role.STREET)
    decision_reason = shared_text(1000, label="理由")


class FinishDutyRequest(DutyRequestCommand):
    title = "已经办好"
    main = True
    route = "POST /duty-requests/<number>/completion"
    by = at(Role.COMMUNITY)
    result_text = shared_text(1000, label="办理结果")


class GetDutyRequest(DispatchQuestion):
    title = "查看请社区协助"
    route = "GET /duty-requests/<number>"
    by = READERS
    answer = DutyRequestView
    number = case_no()


class ListDutyRequests(ListCommand, DispatchQuestion):
    title = "请社区协助"
    route = "GET /duty-requests"
    page = "duty-requests"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = DutyRequestPage
    state = Many(Code(RequestState), most=10, label="进展")
    numbers = Many(case_no(), most=200)


class DutyRequestFact(EventSchema):
    source = "dispatch"
    number = case_no()
    unit, community = unit_code(), unit_code()


class DutyRequested(DutyRequestFact):
    title = "请社区协助"
    for_staff, for_resident = "{unit}请{community}协助[清单事项{duty_item}]，{state}。", None
    duty_item, state, crossing = Text(60, optional=True), Code(RequestState), Flag()


class DutyRequestAllowed(DutyRequestFact):
    title = "街道同意"
    for_staff, for_resident = "清单以外的事项，街道同意交{community}协助。", None


class DutyRequestRefused(DutyRequestFact):
    title = "街道不同意"
    for_staff, for_resident = "清单以外的事项，街道不同意派给{community}，由{unit}自己办。", None


class DutyRequestDone(DutyRequestFact):
    title = "协助办好"
    for_staff, for_resident = "{community}已经办好{unit}请协助的事。", None
