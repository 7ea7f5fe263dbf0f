"""Staged decisions 四议两公开、四民 (domain §2 A14, §3.6 inv. 13): no stage skipped, none without its quorum."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

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
from contracts.mediation import decisions as say
from contracts.mediation.decisions import DecisionState as S
from contracts.mediation.decisions import StageOutcome as Outcome
from kernel.rights import in_states
from services.mediation.numbering import root_number
from services.mediation.resolutions import ANSWER, PUBLICATION
from services.mediation.rules import due, rules
from services.mediation.tables import Decision

Command = dict[str, Any]
TEMPLATES = "decision.templates"
WAITING = {S.MEETING, S.PUBLICATION, S.WORK, S.REVIEW}
ON_BOARD = in_states("公开的", *(set(S) - {S.WITHDRAWN}))

LIFE: Life[Decision, S] = Life(
    Decision,
    S.MEETING,
    {
        say.HoldStage: Move({S.MEETING}, None),
        say.PublishStage: Move({S.PUBLICATION}, S.PUBLISHED),
        say.ObjectToDecision: Move({S.PUBLISHED}, None),
        say.AnswerDecisionObjection: Move({S.PUBLISHED}, None),
        say.ReportDecisionWork: Move({S.WORK}, None),
        say.ReviewDecision: Move({S.REVIEW}, None),
        say.WithdrawDecision: Move({*WAITING, S.PUBLISHED}, S.WITHDRAWN, say.DecisionWithdrawn),
        "meeting_next": Move({*WAITING, S.PUBLISHED}, S.MEETING),
        "publication_next": Move({*WAITING, S.PUBLISHED}, S.PUBLICATION),
        "work_next": Move({*WAITING, S.PUBLISHED}, S.WORK),
        "review_next": Move({*WAITING, S.PUBLISHED}, S.REVIEW),
        "closed": Move({*WAITING, S.PUBLISHED}, S.CLOSED),
    },
    Rules(
        by_number(Decision), say.READERS, unknown_number, outbox.record, due=due,
        approaching=MediationDeadlineApproaching,
    ),
    answers=(say.GetDecision, say.ListDecisions),
)  # fmt: skip


@asked(say.ProposeDecision)
def propose(session: Session, who: Principal, command: Command, now: datetime) -> Decision:
    """Errors: Forbidden; Invalid for a template the policy (key decision.templates) does not know."""
    templates = rules(now).pack.value(TEMPLATES)
    found = templates.get(command["template"])
    Invalid.where(template=found is None and f"没有这种办法，可用：{'、'.join(templates)}")
    stages = found["stages"]
    decision = Decision(**command, template_name=found["title"], stages=stages, at_stage=0, records=[])
    decision.state = S(stages[0]["kind"])
    decision.case_number = root_number(session, "A", decision.area_path, now)
    return LIFE.start(session, who, say.ProposeDecision, decision, now, say.DecisionProposed)


@asked(say.ListDecisionTemplates)
def list_templates(session: Session, who: Principal, command: Command, now: datetime) -> Command:
    templates = rules(now).pack.value(TEMPLATES).items()
    return {"items": [{"code": code, **template} for code, template in templates]}


def _begin(session: Session, who: Principal, contract: Any, command: Command) -> Decision:
    """The decision in the stage the command means. Errors: as `Life.begin`; Conflict in another stage."""
    decision = LIFE.begin(session, who, contract, command)
    if command["stage"] != decision.stage:
        raise Conflict(f"现在是“{decision.stage_name}”这一步，不能跳过，也不能倒着来", stage=decision.stage)
    return decision


@asked(say.HoldStage)
def hold_meeting(session: Session, who: Principal, command: Command, now: datetime) -> Decision:
    """Passes with the quorum and the majority of its stage; else the decision goes back. Errors: as `_begin`; Invalid
    for more people than were entitled, or more votes than people.
    """
    decision = _begin(session, who, say.HoldStage, command)
    votes = {name: command[name] for name in ("entitled", "attended", "yes", "no", "abstain")}
    Invalid.where(
        attended=votes["attended"] > votes["entitled"] and "实到不能多于应到",
        yes=votes["yes"] + votes["no"] + votes["abstain"] > votes["attended"] and "票数不能多于实到",
    )
    decision.papers = [*(decision.papers or ()), *command["minutes"]]
    go_on = forward if passes(decision.stages[decision.at_stage], **votes) else back
    return go_on(session, who, decision, now, **votes)


def passes(stage: Command, *, entitled: int, attended: int, yes: int, no: int, abstain: int) -> bool:
    """`quorum` and `majority` are shares such as 2/3; the majority must be more than that, of all `of` it counts."""
    basis = {"ENTITLED": entitled, "PRESENT": attended}[stage["of"]]
    return attended >= Fraction(stage["quorum"]) * entitled and yes > Fraction(stage["majority"]) * basis


@asked(say.PublishStage)
def publish(session: Session, who: Principal, command: Command, now: datetime) -> Decision:
    """For the days of policy key council.publication. Errors: as `_begin`."""
    decision = _begin(session, who, say.PublishStage, command)
    decision.published = command["published"]
    decision.publish(due(PUBLICATION, now, now), now)
    return LIFE.done(session, who, decision, now, say.DecisionPublished)


@asked(say.ObjectToDecision)
def object_to(session: Session, who: Principal, command: Command, now: datetime) -> Decision:
    """Errors: as `Life.begin`; Conflict once publication is over."""
    decision, answer_due = LIFE.begin(session, who, say.ObjectToDecision, command), due(ANSWER, now, now)
    decision.object(command["words"], answer_due, who.id, now)
    return LIFE.done(session, who, decision, now, say.DecisionObjected, answer_due=answer_due)


@asked(say.AnswerDecisionObjection)
def answer(session: Session, who: Principal, command: Command, now: datetime) -> Decision:
    """Upheld, the decision goes back. Errors: as `Life.begin`; Invalid; Conflict for one answered already."""
    decision = LIFE.begin(session, who, say.AnswerDecisionObjection, command)
    decision.reply(command["objection_id"], command["reply"], command["upheld"], who.id, now)
    LIFE.done(session, who, decision, now, say.DecisionObjectionAnswered)
    return back(session, who, decision, now, Outcome.SENT_BACK) if command["upheld"] else decision


@asked(say.ReportDecisionWork)
def report_work(session: Session, who: Principal, command: Command, now: datetime) -> Decision:
    """Errors: as `_begin`."""
    decision = _begin(session, who, say.ReportDecisionWork, command)
    decision.papers = [*(decision.papers or ()), *command["proof"]]
    return forward(session, who, decision, now)


@asked(say.ReviewDecision)
def review(session: Session, who: Principal, command: Command, now: datetime) -> Decision:
    """Below the share of the stage it is carried out again. Errors: as `_begin`; Invalid."""
    decision = _begin(session, who, say.ReviewDecision, command)
    reviewers, satisfied = command["reviewers"], command["satisfied"]
    Invalid.where(satisfied=satisfied > reviewers and "满意的不能多于参加评议的")
    enough = satisfied >= Fraction(decision.stages[decision.at_stage]["satisfied"]) * reviewers
    return (forward if enough else back)(session, who, decision, now, attended=reviewers, yes=satisfied)


@every(seconds=5)
def end_decision_publications(session: Session, who: Principal, now: datetime) -> None:
    """What was published long enough, with every objection answered, goes on."""
    for decision in publishing.ended(session, Decision, [S.PUBLISHED], now):
        forward(session, who, decision, now)


def forward(session: Session, who: Principal, decision: Decision, now: datetime, **votes: Any) -> Decision:
    """The present stage has passed: the next begins, behind the last the decision is over."""
    passed = decision.stages[decision.at_stage]
    _note(decision, Outcome.PASSED, now, **votes)
    _enter(decision, decision.at_stage + 1, now)
    told = {"stage": passed["code"], "stage_name": passed["name"], "next_name": decision.stage_name}
    LIFE.done(session, who, decision, now, say.DecisionStagePassed, **told)
    return decision if decision.present else LIFE.done(session, who, decision, now, say.DecisionClosed)


def back(
    session: Session, who: Principal, decision: Decision, now: datetime, outcome: Outcome = Outcome.FAILED, **votes: Any
) -> Decision:
    """To the stage the template names (`back_to`), else the one before; how it went stays on record."""
    failed = decision.stages[decision.at_stage]
    codes = [each["code"] for each in decision.stages]
    _note(decision, outcome, now, **votes)
    to = codes.index(failed["back_to"]) if failed.get("back_to") else max(decision.at_stage - 1, 0)
    _enter(decision, to, now)
    told = {"stage": failed["code"], "stage_name": failed["name"], "back_name": decision.stage_name}
    return LIFE.done(session, who, decision, now, say.DecisionStageFailed, **told)


def _note(decision: Decision, outcome: Outcome, now: datetime, **votes: Any) -> None:
    stage, until = decision.stages[decision.at_stage], decision.published_until
    shown = {"until": until.isoformat()} if decision.state == S.PUBLISHED and until else {}
    record = {"at": now.astimezone(UTC).isoformat(), "name": stage["name"], "outcome": outcome.value, **votes, **shown}
    decision.records = [*(decision.records or ()), record]


def _enter(decision: Decision, at_stage: int, now: datetime) -> None:
    decision.at_stage = at_stage
    present = decision.present
    LIFE.advance(decision)
    LIFE.move(decision, f"{present['kind'].lower()}_next" if present else "closed")
    decision.until(None, now)


@asked(say.ListDecisionBoard)
def list_board(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    return LIFE.page(session, who, command, now, ON_BOARD)


@standing_of.register
def _stands(decision: Decision) -> Standing:
    waits = decision.state in WAITING or decision.unanswered
    return Standing(
        kind=say.DecisionView.about.kind, state=decision.state, number=decision.number, due=decision.due_at,
        waits=("role:COMMUNITY",) if waits else (),
        tally={"template": decision.template, "stage": decision.stage or ""},
    )  # fmt: skip
