"""Conferences 联席会、会诊: the need list becomes an agenda, a decision becomes a task ticked off unit by unit (A6)."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import Ask, asked, hears
from chassis.envelope import Event
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Ltree, Root, person_ref
from contracts.deadlines import DispatchDeadlineApproaching
from contracts.dispatch import conferences as say
from contracts.dispatch.conferences import ConferenceKind
from contracts.dispatch.conferences import ConferenceState as S
from contracts.intake.appeals import GetAppeal
from contracts.intake.campaign_views import Need
from contracts.intake.campaigns import GetCampaign
from contracts.intake.needs import NeedDecided, NeedListed
from kernel.areas import is_within
from kernel.codes import AskedAction, CaseKind, NeedDecision, Role, TaskRole, WhistleKind, WhistleLevel
from kernel.numbering import area_of, next_number
from services.dispatch import sources, units, whistles
from services.dispatch.tables import Base, NumberCounter, Whistle

Command = dict[str, Any]
WAITS = ("role:COMMUNITY", "role:STREET")


class Conference(Clocked, Root, Base):
    __tablename__ = "conference"
    state: Mapped[str]
    kind: Mapped[str]
    topic: Mapped[str]
    held_at: Mapped[datetime]
    place_text: Mapped[str | None]
    called_by_id: Mapped[str]
    called_by_name: Mapped[str]
    invited: Mapped[list[str]]
    minutes: Mapped[str | None]
    agenda: Mapped[list[AgendaItem]] = relationship(order_by="AgendaItem.item")
    called_by = person_ref("called_by")
    __table_args__ = (Index("ix_conference_area", "area_path", postgresql_using="gist"),)


class AgendaItem(Base):
    """One matter in one meeting."""

    __tablename__ = "agenda_item"
    conference_id: Mapped[UUID] = mapped_column(ForeignKey("conference.id"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    appeal_id: Mapped[UUID]
    decision: Mapped[str | None]
    until: Mapped[date | None] = mapped_column(Date)
    conclusion: Mapped[str | None]
    funding: Mapped[str | None]
    contractor: Mapped[str | None]
    whistle: Mapped[str | None]
    earlier: Mapped[list[str]]
    decided_by_id: Mapped[str | None]
    decided_by_name: Mapped[str | None]
    decided_by = person_ref("decided_by")


class ListedNeed(Base):
    """What dispatch has heard of the need list 需求清单. `meeting_id`: on whose agenda it stands; `turn` is the version
    of its appeal's newest fact."""

    __tablename__ = "listed_need"
    appeal_id: Mapped[UUID] = mapped_column(primary_key=True)
    item: Mapped[str]
    area_path: Mapped[str] = mapped_column(Ltree)
    meeting_by: Mapped[datetime]
    settled: Mapped[bool] = mapped_column(default=False)
    meeting_id: Mapped[UUID | None]
    turn: Mapped[int]
    __table_args__ = (Index("ix_listed_need_area", "area_path", postgresql_using="gist"),)


def tell(session: Session, event: Any, row: Conference, who: Principal, now: datetime, **data: Any) -> None:
    outbox.record(session, event, row, who, now, **data)


LIFE: Life[Conference, S] = Life(
    Conference,
    S.CALLED,
    {
        say.DecideItem: Move({S.CALLED}, None),
        say.HoldConference: Move({S.CALLED}, S.HELD),
        say.CancelConference: Move({S.CALLED}, S.CANCELLED),
    },
    Rules(by_number(Conference), say.READERS, unknown_number, tell, approaching=DispatchDeadlineApproaching),
    answers=(say.GetConference, say.ListConferences),
)


