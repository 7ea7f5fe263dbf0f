"""Patrols 巡查: one day's round of a place with its checklist; what is found becomes a case of its own."""

from contracts.fields import Code, Count, Day, Flag, Many, Moment, One, Text, some
from contracts.intake.base import WORKERS, IntakeCommand, IntakeEvent
from contracts.intake.raising import CameOf, FoundAppeal, FoundHazard
from contracts.matters import Matter
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef, files
from contracts.tokens import area, case_no
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import among, at, everybody

TAG = "巡查"


class PatrolTheme(Codes):
    """What is looked for; the checklist of each is policy key patrol.checklists."""

    FIRE = "FIRE", "消防安全"
    SECURITY = "SECURITY", "治安防范"
    FACILITY = "FACILITY", "公共设施"
    ENVIRONMENT = "ENVIRONMENT", "环境卫生"


class PatrolState(Codes):
    OPEN = "OPEN", "待巡查"
    DONE = "DONE", "已完成"
    MISSED = "MISSED", "当天未完成"
    CALLED_OFF = "CALLED_OFF", "已取消"


class PatrolResult(Codes):
    OK = "OK", "正常"
    FOUND = "FOUND", "发现问题"
    NOT_APPLICABLE = "NOT_APPLICABLE", "不涉及"


WALKERS = WORKERS | among("walker_ids", "被安排巡查的人")
OFFICES = at(Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR)
READERS = WALKERS | OFFICES
"""Nobody who is inspected: neither residents nor units may know of a patrol."""


class PatrolPointView(Shape):
    """One line of the checklist, and how it was found."""

    name = Text(60, label="检查点")
    result = Code(PatrolResult, label="结果", optional=True)
    note = Text(500, label="说明", optional=True)
    place_text = Text(200, label="具体位置", optional=True)
    by = One(PersonRef, label="检查人", optional=True)
    at = Moment(label="时间", optional=True)
    came_of = case_no(label="转出的件", optional=True)


class PatrolSummary(AggregateView):
    """A row of a list."""

    about = Matter("PATROL", "巡查", PatrolState, {"OPEN": "今天的巡查"}, headline="{day} {theme}巡查（{progress}）")
    state = Code(PatrolState, label="进展")
    day = Day(label="哪一天")
    theme = Code(PatrolTheme, label="主题")
    plan_number = case_no(label="巡查计划")
    progress = Text(20, label="进度")
    found = Count(label="发现问题")
    late = Flag(label="过后补的", optional=True)
    due_at = Moment(label="期限", optional=True)


class PatrolView(PatrolSummary):
    walkers = some(PersonRef, most=100)
    points = some(PatrolPointView, most=50, label="检查表")
    photos = files(label="现场照片")
    reason = Text(200, label="取消的原因", optional=True)


class PatrolPage(Page):
    items = some(PatrolSummary)


class PatrolCommand(VersionedCommand, IntakeCommand):
    answer = PatrolView
    number = case_no()


class RecordPatrol(PatrolCommand):
    """Points found alike may be told at once. After the day it may still be told, within policy key patrol.late."""

    title = "记巡查"
    main = True
    route = "POST /patrols/<number>/points"
    outdoors = True
    by = WALKERS
    hint = "所有检查点都记了，发现的问题都转出了，这次巡查就完成了。"
    open_points = Many(Text(60), least=1, most=50, label="看了哪些检查点", lacking="请选看了哪些检查点")
    result = Code(PatrolResult, label="结果")
    note = Text(500, label="说明", optional=True, help="发现问题时必填")
    place_text = Text(200, label="具体位置", optional=True, help="例如：2单元门厅")
    photos = files(label="现场照片")


class FromPatrol(PatrolCommand):
    """What is found at a point goes on as a case, recorded before or not; the point keeps its number."""

    by = WORKERS
    found_point = Text(60, label="哪个检查点")


class PatrolToAppeal(FoundAppeal, FromPatrol):
    title = "转为诉求"
    route = "POST /patrols/<number>/appeals"
    outdoors = True
    hint = "矛盾纠纷、困难救助也从这里转，选相应的类别。"


class PatrolToHazard(FoundHazard, FromPatrol):
    title = "转为隐患"
    main = True
    route = "POST /patrols/<number>/hazards"
    outdoors = True


class CallOffPatrol(PatrolCommand):
    title = "取消这次巡查"
    route = "POST /patrols/<number>/calling-off"
    by = at(Role.COMMUNITY, Role.STREET)
    reason = shared_text(200, label="原因", help="例如：大风停止户外作业")


class GetPatrol(IntakeCommand):
    title = "查看巡查"
    route = "GET /patrols/<number>"
    by = READERS
    answer = PatrolView
    number = case_no()


class ListPatrols(ListCommand, IntakeCommand):
    title = "巡查"
    route = "GET /patrols"
    page = "patrols"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = PatrolPage
    state = Many(Code(PatrolState), most=20, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class PatrolCoverageRow(Shape):
    """A grid's month. `before` and `found`: problems found in the month before and in this one."""

    area_path = area()
    name = Text(80)
    planned = Count(label="安排巡查")
    done = Count(label="已完成")
    late = Count(label="其中过后补的")
    missed = Count(label="未完成")
    found = Count(label="发现问题")
    before = Count(label="上月发现")


class PatrolCoveragePage(Page):
    items = some(PatrolCoverageRow)


class ListPatrolCoverage(IntakeCommand):
    """The grids of a place in the month of the day; patrols called off count nowhere."""

    title = "巡查覆盖"
    route = "GET /patrols/coverage"
    by = OFFICES
    answer = PatrolCoveragePage
    area_path = area()
    day = Day(optional=True)


class PatrolFact(IntakeEvent):
    number = case_no()


class PatrolOpened(PatrolFact):
    title = "安排巡查"
    for_staff, for_resident = "{theme}巡查，{checklist}个检查点，{due_at}前完成。", None
    theme = Code(PatrolTheme)
    checklist = Count()
    due_at = Moment()
    walkers = some(PersonRef, most=100)


class PatrolRecorded(PatrolFact):
    title = "巡查"
    for_staff, for_resident = "查了{looked_at}个检查点：{result}。进度{settled}/{total}。", None
    looked_at, settled, total = Count(), Count(), Count()
    result = Code(PatrolResult)


class PatrolLedTo(PatrolFact):
    title = "巡查发现"
    for_staff, for_resident = "巡查发现{kind}，编号{raised}。", None
    kind = Code(CameOf)
    raised = case_no()


class PatrolDone(PatrolFact):
    title = "完成巡查"
    for_staff, for_resident = "巡查完成[，发现{found}个问题，都已转办]。", None
    found = Count()


class PatrolMissed(PatrolFact):
    title = "未完成"
    for_staff, for_resident = "当天没有巡查完：{settled}/{total}。", None
    settled, total = Count(), Count()


class PatrolCalledOff(PatrolFact):
    title = "取消巡查"
    for_staff, for_resident = "这次巡查取消。", None


class PatrolFindingsRose(PatrolFact):
    """An early warning 趋势预警 (policy key patrol.rising)."""

    title = "趋势预警"
    for_staff, for_resident = "{theme}问题增多：近{days}天发现{recent}个，之前{days}天{before}个。", None
    theme = Code(PatrolTheme)
    days, recent, before = Count(), Count(), Count()
