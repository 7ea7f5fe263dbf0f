"""Rectification 整改: what is wrong is to be put right by a day, verified on the spot, looked back at."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from contracts.dispatch.base import DispatchQuestion
from contracts.dispatch.rectification_views import (
    OF_PLACE,
    READERS,
    SQUAD,
    Delivery,
    Form,
    OpenNoticePage,
    RectificationPage,
    RectificationState,
    RectificationView,
    Step,
)
from contracts.fields import Code, Count, Day, Many, Moment, Text, some
from contracts.schema import EventSchema, StrictShape, VersionedCommand
from contracts.shapes import ListCommand, evidence_files, files
from contracts.tokens import PersonName, area, case_no, unit_code
from contracts.words import shared_text
from kernel.codes import Role
from kernel.rights import anybody, at, everybody, services

TAG = "整改"


class RectificationCommand(VersionedCommand):
    service = "dispatch"
    answer = RectificationView
    number = case_no()


def numbers(**more: Any) -> Many:
    return Many(Count(1), least=1, lacking="请选点位", label="哪几处", **more)


class SpotInput(StrictShape):
    what = shared_text(200, label="什么问题")
    place_text = Text(200, optional=True, label="在哪里")
    square_metres = Count(1, 100_000, optional=True, label="多少平方米")
    user = PersonName(optional=True, label="可能的使用人")
    photos = files(label="照片")


class IssueRectification(DispatchQuestion):
    """About the shop, sweep, appeal or hazard of `source_number`, at its place.

    The limit is policy key rectify.correct, or `until`, at most rectify.longest away. Who has no enforcement power
    gives notice; an order names its legal basis (domain §4.9).
    """

    title = "限期整改"
    route = "POST /rectifications"
    by = at(Role.GRID, Role.COMMUNITY, Role.STREET, Role.RECEIVER)
    hint = "没有执法权的发限期整改通知；有执法权的单位责令改正，要写明法律依据。"
    location = "/api/rectifications/{number}"
    answer = RectificationView
    source_number = case_no(label="因哪件", help="商户、走访、诉求或隐患的编号")
    subject = shared_text(60, label="对象", help="店名或事项，例如：老马拉面、毁绿种菜")
    area_path = area(label="在哪里")
    form = Code(Form, label="文书")
    legal_basis = shared_text(1000, optional=True, label="法律依据", help="责令改正必填")
    until = Day(optional=True, label="哪天以前改好", help="不填按规定的期限")
    spots = some(SpotInput, least=1, lacking="请写明要改什么", label="要改的")
    delivery = Code(Delivery, label="怎样送达")
    delivery_note = Text(500, optional=True, label="送达情况", help="拒签的写明见证人")
    delivered = evidence_files(label="签收或张贴的照片")

    @validates_schema
    def complete(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("form") == Form.ORDER and not data.get("legal_basis"):
            raise ValidationError("责令改正要写明法律依据", "legal_basis")
        if data.get("delivery") == Delivery.REFUSED and not data.get("delivery_note"):
            raise ValidationError("拒签的要写明情况和见证人", "delivery_note")


class ProveRectification(RectificationCommand):
    """The owner's own proof, without an account, through the page behind the code on the door."""

    by = services("portal").said("扫门上的码的人，无需登录")
    title = "上传改正证明"
    photos = evidence_files(label="改好以后的照片")
    note = Text(500, optional=True, label="说明")


class RejectProof(RectificationCommand):
    title = "证明不通过"
    route = "POST /rectifications/<number>/proof-rejection"
    by = OF_PLACE
    reason = shared_text(500, label="还差什么")


class VerifySpots(RectificationCommand):
    """Seen on the spot by who answers for the place; each once."""

    title = "现场核实已改"
    main = True
    route = "POST /rectifications/<number>/verification"
    by = OF_PLACE
    spots = numbers()
    photos = evidence_files(label="现场照片")


class RequestEnforcement(RectificationCommand):
    """An enforcement whistle 综合执法哨 for what is left, for the street to approve: one task, a part a spot."""

    title = "移送执法"
    main = True
    route = "POST /rectifications/<number>/enforcement-request"
    by = at(Role.COMMUNITY, Role.STREET)
    unit = unit_code(label="请哪个执法单位")
    legal_basis = shared_text(1000, label="法律依据")
    asked_time = Moment(optional=True, label="什么时候", help="夜间和法定节假日不安排强制清除")


