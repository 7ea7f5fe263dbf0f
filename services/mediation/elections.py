"""Elections 竞聘 (domain §2 A12): one ballot a voter and round, counted openly; a tie is voted on again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from capability import publishing
from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked, every
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.deadlines import MediationDeadlineApproaching
from contracts.mediation import elections as say
from contracts.mediation.election_views import READERS, BallotMode, ElectionView
from contracts.mediation.election_views import ElectionState as S
from kernel.masking import mask_name
from kernel.rights import in_states
from services.mediation import conflicts
from services.mediation.numbering import root_number
from services.mediation.resolutions import ANSWER, PUBLICATION
from services.mediation.rules import due, rules
from services.mediation.tables import Ballot, Election

Command = dict[str, Any]
LEAST = "election.candidates"
BEFORE = {S.NOMINATING, S.VOTING, S.RUN_OFF, S.COUNTED}
ON_BOARD = in_states("公开的", *(set(S) - {S.CALLED_OFF}))

LIFE: Life[Election, S] = Life(
    Election,
    S.NOMINATING,
    {
        say.StandForElection: Move({S.NOMINATING}, None),
        say.OpenVoting: Move({S.NOMINATING, S.RUN_OFF}, S.VOTING),
        say.HandOutBallots: Move({S.VOTING}, None),
        say.CastBallot: Move({S.VOTING}, None),
        say.CountBallots: Move({S.VOTING}, S.COUNTED),
        "tied": Move({S.COUNTED}, S.RUN_OFF),
        say.PublishElection: Move({S.COUNTED}, S.PUBLISHED),
        say.ObjectToElection: Move({S.PUBLISHED}, None),
        say.AnswerElectionObjection: Move({S.PUBLISHED}, None),
        "objection_upheld": Move({S.PUBLISHED}, S.RUN_OFF),
        "publication_ended": Move({S.PUBLISHED}, S.CONCLUDED),
        say.CallOffElection: Move(BEFORE, S.CALLED_OFF, say.ElectionCalledOff),
    },
    Rules(
        by_number(Election), READERS, unknown_number, outbox.record, due=due,
        approaching=MediationDeadlineApproaching,
    ),
    answers=(say.GetElection, say.ListElections),
)  # fmt: skip


@asked(say.CallElection)
def call(session: Session, who: Principal, command: Command, now: datetime) -> Election:
    """Errors: Forbidden."""
    election = Election(
        **command, to_fill=command["seats"], candidates=[], marks=[], counts=[], elected=[], round=0, issued=0
    )
    election.case_number = root_number(session, "EO", election.area_path, now)
    return LIFE.start(session, who, say.CallElection, election, now, say.ElectionCalled)


@asked(say.StandForElection)
def stand(session: Session, who: Principal, command: Command, now: datetime) -> Election:
    """Errors: as `Life.begin`; Conflict for somebody who stands already."""
    election = LIFE.begin(session, who, say.StandForElection, command)
    given = {name: command[name] for name in ("name", "account", "statement")}
    if any(_same(each, given) for each in election.candidates):
        raise Conflict("已经登记为候选人")
    no = len(election.candidates) + 1
    mark = conflicts.mark(given["name"], command["phone"])
    election.candidates = [*election.candidates, {"no": no, **given, "mark": mark}]
    election.marks = [each["mark"] for each in election.candidates if each.get("mark")]
    return LIFE.done(session, who, election, now, say.CandidateEntered, candidate_no=no)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Accounts tell people apart; of those without, names do."""
    known = one["account"], other["account"]
    return known[0] == known[1] if all(known) else bool(one["name"] == other["name"])


@asked(say.OpenVoting)
def open_voting(session: Session, who: Principal, command: Command, now: datetime) -> Election:
    """Errors: as `Life.begin`; Conflict with fewer candidates than policy key election.candidates or the seats;
    Invalid for a teller who stands.
    """
    election = LIFE.begin(session, who, say.OpenVoting, command)
    names = {each["name"] for each in election.candidates}
    tellers = {*command["tellers"]}
    Invalid.where(tellers=(len(tellers) < 2 and "监票、计票至少两人") or (names & tellers and "候选人不能监票、计票"))
    if election.state == S.NOMINATING:
        least = max(rules(now).pack.value(LEAST), election.seats)
        if len(election.candidates) < least:
            raise Conflict(f"至少要有{least}名候选人，现在{len(election.candidates)}名")
        election.running = [each["no"] for each in election.candidates]
    election.tellers, election.round, election.issued = command["tellers"], election.round + 1, 0
    election.cast = [0] * len(election.running)
    return LIFE.done(session, who, election, now, say.VotingOpened, seats=election.to_fill)


