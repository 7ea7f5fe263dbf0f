"""Topics 议题: what residents should talk over; collected, asked about, set, and taken to a council."""

from typing import Any

from contracts.fields import Code, Count, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.schema import CommandSchema, EventSchema, Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import area, case_no
from contracts.words import shared_text
from kernel.codes import Hat, Role
from kernel.codes.base import Code as Codes
from kernel.rights import anybody, at, everybody, in_states, inside, own, residents

TAG = "议事协商"


class TopicState(Codes):
    PROPOSED = "PROPOSED", "待审核"
    COLLECTING = "COLLECTING", "征集意见"
    SET = "SET", "待上会"
    ON_AGENDA = "ON_AGENDA", "已上会"
    SETTLED = "SETTLED", "已议"
    DROPPED = "DROPPED", "不列入"


class TopicOrigin(Codes):
    RESIDENT = "RESIDENT", "居民提出"
    STAFF = "STAFF", "工作人员提出"
    MEETING = "MEETING", "会上提出"
    APPEAL = "APPEAL", "诉求"
    HAZARD = "HAZARD", "隐患"
    CARE_CALL = "CARE_CALL", "关怀电话"


PROPOSER = own("proposer_id", words="提出人")
HOSTS = at(Role.GRID, Role.COMMUNITY, Role.STREET)
"""May set a topic and convene a council at the place."""
INSIDERS = HOSTS | at(Role.WINDOW, Role.DISTRICT, Role.AUDITOR)
NEIGHBOURS = inside(Role.RESIDENT, Role.PROXY, Role.STEWARD, Role.VOLUNTEER)
ON_BOARD = in_states(
    "公开的", TopicState.COLLECTING, TopicState.SET, TopicState.ON_AGENDA, TopicState.SETTLED
)  # fmt: skip
READERS = INSIDERS | PROPOSER | NEIGHBOURS.given(ON_BOARD)


class OpinionView(Shape):
    at = Moment(label="时间")
    words = Text(1000, label="意见")


class TopicOnBoard(Shape):
    """What everybody may read: the wording of the community, no name."""

    about = Matter(
        "TOPIC",
        "议题",
        TopicState,
        {"PROPOSED": "待审核议题", "COLLECTING": "正在征集意见", "SET": "待上会议题"},
        headline="{subject}",
    )
    number: Any = case_no(label="编号")
    state = Code(TopicState, label="进展")
    subject = shared_text(80, label="议题", optional=True)
    opinion_count = Count(label="收到意见")
    due_at = Moment(label="征集到", optional=True)


class TopicView(AggregateView, TopicOnBoard):
    """What people wrote in their own words, for those who answer for the place and for who proposed it."""

    origin = Code(TopicOrigin, label="从哪里来")
    source_number = case_no(label="来自", optional=True)
    content = Text(1000, label="原话", optional=True, seen_by=INSIDERS | PROPOSER)
    proposer = One(PersonRef, label="提出人", optional=True, seen_by=INSIDERS | PROPOSER)
    opinions = some(OpinionView, most=500, label="征集到的意见", seen_by=INSIDERS)
    council_number = case_no(label="上了哪次会", optional=True)
    reason = shared_text(200, label="不列入的原因", optional=True)


class TopicPage(Page):
    items = some(TopicView)


class TopicBoard(Page):
    items = some(TopicOnBoard)


class TopicCommand(VersionedCommand):
    service = "mediation"
    answer = TopicView
    number = case_no()


class ProposeTopic(CommandSchema):
    service = "mediation"
    title = "提出议题"
    hat = Hat.LIAISON
    route = "POST /topics"
    by = residents() | inside(Role.STEWARD) | at(Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET)
    hint = "想请大家一起商量的事；社区看过再征集意见、安排会议。有危险的请上报隐患。"
    location = "/api/topics/{number}"
    answer = TopicView
    content = Text(1000, label="想商量什么", help="用自己的话说")
    area_path = area(label="在哪里")
    origin = Code(TopicOrigin, label="从哪里来", default=TopicOrigin.RESIDENT)
    source_number = case_no(label="来自哪一件", optional=True, help="由诉求、隐患而来的填编号")


class CollectOpinions(TopicCommand):
    """诉求征集: everybody of the place may say what they think until a day."""

    title = "征集意见"
    main = True
    route = "POST /topics/<number>/collection"
    by = HOSTS
    subject = shared_text(80, label="议题", help="公开的说法，不写姓名、门牌和电话")
    until = Moment(label="征集到什么时候")


class SayOpinion(TopicCommand):
    """From the phone, or taken down for somebody at the door."""

    title = "说意见"
    route = "POST /topics/<number>/opinions"
    by = NEIGHBOURS | HOSTS | at(Role.WINDOW)
    words = Text(1000, label="意见")


class SetTopic(TopicCommand):
    title = "定为议题"
    main = True
    route = "POST /topics/<number>/setting"
    by = HOSTS
    subject = shared_text(80, label="议题", help="公开的说法，不写姓名、门牌和电话")


class DropTopic(TopicCommand):
    title = "不列入议题"
    route = "POST /topics/<number>/dropping"
    by = HOSTS
    reason = shared_text(200, label="原因", help="告诉提出人可以怎么办")


class GetTopic(CommandSchema):
    service = "mediation"
    title = "查看议题"
    route = "GET /topics/<number>"
    by = READERS
    answer = TopicView
    number = case_no()


class ListTopics(ListCommand):
    service = "mediation"
    title = "议题"
    route = "GET /topics"
    page = "topics"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = TopicPage
    state = Many(Code(TopicState), most=20, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class ListTopicBoard(ListCommand):
    """Of a place, what is asked about, to be talked over and talked over already; the newest first."""

    service = "mediation"
    title = "议题栏"
    route = "GET /topics/board"
    page = "topic-board"
    by = anybody()
    public = True
    answer = TopicBoard
    area_path = area()


class TopicFact(EventSchema):
    source = "mediation"
    number = case_no()


class TopicProposed(TopicFact):
    title = "提出议题"
    for_staff, for_resident = "提出一个议题（{origin}），待社区审核。", "您提的议题已经收到，社区正在看。"
    origin = Code(TopicOrigin)


class TopicOpened(TopicFact):
    title = "征集意见"
    for_staff, for_resident = "征集意见，到{due_at}为止。", "正在征集意见。"
    due_at = Moment()


class CouncilTopicSet(TopicFact):
    title = "定为议题"
    for_staff = for_resident = "定为议题[，收到{opinion_count}条意见]。"
    opinion_count = Count()


class TopicDropped(TopicFact):
    title = "不列入"
    for_staff, for_resident = "没有列入议题。", "您提的议题没有列入，社区会告诉您原因。"


class TopicOnAgenda(TopicFact):
    title = "上会"
    for_staff = for_resident = "列入议事会{council}的议程。"
    council = case_no()


class TopicSettled(TopicFact):
    title = "已议"
    for_staff = for_resident = "在议事会{council}上议过了。"
    council = case_no()


class TopicTakenOff(TopicFact):
    title = "退回"
    for_staff = for_resident = "会没有开成，等下一次会。"
