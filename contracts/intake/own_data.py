"""One's own data 本人信息 (个人信息保护法 art. 44–47): seen, corrected, consent withdrawn, erasure asked for.

A number with the telephone's tail is a weak proof: what tells who and where somebody is stays covered, what proves a
person (name, telephone) is changed at the desk, and an erasure is approved by staff who ask back.
"""

from contracts import samples
from contracts.fields import Code, Count, Text, some
from contracts.intake.base import IntakeCommand
from contracts.intake.erasures import Ground, StoreHoldings
from contracts.intake.persons import ConsentTo
from contracts.schema import AnswerSchema, Shape
from contracts.tokens import TAIL_PATTERN, Token, case_no
from kernel.rights import services

TAG = "居民"


class OwnConsent(Shape):
    to = Code(ConsentTo, label="同意什么")


class OwnDataView(AnswerSchema):
    masked_name = Text(40, label="本人")
    stores = some(StoreHoldings)
    consents = some(OwnConsent)
    erasure = case_no(optional=True, label="已提出的删除请求")


class OwnDataCommand(IntakeCommand):
    """Asked by the portal for whoever has proved it; the portal counts the tries."""

    by = services("portal").said("门户服务（本人凭编号和电话后四位）")
    keeps_answer = False
    answer = OwnDataView
    number = case_no()
    phone_tail = Token(TAIL_PATTERN, "请填写电话最后 4 位数字")


PROOF = {"number": samples.APPEAL_NO, "phone_tail": "0001"}


class ShowOwnData(OwnDataCommand):
    title = "查看本人信息"
    example = PROOF


class CorrectOwnData(OwnDataCommand):
    """What is left out stays as it is."""

    title = "更正住址和出生年份"
    home = Text(200, optional=True, label="住址")
    birth_year = Count(1900, 2100, optional=True, label="出生年份")
    example = {**PROOF, "home": "5号楼2单元302室", "birth_year": 1952}


class WithdrawOwnConsent(OwnDataCommand):
    title = "撤回本人的同意"
    to = Code(ConsentTo, label="撤回什么")
    example = {**PROOF, "to": "CARE_CALLS"}


class AskOwnErasure(OwnDataCommand):
    title = "请求删除本人信息"
    ground = Code(Ground, label="依据")
    example = {**PROOF, "ground": "CONSENT_WITHDRAWN"}
