"""Legal help 法律服务 (domain §1 S0.12, S0.15): a question reaches the lawyer on duty at once, with a short limit."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.deadlines import MediationDeadlineApproaching
from contracts.mediation import legal as say
from contracts.mediation.legal import HelperKind, LegalTopic
from contracts.mediation.legal import QuestionState as S
from kernel.areas import depth
from kernel.calendar import local_day
from kernel.rights import is_resident
from services.mediation import hints, parties
from services.mediation.numbering import root_number
from services.mediation.rules import due
from services.mediation.tables import LegalHelper, LegalQuestion

Command = dict[str, Any]
WAITING = (S.ASKED, S.OVERDUE)
OFFICE = ("role:COMMUNITY", "role:STREET")

LIFE: Life[LegalQuestion, S] = Life(
    LegalQuestion,
    S.ASKED,
    {
        say.PassOnQuestion: Move({*WAITING}, S.ASKED),
        say.AnswerLegalQuestion: Move({*WAITING}, S.ANSWERED),
        "overdue": Move({S.ASKED}, S.OVERDUE, say.LegalQuestionOverdue, when_due=True),
        say.PublishLegalAnswer: Move({S.ANSWERED}, S.PUBLISHED, say.LegalAnswerPublished),
        "expired": Move({S.PUBLISHED}, S.EXPIRED, say.LegalAnswerExpired, when_due=True),
        say.RenewLegalAnswer: Move({S.EXPIRED}, S.PUBLISHED, say.LegalAnswerRenewed),
        say.WithdrawLegalAnswer: Move({S.PUBLISHED, S.EXPIRED}, S.WITHDRAWN, say.LegalAnswerWithdrawn),
    },
    Rules(
        by_number(LegalQuestion), say.READERS, unknown_number, outbox.record, due=due,
        approaching=MediationDeadlineApproaching,
    ),
    clocks={S.ASKED: "legal.answer", S.PUBLISHED: "legal.valid"},
    answers=(say.ListLegalQuestions,),
)  # fmt: skip


class Fit(NamedTuple):
    """A helper for a question: a smaller `rank` fits better."""

    rank: tuple[int, ...]
    helper: LegalHelper
    load: int
    reasons: list[str]


def fitting(session: Session, place: str, topic: str | None, dialect: str | None, now: datetime) -> list[Fit]:
    """The pool of a place, the best first: a lawyer on duty, the subject, the dialect, the nearest, the least load."""
    near = LegalHelper.area_path.op("@>")(func.text2ltree(place))
    helpers = list(session.scalars(select(LegalHelper).where(near)))
    open_ = select(LegalQuestion.answerer_id, func.count()).where(LegalQuestion.state.in_(WAITING))
    loads = dict(session.execute(open_.group_by(LegalQuestion.answerer_id)).tuples().all())
    weekday = local_day(now).isoweekday()
    fits = (_fit(one, topic, dialect, weekday, loads.get(one.account, 0)) for one in helpers)
    return sorted(fits, key=lambda fit: (fit.rank, fit.helper.account))


def _fit(helper: LegalHelper, topic: str | None, dialect: str | None, weekday: int, load: int) -> Fit:
    lawyer = helper.kind == HelperKind.LAWYER
    points = {
        "今天值班": lawyer and weekday in helper.duty,
        HelperKind(helper.kind).label: lawyer,
        f"擅长{LegalTopic(topic).label}" if topic else "": topic in helper.skills,
        f"会说{dialect}": dialect in helper.dialects,
    }
    rank = (*(not met for met in points.values()), -depth(helper.area_path), load)
    reasons = [words for words, met in points.items() if met and words]
    return Fit(rank, helper, load, [*reasons, f"手上{load}件"])


@asked(say.AskLegalQuestion)
def ask(session: Session, who: Principal, command: Command, now: datetime) -> LegalQuestion:
    """Errors: Forbidden; Invalid for a telephone the city has not."""
    resident = is_resident(who)
    row = LegalQuestion(
        **{name: command[name] for name in ("topic", "question", "area_path")}, asker_id=who.id, asked_at=now,
        asker_name=command["name"], phone=parties.dialled(command["phone"], now),
        taker_id=None if resident else who.id, taker_name=None if resident else who.name,
    )  # fmt: skip
    permit(who, say.AskLegalQuestion, row)
    fits = fitting(session, row.area_path, row.topic, command["dialect"], now)
    if fits:
        _give(row, fits[0])
    row.case_number = root_number(session, "FL", row.area_path, now)
    return LIFE.started(session, who, row, now, say.LegalQuestionAsked, answerer=row.answerer)


def _give(row: LegalQuestion, fit: Fit) -> None:
    row.answerer_id, row.answerer_name, row.reasons = fit.helper.account, fit.helper.name, fit.reasons


@asked(say.PassOnQuestion)
def pass_on(session: Session, who: Principal, command: Command, now: datetime) -> LegalQuestion:
    """The limit of one still in time runs on; after it a new one begins. Errors: as `Life.begin`; Conflict."""
    row = LIFE.begin(session, who, say.PassOnQuestion, command)
    fits = {fit.helper.account: fit for fit in fitting(session, row.area_path, row.topic, None, now)}
    if command["helper_id"] not in fits:
        raise Conflict("此人不在当地的法律力量名单上", helper_id=command["helper_id"])
    _give(row, fits[command["helper_id"]])
    return LIFE.done(session, who, row, now, say.LegalQuestionPassedOn, answerer=row.answerer)


@asked(say.AnswerLegalQuestion)
def answer(session: Session, who: Principal, command: Command, now: datetime) -> LegalQuestion:
    """Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.AnswerLegalQuestion, command)
    row.answer, row.answered_at = command["words"], now
    taker = row.taken_down_by
    return LIFE.done(session, who, row, now, say.LegalQuestionAnswered, answerer=row.answerer, taken_down_by=taker)


@asked(say.GetLegalQuestion)
def get(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """With what the knowledge base offers, for those who may use it. Errors: NotFound."""
    row = LIFE.read(session, who, command)
    shown = LIFE.view(session, who, row)
    if "knowledge" in shown:
        shown["knowledge"] = hints.offered(session, row.area_path, row.question, now)
    return shown


@asked(say.ListLegalAnswers)
def board(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    return LIFE.page(session, who, command, now, say.ON_BOARD)


@asked(say.ListLegalHelpers)
def pool(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Forbidden."""
    permit(who, say.ListLegalHelpers, _Place(command["area_path"]))
    fits = fitting(session, command["area_path"], command["topic"], command["dialect"], now)
    return {"items": [_shown(fit) for fit in fits], "next_cursor": None}


class _Place(NamedTuple):
    area_path: str


def _shown(fit: Fit) -> dict[str, Any]:
    plain = {name: getattr(fit.helper, name) for name in ("name", "kind", "area_path", "skills", "dialects")}
    return {**plain, "id": fit.helper.account, "in_hand": fit.load, "reasons": fit.reasons}


@standing_of.register
def _stands(row: LegalQuestion) -> Standing:
    answerer = (f"person:{row.answerer_id}",) if row.answerer_id else OFFICE
    waits = {S.ASKED: answerer, S.OVERDUE: (*answerer, *OFFICE), S.EXPIRED: answerer}.get(S(row.state), ())
    return Standing(
        kind=say.QuestionView.about.kind, state=row.state, number=row.number, due=row.due_at,
        waits=tuple(dict.fromkeys(waits)), tally={"topic": row.topic, "handler": row.answerer_id or ""},
    )  # fmt: skip
