"""What a council resolves 决议: drafted, its cost shared and confirmed, published with a window for objections."""

from contracts.fields import Count, Day, Flag, Id, Many, Moment, some
from contracts.mediation.council_views import PAYERS, CouncilCommand
from contracts.mediation.councils import CouncilFact
from contracts.mediation.topics import HOSTS, NEIGHBOURS
from contracts.publishing import ObjectionAnswer, ObjectionInput
from contracts.schema import StrictShape
from contracts.tokens import Amount, unit_code
from contracts.words import shared_text

TAG = "议事协商"


class ShareInput(StrictShape):
    payer = unit_code(label="谁出")
    percent = Amount(label="占百分之", help="各方合计正好 100")


class WorkInput(StrictShape):
    what = shared_text(200, label="做什么")
    owner = unit_code(label="谁来做")
    until = Day(label="什么时候完成")


class DraftResolution(CouncilCommand):
    """A new draft replaces the one before, confirmations with it."""

    title = "拟决议"
    main = True
    route = "POST /councils/<number>/resolution"
    by = HOSTS
    resolution = shared_text(2000, label="决议", help="要公示，不写姓名、门牌和电话")
    cost = Amount(label="费用（元）", optional=True)
    shares = some(ShareInput, most=20)
    works = some(WorkInput, most=20)
    owners_vote = shared_text(200, label="业主表决的凭据", optional=True, help="涉及业主共同决定的，写表决记录存在哪里")


class ConfirmShare(CouncilCommand):
    """Of a payer, by somebody of its own."""

    title = "确认分担费用"
    main = True
    route = "POST /councils/<number>/confirmations"
    by = PAYERS


class ResolveCouncil(CouncilCommand):
    """With money, only when every payer has confirmed (domain §3.6 invariant 12)."""

    title = "议定"
    route = "POST /councils/<number>/resolving"
    by = HOSTS


class RecordNoConsensus(CouncilCommand):
    title = "未达成一致"
    route = "POST /councils/<number>/no-consensus"
    by = HOSTS
    reason = shared_text(200, label="分歧在哪里")


class PublishCouncil(CouncilCommand):
    """For the days of policy key council.publication."""

    title = "公示结果"
    main = True
    route = "POST /councils/<number>/publication"
    by = HOSTS


class ObjectToCouncil(ObjectionInput, CouncilCommand):
    """Answered within policy key council.objection_answer; until then the publication does not end."""

    title = "提异议"
    route = "POST /councils/<number>/objections"
    by = NEIGHBOURS | HOSTS | PAYERS


class AnswerCouncilObjection(ObjectionAnswer, CouncilCommand):
    title = "答复异议"
    route = "POST /councils/<number>/objections/answers"
    by = HOSTS


class ResolutionDrafted(CouncilFact):
    title = "拟决议"
    for_staff, for_resident = "决议拟好了[，费用由{payers}分担，待各方确认]。", None
    payers = Many(unit_code(), most=20)


class CostShareConfirmed(CouncilFact):
    title = "确认分担"
    for_staff, for_resident = "{payer}确认分担费用[，还差{left}方]。", None
    payer = unit_code()
    left = Count(optional=True)


class CouncilResolved(CouncilFact):
    title = "议定"
    for_staff = for_resident = "议定。"


class CouncilNoConsensus(CouncilFact):
    title = "未达成一致"
    for_staff = for_resident = "没有达成一致，要再议。"


class CouncilResultPublished(CouncilFact):
    title = "公示"
    for_staff = for_resident = "结果公示到{published_until}，可以提异议。"
    published_until = Moment()


class CouncilObjected(CouncilFact):
    title = "提出异议"
    for_staff, for_resident = "有人提出异议，{answer_due}前答复。", None
    objection_id = Id()
    answer_due = Moment()


class CouncilObjectionAnswered(CouncilFact):
    title = "答复异议"
    for_staff, for_resident = "异议已答复[，{upheld}]。", None
    objection_id = Id()
    upheld = Flag(label="采纳，退回重议")


class CouncilSentBack(CouncilFact):
    title = "退回重议"
    for_staff = for_resident = "异议有理，退回重议。"


class PublicationEnded(CouncilFact):
    title = "公示期满"
    for_staff = for_resident = "公示期满，开始落实。"
