"""Commendations 表彰: every month the best stewards and stairwells of a place, within the quota, on a public list."""

from typing import Any

from contracts import tokens
from contracts.fields import Code, Count, Many, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page
from contracts.tokens import area, case_no
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import anybody, at, everybody, in_states, own

TAG = "楼门管家"


class CommendationState(Codes):
    DRAFT = "DRAFT", "待公布"
    PUBLISHED = "PUBLISHED", "已公布"
    DISCARDED = "DISCARDED", "已作废"


OFFICES = at(Role.STREET, Role.DISTRICT)
READERS = OFFICES | at(Role.COMMUNITY, Role.AUDITOR)


class CommendedSteward(Shape):
    """By masked name and stairwell."""

    place = Text(60, label="楼门")
    masked_name = Text(40, label="称呼")
    score = Count(label="分数")


class StairwellInput(Shape):
    area_path = area(label="优秀楼门")


class CommendationOnBoard(Shape):
    about = Matter("COMMENDATION", "表彰", CommendationState, {"DRAFT": "公布本月表彰"}, headline="{place} {month}")
    number: Any = case_no(label="编号")
    place = Text(60, label="哪里")
    month = tokens.month(label="月份")
    stewards = some(CommendedSteward, label="优秀楼门管家")
    stairwells = Many(Text(60), most=200, label="优秀楼门")


class CommendationView(AggregateView, CommendationOnBoard):
    state = Code(CommendationState, label="进展")


class CommendationPage(Page):
    items = some(CommendationView)


class CommendationBoard(Page):
    items = some(CommendationOnBoard)


class CommendationCommand(VersionedCommand, NotifyCommand):
    answer = CommendationView
    number = case_no()


class DraftCommendation(NotifyCommand):
    """The best evaluated of the month, as many as the quota (policy key steward.commended); one list a month."""

    title = "拟定本月表彰"
    route = "POST /commendations"
    by = OFFICES
    location = "/api/commendations/{number}"
    answer = CommendationView
    area_path = area(label="哪里")
    month = tokens.month(label="月份")
    stairwells = some(StairwellInput)


class PublishCommendation(CommendationCommand):
    """By somebody else than who drafted it."""

    title = "公布"
    main = True
    route = "POST /commendations/<number>/publication"
    by = OFFICES.but(own("drafter_id", words="拟定人"))


class DiscardCommendation(CommendationCommand):
    title = "作废重拟"
    route = "POST /commendations/<number>/discard"
    by = OFFICES


class GetCommendation(NotifyCommand):
    title = "查看表彰"
    route = "GET /commendations/<number>"
    by = READERS
    answer = CommendationView
    number = case_no()


class ListCommendations(ListCommand, NotifyCommand):
    title = "表彰"
    route = "GET /commendations"
    page = "commendations"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = CommendationPage
    state = Many(Code(CommendationState), most=20, label="进展")
    area_path = area(optional=True, label="哪里")
    numbers = Many(case_no(), most=200)


class ListCommended(ListCommand, NotifyCommand):
    title = "光荣榜"
    route = "GET /commendations/board"
    page = "commended"
    by = anybody()
    public = True
    answer = CommendationBoard
    area_path = area()


PUBLISHED = in_states("已公布的", CommendationState.PUBLISHED)


class CommendationFact(NotifyEvent):
    for_resident = None
    number = case_no()


class CommendationDrafted(CommendationFact):
    title = "拟定"
    for_staff = "拟定{month}表彰，待公布。"
    month = tokens.month()


class CommendationPublished(CommendationFact):
    title = "公布"
    for_staff = "公布{month}表彰：管家{steward_count}名，楼门{stairwell_count}个。"
    month, steward_count, stairwell_count = tokens.month(), Count(), Count()


class CommendationDiscarded(CommendationFact):
    title = "作废"
    for_staff = "作废，重新拟定。"