@asked(say.HandOutBallots)
def hand_out(session: Session, who: Principal, command: Command, now: datetime) -> Election:
    """Who has a ballot of this round gets no second. Errors: as `Life.begin`; Conflict where votes are by account."""
    election = _in_mode(session, who, say.HandOutBallots, command, BallotMode.PAPER)
    election.issued += _issue(session, election, [each["voter_key"] for each in command["voters"]])
    return LIFE.done(session, who, election, now)


@asked(say.CastBallot)
def cast(session: Session, who: Principal, command: Command, now: datetime) -> Election:
    """Who voted and how many chose whom are kept, never who chose whom (decision 22).

    Errors: as `Life.begin`; Invalid for strange, repeated or too many choices; Conflict for a second ballot, or where
    votes are on paper.
    """
    election, choices = _in_mode(session, who, say.CastBallot, command, BallotMode.PHONE), command["choices"]
    Invalid.where(
        choices=(not {*choices} <= {*election.running} and f"可以选的是：{_numbers(election.running)}号")
        or (len({*choices}) < len(choices) and "同一个人只能选一次")
        or (len(choices) > election.to_fill and f"最多选{election.to_fill}人")
    )
    if not _issue(session, election, [who.id]):
        raise Conflict("您已经投过票，一人一次")
    election.issued += 1
    election.cast = [votes + (no in choices) for no, votes in zip(election.running, election.cast, strict=True)]
    return LIFE.done(session, who, election, now)


def _in_mode(session: Session, who: Principal, contract: Any, command: Command, mode: BallotMode) -> Election:
    election = LIFE.begin(session, who, contract, command)
    if election.mode != mode:
        raise Conflict(f"这次竞聘是{BallotMode(election.mode).label}")
    return election


def _issue(session: Session, election: Election, voters: list[str]) -> int:
    """Ballots of the present round; how many of them are a voter's first."""
    rows = [{"election_id": election.id, "round": election.round, "voter_key": voter} for voter in voters]
    fresh = insert(Ballot).values(rows).on_conflict_do_nothing().returning(Ballot.voter_key)
    return len(session.scalars(fresh).all())


@asked(say.CountBallots)
def count(session: Session, who: Principal, command: Command, now: datetime) -> Election:
    """Errors: as `Life.begin`; Invalid for figures that more ballots would need than were handed out."""
    election = LIFE.begin(session, who, say.CountBallots, command)
    by_hand = election.mode == BallotMode.PAPER
    votes, valid, spoiled = _entered(election, command) if by_hand else _cast(election)
    chosen, tied = decided(votes, election.to_fill)
    election.sheets = [*election.sheets, *command["sheets"]]
    election.counts = [*election.counts, {
        "round": election.round, "at": now.astimezone(UTC).isoformat(), "seats": election.to_fill,
        "issued": election.issued if by_hand else valid, "valid": valid, "spoiled": spoiled,
        "elected": chosen, "tied": tied, "votes": {str(no): number for no, number in votes.items()},
    }]  # fmt: skip
    election.elected = sorted({*election.elected, *chosen})
    LIFE.advance(election)
    if tied:
        election.running, election.to_fill = tied, election.to_fill - len(chosen)
        LIFE.move(election, "tied")
    told = {"valid": valid, "elected_count": len(election.elected), "tied_count": len(tied) or None}
    return LIFE.done(session, who, election, now, say.BallotsCounted, **told)


