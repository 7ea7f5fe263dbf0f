"""Topics 议题 (domain §1 S0.2): proposed by anybody, asked about, set, and taken to a council."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked, hears
from chassis.envelope import Event
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import new_id
from contracts.deadlines import MediationDeadlineApproaching
from contracts.mediation import topics as say
from contracts.mediation.topics import TopicOrigin
from contracts.mediation.topics import TopicState as S
from contracts.notify.care_rounds import CareAdviceGiven
from kernel.codes import Role
from kernel.rights import is_resident
from services.mediation.numbering import root_number
from services.mediation.rules import due
from services.mediation.tables import Council, Opinion, Topic

Command = dict[str, Any]
RESIDENT = Role.RESIDENT.label
HOSTS = ("role:COMMUNITY", "role:GRID")


class _Life(Life[Topic, S]):
    def wind(self, row: Any, now: Any) -> None:
        """The time for opinions ends with them, also where somebody set or dropped the topic before."""
        if row.state != S.COLLECTING:
            row.until(None, now)


LIFE = _Life(
    Topic,
    S.PROPOSED,
    {
        say.CollectOpinions: Move({S.PROPOSED, S.COLLECTING}, S.COLLECTING),
        say.SayOpinion: Move({S.COLLECTING}, None),
        say.SetTopic: Move({S.PROPOSED, S.COLLECTING}, S.SET, say.CouncilTopicSet),
        say.DropTopic: Move({S.PROPOSED, S.COLLECTING, S.SET}, S.DROPPED, say.TopicDropped),
        "collected": Move({S.COLLECTING}, S.SET, say.CouncilTopicSet, when_due=True),
        "council_convened": Move({S.SET}, S.ON_AGENDA, say.TopicOnAgenda),
        "council_held": Move({S.ON_AGENDA}, S.SETTLED, say.TopicSettled),
        "council_called_off": Move({S.ON_AGENDA}, S.SET, say.TopicTakenOff),
    },
    Rules(
        by_number(Topic), say.READERS, unknown_number, outbox.record, due=due, approaching=MediationDeadlineApproaching
    ),
    answers=(say.GetTopic, say.ListTopics),
)


@asked(say.ProposeTopic)
def propose(session: Session, who: Principal, command: Command, now: datetime) -> Topic:
    """Errors: Forbidden; Invalid for an appeal or a hazard without its number."""
    lacking = command["origin"] in (TopicOrigin.APPEAL, TopicOrigin.HAZARD) and not command["source_number"]
    Invalid.where(source_number=lacking and "请填由哪一件而来")
    name = RESIDENT if is_resident(who) else who.name
    topic = _topic(session, now, **command, proposer_id=who.id, proposer_name=name)
    return LIFE.start(session, who, say.ProposeTopic, topic, now, say.TopicProposed)


@hears(CareAdviceGiven)
def take_advice(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Advice given on the telephone waits for the community, which reads it in the call itself."""
    heard = event.data["heard_by"]
    source = {"origin": TopicOrigin.CARE_CALL, "source_number": event.data["number"], "area_path": event.area_path}
    topic = _topic(session, now, **source, proposer_id=heard["id"], proposer_name=heard["name"])
    LIFE.started(session, who, topic, now, say.TopicProposed)


def _topic(session: Session, now: datetime, **given: Any) -> Topic:
    return Topic(case_number=root_number(session, "U", given["area_path"], now), opinion_count=0, **given)


@asked(say.CollectOpinions)
def collect(session: Session, who: Principal, command: Command, now: datetime) -> Topic:
    """Errors: as `Life.begin`; Invalid for a time that is over."""
    topic = LIFE.begin(session, who, say.CollectOpinions, command)
    Invalid.where(until=command["until"] <= now and "要在现在以后")
    topic.subject = command["subject"]
    topic.until(command["until"], now)
    return LIFE.done(session, who, topic, now, say.TopicOpened)


@asked(say.SayOpinion)
def say_opinion(session: Session, who: Principal, command: Command, now: datetime) -> Topic:
    """Errors: as `Life.begin`."""
    topic = LIFE.begin(session, who, say.SayOpinion, command)
    topic.opinions.append(Opinion(id=new_id(), at=now, words=command["words"], by_id=who.id))
    topic.opinion_count += 1
    return LIFE.done(session, who, topic, now)


@asked(say.ListTopicBoard)
def list_board(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    return LIFE.page(session, who, command, now, say.ON_BOARD)


def take_to(session: Session, who: Principal, council: Council, numbers: list[str], now: datetime) -> list[Topic]:
    """The topics, put on the agenda of a council. Errors: Invalid for one that is not set, or lies elsewhere."""
    wanted = select(Topic).where(Topic.case_number.in_(numbers), Topic.state == S.SET, say.INSIDERS.where(Topic, who))
    found = session.scalars(wanted.order_by(Topic.id).with_for_update()).all()
    lacking = sorted(set(numbers) - {topic.number for topic in found})
    Invalid.where(topics=lacking and f"不是待上会的议题：{'、'.join(lacking)}")
    for topic in found:
        topic.council_number = council.number
        _follow(session, who, topic, "council_convened", now)
    return list(found)


def follow(session: Session, who: Principal, council: Council, move: str, now: datetime) -> None:
    """The council's topics on the agenda go on as it did."""
    of_it = select(Topic).where(Topic.council_number == council.number, Topic.state == S.ON_AGENDA)
    for topic in session.scalars(of_it.order_by(Topic.id).with_for_update()):
        _follow(session, who, topic, move, now)


def _follow(session: Session, who: Principal, topic: Topic, move: str, now: datetime) -> None:
    LIFE.move(topic, move)
    topic.until(None, now)
    LIFE.done(session, who, topic, now, LIFE.moves[move].fact, council=topic.council_number)


@standing_of.register
def _stands(topic: Topic) -> Standing:
    waiting = topic.state in (S.PROPOSED, S.COLLECTING, S.SET)
    return Standing(
        kind=say.TopicView.about.kind, state=topic.state, number=topic.number,
        due=topic.due_at if waiting else None, waits=HOSTS if waiting else (),
        tally={"origin": topic.origin, "first": topic.proposer_id},
    )  # fmt: skip
