"""What is shown of an errand 代办, and to whom."""

from contracts.fields import Code, Flag, Many, Moment, One, Text, some
from contracts.intake.base import DESKS, FIRST_RESPONDER, HANDLER
from contracts.intake.views import ContactPersonView, ReporterView
from contracts.matters import Matter
from contracts.schema import Shape
from contracts.shapes import AggregateView, Page, PersonRef, files
from contracts.tokens import case_no
from kernel.codes import Role
from kernel.codes.errands import (
    Authority,
    DeliveryWay,
    ErrandFailure,
    ErrandMatter,
    ErrandState,
    HomeResult,
    Material,
    MaterialForm,
    SubmitWay,
)
from kernel.rights import at, in_states, services

INSIDERS = DESKS | at(Role.AUDITOR) | HANDLER | FIRST_RESPONDER
READERS = services() | INSIDERS
_OPEN = in_states("未办结的代办", *(set(ErrandState) - {ErrandState.CLOSED, ErrandState.FAILED}))
REVEALED_TO = services() | at(Role.AUDITOR) | (DESKS | HANDLER | FIRST_RESPONDER).given(_OPEN)
"""May see name and telephone of applicant and proxy."""


class MaterialView(Shape):
    kind = Code(Material, label="材料")
    form = Code(MaterialForm, label="要求")
    supplement = Flag(label="补要的")
    received_at = Moment(label="收到", optional=True)
    returned_at = Moment(label="原件退还", optional=True)


class AuthorityContactView(Shape):
    """One contact with the body that decides."""

    at = Moment(label="时间")
    body = Text(60, label="单位")
    person_named = Text(40, label="对方是谁")
    outcome = Text(500, label="结果")
    by = One(PersonRef, label="谁联系的")


class HomeVisitView(Shape):
    at = Moment(label="时间")
    result = Code(HomeResult, label="认证结果")
    note = Text(500, label="说明", optional=True)
    photos = files(label="照片")
    by = One(PersonRef, label="谁上门的")


class ErrandSummary(AggregateView):
    """A row of a list."""

    about = Matter(
        "ERRAND",
        "代办",
        ErrandState,
        {"REQUESTED": "待受理代办", "SUPPLEMENT_ASKED": "等群众补材料", "DELIVERED": "待告知办结"},
        headline="{matter}（{authority}）",
    )
    state = Code(ErrandState, label="进展")
    matter = Code(ErrandMatter, label="办什么")
    authority = Code(Authority, label="归哪里办")
    at_home = Flag(label="上门办")
    proactive = Flag(label="主动办理")
    promise_at = Moment(label="答复期限")
    first_responder = One(PersonRef, label="首问责任人")
    handler = One(PersonRef, label="承办人", optional=True)


class ErrandView(ErrandSummary):
    """The whole errand. There is no fee: errands are free."""

    applicant = One(ReporterView, label="申请人", optional=True, seen_by=INSIDERS)
    proxy = One(ContactPersonView, label="代为申请的人", optional=True, seen_by=INSIDERS)
    authorisation = files(label="委托书", seen_by=INSIDERS)
    details = Text(1000, label="要办的事", optional=True, seen_by=INSIDERS)
    authority_name = Text(60, label="主管单位", optional=True)
    materials = some(MaterialView, label="材料清单", seen_by=INSIDERS)
    contacts = some(AuthorityContactView, label="与主管单位的联系", seen_by=INSIDERS)
    visits = some(HomeVisitView, label="上门记录", seen_by=INSIDERS)
    submit_way = Code(SubmitWay, label="怎么报的", optional=True)
    decision = Text(500, label="办理结果", optional=True, seen_by=INSIDERS)
    delivery_way = Code(DeliveryWay, label="怎么送", optional=True)
    carrier = Text(40, label="承运单位", optional=True)
    tracking = Text(40, label="运单号", optional=True, seen_by=INSIDERS)
    failure = Code(ErrandFailure, label="没办成的原因", optional=True)
    next_way = Text(300, label="接下来可以怎么办", optional=True)
    failures = Many(case_no(), label="以前没办成的")
    hall_at = Moment(label="约到市民大厅", optional=True)
    superior = Text(60, label="报到的上级单位", optional=True)


class ErrandPage(Page):
    items = some(ErrandSummary)
