"""What is shown of a campaign 走访: to its visitors, and to those who answer for all of the place."""

from contracts.fields import Code, Count, Id, Many, Moment, One, Text, some
from contracts.intake.base import COORDINATORS
from contracts.matters import Matter
from contracts.schema import Shape
from contracts.shapes import AggregateView, Page, PersonRef
from contracts.tokens import area, case_no
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, inside, own, services


class Purpose(Codes):
    ROUTINE = "ROUTINE", "敲门行动"
    SURVEY = "SURVEY", "摸排"


class CampaignState(Codes):
    PROPOSED = "PROPOSED", "待决定"
    DECLINED = "DECLINED", "不开展"
    OPEN = "OPEN", "走访中"
    CONCLUDED = "CONCLUDED", "已结束"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class VisitResult(Codes):
    IN = "IN", "入户"
    NOBODY = "NOBODY", "无人"
    REFUSED = "REFUSED", "拒绝"
    LATER = "LATER", "另约"


class Need(Codes):
    YES = "YES", "需要"
    NO = "NO", "不需要"


class ChangeState(Codes):
    PROPOSED = "PROPOSED", "待核定"
    ACCEPTED = "ACCEPTED", "采纳"
    REJECTED = "REJECTED", "不采纳"


class Decision(Codes):
    ACCEPTED = "ACCEPTED", "采纳"
    REJECTED = "REJECTED", "不采纳"


VISITORS = inside(Role.GRID, Role.STEWARD, Role.COMMUNITY)
OPENER = own("opened_by_id", words="发起人")
ABOVE = COORDINATORS | at(Role.AUDITOR)
READERS = services() | VISITORS | ABOVE | at(Role.WINDOW) | OPENER


class TargetView(Shape):
    """One unit to be visited, and how it stands."""

    unit_path = area()
    name = Text(80, label="单元")
    visitor = One(PersonRef, label="走访人", optional=True)
    result = Code(VisitResult, label="结果", optional=True)
    need = Code(Need, label="需要吗", optional=True)
    how_many = Count(label="多少户", optional=True)
    came_of = Many(case_no(), label="转出的件")


class VisitView(Shape):
    """One knock at a door, in the words of who knocked."""

    at = Moment(label="时间")
    name = Text(80, label="单元")
    by = One(PersonRef, label="走访人")
    result = Code(VisitResult, label="结果")
    note = Text(1000, label="记录", optional=True)


class ChangeView(Shape):
    """What has changed on file, as a visitor saw it."""

    id = Id()
    name = Text(80, label="单元")
    words = Text(500, label="变化")
    state = Code(ChangeState, label="核定")
    proposed_by = One(PersonRef, label="提出人")
    decided_by = One(PersonRef, label="核定人", optional=True)
    why = Text(200, label="说明", optional=True)


class CampaignSummary(AggregateView):
    """A row of a list. `proactive`: units in need that nobody had asked for, 未诉先办."""

    about = Matter(
        "CAMPAIGN",
        "走访",
        CampaignState,
        {"OPEN": "待走访的单元", "PROPOSED": "待决定的摸排"},
        headline="{purpose}：{topic}（{progress}）",
    )
    state = Code(CampaignState, label="进展")
    purpose = Code(Purpose, label="目的")
    topic = Text(80, label="事由")
    progress = Text(20, label="进度")
    units = Count(label="单元数")
    visited = Count(label="已入户单元")
    needing = Count(label="需要的单元")
    appeals = Count(label="其中有人反映")
    proactive = Count(label="其中未诉先办")
    due_at = Moment(label="期限", optional=True)
    opened_by = One(PersonRef, label="发起人")


class CampaignView(CampaignSummary):
    """The whole campaign; what people said at their doors, only to those who answer for all of the place."""

    question = Text(200, label="要问的事", optional=True)
    appeal_number = case_no(label="由此诉求发起", optional=True, seen_by=ABOVE)
    targets = some(TargetView, most=1000, label="单元")
    visits = some(VisitView, most=5000, label="走访记录", seen_by=ABOVE)
    changes = some(ChangeView, most=1000, label="资料变化", seen_by=ABOVE)
    evidence = Many(case_no(), label="依据的诉求", seen_by=ABOVE)
    reason = Text(500, label="没有走完、撤回或不开展的原因", optional=True)


class CampaignPage(Page):
    items = some(CampaignSummary)
