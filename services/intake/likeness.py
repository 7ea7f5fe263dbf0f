"""Near-duplicates 相似诉求 (domain §6 no. 26): what may be the same matter, by place, category, words and time.

Looked for among the open appeals of the same community and of the wider places above it, by index
`ix_appeal_open_place`. Words are compared in memory, unsealed: no copy of them, clear or hashed, lies in the store
(docs/decisions/0018). Points: words 50, place 25, category 15, time 10; each reason says what it found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from math import log
from typing import Any

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.intake.appeals import GetAppeal
from contracts.intake.likeness import AppealParted, FindAlike, ListAlike, UnmergeAppeal
from kernel import areas as paths
from kernel.calendar import local_day
from kernel.codes import AreaLevel, ResumeCause
from kernel.grams import grams, phrases
from services.intake import access, appeals, areas, categories, facts, policy, resuming
from services.intake.machines import APPEAL
from services.intake.tables import Appeal
from services.intake.tables.appeals import OPEN_PLACE

Command = dict[str, Any]
READ = (
    "id", "case_number", "state", "category", "area_path", "created_at", "title", "content", "against", "secret",
    "handler_id", "first_responder_id", "offered_to_id", "registered_by", "reporter_id",
)  # fmt: skip
"""What is read of each: what is compared, and what decides who may know of it."""
WORDS, PLACE, CATEGORY, TIME = 50, 25, 15, 10
NEARNESS = {
    AreaLevel.HOUSEHOLD: 1.0, AreaLevel.STAIRWELL: 1.0, AreaLevel.BUILDING: 1.0, AreaLevel.COMPOUND: 0.8,
    AreaLevel.MICRO_GRID: 0.6, AreaLevel.GRID: 0.6, AreaLevel.COMMUNITY: 0.3,
}  # fmt: skip
"""The share of the points for a place by the level of the narrowest area that holds both."""
WIDE, MOST_PHRASES = 0.1, 3


@dataclass(frozen=True)
class Told:
    """What is compared: where, of what kind, when, in which words."""

    area_path: str
    category: str | None
    at: datetime
    text: str


@dataclass(frozen=True)
class Alike:
    """An open appeal with the points that its likeness gives, and why."""

    row: Any
    score: int
    reasons: list[str]


@asked(ListAlike)
def list_alike(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: NotFound, Forbidden."""
    appeal = access.require_reader(who, appeals.by_number(session, command["number"]), command["number"])
    permit(who, ListAlike, appeal, access.TESTS)
    told = Told(appeal.area_path, appeal.category, appeal.created_at, f"{appeal.title}\n{appeal.content}")
    return _answer(found for found in alike(session, who, told, now) if found.row.id != appeal.id)


