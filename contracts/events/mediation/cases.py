"""Facts of a mediation case, its parties, mediators and helpers."""

from contracts import samples
from contracts.events.mediation.base import CaseFact, about_case
from contracts.fields import Code, Id, Many, Moment, One, Text, some, unit_code
from contracts.schema import Shape
from contracts.shapes import Party, PersonRef
from kernel import codes

REMEDIES = [remedy.value for remedy in codes.Remedy]


class MediationCaseOpened(CaseFact):
    """`deadline`: policy key mediation.limit, 30 days by default."""

    name = "mediation_case_opened"
    title = "调解案件已立案"
    dispute_type = Code(codes.DisputeType)
    risk_level = Code(codes.RiskLevel)
    parties = some(Party, least=2, most=50)
    deadline = Moment()
    example = about_case(
        dispute_type="NEIGHBOUR",
        risk_level="YELLOW",
        parties=[samples.CLAIMANT, samples.RESPONDENT],
        deadline=samples.MONTH_END,
    )


class PartyWillingnessRecorded(CaseFact):
    """Mediation is voluntary (人民调解法 art. 3, 17)."""

    name = "party_willingness_recorded"
    title = "已记录当事人调解意愿"
    party_id = Id()
    willing = Code(codes.Willing)
    how = Code(codes.HandlingHow)
    example = about_case(party_id=samples.PARTY_A, willing="YES", how="PHONE")


class PartyRefused(CaseFact):
    name = "party_refused"
    title = "当事人拒绝调解"
    party_id = Id()
    example = about_case(party_id=samples.PARTY_B)


class MediatorAssigned(CaseFact):
    name = "mediator_assigned"
    title = "已确定调解员"
    mediator = One(PersonRef)
    how_chosen = Code(codes.HowChosen)
    example = about_case(mediator=samples.COMMUNITY_MEDIATOR, how_chosen="APPOINTED")


class MediatorReplaced(CaseFact):
    """Another mediator takes the case, until everything is performed; `reason` where it was given."""

    name = "mediator_replaced"
    title = "已更换调解员"
    mediator = One(PersonRef)
    how_chosen = Code(codes.HowChosen)
    reason = Code(codes.ReplaceReason, optional=True)
    example = about_case(mediator=samples.COMMUNITY_MEDIATOR, how_chosen="CHOSEN", reason="CHALLENGED")


class Helper(Shape):
    """A unit whose people may help, once every party consents."""

    helper_id = Id()
    unit = unit_code()
    unit_name = Text(60)


class HelpersInvited(CaseFact):
    name = "helpers_invited"
    title = "已邀请协助力量"
    whistle_id = Id(optional=True)
    helpers = some(Helper, least=1, most=30)
    example = about_case(
        whistle_id=samples.WHISTLE,
        helpers=[{"helper_id": samples.HELPER, "unit": "lijingjie-sifasuo", "unit_name": "丽景街司法所"}],
    )


class HelperConsented(CaseFact):
    """A party consents to a helper (人民调解法 art. 20)."""

    name = "helper_consented"
    title = "当事人同意协助人员参与"
    party_id = Id()
    helper_id = Id()
    example = about_case(party_id=samples.PARTY_A, helper_id=samples.HELPER)


class MediationCaseClosed(CaseFact):
    name = "mediation_case_closed"
    title = "调解案件已结案"
    result = Code(codes.MediationResult)
    example = about_case(result="SUCCESS")


class MediationTerminated(CaseFact):
    """Every party is told the other ways that stay open (人民调解法 art. 26)."""

    name = "mediation_terminated"
    title = "调解已终止"
    reason = Code(codes.TerminationReason)
    remedies = Many(Code(codes.Remedy), least=1)
    parties = some(Party, least=2, most=50)
    example = about_case(reason="PARTY_REFUSED", remedies=REMEDIES, parties=[samples.CLAIMANT, samples.RESPONDENT])
