"""Shops 商户 (domain §3.3): registered, their front duties 门前五包 checked, faults corrected in time."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from capability.terms import Cleared
from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.sealing import Sealed
from chassis.standing import Standing, standing_of
from chassis.store import Root, new_id, person_ref
from contracts.deadlines import IntakeDeadlineApproaching
from contracts.intake import shops as say
from contracts.intake.shops import ShopState as S
from kernel.attachments import Attachments
from kernel.numbering import next_number
from services.intake import areas, policy
from services.intake.facts import tell
from services.intake.policy import due
from services.intake.tables import Base, NumberCounter

Command = dict[str, Any]


class Shop(Clocked, Cleared, Root, Base):
    """Whom to reach there is sealed; the trade name stands on the door anyway."""

    __tablename__ = "shop"
    state: Mapped[str]
    name: Mapped[str]
    trade: Mapped[str | None]
    place_text: Mapped[str] = mapped_column(Sealed)
    contact_name: Mapped[str] = mapped_column(Sealed)
    contact_phone: Mapped[str] = mapped_column(Sealed)
    checks: Mapped[list[ShopCheck]] = relationship(order_by="ShopCheck.at")
    __table_args__ = (Index("ix_shop_area", "area_path", postgresql_using="gist"),)

    @property
    def duties(self) -> list[str]:
        """The front duties in force when it was looked at last, else when it was registered."""
        return front_duties(self.checked_at or self.created_at)

    @property
    def checked_at(self) -> datetime | None:
        return self.checks[-1].at if self.checks else None

    @property
    def failed(self) -> list[str]:
        return self.checks[-1].failed if self.checks else []


class ShopCheck(Base):
    """A look at the front of a shop; without failed duties it passed."""

    __tablename__ = "shop_check"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shop.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[str]
    by_name: Mapped[str]
    failed: Mapped[list[str]]
    note: Mapped[str | None] = mapped_column(Sealed)
    photos: Mapped[Attachments]
    by = person_ref("by")


LIFE: Life[Shop, S] = Life(
    Shop,
    S.OPEN,
    {
        say.PassShop: Move({S.OPEN, S.TO_CORRECT}, S.OPEN),
        say.FaultShop: Move({S.OPEN, S.TO_CORRECT}, S.TO_CORRECT),
        say.CloseShop: Move({S.OPEN, S.TO_CORRECT}, S.CLOSED, say.ShopClosed),
    },
    Rules(by_number(Shop), say.READERS, unknown_number, tell, due=due, approaching=IntakeDeadlineApproaching),
    clocks={S.TO_CORRECT: "shop.correct"},
    answers=(say.GetShop, say.ListShops),
)


def front_duties(now: datetime) -> list[str]:
    """The duties in front of the door (policy key shop.front_duties)."""
    return list(policy.rules(now).value("shop.front_duties"))


@asked(say.RegisterShop)
def register(session: Session, who: Principal, command: Command, now: datetime) -> Shop:
    """Errors: Forbidden; Invalid for an unknown place or a telephone the city has not."""
    place = areas.find(session, command["area_path"], now)
    phone = policy.completed(("contact_phone",), command["contact_phone"], now)
    given = {name: command[name] for name in ("name", "trade", "place_text", "contact_name")}
    shop = Shop(**given, contact_phone=phone, area_path=place.path, created_at=now)
    shop.case_number = next_number(session, NumberCounter, "H", place.area4, now)
    return LIFE.start(session, who, say.RegisterShop, shop, now, say.ShopRegistered)


@asked(say.PassShop)
def passed(session: Session, who: Principal, command: Command, now: datetime) -> Shop:
    """Errors: as `Life.begin`."""
    shop = LIFE.begin(session, who, say.PassShop, command)
    _look(shop, who, command, now, [])
    return LIFE.done(session, who, shop, now, say.ShopPassed)


@asked(say.FaultShop)
def faulted(session: Session, who: Principal, command: Command, now: datetime) -> Shop:
    """A first fault begins the time to correct it; a further one in that time does not begin it anew.

    Errors: as `Life.begin`; Invalid for what is no duty.
    """
    shop = LIFE.begin(session, who, say.FaultShop, command)
    known, running = front_duties(now), shop.due_at
    unknown = [one for one in command["failed"] if one not in known]
    Invalid.where(failed=unknown and f"没有“{'、'.join(unknown)}”这一包，可选：{'、'.join(known)}")
    _look(shop, who, command, now, command["failed"])
    LIFE.advance(shop)
    if running is None:
        LIFE.wind(shop, now)
    return LIFE.done(session, who, shop, now, say.ShopFaulted, failed=command["failed"], due_at=shop.due_at)


@asked(say.GetShopRecord)
def record(session: Session, who: Principal, command: Command, now: datetime) -> Shop:
    """Errors: NotFound."""
    shop = session.scalars(select(Shop).where(Shop.case_number == command["number"])).one_or_none()
    if shop is None:
        raise unknown_number(command)
    return shop


def _look(shop: Shop, who: Principal, command: Command, now: datetime, failed: list[str]) -> None:
    seen = {"note": command["note"], "photos": command["photos"], "failed": failed}
    shop.checks.append(ShopCheck(at=now, by_id=who.id, by_name=who.name, **seen))


@standing_of.register
def _stands(shop: Shop) -> Standing:
    waits = ("role:GRID",) if shop.state == S.TO_CORRECT else ()
    failed = str(len(shop.failed)) if shop.checks else ""
    return Standing(
        kind=say.ShopRecord.about.kind, state=shop.state, number=shop.number, due=shop.due_at, waits=waits,
        tally={"failed": failed} if failed else {},
    )  # fmt: skip
