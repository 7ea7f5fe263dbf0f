"""Certificates of volunteer service 志愿服务记录证明: from confirmed records, free of charge, checked by anybody who holds one.

Who called for the service records it, who recorded it certifies it (志愿服务条例 art. 19; a residents' committee that calls for
volunteers itself: art. 41). The number of an identity card is written in by hand: it is kept nowhere.
"""

from typing import Any

from contracts.fields import Code, Count, Day, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.notify.service_records import OFFICES, SELF
from contracts.schema import AnswerSchema, VersionedCommand
from contracts.shapes import AggregateView, DocumentView, ListCommand, Page, PersonRef
from contracts.tokens import Token, area, case_no, staff_id
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import anybody, at, everybody

TAG = "志愿服务记录证明"
CODE_PATTERN = r"^[0-9A-HJKMNP-TV-Z]{8}$"
"""Eight signs, none that is taken for another (Crockford's base 32)."""
READERS = OFFICES | SELF | at(Role.DISTRICT, Role.AUDITOR)


class CertificateState(Codes):
    ISSUED = "ISSUED", "有效"
    REVOKED = "REVOKED", "已撤销"


def check_code(**kwargs: Any) -> Token:
    return Token(CODE_PATTERN, "校验码是八位数字和大写字母", **kwargs)


class ServiceCertificateView(AggregateView):
    about = Matter("SERVICE_CERTIFICATE", "志愿服务记录证明", CertificateState, headline="{volunteer}")
    number: Any = case_no(label="编号")
    state = Code(CertificateState, label="是否有效")
    volunteer = One(PersonRef, label="志愿者")
    first_day, last_day = Day(label="从哪天"), Day(label="到哪天")
    times, minutes = Count(label="几次"), Count(label="一共多少分钟")
    code = check_code(label="校验码", seen_by=OFFICES | SELF, optional=True)
    issuer = One(PersonRef, label="谁办的")
    reason = Text(200, label="撤销的原因", optional=True)


class ServiceCertificatePage(Page):
    items = some(ServiceCertificateView)


class CertificateCheckView(AnswerSchema):
    """What a certificate really says; the name masked, for the holder shows the paper."""

    about = Matter("SERVICE_CERTIFICATE", "志愿服务记录证明", CertificateState, headline="{masked_name}")
    number: Any = case_no(label="编号")
    state: Any = Code(CertificateState, label="是否有效")
    masked_name = Text(40, label="志愿者")
    place = Text(60, label="出具单位")
    first_day, last_day = Day(label="从哪天"), Day(label="到哪天")
    times, minutes = Count(label="几次"), Count(label="一共多少分钟")
    issued_at = Moment(label="什么时候出具")


class CertificateCommand(VersionedCommand, NotifyCommand):
    answer = ServiceCertificateView
    number = case_no()


class IssueServiceCertificate(NotifyCommand):
    """Of the confirmed records of a place whose service began on these days."""

    title = "出具志愿服务记录证明"
    route = "POST /service-certificates"
    by = OFFICES | at(Role.VOLUNTEER).given(SELF)
    location = "/api/service-certificates/{number}"
    answer = ServiceCertificateView
    area_path = area(label="在哪里服务的")
    volunteer_id = staff_id(label="志愿者", optional=True, help="不填就是本人")
    first_day = Day(label="从哪天", optional=True)
    last_day = Day(label="到哪天", optional=True)


class RevokeServiceCertificate(CertificateCommand):
    title = "撤销证明"
    route = "POST /service-certificates/<number>/revocation"
    by = OFFICES.but(SELF)
    reason = Text(200, label="原因")


class GetServiceCertificate(NotifyCommand):
    title = "查看志愿服务记录证明"
    route = "GET /service-certificates/<number>"
    by = READERS
    answer = ServiceCertificateView
    number = case_no()


class GetCertificatePaper(NotifyCommand):
    keeps_answer = False
    title = "打印志愿服务记录证明"
    route = "GET /service-certificates/<number>/paper.pdf"
    file = True
    by = OFFICES | SELF
    answer = DocumentView
    number = case_no()


class CheckServiceCertificate(NotifyCommand):
    """For whom the paper is shown to; number and check code stand on it."""

    title = "查验志愿服务记录证明"
    route = "GET /service-certificates/<number>/checks/<code>"
    by = anybody()
    public = True
    answer = CertificateCheckView
    number = case_no()
    code = check_code()


class ListServiceCertificates(ListCommand, NotifyCommand):
    title = "志愿服务记录证明"
    route = "GET /service-certificates"
    page = "service-certificates"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = ServiceCertificatePage
    state = Many(Code(CertificateState), most=4, label="是否有效")
    volunteer_id = Many(staff_id(), most=50)
    numbers = Many(case_no(), most=200)


class CertificateFact(NotifyEvent):
    for_resident = None
    number = case_no()
    volunteer = One(PersonRef)


class ServiceCertificateIssued(CertificateFact):
    title = "出具证明"
    for_staff = "{volunteer}的志愿服务记录证明：{times}次，{minutes}分钟。"
    times, minutes = Count(1), Count(1)


class ServiceCertificateRevoked(CertificateFact):
    title = "撤销证明"
    for_staff = "证明撤销。"
