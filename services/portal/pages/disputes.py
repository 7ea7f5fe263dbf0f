"""The mediator's desk: disputes that go on, their next session and the day by which they must end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request

from chassis.identity import Principal
from contracts.mediation.cases import GetCase
from kernel import codes
from services.portal.accounts.current import current_principal, now, process
from services.portal.pages import finding, places
from services.portal.pages.acting import done
from services.portal.pages.blueprint import blueprint
from services.portal.pages.peering import gather
from services.portal.pages.wording import parsed
from services.portal.readmodel.tables import CasePage


@dataclass(frozen=True)
class Dispute:
    """A case in mediation; `view` is None where mediation does not answer."""

    page: CasePage
    view: dict[str, Any] | None
    mine: bool

    @property
    def session(self) -> dict[str, Any] | None:
        """The next session that is planned."""
        planned = [one for one in (self.view or {}).get("sessions", ()) if one["state"] == codes.SessionState.SCHEDULED]
        return min(planned, key=lambda one: one["starts_at"], default=None)

    @property
    def due(self) -> datetime | None:
        """What comes first: the session, or the last day."""
        told = [self.session["starts_at"]] if self.session else [(self.view or {}).get("deadline")]
        return parsed(told[0])

    @property
    def title(self) -> str:
        if self.view is None:
            return ""
        names = "、".join(party["masked_name"] for party in self.view["parties"])
        return f"{codes.label(codes.DisputeType, self.view['dispute_type'])}：{names}"


def going(who: Principal) -> list[Dispute]:
    """Those in her charge first, then those nobody has taken, then the rest of the place; by what is due."""
    with process().store.transaction() as session:
        pages = list(finding.in_mediation(session, who))
    parts = gather({page.number: (GetCase, {"case_number": page.number}) for page in pages})
    found = [Dispute(page, parts[page.number].data, _is_mine(who, parts[page.number].data)) for page in pages]
    return sorted(found, key=lambda one: (not one.mine, one.due is None, one.due or one.page.opened_at))


def _is_mine(who: Principal, view: dict[str, Any] | None) -> bool:
    mediator = (view or {}).get("mediator")
    return mediator is None or mediator["id"] == who.id


@blueprint.get("/mediations")
def mediations() -> str:
    who = current_principal()
    found = going(who)
    return render_template(
        "mediations.html", found=found, moment=now(), missing=any(one.view is None for one in found),
        areas=places.names({one.page.area_path for one in found}), done=done(request.args.get("done", "")),
    )  # fmt: skip
