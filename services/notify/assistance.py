"""Assistance 社会救助 (domain §2 A17): survey by two, review, public list with objections, decision, grant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability import publishing
from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from capability.publishing import Published
from chassis.entrypoints import asked, every
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.sealing import Sealed, SealedJson
from chassis.standing import Standing, standing_of
from chassis.store import Root, person_ref
from contracts.deadlines import NotifyDeadlineApproaching
from contracts.notify import assist_blocks as blocks
from contracts.notify import assistance as say
from contracts.notify import assistance_views as views
from contracts.notify.assistance_views import OPEN, AssistBlockState
from contracts.notify.assistance_views import AssistanceState as S
from kernel.calendar import end_of, local_day
from kernel.codes import Audience, Role
from kernel.masking import mask_name
from kernel.numbering import next_number
from services.notify import saying
from services.notify.areas import Recipient, area4, community, group
from services.notify.care_profiles import person_key
from services.notify.files import Heard
from services.notify.rules import due
from services.notify.tables import Area, Base, NumberCounter

Command = dict[str, Any]
SURVEYED = ("visited_on", "members", "income", "found")
WAITS = {
    S.APPLIED: "role:COMMUNITY role:GRID",
    S.COUNTERSIGNING: "role:COMMUNITY role:GRID",
    S.SURVEYED: "role:STREET",
    S.REVIEWED: "role:STREET",
    S.PUBLICISED: "role:STREET",
    S.DECIDING: "role:DISTRICT",
    S.APPROVED: "role:STREET",
    S.REVIEW_DUE: "role:STREET",
}


class Assistance(Published, Root, Base):
    """Who it is, how she lives and what was decided lies sealed (社会救助暂行办法 art. 61)."""

    __tablename__ = "assistance"
    state: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(Sealed)
    masked_name: Mapped[str]
    phone: Mapped[str] = mapped_column(Sealed)
    person_key: Mapped[str | None] = mapped_column(index=True)
    place_text: Mapped[str] = mapped_column(Sealed)
    community: Mapped[str]
    circumstances: Mapped[str] = mapped_column(Sealed)
    taker_id: Mapped[str]
    taker_name: Mapped[str]
    survey: Mapped[dict[str, Any] | None] = mapped_column(SealedJson)
    surveyor_id: Mapped[str | None]
    surveyor_name: Mapped[str | None]
    countersigner_id: Mapped[str | None]
    countersigner_name: Mapped[str | None]
    opinion: Mapped[str | None] = mapped_column(Sealed)
    fit: Mapped[bool | None]
    decision: Mapped[str | None] = mapped_column(Sealed)
    granted: Mapped[str | None] = mapped_column(Sealed)
    granted_on: Mapped[date | None] = mapped_column(Date)
    review_on: Mapped[date | None] = mapped_column(Date)
    opened: Mapped[list[dict[str, Any]]] = mapped_column(SealedJson, default=list)
    closing: Mapped[str | None] = mapped_column(Sealed)
    taker, surveyor, countersigner = person_ref("taker"), person_ref("surveyor"), person_ref("countersigner")
    __table_args__ = (
        Index("ix_assistance_area", "area_path", postgresql_using="gist"),
        Index("ix_assistance_due", "state", "due_at"),
    )

    members = property(lambda row: (row.survey or {}).get("members"))
    found = property(lambda row: (row.survey or {}).get("found"))
    amount = property(lambda row: Decimal(row.granted) if row.granted else None)

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """As `contracts.notify.assistance_views.BlockView` shows them, in the order in which they were opened."""
        return [{**each, "actions": [_timed(one) for one in each["actions"]]} for each in self.opened or ()]

    @property
    def visited_on(self) -> date | None:
        return date.fromisoformat(self.survey["visited_on"]) if self.survey else None

    @property
    def income(self) -> Decimal | None:
        return Decimal(self.survey["income"]) if self.survey else None


def _timed(action: dict[str, Any]) -> dict[str, Any]:
    return {**action, "at": datetime.fromisoformat(action["at"])}


def _ruled_out(row: Any, name: str) -> Conflict | None:
    """What is not fit is not published; a case ends when every block that was opened has its note."""
    if name == say.PublishAssistance.method and not row.fit:
        return Conflict("审核认为不符合条件，不公示，只能作出不予批准的决定")
    left = [each["block"] for each in row.opened or () if each["state"] == AssistBlockState.OPEN]
    if name == say.CloseAssistance.method and left:
        return Conflict(f"还有{len(left)}个板块没有结束", blocks=left)
    return None


LIFE: Life[Assistance, S] = Life(
    Assistance,
    S.APPLIED,
    {
        say.RecordHomeSurvey: Move({S.APPLIED}, S.COUNTERSIGNING),
        say.CountersignHomeSurvey: Move(
            {S.COUNTERSIGNING}, S.SURVEYED, say.HomeSurveyCountersigned, by="countersigner"
        ),
        say.ReviewAssistance: Move({S.SURVEYED}, S.REVIEWED, say.AssistanceReviewed),
        say.PublishAssistance: Move({S.REVIEWED}, S.PUBLICISED),
        say.ObjectToAssistance: Move({S.PUBLICISED}, None),
        say.AnswerAssistanceObjection: Move({S.PUBLICISED}, None),
        "objection_upheld": Move({S.PUBLICISED}, S.APPLIED),
        "publication_ended": Move({S.PUBLICISED}, S.DECIDING),
        say.ApproveAssistance: Move({S.DECIDING}, S.APPROVED),
        say.RefuseAssistance: Move({S.REVIEWED, S.DECIDING}, S.REFUSED, say.AssistanceRefused),
        say.GrantAssistance: Move({S.APPROVED}, S.GRANTED),
        "review_due": Move({S.GRANTED}, S.REVIEW_DUE, say.AssistanceReviewDue, when_due=True),
        say.ContinueAssistance: Move({S.REVIEW_DUE}, S.GRANTED),
        say.CloseAssistance: Move({S.REFUSED, S.GRANTED, S.REVIEW_DUE}, S.CLOSED, say.AssistanceClosed),
        say.WithdrawAssistance: Move(
            OPEN - {S.APPROVED, S.REFUSED, S.GRANTED, S.REVIEW_DUE}, S.WITHDRAWN, say.AssistanceWithdrawn
        ),
        blocks.OpenAssistBlock: Move(OPEN, None),
        blocks.RecordAssistAction: Move(OPEN, None),
        blocks.CloseAssistBlock: Move(OPEN, None),
    },
    Rules(
        by_number(Assistance), views.READERS, unknown_number, saying.say,
        refusal=_ruled_out, due=due, approaching=NotifyDeadlineApproaching,
    ),
    clocks={
        S.APPLIED: "assistance.survey", S.COUNTERSIGNING: "assistance.survey", S.SURVEYED: "assistance.review",
        S.REVIEWED: "assistance.review", S.DECIDING: "assistance.decide", S.APPROVED: "assistance.grant",
        S.REVIEW_DUE: "assistance.review",
    },
    answers=(say.GetAssistance, say.ListAssistance),
)  # fmt: skip


@asked(say.ApplyForAssistance)
def apply(session: Session, who: Principal, command: Command, now: datetime) -> Assistance:
    """Errors: Forbidden; Invalid for an unknown place, or where the applicant was not told of the public list."""
    place = command["area_path"]
    Invalid.where(
        informed=not command["informed"] and "要先告知本人",
        area_path=session.get(Area, place) is None and "没有这个地方",
    )
    kept = ("kind", "name", "phone", "area_path", "place_text", "circumstances")
    row = Assistance(**{name: command[name] for name in kept}, taker_id=who.id, taker_name=who.name, unanswered=0)
    row.masked_name, row.community = mask_name(row.name), community(session, place)[1]
    row.person_key = person_key(row.name, row.phone)
    row.case_number = next_number(session, NumberCounter, "JU", area4(session, place), now)
    told = {"kind": command["kind"], "taker": row.taker}
    return LIFE.start(session, who, say.ApplyForAssistance, row, now, say.AssistanceApplied, **told)


@asked(say.RecordHomeSurvey)
def survey(session: Session, who: Principal, command: Command, now: datetime) -> Assistance:
    """Errors: as `Life.begin`; Invalid for a day not yet come."""
    row, day = LIFE.begin(session, who, say.RecordHomeSurvey, command), command["visited_on"]
    Invalid.where(visited_on=day > local_day(now) and "入户日期不能在今天以后")
    row.survey = {**{name: command[name] for name in SURVEYED}, "visited_on": day.isoformat()}
    row.survey["income"] = str(command["income"])
    row.surveyor_id, row.surveyor_name = who.id, who.name
    row.countersigner_id = row.countersigner_name = None
    return LIFE.done(session, who, row, now, say.HomeSurveyed)


@asked(say.PublishAssistance)
def publish(session: Session, who: Principal, command: Command, now: datetime) -> Assistance:
    """For policy key assistance.publication. Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.PublishAssistance, command)
    LIFE.advance(row)
    row.filed, row.unanswered = [], 0
    row.publish(due("assistance.publication", now, now), now)
    return LIFE.done(session, who, row, now, say.AssistancePublicised)


