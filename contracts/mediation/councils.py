"""Councils 议事会: convened with notice, held where people live, voted in by way of advice."""

from contracts.fields import Code, Count, Flag, Id, Many, Moment, Text, some
from contracts.mediation import council_views as views
from contracts.mediation.council_views import CouncilCommand, CouncilPage, CouncilView
from contracts.mediation.topics import HOSTS, INSIDERS, NEIGHBOURS
from contracts.schema import AnswerSchema, CommandSchema, EventSchema, StrictShape
from contracts.shapes import DocumentView, ListCommand, files
from contracts.tokens import PersonName, Phone, area, case_no, unit_code
from contracts.words import shared_text
from kernel.rights import everybody

TAG = "议事协商"


class ConveneCouncil(CommandSchema):
    """The place is where people are: a courtyard as well as a room. Notice as policy key council.notice says."""

    service = "mediation"
    title = "召开议事会"
    route = "POST /councils"
    by = HOSTS
    hint = "按规定提前通知；网格议事会的议程由网格里没办完的事自动列出。"
    location = "/api/councils/{number}"
    answer = CouncilView
    kind = Code(views.CouncilKind, label="什么会")
    mode = Code(views.CouncilMode, label="怎么开", default=views.CouncilMode.INDOORS)
    subject = shared_text(80, label="议什么", help="公开的说法，不写姓名、门牌和电话")
    area_path = area(label="哪个范围", help="涉及几个小区的，选包含它们的社区")
    starts_at = Moment(label="时间")
    place_text = shared_text(200, label="地点", help="例如：金茂花园院内")
    invited = shared_text(200, label="邀请哪些人", optional=True)
    quorum = Count(1, 99999, label="至少到会人数", optional=True)
    topics = Many(case_no(), most=20, label="议题编号")
    hazard_number = case_no(label="隐患编号", optional=True)
    owners_rights = Flag(label="涉及业主共同决定的事项", default=False)


class ReconveneCouncil(CouncilCommand):
    """After too few came or nothing was agreed; what happened stays in its history."""

    title = "再次召开"
    main = True
    route = "POST /councils/<number>/reconvening"
    by = HOSTS
    starts_at = Moment(label="时间")
    place_text = shared_text(200, label="地点")


class CallOffCouncil(CouncilCommand):
    title = "取消会议"
    route = "POST /councils/<number>/calling-off"
    by = HOSTS
    reason = shared_text(200, label="原因")


class AttendeeInput(StrictShape):
    """`sign_id` is made by the phone on which somebody signs: a roll that is sent twice counts once."""

    sign_id = Id(optional=True)
    name = PersonName(label="姓名")
    phone = Phone(optional=True, label="电话", help="不保存，只用来日后按本人要求查到、删掉这次签到")
    group = Text(20, label="身份", help="业主、党员、微网格长……", optional=True)
    walk_in = Flag(label="没有邀请，自己来的", default=False)


class TakeRoll(CouncilCommand):
    """May be sent when the network is there again; who is on a sheet of paper is counted in the head count."""

    title = "签到"
    main = True
    outdoors = True
    route = "POST /councils/<number>/roll"
    by = HOSTS
    people = some(AttendeeInput, least=1, most=200)


class HandsInput(StrictShape):
    option = shared_text(200, label="方案")
    votes = Count(0, 99999, label="举手赞成多少人")


class CountHeads(CouncilCommand):
    """In the courtyard, until the minutes are written; what is counted later replaces what was counted before."""

    title = "数人头、数举手"
    outdoors = True
    route = "POST /councils/<number>/heads"
    by = HOSTS
    hint = f"现场数好就记，没有网络也能记；会议记录回去再写。{views.ADVISORY}。"
    head_count = Count(1, 99999, label="到会人数", help="含没有签到的")
    hands = some(HandsInput, most=20)


class RecordMinutes(CouncilCommand):
    """Once: whoever writes second meets a Conflict. Fewer people than the quorum, and the council has failed.

    What was counted on the spot (CountHeads) stays: its options come first, those written here follow.
    """

    title = "记会议"
    main = True
    outdoors = True
    route = "POST /councils/<number>/minutes"
    by = HOSTS
    head_count = Count(1, 99999, label="到会人数", help="含没有签到的；现场数过的不用再填", optional=True)
    minutes = Text(10000, label="会议记录")
    opinions = Many(Text(500), most=200, label="意见")
    options = Many(
        shared_text(200), most=20, label="方案", help="现场数过举手的方案不用再写；公开的说法，不写姓名、门牌和电话"
    )
    dissent = Text(2000, label="不同意见", optional=True)
    sheets = files(label="签到表、现场照片")


