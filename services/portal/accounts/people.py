"""Who of the staff holds which post at a place, by the portal's own accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.areas import ancestors
from kernel.codes import Role
from services.portal.accounts.tables import Account, GrantRow

Person = dict[str, str]


def staff_at(session: Session, roles: Iterable[Role], place: str, day: date) -> list[Person]:
    """Active people who hold one of the roles at the place or above it on that day, the nearest first; one line for
    each unit somebody does it for.
    """
    nodes = [*ancestors(place), place]
    held = (GrantRow.role.in_(list(roles)), GrantRow.node.in_(nodes), GrantRow.unit.is_not(None), Account.active)
    query = select(Account, GrantRow).join(GrantRow, GrantRow.account_id == Account.id).where(*held)
    found = [(account, grant) for account, grant in session.execute(query) if grant.holds_on(day)]
    nearest = sorted(found, key=lambda one: (-nodes.index(one[1].node), one[0].name))
    lines = {(account.id, grant.unit): _line(account, grant) for account, grant in reversed(nearest)}
    return [lines[key] for key in reversed(lines)]


def _line(account: Account, grant: GrantRow) -> Person:
    return {"id": account.id, "name": account.name, "unit": grant.unit or "", "label": Role(grant.role).label}
