"""Exports 工单导出: rows in the layout that `imports` reads, for who answers for the place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from capability import paging
from chassis import audit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.intake.exports import ListOrders
from kernel import areas as paths
from kernel.calendar.zone import SHANGHAI
from kernel.codes import AppealState, AreaLevel, Nature, ResultKind, Satisfied, Solved, label
from kernel.masking import mask_personal
from services.intake import access, areas, categories, reading
from services.intake.conditions import ENDED
from services.intake.orders.layout import COLUMNS
from services.intake.tables import Appeal
from services.intake.views import WITHHELD

PURPOSE = "导出工单"
LEVELS = ("一级分类", "二级分类", "三级分类")
OVER, GOING_ON = "已办结", "办理中"


@asked(ListOrders)
def list_orders(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A page of rows. Each page leaves an audit row, so that none is taken in silence. Errors: Forbidden; Invalid."""
    place = areas.find(session, command["area_path"], now).path
    who.require(*ListOrders.by.roles, at=place)
    query = select(Appeal).where(reading.visible(who), Appeal.area_path.within(place), *_between(command))
    found = paging.page(
        session, query.options(selectinload(Appeal.reporter)), command, lambda row: _cells(session, who, row, now),
        Appeal.id,
    )  # fmt: skip
    days = {name: str(command[name]) for name in ("since", "until") if command[name]}
    audit.note(session, who, now, "export_orders", place, PURPOSE, rows=len(found["items"]), **days)
    return {**found, "columns": COLUMNS}


def _between(command: Mapping[str, Any]) -> Iterator[Any]:
    if command["since"]:
        yield Appeal.created_at >= datetime.combine(command["since"], time(), SHANGHAI)
    if command["until"]:
        yield Appeal.created_at < datetime.combine(command["until"] + timedelta(days=1), time(), SHANGHAI)


def _cells(session: Session, who: Principal, row: Appeal, now: datetime) -> dict[str, list[str]]:
    told = {
        "工单编号": row.outside_number or row.case_number,
        "工单类型": label(Nature, row.nature),
        "工单状态": OVER if row.state in ENDED else GOING_ON,
        "二级承办单位": row.lead_unit or "",
        "工单性质": "主办",
        "创建时间": _moment(row.created_at),
        "办结时间": _moment(row.closed_at),
        "办理结果": label(ResultKind, row.result_kind) if row.result_kind else label(AppealState, row.state),
        "是否联系": "是" if row.first_contacted_at else "否",
        "是否有效回访": "是" if row.solved else "",
        "是否解决": label(Solved, row.solved) if row.solved else "",
        "是否满意": label(Satisfied, row.satisfied) if row.satisfied else "",
        **_words(who, row),
        **_caller(who, row),
        **_category(session, row.category),
        **_place(session, row.area_path, now),
    }
    return {"cells": [told.get(name, "") for name in COLUMNS]}


def _words(who: Principal, row: Appeal) -> dict[str, str]:
    """What was written, without telephones and the like: a file goes where no right follows it."""
    words = {"标题": row.title, "主要内容": row.content, "小区点位": row.place_text, "回复内容": row.result_text or ""}
    if not access.reads_words(who, row):
        return dict.fromkeys(words, WITHHELD)
    return {name: mask_personal(text) for name, text in words.items()}


def _caller(who: Principal, row: Appeal) -> dict[str, str]:
    if row.reporter is None or not access.sees_reporter(who, row):
        return {}
    return {"来电人": row.reporter.masked_name, "电话": row.reporter.masked_phone or ""}


def _category(session: Session, code: str) -> dict[str, str]:
    tree = categories.tree(session)
    chain: list[str] = []
    while one := tree.get(code):
        chain.insert(0, one["name"])
        code = one["parent"] or ""
    return dict(zip(LEVELS, chain, strict=False)) if len(chain) > 1 else {LEVELS[-1]: "".join(chain)}


def _place(session: Session, path: str, now: datetime) -> dict[str, str]:
    chain = [areas.find(session, each, now) for each in (*paths.ancestors(path), path)]
    named = {level: "".join(area.name for area in chain if area.level in levels) for level, levels in PLACES.items()}
    return {column: name for column, name in named.items() if name}


PLACES = {
    "被反映区/街乡镇": (AreaLevel.DISTRICT, AreaLevel.STREET),
    "村/社区": (AreaLevel.COMMUNITY,),
}


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if moment else ""
