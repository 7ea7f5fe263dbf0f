"""What councils, decisions and elections hold about who took part, each kind until its matter is over.

Signatures and candidates are found by name and telephone together (`conflicts.mark`), all else by the id with which
somebody voted, spoke or objected. Figures stay: how many signed in, how many votes a number had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from capability.holdings import Holding, Kept, Subject
from chassis.erased import GONE
from chassis.store import new_id
from contracts.mediation.council_views import CouncilState
from contracts.mediation.decisions import DecisionState
from contracts.mediation.election_views import ElectionState
from contracts.mediation.projects import ProjectState
from contracts.mediation.topics import TopicState
from kernel.codes.holdings import Keeping
from services.mediation import conflicts
from services.mediation.tables import (
    Attendee,
    Ballot,
    Council,
    Decision,
    Election,
    Opinion,
    Project,
    SiteIssue,
    Topic,
    Vote,
)

ENDED = frozenset(
    {
        CouncilState.CLOSED, CouncilState.CALLED_OFF, ElectionState.CONCLUDED, ElectionState.CALLED_OFF,
        DecisionState.CLOSED, DecisionState.WITHDRAWN, TopicState.SETTLED, TopicState.DROPPED,
    }
)  # fmt: skip
RUNS = Kept(Keeping.RUNNING)


@dataclass
class Entry:
    """One part of a sealed list in a row, as if it were a row."""

    row: Any
    part: str
    at: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, self.part)[self.at].get(name)

    def blank(self, **values: Any) -> None:
        parts = list(getattr(self.row, self.part))
        parts[self.at] = {**parts[self.at], **values}
        setattr(self.row, self.part, parts)


def _session(row: Any) -> Session:
    session = object_session(row)
    assert session is not None
    return session


def _of(model: Any, key: str) -> Callable[[Any], Any]:
    """The matter of a row."""
    return lambda row: _session(row).get_one(model, getattr(row, key))


def _by(model: Any, column: Any) -> Callable[[Session, Subject], Iterable[Any]]:
    """Rows that name one of the records."""
    return lambda session, subject: session.scalars(select(model).where(column.in_(_ids(subject))))


def _ids(subject: Subject) -> list[str]:
    return [str(each) for each in subject.person_ids]


def _marks(subject: Subject) -> list[str]:
    return [mark for name, phone in subject.people if (mark := conflicts.mark(name, phone))]


def _runs(matter: Callable[[Any], Any]) -> Callable[[Any, datetime], Kept | None]:
    return lambda row, now: None if matter(row).state in ENDED else RUNS


def _signatures(session: Session, subject: Subject) -> Iterable[Attendee]:
    return session.scalars(select(Attendee).where(Attendee.mark.in_(_marks(subject))))


def _candidates(session: Session, subject: Subject) -> Iterable[Entry]:
    marks = _marks(subject)
    for election in session.scalars(select(Election).where(Election.marks.overlap(marks)) if marks else _none()):
        yield from (Entry(election, "candidates", at) for at, each in enumerate(election.candidates)
                    if each.get("mark") in marks)  # fmt: skip


def _none() -> Any:
    return select(Election).where(Election.id.is_(None))


def _watching(entry: Entry) -> Iterable[Project]:
    of_it = select(Project).where(Project.election_number == entry.row.case_number)
    return _session(entry.row).scalars(of_it).all() if entry.account else ()


def _stands(entry: Entry, now: datetime) -> Kept | None:
    """Until nobody is elected any more, and who was has nothing left to watch."""
    watches = any(project.state == ProjectState.RUNNING for project in _watching(entry))
    return RUNS if watches or entry.row.state not in ENDED else None


def _blank_candidate(session: Session, entry: Entry, now: datetime) -> None:
    """The supervisor too. The numbers and the votes each had stay."""
    election, account = entry.row, entry.account
    for project in _watching(entry):
        project.bound = [{**each, "name": GONE} if each["id"] == account else each for each in project.bound]
        found = select(SiteIssue).where(SiteIssue.project_id == project.id, SiteIssue.supervisor_id == account)
        for issue in session.scalars(found):
            issue.supervisor_name = GONE
    election.marks = [each for each in election.marks if each != entry.mark]
    entry.blank(name=GONE, statement=None, account=None, mark=None)


def _objections(session: Session, subject: Subject) -> Iterable[Entry]:
    """Objections lie sealed in what they are raised against, so all that was ever published is looked through."""
    ids = _ids(subject)
    for model in (Council, Decision, Election):
        lists = session.execute(select(model.id, model.filed).where(model.published_until.is_not(None)))
        for key, filed in lists.all():
            own = [at for at, each in enumerate(filed or ()) if each["by"] in ids]
            yield from (Entry(session.get_one(model, key), "filed", at) for at in own)


def _blank_objection(session: Session, entry: Entry, now: datetime) -> None:
    """That there was one stays, and its answer."""
    entry.blank(words=GONE, by=GONE)


def anybody(row: Any) -> str:
    """Somebody, so that it still counts as one."""
    return str(new_id())


COUNCIL, ELECTION, TOPIC = _of(Council, "council_id"), _of(Election, "election_id"), _of(Topic, "topic_id")
_number: Callable[[Any], str] = lambda entry: entry.row.case_number  # noqa: E731
HOLDINGS = (
    Holding(
        "议事会签到", _signatures, {"姓名": "name", "身份": "group"}, {"name": GONE, "group": None, "mark": None},
        _runs(COUNCIL), lambda row: COUNCIL(row).case_number,
    ),
    Holding(
        "议事会表决", _by(Vote, Vote.voter_id), {"表决": lambda row: "已参加（选了什么没有记）"},
        {"voter_id": anybody}, _runs(COUNCIL), lambda row: COUNCIL(row).case_number,
    ),
    Holding(
        "竞聘投票", _by(Ballot, Ballot.voter_key), {"投票": lambda row: "已参加（选了谁没有记）"},
        {"voter_key": anybody}, _runs(ELECTION), lambda row: ELECTION(row).case_number,
    ),
    Holding(
        "竞聘候选人", _candidates, {"姓名": "name", "自荐的话": "statement"}, {"name": GONE}, _stands, _number,
        _blank_candidate,
    ),
    Holding(
        "议题", _by(Topic, Topic.proposer_id), {"提议": "content"}, {"content": GONE, "proposer_id": GONE},
        _runs(lambda row: row),
    ),
    Holding(
        "对议题的意见", _by(Opinion, Opinion.by_id), {"意见": "words"}, {"words": GONE, "by_id": GONE}, _runs(TOPIC),
        lambda row: TOPIC(row).case_number,
    ),
    Holding(
        "公示异议", _objections, {"异议": "words", "答复": "reply"}, {"words": GONE}, _runs(lambda entry: entry.row),
        _number, _blank_objection,
    ),
)  # fmt: skip
