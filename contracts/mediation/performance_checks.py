"""Looking whether an agreement is kept 履行回访 (人民调解法 art. 31): at its day and later, by somebody named."""

from typing import Any

from contracts import samples
from contracts.fields import Code, Day, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.mediation.base import MEDIATORS, OPENLY, READERS, MediationCommand, NumberedFact
from contracts.schema import VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef, files
from contracts.tokens import case_no
from kernel import codes
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, everybody, own

TAG = "调解"


class CheckState(Codes):
    OPEN = "OPEN", "待回访"
    DONE = "DONE", "已回访"
    CALLED_OFF = "CALLED_OFF", "不再需要"


class CheckOccasion(Codes):
    DUE = "DUE", "到期回访"
    LATER = "LATER", "履行后回访"


class Kept(Codes):
    """What was found."""

    KEPT = "KEPT", "都履行了"
    PARTLY = "PARTLY", "部分履行"
    NOT_KEPT = "NOT_KEPT", "没有履行"
    DISPUTED = "DISPUTED", "又起争议"


CHECK_READERS = READERS.given(OPENLY) | at(Role.COMMUNITY, Role.STREET) | own("owner_id", words="负责回访的人")
"""As of its case (`CASE_READERS`)."""


class CheckView(AggregateView):
    """What people said is for those who run the case."""

    about = Matter(
        "PERFORMANCE_CHECK", "履行回访", CheckState, {"OPEN": "回访协议履行"}, headline="{occasion}：{mediation_number}"
    )
    number: Any = case_no(label="编号")
    state = Code(CheckState, label="进展")
    occasion = Code(CheckOccasion, label="哪一次")
    mediation_number = case_no(label="调解")
    day = Day(label="协议的期限")
    owner = One(PersonRef, label="谁回访", optional=True)
    due_at = Moment(label="期限", optional=True)
    how = Code(codes.HandlingHow, label="怎么回访的", optional=True)
    kept = Code(Kept, label="履行得怎样", optional=True)
    words = Text(1000, label="各方怎么说", optional=True, seen_by=MEDIATORS)
    attachments = files(label="照片或文件")
    done_by = One(PersonRef, label="谁记的", optional=True)


class CheckPage(Page):
    items = some(CheckView)


class RecordCheck(VersionedCommand, MediationCommand):
    title = "记履行回访"
    main = True
    route = "POST /performance-checks/<number>/result"
    by = MEDIATORS
    hint = "问过各方再记；没有履行的，请到调解案件里记未履行并催告。"
    answer = CheckView
    number = case_no()
    how = Code(codes.HandlingHow, label="怎么回访的")
    kept = Code(Kept, label="履行得怎样")
    words = Text(1000, label="各方怎么说")
    attachments = files(label="照片或文件")
    example = {
        "number": samples.MEDIATION_NO, "expected_version": 1, "how": "ON_SITE", "kept": "KEPT",
        "words": "双方都说没事了", "attachments": [samples.PHOTO],
    }  # fmt: skip


class GetCheck(MediationCommand):
    title = "查看履行回访"
    route = "GET /performance-checks/<number>"
    by = CHECK_READERS
    answer = CheckView
    number = case_no()


class ListChecks(ListCommand, MediationCommand):
    title = "履行回访"
    route = "GET /performance-checks"
    page = "performance-checks"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = CheckPage
    state = Many(Code(CheckState), most=10, label="进展")
    numbers = Many(case_no(), most=200)


class CheckFact(NumberedFact):
    mediation_number = case_no()


class PerformanceCheckOpened(CheckFact):
    title = "履行回访"
    for_staff, for_resident = "{occasion}，{due_at}前要做[，由{owner}做]。", None
    occasion = Code(CheckOccasion)
    due_at = Moment()
    owner = One(PersonRef, optional=True)


class PerformanceCheckHandedOver(CheckFact):
    title = "回访换人"
    for_staff, for_resident = "改由{owner}回访。", None
    owner = One(PersonRef)


class PerformanceCheckOverdue(CheckFact):
    title = "回访超时"
    for_staff, for_resident = "履行回访没有按时做。", None


class PerformanceChecked(CheckFact):
    title = "已回访"
    for_staff, for_resident = "已回访（{how}）：{kept}。", None
    how = Code(codes.HandlingHow)
    kept = Code(Kept)


class PerformanceCheckCalledOff(CheckFact):
    title = "不再回访"
    for_staff, for_resident = "已转入法院，不再回访。", None
