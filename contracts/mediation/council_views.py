"""What is shown of a council 议事会: to its hosts, to those who pay and work, and to everybody."""

from typing import Any

from contracts.fields import Code, Count, Many, Moment, Text, some
from contracts.matters import Matter
from contracts.mediation.topics import INSIDERS, NEIGHBOURS
from contracts.publishing import ObjectionView
from contracts.schema import AnswerSchema, Shape, VersionedCommand
from contracts.shapes import AggregateView, Page, files
from contracts.tokens import Amount, area, case_no, unit_code
from contracts.words import shared_text
from kernel.codes.base import Code as Codes
from kernel.rights import among, in_states

TAG = "议事协商"


class CouncilState(Codes):
    CONVENED = "CONVENED", "已通知"
    HELD = "HELD", "已开会，待议定"
    QUORUM_FAILED = "QUORUM_FAILED", "人数不足"
    NO_CONSENSUS = "NO_CONSENSUS", "未达成一致"
    RESOLVED = "RESOLVED", "已议定，待公示"
    PUBLISHED = "PUBLISHED", "公示中"
    IMPLEMENTING = "IMPLEMENTING", "实施中"
    DONE = "DONE", "已完成，待居民评议"
    REVIEWED = "REVIEWED", "已评议"
    CLOSED = "CLOSED", "已办结"
    CALLED_OFF = "CALLED_OFF", "已取消"


class CouncilKind(Codes):
    """六会 (domain §1.4-7), and the kinds other places have. What each must bring forth: policy key council.kinds."""

    HEARING = "HEARING", "社区听证会"
    TALK = "TALK", "民情座谈会"
    CONSULT = "CONSULT", "事务协商会"
    RESULT_REVIEW = "RESULT_REVIEW", "成效评议会"
    DEMOCRATIC = "DEMOCRATIC", "民主议事会"
    ADVICE = "ADVICE", "服务咨询会"
    OWNERS = "OWNERS", "业主恳谈会"
    BUILDING = "BUILDING", "楼宇理事会"
    HALL = "HALL", "社区议事厅"
    GRID = "GRID", "网格议事会"


class CouncilMode(Codes):
    INDOORS = "INDOORS", "室内"
    MOBILE = "MOBILE", "移动议事会（会场搬到楼院）"


class VoteMode(Codes):
    HANDS = "HANDS", "举手"
    PAPER = "PAPER", "投票纸"
    PHONE = "PHONE", "电话"


class ItemOutcome(Codes):
    SOLVED = "SOLVED", "当场解决"
    TASK = "TASK", "转为任务"
    TO_COMMUNITY = "TO_COMMUNITY", "交社区"
    NEED_LIST = "NEED_LIST", "列入需求清单"


class WorkState(Codes):
    WAITING = "WAITING", "等上一步验收"
    OPEN = "OPEN", "办理中"
    FINISHED = "FINISHED", "待验收"
    ACCEPTED = "ACCEPTED", "已验收"


class LookBackResult(Codes):
    KEPT = "KEPT", "保持良好"
    RELAPSED = "RELAPSED", "问题又出现"


class CouncilPaper(Codes):
    NOTICE = "NOTICE", "会议通知"
    SIGN_IN = "SIGN_IN", "签到表"
    MINUTES = "MINUTES", "会议记录"
    RESULT = "RESULT", "议事结果公示"


PAYERS = among("payers", "分担费用的单位")
DOERS = among("doers", "承办的单位")
SHOWN = in_states(
    "公示以后", CouncilState.PUBLISHED, CouncilState.IMPLEMENTING, CouncilState.DONE, CouncilState.REVIEWED,
    CouncilState.CLOSED,
)  # fmt: skip
READERS = INSIDERS | PAYERS | DOERS | NEIGHBOURS
RESOLVERS = INSIDERS | PAYERS | DOERS
"""May read a resolution while it is drafted."""
ADVISORY = "此次表决只是征求意见，不是法定表决，不代替业主依法共同决定"
OWNERS_WARNING = (
    "涉及业主共同决定的事项（民法典第二百七十八条）：应由专有部分面积占比三分之二以上且人数占比三分之二以上的业主参与表决，"
    "经参与表决专有部分面积过半数且人数过半数的业主同意；筹集维修资金、改建重建、改变共有部分用途的，均须四分之三以上。"
    "议事会的结果不代替业主表决。"
)


class ItemView(Shape):
    """One point of the agenda and how it ended."""

    no = Count(1, label="序号")
    subject = Text(120, label="议什么")
    source_number = case_no(label="来自", optional=True)
    outcome = Code(ItemOutcome, label="结果", optional=True)
    note = shared_text(500, label="说明", optional=True)


class OptionView(Shape):
    no = Count(1, label="序号")
    option = Text(200, label="方案")
    votes = Count(label="赞成（征求意见）")


