"""Care rounds 红色星期五: every week each old person is phoned, and who does not answer is looked for until found."""

from typing import Any

from contracts.fields import Code, Count, Day, Flag, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.notify.care_profiles import CARERS, READERS
from contracts.schema import VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import PersonName, case_no, category_code
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, everybody

TAG = "红色星期五"


class CareRoundState(Codes):
    OPEN = "OPEN", "进行中"
    CLOSED = "CLOSED", "已完成"


class CareCallState(Codes):
    PLANNED = "PLANNED", "待打电话"
    CALLING = "CALLING", "没接，再打"
    TALKED = "TALKED", "已通话"
    VISITING = "VISITING", "待上门"
    ASKING = "ASKING", "待问家人"
    SEARCHING = "SEARCHING", "待入户查看"
    SEEN = "SEEN", "见到本人"
    REACHED = "REACHED", "家人已说明"
    HELPED = "HELPED", "已入户救助"
    CALLED_OFF = "CALLED_OFF", "不再打"


class CareRoundView(AggregateView):
    """One week of one community."""

    about = Matter("CARE_ROUND", "关怀轮次", CareRoundState, {"OPEN": "今天的关怀电话"}, headline="{day} {place}")
    number: Any = case_no(label="编号")
    state = Code(CareRoundState, label="进展")
    day = Day(label="哪一天")
    place = Text(60, label="哪里")
    planned = Count(label="要打几位")
    settled = Count(label="已落实几位")
    due_at = Moment(label="期限", optional=True)


class CareRoundPage(Page):
    items = some(CareRoundView)


class CareCallView(AggregateView):
    """One old person in one week."""

    about = Matter(
        "CARE_CALL",
        "关怀电话",
        CareCallState,
        {"PLANNED": "打关怀电话", "CALLING": "再打一次", "VISITING": "今天上门看望", "ASKING": "问紧急联系人",
         "SEARCHING": "会同民警入户"},
        headline="{masked_name}",
    )  # fmt: skip
    number: Any = case_no(label="编号")
    state = Code(CareCallState, label="进展")
    masked_name = Text(40, label="称呼")
    profile_number = case_no(label="关怀对象")
    round_number = case_no(label="轮次")
    dialect = Text(40, label="说什么话", optional=True)
    preferred_time = Text(40, label="什么时候打", optional=True)
    birthday = Text(40, label="这几天过生日", optional=True, seen_by=CARERS)
    tries = Count(label="打了几次")
    news_told = Flag(label="社区近况讲了", optional=True)
    difficulties = Text(1000, label="困难", optional=True, seen_by=CARERS)
    advice = Text(1000, label="建议", optional=True)
    found = Text(500, label="看到、听到的情况", optional=True, seen_by=CARERS)
    witnesses = Many(PersonName(), label="见证人", most=4, seen_by=CARERS)
    due_at = Moment(label="期限", optional=True)


class CareCallPage(Page):
    items = some(CareCallView)


class CareRoundCommand(VersionedCommand, NotifyCommand):
    answer = CareRoundView
    number = case_no()


class CloseCareRound(CareRoundCommand):
    title = "结束本轮"
    main = True
    route = "POST /care/rounds/<number>/close"
    by = at(Role.COMMUNITY, Role.CARE)
    hint = "每一位都有着落才能结束：通了话、见到本人、家人说明或者已入户。"


class CareCallCommand(VersionedCommand, NotifyCommand):
    answer = CareCallView
    by = CARERS
    number = case_no()


class RecordCareTalk(CareCallCommand):
    """The three questions of the sheet; a difficulty becomes an appeal of its own."""

    title = "通了话"
    main = True
    route = "POST /care/calls/<number>/talk"
    news_told = Flag(label="社区近况讲了")
    difficulties = Text(1000, label="生活上有什么困难", optional=True, help="填了就登记为诉求，由您首问负责")
    category = category_code(label="困难是哪一类", optional=True)
    advice = Text(1000, label="对社区有什么建议", optional=True)


class RecordNoAnswer(CareCallCommand):
    title = "没人接"
    route = "POST /care/calls/<number>/no-answer"


