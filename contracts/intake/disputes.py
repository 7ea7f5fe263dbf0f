"""Disputes 纠纷 among appeals: handed to mediation."""

from contracts import samples
from contracts.fields import (
    Amount,
    Code,
    One,
    Phone,
    Text,
    some,
)
from contracts.intake.appeals import AppealCommand
from contracts.intake.base import AppealFact, about_appeal
from contracts.schema import StrictShape
from contracts.shapes import Party, PersonRef
from kernel import codes

TAG = "诉求"


class LossInput(StrictShape):
    """One item of a loss list, in yuan."""

    item = Text(100)
    amount = Amount()


class RespondentInput(StrictShape):
    """The other side, as far as known."""

    name = Text(40)
    phone = Phone(optional=True)
    place_text = Text(200)


class IdentifyDispute(AppealCommand):
    """Hands the quarrel to mediation; the appeal waits for its outcome."""

    title = "认定为矛盾纠纷"
    route = "POST /appeals/<number>/disputes"
    who = "承办人，或该处的网格员、社区、街道"
    hint = "转入调解，诉求等待调解结果。"
    dispute_type = Code(codes.DisputeType)
    cause = Code(codes.DisputeCause)
    cause_text = Text(2000)
    losses = some(LossInput, most=50)
    respondent = One(RespondentInput)
    risk_level = Code(codes.RiskLevel)
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 6,
        "dispute_type": "NEIGHBOUR",
        "cause": "NEIGHBOUR_ACT",
        "cause_text": "楼上住户将杂物倒入马桶造成堵塞",
        "losses": [{"item": "地板和墙面", "amount": "4800.00"}],
        "respondent": {"name": "赵某某", "phone": None, "place_text": "5号楼2单元401室"},
        "risk_level": "YELLOW",
    }


class DisputeIdentified(AppealFact):
    """Opens a mediation case."""

    name = "dispute_identified"
    title = "认定纠纷"
    for_staff = (
        "认定为{dispute_type}（{cause}），风险等级{risk_level}"
        "[，涉及{claimed_amount}元][，当事人{parties}]，转人民调解。"
    )
    for_resident = "这件事转人民调解，社区请双方坐下来谈。"
    dispute_type = Code(codes.DisputeType)
    cause = Code(codes.DisputeCause)
    risk_level = Code(codes.RiskLevel)
    parties = some(Party, least=2, most=50)
    claimed_amount = Amount(optional=True)
    handler = One(PersonRef)
    example = about_appeal(
        dispute_type="NEIGHBOUR",
        cause="NEIGHBOUR_ACT",
        risk_level="YELLOW",
        parties=[samples.CLAIMANT, samples.RESPONDENT],
        claimed_amount="4800.00",
        handler=samples.LI_SHAN,
    )
