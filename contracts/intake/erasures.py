"""Erasures 删除请求: asked for by a person, approved by another, carried out by five stores, which each report."""

from contracts import samples
from contracts.fields import Code, Count, Flag, Id, Many, Moment, One, Text, some
from contracts.holdings import HeldItem, KeptItem, Named
from contracts.intake.base import IntakeCommand, IntakeEvent
from contracts.intake.persons import KEEPERS
from contracts.intake.views import ReporterView
from contracts.matters import Matter
from contracts.schema import AnswerSchema, Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import case_no
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.codes.holdings import Store
from kernel.rights import at, everybody, own, services

TAG = "居民"


class ErasureState(Codes):
    ASKED = "ASKED", "待批准"
    RUNNING = "RUNNING", "正在删除"
    DONE = "DONE", "已办结"
    REFUSED = "REFUSED", "不予删除"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class Ground(Codes):
    """个人信息保护法 art. 47."""

    PURPOSE_MET = "PURPOSE_MET", "目的已实现或者不再需要"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN", "本人撤回同意"
    TERM_OVER = "TERM_OVER", "保存期已满"
    UNLAWFUL = "UNLAWFUL", "处理违法或者违反约定"


ASKER = own("asker_id", words="登记请求的人")
READERS = KEEPERS | at(Role.DISTRICT, Role.AUDITOR) | ASKER


class StoreView(Shape):
    """What one store reported; without `at` it has not yet."""

    store = Code(Store, label="哪个库")
    at = Moment(label="何时完成", optional=True)
    cleared = Count(label="删除了几处", optional=True)
    kept = some(KeptItem, most=2000, label="依法保留")


class ErasureView(AggregateView):
    about = Matter(
        "ERASURE", "删除请求", ErasureState, {"ASKED": "待批准的删除请求", "RUNNING": "正在删除"}, headline="{ground}"
    )  # fmt: skip
    state = Code(ErasureState, label="状态")
    person = One(ReporterView, label="谁的信息")
    ground = Code(Ground, label="依据")
    proof = Text(200, label="身份怎么核实的")
    asked_by = One(PersonRef, label="登记人")
    refusal = Text(200, label="不予删除的理由", optional=True)
    due_at = Moment(label="期限", optional=True)
    stores = some(StoreView, label="各库")
    missing = Many(Code(Store), label="还没有完成的库")


class ErasurePage(Page):
    items = some(ErasureView)


class ErasureCommand(VersionedCommand, IntakeCommand):
    answer = ErasureView
    number = case_no()


class AskErasure(IntakeCommand):
    title = "登记删除请求"
    route = "POST /erasures"
    by = KEEPERS
    hint = "先当面核实是本人（或者有授权）。另一位工作人员批准后，五个库逐一删除。"
    location = "/api/erasures/{number}"
    answer = ErasureView
    person_id = Id(label="居民档案")
    ground = Code(Ground, label="依据")
    proof = Text(200, shortest=2, label="身份怎么核实的")
    example = {"person_id": samples.RESIDENT, "ground": "CONSENT_WITHDRAWN", "proof": "本人到窗口，已核对身份证"}


class ApproveErasure(ErasureCommand):
    """What runs, and what the law keeps for a term, stays with its reason; all else goes."""

    title = "批准删除"
    main = True
    route = "POST /erasures/<number>/approval"
    by = at(Role.COMMUNITY, Role.STREET).but(ASKER)


class RefuseErasure(ErasureCommand):
    title = "不予删除"
    route = "POST /erasures/<number>/refusal"
    by = ApproveErasure.by
    refusal = Text(200, shortest=2, label="理由", help="告诉本人依据哪一条、可以怎么办（个人信息保护法第五十条）")


class WithdrawErasure(ErasureCommand):
    title = "撤回删除请求"
    route = "POST /erasures/<number>/withdrawal"
    by = ASKER | at(Role.STREET)


class GetErasure(IntakeCommand):
    title = "查看删除请求"
    route = "GET /erasures/<number>"
    by = READERS
    answer = ErasureView
    number = case_no()


class ListErasures(ListCommand, IntakeCommand):
    title = "删除请求"
    route = "GET /erasures"
    page = "erasures"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = ErasurePage
    state = Many(Code(ErasureState), most=20, label="状态")
    numbers = Many(case_no(), most=200)


class Reported(AnswerSchema):
    done = Flag()


class ReportErased(IntakeCommand):
    """For the portal, which says nothing of its own; others say it."""

    title = "报告已删除"
    by = services("portal").said("门户服务")
    answer = Reported
    erasure_id = Id()
    cleared = Count()
    example = {"erasure_id": samples.uid(18), "cleared": 2}


class ErasedPeople(AnswerSchema):
    people = some(Named, most=20)


class IdentifyErased(IntakeCommand):
    """Who is to be erased, for stores that know people by name and telephone; every answer leaves an audit row."""

    title = "核对要删除的人"
    by = services("mediation", "notify").said("调解、通知服务")
    keeps_answer = False
    answer = ErasedPeople
    erasure_id = Id()
    example = {"erasure_id": samples.uid(18)}


class StoreHoldings(Shape):
    """`missing`: the store did not answer; ask again later."""

    store = Code(Store, label="哪个库")
    missing = Flag(label="暂时读不到")
    items = some(HeldItem, most=2000, label="持有的信息")


class PersonHoldings(AnswerSchema):
    person = One(Named, label="本人")
    stores = some(StoreHoldings)


class ShowHoldings(IntakeCommand):
    """What all stores hold about a person, in plain words, for the person (个人信息保护法 art. 45)."""

    title = "查阅、复制个人信息"
    route = "POST /people/<person_id>/holdings"
    by = KEEPERS
    hint = "只交给本人或者有授权的人，每次查阅都记入审计。"
    keeps_answer = False
    answer = PersonHoldings
    person_id = Id()
    purpose = Text(200, shortest=2, label="谁要求、怎么核实的")
    example = {"person_id": samples.RESIDENT, "purpose": "本人到窗口查阅，已核对身份证"}


class ErasureFact(IntakeEvent):
    number = case_no()


class ErasureAsked(ErasureFact):
    title = "请求删除"
    for_staff, for_resident = "登记了删除请求，依据：{ground}。", None
    ground = Code(Ground)


class ErasureOrdered(ErasureFact):
    """`numbers`: cases whose words and names go; `whole`: nothing of the person stays in intake."""

    title = "批准删除"
    for_staff, for_resident = "已批准，各库开始删除。", None
    erasure_id = Id()
    person_ids = Many(Id(), most=20)
    numbers = Many(case_no(), most=2000)
    whole = Flag()
    example = {
        "number": "Q20240706010400001G", "erasure_id": samples.uid(18), "person_ids": [samples.RESIDENT], "numbers": [],
        "whole": True,
    }  # fmt: skip


class ErasureRefused(ErasureFact):
    title = "不予删除"
    for_staff, for_resident = "没有批准，理由已经告诉本人。", None


class ErasureWithdrawn(ErasureFact):
    title = "撤回请求"
    for_staff, for_resident = "删除请求已经撤回。", None


class ErasureDone(ErasureFact):
    title = "删除完成"
    for_staff, for_resident = "五个库都已完成，共删除{cleared}处，依法保留{kept}件。", None
    cleared, kept = Count(), Count()