class RecordCareVisit(CareCallCommand):
    title = "上门看望"
    main = True
    route = "POST /care/calls/<number>/visit"
    by = CARERS | at(Role.STEWARD)
    seen = Flag(label="见到本人")
    found = Text(500, label="情况")


class RecordFamilyAsked(CareCallCommand):
    title = "问紧急联系人"
    main = True
    route = "POST /care/calls/<number>/family"
    reached = Flag(label="联系上了，说明了去向")
    found = Text(500, label="情况")


class RecordSearch(CareCallCommand):
    """The door is opened by police or community, before two witnesses."""

    title = "会同民警入户查看"
    main = True
    route = "POST /care/calls/<number>/search"
    by = at(Role.COMMUNITY, Role.CARE)
    found = Text(500, label="情况")
    first_witness, second_witness = PersonName(label="见证人"), PersonName(label="另一位见证人")


class GetCareRound(NotifyCommand):
    title = "查看关怀轮次"
    route = "GET /care/rounds/<number>"
    by = READERS
    answer = CareRoundView
    number = case_no()


class ListCareRounds(ListCommand, NotifyCommand):
    title = "关怀轮次"
    route = "GET /care/rounds"
    page = "care-rounds"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = CareRoundPage
    state = Many(Code(CareRoundState), most=4, label="进展")
    numbers = Many(case_no(), most=200)


class GetCareCall(NotifyCommand):
    title = "查看关怀电话"
    route = "GET /care/calls/<number>"
    by = READERS
    answer = CareCallView
    number = case_no()


class ListCareCalls(ListCommand, NotifyCommand):
    title = "关怀电话"
    route = "GET /care/calls"
    page = "care-calls"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = CareCallPage
    state = Many(Code(CareCallState), most=20, label="进展")
    numbers = Many(case_no(), most=200)
    round_number = Many(case_no(), most=10, label="轮次")


class CareRoundFact(NotifyEvent):
    number = case_no()


class CareRoundOpened(CareRoundFact):
    title = "开始一轮"
    for_staff, for_resident = "今天给{planned}位老人打电话。", None
    planned = Count()


class CareRoundClosed(CareRoundFact):
    title = "本轮结束"
    for_staff, for_resident = "{planned}位老人都有着落。", None
    planned = Count()


class CareCallFact(NotifyEvent):
    number = case_no()
    round_number = case_no()


class CareCallPlanned(CareCallFact):
    title = "待打电话"
    for_staff, for_resident = "列入本轮。", None


class CareCallTalked(CareCallFact):
    title = "已通话"
    for_staff, for_resident = "通了话。", None


class CareCallTried(CareCallFact):
    title = "没人接"
    for_staff, for_resident = "第{tries}次没人接。", None
    tries = Count(1, 20)


class CareCallUnanswered(CareCallFact):
    title = "今天上门"
    for_staff, for_resident = "打了{tries}次没人接，今天要上门。", None
    tries = Count(1, 20)


class CareCallCalledOff(CareCallFact):
    """The care ended before anybody was reached: the consent was taken back, or somebody stopped it."""

    title = "不再打"
    for_staff, for_resident = "电话关怀停止，这次不打了。", None


class CareNeedFound(CareCallFact):
    """Opens an appeal. What the difficulty is stays where it was told; `category` and who heard it go along."""

    title = "有困难"
    for_staff, for_resident = "{found_by}在电话里听到一个困难，登记为诉求。", None
    category = category_code()
    found_by = One(PersonRef)


class CareAdviceGiven(CareCallFact):
    """Becomes a topic for residents to talk over. What was advised stays where it was told."""

    title = "有建议"
    for_staff, for_resident = "{heard_by}在电话里听到一条建议，列入议题。", None
    heard_by = One(PersonRef)


class CareVisitMade(CareCallFact):
    title = "已上门"
    for_staff, for_resident = "{by}上门看望。", None
    seen = Flag()
    by = One(PersonRef)


class CareFamilyAsked(CareCallFact):
    title = "已问家人"
    for_staff, for_resident = "{by}问了紧急联系人。", None
    reached = Flag()
    by = One(PersonRef)


class CareSearchMade(CareCallFact):
    title = "已入户"
    for_staff, for_resident = "{by}会同入户查看。", None
    by = One(PersonRef)
