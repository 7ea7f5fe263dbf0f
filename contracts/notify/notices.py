"""Public notices 公示."""

from contracts import samples
from contracts.fields import Code, Id, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyEvent
from contracts.schema import AnswerSchema, CommandSchema
from contracts.shapes import Page, SourceRef
from contracts.tokens import area
from kernel import codes
from kernel.rights import anybody

TAG = "通知与公示"


class NoticeView(AnswerSchema):
    """A public notice 公示; masked, for everybody."""

    about = Matter("NOTICE", "公示", codes.NoticeState, headline="{title}")
    id = Id()
    kind = Code(codes.NoticeKind, label="类别")
    subject = One(SourceRef)
    area_path = area()
    title = Text(100)
    body = Text(5000, label="内容")
    visible_from = Moment(label="张贴")
    visible_to = Moment(label="公示到")


class NoticePage(Page):
    items = some(NoticeView, most=1000)


class ListNotices(CommandSchema):
    """Notices now visible at a place; for everybody."""

    service = "notify"
    title = "公示栏"
    route = "GET /notices"
    page = "notices"
    by = anybody()
    public = True
    answer = NoticePage
    area_path = area()
    example = {"area_path": samples.COMMUNITY}


class PublicNoticePublished(NotifyEvent):
    title = "公示"
    for_staff = "{kind}已张贴，到{visible_to}为止。"
    for_resident = "结果已在公示栏张贴，到{visible_to}为止。"
    notice_id = Id()
    kind = Code(codes.NoticeKind)
    subject = One(SourceRef)
    visible_from = Moment()
    visible_to = Moment()
    example = {
        "notice_id": samples.NOTICE,
        "kind": "HAZARD_REMOVED",
        "subject": {"kind": "HAZARD", "id": samples.HAZARD, "number": samples.HAZARD_NO},
        "visible_from": samples.AFTER,
        "visible_to": samples.MONTH_END,
    }
