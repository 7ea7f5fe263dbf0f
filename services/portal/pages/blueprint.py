"""The blueprint all pages hang on, and what every template may use."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.errors import ServiceError
from chassis.identity import Principal
from kernel.codes import Role
from services.portal.accounts.current import current_principal, now
from services.portal.api.files import item_of
from services.portal.pages import csrf, menu, wording
from services.portal.pages.derived import BOARDS
from services.portal.readmodel import kinds

blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static")

blueprint.register_blueprint(Blueprint("matters", "services.portal", template_folder="matters"))
"""What a capability draws of itself."""


def state_of(code: str, kind: str) -> str:
    return kinds.about(kind).state(code)


for name, function in (*wording.FILTERS.items(), ("item_of", item_of), ("state_of", state_of)):
    blueprint.add_app_template_filter(function, name)


@blueprint.app_context_processor
def around() -> dict[str, Any]:
    """Who looks, for the head of the page; error pages are drawn even where nobody can be asked."""
    return {"viewer": viewer, "csrf_token": csrf.token, "now": now, "HOTLINE": HOTLINE, "small": {}, "boards": BOARDS}


HOTLINE = "12345"
"""The citizens' hotline: what residents can always dial."""


def viewer() -> dict[str, Any] | None:
    try:
        who = current_principal()
    except ServiceError:
        return None
    return {"id": who.id, "name": who.name, "posts": posts(who), "menu": menu.of(who)}


def posts(who: Principal) -> str:
    """The roles held, in words."""
    return "、".join(dict.fromkeys(Role(grant.role).label for grant in who.grants))
