"""Working on an appeal."""

from contracts import samples
from contracts.fields import Amount, Code, Flag, One, Phone, Text, some
from contracts.rpc.intake.base import AppealCommand
from contracts.schema import StrictShape
from contracts.shapes import files
from kernel import codes


class RecordContact(AppealCommand):
    title = "记录首次联系"
    how = Code(codes.HandlingHow)
    note = Text(1000, optional=True)
    example = {"number": samples.APPEAL_NO, "expected_version": 4, "how": "PHONE", "note": "已电话告知亲属到场时间"}


class RecordHandling(AppealCommand):
    title = "记录办理情况"
    how = Code(codes.HandlingHow)
    stage = Code(codes.HandlingStage)
    content = Text(5000)
    attachments = files()
    interim_measure = Text(500, optional=True)
    told_citizen = Flag(default=False)
    example = {
        "number": samples.APPEAL_NO,
        "expected_version": 5,
        "how": "ON_SITE",
        "stage": "DANGER_REMOVED",
        "content": "联系管道工疏通下水道，保洁已清理楼道",
        "attachments": [samples.PHOTO],
        "interim_measure": None,
        "told_citizen": True,
    }


class RaiseUrgency(AppealCommand):
    """A danger seen or heard of later makes the case an emergency; its clocks can only become shorter."""

    title = "提为紧急"
    danger_flag = Code(codes.DangerFlag)
    example = {"number": samples.APPEAL_NO, "expected_version": 4, "danger_flag": "GAS"}


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
