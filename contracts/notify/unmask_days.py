"""The daily look at looks 查看隐私日查 (domain §4.8): who saw names and telephones yesterday, and what stands out."""

from typing import Any

from contracts.fields import Code, Count, Day, Many, Moment, One, Text, some
from contracts.looks import LooksOf
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.schema import VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import case_no
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import among, at, everybody

TAG = "个人信息"


class UnmaskDayState(Codes):
    CLEAR = "CLEAR", "没有异常"
    OPEN = "OPEN", "有异常待核查"
    REVIEWED = "REVIEWED", "已核查"


class LookReason(Codes):
    """Why somebody's looks of a day stand out (policy key unmask.anomaly)."""

    MANY = "MANY", "一天看得太多"
    AT_NIGHT = "AT_NIGHT", "夜间查看"


READERS = at(Role.AUDITOR)
REVIEWERS = READERS.but(among("found", "被列出的人"))


class StandsOut(LooksOf):
    why = Many(Code(LookReason), label="为什么列出", most=2)


class UnmaskDayView(AggregateView):
    """One day of all stores: accounts and counts, nothing of what was seen."""

    about = Matter("UNMASK_DAY", "隐私日查", UnmaskDayState, {"OPEN": "核查异常查看"}, headline="{day}")
    number: Any = case_no(label="编号")
    state = Code(UnmaskDayState, label="进展")
    day = Day(label="哪天")
    looks = Count(label="一共看了几次")
    accounts = Count(label="多少人看过")
    anomalies = some(StandsOut, most=500, label="异常")
    reviewer = One(PersonRef, label="核查人", optional=True)
    verdict = Text(1000, label="核查结果", optional=True)
    due_at = Moment(label="最晚", optional=True)


class UnmaskDayPage(Page):
    items = some(UnmaskDayView)


class ReviewUnmaskDay(VersionedCommand, NotifyCommand):
    """By an auditor who is not on the list."""

    title = "记核查结果"
    main = True
    route = "POST /unmask-days/<number>/review"
    by = REVIEWERS
    answer = UnmaskDayView
    number = case_no()
    verdict = Text(1000, label="核查结果", help="逐人写明：问了谁、为什么看、是不是工作需要")


class GetUnmaskDay(NotifyCommand):
    title = "查看隐私日查"
    route = "GET /unmask-days/<number>"
    by = READERS
    answer = UnmaskDayView
    number = case_no()


class ListUnmaskDays(ListCommand, NotifyCommand):
    title = "隐私日查"
    route = "GET /unmask-days"
    page = "unmask-days"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = UnmaskDayPage
    state = Many(Code(UnmaskDayState), most=20, label="进展")
    numbers = Many(case_no(), most=200)


class UnmaskDayFact(NotifyEvent):
    for_resident = None
    number = case_no()
    day = Day()


class UnmaskDayDrawn(UnmaskDayFact):
    title = "隐私日查"
    for_staff = "{day}共查看{looks}次，{found_count}人异常。"
    looks, found_count = Count(), Count()


class UnmaskDayReviewed(UnmaskDayFact):
    title = "核查"
    for_staff = "{reviewer}核查了{day}的异常查看。"
    reviewer = One(PersonRef)
