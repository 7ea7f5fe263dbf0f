"""A POST is what a resident reports without an account, in the standard's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import request

from chassis.errors import Invalid, NotFound
from contracts.fields import One
from contracts.intake.appeals import ReporterInput
from contracts.intake.places import LocatePoint
from kernel import areas
from kernel.codes import Channel, ContactPreference
from kernel.points import Datum
from services.portal.api import public, reading
from services.portal.api.asking import ask_as_portal
from services.portal.api.shapes import PublicAppeal
from services.portal.open311 import services
from services.portal.pages import places
from services.portal.problems import Malformed
from services.portal.uploads import keeping
from services.portal.uploads.keeping import LARGEST_PHOTO, Prepared

View = dict[str, Any]
MOST_PHOTOS = 3
SEARCHED_LEVELS = 4
ATTRIBUTE = re.compile(r"attribute\[(\w{1,40})\](?:\[\])?")
NOTICE = "编号{number}。用编号和电话后四位可以在 /public 查看进展。"


class Report(PublicAppeal):
    """The standard requires nobody to say who reports."""

    reporter = One(ReporterInput, optional=True)


def report(told: Mapping[str, str]) -> list[View]:
    """Registers it; an array of one with its id. Errors: Invalid, by the standard's names; NotFound for no service."""
    if not told.get("service_code"):
        raise Invalid.because({"service_code": ["was not provided"]})
    category = services.require(told["service_code"], services.known())
    Invalid.where(address_string=not _located(told) and NO_PLACE)
    words = told.get("description", "").strip() or category["name"]
    body = {
        "category": category["code"],
        "content": "\n".join([words, *_answers(told, category), *_more(told)])[:5000],
        "place_text": _place_words(told)[:200],
        "area_path": place(told),
        "reporter": _reporter(told),
    }
    answer = public.registered(body, reading.idempotency_key(request), photos(), Channel.OPEN311, Report)
    notice = NOTICE.format(number=answer["number"])
    return [{"service_request_id": answer["id"], "service_notice": notice, "account_id": None}]


def posted() -> dict[str, str]:
    """A form, also with files, or JSON with the same names. Several answers to one question are joined."""
    if request.is_json:
        return _of_json(request.get_json())
    return {name: "、".join(given) if ATTRIBUTE.fullmatch(name) else given[0] for name, given in request.values.lists()}


def _of_json(told: Any) -> dict[str, str]:
    """Errors: Malformed for what is no object."""
    if not isinstance(told, dict):
        raise Malformed("a JSON object is expected")
    answers = told.pop("attribute", None) or {}
    pairs = answers.items() if isinstance(answers, dict) else ()
    named = {**told, **{f"attribute[{code}]": value for code, value in pairs}}
    return {name: _joined(value) for name, value in named.items() if value is not None}


def _joined(value: Any) -> str:
    return "、".join(str(each) for each in value) if isinstance(value, list) else str(value)


NO_PLACE = "a location must be provided: lat and long, address_string or address_id"


def _located(told: Mapping[str, str]) -> bool:
    return bool((told.get("lat") and told.get("long")) or told.get("address_string") or told.get("address_id"))


def photos() -> list[Prepared]:
    """Files sent along as `media`, which many servers take. Errors: as `keeping.prepared`."""
    sent = [each for each in request.files.getlist("media") if each.filename][:MOST_PHOTOS]
    return [keeping.prepared(keeping.within(each.stream, LARGEST_PHOTO)) for each in sent]


def _answers(told: Mapping[str, str], category: View) -> list[str]:
    """What was asked of this category, with the answer."""
    asked = {f"q{order}": question for order, question in enumerate(category["questions"], 1)}
    given = ((ATTRIBUTE.fullmatch(name), value.strip()) for name, value in told.items())
    return [f"{asked.get(found[1], found[1])}{value}" for found, value in given if found and value]


def _more(told: Mapping[str, str]) -> list[str]:
    """An address in the net is told on, never fetched."""
    named = {"email": "邮箱", "media_url": "图片"}
    return [f"{words}：{told[name].strip()}" for name, words in named.items() if told.get(name, "").strip()]


def _place_words(told: Mapping[str, str]) -> str:
    point = f"（{told['lat']}, {told['long']}）" if told.get("lat") and told.get("long") else ""
    return f"{told.get('address_string', '').strip()}{point}" or told.get("address_id", "")


def _reporter(told: Mapping[str, str]) -> View | None:
    """Nobody, where neither name nor telephone was told."""
    name = f"{told.get('last_name', '').strip()}{told.get('first_name', '').strip()}"
    phone = told.get("phone", "").strip()
    if not phone and not name:
        return None
    way = ContactPreference.CALL if phone else ContactPreference.VISIT
    return {"name": name or "来件人", "phone": phone or None, "contact_preference": way.value}


def place(told: Mapping[str, str]) -> str:
    """The area that `address_id` is, else that of the point, else the one the address names best, else that of the
    jurisdiction. `datum` says what the point is counted in: WGS84, as the standard has it, or GCJ02."""
    if areas.is_path(told.get("address_id", "")):
        return told["address_id"]
    if here := _drawn(told):
        return here
    base, words = _jurisdiction(told.get("jurisdiction_id", "")), told.get("address_string", "")
    named = sorted(_named(base, words, SEARCHED_LEVELS)) if words else []
    best = [path for signs, path in named if signs == named[-1][0]]
    return best[0] if len(best) == 1 else base


def _drawn(told: Mapping[str, str]) -> str | None:
    """The area of the point; None without one, or where nothing is drawn. Errors: Invalid for what is no point."""
    if not (told.get("lat") and told.get("long")):
        return None
    try:
        point = {"lat": float(told["lat"]), "lon": float(told["long"])}
        found = ask_as_portal(LocatePoint, {**point, "datum": told.get("datum", "").upper() or Datum.WGS84})
    except ValueError as error:
        raise Invalid.because({"lat": ["lat and long must be degrees"]}) from error
    except NotFound:
        return None
    return str(found["path"])


def _named(path: str, words: str, levels: int, above: int = 0) -> Iterator[tuple[int, str]]:
    """Areas whose names stand in the words, with how many signs their names and those above them have."""
    for each, name in places.children(path) if levels else ():
        signs = above + len(name) * (name in words)
        if name in words:
            yield signs, each
        yield from _named(each, words, levels - 1, signs)


def _jurisdiction(told: str) -> str:
    """The area it names; without one the whole, where levels with one child are skipped."""
    if areas.is_path(told) and places.children(areas.parent(told)):
        return told
    at = ""
    while len(found := places.children(at or None)) == 1:
        at = found[0][0]
    if not at:
        raise Invalid.because({"jurisdiction_id": ["was not provided, and there are several"]})
    return at
