"""Files of an order by signed link, for programs of units: nobody logs in, the link is the right; dispatch judges."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_smorest import Blueprint

from chassis.errors import Conflict, Invalid, NotFound, ServiceError
from chassis.identity import Principal
from contracts.dispatch.file_links import OpenFileLink
from services.portal.accounts import limits
from services.portal.accounts.current import now, process
from services.portal.api.answering import as_json
from services.portal.api.asking import ask_as_portal
from services.portal.api.extras import BINARY, WRITING, handed_out, taken_in
from services.portal.api.files import item_of
from services.portal.api.own import FORM, body, serve
from services.portal.api.shapes import UnitFileList, UploadInput, UploadView

PATH = "/unit-files/<uuid:task_id>/<int:until>/<signature>"
blueprint = Blueprint("unit_files", __name__, url_prefix="/api")


def unit_files(**link: Any) -> Response:
    """GET /api/unit-files/{task_id}/{until}/{signature}"""
    opened = _opened(link)
    shown = ("sha256", "kind", "stage", "taken_at")
    items = [
        {"item": item, "href": f"{request.path}/{item}"} | {name: file.get(name) for name in shown}
        for item, file in _items(opened).items()
    ]
    return as_json({"items": items, "taken": opened["taken"]})


def unit_file(item: str, **link: Any) -> Response:
    """GET /api/unit-files/{task_id}/{until}/{signature}/{item}"""
    opened = _opened(link)
    found = _items(opened).get(item)
    if found is None:
        raise NotFound("没有这个文件")
    return handed_out(_unit(opened), found["sha256"], item, shown=True)


def bring_unit_file(**link: Any) -> Response:
    """POST /api/unit-files/{task_id}/{until}/{signature}"""
    opened = _opened(link)
    if not opened["taken"]:
        raise Conflict("这件哨令已不在办，不再收附件")
    limits.spend(process().store, "link_upload", str(link["task_id"]), now())
    return as_json(taken_in(_unit(opened)), 201)


def _opened(link: dict[str, Any]) -> dict[str, Any]:
    """What the link opens. Errors: NotFound, the same for every link that does not hold; TooManyRequests."""
    store, address = process().store, limits.network(request.remote_addr)
    spent = limits.spend(store, "link_address", address, now())
    asked = {"task_id": str(link["task_id"]), "until": link["until"], "signature": link["signature"]}
    try:
        opened: dict[str, Any] = ask_as_portal(OpenFileLink, asked)
    except (NotFound, Invalid):
        raise NotFound("链接不对或已过期") from None
    except ServiceError:
        limits.give_back(store, spent)
        raise
    limits.give_back(store, spent)
    return opened


def _items(opened: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item_of(opened["number"], file["sha256"]): file for file in opened["files"]}


def _unit(opened: dict[str, Any]) -> Principal:
    """Who reads and brings: the login its replies are sent by, too."""
    name = f"department.{opened['unit']}"
    return Principal(name, name, kind="department")


ERRORS = ("not_found", "too_many_requests", "deadline_exceeded")
TOLD = {"tag": "附件", "security": []}
serve(
    blueprint, "GET", PATH, unit_files,
    {"status_code": 200, "schema": UnitFileList, "description": "该单位在这件哨令里看得到的文件"},
    summary="单位程序：哨令的附件", description="链接由 whistle_task、task_changed 带来，限期有效。",
    errors=ERRORS, **TOLD,
)  # fmt: skip
serve(
    blueprint, "GET", f"{PATH}/<item>", unit_file,
    {"status_code": 200, "schema": BINARY, "content_type": "application/octet-stream", "description": "文件内容"},
    summary="单位程序：下载附件", description="每次查看都记入审计。", errors=ERRORS, **TOLD,
)  # fmt: skip
serve(
    blueprint, "POST", PATH, bring_unit_file,
    {"status_code": 201, "schema": UploadView, "description": "已保存；sha256 填入 finish 或 tick_parts"},
    summary="单位程序：上传佐证", description="大小和文件类型同 /api/uploads。哨令办结以后不再收。",
    requestBody=body(UploadInput, media_type=FORM), errors=(*WRITING, *ERRORS, "conflict"), **TOLD,
)  # fmt: skip
