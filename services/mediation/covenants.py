"""Covenants 居民公约、村规民约 (domain §1 S3.13): no version without a council's resolution; filed with the street."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import SequenceMatcher
from itertools import pairwise, zip_longest
from typing import Any

from sqlalchemy import Index, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
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
    """Errors: NotFound; Conflict before any version was adopted; Invalid for a version there is not."""
    covenant = LIFE.hold(session, command)
    if not (last := covenant.version_no):
        raise Conflict("还没有通过的版本")
    chosen = {"old": command["old"] or max(last - 1, 1), "new": command["new"] or last}
    Invalid.where(**{name: no > last and f"只有{last}版" for name, no in chosen.items()})
    old, new = (covenant.texts[no - 1]["text"] for no in chosen.values())
    shown = {name: getattr(covenant, name) for name in ("number", "kind", "title", "area_path", "versions")}
    return {**shown, **chosen, "lines": side_by_side(old, new)}


Lines = list[str]
ALIKE, MANY = 0.4, 1_000_000
"""Lines this much alike are one line that was changed. Where so many pairs of lines, or of signs in a stretch, would
have to be weighed against each other, a quicker way is taken that pairs them less well."""


def side_by_side(old: str, new: str) -> list[dict[str, Any]]:
    """The lines of two texts beside each other, in their order; nothing of either is left out."""
    before, after = old.splitlines(), new.splitlines()
    found: list[dict[str, Any]] = []
    alike = SequenceMatcher(None, before, after, autojunk=len(before) * len(after) > MANY)
    for tag, begin, end, from_, to in alike.get_opcodes():
        if tag == "equal":
            found += (_row(LineChange.SAME, left, left) for left in before[begin:end])
        else:
            found += _paired(before[begin:end], after[from_:to])
    return found


def _paired(before: Lines, after: Lines) -> list[dict[str, Any]]:
    """Of a stretch that is not the same: each line beside the one it became, others as taken out or added."""
    if sum(map(len, before)) * sum(map(len, after)) > MANY:
        return [_row(_change(left, right), left, right) for left, right in zip_longest(before, after)]
    weighed = [
        (alike, i, j) for i, left in enumerate(before) for j, right in enumerate(after)
        if (alike := SequenceMatcher(None, left, right, autojunk=False).ratio()) >= ALIKE
    ]  # fmt: skip
    pairs = [(-1, -1), *_crossing_none(weighed), (len(before), len(after))]
    found: list[dict[str, Any]] = []
    for (i, j), (to_i, to_j) in pairwise(pairs):
        found += (_row(LineChange.REMOVED, left, None) for left in before[i + 1 : to_i])
        found += (_row(LineChange.ADDED, None, right) for right in after[j + 1 : to_j])
        if to_i < len(before):
            found.append(_row(LineChange.CHANGED, before[to_i], after[to_j]))
    return found


def _crossing_none(weighed: list[tuple[float, int, int]]) -> list[tuple[int, int]]:
    """The likest pairs first, each that keeps the order of both texts with those taken before."""
    taken: list[tuple[int, int]] = []
    for _, i, j in sorted(weighed, key=lambda each: (-each[0], each[1], each[2])):
        if all((i < other) == (j < beside) and i != other and j != beside for other, beside in taken):
            taken.append((i, j))
    return sorted(taken)


def _row(change: LineChange, old: str | None, new: str | None) -> dict[str, Any]:
    return {"change": change, "old": old, "new": new}


def _change(left: str | None, right: str | None) -> LineChange:
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
