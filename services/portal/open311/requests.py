"""Requests as everybody may read them: what, where, since when and how far; never a word or a person.

A request goes by its id, not by its number: who knows number and telephone tail reads the whole case (`/public`), so
numbers are told to nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import ColumnElement, Select, select

from chassis.errors import Invalid, NotFound
from contracts import fields
from kernel.areas import depth
from kernel.codes import AppealState, CaseKind, label
from services.portal.accounts.current import now, process
from services.portal.open311 import services
from services.portal.pages import places
from services.portal.readmodel.tables import Matter

View = dict[str, Any]
NUMBER = re.compile(r"[1-9]\d{0,5}", re.ASCII)
MOST, DAYS = 1000, 90
"""What the standard answers where nothing else is asked."""
SHOWN_DEPTH = 4
"""Down to the community: a building and a stairwell say too much."""
CLOSED = frozenset(
    {
        AppealState.CLOSED, AppealState.ANSWERED, AppealState.DIVERTED, AppealState.DECLINED, AppealState.MERGED,
        AppealState.WITHDRAWN,
    }
)  # fmt: skip
STATUSES = {"open": False, "closed": True}
MOMENT = fields.Moment()


def listed(told: Mapping[str, Sequence[str]], *, extended: bool) -> list[View]:
    """The newest first. Several values of a filter come repeated or joined by commas; ids override the other filters.

    At most 1,000, or `page_size` of them; `page` counts from 1. Errors: Invalid for a status, a date, a span
    or a number that is none.
    """
    ids = [_id(each) for each in values(told, "service_request_id")]
    query = select(Matter).where(Matter.id.in_(ids)) if ids else _filtered(told)
    size, page = _number(told, "page_size", MOST), _number(told, "page", 1)
    return _views(query, extended, min(size, MOST), min(size, MOST) * (page - 1))


def _number(told: Mapping[str, Sequence[str]], name: str, otherwise: int) -> int:
    written = next(iter(told.get(name, ())), "").strip()
    if written and not NUMBER.fullmatch(written):
        raise Invalid.because({name: ["a whole number from 1"]})
    return int(written or otherwise)


def one(request_id: str, *, extended: bool) -> list[View]:
    """An array of one. Errors: NotFound."""
    found = _views(select(Matter).where(Matter.id == _id(request_id)), extended)
    if not found:
        raise NotFound("service_request_id was not found")
    return found


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def values(told: Mapping[str, Sequence[str]], name: str) -> list[str]:
    return [part.strip() for value in told.get(name, ()) for part in value.split(",") if part.strip()]


def _filtered(told: Mapping[str, Sequence[str]]) -> Select[Any]:
    query = select(Matter).where(*_between(told))
    if codes := values(told, "service_code"):
        query = query.where(Matter.tally["category"].astext.in_(codes))
    if statuses := {_status(each) for each in values(told, "status")}:
        over = Matter.state.in_(CLOSED)
        query = query.where(*(over if closed else ~over for closed in statuses if len(statuses) == 1))
    return query


def _status(word: str) -> bool:
    if word not in STATUSES:
        raise Invalid.because({"status": ["open or closed"]})
    return STATUSES[word]


def _between(told: Mapping[str, Sequence[str]]) -> list[ColumnElement[bool]]:
    """The span asked for, at most 90 days; the last 90 where none is; from one end, 90 days on."""
    start, end = (_moment(told, name) for name in ("start_date", "end_date"))
    span = timedelta(days=DAYS)
    end = end or (min(start + span, now()) if start else now())
    start = start or end - span
    if end - start > span:
        raise Invalid.because({"end_date": [f"at most {DAYS} days after start_date"]})
    return [Matter.opened_at >= start, Matter.opened_at <= end]


def _moment(told: Mapping[str, Sequence[str]], name: str) -> datetime | None:
    """Errors: Invalid."""
    written = next(iter(told.get(name, ())), "").strip().replace(" ", "+")  # a bare + in an address is a blank
    try:
        return MOMENT.deserialize(_whole(written, name)) if written else None
    except ValidationError as error:
        raise Invalid.because({name: error.messages}) from error


W3C = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d))?", re.ASCII | re.IGNORECASE)
"""What the standard's note on dates allows: a day, minutes or seconds; many clients leave out the offset's colon."""
OFFSET = re.compile(r"([+-]\d\d)(\d\d)")
ENDS_OF_DAY = {"start_date": "00:00:00", "end_date": "23:59:59"}


def _whole(written: str, name: str) -> str:
    """To the second and with an offset; a day begins and ends here."""
    found = W3C.fullmatch(written)
    if found is None:
        return written
    day, minutes, seconds, offset = found.groups()
    if minutes is None:
        return f"{day}T{ENDS_OF_DAY[name]}+08:00"
    with_colon = OFFSET.sub(r"\1:\2", offset)
    return f"{day}T{minutes}{seconds or ':00'}{with_colon}"


def _views(query: Select[Any], extended: bool, most: int = MOST, after: int = 0) -> list[View]:
    found = services.known()
    open_to_all = [code for code, one in found.items() if not one["sensitive"]]
    public = (
        Matter.kind == CaseKind.APPEAL, Matter.secret.is_(False), Matter.against == [],
        Matter.tally["category"].astext.in_(open_to_all),
    )  # fmt: skip
    found_by = query.where(*public).order_by(Matter.opened_at.desc(), Matter.id).limit(most).offset(after)
    with process().store.transaction() as session:
        rows = session.scalars(found_by).all()
    named = places.names({_shown_place(row) for row in rows})
    return [_view(row, found, named, extended) for row in rows]


def _shown_place(row: Matter) -> str:
    return ".".join(row.area_path.split(".")[:SHOWN_DEPTH]) if depth(row.area_path) > SHOWN_DEPTH else row.area_path


def _view(row: Matter, found: Mapping[str, View], named: Mapping[str, str], extended: bool) -> View:
    code, place = row.tally["category"], _shown_place(row)
    told = {
        "service_request_id": row.id,
        "status": "closed" if row.state in CLOSED else "open",
        "status_notes": label(AppealState, row.state),
        "service_name": found[code]["name"],
        "service_code": code,
        "description": None,
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": _w3c(row.opened_at),
        "updated_datetime": _w3c(row.updated_at),
        "expected_datetime": _w3c(row.due_at),
        "address": named[place],
        "address_id": place,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
    more = {"area_path": place, "state": row.state, "urgency": row.urgency}
    return {**told, "extended_attributes": more} if extended else told


def _w3c(moment: datetime | None) -> str | None:
    """To the second: clients read no more."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None