@asked(say.ObjectToAssistance)
def object_to(session: Session, who: Principal, command: Command, now: datetime) -> Assistance:
    """Errors: as `Life.begin`; Conflict once publication is over."""
    row, answer_due = LIFE.begin(session, who, say.ObjectToAssistance, command), due("assistance.objection", now, now)
    row.object(command["words"], answer_due, who.id, now)
    return LIFE.done(session, who, row, now, say.AssistanceObjected, answer_due=answer_due)


@asked(say.AnswerAssistanceObjection)
def answer(session: Session, who: Principal, command: Command, now: datetime) -> Assistance:
    """Upheld, two go there again. Errors: as `Life.begin`; Invalid; Conflict for one answered already."""
    row, upheld = LIFE.begin(session, who, say.AnswerAssistanceObjection, command), command["upheld"]
    row.reply(command["objection_id"], command["reply"], upheld, who.id, now)
    LIFE.done(session, who, row, now, say.AssistanceObjectionAnswered, upheld=upheld)
    return _moved(session, who, row, now, "objection_upheld", say.AssistanceSentBack) if upheld else row


@every(seconds=15)
def end_assistance_publications(session: Session, who: Principal, now: datetime) -> None:
    """Cases published long enough, with every objection answered, are decided."""
    for row in publishing.ended(session, Assistance, [S.PUBLICISED], now):
        _moved(session, who, row, now, "publication_ended", say.AssistancePublicationEnded)


