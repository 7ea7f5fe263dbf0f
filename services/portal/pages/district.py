"""The district as pictures: a map of what goes on, the flow of a month, its hot spots, and what came of them.

Each number is counted with the question its link asks; SVG and tables come from the server, no script draws anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import request

from chassis.errors import NotFound
from kernel.areas import cut, depth
from kernel.codes import AppealState, CaseWay, Channel, Urgency
from kernel.codes.base import Code
from services.portal.accounts.current import now, process
from services.portal.pages import drawing, places
from services.portal.pages.blueprint import blueprint
from services.portal.pages.seeing import View, rows, shown, viewed
from services.portal.readmodel import counting, kinds
from services.portal.readmodel.counting import Standing, Way

MEASURES = {"open": "在办", "overdue": "已超时", "risk": "紧急"}
NARROWED: Mapping[str, dict[str, Any]] = {
    "open": {}, "overdue": {"overdue": True}, "risk": {"urgency": Urgency.EMERGENCY.value},
}  # fmt: skip


class Line(NamedTuple):
    """An area with its numbers; `inside` is its own map, where something lies in it."""

    path: str
    name: str
    standing: Standing
    links: dict[str, str]
    inside: str


@blueprint.get("/district")
def district() -> str:
    """The map by open, overdue or urgent cases. Errors: as `seeing.viewed`; NotFound for another measure."""
    view, by = viewed(), request.args.get("by", "open")
    if by not in MEASURES:
        raise NotFound("没有这种地图")
    with process().store.transaction() as session:
        found = counting.by_area(session, view.who, view.place, now())
    lines = [_line(path, name, found.get(path, Standing()), view) for path, name in places.children(view.place)]
    known = {line.path for line in lines}
    here = sum((each for path, each in found.items() if path not in known), Standing())
    map_ = drawing.drawn(places.outlines(view.place), lambda path: cut(path, depth(view.place) + 1))
    total = sum((line.standing for line in lines), here)
    return shown(
        "district.html", view, by=by, measures=MEASURES, lines=lines, map=map_, no=list(MEASURES).index(by),
        here=_whole("这里（没有细分到下一级）", here, view, here=True) if any(here) and lines else None,
        total=_whole("合计", total, view), most=max((getattr(line.standing, by) for line in lines), default=0),
        level=drawing.level, ranges=drawing.ranges,
    )  # fmt: skip


def _line(path: str, name: str, standing: Standing, view: View) -> Line:
    inside = View(view.who, path, view.month).address("/district", by=request.args.get("by", "open"))
    return Line(path, name, standing, _links(path), inside)


def _whole(name: str, standing: Standing, view: View, **more: Any) -> Line:
    return Line(view.place, name, standing, _links(view.place, **more), "")


def _links(path: str, **more: Any) -> dict[str, str]:
    asked = {"area_path": path, "open": True, "roots": True, **more}
    return {measure: rows({**asked, **only}) for measure, only in NARROWED.items()}


UNTOLD = ""
"""What an owner of an earlier version did not say: counted, and no link finds it."""
CLOSED, AGAIN, ENDED, GOING, REDONE = "办结", "重办后办结", "答复、引导等", "在办", "重办中"
EARLY = [state.value for state in AppealState if state.value in CaseWay.values()]
WORKING = [state.value for state in AppealState if state not in (*EARLY, AppealState.CLOSED)]
OUTCOMES: Mapping[str, dict[str, Any]] = {
    CLOSED: {"state": AppealState.CLOSED.value, "mark": ["reopened:no"]},
    AGAIN: {"state": AppealState.CLOSED.value, "mark": ["reopened:yes"]},
    ENDED: {"state": EARLY},
    GOING: {"state": WORKING, "mark": ["reopened:no"]},
    REDONE: {"state": WORKING, "mark": ["reopened:yes"]},
}


@blueprint.get("/district/flow")
def flow() -> str:
    """Appeals registered in the month: by which channel, how handled, how they stand. Errors: as `seeing.viewed`."""
    view = viewed()
    with process().store.transaction() as session:
        found = counting.flow(session, view.who, view.asked, now())
    stages = [Counter[str](), Counter[str](), Counter[str]()]
    first, second = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for way, number in found.items():
        keys = way.channel, way.way, outcome(way)
        for stage, key in zip(stages, keys, strict=True):
            stage[key] += number
        first[keys[:2]] += number
        second[keys[1:]] += number
    columns = [_nodes(view, no, stage) for no, stage in enumerate(stages)]
    bands = [*_bands(view, columns[0], columns[1], first, 0), *_bands(view, columns[1], columns[2], second, 1)]
    return shown("flow.html", view, flow=drawing.flowing(columns, bands), columns=columns, first=first, second=second,
                 links={(band.start.key, band.end.key): band.link for band in bands},
                 received=found.total(), all_rows=view.rows(kind="APPEAL"))  # fmt: skip


def outcome(way: Way) -> str:
    if way.state in EARLY:
        return ENDED
    if way.reopened not in ("yes", "no"):
        return UNTOLD
    again = way.reopened == "yes"
    if way.state == AppealState.CLOSED:
        return AGAIN if again else CLOSED
    return REDONE if again else GOING


ORDERS: tuple[list[str], ...] = ([*Channel], [*CaseWay], [*OUTCOMES])


def _nodes(view: View, stage: int, counted: Counter[str]) -> list[drawing.Node]:
    keys = sorted(counted, key=lambda key: ORDERS[stage].index(key) if key in ORDERS[stage] else len(ORDERS[stage]))
    return [drawing.Node(key, _called(stage, key), counted[key], _narrowed(view, {stage: key})) for key in keys]


def _called(stage: int, key: str) -> str:
    codes: tuple[type[Code], ...] = (Channel, CaseWay)
    known = key if stage == len(codes) else next((each.label for each in codes[stage] if each == key), key)
    return known or "未记录"


def _narrowed(view: View, keys: dict[int, str]) -> str:
    """The rows that are of all these at their stages; empty for what was not told."""
    if UNTOLD in keys.values():
        return ""
    marks = [f"{name}:{keys[stage]}" for stage, name in enumerate(("channel", "way")) if stage in keys]
    end = OUTCOMES.get(keys.get(2, ""), {})
    return view.rows(**{"kind": "APPEAL", **end, "mark": [*marks, *end.get("mark", ())]})


def _bands(
    view: View, starts: list[drawing.Node], ends: list[drawing.Node], counted: Mapping[tuple[str, str], int], stage: int
) -> list[drawing.Band]:
    return [
        drawing.Band(start, end, number, _narrowed(view, {stage: start.key, stage + 1: end.key}))
        for start in starts
        for end in ends
        if (number := counted.get((start.key, end.key), 0))
    ]


MOST_CATEGORIES = 8


@blueprint.get("/district/days")
def hot_days() -> str:
    """Days and uppermost categories: how many appeals were registered. Errors: as `seeing.viewed`."""
    view = viewed()
    with process().store.transaction() as session:
        found = counting.days(session, view.who, view.asked, now())
    by_category, by_day = Counter[str](), Counter[date]()
    for (day, category), number in found.items():
        by_category[category] += number
        by_day[day] += number
    heads = [code for code, _ in by_category.most_common() if code][:MOST_CATEGORIES]
    days = [view.span.first + timedelta(days=each) for each in range((view.span.last - view.span.first).days + 1)]
    cell = {(day, code): view.rows(kind="APPEAL", category=code, opened_from=day, opened_to=day)
            for day, code in found if code in heads}  # fmt: skip
    return shown(
        "hot_days.html", view, found=found, days=days, heads=heads, names=_categories(), cells=cell, by_day=by_day,
        by_category=by_category, most=max((found[key] for key in cell), default=0), level=drawing.level,
        ranges=drawing.ranges, received=found.total(), all_rows=view.rows(kind="APPEAL"),
        of_day={day: view.rows(kind="APPEAL", opened_from=day, opened_to=day) for day in by_day},
        of_category={code: view.rows(kind="APPEAL", category=code) for code in heads},
    )  # fmt: skip


def _categories() -> dict[str, str]:
    return {code: name for code, name in places.categories().items() if "." not in code}


@dataclass(frozen=True)
class Part:
    """`good`: it is what is wanted; of the others colour says nothing."""

    state: str
    name: str
    count: int
    link: str


class Outcome(NamedTuple):
    title: str
    formula: str
    reached: int
    reached_rows: str
    whole: int
    rows: str
    parts: list[Part]
    bars: list[tuple[float, float]]


WANTED: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "CARE_CALL": (
        "关怀电话落实", "已通话、见到本人、家人已说明或已入户救助的÷本月排定的",
        ("TALKED", "SEEN", "REACHED", "HELPED"),
    ),
    "PAGER_ALARM": ("呼叫器呼叫有结果", "有结果的呼叫÷本月的呼叫", ("RESOLVED",)),
    "MEDIATION": (
        "调解达成协议", "达成协议的（含履行中、逾期未履行、已结案）÷本月申请和发现的",
        ("AGREED", "PERFORMING", "BREACHED", "CLOSED"),
    ),
    "COUNCIL": (
        "议事有结果", "已议定及以后各步的÷本月召集的",
        ("RESOLVED", "PUBLISHED", "IMPLEMENTING", "DONE", "REVIEWED", "CLOSED"),
    ),
}  # fmt: skip
"""By kind: the words, the formula, and which states count as reached."""


@blueprint.get("/district/outcomes")
def outcomes() -> str:
    """Care calls, pager alarms, mediations and councils begun in the month, by how they stand."""
    view = viewed()
    with process().store.transaction() as session:
        found = counting.outcomes(session, view.who, view.asked, list(WANTED), now())
    return shown("outcomes.html", view, outcomes=[_outcome(view, kind, found[kind]) for kind in WANTED])


def _outcome(view: View, kind: str, counted: Counter[str]) -> Outcome:
    title, formula, wanted = WANTED[kind]
    about, order = kinds.about(kind), kinds.about(kind).states.values()
    states = sorted(counted, key=lambda state: order.index(state) if state in order else len(order))
    parts = [Part(state, about.state(state), counted[state], view.rows(kind=kind, state=state)) for state in states]
    reached = sum(counted[state] for state in wanted)
    rows_of = view.rows(kind=kind, state=list(wanted)), view.rows(kind=kind)
    bars = drawing.stacked([part.count for part in parts])
    return Outcome(title, formula, reached, rows_of[0], counted.total(), rows_of[1], parts, bars)
