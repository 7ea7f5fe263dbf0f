"""The blueprint all pages hang on, and what every template may use."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.errors import ServiceError
from chassis.identity import Principal
from contracts import registry
from contracts.intake.exports import ListOrders
from contracts.notify.rates import READERS
from kernel.codes import Role
from services.portal.accounts.current import current_principal, now
from services.portal.api.files import item_of
from services.portal.pages import csrf, wording
from services.portal.pages.derived import BOARDS, LISTS, readers
from services.portal.pages.forms import BEGINNING
from services.portal.readmodel import scope

blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static")

blueprint.register_blueprint(Blueprint("matters", "services.portal", template_folder="matters"))
"""What a capability draws of itself."""

for name, function in (*wording.FILTERS.items(), ("item_of", item_of)):
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
    return {"id": who.id, "name": who.name, "posts": posts(who), "menu": menu(who)}


OF_PLACE = frozenset({Role.GRID, Role.COMMUNITY, Role.STREET})
OUTDOORS = frozenset(role for command in registry.COMMANDS.values() if command.outdoors for role in command.by.roles)
MENU: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("/", "今日待办", frozenset()),
    ("/outdoors", "外出办事", OUTDOORS),
    *((f"/new/{form.method}", form.name, frozenset(form.command.by.roles)) for form in BEGINNING),
    ("/tasks", "本单位哨令", scope.OF_UNIT),
    ("/mediations", "调解", frozenset({Role.MEDIATOR})),
    ("/whistles", "哨单", OF_PLACE | {Role.WHISTLER, Role.DISTRICT}),
    *((f"/{command.page}", command.title, readers(command)) for command in LISTS),
    ("/district", "辖区一览", frozenset(READERS.roles)),
    ("/orders", ListOrders.title, frozenset(ListOrders.by.roles)),
    ("/find", "查找", frozenset()),
    ("/leaves", "请假与顶岗", frozenset()),
    ("/accounts", "账号", frozenset({Role.ADMIN})),
)
"""Address, words, and whom it is for; nobody named: for all."""


def menu(who: Principal) -> list[tuple[str, str]]:
    return [(address, words) for address, words, roles in MENU if not roles or roles & who.roles]


def posts(who: Principal) -> str:
    """The roles held, in words."""
    return "、".join(dict.fromkeys(Role(grant.role).label for grant in who.grants))
