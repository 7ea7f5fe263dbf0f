"""Mediation on the spot 先行调解: by a grid worker or a steward; two minutes to write down, a case where it fails."""

from typing import Any

from contracts.fields import Code, Flag, Many, One, Text, some
from contracts.matters import Matter
from contracts.mediation.base import MediationCommand, NumberedFact
from contracts.mediation.opening import ClaimantInput, OpponentInput
from contracts.schema import VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import area, case_no
from kernel.codes import DisputeType, Hat, Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, everybody, own

TAG = "调解"


class QuickState(Codes):
    SETTLED = "SETTLED", "当场和好"
    HANDED_ON = "HANDED_ON", "已转调解"


MAKER = own("maker_id", words="先行调解的人")
READERS = at(Role.GRID, Role.COMMUNITY, Role.MEDIATOR, Role.STREET) | MAKER


class QuickView(AggregateView):
    """Names are masked; what was said is for those of the place."""

    about = Matter("QUICK_MEDIATION", "先行调解", QuickState, headline="{dispute_type}")
    number: Any = case_no(label="编号")
    state = Code(QuickState, label="结果")
    dispute_type = Code(DisputeType, label="什么纠纷")
    first_masked = Text(40, label="一方")
    second_masked = Text(40, label="另一方")
    matter = Text(500, label="怎么回事", optional=True, seen_by=at(Role.GRID, Role.COMMUNITY, Role.MEDIATOR) | MAKER)
    maker = One(PersonRef, label="谁调解的")
    mediation_number = case_no(label="调解", optional=True)


class QuickPage(Page):
    items = some(QuickView)


class RecordQuickMediation(MediationCommand):
    """What is not settled becomes a case of the community at once."""

    title = "记先行调解"
    hat = Hat.PEACEMAKER
    route = "POST /quick-mediations"
    by = at(Role.GRID, Role.STEWARD)
    location = "/api/quick-mediations/{number}"
    answer = QuickView
    dispute_type = Code(DisputeType, label="什么纠纷")
    area_path = area(label="在哪里")
    claimant = One(ClaimantInput)
    respondent = One(OpponentInput)
    matter = Text(500, label="怎么回事、怎么说好的")
    settled = Flag(label="当场和好了", help="没有谈成就转给社区调解")


class HandOnQuickMediation(VersionedCommand, MediationCommand):
    title = "又起争执，转调解"
    route = "POST /quick-mediations/<number>/case"
    by = MAKER | at(Role.GRID, Role.COMMUNITY)
    answer = QuickView
    number = case_no()


class GetQuickMediation(MediationCommand):
    title = "查看先行调解"
    route = "GET /quick-mediations/<number>"
    by = READERS
    answer = QuickView
    number = case_no()


class ListQuickMediations(ListCommand, MediationCommand):
    title = "先行调解"
    route = "GET /quick-mediations"
    page = "quick-mediations"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = QuickPage
    state = Many(Code(QuickState), most=10, label="结果")
    numbers = Many(case_no(), most=200)


class QuickMediationRecorded(NumberedFact):
    title = "先行调解"
    for_staff, for_resident = "{maker}现场调解{dispute_type}。", None
    dispute_type = Code(DisputeType)
    maker = One(PersonRef)


class QuickMediationHandedOn(NumberedFact):
    title = "转调解"
    for_staff, for_resident = "没有谈成，转为调解{mediation_number}。", None
    mediation_number = case_no()
