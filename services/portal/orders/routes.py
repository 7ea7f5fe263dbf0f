"""The page on which a place's orders are chosen, and the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any

from flask import Blueprint, Response, render_template, request

from chassis.errors import Forbidden, NotFound
from chassis.identity import Principal
from contracts.intake.exports import ListOrders
from services.portal.accounts.current import current_principal
from services.portal.api.asking import LONG_PATIENCE_SECONDS, ask
from services.portal.orders import writing
from services.portal.pages import places

ENCODINGS = {"csv": "utf-8", "gb18030.csv": "gb18030"}
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}
A_PAGE = 500

blueprint = Blueprint("orders", __name__, template_folder="templates")


@blueprint.get("/orders")
def choose() -> str:
    """Errors: Unauthenticated; Forbidden for who may export nothing."""
    who = current_principal()
    own = _nodes(who)
    if not own:
        raise Forbidden("您的岗位不能导出工单", roles=sorted(ListOrders.by.roles))
    paths = list(dict.fromkeys(path for node in own for path in places.below(node, max(0, 3 - node.count(".")))))
    named = places.names(paths)
    return render_template("orders.html", places=[(path, named[path]) for path in paths])


@blueprint.get("/orders/file")
def file() -> Response:
    """Errors: as the service's; NotFound for a form nobody knows."""
    current_principal()
    form = request.args.get("form", "xlsx")
    rows = _rows({name: request.args[name] for name in ("area_path", "since", "until") if request.args.get(name)})
    first = next(rows)  # what is refused is refused before the answer begins
    if form == "xlsx":
        with TemporaryFile() as out:
            writing.xlsx(_with(first, rows), out)
            out.seek(0)
            return _named(Response(out.read(), content_type=TYPES["xlsx"]), form)
    if form not in ENCODINGS:
        raise NotFound("没有这种文件")
    content = b"".join(writing.csv_lines(_with(first, rows), ENCODINGS[form]))
    return _named(Response(content, content_type=f"{TYPES['csv']}; charset={ENCODINGS[form]}"), form)


def _nodes(who: Principal) -> list[str]:
    return sorted({grant.node for grant in who.grants if grant.role in ListOrders.by.roles})


def _rows(asked: dict[str, Any]) -> Iterator[Sequence[str]]:
    """The names of the columns, then every row, page by page."""
    cursor, begun = None, False
    while cursor or not begun:
        told = {**asked, "cursor": cursor, "limit": A_PAGE}
        page = ask(ListOrders, told, patience=LONG_PATIENCE_SECONDS)
        if not begun:
            yield page["columns"]
        yield from (item["cells"] for item in page["items"])
        cursor, begun = page["next_cursor"], True


def _with(first: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    yield first
    yield from rows


def _named(response: Response, form: str) -> Response:
    response.headers["Content-Disposition"] = f"attachment; filename=orders.{form}"
    return response
