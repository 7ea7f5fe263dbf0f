"""What is shown of a rectification 整改."""

from contracts.dispatch.base import OFFICES
from contracts.fields import Code, Count, Day, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.schema import Shape
from contracts.shapes import AggregateView, Page, PersonRef, files
from contracts.tokens import case_no, unit_code
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import among, at, services


class RectificationState(Codes):
    ISSUED = "ISSUED", "限期改正"
    PROVEN = "PROVEN", "待现场核验"
    WARNED = "WARNED", "逾期已警告"
    UNHEEDED = "UNHEEDED", "待移送执法"
    ENFORCED = "ENFORCED", "执法办理中"
    WATCHED = "WATCHED", "已改正"
    INSPECTED = "INSPECTED", "待回头看"
    CLOSED = "CLOSED", "已销号"
    REVOKED = "REVOKED", "已撤销"


class Form(Codes):
    """An order is an administrative act of an organ with enforcement power (行政处罚法 art. 28); others give notice."""

    NOTICE = "NOTICE", "限期整改通知"
    ORDER = "ORDER", "责令限期改正"


class Delivery(Codes):
    SIGNED = "SIGNED", "当事人签收"
    REFUSED = "REFUSED", "当事人拒签"
    POSTED = "POSTED", "现场张贴"


class SpotState(Codes):
    OPEN = "OPEN", "未改"
    CLEARED = "CLEARED", "已清理，待核实"
    SETTLED = "SETTLED", "已核实"


class LookBackResult(Codes):
    PASSED = "PASSED", "没有反弹"
    RELAPSED = "RELAPSED", "反弹"


class Step(Codes):
    PERSUADED = "PERSUADED", "当事人当场自行清除"
    COMPULSORY = "COMPULSORY", "强制清除"


OF_PLACE = at(Role.GRID, Role.COMMUNITY, Role.STREET)
SQUAD = among("called", "受移送执法单位的人")
READERS = services() | OFFICES | SQUAD
HANDLERS = OF_PLACE | SQUAD


class SpotView(Shape):
    """One spot 点位. Whose it is presumed to be is masked; the whole name stands in `users`."""

    no = Count(1, label="序号")
    what = Text(200, label="问题")
    place_text = Text(200, label="位置", optional=True)
    square_metres = Count(1, label="平方米", optional=True)
    state = Code(SpotState, label="进展")
    relapses = Count(label="反弹次数")
    user = Text(40, label="可能的使用人", optional=True)
    photos = files()


class UserView(Shape):
    no = Count(1, label="序号")
    name = Text(40, label="姓名")


class ProofView(Shape):
    at = Moment(label="时间")
    by = One(PersonRef, optional=True, label="谁")
    note = Text(500, optional=True, label="说明")
    rejected = Text(500, optional=True, label="不通过的原因")
    photos = files()


class EnforcementView(Shape):
    """The record 执法记录: basis, notice, evidence, result (行政强制法 art. 43 for the hour)."""

    at = Moment(label="时间")
    by = One(PersonRef, label="执法人员")
    executor = unit_code(label="执法单位")
    assistants = Many(unit_code(), label="协助单位")
    step = Code(Step, label="方式")
    spots = Many(Count(1), label="点位")
    legal_basis = Text(1000, label="法律依据")
    noticed_on = Day(label="限期改正通知日期")
    emergency = Text(500, optional=True, label="情况紧急的理由")
    result = Text(1000, label="结果")
    evidence = files()


class LookBackView(Shape):
    """A look-back 回头看 whose day has come; one that is still sealed is shown to nobody."""

    no = Count(1, label="第几次")
    opened_at = Moment(label="检查日")
    result = Code(LookBackResult, optional=True, label="结果")
    by = One(PersonRef, optional=True, label="检查人")
    at = Moment(optional=True, label="检查时间")
    photos = files()


class OpenNotice(Shape):
    """What who scans the code on the door reads: no person, no photo, nothing of a look-back."""

    number = case_no()
    state = Code(RectificationState)
    form = Code(Form)
    legal_basis = Text(1000, optional=True)
    correct_by = Moment()
    faults = Many(Text(200))


class RectificationView(AggregateView):
    about = Matter(
        "RECTIFICATION",
        "整改",
        RectificationState,
        {
            "ISSUED": "待改正",
            "PROVEN": "待现场核验",
            "WARNED": "待移送执法",
            "UNHEEDED": "待移送执法",
            "ENFORCED": "待核实清理结果",
            "INSPECTED": "今天回头看",
        },
        headline="{subject}",
    )
    state = Code(RectificationState, label="进展")
    form = Code(Form, label="文书")
    subject = Text(60, label="对象")
    legal_basis = Text(1000, optional=True, label="法律依据")
    correct_by = Moment(label="改正期限")
    spots = some(SpotView, label="要改的")
    source_number = case_no(label="来自")
    due_at = Moment(label="期限", optional=True)
    issued_by = One(PersonRef, label="发出人")
    issuer = unit_code(optional=True, label="发出单位")
    delivery = Code(Delivery, label="送达")
    delivery_note = Text(500, optional=True, label="送达情况")
    delivered = files(label="送达照片")
    level = Count(1, label="重点级别")
    settled = Count(label="已核实")
    total = Count(label="共几处")
    users = some(UserView, label="可能的使用人", seen_by=HANDLERS)
    proofs = some(ProofView, label="改正证明")
    enforcements = some(EnforcementView, label="执法记录")
    whistles = Many(case_no(), label="哨单")
    called = Many(unit_code(), label="移送单位")
    look_backs = some(LookBackView, label="回头看")


class RectificationPage(Page):
    items = some(RectificationView)


class OpenNoticePage(Page):
    items = some(OpenNotice)
