"""Wishes 微心愿: posted for somebody, reviewed, claimed by one volunteer, fulfilled, confirmed."""

from typing import Any

from contracts.fields import Code, Flag, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef, evidence_files, files
from contracts.tokens import Amount, PersonName, Phone, area, case_no
from contracts.words import shared_text
from kernel.codes import Hat, Role
from kernel.codes.base import Code as Codes
from kernel.rights import anybody, at, everybody, in_states, own, residents

TAG = "微心愿"


class WishState(Codes):
    POSTED = "POSTED", "待审核"
    OPEN = "OPEN", "待认领"
    CLAIMED = "CLAIMED", "已认领"
    FULFILLED = "FULFILLED", "待确认"
    CONFIRMED = "CONFIRMED", "已实现"
    REFUSED = "REFUSED", "未通过"
    EXPIRED = "EXPIRED", "已过期"
    WITHDRAWN = "WITHDRAWN", "已撤回"


UNSEEN = {WishState.POSTED, WishState.REFUSED, WishState.WITHDRAWN}
"""Not for volunteers: nobody has reviewed the words, or they are taken back."""
POSTER, CLAIMER = own("poster_id", words="提出人"), own("claimer_id", words="认领人")
INSIDERS = at(Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET, Role.DISTRICT, Role.AUDITOR) | POSTER | CLAIMER
ON_WALL = in_states("墙上的", WishState.OPEN, WishState.CLAIMED, WishState.CONFIRMED)
READERS = INSIDERS | at(Role.VOLUNTEER).given(in_states("已通过审核", *(set(WishState) - UNSEEN)))


class WishOnWall(Shape):
    """What everybody may read: the reviewed words, no name."""

    about = Matter(
        "WISH",
        "微心愿",
        WishState,
        {"POSTED": "待审核心愿", "OPEN": "待认领心愿", "CLAIMED": "待实现心愿", "FULFILLED": "待确认心愿"},
        headline="{wall_text}",
    )
    number: Any = case_no(label="编号")
    state = Code(WishState, label="进展")
    wall_text = shared_text(200, label="心愿", optional=True)
    thanks = shared_text(200, label="感谢的话", optional=True)


class WishView(AggregateView, WishOnWall):
    """The whole wish; what may tell who it is for, only to those who answer for it, who posted and who claimed it."""

    content = Text(500, label="心愿原话", optional=True, seen_by=INSIDERS)
    for_whom = PersonName(label="为谁", optional=True, seen_by=INSIDERS)
    place_text = Text(200, label="送到哪里", optional=True, seen_by=INSIDERS)
    cost = Amount(label="大约多少钱", optional=True)
    posted_by = One(PersonRef, label="提出人", optional=True, seen_by=INSIDERS)
    claimer = One(PersonRef, label="认领人", optional=True)
    due_at = Moment(label="期限", optional=True)
    refusal = Text(200, label="未通过的原因", optional=True, seen_by=INSIDERS)
    proof = files(label="照片")


class WishPage(Page):
    items = some(WishView)


class WishWall(Page):
    items = some(WishOnWall)


class WishCommand(VersionedCommand, NotifyCommand):
    answer = WishView
    number = case_no()


class PostWish(NotifyCommand):
    """Whoever it is for has agreed to be helped through strangers (个人信息保护法 art. 13)."""

    title = "提出微心愿"
    hat = Hat.ADVOCATE
    route = "POST /wishes"
    by = at(Role.STEWARD, Role.GRID, Role.COMMUNITY, Role.WINDOW) | residents()
    location = "/api/wishes/{number}"
    answer = WishView
    content = Text(500, label="心愿", help="想要什么、为什么，用本人的话")
    for_whom = PersonName(label="为谁", help="只有社区和认领人看得到")
    phone = Phone(label="本人电话", optional=True, help="只用来在本人查阅、删除信息时认出这件事，不保存号码")
    place_text = Text(200, label="送到哪里", help="只有社区和认领人看得到")
    area_path = area(label="在哪里")
    cost = Amount(label="大约多少钱", optional=True)
    agreed = Flag(label="本人（或家人）同意请志愿者帮忙")