@asked(FindAlike)
def find_alike(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Forbidden; Invalid for an unknown place."""
    permit(who, FindAlike, None)
    place = areas.find(session, command["area_path"], now).path
    return _answer(alike(session, who, Told(place, command["category"], now, command["content"]), now))


@asked(UnmergeAppeal)
def unmerge(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """A merge taken back: both go on, both are told, what was and why stays on record (`Ending`).

    Errors: as `Life.begin`; Conflict for an appeal that is not merged.
    """
    appeal, survivor = _both(session, who, command)
    appeal.endings[-1].words = command["reason"]
    resuming.take_up(session, who, appeal, UnmergeAppeal, ResumeCause.UNMERGED, now, survivor)
    parted = {"from_number": appeal.case_number, "by": facts.actor(who)}
    facts.tell(session, AppealParted, survivor, who, now, **parted)
    return appeal


def _both(session: Session, who: Principal, command: Command) -> tuple[Appeal, Appeal]:
    """Both cases, locked in the order of their numbers, as a merge locks them."""
    known = appeals.by_number(session, command["number"])
    into = known.merged_into_number if known else None
    for number in sorted(filter(None, {command["number"], into})):
        APPEAL.hold(session, {"number": number, "expected_version": None})
    appeal = APPEAL.begin(session, who, UnmergeAppeal, command)
    return appeal, session.get_one(Appeal, appeal.merged_into, with_for_update=True)


def alike(session: Session, who: Principal, told: Told, now: datetime) -> list[Alike]:
    """The likeliest first, as many as policy likeness.suggest says; none that `who` may not read or merge into."""
    rule = policy.rules(now).value("likeness.suggest")
    rows = _near(session, told, now, rule)
    compared = [one for one in _compared(told, rows, rule["words_least"]) if _may(who, one[0])]
    judged = (_judged(session, told, row, said, now) for row, said in compared)
    likely = sorted((one for one in judged if one.score >= rule["least"]), key=lambda one: -one.score)
    return likely[: rule["shown"]]


def _near(session: Session, told: Told, now: datetime, rule: dict[str, Any]) -> Sequence[Any]:
    """Open appeals around of the last days, those of the category first, then the newest; so many at most."""
    around = areas.around(session, told.area_path, now)
    there = or_(Appeal.area_path.within(around), Appeal.area_path.op("@>", is_comparison=True)(around))
    since = now - timedelta(days=rule["days"])
    same = case((Appeal.category == (told.category or ""), 0), else_=1)
    columns = (getattr(Appeal, name) for name in READ)
    query = select(*columns).where(OPEN_PLACE, there, Appeal.created_at >= since)
    return session.execute(query.order_by(same, Appeal.created_at.desc()).limit(rule["most"])).all()


def _may(who: Principal, row: Any) -> bool:
    """Whether the words may be shown: a complaint of staff is nobody's duplicate, a secret one only its knowers'."""
    return not row.against and access.allows(GetAppeal.by, who, row) and access.reads_words(who, row) and (
        not row.secret or access.sees_reporter(who, row)
    )  # fmt: skip


def _compared(told: Told, rows: Sequence[Any], least: float) -> Iterator[tuple[Any, dict[str, float]]]:
    """Rows that share at least so much of the shorter text, with the share, and the shared pairs by their weight.

    A pair weighs the more, the fewer of the texts around hold it: "小区" says little, "倒灌" much.
    """
    own, theirs = grams(told.text), [grams(f"{row.title}\n{row.content}") for row in rows]
    held = Counter(chain(own, *theirs))
    weight = {gram: log((len(rows) + 2) / count) + 0.1 for gram, count in held.items()}
    whole = sum(map(weight.__getitem__, own))
    for row, their in zip(rows, theirs, strict=True):
        if not (both := own & their):
            continue
        shorter = min(whole, sum(map(weight.__getitem__, their)))
        share = sum(map(weight.__getitem__, both)) / shorter
        if share >= least:
            yield row, {"": share, **{gram: weight[gram] for gram in both}}


def _judged(session: Session, told: Told, row: Any, said: dict[str, float], now: datetime) -> Alike:
    share = said.pop("")
    words = sorted(phrases(told.text, said), key=lambda phrase: -_weight(phrase, said))[:MOST_PHRASES]
    parts = [
        _place(session, told, row, now),
        _time(told, row),
        _category(session, told, row),
        (round(WORDS * min(share, 1.0)), f"都提到{''.join(f'“{each}”' for each in words)}"),
    ]
    return Alike(row, sum(points for points, _ in parts), [reason for _, reason in parts if reason])


def _weight(phrase: str, said: dict[str, float]) -> float:
    return sum(said.get(phrase[at : at + 2], 0.0) for at in range(len(phrase)))


def _place(session: Session, told: Told, row: Any, now: datetime) -> tuple[int, str]:
    common = paths.common(told.area_path, row.area_path)
    level = areas.level(session, common, now) if common else None
    if level not in NEARNESS:
        return round(PLACE * WIDE), ""
    return round(PLACE * NEARNESS[AreaLevel(level)]), f"同一{AreaLevel(level).label}"


def _time(told: Told, row: Any) -> tuple[int, str]:
    days = abs((local_day(told.at) - local_day(row.created_at)).days)
    return max(TIME - days, 0), "同一天" if days == 0 else f"相隔{days}天"


def _category(session: Session, told: Told, row: Any) -> tuple[int, str]:
    known = categories.tree(session)
    if told.category is None or told.category not in known:
        return 0, ""
    name, branch = known[told.category]["name"], known[told.category]["parent"]
    if row.category == told.category:
        return CATEGORY, f"同一类别“{name}”"
    if branch and branch in known and known.get(row.category, {}).get("parent") == branch:
        return CATEGORY // 2, f"同属“{known[branch]['name']}”"
    return 0, ""


def _answer(found: Iterable[Alike]) -> dict[str, Any]:
    names = ("state", "title", "area_path", "created_at")
    return {
        "items": [
            {"number": one.row.case_number, "score": one.score, "reasons": one.reasons}
            | {name: getattr(one.row, name) for name in names}
            for one in found
        ]
    }
