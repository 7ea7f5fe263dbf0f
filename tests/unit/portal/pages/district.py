"""A district with matters of every kind, told as their owners tell them; and following what a page counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from random import Random
from typing import Any
from urllib.parse import urlsplit

from chassis.envelope import Event, type_of
from chassis.standing import Standing
from contracts.intake.appeals import AppealRegistered
from kernel.codes import AppealState, CaseWay, Channel
from kernel.numbers import KINDS, case_number
from services.portal.readmodel import kinds
from tests.unit.portal.pages.people import Pages
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import at, uid

STREET = "yinchuan.xingqing.lijingjie"
PLACES = (
    STREET, f"{STREET}.yinhong", f"{STREET}.yinhong.g3", f"{STREET}.yinhong.g3.b5u2", "yinchuan.xingqing.shandalu",
    "yinchuan.xingqing.shandalu.hongbei.g2",
)  # fmt: skip
CATEGORIES = ("housing.drain.blocked", "municipal.cover.missing", "sanitation", "")
LETTERS = {kind: letter for letter, kind in kinds.OF_LETTER.items()}


@dataclass
class Told:
    """What an owner says of one matter."""

    kind: str
    state: str
    place: str
    when: datetime
    waits: tuple[str, ...] = ()
    due: datetime | None = None
    urgency: str = ""
    tally: dict[str, str] | None = None
    hidden: tuple[str, ...] = ()
    case: str = ""


def put(pages: Pages, told: list[Told], first: int = 1) -> None:
    tell(pages.store, [_event(no, each) for no, each in enumerate(told, first)])


def _event(no: int, told: Told) -> Event:
    number = case_number(LETTERS.get(told.kind, "W"), told.when.date(), "0901", no)
    stands = Standing(told.kind, told.state, number, due=told.due, waits=told.waits, urgency=told.urgency,
                      hidden=told.hidden, tally=told.tally or {})  # fmt: skip
    return Event(
        id=uid(f"told {no}"), type=type_of(AppealRegistered), source="intake", subject=uid(f"matter {no}"),
        time=told.when,
        aggregate_version=1, area_path=told.place, actor="u-lishan", case_number=told.case or number, causation_id=None,
        traceparent=None, data=dict(AppealRegistered.example), standing=stands,
    )  # fmt: skip


def random_district(seed: int, many: int = 150) -> list[Told]:
    chance = Random(seed)
    return [_random(chance) for _ in range(many)]


def _random(chance: Random) -> Told:
    kind = chance.choice(["APPEAL"] * 6 + ["HAZARD", "MEDIATION", "COUNCIL", "CARE_CALL", "PAGER_ALARM", "FOLLOW_UP"])
    state = chance.choice(kinds.about(kind).states.values())
    over = state in ("CLOSED", *CaseWay) or (chance.random() < 0.3 and kind != "APPEAL")
    when = at(chance.uniform(-24 * 10, 72))
    due = None if over else when + timedelta(hours=chance.uniform(1, 200))
    waits = () if over or state == AppealState.RESULT_REPORTED else ("role:COMMUNITY",)
    tally = _tally(chance, state) if kind == "APPEAL" else {}
    urgency = chance.choice(["EMERGENCY", "NORMAL", "NORMAL"])
    return Told(kind, state, chance.choice(PLACES), when, waits, due, urgency, tally)


def _tally(chance: Random, state: str) -> dict[str, str]:
    way = state if state in set(CaseWay) else chance.choice(["SELF", "WHISTLE", "MEDIATION", "BOTH"])
    told = {"channel": chance.choice([*Channel][:7]).value, "way": way, "reopened": chance.choice(["yes", "no"])}
    return {**told, "category": chance.choice(CATEGORIES)}


LINKS = re.compile(r'<a class="rows-of" href="([^"]+)">(\d+)</a>')
DRAWN = re.compile(r'<a href="(/find[^"]+)" aria-label="[^"]*?(\d+) ?件[^"]*">')


def counted(html: str) -> dict[str, int]:
    """Every number of a page with the address of its rows, in tables and in pictures."""
    found = [(unescape(link), int(number)) for link, number in (*LINKS.findall(html), *DRAWN.findall(html))]
    told = dict(found)
    assert sorted(set(found)) == sorted(told.items()), "one address, two numbers"
    return told


def rows_of(browser: Any, address: str) -> int:
    """How many rows the search lists there, on all its pages."""
    return sum(len(page["items"]) for page in _pages(browser, address))


def _pages(browser: Any, address: str) -> Iterator[dict[str, Any]]:
    cursor, query = "", urlsplit(address).query
    while cursor is not None:
        page = browser.get(f"/api/matters?limit=200&{query}" + (f"&cursor={cursor}" if cursor else "")).json
        yield page
        cursor = page["next_cursor"]


assert set(KINDS) >= set(LETTERS.values())
