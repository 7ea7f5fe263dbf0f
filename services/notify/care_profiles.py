"""Care profiles 关怀对象 (domain §3.3): old people who agreed to be phoned every week."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.sealing import Sealed, SealedJson, keyed_hash
from chassis.standing import Standing, standing_of
from chassis.store import Moment, Root, person_ref
from contracts.notify import care_profiles as say
from contracts.notify.care_profiles import CareProfileState as S
from kernel import names, telephone
from kernel.calendar import day_words, local_day, lunar
from kernel.masking import mask_name
from kernel.numbering import next_number
from services.notify import saying
from services.notify.areas import area4
from services.notify.tables import Area, Base, NumberCounter

Command = dict[str, Any]


class CareProfile(Root, Base):
    """What tells who it is lies sealed; lists and facts hold the masked name or less."""

    __tablename__ = "care_profile"
    state: Mapped[str]
    name: Mapped[str] = mapped_column(Sealed)
    masked_name: Mapped[str]
    phone: Mapped[str] = mapped_column(Sealed)
    born: Mapped[str] = mapped_column(Sealed)
    lunar_birthday: Mapped[str | None] = mapped_column(Sealed)
    place_text: Mapped[str] = mapped_column(Sealed)
    emergency: Mapped[dict[str, str] | None] = mapped_column(SealedJson)
    dialect: Mapped[str | None]
    preferred_time: Mapped[str | None]
    lister_id: Mapped[str]
    lister_name: Mapped[str]
    consented_at: Mapped[datetime] = mapped_column(Moment)
    ended_reason: Mapped[str | None] = mapped_column(Sealed)
    person_key: Mapped[str | None] = mapped_column(index=True)
    listed_by = person_ref("lister")
    __table_args__ = (Index("ix_care_profile_area", "area_path", postgresql_using="gist"),)

    def birthday_within(self, day: date, days: int) -> str | None:
        """The birthday kept in so many days from `day`, in words: the lunar one where the person has told it."""
        if told := self.lunar_birthday and lunar.read(self.lunar_birthday):
            kept = lunar.within(told, day, days)
            return f"{day_words(kept)}（农历{told}）" if kept else None
        coming = (day + timedelta(days=each) for each in range(days))
        kept = next((each for each in coming if self.age_on(each) > self.age_on(each - timedelta(days=1))), None)
        return day_words(kept) if kept else None

    @property
    def birth_date(self) -> date:
        return date.fromisoformat(self.born)

    def age_on(self, day: date) -> int:
        """Whole years on that day; who was born on 29 February is a year older on 1 March."""
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


LIFE: Life[CareProfile, S] = Life(
    CareProfile,
    S.ACTIVE,
    {say.StopCare: Move({S.ACTIVE}, S.ENDED)},
    Rules(by_number(CareProfile), say.READERS, unknown_number, saying.say),
    answers=(say.GetCareProfile, say.ListCareProfiles, say.RevealCareContact),
)


@asked(say.EnrolForCare)
def enrol(session: Session, who: Principal, command: Command, now: datetime) -> CareProfile:
    """Errors: Forbidden; Invalid for an unknown place, a day not yet come, or without consent."""
    place, born, told = command["area_path"], command["birth_date"], command["lunar_birthday"]
    Invalid.where(
        agreed=not command["agreed"] and "要先征得本人同意",
        area_path=session.get(Area, place) is None and "没有这个地方",
        birth_date=born > local_day(now) and "出生日期不能在今天以后",
        lunar_birthday=bool(told) and lunar.read(told) is None and "应为农历的月和日，例如：五月初五、闰四月初一",
    )
    kept = ("name", "phone", "place_text", "area_path", "dialect", "preferred_time", "emergency", "lunar_birthday")
    row = CareProfile(**{name: command[name] for name in kept}, born=born.isoformat(), consented_at=now)
    row.masked_name, row.lister_id, row.lister_name = mask_name(row.name), who.id, who.name
    row.person_key = person_key(row.name, row.phone)
    row.case_number = next_number(session, NumberCounter, "G", area4(session, place), now)
    return LIFE.start(session, who, say.EnrolForCare, row, now, say.CareProfileOpened)


def person_key(name: str, phone: str) -> str:
    """What somebody is found by here: the name with the telephone, however either is written."""
    return keyed_hash(f"{names.key(name)}|{telephone.parse(phone).number}")


@standing_of.register
def _stands(row: CareProfile) -> Standing:
    return Standing(kind=say.CareProfileView.about.kind, state=row.state, number=row.number)
