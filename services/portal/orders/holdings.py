"""The file a person is handed: what every store holds about them (个人信息保护法 art. 45)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from contracts.intake.erasures import ShowHoldings
from kernel.codes.base import label
from kernel.codes.holdings import Store
from services.portal.accounts.current import current_principal
from services.portal.api.asking import LONG_PATIENCE_SECONDS, ask
from services.portal.orders import writing
from services.portal.orders.routes import TYPES

COLUMNS = ("哪个库", "是什么", "编号", "时间", "项目", "内容")
MISSING = "暂时读不到，请稍后再导出"

blueprint = Blueprint("holdings", __name__)


@blueprint.get("/people/<uuid:person_id>/holdings.xlsx")
def file(person_id: UUID) -> Response:
    """Errors: Unauthenticated; the service's, Invalid without `purpose` among them."""
    current_principal()
    asked = {"person_id": str(person_id), "purpose": request.args.get("purpose", "")}
    told = ask(ShowHoldings, asked, patience=LONG_PATIENCE_SECONDS)
    out = BytesIO()
    writing.xlsx([COLUMNS, *rows_of(told)], out, "个人信息")
    headers = {"Content-Disposition": "attachment; filename=holdings.xlsx", "Cache-Control": "no-store"}
    return Response(out.getvalue(), content_type=TYPES["xlsx"], headers=headers)


def rows_of(told: dict[str, Any]) -> Iterator[Sequence[str]]:
    """A row a word; a store that did not answer says so."""
    for part in told["stores"]:
        store = label(Store, part["store"])
        if part["missing"]:
            yield store, MISSING, "", "", "", ""
        for item in part["items"]:
            head = (store, item["what"], item["number"] or "", item["at"] or "")
            for word in item["words"]:
                yield *head, word["label"], word["text"]
