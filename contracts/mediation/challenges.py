"""Challenge of a mediator 申请回避: raised by a party, decided by the head of the organisation; the session waits."""

from contracts import samples
from contracts.fields import Code, Id, One, Text
from contracts.mediation.base import ASKERS, PARTY, CaseFact, about_case
from contracts.mediation.cases import CaseCommand
from contracts.shapes import PersonRef
from kernel.codes import ChallengeGround, Role, Ruling
from kernel.rights import named

TAG = "调解"
HEAD = named("head", "调解组织的负责人；负责人被申请回避或没有负责人的，街道工作人员", Role.STREET)


class ChallengeMediator(CaseCommand):
    """What a party says against the mediator in charge (人民调解法 art. 15, 23). One challenge at a time."""

    title = "记回避申请"
    route = "POST /mediations/<case_id>/challenges"
    by = ASKERS
    hint = "决定作出前，调解会、协议和签字都要等。"
    party_id = Id(label="谁提出的")
    ground = Code(ChallengeGround, label="理由")
    words = Text(500, label="当事人怎么说")
    example = {
        "case_id": samples.CASE,
        "expected_version": 6,
        "party_id": samples.PARTY_B,
        "ground": "RELATED",
        "words": "他和对方是老战友，常在一起",
    }


class RuleOnChallenge(CaseCommand):
    """Upheld, the mediator leaves at once and another one has to be found."""

    title = "决定回避申请"
    main = True
    route = "POST /mediations/<case_id>/challenges/ruling"
    by = HEAD.but(PARTY)
    ruling = Code(Ruling, label="决定")
    reason = Text(500, label="理由", help="告诉提出申请的人")
    example = {
        "case_id": samples.CASE,
        "expected_version": 7,
        "ruling": "UPHELD",
        "reason": "双方确是战友，可能影响公正",
    }


class MediatorChallenged(CaseFact):
    title = "申请回避"
    for_staff = "一方当事人申请{mediator}回避：{ground}。待决定，调解会暂停。"
    for_resident = "有当事人申请调解员回避，等决定后再继续。"
    party_id = Id()
    mediator = One(PersonRef)
    ground = Code(ChallengeGround)
    example = about_case(party_id=samples.PARTY_B, mediator=samples.COMMUNITY_MEDIATOR, ground="RELATED")


class ChallengeRuled(CaseFact):
    title = "回避决定"
    for_staff = for_resident = "对{mediator}的回避申请{ruling}。"
    mediator = One(PersonRef)
    ruling = Code(Ruling)
    example = about_case(mediator=samples.COMMUNITY_MEDIATOR, ruling="UPHELD")