def _moved(session: Session, who: Principal, row: Assistance, now: datetime, name: str, fact: Any) -> Assistance:
    LIFE.move(row, name)
    LIFE.wind(row, now)
    return LIFE.done(session, who, row, now, fact)


@asked(say.ApproveAssistance)
def approve(session: Session, who: Principal, command: Command, now: datetime) -> Assistance:
    """Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.ApproveAssistance, command)
    row.granted, row.decision = str(command["amount"]), command["decision"]
    return LIFE.done(session, who, row, now, say.AssistanceApproved)


@asked(say.GrantAssistance)
def grant(session: Session, who: Principal, command: Command, now: datetime) -> Assistance:
    """Errors: as `Life.begin`; Invalid for a review that is not after today."""
    row = LIFE.begin(session, who, say.GrantAssistance, command)
    row.granted_on = command["granted_on"]
    return _until_review(session, who, row, command["review_on"], now, say.AssistanceGranted)


@asked(say.ContinueAssistance)
def go_on(session: Session, who: Principal, command: Command, now: datetime) -> Assistance:
    """Errors: as `grant`."""
    row = LIFE.begin(session, who, say.ContinueAssistance, command)
    row.survey = {**(row.survey or {}), "found": command["found"]}
    return _until_review(session, who, row, command["review_on"], now, say.AssistanceContinued)


def _until_review(session: Session, who: Principal, row: Assistance, day: date, now: datetime, fact: Any) -> Assistance:
    Invalid.where(review_on=day <= local_day(now) and "复核日期要在今天以后")
    LIFE.advance(row)
    row.review_on = day
    row.until(end_of(day), now)
    return LIFE.done(session, who, row, now, fact)


@asked(say.ListPublishedAssistance)
def list_published(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Of the whole community, also where a house in it is named: else the list would say where somebody lives."""
    wide = {**command, "area_path": community(session, command["area_path"])[0]}
    return LIFE.page(session, who, wide, now, views.ON_LIST)


def assisted(heard: Heard) -> Iterable[Recipient]:
    """The community tells the applicant in person and hands over the paper."""
    row = heard.session.get_one(Assistance, UUID(heard.event.subject))
    office = group(heard.session, Role.COMMUNITY, row.area_path)
    return [Recipient(Audience.RESIDENT, str(row.id), row.masked_name, told_by=office)]


@standing_of.register
def _stands(row: Assistance) -> Standing:
    return Standing(
        kind=views.AssistanceView.about.kind, state=row.state, number=row.number, due=row.due_at,
        waits=tuple(WAITS.get(S(row.state), "").split()), tally={"kind": row.kind},
    )  # fmt: skip
