"""The case list, one case's head, its timeline, whole and live, and the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from flask import Response, current_app, request
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from chassis.errors import Invalid
from chassis.identity import Principal
from contracts.schema import StrictShape
from services.portal.accounts.current import current_principal, now, process, still_asking
from services.portal.api import searching
from services.portal.api.answering import as_json
from services.portal.api.own import serve
from services.portal.api.reading import question
from services.portal.pages import places
from services.portal.readmodel import entries, lists, names, scope, shapes
from services.portal.readmodel.news import DeskWatch
from services.portal.readmodel.saying import made
from services.portal.readmodel.streaming import DeskStream, Stream
from services.portal.readmodel.tables import Matter
from services.portal.readmodel.watching import Rounds, Watch

TAG = "案件与时间线"

blueprint = Blueprint("timeline", __name__, url_prefix="/api")


def list_all_cases() -> Response:
    """GET /api/cases"""
    return _listed(lists.cases, shapes.ListCases)


def list_desk() -> Response:
    """GET /api/desk"""
    return _listed(lists.desk, shapes.ListDesk)


def search_matters() -> Response:
    """GET /api/matters"""
    page = searching.found()
    with process().store.transaction() as session:
        items = rows(session, current_principal(), page.matters, now())
    return as_json(made(shapes.MatterPage).dump({"items": items, "next_cursor": page.cursor}))


def _listed(found: Callable[..., lists.Page], shape: type[StrictShape]) -> Response:
    who, asked, moment = current_principal(), question(shape), now()
    with process().store.transaction() as session:
        matters, cursor = found(session, who, asked, moment)
        items = rows(session, who, matters, moment)
    return as_json(made(shapes.MatterPage).dump({"items": items, "next_cursor": cursor}))


def rows(session: Session, who: Principal, matters: Iterable[Matter], moment: datetime) -> list[dict[str, Any]]:
    """As they are answered, with names."""
    told = list(matters)
    known, mine = names.of_people(session, told), scope.units(who)
    return [shapes.row(matter, moment, known, mine) for matter in told]


def get_case_page(number: str) -> Response:
    """GET /api/cases/{number}"""
    who, moment = current_principal(), now()
    with process().store.transaction() as session:
        root = scope.find(session, who, number)
        head, *others = rows(session, who, [root, *lists.belonging(session, root)], moment)
    return as_json(made(shapes.CaseView).dump({**head, "matters": others}))


def get_timeline(number: str) -> Response:
    """GET /api/cases/{number}/timeline"""
    who = current_principal()
    with process().store.transaction() as session:
        root = scope.find(session, who, number)
        found = entries.with_merged(session, root)
    items = entries.views(root, found, discreet=not scope.of_place(who, root), units=places.units())
    last = max((entry.seq for entry in found if entry.case_number == root.number), default=0)
    return as_json(made(shapes.TimelineView).dump({"number": root.number, "last_seq": last, "items": items}))


def stream_timeline(number: str) -> Response:
    """GET /api/cases/{number}/timeline/stream"""
    who, store, seen = still_asking(), process().store, last_seen()
    with store.transaction() as session:
        root = scope.find(session, who(), number)
    return _live(Stream(store, watch(Watch), root.number, seen, who, places.units()).events())


def stream_desk() -> Response:
    """GET /api/desk/stream"""
    stream = DeskStream(process().store, watch(DeskWatch), last_seen(), still_asking())
    return _live(stream.events())


def watch(kind: type[Rounds[Any]]) -> Any:
    """The watch of that kind over this process's store."""
    store, kept = process().store, current_app.extensions.get(kind.__name__)
    if kept is None or kept.store is not store:
        kept = current_app.extensions[kind.__name__] = kind(store)
    return kept


def _live(events: Iterator[str]) -> Response:
    response = Response(events, content_type="text/event-stream; charset=utf-8")
    response.headers["X-Accel-Buffering"] = "no"  # nginx would otherwise keep news back until its buffer is full
    return response


def last_seen() -> int:
    """The last entry the client has. Errors: Invalid when it is not a whole number."""
    told = request.headers.get("Last-Event-ID") or request.args.get("after") or "0"
    if not told.isascii() or not told.isdigit() or len(told) > 18:
        raise Invalid.because({"after": ["应为时间线的 seq"]})
    return int(told)


def _found(shape: Any) -> dict[str, Any]:
    return {"status_code": 200, "schema": shape, "description": "成功"}


STREAM = {
    "status_code": 200,
    "schema": {"type": "string"},
    "content_type": "text/event-stream",
    "description": "事件流",
}
AFTER = {"in": "query", "name": "after", "schema": {"type": "integer", "minimum": 0}}

serve(
    blueprint, "GET", "/cases", list_all_cases, _found(shapes.MatterPage), tag=TAG,
    summary="案件列表",
    description="诉求、隐患等，先到期的在前。只列出本人职责区域内的，或本单位有哨令的。",
    parameters=shapes.described(shapes.ListCases), errors=("unauthenticated", "invalid"),
)  # fmt: skip
serve(
    blueprint, "GET", "/cases/<number>", get_case_page, _found(shapes.CaseView), tag=TAG,
    summary="案件概况",
    description="案件本身，以及从属于它的各事项（哨单、哨令、调解、回访等）现在的状态。",
    errors=("unauthenticated", "not_found"),
)  # fmt: skip
serve(
    blueprint, "GET", "/cases/<number>/timeline", get_timeline, _found(shapes.TimelineView), tag=TAG,
    summary="时间线",
    description="各服务的全部事件，按发生时间排列。last_seq 可作 stream 的 after。",
    errors=("unauthenticated", "not_found"),
)  # fmt: skip
serve(
    blueprint, "GET", "/cases/<number>/timeline/stream", stream_timeline, STREAM, tag=TAG,
    summary="时间线实时推送（SSE）",
    description="每条新进展一个 entry 事件，id 为 seq；断线后按 Last-Event-ID 续传，首次可用 after。每 15 秒一次心跳。",
    parameters=[AFTER], errors=("unauthenticated", "not_found", "invalid"),
)  # fmt: skip
serve(
    blueprint, "GET", "/desk", list_desk, _found(shapes.MatterPage), tag=TAG,
    summary="本人工作台",
    description="等候本人、本单位或本人职务办理的事项，先到期的在前；哨令用 kind=TASK 只看这一类。",
    parameters=shapes.described(shapes.ListDesk), errors=("unauthenticated", "invalid"),
)  # fmt: skip
serve(
    blueprint, "GET", "/desk/stream", stream_desk, STREAM, tag=TAG,
    summary="本人工作台实时推送（SSE）",
    description="after 之后，本人工作台上有几件有了别人的新进展：件数变了就有一个 news 事件，数据为 {\"count\": 件数}，"
    "id 为 after。断线后按 Last-Event-ID 重新数，不会漏。每 15 秒一次心跳。",
    parameters=[AFTER], errors=("unauthenticated", "invalid"),
)  # fmt: skip
serve(
    blueprint, "GET", "/matters", search_matters,
    _found(shapes.MatterPage), tag=TAG, summary="查找",
    description="在本人可以查看的全部事项中查找，已办结的也在内，新的在前。各条件同时满足；q 中各词以空格分开，每个词"
    "可以是编号的前几位、经过里的词语（至少两个字）、地方、类别或姓名。姓名按隐去后的写法比较，要求保密的件查不到姓名。",
    parameters=shapes.described(shapes.SearchMatters), errors=("unauthenticated", "invalid"),
)  # fmt: skip