def decided(votes: Mapping[int, int], seats: int) -> tuple[list[int], list[int]]:
    """Who is elected, and who must be voted on again because as many votes would fill more seats than there are.

    Nobody is elected without a vote.
    """
    ranked = sorted((no for no, number in votes.items() if number), key=lambda no: (-votes[no], no))
    if len(ranked) <= seats or votes[ranked[seats]] < votes[ranked[seats - 1]]:
        return ranked[:seats], []
    line = votes[ranked[seats]]
    return [no for no in ranked if votes[no] > line], [no for no in ranked if votes[no] == line]


def _entered(election: Election, command: Command) -> tuple[dict[int, int], int, int]:
    """Errors: Invalid."""
    votes, valid, spoiled = (
        {each["no"]: each["votes"] for each in command["counts"]},
        command["valid"],
        command["spoiled"],
    )
    Invalid.where(
        counts=(votes.keys() != {*election.running} and f"{_numbers(election.running)}号每人都要填得票")
        or (max(votes.values(), default=0) > valid and "一个人的得票不能多于有效票")
        or (sum(votes.values()) > valid * election.to_fill and f"一张票最多选{election.to_fill}人，票数对不上"),
        valid=valid + spoiled > election.issued and f"只发出{election.issued}张票",
    )
    return votes, valid, spoiled


def _cast(election: Election) -> tuple[dict[int, int], int, int]:
    return dict(zip(election.running, election.cast, strict=True)), election.issued, 0


def _numbers(numbers: list[int]) -> str:
    return "、".join(map(str, numbers))


@asked(say.PublishElection)
def publish(session: Session, who: Principal, command: Command, now: datetime) -> Election:
    """Errors: as `Life.begin`."""
    election = LIFE.begin(session, who, say.PublishElection, command)
    election.publish(due(PUBLICATION, now, now), now)
    return LIFE.done(session, who, election, now, say.ElectionPublished)


@asked(say.ObjectToElection)
def object_to(session: Session, who: Principal, command: Command, now: datetime) -> Election:
    """Errors: as `Life.begin`; Conflict once publication is over."""
    election, answer_due = LIFE.begin(session, who, say.ObjectToElection, command), due(ANSWER, now, now)
    election.object(command["words"], answer_due, who.id, now)
    return LIFE.done(session, who, election, now, say.ElectionObjected, answer_due=answer_due)


@asked(say.AnswerElectionObjection)
def answer(session: Session, who: Principal, command: Command, now: datetime) -> Election:
    """Upheld, all seats are voted on again. Errors: as `Life.begin`; Invalid; Conflict for one answered already."""
    election, upheld = LIFE.begin(session, who, say.AnswerElectionObjection, command), command["upheld"]
    election.reply(command["objection_id"], command["reply"], upheld, who.id, now)
    LIFE.advance(election)
    if upheld:
        LIFE.move(election, "objection_upheld")
        election.running, election.to_fill = [each["no"] for each in election.candidates], election.seats
        election.elected, election.published_from, election.published_until = [], None, None
        election.until(None, now)
    return LIFE.done(session, who, election, now, say.ElectionObjectionAnswered, upheld=upheld)


@every(seconds=5)
def conclude_elections(session: Session, who: Principal, now: datetime) -> None:
    """Published long enough, with every objection answered, those with the most votes are elected."""
    for election in publishing.ended(session, Election, [S.PUBLISHED], now):
        LIFE.move(election, "publication_ended")
        election.until(None, now)
        told = {"elected_count": len(election.elected), "elected": accounts(election, masked=True)}
        LIFE.done(session, who, election, now, say.ElectionConcluded, **told)


def accounts(election: Election, *, masked: bool = False) -> list[dict[str, str]]:
    """The elected who have an account, by id and name."""
    return [
        {"id": each["account"], "name": mask_name(each["name"]) if masked else each["name"]}
        for each in election.candidates
        if each["no"] in election.elected and each["account"]
    ]


@asked(say.ListElectionBoard)
def list_board(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    return LIFE.page(session, who, command, now, ON_BOARD)


@standing_of.register
def _stands(election: Election) -> Standing:
    waits = election.state in BEFORE or election.unanswered
    return Standing(
        kind=ElectionView.about.kind, state=election.state, number=election.number, due=election.due_at,
        waits=("role:COMMUNITY",) if waits else (), tally={"mode": election.mode},
    )  # fmt: skip
