"""The duty catalogue 权责清单: imported whole, asked for by list, and a hard gate before any community (domain A16)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from capability.life import permit
from chassis import audit
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.dispatch.catalogue import ImportDutyCatalogue, ListDutyCatalogues, ListDutyItems
from kernel.calendar import local_day
from kernel.codes import DutyList, UnitKind
from services.dispatch import catalogue
from services.dispatch.catalogue_tables import DutyCatalogue, DutyItem
from services.dispatch.tables import Unit

COMMUNITY_BODIES = frozenset({UnitKind.COMMUNITY})
FOR_COMMUNITIES = frozenset({DutyList.SELF, DutyList.ADMITTED})
"""The lists a community may be asked by; all else is crossing the boundary 越界派单."""
COUNTED = {
    "self_governed": DutyList.SELF, "admitted": DutyList.ADMITTED, "cancelled": DutyList.CANCELLED,
    "department": DutyList.DEPARTMENT,
}  # fmt: skip


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


@asked(ImportDutyCatalogue)
def take_in(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Errors: Forbidden; Invalid, also for what is no UTF-8; Conflict as `import_catalogue`. Audited."""
    permit(who, ImportDutyCatalogue, command)
    try:
        text = command["content"].decode("utf8")
    except UnicodeDecodeError as error:
        raise Invalid.because({"content": ["不是 UTF-8 编码的文本文件"]}) from error
    row = import_catalogue(session, text, now)
    audit.note(session, who, now, "duty_catalogue_imported", f"duty_catalogue:{row.version}", "权责清单")
    return _version(session, row)


@asked(ListDutyCatalogues)
def list_versions(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Errors: Forbidden for residents."""
    permit(who, ListDutyCatalogues, command)
    newest = select(DutyCatalogue).order_by(DutyCatalogue.valid_from.desc(), DutyCatalogue.imported_at.desc())
    return {"items": [_version(session, row) for row in session.scalars(newest)], "next_cursor": None}


def _version(session: Session, row: DutyCatalogue) -> dict[str, Any]:
    """The version with how many lines each list has."""
    query = select(DutyItem.duty_list, func.count()).where(DutyItem.catalogue == row.version)
    lines = {row[0]: row[1] for row in session.execute(query.group_by(DutyItem.duty_list))}
    counted = {name: lines.get(duty_list, 0) for name, duty_list in COUNTED.items()}
    names = ("version", "label", "valid_from", "valid_to", "imported_at")
    return {**{name: getattr(row, name) for name in names}, **counted}


@asked(ListDutyItems)
def list_items(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The version named, else the one in force, in its own order. Errors: Forbidden for residents."""
    permit(who, ListDutyItems, command)
    held = in_force(session, now)
    version = command.get("version") or (held.version if held else "")
    query = select(DutyItem).where(DutyItem.catalogue == version).order_by(DutyItem.line)
    if command.get("duty_list"):
        query = query.where(DutyItem.duty_list == command["duty_list"])
    return {"items": list(session.scalars(query)), "next_cursor": None}


def find(session: Session, code: str | None, now: datetime) -> DutyItem | None:
    """The item in the version in force."""
    held = in_force(session, now) if code else None
    known = select(DutyItem).where(DutyItem.catalogue == held.version, DutyItem.code == code) if held else None
    return session.scalars(known).first() if known is not None else None


def gate(session: Session, code: str | None, recipients: Iterable[Unit], now: datetime) -> DutyItem | None:
    """The duty item, if one is named and may go to these units.

    Errors: Invalid when the catalogue does not hold it; Conflict, with version and line, when a cancelled item would
    reach a community (北京市接诉即办工作条例 art. 17; domain §3.6 inv. 4).
    """
    if code is None:
        return None
    item = find(session, code, now)
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


def crosses(item: DutyItem | None, recipients: Iterable[Unit]) -> list[Unit]:
    """The communities among the recipients, where no list lets them be asked for it."""
    if item is not None and item.duty_list in FOR_COMMUNITIES:
        return []
    return [unit for unit in recipients if unit.kind in COMMUNITY_BODIES]
