"""Terms of keeping 保存期限 of councils, decisions, elections and sites: figures and resolutions stay, people go."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select

from capability.terms import CLOSED, DOSSIER, Term
from chassis.erased import GONE
from contracts.mediation.projects import ProjectState
from contracts.mediation.site_issues import SiteIssueState
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
from services.mediation.taking_part import ENDED, anybody

_WATCHED = exists().where(Project.election_number == Election.case_number, Project.state == ProjectState.RUNNING)
SETTLED = (SiteIssueState.CONFIRMED, SiteIssueState.WITHDRAWN)


def _ended(model: Any, key: Any) -> dict[str, Any]:
    """Since when the matter a row belongs to is over."""
    return {
        "ended": select(model.updated_at).where(model.id == key).scalar_subquery(),
        "over": key.in_(select(model.id).where(model.state.in_(ENDED))),
    }


def _filed(row: Any) -> list[dict[str, Any]]:
    """That there were objections stays, and what was answered."""
    return [{**each, "words": GONE, "by": GONE} for each in row.filed or ()]


def _earlier(row: Council) -> list[dict[str, Any]]:
    return [{**each, "minutes": None, "opinions": [], "dissent": None} for each in row.earlier or ()]


def _candidates(row: Election) -> list[dict[str, Any]]:
    """The numbers and the votes each had stay."""
    nobody = {"name": GONE, "statement": None, "account": None, "mark": None}
    return [{**each, **nobody} for each in row.candidates or ()]


TERMS = (
    Term(
        "议事会记录", DOSSIER, Council, Council.updated_at, Council.state.in_(ENDED),
        {"minutes": None, "opinions": [], "dissent": None, "review": None, "earlier": _earlier, "filed": _filed},
    ),
    Term(
        "议事会签到", CLOSED, Attendee, **_ended(Council, Attendee.council_id),
        clears={"name": GONE, "group": None, "mark": None},
    ),
    Term("议事会投票名单", CLOSED, Vote, **_ended(Council, Vote.council_id), clears={"voter_id": anybody}),
    Term(
        "决策事项", DOSSIER, Decision, Decision.updated_at, Decision.state.in_(ENDED),
        {"proposal": GONE, "filed": _filed},
    ),
    Term(
        "竞聘候选人", DOSSIER, Election, Election.updated_at, Election.state.in_(ENDED) & ~_WATCHED,
        {"candidates": _candidates, "tellers": [], "marks": [], "filed": _filed},
    ),
    Term("竞聘投票名单", CLOSED, Ballot, **_ended(Election, Ballot.election_id), clears={"voter_key": anybody}),
    Term("议题", CLOSED, Topic, Topic.updated_at, Topic.state.in_(ENDED), {"content": None}),
    Term(
        "对议题的意见", CLOSED, Opinion, **_ended(Topic, Opinion.topic_id),
        clears={"words": GONE, "by_id": GONE}, besides=["words"],
    ),
    Term(
        "现场问题", CLOSED, SiteIssue, SiteIssue.updated_at, SiteIssue.state.in_(SETTLED),
        {"words": GONE, "place_text": GONE, "photos": [], "proof": []},
    ),
)  # fmt: skip
