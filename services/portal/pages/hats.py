"""六员: the six hats of a steward (domain §1.4, 22), each one tap from where its work begins (`hat` of a command)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template

from chassis.errors import Forbidden
from contracts import registry
from contracts.schema import CommandSchema
from kernel.codes import Hat, Role
from services.portal.accounts.current import current_principal
from services.portal.pages.blueprint import blueprint

DOES = {
    Hat.PUBLICIST: "把通知贴到楼门，让邻居都知道",
    Hat.LIAISON: "把邻居想商量的事带给社区",
    Hat.PEACEMAKER: "邻居有了争执，当场劝和",
    Hat.WATCH: "看到危险，马上报",
    Hat.ADVOCATE: "替邻居说出需要，请大家伸把手",
    Hat.COLLECTOR: "入户走访，记下情况",
}
BEGINS: Mapping[Hat, type[CommandSchema]] = registry.unique(
    (command.hat, command) for command in registry.COMMANDS.values() if command.hat
)


@blueprint.get("/hats")
def hats() -> str:
    """Errors: Unauthenticated; Forbidden for who is no steward."""
    if Role.STEWARD not in current_principal().roles:
        raise Forbidden("这一页是给楼门管家的", roles=[Role.STEWARD])
    shown = [(hat, does, BEGINS[hat], _address(BEGINS[hat])) for hat, does in DOES.items()]
    return render_template("hats.html", hats=shown)


def _address(command: type[CommandSchema]) -> str:
    return f"/{command.page}" if command.page else f"/new/{command.method}"