class ShareView(Shape):
    payer = unit_code(label="谁出")
    percent = Amount(label="占百分之")
    amount = Amount(label="金额", optional=True)
    confirmed_at = Moment(label="确认", optional=True)


class WorkView(Shape):
    """One step; it begins when the one before it is accepted."""

    no = Count(1, label="第几步")
    what = Text(200, label="做什么")
    owner = unit_code(label="谁来做")
    due_at = Moment(label="什么时候完成")
    state = Code(WorkState, label="进展")
    note = Text(500, label="说明", optional=True)


class StepView(Shape):
    at = Moment(label="时间")
    what = Text(20, label="进展")


class MeetingView(Shape):
    """A meeting before the present one: too few came, or nothing was agreed."""

    meeting = Count(1, label="第几次")
    starts_at = Moment(label="时间")
    place_text = Text(200, label="地点")
    head_count = Count(label="到会人数", optional=True)
    signed_in = Count(label="签到人数")
    minutes = Text(10000, label="会议记录", optional=True)
    reason = shared_text(200, label="分歧在哪里", optional=True)


class CouncilOnBoard(Shape):
    """What everybody may read: what was talked over, decided and done; no names."""

    about = Matter(
        "COUNCIL",
        "议事会",
        CouncilState,
        {
            "CONVENED": "待召开的议事会",
            "HELD": "待议定的议事会",
            "QUORUM_FAILED": "要再次召开的议事会",
            "NO_CONSENSUS": "要再次召开的议事会",
            "RESOLVED": "待公示的决议",
            "IMPLEMENTING": "待落实的决议",
            "DONE": "待评议的决议",
            "REVIEWED": "待办结的议事会",
        },
        headline="{kind}：{subject}",
    )
    number: Any = case_no(label="编号")
    state = Code(CouncilState, label="进展")
    kind = Code(CouncilKind, label="什么会")
    mode = Code(CouncilMode, label="怎么开")
    subject = Text(80, label="议题")
    starts_at = Moment(label="时间")
    place_text = Text(200, label="地点")
    invited = Text(200, label="邀请哪些人", optional=True)
    head_count = Count(label="到会人数", optional=True)
    options = some(OptionView, label="各方案的意见")
    vote_note = Text(200, label="关于表决", optional=True)
    resolution = Text(2000, label="决议", optional=True, seen_by=RESOLVERS | SHOWN)
    published_from = Moment(label="公示开始", optional=True)
    published_until = Moment(label="公示到", optional=True)
    works = some(WorkView, label="落实", seen_by=RESOLVERS | SHOWN)
    satisfied = Count(label="满意的居民", optional=True)
    reviewers = Count(label="参加评议的居民", optional=True)
    steps = some(StepView, most=500, label="经过")


class CouncilRecord(AnswerSchema, CouncilOnBoard):
    """The same of one council, for who has scanned its poster."""

    about = None  # type: ignore[assignment]
    area_path = area()


class CouncilView(AggregateView, CouncilOnBoard):
    """The whole council; what people said and who signed in, for those who answer for the place."""

    topics = Many(case_no(), label="议题编号")
    hazard_number = case_no(label="隐患编号", optional=True)
    whistles = Many(case_no(), label="哨单")
    quorum = Count(label="至少到会人数", optional=True)
    owners_warning = Text(500, label="法律提示", optional=True)
    owners_vote = shared_text(200, label="业主表决的凭据", optional=True)
    agenda = some(ItemView, label="议程", seen_by=INSIDERS)
    signed_in = Count(label="签到人数", seen_by=INSIDERS)
    walk_ins = Count(label="其中临时到会", seen_by=INSIDERS)
    opinions = Many(Text(500), label="意见", seen_by=INSIDERS)
    dissent = Text(2000, label="不同意见", optional=True, seen_by=INSIDERS)
    minutes = Text(10000, label="会议记录", optional=True, seen_by=INSIDERS)
    sheets = files(label="签到表、现场照片", seen_by=INSIDERS)
    cost = Amount(label="费用", optional=True)
    shares = some(ShareView, label="费用分担")
    objections = some(ObjectionView, label="异议", seen_by=INSIDERS)
    due_at = Moment(label="期限", optional=True)
    next_due_at = Moment(label="下次最迟", optional=True)
    reason = shared_text(200, label="没有开成或没有议定的原因", optional=True)
    look_back = Code(LookBackResult, label="回头看", optional=True)
    meetings = some(MeetingView, most=100, label="以前的会", seen_by=INSIDERS)


class CouncilPage(Page):
    items = some(CouncilView)


class CouncilBoard(Page):
    items = some(CouncilOnBoard)


class CouncilCommand(VersionedCommand):
    service = "mediation"
    answer = CouncilView
    number = case_no()


class AboutWork(CouncilCommand):
    work_no = Count(1, 50, label="第几步")