class CastVote(CouncilCommand):
    """One a voter, by phone, until the resolution is made; advice, no legal vote.

    No answer is kept for a repetition: what it was asked with would tell who chose what.
    """

    title = "表达意见（一人一次）"
    route = "POST /councils/<number>/votes"
    by = NEIGHBOURS
    hint = views.ADVISORY
    keeps_answer = False
    option_no = Count(1, 20, label="赞成哪个方案")


class OptionCount(StrictShape):
    option_no = Count(1, 20, label="方案")
    votes = Count(0, 99999, label="票数")


class CountVotes(CouncilCommand):
    """Of hands, papers or calls; a later count of the same kind replaces the earlier one."""

    title = "计票"
    route = "POST /councils/<number>/counts"
    by = HOSTS
    hint = views.ADVISORY
    mode = Code(views.VoteMode, label="怎么表决")
    counts = some(OptionCount, least=1, most=20)


class EndItem(CouncilCommand):
    title = "议程结果"
    route = "POST /councils/<number>/items"
    by = HOSTS
    item_no = Count(1, 200, label="第几项")
    outcome = Code(views.ItemOutcome, label="结果")
    note = shared_text(500, label="说明", optional=True)
    owner = unit_code(label="谁来做", optional=True, help="转为任务的必填")
    until = Moment(label="什么时候完成", optional=True, help="转为任务的必填")


class ConcludeCouncil(CouncilCommand):
    """Of kinds that need no resolution; every item of the agenda has ended. What became a task goes on."""

    title = "结束会议"
    route = "POST /councils/<number>/conclusion"
    by = HOSTS


class AttendeeView(AnswerSchema):
    name = Text(40, label="姓名")
    group = Text(20, label="身份", optional=True)
    walk_in = Flag(label="临时到会")


class RollView(AnswerSchema):
    number = case_no()
    people = some(AttendeeView, most=5000, label="签到")


class GetRoll(CommandSchema):
    keeps_answer = False
    service = "mediation"
    title = "查看签到"
    route = "GET /councils/<number>/roll"
    by = INSIDERS
    answer = RollView
    number = case_no()


class GetCouncil(CommandSchema):
    service = "mediation"
    title = "查看议事会"
    route = "GET /councils/<number>"
    by = views.READERS
    answer = CouncilView
    number = case_no()


class ListCouncils(ListCommand):
    service = "mediation"
    title = "议事会"
    route = "GET /councils"
    page = "councils"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = CouncilPage
    state = Many(Code(views.CouncilState), most=20, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class GetCouncilPaper(CommandSchema):
    keeps_answer = False
    service = "mediation"
    title = "打印议事会文书"
    route = "GET /councils/<number>/papers/<paper>.pdf"
    file = True
    by = INSIDERS
    hint = "通知、签到表、会议记录和公示用的 PDF。"
    answer = DocumentView
    number = case_no()
    paper = Code(views.CouncilPaper)


class CouncilFact(EventSchema):
    source = "mediation"
    number = case_no()


class CouncilConvened(CouncilFact):
    title = "发出通知"
    for_staff = for_resident = "{starts_at}召开{kind}。"
    kind, starts_at = Code(views.CouncilKind), Moment()


class CouncilReconvened(CouncilConvened):
    title = "再次召开"
    for_staff = for_resident = "{starts_at}再次召开{kind}。"


class CouncilCalledOff(CouncilFact):
    title = "取消"
    for_staff = for_resident = "会议取消。"


class CouncilHeld(CouncilFact):
    title = "开会"
    for_staff = for_resident = "会开过了，到会{head_count}人。"
    head_count = Count()


class CouncilQuorumFailed(CouncilFact):
    title = "人数不足"
    for_staff = for_resident = "到会{head_count}人，不足{quorum}人，要再次召开。"
    head_count, quorum = Count(), Count()


class CouncilItemEnded(CouncilFact):
    title = "议程结果"
    for_staff, for_resident = "第{item_no}项：{outcome}[（{source_number}）]。", None
    item_no, outcome = Count(1), Code(views.ItemOutcome)
    source_number = case_no(optional=True)


class CouncilConcluded(CouncilFact):
    title = "议毕"
    for_staff = for_resident = "议程全部议毕。"


class CouncilOverdue(CouncilFact):
    """No grid council was held within policy key council.grid_every after this one."""

    title = "逾期未开"
    for_staff, for_resident = "网格议事会到{due_at}没有再开。", None
    due_at = Moment()
