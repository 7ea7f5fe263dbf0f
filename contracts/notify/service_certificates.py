"""Certificates of volunteer service 志愿服务记录证明: from confirmed records, free, checked by whoever is shown one.

Who calls for the service records it, who recorded it certifies it (志愿服务条例 art. 19; a residents' committee that
calls for volunteers itself: art. 41). The number of an identity card is written in by hand: it is kept nowhere.
"""

from contracts.fields import Count, Day, Moment, Text
from contracts.notify.base import NotifyCommand
from contracts.notify.service_records import OFFICES, SELF
from contracts.schema import AnswerSchema
from contracts.shapes import DocumentView
from contracts.tokens import case_no, check_code
from kernel.rights import anybody

TAG = "志愿服务记录证明"


class ServiceCertificateView(AnswerSchema):
    """What a certificate really says; the name masked, for the holder shows the paper."""

    code = check_code(label="校验码")
    masked_name = Text(40, label="志愿者")
    place = Text(60, label="出具单位")
    first_day, last_day = Day(label="从哪天"), Day(label="到哪天")
    times, minutes = Count(label="几次"), Count(label="一共多少分钟")
    issued_at = Moment(label="什么时候出具")


class GetServiceCertificate(NotifyCommand):
    """Of this record and all before it that the same community confirmed to the same volunteer."""

    keeps_answer = False
    title = "打印志愿服务记录证明"
    route = "GET /service-records/<number>/certificate.pdf"
    file = True
    by = OFFICES | SELF
    hint = "写明到这一次为止、本社区确认过的志愿服务；不收费。"
    answer = DocumentView
    number = case_no()


class CheckServiceCertificate(NotifyCommand):
    """For whom the paper is shown to; the check code stands on it."""

    title = "查验志愿服务记录证明"
    route = "GET /service-certificates/<code>"
    by = anybody()
    public = True
    answer = ServiceCertificateView
    code = check_code()
