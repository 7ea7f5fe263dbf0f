"""Assistance 社会救助 as it is shown: states, who reads what, the public list."""

from typing import Any

from contracts.fields import Code, Count, Day, Flag, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.publishing import ObjectionView
from contracts.schema import Shape
from contracts.shapes import AggregateView, Page, PersonRef
from contracts.tokens import Amount, PersonName, case_no
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, in_states, own

TAG = "社会救助"


class AssistanceState(Codes):
    APPLIED = "APPLIED", "待入户调查"
    COUNTERSIGNING = "COUNTERSIGNING", "待另一位调查人签字"
    SURVEYED = "SURVEYED", "待审核"
    REVIEWED = "REVIEWED", "待公示"
    PUBLICISED = "PUBLICISED", "公示中"
    DECIDING = "DECIDING", "待决定"
    APPROVED = "APPROVED", "已批准"
    REFUSED = "REFUSED", "不予批准"
    GRANTED = "GRANTED", "已发放"
    REVIEW_DUE = "REVIEW_DUE", "待复核"
    CLOSED = "CLOSED", "已结案"
    WITHDRAWN = "WITHDRAWN", "已撤回"


S = AssistanceState


class AssistanceKind(Codes):
    LOW_INCOME = "LOW_INCOME", "城市低保"
    TEMPORARY = "TEMPORARY", "临时救助"
    ILLNESS = "ILLNESS", "大病救助"
    RENT = "RENT", "廉租房补贴"


class AssistBlock(Codes):
    POLICY = "POLICY", "政策引导"
    ERRANDS = "ERRANDS", "代收代办"
    PAIRING = "PAIRING", "结对关爱"
    RESOURCES = "RESOURCES", "资源链接"
    COUNSELLING = "COUNSELLING", "心理疏导"
    INCLUSION = "INCLUSION", "社会融入"


class AssistBlockState(Codes):
    OPEN = "OPEN", "进行中"
    CLOSED = "CLOSED", "已结束"


OPEN = frozenset(AssistanceState) - {S.CLOSED, S.WITHDRAWN}
OFFICES = at(Role.COMMUNITY, Role.STREET, Role.DISTRICT)
SURVEYOR, TAKER = own("surveyor_id", words="调查人"), own("taker_id", words="受理人")
AT_WORK = OFFICES | SURVEYOR | own("countersigner_id", words="另一位调查人") | TAKER
"""Who may read the circumstances: 社会救助暂行办法 art. 61 keeps them secret but for the lawful publication."""
ON_LIST = in_states("公示中的", S.PUBLICISED)
READERS = AT_WORK | at(Role.GRID, Role.WINDOW, Role.AUDITOR) | at(Role.RESIDENT, Role.STEWARD).given(ON_LIST)


class AssistanceOnList(Shape):
    """What everybody may read for the days of publication: no number of a house, no illness, no amount."""

    about = Matter(
        "ASSISTANCE",
        "社会救助",
        AssistanceState,
        {"APPLIED": "入户调查", "COUNTERSIGNING": "核对调查并签字", "SURVEYED": "审核", "REVIEWED": "张榜公示",
         "DECIDING": "作出决定", "APPROVED": "发放", "REVIEW_DUE": "复核"},
        headline="{masked_name} {kind}",
    )  # fmt: skip
    number: Any = case_no(label="编号")
    state = Code(AssistanceState, label="进展")
    masked_name = Text(40, label="申请人")
    kind = Code(AssistanceKind, label="申请")
    community = Text(60, label="社区")
    published_until = Moment(label="公示到", optional=True)


class ActionView(Shape):
    """What was done in a block."""

    at = Moment(label="时间")
    by = Text(40, label="谁")
    words = Text(1000, label="做了什么")


class BlockView(Shape):
    """One block, opened and closed by itself."""

    block = Code(AssistBlock, label="板块")
    state = Code(AssistBlockState, label="进展")
    owner = Text(40, label="负责人")
    plan = Text(1000, label="计划")
    actions = Many(One(ActionView), most=200)
    done = Count(label="做了几次")
    note = Text(1000, label="结束说明", optional=True)


class AssistanceView(AggregateView, AssistanceOnList):
    """The whole case; circumstances, amounts and blocks only for those who answer for it."""

    name = PersonName(label="姓名", optional=True, seen_by=AT_WORK)
    place_text = Text(200, label="住处", optional=True, seen_by=AT_WORK)
    circumstances = Text(2000, label="情况", optional=True, seen_by=AT_WORK)
    taker = One(PersonRef, label="受理人", optional=True)
    visited_on = Day(label="入户日期", optional=True)
    members = Count(label="家庭人口", optional=True, seen_by=AT_WORK)
    income = Amount(label="月收入", optional=True, seen_by=AT_WORK)
    found = Text(2000, label="调查情况", optional=True, seen_by=AT_WORK)
    surveyor = One(PersonRef, label="调查人", optional=True)
    countersigner = One(PersonRef, label="另一位调查人", optional=True)
    opinion = Text(1000, label="审核意见", optional=True, seen_by=AT_WORK)
    fit = Flag(label="审核符合条件", optional=True, seen_by=AT_WORK)
    objections = some(ObjectionView, label="异议", seen_by=OFFICES)
    decision = Text(2000, label="决定书", optional=True, seen_by=AT_WORK)
    amount = Amount(label="每月或一次金额", optional=True, seen_by=AT_WORK)
    granted_on = Day(label="发放日期", optional=True, seen_by=AT_WORK)
    review_on = Day(label="复核日期", optional=True, seen_by=AT_WORK)
    blocks = some(BlockView, label="六大板块", seen_by=AT_WORK)
    closing = Text(1000, label="结案说明", optional=True, seen_by=AT_WORK)
    due_at = Moment(label="期限", optional=True)


class AssistancePage(Page):
    items = some(AssistanceView)


class AssistanceList(Page):
    items = some(AssistanceOnList)
