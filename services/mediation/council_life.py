"""The life of a council 议事会 (domain §3.4): its moves, how it stands, what is told of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.deadlines import MediationDeadlineApproaching
from contracts.mediation import council_views as views
from contracts.mediation import councils, resolutions, undertakings
from contracts.mediation.council_views import CouncilState as S
from contracts.mediation.council_views import WorkState
from services.mediation.rules import due
from services.mediation.tables import Council

AGAIN = {S.QUORUM_FAILED, S.NO_CONSENSUS}
COMMUNITY, HOSTS = ("role:COMMUNITY",), ("role:COMMUNITY", "role:GRID")


def tell(session: Session, fact: Any, council: Council, who: Principal, now: datetime, **data: Any) -> None:
    """Records the fact; its title stands in the council's own history, which everybody may read."""
    if fact is not MediationDeadlineApproaching:
        council.history = [*(council.history or ()), {"at": now.astimezone(UTC).isoformat(), "what": fact.title}]
    outbox.record(session, fact, council, who, now, **data)


LIFE: Life[Council, S] = Life(
    Council,
    S.CONVENED,
    {
        councils.ReconveneCouncil: Move(AGAIN, S.CONVENED),
        councils.CallOffCouncil: Move({S.CONVENED, *AGAIN}, S.CALLED_OFF),
        councils.TakeRoll: Move({S.CONVENED, S.HELD}, None),
        councils.CountHeads: Move({S.CONVENED}, None),
        councils.RecordMinutes: Move({S.CONVENED}, S.HELD),
        "too_few_came": Move({S.HELD}, S.QUORUM_FAILED),
        councils.CastVote: Move({S.HELD}, None),
        councils.CountVotes: Move({S.HELD}, None),
        councils.EndItem: Move({S.HELD}, None),
        councils.ConcludeCouncil: Move({S.HELD}, S.CLOSED),
        "tasks_given": Move({S.CLOSED}, S.IMPLEMENTING),
        resolutions.DraftResolution: Move({S.HELD}, None),
        resolutions.ConfirmShare: Move({S.HELD}, None),
        resolutions.ResolveCouncil: Move({S.HELD}, S.RESOLVED),
        resolutions.RecordNoConsensus: Move({S.HELD}, S.NO_CONSENSUS, resolutions.CouncilNoConsensus),
        resolutions.PublishCouncil: Move({S.RESOLVED}, S.PUBLISHED),
        resolutions.ObjectToCouncil: Move({S.PUBLISHED}, None),
        resolutions.AnswerCouncilObjection: Move({S.PUBLISHED}, None),
        "objection_upheld": Move({S.PUBLISHED}, S.HELD),
        "publication_ended": Move({S.PUBLISHED}, S.IMPLEMENTING),
        undertakings.FinishWork: Move({S.IMPLEMENTING}, None),
        undertakings.AcceptWork: Move({S.IMPLEMENTING}, None),
        undertakings.ReturnWork: Move({S.IMPLEMENTING}, None),
        "all_accepted": Move({S.IMPLEMENTING}, S.DONE),
        undertakings.ReviewCouncil: Move({S.DONE}, None),
        "approved": Move({S.DONE}, S.REVIEWED),
        "disapproved": Move({S.DONE}, S.IMPLEMENTING),
        undertakings.CloseCouncil: Move({S.REVIEWED}, S.CLOSED),
        undertakings.LookBackAtCouncil: Move({S.CLOSED}, None),
    },
    Rules(by_number(Council), views.READERS, unknown_number, tell, due=due, approaching=MediationDeadlineApproaching),
    answers=(councils.GetCouncil, councils.ListCouncils),
)


def current_work(council: Council) -> dict[str, Any] | None:
    """The step that is to be done or accepted now."""
    return next(
        (each for each in council.undertakings or () if each["state"] in (WorkState.OPEN, WorkState.FINISHED)), None
    )


def _waits(council: Council) -> tuple[str, ...]:
    if council.state == S.HELD:
        missing = (each["payer"] for each in council.cost_shares or () if not each["confirmed_at"])
        return (*COMMUNITY, *(f"unit:{payer}" for payer in missing))
    if council.state == S.IMPLEMENTING:
        work = current_work(council)
        return (f"unit:{work['owner']}",) if work and work["state"] == WorkState.OPEN else HOSTS
    if council.state == S.PUBLISHED and not council.unanswered:
        return ()
    if council.state == S.CALLED_OFF or (council.state == S.CLOSED and council.due_at is None):
        return ()
    return HOSTS


def _units(council: Council) -> list[str]:
    """Who pays and who works has the council in sight to its end."""
    return sorted({*(council.payers or ()), *(council.doers or ())})


@standing_of.register
def _stands(council: Council) -> Standing:
    told = {"council": council.kind, "mode": council.mode, "units": ",".join(_units(council))}
    return Standing(
        kind=views.CouncilView.about.kind, state=council.state, number=council.number, due=council.due_at,
        waits=_waits(council), tally=told,
    )  # fmt: skip
