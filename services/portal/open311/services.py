"""Services are the leaves of the category tree; what staff would ask about one are its attributes, none required."""

from __future__ import annotations

from typing import Any

from chassis.errors import NotFound
from contracts.intake.places import ListCategories
from services.portal.api.asking import ask_as_portal

View = dict[str, Any]


def known() -> dict[str, View]:
    """Categories by code, parents before children."""
    return {one["code"]: one for one in ask_as_portal(ListCategories, {})["items"]}


def listed(found: dict[str, View]) -> list[View]:
    """What can be reported: leaves only."""
    inner = {one["parent"] for one in found.values()}
    return [_service(one, found) for code, one in found.items() if code not in inner]


def _service(one: View, found: dict[str, View]) -> View:
    above = found.get(one["parent"] or "", {})
    top = found.get(above.get("parent") or "", above)
    return {
        "service_code": one["code"],
        "service_name": one["name"],
        "description": f"{above['name']}：{one['name']}" if above else one["name"],
        "metadata": bool(one["questions"]),
        "type": "realtime",
        "keywords": above.get("name", ""),
        "group": top.get("name", ""),
    }


def definition(code: str) -> View:
    """Errors: NotFound for no service."""
    attributes = [
        {
            "variable": True, "code": f"q{order}", "datatype": "text", "required": False, "datatype_description": None,
            "order": order, "description": question, "values": [],
        }
        for order, question in enumerate(require(code, known())["questions"], 1)
    ]  # fmt: skip
    return {"service_code": code, "attributes": attributes}


def require(code: str, found: dict[str, View]) -> View:
    """The category of a service. Errors: NotFound."""
    if code not in {one["service_code"] for one in listed(found)}:
        raise NotFound(f"service_code {code[:80]} was not found")
    return found[code]
