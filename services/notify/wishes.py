"""Wishes 微心愿 (domain §3.4): a small thing somebody needs, reviewed, granted by one volunteer, confirmed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.sealing import Sealed
from chassis.standing import Standing, standing_of
from chassis.store import Root, person_ref
from contracts.deadlines import NotifyDeadlineApproaching
from contracts.notify import wishes as say
from contracts.notify.wishes import WishState as S
from kernel.attachments import Attachments, Files
from kernel.calendar import due_words
from kernel.codes import Audience, Role
from kernel.numbering import next_number
from kernel.rights import is_resident
from services.notify import saying
from services.notify.areas import Recipient, area4, group, person
from services.notify.care_profiles import person_key
from services.notify.files import Heard
from services.notify.rules import due, policy
from services.notify.tables import Area, Base, NumberCounter

Command = dict[str, Any]
RESIDENT = Role.RESIDENT.label
WAITS = {
    S.POSTED: "role:COMMUNITY",
    S.OPEN: "role:VOLUNTEER",
    S.CLAIMED: "person:{0.claimer_id}",
    S.FULFILLED: "role:COMMUNITY person:{0.poster_id}",
}


class Wish(Clocked, Root, Base):
    """What may tell who it is for is sealed; volunteers read the words of the wall until they claim it."""

    __tablename__ = "wish"
    state: Mapped[str]
    content: Mapped[str] = mapped_column(Sealed)
    for_whom: Mapped[str] = mapped_column(Sealed)
    person_key: Mapped[str | None] = mapped_column(index=True)
    place_text: Mapped[str] = mapped_column(Sealed)
    cost: Mapped[Decimal | None]
    wall_text: Mapped[str | None]
    refusal: Mapped[str | None] = mapped_column(Sealed)
    poster_id: Mapped[str]
    poster_name: Mapped[str]
    claimer_id: Mapped[str | None]
    claimer_name: Mapped[str | None]
    proof: Mapped[Attachments] = mapped_column(Files, default=list)
    thanks: Mapped[str | None]
    posted_by, claimer = person_ref("poster"), person_ref("claimer")
    __table_args__ = (
        Index("ix_wish_area", "area_path", postgresql_using="gist"),
        Index("ix_wish_due", "state", "due_at"),
    )


LIFE: Life[Wish, S] = Life(
    Wish,
    S.POSTED,
    {
        say.OpenWish: Move({S.POSTED}, S.OPEN, say.WishOpened),
        say.RefuseWish: Move({S.POSTED}, S.REFUSED, say.WishRefused),
        say.ClaimWish: Move({S.OPEN}, S.CLAIMED),
        say.ReleaseWish: Move({S.CLAIMED}, S.OPEN),
        say.FulfilWish: Move({S.CLAIMED}, S.FULFILLED, say.WishFulfilled),
        say.ConfirmWish: Move({S.FULFILLED}, S.CONFIRMED, say.WishConfirmed),
        say.WithdrawWish: Move({S.POSTED, S.OPEN, S.CLAIMED}, S.WITHDRAWN, say.WishWithdrawn),
        "expired": Move({S.OPEN}, S.EXPIRED, say.WishExpired, when_due=True),
    },
    Rules(by_number(Wish), say.READERS, unknown_number, saying.say, due=due, approaching=NotifyDeadlineApproaching),
    clocks={S.POSTED: "wish.review", S.OPEN: "wish.open", S.FULFILLED: "wish.confirm"},
    answers=(say.GetWish, say.ListWishes),
)


@asked(say.PostWish)
def post(session: Session, who: Principal, command: Command, now: datetime) -> Wish:
    """Errors: Forbidden; Invalid for an unknown place, without consent, or above policy key wish.cost_limit."""
    most, place = Decimal(policy(now).value("wish.cost_limit")), command["area_path"]
    Invalid.where(
        agreed=not command["agreed"] and "要先征得本人（或家人）同意",
        cost=(command["cost"] or 0) > most and f"微心愿不超过{most}元，更多的请走救助",
        area_path=session.get(Area, place) is None and "没有这个地方",
    )
    given = {name: command[name] for name in ("content", "for_whom", "place_text", "area_path", "cost")}
    wish = Wish(**given, poster_id=who.id, poster_name=RESIDENT if is_resident(who) else who.name)
    wish.person_key = person_key(wish.for_whom, command["phone"]) if command["phone"] else None
    wish.case_number = next_number(session, NumberCounter, "X", area4(session, place), now)
    return LIFE.start(session, who, say.PostWish, wish, now, say.WishPosted)


@asked(say.ClaimWish)
def claim(session: Session, who: Principal, command: Command, now: datetime) -> Wish:
    """Whoever comes second meets a Conflict. Errors: as `Life.begin`; Invalid for a promise beyond wish.promise."""
    wish, promised = LIFE.begin(session, who, say.ClaimWish, command), command["promise_at"]
    latest = due("wish.promise", now, now)
    Invalid.where(promise_at=not now < promised <= latest and f"要在现在以后，最晚{due_words(latest)}")
    LIFE.advance(wish)
    wish.until(promised, now)
    wish.claimer_id, wish.claimer_name = who.id, who.name
    return LIFE.done(session, who, wish, now, say.WishClaimed, promise_at=promised)


@asked(say.ReleaseWish)
def release(session: Session, who: Principal, command: Command, now: datetime) -> Wish:
    wish = LIFE.begin(session, who, say.ReleaseWish, command)
    wish.claimer_id = wish.claimer_name = None
    return LIFE.done(session, who, wish, now, say.WishReleased)


def hand_over(session: Session, who: Principal, poster_id: str, now: datetime) -> int:
    """What somebody who leaves had posted and is not over goes on with `who`; how many that were."""
    left = select(Wish).where(Wish.poster_id == poster_id, Wish.state.in_(WAITS)).order_by(Wish.id)
    taken = session.scalars(left.with_for_update()).all()
    for wish in taken:
        wish.poster_id, wish.poster_name = who.id, who.name
        saying.say(session, say.WishHandedOver, wish, who, now)
    return len(taken)


@asked(say.ListWall)
def list_wall(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    return LIFE.page(session, who, command, now, say.ON_WALL)


def poster(heard: Heard) -> list[Recipient]:
    """Who posted it; the community tells a resident in person."""
    wish = heard.session.get_one(Wish, UUID(heard.event.subject))
    if wish.poster_name != RESIDENT:
        return [person(wish.poster_id, wish.poster_name)]
    community = group(heard.session, Role.COMMUNITY, wish.area_path)
    return [Recipient(Audience.RESIDENT, wish.poster_id, RESIDENT, told_by=community)]


@standing_of.register
def _stands(wish: Wish) -> Standing:
    return Standing(
        kind=say.WishView.about.kind, state=wish.state, number=wish.number, due=wish.due_at,
        waits=tuple(WAITS.get(S(wish.state), "").format(wish).split()),
        tally={"first": wish.poster_id, "handler": wish.claimer_id or ""},
    )  # fmt: skip