class OpenWish(WishCommand):
    title = "通过，上心愿墙"
    main = True
    route = "POST /wishes/<number>/opening"
    by = at(Role.COMMUNITY, Role.STREET).but(POSTER)
    wall_text = shared_text(200, label="墙上的话", help="不写姓名、门牌和电话")


class RefuseWish(WishCommand):
    title = "不通过"
    route = "POST /wishes/<number>/refusal"
    by = OpenWish.by
    refusal = Text(200, label="原因", help="告诉提出人可以怎么办")


class ClaimWish(WishCommand):
    """One volunteer at a time."""

    title = "认领"
    main = True
    route = "POST /wishes/<number>/claim"
    by = at(Role.VOLUNTEER)
    promise_at = Moment(label="何时办好")


class ReleaseWish(WishCommand):
    title = "放弃认领"
    route = "POST /wishes/<number>/release"
    by = CLAIMER | at(Role.COMMUNITY)


class FulfilWish(WishCommand):
    title = "已经办好"
    main = True
    route = "POST /wishes/<number>/fulfilment"
    by = CLAIMER
    proof = evidence_files(label="照片")


class ConfirmWish(WishCommand):
    title = "确认实现"
    main = True
    route = "POST /wishes/<number>/confirmation"
    by = (POSTER | at(Role.COMMUNITY)).but(CLAIMER)
    thanks = shared_text(200, label="感谢的话", optional=True)


class WithdrawWish(WishCommand):
    title = "撤回心愿"
    route = "POST /wishes/<number>/withdrawal"
    by = POSTER | at(Role.COMMUNITY)


class GetWish(NotifyCommand):
    title = "查看微心愿"
    route = "GET /wishes/<number>"
    by = READERS
    answer = WishView
    number = case_no()


class ListWishes(ListCommand, NotifyCommand):
    title = "微心愿"
    route = "GET /wishes"
    page = "wishes"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = WishPage
    state = Many(Code(WishState), most=20, label="进展")
    numbers = Many(case_no(), most=200)


class ListWall(ListCommand, NotifyCommand):
    """Open, claimed and confirmed wishes of a place, the newest first."""

    title = "微心愿墙"
    route = "GET /wishes/wall"
    page = "wall"
    by = anybody()
    public = True
    answer = WishWall
    area_path = area()


class WishFact(NotifyEvent):
    number = case_no()


class WishPosted(WishFact):
    title = "提出心愿"
    for_staff, for_resident = "提出一个微心愿，待社区审核。", "您的心愿已经收到，社区正在看。"


class WishOpened(WishFact):
    title = "上墙"
    for_staff, for_resident = "审核通过，上了心愿墙。", "您的心愿已经上墙，等志愿者认领。"


class WishRefused(WishFact):
    title = "未通过"
    for_staff, for_resident = "审核没有通过。", "您的心愿没有通过审核，社区会告诉您原因。"


class WishClaimed(WishFact):
    title = "认领"
    for_staff, for_resident = "{claimer}认领，{promise_at}前办好。", "志愿者{claimer}来帮您办。"
    claimer, promise_at = One(PersonRef), Moment()


class WishReleased(WishFact):
    title = "放弃认领"
    for_staff, for_resident = "认领已取消，重新等人认领。", "原来的志愿者来不了，我们再找人。"


class WishHandedOver(WishFact):
    """Who posted it has left; somebody else answers for it now."""

    title = "移交"
    for_staff, for_resident = "改由{posted_by}跟进。", None
    posted_by = One(PersonRef)


class WishFulfilled(WishFact):
    title = "办好"
    for_staff, for_resident = "{claimer}办好了，待确认。", "志愿者说已经办好，请您确认。"
    claimer = One(PersonRef)


class WishConfirmed(WishFact):
    title = "实现"
    for_staff = for_resident = "心愿实现了。"
    claimer = One(PersonRef)


class WishExpired(WishFact):
    title = "过期"
    for_staff, for_resident = "期限内没有人认领，心愿下墙。", "还没有人认领，心愿先下墙，社区会联系您。"


class WishWithdrawn(WishFact):
    title = "撤回"
    for_staff = for_resident = "心愿已经撤回。"
