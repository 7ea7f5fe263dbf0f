"""Elections 竞聘 (domain §2 A12): residents stand, neighbours vote, ballots are counted openly, ties vote again."""

from contracts.fields import Code, Count, Flag, Many, Moment, Text, some
from contracts.mediation.base import MediationCommand, NumberedFact
from contracts.mediation.election_views import (
    MANAGERS,
    READERS,
    BallotMode,
    ElectionBoard,
    ElectionPage,
    ElectionState,
    ElectionView,
)
from contracts.mediation.election_views import TAG as TAG
from contracts.mediation.topics import NEIGHBOURS
from contracts.publishing import ObjectionAnswer, ObjectionInput
from contracts.schema import StrictShape, VersionedCommand
from contracts.shapes import Addressee, ListCommand, evidence_files
from contracts.tokens import PersonName, Phone, area, case_no, staff_id
from contracts.words import shared_text
from kernel.rights import anybody, everybody


class ElectionCommand(VersionedCommand, MediationCommand):
    answer = ElectionView
    number = case_no()


class CallElection(MediationCommand):
    title = "组织竞聘"
    route = "POST /elections"
    by = MANAGERS
    hint = "候选人要比规定的人数多或一样多；票数相同的再投一次；结果公示后才算当选。"
    location = "/api/elections/{number}"
    answer = ElectionView
    subject = shared_text(80, label="选什么", help="例如：老旧小区改造百姓监督员")
    area_path = area(label="哪个范围")
    seats = Count(1, 50, label="选几人")
    mode = Code(BallotMode, label="怎么投票", default=BallotMode.PAPER)
    voters_rule = shared_text(200, label="谁可以投票", help="例如：本小区十八周岁以上的居民，一人一票")
    meets_at = Moment(label="时间")
    place_text = shared_text(200, label="地点")


class StandForElection(ElectionCommand):
    """Entered by the community, which knows the person; `account` is with which an elected one then works."""

    title = "登记候选人"
    main = True
    route = "POST /elections/<number>/candidates"
    by = MANAGERS
    name = PersonName(label="姓名")
    phone = Phone(optional=True, label="电话", help="不保存，只用来日后按本人要求查到、删掉")
    account = staff_id(optional=True, label="账号")
    statement = Text(500, label="自荐的话", optional=True)


class OpenVoting(ElectionCommand):
    """The first round, or the next one among those of equal votes."""

    title = "开始投票"
    main = True
    route = "POST /elections/<number>/voting"
    by = MANAGERS
    tellers = Many(PersonName(), least=1, most=10, label="监票、计票人", help="至少两人，候选人不能当")


class VoterInput(StrictShape):
    """`voter_key` tells voters apart, e.g. the number on the list of voters; one of them has one ballot a round."""

    voter_key = Text(40, label="选民名册编号")


class HandOutBallots(ElectionCommand):
    """Who has one already gets no second."""

    title = "发选票"
    route = "POST /elections/<number>/ballots"
    by = MANAGERS
    voters = some(VoterInput, least=1, most=200)


class CastBallot(ElectionCommand):
    """By the voter's own account, once a round, in secret.

    No answer is kept for a repetition: what it was asked with would tell who chose whom.
    """

    title = "投票（一人一次）"
    route = "POST /elections/<number>/votes"
    by = NEIGHBOURS
    keeps_answer = False
    choices = Many(Count(1, 500), least=1, most=50, label="选谁（号数）", help="不能多于要选的人数")


class CandidateVotes(StrictShape):
    no = Count(1, 500, label="号数")
    votes = Count(0, 99999, label="得票")


class CountBallots(ElectionCommand):
    """Openly, once a round. Of votes by account the machine has the figures and none are entered."""

    title = "公开计票"
    main = True
    route = "POST /elections/<number>/counts"
    by = MANAGERS
    counts = some(CandidateVotes, most=500, label="各人得票")
    valid = Count(0, 99999, label="有效票", default=0)
    spoiled = Count(0, 99999, label="废票", default=0)
    sheets = evidence_files(label="计票板、选票照片")


class PublishElection(ElectionCommand):
    """For the days of policy key council.publication."""

    title = "公示结果"
    main = True
    route = "POST /elections/<number>/publication"
    by = MANAGERS


class ObjectToElection(ObjectionInput, ElectionCommand):
    title = "提异议"
    route = "POST /elections/<number>/objections"
    by = NEIGHBOURS | MANAGERS


class AnswerElectionObjection(ObjectionAnswer, ElectionCommand):
    """Upheld, all candidates are voted on again."""

    title = "答复异议"
    route = "POST /elections/<number>/objections/answers"
    by = MANAGERS


class CallOffElection(ElectionCommand):
    title = "取消竞聘"
    route = "POST /elections/<number>/calling-off"
    by = MANAGERS
    reason = shared_text(200, label="原因")


class GetElection(MediationCommand):
    title = "查看竞聘"
    route = "GET /elections/<number>"
    by = READERS
    answer = ElectionView
    number = case_no()


class ListElections(ListCommand, MediationCommand):
    title = "竞聘"
    route = "GET /elections"
    page = "elections"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = ElectionPage
    state = Many(Code(ElectionState), most=10, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class ListElectionBoard(ListCommand, MediationCommand):
    """Of a place: what is voted on, and how it went."""

    title = "竞聘公开栏"
    route = "GET /elections/board"
    page = "election-board"
    by = anybody()
    public = True
    answer = ElectionBoard
    area_path = area()


class ElectionCalled(NumberedFact):
    title = "组织竞聘"
    for_staff = for_resident = "{meets_at}竞聘，选{seats}人，可以报名。"
    meets_at, seats = Moment(), Count(1)


class CandidateEntered(NumberedFact):
    title = "登记候选人"
    for_staff = for_resident = "登记了{candidate_no}号候选人。"
    candidate_no = Count(1)


class VotingOpened(NumberedFact):
    title = "开始投票"
    for_staff = for_resident = "第{round}轮投票，选{seats}人。"
    round, seats = Count(1), Count(1)


class BallotsCounted(NumberedFact):
    title = "公开计票"
    for_staff = for_resident = "第{round}轮有效票{valid}张，{elected_count}人领先[，{tied_count}人票数相同，要再投]。"
    round, valid, elected_count = Count(1), Count(), Count()
    tied_count = Count(optional=True)


class ElectionPublished(NumberedFact):
    title = "公示"
    for_staff = for_resident = "结果公示到{published_until}，可以提异议。"
    published_until = Moment()


class ElectionObjected(NumberedFact):
    title = "提出异议"
    for_staff, for_resident = "有人提出异议，{answer_due}前答复。", None
    answer_due = Moment()


class ElectionObjectionAnswered(NumberedFact):
    title = "答复异议"
    for_staff, for_resident = "异议已答复[，{upheld}]。", None
    upheld = Flag(label="采纳，重新投票")


class ElectionConcluded(NumberedFact):
    """`elected` are those who work with an account of their own."""

    title = "当选"
    for_staff = for_resident = "公示期满，{elected_count}人当选。"
    elected_count = Count()
    elected = some(Addressee, most=50)


class ElectionCalledOff(NumberedFact):
    title = "取消"
    for_staff = for_resident = "竞聘取消。"
