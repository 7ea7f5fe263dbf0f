"""Errands 代办: done by staff for somebody, from asking to closing (domain §3.4)."""

from contracts.fields import Code, Count, Flag, Id, Many, Moment, One, Text, some
from contracts.intake.appeals import ReporterInput
from contracts.intake.base import DESKS, FIRST_RESPONDER, HANDLER, IntakeCommand, IntakeEvent
from contracts.intake.errand_views import READERS, ErrandPage, ErrandView
from contracts.intake.residents import LookUp, ResidentMatterView
from contracts.schema import StrictShape, VersionedCommand
from contracts.shapes import ListCommand, MaskedPerson, PersonRef, evidence_files, files
from contracts.tokens import PersonName, Phone, area, case_no
from contracts.words import shared_text, without_secrets
from kernel.codes import ContactPreference, Relation, Role
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
from kernel.rights import anywhere, everybody

TAG = "代办"
WORKERS = HANDLER | DESKS


class ApplicantInput(ReporterInput):
    contact_preference = Code(ContactPreference, default=ContactPreference.CALL, label="怎么联系")


class ProxyInput(StrictShape):
    """Who asks for the applicant; `authorised` records that the applicant said so."""

    name = PersonName(label="代为申请的人")
    phone = Phone(label="代为申请的人电话")
    relation = Code(Relation, label="是申请人的什么人")
    authorised = Flag(label="申请人本人同意")


class MaterialInput(StrictShape):
    """One paper of the checklist, each kind once."""

    kind = Code(Material, label="材料")
    form = Code(MaterialForm, label="原件还是复印件")


class ErrandCommand(VersionedCommand, IntakeCommand):
    answer = ErrandView
    by = WORKERS
    number = case_no()


class RegisterErrand(IntakeCommand):
    """Whoever is asked first answers for it to the end, also for places of others. Errands cost nothing."""

    title = "登记代办"
    main = True
    route = "POST /errands"
    by = anywhere(Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET)
    hint = "代办不收费；不记密码和完整的证件号、卡号，只记后四位。"
    location = "/api/errands/{number}"
    answer = ErrandView
    matter = Code(ErrandMatter, label="办什么")
    details = Text(1000, without_secrets, label="要办的事", optional=True, help="卡号、证件号只记后四位")
    area_path = area(label="申请人在哪里")
    applicant = One(ApplicantInput)
    proxy = One(ProxyInput, optional=True)
    authorisation = files(label="委托书照片")
    authority = Code(Authority, label="归哪里办")
    authority_name = shared_text(60, label="主管单位", optional=True, help="外地办理的要写明")
    at_home = Flag(default=False, label="需要上门（卧床、行动不便）")


class AcceptErrand(ErrandCommand):
    """Tells all that is needed at once; the one who accepts handles it."""

    title = "受理"
    main = True
    route = "POST /errands/<number>/acceptance"
    by = DESKS
    materials = some(MaterialInput, most=20, label="一次告知的全部材料")


class AskSupplement(ErrandCommand):
    """Once, and in full: all that is still missing."""

    title = "要求补材料"
    route = "POST /errands/<number>/supplements"
    hint = "只能要求一次，要把还缺的材料一次写全。"
    materials = some(MaterialInput, least=1, most=20, label="还缺的全部材料")


class ReceiveMaterials(ErrandCommand):
    """What was handed in. With the last paper of the checklist the materials are complete."""

    title = "收材料"
    main = True
    route = "POST /errands/<number>/materials"
    received = Many(Code(Material), most=20, label="收到的材料")


class ReturnOriginals(ErrandCommand):
    title = "退还原件"
    route = "POST /errands/<number>/returns"
    returned = Many(Code(Material), least=1, most=20, label="退还的原件")


class SubmitErrand(ErrandCommand):
    title = "报送"
    main = True
    route = "POST /errands/<number>/submission"
    submit_way = Code(SubmitWay, label="怎么报的")


class RecordAuthorityContact(ErrandCommand):
    """Every contact with the body that decides: which, with whom, when, what came of it."""

    title = "记与主管单位的联系"
    route = "POST /errands/<number>/contacts"
    body = shared_text(60, label="单位")
    person_named = shared_text(40, label="对方是谁")
    contacted_at = Moment(label="什么时候", optional=True, help="不填即现在")
    outcome = Text(500, without_secrets, label="结果")


class RecordHomeVisit(ErrandCommand):
    title = "记上门办理"
    route = "POST /errands/<number>/visits"
    result = Code(HomeResult, label="认证结果")
    note = Text(500, without_secrets, label="说明", optional=True)
    photos = evidence_files(label="照片")


class RecordDecision(ErrandCommand):
    title = "记办理结果"
    main = True
    route = "POST /errands/<number>/decision"
    decision = Text(500, without_secrets, label="结果")


