"""Notices at the doorway 楼门告示 (S4.22): a steward as the one who makes things known."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Index, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability import paging
from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from capability.naming import told_name
from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Moment, Root, person_ref
from contracts.notify import doorway_notices as say
from contracts.notify.doorway_notices import DoorwayNoticeState as S
from kernel.areas import ancestors
from kernel.numbering import next_number
from services.notify import saying
from services.notify.areas import area4, public_place
from services.notify.tables import Area, Base, NumberCounter

Command = dict[str, Any]
SHOWN = tuple(say.DoorwayNoticeOnBoard().fields)


class DoorwayNotice(Clocked, Root, Base):
    """Words for everybody at one place; `due_at` is when it comes down by itself."""

    __tablename__ = "doorway_notice"
    state: Mapped[str]
    place: Mapped[str]
    heading: Mapped[str]
    words: Mapped[str]
    visible_to: Mapped[datetime] = mapped_column(Moment)
    author_id: Mapped[str]
    author_name: Mapped[str]
    reason: Mapped[str | None]
    author = person_ref("author")
    __table_args__ = (
        Index("ix_doorway_notice_area", "area_path", postgresql_using="gist"),
        Index("ix_doorway_notice_due", "state", "due_at"),
    )


LIFE: Life[DoorwayNotice, S] = Life(
    DoorwayNotice,
    S.POSTED,
    {
        say.TakeDownDoorwayNotice: Move({S.POSTED}, S.TAKEN_DOWN, say.DoorwayNoticeTakenDown),
        "over": Move({S.POSTED}, S.OVER, say.DoorwayNoticeOver, when_due=True),
    },
    Rules(by_number(DoorwayNotice), say.READERS, unknown_number, saying.say),
    answers=(say.GetDoorwayNotice, say.ListDoorwayNotices),
)


@asked(say.PostDoorwayNotice)
def post(session: Session, who: Principal, command: Command, now: datetime) -> DoorwayNotice:
    """Errors: Forbidden elsewhere than at one's own door; Invalid for a place unknown."""
    permit(who, say.PostDoorwayNotice, SimpleNamespace(**command))
    place = command["area_path"]
    Invalid.where(area_path=session.get(Area, place) is None and "没有这个地方")
    until = now + timedelta(days=command["days"])
    row = DoorwayNotice(
        **{name: command[name] for name in ("area_path", "heading", "words")},
        place=public_place(session, place)[1], visible_to=until, author_id=who.id, author_name=told_name(who),
    )  # fmt: skip
    row.until(until, now)
    row.case_number = next_number(session, NumberCounter, "GO", area4(session, place), now)
    return LIFE.start(session, who, say.PostDoorwayNotice, row, now, say.DoorwayNoticePosted)


@asked(say.ListPosted)
def list_posted(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """What hangs at a place now."""
    place = command["area_path"]
    near = or_(DoorwayNotice.area_path.within(place), DoorwayNotice.area_path.in_(ancestors(place)))
    hanging = select(DoorwayNotice).where(near, DoorwayNotice.state == S.POSTED, DoorwayNotice.visible_to > now)
    return paging.page(session, hanging, command, _shown, DoorwayNotice.id, newest_first=True)


def _shown(row: DoorwayNotice) -> dict[str, Any]:
    return {name: row.case_number if name == "number" else getattr(row, name) for name in SHOWN}


@standing_of.register
def _stands(row: DoorwayNotice) -> Standing:
    return Standing(
        kind=say.DoorwayNoticeView.about.kind, state=row.state, number=row.number, due=row.due_at,
        tally={"first": row.author_id},
    )  # fmt: skip
