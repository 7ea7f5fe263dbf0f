"""Dispute ledger 矛盾纠纷清单: every dispute of a place with risk, owner and limit, until closed by others."""

from typing import Any

from contracts.fields import Code, Count, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.mediation.base import OPENLY, MediationCommand, NumberedFact
from contracts.schema import VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import PersonName, area, case_no, staff_id
from kernel.codes import DisputeType, RiskLevel, Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, everybody, own

TAG = "矛盾纠纷清单"


class EntryState(Codes):
    OPEN = "OPEN", "在册"
    CHECKING = "CHECKING", "待核验"
    CLOSED = "CLOSED", "已销号"


class EntryOrigin(Codes):
    CASE = "CASE", "调解案件"
    SWEEP = "SWEEP", "排查发现"
    STAFF = "STAFF", "工作中发现"


class RepeatOf(Codes):
    PLACE = "PLACE", "同一地点"
    PARTY = "PARTY", "同一当事人"


OWNER = own("owner_id", words="包案人")
REPORTER = own("reporter_id", words="报告化解的人")
KEEPERS = at(Role.COMMUNITY, Role.STREET, Role.MEDIATOR)
ABOVE = at(Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR)
READERS = at(Role.MEDIATOR, Role.GRID).given(OPENLY) | ABOVE | OWNER
WORKERS = OWNER | at(Role.COMMUNITY, Role.MEDIATOR, Role.GRID)


class EntryView(AggregateView):
    """`matter` and `measures` may name people: for those who work on it."""

    about = Matter(
        "DISPUTE_ENTRY", "矛盾纠纷清单", EntryState, {"OPEN": "化解纠纷", "CHECKING": "核验化解结果"},
        headline="{risk_level} {dispute_type}",
    )  # fmt: skip
    number: Any = case_no(label="编号")
    state = Code(EntryState, label="进展")
    origin = Code(EntryOrigin, label="从哪里来")
    dispute_type = Code(DisputeType, label="什么纠纷")
    risk_level = Code(RiskLevel, label="风险")
    matter = Text(1000, label="怎么回事", optional=True, seen_by=WORKERS)
    persons = Count(label="涉及几人")
    owner = One(PersonRef, label="包案人", optional=True)
    measures = Text(1000, label="化解措施", optional=True, seen_by=WORKERS)
    result = Text(500, label="化解结果", optional=True, seen_by=WORKERS | KEEPERS)
    mediation_number = case_no(label="调解", optional=True)
    sweep_number = case_no(label="排查", optional=True)
    reviewed_at = Moment(label="最近研判", optional=True)
    due_at = Moment(label="期限", optional=True)


class EntryPage(Page):
    items = some(EntryView)


class EnterDispute(MediationCommand):
    """A dispute found by a sweep or at work; a case of mediation enters by itself."""

    title = "列入清单"
    route = "POST /ledger"
    by = at(Role.GRID, Role.COMMUNITY, Role.MEDIATOR, Role.STREET)
    location = "/api/ledger/{number}"
    answer = EntryView
    dispute_type = Code(DisputeType, label="什么纠纷")
    area_path = area(label="在哪里")
    matter = Text(1000, label="怎么回事")
    persons = Count(1, 10000, label="涉及几人")
    party = PersonName(label="主要当事人", optional=True, help="加密保存，用来发现反复的纠纷")
    risk_level = Code(RiskLevel, label="风险")
    sweep_number = case_no(label="哪次排查", optional=True)


class EntryCommand(VersionedCommand, MediationCommand):
    answer = EntryView
    number = case_no()


class AssignOwner(EntryCommand):
    """Nobody is named: whoever asks takes it. Others are members of an organisation of the place."""

    title = "定包案人"
    main = True
    route = "POST /ledger/<number>/owner"
    by = KEEPERS
    owner_id = staff_id(label="包案人账号", optional=True, help="不填就是本人")
    measures = Text(1000, label="化解措施")


class ReviewDispute(EntryCommand):
    """A new risk gives a new limit, counted from now."""

    title = "研判"
    route = "POST /ledger/<number>/review"
    by = KEEPERS
    risk_level = Code(RiskLevel, label="风险")
    measures = Text(1000, label="下一步措施")


class ReportSettled(EntryCommand):
    title = "报告已化解"
    main = True
    route = "POST /ledger/<number>/settlement"
    by = WORKERS
    result = Text(500, label="怎么化解的")


class StrikeOff(EntryCommand):
    """Never by the owner or who reported it (domain §3.6 inv. 16)."""

    title = "核验销号"
    main = True
    route = "POST /ledger/<number>/closure"
    by = at(Role.COMMUNITY, Role.STREET, Role.MEDIATOR).but(OWNER | REPORTER)


class KeepOnLedger(EntryCommand):
    title = "没有化解，退回"
    route = "POST /ledger/<number>/return"
    by = StrikeOff.by
    measures = Text(1000, label="还要做什么")


class GetEntry(MediationCommand):
    title = "查看清单纠纷"
    route = "GET /ledger/<number>"
    by = READERS
    answer = EntryView
    number = case_no()


class ListEntries(ListCommand, MediationCommand):
    title = "矛盾纠纷清单"
    route = "GET /ledger"
    page = "ledger"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = EntryPage
    state = Many(Code(EntryState), most=10, label="进展")
    numbers = Many(case_no(), most=200)
    risk_level = Many(Code(RiskLevel), most=4, label="风险")
    mediation_number = Many(case_no(), most=50, label="调解")


class DisputeListed(NumberedFact):
    title = "列入清单"
    for_staff, for_resident = "{dispute_type}列入清单（{origin}），{risk_level}，{due_at}前化解。", None
    origin, dispute_type, risk_level = Code(EntryOrigin), Code(DisputeType), Code(RiskLevel)
    due_at = Moment()


class DisputeRepeated(NumberedFact):
    """Early warning: as often within the time of policy key ledger.repeat."""

    title = "反复预警"
    for_staff, for_resident = "{of}已有{times}件纠纷，请提前介入。", None
    of = Code(RepeatOf)
    times = Count(2)


class OwnerAssigned(NumberedFact):
    title = "定包案人"
    for_staff, for_resident = "{owner}包案。", None
    owner = One(PersonRef)


class DisputeReviewed(NumberedFact):
    title = "研判"
    for_staff, for_resident = "研判为{risk_level}，{due_at}前化解。", None
    risk_level = Code(RiskLevel)
    due_at = Moment()


class DisputeSealed(NumberedFact):
    """Violence at home is the matter: the grid worker and the mediators of the place see it no more."""

    title = "封存"
    for_staff, for_resident = "涉家庭暴力，已封存。", None


class DisputeSettled(NumberedFact):
    title = "报告化解"
    for_staff, for_resident = "报告已化解，待核验。", None


class DisputeStruckOff(NumberedFact):
    title = "销号"
    for_staff, for_resident = "经核验销号。", None


class DisputeKept(NumberedFact):
    title = "退回"
    for_staff, for_resident = "核验没有化解，退回。", None
