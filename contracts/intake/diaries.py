"""The diary 社情日记 (domain §1.2 row 26): what a grid worker saw on a day, for her own eyes and her superiors'."""

from contracts.fields import Code, Day, Many, One, Text, some
from contracts.intake.base import IntakeCommand, IntakeEvent
from contracts.intake.raising import CameOf, FoundAppeal, FoundHazard
from contracts.matters import Matter
from contracts.schema import VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import area, case_no
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, everybody, own

TAG = "社情日记"


class DiaryState(Codes):
    """Of an entry; only a change of what is on file waits for somebody."""

    KEPT = "KEPT", "已记"
    PROPOSED = "PROPOSED", "资料变化待核定"
    ACCEPTED = "ACCEPTED", "资料变化已采纳"
    REJECTED = "REJECTED", "资料变化不采纳"


WRITER = own("writer_id", words="记日记的人")
SUPERIORS = at(Role.COMMUNITY, Role.STREET)
READERS = WRITER | SUPERIORS | at(Role.AUDITOR)


class DiaryView(AggregateView):
    about = Matter("DIARY", "社情日记", DiaryState, {"PROPOSED": "待核定的资料变化"}, headline="{day} {writer}")
    state = Code(DiaryState, label="进展")
    day = Day(label="哪一天")
    writer = One(PersonRef, label="谁记的")
    words = Text(5000, label="日记")
    change = Text(499, label="资料变化", optional=True)
    decided_by = One(PersonRef, label="核定人", optional=True)
    why = Text(200, label="核定说明", optional=True)
    came_of = Many(case_no(), label="转出的件")


class DiaryPage(Page):
    items = some(DiaryView)


class DiaryCommand(VersionedCommand, IntakeCommand):
    answer = DiaryView
    number = case_no()


class WriteDiary(IntakeCommand):
    """Of today or the days before, as far as policy key diary.back allows."""

    title = "记社情日记"
    route = "POST /diaries"
    outdoors = True
    by = at(Role.GRID)
    location = "/api/diaries/{number}"
    answer = DiaryView
    area_path = area(label="在哪里")
    day = Day(label="哪一天", optional=True, help="空着就是今天")
    words = Text(5000, label="日记", help="看到、听到、做了什么；只有您和上级看得到")
    change = Text(499, label="资料有什么变化", optional=True, help="社区核定后才改")


class DiaryToAppeal(FoundAppeal, DiaryCommand):
    """A quarrel or a household in need too: by its category."""

    title = "转为诉求"
    route = "POST /diaries/<number>/appeals"
    by = WRITER
    hint = "矛盾纠纷、困难救助也从这里转，选相应的类别。"


class DiaryToHazard(FoundHazard, DiaryCommand):
    title = "转为隐患"
    route = "POST /diaries/<number>/hazards"
    by = WRITER


class AcceptDiaryChange(DiaryCommand):
    title = "采纳资料变化"
    main = True
    route = "POST /diaries/<number>/acceptance"
    by = SUPERIORS.but(WRITER)
    why = Text(200, label="说明", optional=True)


class RejectDiaryChange(DiaryCommand):
    title = "不采纳资料变化"
    route = "POST /diaries/<number>/rejection"
    by = SUPERIORS.but(WRITER)
    why = Text(200, label="原因")


class GetDiary(IntakeCommand):
    title = "查看社情日记"
    route = "GET /diaries/<number>"
    by = READERS
    answer = DiaryView
    number = case_no()


class ListDiaries(ListCommand, IntakeCommand):
    title = "社情日记"
    route = "GET /diaries"
    page = "diaries"
    by = everybody("登录的人，所列限本人和下级记的")
    answer = DiaryPage
    state = Many(Code(DiaryState), most=20, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class DiaryFact(IntakeEvent):
    number = case_no()


class DiaryWritten(DiaryFact):
    title = "记日记"
    for_staff, for_resident = "{writer}记了社情日记。", None
    writer = One(PersonRef)
    day = Day()


class DiaryLedTo(DiaryFact):
    title = "日记转办"
    for_staff, for_resident = "日记转出{kind}，编号{raised}。", None
    kind = Code(CameOf)
    raised = case_no()


class DiaryChangeProposed(DiaryFact):
    title = "资料有变化"
    for_staff, for_resident = "日记里说资料有变化，待社区核定。", None


class DiaryChangeAccepted(DiaryFact):
    title = "采纳变化"
    for_staff, for_resident = "资料变化核定：采纳。", None
    decided_by = One(PersonRef)


class DiaryChangeRejected(DiaryFact):
    title = "不采纳"
    for_staff, for_resident = "资料变化核定：不采纳。", None
    decided_by = One(PersonRef)
