"""Elections 竞聘 as they are shown: states, who reads what, the public board."""

from typing import Any

from contracts.fields import Code, Count, Flag, Many, Moment, Text, some
from contracts.matters import Matter
from contracts.mediation.topics import INSIDERS, NEIGHBOURS
from contracts.publishing import ObjectionView
from contracts.schema import Shape
from contracts.shapes import AggregateView, Page, files
from contracts.tokens import case_no
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at

TAG = "百姓监督"


class ElectionState(Codes):
    NOMINATING = "NOMINATING", "报名中"
    VOTING = "VOTING", "投票中"
    RUN_OFF = "RUN_OFF", "票数相同，待再投"
    COUNTED = "COUNTED", "已计票，待公示"
    PUBLISHED = "PUBLISHED", "公示中"
    CONCLUDED = "CONCLUDED", "已当选"
    CALLED_OFF = "CALLED_OFF", "已取消"


class BallotMode(Codes):
    """One for a whole election: who votes in two ways would have two votes."""

    PAPER = "PAPER", "现场发票、投票"
    PHONE = "PHONE", "本人账号投票"


MANAGERS = at(Role.COMMUNITY, Role.STREET)
READERS = INSIDERS | at(Role.SUPERVISOR) | NEIGHBOURS


class StandingView(Shape):
    """A candidate as everybody may read it."""

    no = Count(1, label="号数")
    name = Text(40, label="候选人")
    votes = Count(label="得票", optional=True)
    elected = Flag(label="当选")


class CandidateView(Shape):
    no = Count(1, label="号数")
    name = Text(40, label="姓名")
    statement = Text(500, label="自荐的话", optional=True)


class CountView(Shape):
    """One round; nothing is ever taken out."""

    round = Count(1, label="第几轮")
    at = Moment(label="计票")
    seats = Count(1, label="选几人")
    issued = Count(label="发出的票")
    valid = Count(label="有效票")
    spoiled = Count(label="废票")
    elected = Many(Count(1), label="当选（号数）")
    tied = Many(Count(1), label="票数相同（号数）")


class ElectionOnBoard(Shape):
    """What everybody may read: who stands by number and masked name, how the rounds went."""

    about = Matter(
        "ELECTION",
        "竞聘",
        ElectionState,
        {
            "NOMINATING": "报名中的竞聘",
            "VOTING": "待计票的竞聘",
            "RUN_OFF": "要再投的竞聘",
            "COUNTED": "待公示的竞聘",
        },
        headline="{subject}",
    )
    number: Any = case_no(label="编号")
    state = Code(ElectionState, label="进展")
    subject = Text(80, label="选什么")
    seats = Count(1, label="选几人")
    voters_rule = Text(200, label="谁可以投票")
    mode = Code(BallotMode, label="怎么投票")
    meets_at = Moment(label="时间")
    place_text = Text(200, label="地点")
    standing = some(StandingView, label="候选人")
    rounds = some(CountView, label="计票")
    published_from = Moment(label="公示开始", optional=True)
    published_until = Moment(label="公示到", optional=True)


class ElectionView(AggregateView, ElectionOnBoard):
    candidates = some(CandidateView, label="候选人姓名", seen_by=INSIDERS)
    tellers = Many(Text(40), label="监票、计票人", seen_by=INSIDERS)
    issued = Count(label="本轮已发票", seen_by=INSIDERS)
    sheets = files(label="计票板、选票照片", seen_by=INSIDERS)
    objections = some(ObjectionView, label="异议", seen_by=INSIDERS)
    due_at = Moment(label="期限", optional=True)
    reason = shared_text(200, label="取消的原因", optional=True)


class ElectionPage(Page):
    items = some(ElectionView)


class ElectionBoard(Page):
    items = some(ElectionOnBoard)
