"""Cases that mediation opens itself 登记调解: somebody walks in, or the community or the grid worker goes first.

人民调解法 art. 17: on application or on own motion; one party's clear refusal ends it all the same.
"""

from contracts.fields import Code, One, Text
from contracts.mediation.base import ASKERS
from contracts.mediation.case_views import MediationCaseView
from contracts.schema import CommandSchema, StrictShape
from contracts.tokens import Amount, PersonName, Phone, area
from kernel import codes

TAG = "调解"


class ClaimantInput(StrictShape):
    """Who wants something; kept by mediation, encrypted."""

    name = PersonName(label="申请方姓名", help="来访的人；没有人来访的，填受损失的一方")
    phone = Phone(optional=True, label="申请方电话")
    address = Text(200, optional=True, label="申请方住址")


class OpponentInput(StrictShape):
    """The other side."""

    name = PersonName(label="对方姓名")
    phone = Phone(optional=True, label="对方电话")
    address = Text(200, optional=True, label="对方住址")


class OpenCase(CommandSchema):
    """The member on duty takes it. Whoever walks in has asked for mediation: that is their YES."""

    service = "mediation"
    title = "登记调解"
    route = "POST /mediations"
    by = ASKERS
    hint = "当日值班的调解员接手；一方明确拒绝，调解即终止（人民调解法第十七条）。"
    location = "/api/mediations/{id}"
    answer = MediationCaseView
    origin = Code(codes.CaseOrigin, label="怎么来的")
    dispute_type = Code(codes.DisputeType, label="什么纠纷")
    cause_text = Text(2000, label="怎么回事")
    area_path = area(label="在哪里")
    place_text = Text(200, optional=True, label="具体地点")
    claimant = One(ClaimantInput)
    respondent = One(OpponentInput)
    claimed_amount = Amount(optional=True, label="损失大约多少（元）")
    risk_level = Code(codes.RiskLevel, label="激化风险")
    example = {
        "origin": "WALK_IN",
        "dispute_type": "NEIGHBOUR",
        "cause_text": "楼上卫生间跑水，泡坏了地板",
        "area_path": "yinchuan.xingqing.tianshanlu.guangminghongyan.g1.b2u1",
        "place_text": "2号楼1单元201室",
        "claimant": {"name": "刘某某", "phone": "13900000101", "address": None},
        "respondent": {"name": "孙某某", "phone": None, "address": None},
        "claimed_amount": "2600.00",
        "risk_level": "YELLOW",
    }
