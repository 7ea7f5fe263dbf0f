"""Disputes 纠纷 among appeals: handed to mediation."""

from contracts import samples
from contracts.fields import Code, One, Text, some
from contracts.intake.appeals import AppealCommand
from contracts.intake.base import HANDLER, WORKERS, AppealFact, about_appeal
from contracts.schema import StrictShape
from contracts.shapes import Party, PersonRef
from contracts.tokens import Amount, Phone
from kernel import codes

TAG = "诉求"


class LossInput(StrictShape):
    """One item of a loss list, in yuan."""

    item = Text(100, label="损失", help="例如：地板和墙面")
    amount = Amount(label="损失金额（元）")


class RespondentInput(StrictShape):
    """The other side, as far as known."""

    name = Text(40, label="对方姓名")
    place_text = Text(200, label="对方住处")
    phone = Phone(optional=True, label="对方电话", help="知道就填，不知道就空着")


class IdentifyDispute(AppealCommand):
    """Hands the quarrel to mediation; the appeal waits for its outcome."""

    title = "转调解"
    route = "POST /appeals/<number>/disputes"
    by = HANDLER | WORKERS
    hint = "认定为矛盾纠纷，转调解委员会；诉求等调解的结果。"
    dispute_type = Code(codes.DisputeType, label="什么纠纷")
    cause = Code(codes.DisputeCause, label="原因")
    cause_text = Text(2000, label="怎么回事")
    respondent = One(RespondentInput)
    losses = some(LossInput, most=50)
    risk_level = Code(codes.RiskLevel, label="激化风险")
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