class ArrangeDelivery(ErrandCommand):
    """How the result reaches the applicant. Again, where the first way came to nothing."""

    title = "定送达方式"
    main = True
    route = "POST /errands/<number>/delivery"
    delivery_way = Code(DeliveryWay, label="怎么送")
    carrier = shared_text(40, label="承运单位", optional=True)
    tracking = Text(40, without_secrets, label="运单号", optional=True, help="邮寄的凭它查到了哪里，送达前要填")


class ConfirmDelivery(ErrandCommand):
    title = "已送达"
    main = True
    route = "POST /errands/<number>/receipt"


class CloseErrand(ErrandCommand):
    """The applicant has been told; no original is left with us."""

    title = "办结"
    main = True
    route = "POST /errands/<number>/closure"
    by = FIRST_RESPONDER | HANDLER


class FailErrand(ErrandCommand):
    title = "没办成"
    route = "POST /errands/<number>/failure"
    failure = Code(ErrandFailure, label="原因")
    next_way = shared_text(300, shortest=4, label="接下来可以怎么办", help="告诉群众找谁、去哪里、带什么")


class GetErrand(IntakeCommand):
    title = "查看代办"
    route = "GET /errands/<number>"
    by = READERS
    answer = ErrandView
    number = case_no()


class CheckErrand(LookUp):
    title = "居民凭编号和电话尾号查询代办"
    route = "GET /public/errands/<number>"
    looks_up = "D"
    answer = ResidentMatterView


class ListErrands(ListCommand, IntakeCommand):
    title = "代办"
    route = "GET /errands"
    page = "errands"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = ErrandPage
    state = Many(Code(ErrandState), most=20, label="进展")
    matter = Many(Code(ErrandMatter), most=20, label="办什么")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class ErrandFact(IntakeEvent):
    """About one errand, of a person named masked; nothing of what was written."""

    errand_id = Id()
    number = case_no()
    matter = Code(ErrandMatter)
    applicant = One(MaskedPerson)
    first_responder = One(PersonRef)


class ErrandRequested(ErrandFact):
    title = "登记代办"
    for_staff = "{first_responder}登记代办“{matter}”，{authority}办理，{promise_at}前答复。"
    for_resident = "代办“{matter}”已登记，会给您回话。"
    authority, promise_at = Code(Authority), Moment()


class ErrandAccepted(ErrandFact):
    title = "受理"
    for_staff = "{handler}受理[，需要：{materials}]。"
    for_resident = "已受理[，需要的材料：{materials}]。"
    handler, materials = One(PersonRef), Many(Code(Material))


class ErrandSupplementAsked(ErrandFact):
    title = "要求补材料"
    for_staff = for_resident = "还需要补：{materials}。只要求这一次。"
    materials = Many(Code(Material))


class ErrandMaterialsReceived(ErrandFact):
    title = "收材料"
    for_staff = for_resident = "收到材料[：{materials}][，还缺{missing}样]。"
    materials, missing = Many(Code(Material)), Count()


class ErrandMaterialsCompleted(ErrandFact):
    title = "材料齐全"
    for_staff = for_resident = "材料已经齐全。"


class ErrandOriginalsReturned(ErrandFact):
    title = "退还原件"
    for_staff = for_resident = "原件已退还：{materials}。"
    materials = Many(Code(Material))


class ErrandSubmitted(ErrandFact):
    title = "报送"
    for_staff = for_resident = "已报送（{submit_way}）。"
    submit_way = Code(SubmitWay)


class ErrandAuthorityContacted(ErrandFact):
    title = "联系主管单位"
    for_staff = for_resident = "已联系{authority}主管单位。"
    authority = Code(Authority)


class ErrandHomeVisited(ErrandFact):
    title = "上门办理"
    for_staff = for_resident = "工作人员已上门：{result}。"
    result = Code(HomeResult)


class ErrandDecided(ErrandFact):
    title = "办理结果"
    for_staff = for_resident = "主管单位已经办好。"


class ErrandDeliveryArranged(ErrandFact):
    title = "送达方式"
    for_staff = for_resident = "送达方式：{delivery_way}。"
    delivery_way = Code(DeliveryWay)


class ErrandDelivered(ErrandFact):
    title = "送达"
    for_staff = for_resident = "已经送达。"


class ErrandClosed(ErrandFact):
    title = "办结"
    for_staff = for_resident = "代办已经办结。"


class ErrandFailed(ErrandFact):
    title = "没办成"
    for_staff, for_resident = "没有办成：{failure}。", "这件事这次没有办成（{failure}），工作人员会告诉您接下来怎么办。"
    failure = Code(ErrandFailure)


class ErrandOverdue(ErrandFact):
    title = "没有进展"
    for_staff, for_resident = "“{state}”已到期，没有进展。", "这件事有些耽搁，我们正在催办。"
    state = Code(ErrandState)
