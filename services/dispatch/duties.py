"""The duty catalogue 权责清单: imported whole, asked for by list, and a hard gate before any community (domain A16)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.dispatch.catalogue import ListDutyItems
from kernel.calendar import local_day
from kernel.codes import DutyList, UnitKind
from services.dispatch import catalogue
from services.dispatch.tables import DutyCatalogue, DutyItem, Unit

COMMUNITY_BODIES = frozenset({UnitKind.COMMUNITY})


def import_catalogue(session: Session, text: str, now: datetime) -> DutyCatalogue:
    """Loads one version; loading the same text again changes nothing.

    Errors: Invalid with a report by line; Conflict when the version is known with other content.
    """
    read = catalogue.read(text)
    known = session.get(DutyCatalogue, read.version)
    if known is not None:
        if known.fingerprint != read.fingerprint:
            raise Conflict("这一版权责清单已导入且内容不同，请使用新的版本号", version=read.version)
        return known
    head = {key: getattr(read, key) for key in ("version", "label", "valid_from", "valid_to", "fingerprint")}
    row = DutyCatalogue(**head, imported_at=now)
    session.add(row)
    session.flush()
    session.add_all(_item(read, line) for line in read.lines)
    session.flush()
    return row


def _item(read: catalogue.Catalogue, line: catalogue.Line) -> DutyItem:
    columns = ("line", "code", "duty_list", "category", "item", "sub_item", "lead_unit", "legal_basis", "terms")
    values = {column: getattr(line, column) for column in columns}
    illustrative = read.label == "示例"
    return DutyItem(catalogue=read.version, assist_units=list(line.assist_units), illustrative=illustrative, **values)


def in_force(session: Session, now: datetime) -> DutyCatalogue | None:
    """The version that holds today; the newest where several do."""
    today = local_day(now)
    holds = (DutyCatalogue.valid_from <= today, or_(DutyCatalogue.valid_to.is_(None), DutyCatalogue.valid_to >= today))
    newest = (DutyCatalogue.valid_from.desc(), DutyCatalogue.imported_at.desc())
    return session.scalars(select(DutyCatalogue).where(*holds).order_by(*newest)).first()


@asked(ListDutyItems)
def list_items(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The catalogue in force, in its own order. Errors: Forbidden for residents."""
    permit(who, ListDutyItems, command)
    version = in_force(session, now)
    query = select(DutyItem).where(DutyItem.catalogue == (version.version if version else "")).order_by(DutyItem.line)
    if command.get("duty_list"):
        query = query.where(DutyItem.duty_list == command["duty_list"])
    return {"items": list(session.scalars(query)), "next_cursor": None}


def gate(session: Session, code: str | None, recipients: Iterable[Unit], now: datetime) -> DutyItem | None:
    """The duty item, if one is named and may go to these units.

    Errors: Invalid when the catalogue does not hold it; Conflict, with version and line, when a cancelled item would
    reach a community (北京市接诉即办工作条例 art. 17; domain §3.6 inv. 4).
    """
    if code is None:
        return None
    version = in_force(session, now)
    found = select(DutyItem).where(DutyItem.catalogue == (version.version if version else ""), DutyItem.code == code)
    item = session.scalars(found).first()
    if item is None:
        raise Invalid.because({"duty_item": [f"现行权责清单中没有事项 {code}"]})
    communities = [unit.name for unit in recipients if unit.kind in COMMUNITY_BODIES]
    if item.duty_list == DutyList.CANCELLED and communities:
        raise Conflict(
            f"“{item.item}”是已取消事项，不得派给{'、'.join(communities)}",
            duty_item=code,
            catalogue=item.catalogue,
            line=item.line,
            lead_unit=item.lead_unit,
        )
    return item