class RecordEnforcement(RectificationCommand):
    """By the squad. Community and property staff assist and execute nothing; no compulsion at night or on a statutory
    holiday but for an emergency (行政强制法 art. 43; policy key enforce.night)."""

    title = "记执法"
    main = True
    route = "POST /rectifications/<number>/enforcement"
    by = SQUAD
    spots = numbers()
    step = Code(Step, label="方式")
    executor = unit_code(label="执法单位")
    assistants = Many(unit_code(), label="协助单位")
    legal_basis = shared_text(1000, label="法律依据")
    noticed_on = Day(label="限期改正通知日期")
    done_at = Moment(label="什么时候做的")
    emergency = shared_text(500, optional=True, label="情况紧急的理由", help="夜间、法定节假日强制清除必填")
    result = shared_text(1000, label="结果")
    evidence = evidence_files(label="执法照片")


class PassLookBack(RectificationCommand):
    title = "回头看：没有反弹"
    main = True
    route = "POST /rectifications/<number>/look-back/pass"
    by = OF_PLACE
    photos = evidence_files(label="现场照片")


class RecordRelapse(RectificationCommand):
    """What grew back is to be put right again: the level rises, the next look-back comes in half the time."""

    title = "回头看：反弹"
    route = "POST /rectifications/<number>/look-back/relapse"
    by = OF_PLACE
    spots = numbers()
    photos = evidence_files(label="现场照片")


class RevokeRectification(RectificationCommand):
    title = "撤销"
    route = "POST /rectifications/<number>/revocation"
    by = at(Role.COMMUNITY, Role.STREET)
    reason = shared_text(500, label="原因")


class GetRectification(DispatchQuestion):
    title = "查看整改"
    route = "GET /rectifications/<number>"
    by = READERS
    answer = RectificationView
    number = case_no()


class ListRectifications(ListCommand, DispatchQuestion):
    title = "整改台账"
    route = "GET /rectifications"
    page = "rectifications"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = RectificationPage
    state = Many(Code(RectificationState), most=20, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class ListOpenNotices(ListCommand, DispatchQuestion):
    """What a shop is still to put right, for the page behind the code on its door."""

    title = "商户的整改通知"
    route = "GET /shops/<number>/notices"
    by = anybody()
    public = True
    answer = OpenNoticePage
    number = case_no()


class RectificationFact(EventSchema):
    source = "dispatch"
    number = case_no()


class RectificationOrdered(RectificationFact):
    title = "限期整改"
    for_staff, for_resident = "发出{form}，{total}处，{correct_by}前改正（{delivery}）。", None
    form, delivery = Code(Form), Code(Delivery)
    total, correct_by = Count(1), Moment()


class RectificationProofSubmitted(RectificationFact):
    title = "改正证明"
    for_staff, for_resident = "当事人上传了改正的照片，待现场核验。", None


class RectificationProofRejected(RectificationFact):
    title = "证明不通过"
    for_staff, for_resident = "改正证明没有通过。", None


class RectificationSpotsVerified(RectificationFact):
    title = "现场核实"
    for_staff, for_resident = "现场核实{count}处，共核实{settled}/{total}处。", None
    count, settled, total = Count(1), Count(), Count(1)


class RectificationVerified(RectificationFact):
    """All of it is put right. A look-back follows on a day nobody is told (domain §3.6 inv. 14)."""

    title = "已改正"
    for_staff, for_resident = "全部改正，以后不定期回头看。", None


class RectificationOverdue(RectificationFact):
    title = "逾期警告"
    for_staff, for_resident = "到期没有改正，已警告；再不改移送执法。", None


class RectificationUnheeded(RectificationFact):
    title = "警告无效"
    for_staff, for_resident = "警告以后仍没有改正，应移送有权的部门。", None


class EnforcementRequested(RectificationFact):
    title = "移送执法"
    for_staff, for_resident = "{left}处没有改正，移送{unit}（哨单{whistle}）。", None
    unit, whistle, left = unit_code(), case_no(), Count(1)


class RectificationSpotsCleared(RectificationFact):
    title = "执法"
    for_staff, for_resident = "{unit}{step}{count}处，待核实。", None
    unit, step, count = unit_code(), Code(Step), Count(1)


class LookBackDue(RectificationFact):
    """Today is the day that was drawn."""

    title = "回头看"
    for_staff, for_resident = "今天回头看。", None


class LookBackPassed(RectificationFact):
    title = "没有反弹"
    for_staff, for_resident = "回头看没有反弹。", None


class LookBackRelapsed(RectificationFact):
    title = "反弹"
    for_staff, for_resident = "回头看发现{count}处反弹，升为第{level}级，重新限期。", None
    count, level = Count(1), Count(1)


class RectificationClosed(RectificationFact):
    title = "销号"
    for_staff, for_resident = "全部核实、回头看没有反弹，销号。", None


class RectificationRevoked(RectificationFact):
    title = "撤销"
    for_staff, for_resident = "整改撤销。", None