@hears(NeedListed, NeedDecided)
def need_told(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The need list as intake tells it; an older fact heard later changes nothing."""
    settled = event.name == NeedDecided.name
    told = {
        "item": event.case_number, "area_path": event.area_path, "settled": settled, "turn": event.aggregate_version,
        "meeting_by": event.data.get("meeting_by") or event.time,
    }  # fmt: skip
    row = insert(ListedNeed).values(appeal_id=UUID(event.subject), **told)
    newer = {name: row.excluded[name] for name in ("settled", "turn", "meeting_by")}
    if not settled:
        newer["meeting_id"] = row.excluded.meeting_id
    overtaken = ListedNeed.turn >= event.aggregate_version
    session.execute(row.on_conflict_do_update(index_elements=["appeal_id"], set_=newer, where=~overtaken))


@asked(say.CallConference)
def call(session: Session, who: Principal, command: Command, now: datetime, *, ask: Ask) -> Conference:
    """Errors: Forbidden; Invalid for an hour gone by, an unknown unit, a meeting about nothing; those of `ask`."""
    permit(who, say.CallConference, SimpleNamespace(**command))
    units.known(session, command["invited"], "invited")
    Invalid.where(held_at=command["held_at"] <= now and "要在现在以后")
    named = [_case(number, command["area_path"], ask) for number in command["appeals"]]
    needs = _waiting(session, command["area_path"]) if command["kind"] == ConferenceKind.JOINT else []
    about = {need.item: need.appeal_id for need in needs} | {str(one["number"]): UUID(str(one["id"])) for one in named}
    Invalid.where(appeals=not about and "需求清单上没有等着研究的事项")
    given = {name: command[name] for name in ("kind", "topic", "area_path", "held_at", "place_text", "invited")}
    row = Conference(**given, called_by_id=who.id, called_by_name=who.name)
    row.agenda = [
        AgendaItem(item=item, appeal_id=appeal_id, earlier=_earlier(session, appeal_id))
        for item, appeal_id in about.items()
    ]
    row.case_number = next_number(session, NumberCounter, "V", area_of(next(iter(about))), now)
    row.until(row.held_at, now)
    LIFE.started(session, who, row, now, say.ConferenceCalled, count=len(about))
    for need in needs:
        need.meeting_id = row.id
    for each in row.agenda:
        tell(session, say.ConferenceItemListed, row, who, now, item=each.item, appeal_id=each.appeal_id)
    return row


def _case(number: str, place: str, ask: Ask) -> Command:
    """An appeal at the place. Errors: Invalid; those of `ask`."""
    found: Command = ask(GetAppeal, {"number": number}, deadline=sources.INTAKE_SECONDS)
    elsewhere = not is_within(found["area_path"], place)
    Invalid.where(appeals=(elsewhere and f"{number}不在这个地方") or (found.get("against") and f"{number}不能会诊"))
    return found


def _waiting(session: Session, place: str) -> list[ListedNeed]:
    """What stands on nobody's agenda yet, locked: two who call at once do not both have it."""
    free = select(ListedNeed).where(ListedNeed.settled.is_(False), ListedNeed.meeting_id.is_(None))
    query = free.where(ListedNeed.area_path.within(place)).order_by(ListedNeed.meeting_by, ListedNeed.appeal_id)
    return list(session.scalars(query.with_for_update()))


def _earlier(session: Session, appeal_id: UUID) -> list[str]:
    blown = select(Whistle.number).where(Whistle.source_id == appeal_id, Whistle.blown_at.is_not(None))
    return list(session.scalars(blown.order_by(Whistle.blown_at, Whistle.id)))


@asked(say.DecideItem)
def decide(session: Session, who: Principal, command: Command, now: datetime, *, ask: Ask) -> Conference:
    """Errors: as `Life.begin`; Invalid for what is not on the agenda; Conflict for what is decided; those of `ask`."""
    row = LIFE.begin(session, who, say.DecideItem, command)
    item = next((one for one in row.agenda if one.item == command["item"]), None)
    lacking = row.kind == ConferenceKind.JOINT and command["decision"] is None
    Invalid.where(item=item is None and "不在议程上", decision=lacking and "联席会要写明决定")
    assert item is not None
    if item.decided_by:
        raise Conflict(f"{item.decided_by_name}已经记了决定", item=item.item)
    for name in ("decision", "until", "conclusion", "funding", "contractor"):
        setattr(item, name, command[name])
    item.decided_by_id, item.decided_by_name = who.id, who.name
    told = {name: getattr(item, name) for name in ("appeal_id", "decision", "until", "contractor", "decided_by")}
    LIFE.done(session, who, row, now, say.ConferenceItemDecided, item=item.item, **told)
    if item.contractor and item.decision in (None, NeedDecision.DO):
        item.whistle = _whistle(session, who, row, item, _needing(command, ask), now)
    return row


def _needing(command: Command, ask: Ask) -> list[str]:
    """The units that the sweep found in need, by name."""
    if command["campaign"] is None:
        return []
    found = ask(GetCampaign, {"number": command["campaign"]}, deadline=sources.INTAKE_SECONDS)
    return [target["name"] for target in found["targets"] if target["need"] == Need.YES]


def _whistle(
    session: Session, who: Principal, row: Conference, item: AgendaItem, parts: list[str], now: datetime
) -> str:
    """One task for who is to do it; a street's meeting blows it at once, a community's waits for the street."""
    level = WhistleLevel.STREET if who.holds(Role.STREET, at=row.area_path) else WhistleLevel.COMMUNITY
    return whistles.drafted_for(session, who, {
        "source": {"kind": CaseKind.APPEAL, "id": item.appeal_id, "number": item.item},
        "kind": WhistleKind.KEY, "level": level, "area_path": row.area_path,
        "recipients": [{"unit": item.contractor, "role": TaskRole.LEAD, "finish_within": None}],
        "asked_action": AskedAction.HANDLE_ON_SITE, "asked_action_text": item.conclusion,
        "reason": f"{ConferenceKind(row.kind).label}（{row.number}）决定：{item.conclusion}", "parts": parts,
    }, now).number  # fmt: skip


@asked(say.HoldConference)
def hold(session: Session, who: Principal, command: Command, now: datetime) -> Conference:
    """Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.HoldConference, command)
    row.minutes = command["minutes"]
    left = _free(session, row)
    return _over(session, who, row, now, say.JointMeetingHeld, done=len(row.agenda) - left, left=left)


@asked(say.CancelConference)
def cancel(session: Session, who: Principal, command: Command, now: datetime) -> Conference:
    """Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.CancelConference, command)
    _free(session, row)
    return _over(session, who, row, now, say.ConferenceCancelled)


def _over(session: Session, who: Principal, row: Conference, now: datetime, fact: Any, **data: Any) -> Conference:
    row.until(None, now)
    return LIFE.done(session, who, row, now, fact, **data)


def _free(session: Session, row: Conference) -> int:
    """What was not decided waits for the next meeting; how many."""
    left = [one.item for one in row.agenda if not one.decided_by]
    ours = select(ListedNeed).where(ListedNeed.meeting_id == row.id, ListedNeed.item.in_(left))
    for need in session.scalars(ours.with_for_update()):
        need.meeting_id = None
    return len(left)


@standing_of.register
def _stands(row: Conference) -> Standing:
    return Standing(
        kind=say.ConferenceView.about.kind, state=row.state, number=row.number, due=row.due_at,
        waits=WAITS if row.state == S.CALLED else (), tally={"kind": row.kind, "first": row.called_by_id},
    )  # fmt: skip
