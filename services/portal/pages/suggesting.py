"""Before an appeal is registered: which category it may be, and whether it was reported before. No script needed."""

from __future__ import annotations

from typing import Any

from flask import request

from contracts.intake.appeals import RegisterAppeal
from contracts.intake.likeness import FindAlike
from contracts.intake.suggestions import SuggestCategory
from services.portal.pages import beginning
from services.portal.pages.blueprint import blueprint
from services.portal.pages.commands import too_late
from services.portal.pages.forms import FORMS
from services.portal.pages.peering import Part, gather


@blueprint.post(f"/new/{RegisterAppeal.method}/suggestions")
def suggestions() -> Any:
    """The form as it was entered, with suggestions beside it; a person adopts one or none.

    Errors: CrossSite, Forbidden, Unauthenticated.
    """
    if late := too_late(FORMS[RegisterAppeal.method], f"/new/{RegisterAppeal.method}"):
        return late
    entered = request.form.to_dict()
    if adopted := entered.pop("adopted", ""):
        entered["category"] = adopted
    found = gather(_questions(entered)) if entered.get("content") and entered.get("area_path") else {}
    shown = {name: (found.get(name, Part()).data or {"items": []})["items"] for name in ("suggested", "alike")}
    return beginning.show(RegisterAppeal.method, entered=entered, asked=True, **shown)


def _questions(entered: dict[str, str]) -> dict[str, Any]:
    told = {"content": entered["content"], "area_path": entered["area_path"]}
    category = {"category": entered.get("category") or None}
    return {"suggested": (SuggestCategory, told), "alike": (FindAlike, {**told, **category})}
