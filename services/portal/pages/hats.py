"""六员: the six hats of a steward (domain §1.4, 22), each one tap from where its work begins."""

from __future__ import annotations

from typing import NamedTuple

from flask import render_template

from chassis.errors import Forbidden
from contracts.intake.campaigns import ListCampaigns
from contracts.intake.hazards import ReportHazard
from contracts.mediation.quick import RecordQuickMediation
from contracts.mediation.topics import ProposeTopic
from contracts.notify.doorway_notices import PostDoorwayNotice
from contracts.notify.wishes import PostWish
from contracts.schema import CommandSchema
from kernel.codes import Role
from services.portal.accounts.current import current_principal
from services.portal.pages.blueprint import blueprint


class Hat(NamedTuple):
    name: str
    does: str
    begins: type[CommandSchema]

    @property
    def address(self) -> str:
        return f"/{self.begins.page}" if self.begins.page else f"/new/{self.begins.method}"


HATS = (
    Hat("宣传员", "把通知贴到楼门，让邻居都知道", PostDoorwayNotice),
    Hat("联络员", "把邻居想商量的事带给社区", ProposeTopic),
    Hat("调解员", "邻居有了争执，当场劝和", RecordQuickMediation),
    Hat("监督员", "看到危险，马上报", ReportHazard),
    Hat("倡导员", "替邻居提心愿，请大家伸把手", PostWish),
    Hat("采集员", "入户走访，记下情况", ListCampaigns),
)


@blueprint.get("/hats")
def hats() -> str:
    """Errors: Unauthenticated; Forbidden for who is no steward."""
    if Role.STEWARD not in current_principal().roles:
        raise Forbidden("这一页是给楼门管家的", roles=[Role.STEWARD])
    return render_template("hats.html", hats=HATS)
