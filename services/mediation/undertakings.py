"""How a resolution is carried out 落实: one step after another, then the residents' word, then a look back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.envelope import Event
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Principal
from contracts.mediation import undertakings as say
from contracts.mediation.council_views import CouncilState as S
from contracts.mediation.council_views import LookBackResult
from contracts.mediation.council_views import WorkState as W
from services.mediation.council_life import LIFE, tell
from services.mediation.rules import due, rules
from services.mediation.tables import Council

Command = dict[str, Any]
REVIEW_SHARE, LOOK_BACK = "council.review_share", "council.look_back"


def add(council: Council, what: str, owner: str, due_at: datetime) -> None:
    """One more step, after those there are."""
    work = {"no": len(council.undertakings or ()) + 1, "what": what, "owner": owner, "due_at": due_at.isoformat()}
    council.undertakings = [*(council.undertakings or ()), {**work, "state": W.WAITING.value, "note": None}]
    council.doers = sorted({*(council.doers or ()), owner})


def begin_next(session: Session, who: Principal, council: Council, now: datetime) -> None:
    """The first step that waits is assigned; where none is left, the whole is done."""
    work = next((each for each in council.works if each["state"] != W.ACCEPTED), None)
    if work is None:
        LIFE.move(council, "all_accepted")
        council.until(None, now)
        tell(session, say.CouncilDone, council, who, now)
        return
    _put(council, work["no"], state=W.OPEN)
    council.until(work["due_at"], now)
    told = {"work_no": work["no"], "owner": work["owner"], "due_at": work["due_at"]}
    tell(session, say.CouncilTaskAssigned, council, who, now, **told)


def _put(council: Council, no: int, **changed: Any) -> None:
    plain = {name: str(value) for name, value in changed.items() if value is not None}
    council.undertakings = [{**each, **plain} if each["no"] == no else each for each in council.undertakings]


def _work(council: Council, command: Command, *allowed: W) -> Mapping[str, Any]:
    """The step a command names. Errors: Invalid for none; Conflict for one that waits for the step before it."""
    work = next((each for each in council.undertakings if each["no"] == command["work_no"]), None)
    if work is None:
        raise Invalid.because({"work_no": ["没有这一步"]})
    if work["state"] not in allowed:
        found = W(work["state"])
        raise Conflict(
            f"第{work['no']}步“{found.label}”，现在不能办", work_state=found.value, allowed_states=list(allowed)
        )
    return work


WHISTLED_FOR = (S.HELD, S.RESOLVED, S.PUBLISHED, S.IMPLEMENTING, S.DONE)


@asked(say.LocateCouncil)
def locate(session: Session, who: Principal, command: Command, now: datetime) -> Command:
    """Errors: Forbidden for people; NotFound where no whistle may be for it."""
    permit(who, say.LocateCouncil, command)
    of_it = select(Council).where(Council.case_number == command["number"], Council.state.in_(WHISTLED_FOR))
    council = session.scalars(of_it).one_or_none()
    if council is None:
        raise NotFound("没有找到这次议事会，或现在不能为它吹哨", number=command["number"])
    return {"id": council.id, "number": council.number, "area_path": council.area_path, "due_at": council.due_at}


def whistled(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """A whistle for what was talked over is noted with the council, once."""
    council = session.get(Council, UUID(str(event.data["source"]["id"])), with_for_update=True)
    number = event.data["whistle_number"]
    if council is None or number in council.whistles:
        return
    council.whistles = [*council.whistles, number]
    tell(session, say.CouncilWhistled, council, who, now, whistle_number=number)


@asked(say.FinishWork)
def finish(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Errors: as `Life.begin`; Conflict before the step before it was accepted."""
    council = LIFE.begin(session, who, say.FinishWork, command)
    work = _work(council, command, W.OPEN)
    _put(council, work["no"], state=W.FINISHED, note=command["note"])
    council.proof = [*council.proof, *command["proof"]]
    return LIFE.done(session, who, council, now, say.CouncilTaskFinished, work_no=work["no"])


@asked(say.AcceptWork)
def accept(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """The next step begins. Errors: as `Life.begin`; Conflict for one that is not finished."""
    council = LIFE.begin(session, who, say.AcceptWork, command)
    work = _work(council, command, W.FINISHED)
    _put(council, work["no"], state=W.ACCEPTED)
    LIFE.done(session, who, council, now, say.CouncilTaskAccepted, work_no=work["no"])
    begin_next(session, who, council, now)
    return council


@asked(say.ReturnWork)
def send_back(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Errors: as `accept`."""
    council = LIFE.begin(session, who, say.ReturnWork, command)
    work = _work(council, command, W.FINISHED)
    _put(council, work["no"], state=W.OPEN, note=command["note"])
    return LIFE.done(session, who, council, now, say.CouncilTaskReturned, work_no=work["no"])


@asked(say.ReviewCouncil)
def review(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Below policy key council.review_share, in percent, the last step is done again. Errors: as `Life.begin`; Invalid
    for more satisfied than asked.
    """
    council = LIFE.begin(session, who, say.ReviewCouncil, command)
    reviewers, satisfied = command["reviewers"], command["satisfied"]
    Invalid.where(satisfied=satisfied > reviewers and "满意的不能多于参加评议的")
    council.reviewers, council.satisfied, council.review = reviewers, satisfied, command["review"]
    passed = satisfied * 100 >= reviewers * rules(now).pack.value(REVIEW_SHARE)
    LIFE.advance(council)
    LIFE.move(council, "approved" if passed else "disapproved")
    LIFE.done(session, who, council, now, say.CouncilResultReviewed, passed=passed)
    if not passed:
        again(session, who, council, now)
    return council


def again(session: Session, who: Principal, council: Council, now: datetime) -> None:
    """The last step is done again, by the date that the first of its days left for it."""
    if council.undertakings:
        _put(council, council.undertakings[-1]["no"], state=W.WAITING)
    begin_next(session, who, council, now)


@asked(say.CloseCouncil)
def close(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Errors: as `Life.begin`."""
    council = LIFE.begin(session, who, say.CloseCouncil, command)
    council.until(due(LOOK_BACK, now, now), now)
    return LIFE.done(session, who, council, now, say.CouncilClosed, look_back_at=council.due_at)


@asked(say.LookBackAtCouncil)
def look_back(session: Session, who: Principal, command: Command, now: datetime) -> Council:
    """Errors: as `Life.begin`; Conflict where nothing is to be looked at."""
    council = LIFE.begin(session, who, say.LookBackAtCouncil, command)
    if council.due_at is None:
        raise Conflict("没有要回头看的")
    council.look_back, council.proof = str(command["result"]), [*council.proof, *command["proof"]]
    kept = command["result"] == LookBackResult.KEPT
    council.until(None if kept else due(LOOK_BACK, now, now), now)
    return LIFE.done(session, who, council, now, say.CouncilLookedBack, result=command["result"])
