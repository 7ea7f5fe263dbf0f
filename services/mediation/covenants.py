"""Covenants 居民公约、村规民约 (domain §1 S3.13): no version without a council's resolution; filed with the street."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from sqlalchemy import Index, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Root
from contracts.mediation import covenants as say
from contracts.mediation.council_views import CouncilState
from contracts.mediation.covenants import CovenantState as S
from contracts.mediation.covenants import LineChange
from kernel.rights import everybody
from services.mediation.numbering import root_number
from services.mediation.tables import Base, Council

Command = dict[str, Any]
DECIDED = {*CouncilState} - {
    CouncilState.CONVENED, CouncilState.HELD, CouncilState.QUORUM_FAILED, CouncilState.NO_CONSENSUS,
    CouncilState.CALLED_OFF,
}  # fmt: skip


class Covenant(Root, Base):
    """`texts` are the versions adopted, the newest last; `draft` is what the next council is to adopt."""

    __tablename__ = "covenant"
    state: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    draft: Mapped[str | None]
    texts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    __table_args__ = (Index("ix_covenant_area", "area_path", postgresql_using="gist"),)

    @property
    def versions(self) -> list[dict[str, Any]]:
        dated = ("adopted_at", "filed_at")
        return [{**each, **{name: datetime.fromisoformat(each[name]) for name in dated if each[name]}}
                for each in self.texts or ()]  # fmt: skip

    @property
    def version_no(self) -> int:
        return len(self.texts or ())


LIFE: Life[Covenant, S] = Life(
    Covenant,
    S.DRAFTING,
    {
        say.ReviseCovenant: Move({S.DRAFTING, S.FILED}, S.DRAFTING, say.CovenantRevised),
        say.AdoptCovenant: Move({S.DRAFTING}, S.ADOPTED),
        say.FileCovenant: Move({S.ADOPTED}, S.FILED),
    },
    Rules(by_number(Covenant), say.READERS, unknown_number, outbox.record),
    answers=(say.GetCovenant, say.ListCovenants),
)


@asked(say.DraftCovenant)
def draft(session: Session, who: Principal, command: Command, now: datetime) -> Covenant:
    """Errors: Forbidden."""
    given = {name: command[name] for name in ("kind", "area_path", "draft")}
    covenant = Covenant(**given, title=command["title_text"], texts=[])
    covenant.case_number = root_number(session, "CO", covenant.area_path, now)
    return LIFE.start(session, who, say.DraftCovenant, covenant, now, say.CovenantDrafted)


@asked(say.AdoptCovenant)
def adopt(session: Session, who: Principal, command: Command, now: datetime) -> Covenant:
    """Errors: as `Life.begin`; Invalid for a council of elsewhere, or one that has resolved nothing."""
    covenant, number = LIFE.begin(session, who, say.AdoptCovenant, command), command["council_number"]
    around = Council.area_path.op("@>")(func.text2ltree(covenant.area_path))
    of_it = select(Council.id).where(
        Council.case_number == number, Council.state.in_(DECIDED), Council.resolution.is_not(None), around
    )
    Invalid.where(council_number=session.scalars(of_it).first() is None and "要由管这个范围、已有决议的议事会通过")
    version = {"no": covenant.version_no + 1, "text": covenant.draft, "council_number": number, "filed_at": None}
    covenant.texts = [*covenant.texts, {**version, "adopted_at": now.astimezone(UTC).isoformat()}]
    covenant.draft = None
    return LIFE.done(session, who, covenant, now, say.CovenantAdopted, council_number=number)


@asked(say.FileCovenant)
def file(session: Session, who: Principal, command: Command, now: datetime) -> Covenant:
    """Errors: as `Life.begin`."""
    covenant = LIFE.begin(session, who, say.FileCovenant, command)
    *before, last = covenant.texts
    covenant.texts = [*before, {**last, "filed_at": now.astimezone(UTC).isoformat()}]
    return LIFE.done(session, who, covenant, now, say.CovenantFiled)


@asked(say.CompareCovenant)
def compare(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: NotFound; Invalid for a version there is not."""
    covenant = LIFE.hold(session, command)
    for name in ("old", "new"):
        Invalid.where(**{name: command[name] > covenant.version_no and f"只有{covenant.version_no}版"})
    old, new = (covenant.texts[command[name] - 1]["text"] for name in ("old", "new"))
    return {**command, "lines": side_by_side(old, new)}


def side_by_side(old: str, new: str) -> list[dict[str, Any]]:
    """The lines of two texts beside each other, in their order; nothing of either is left out."""
    before, after = old.splitlines(), new.splitlines()
    found = []
    for tag, begin, end, from_, to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for left, right in zip_longest(before[begin:end], after[from_:to]):
            found.append({"change": _change(tag, left, right), "old": left, "new": right})
    return found


def _change(tag: str, left: str | None, right: str | None) -> LineChange:
    if tag == "equal":
        return LineChange.SAME
    if left is None:
        return LineChange.ADDED
    return LineChange.REMOVED if right is None else LineChange.CHANGED


@asked(say.ListCovenantBoard)
def list_board(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    return LIFE.page(session, who, command, now, everybody())


@standing_of.register
def _stands(covenant: Covenant) -> Standing:
    waits = {S.DRAFTING: ("role:COMMUNITY",), S.ADOPTED: ("role:STREET",)}
    return Standing(
        kind=say.CovenantView.about.kind, state=covenant.state, number=covenant.number,
        waits=waits.get(S(covenant.state), ()), tally={"covenant": covenant.kind},
    )  # fmt: skip
