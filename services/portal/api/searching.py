"""Search over all matters in sight: GET /api/matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Response
from flask_smorest import Blueprint

from chassis.errors import Invalid
from chassis.identity import Principal
from services.portal.accounts.current import current_principal, now, process
from services.portal.api.answering import as_json
from services.portal.api.own import serve
from services.portal.api.timeline import TAG, question, rows
from services.portal.pages import places
from services.portal.readmodel import scope, search, shapes
from services.portal.readmodel.saying import made
from services.portal.readmodel.search import Named
from services.portal.readmodel.tables import Matter

LEVELS_SEARCHED = 3
MOST_PLACES = 100


class Found(NamedTuple):
    """A page, and the cursor of the next."""

    matters: Sequence[Matter]
    cursor: str | None = None


NOTHING = Found([])
blueprint = Blueprint("searching", __name__, url_prefix="/api")


def search_matters() -> Response:
    """GET /api/matters"""
    page = found()
    with process().store.transaction() as session:
        items = rows(session, current_principal(), page.matters, now())
    return as_json(made(shapes.MatterPage).dump({"items": items, "next_cursor": page.cursor}))


def found() -> Found:
    """What the query string asks for. Errors: Invalid, by field."""
    who, asked = current_principal(), question(shapes.SearchMatters)
    known = named(who, asked)
    with process().store.transaction() as session:
        return Found(*search.page(session, who, asked, known, now()))


def named(who: Principal, asked: dict[str, Any]) -> Named:
    """The places in sight and the categories that are called by a word of `q`. Errors: Invalid, by field."""
    words = [word for word in search.split(asked.get("q") or "") if len(word) > 1 and not search.is_number(word)]
    if not words:
        return Named()
    nodes = scope.nodes(who, scope.OF_PLACE | scope.OF_DISPUTES)
    paths = {path for node in nodes for path in places.below(node, LEVELS_SEARCHED)}
    found = {word: places.called(word, paths) for word in words}
    Invalid.where(q=any(len(each) > MOST_PLACES for each in found.values()) and "有太多地方叫这个名字，请写得更具体")
    categories = places.categories().items()
    return Named(found, {word: [code for code, name in categories if word in name] for word in words})


serve(
    blueprint, "GET", "/matters", search_matters,
    {"status_code": 200, "schema": shapes.MatterPage, "description": "成功"},
    tag=TAG, summary="查找",
    description="在本人可以查看的全部事项中查找，已办结的也在内，新的在前。各条件同时满足；q 中各词以空格分开，每个词"
    "可以是编号的前几位、经过里的词语（至少两个字）、地方、类别或姓名。姓名按隐去后的写法比较，要求保密的件查不到姓名。",
    parameters=shapes.described(shapes.SearchMatters), errors=("unauthenticated", "invalid"),
)  # fmt: skip
