"""What residents do without an account: look up a case by number and telephone tail, and report something new."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import request
from marshmallow import ValidationError

from chassis.errors import DeadlineExceeded, Forbidden, Invalid, NotFound, Unavailable
from chassis.identity import Grant, Principal
from chassis.store import new_id
from contracts import registry
from contracts.intake.appeals import RegisterAppeal
from contracts.intake.hazards import ReportHazard
from contracts.intake.places import ListAreas
from contracts.schema import CommandSchema, StrictShape
from kernel import telephone
from kernel.areas import is_path, parent
from kernel.codes import AttachmentKind, AttachmentStage, Channel, HazardLevel, Role, Source
from kernel.masking import mask_name
from kernel.numbers import kind_of, normalise
from services.portal.accounts import limits
from services.portal.accounts.current import now, process
from services.portal.api.asking import PATIENCE_SECONDS, ask, ask_as_portal
from services.portal.api.shapes import UNSORTED, PublicAppeal, PublicHazard
from services.portal.uploads import keeping
from services.portal.uploads.keeping import Prepared

TITLE_LENGTH = 30


def look_up(values: dict[str, Any]) -> dict[str, Any]:
    """The resident's view of the case `number`, for whoever knows the `phone_tail`.

    Errors: NotFound, the same whether the number or the tail is wrong; TooManyRequests; Invalid for no tail at all.
    """
    return proven(asked_for, {name: values.get(name, "") for name in ("number", "phone_tail")})


def proven(
    which: Callable[[str], type[CommandSchema]], values: dict[str, Any], patience: float = PATIENCE_SECONDS
) -> dict[str, Any]:
    """What a service answers whoever proves with `number` and `phone_tail`; the tries are counted.

    Errors: as `look_up`, and what else the service refuses.
    """
    store, moment = process().store, now()
    number = normalise(str(values.get("number", "")))  # as the service reads it: other spellings are no new tries
    address = limits.network(request.remote_addr)
    spent = [limits.spend(store, "look_up_address", address, moment)]
    spent += limits.spend_on_number(store, number, address, moment)
    try:
        proof = {"number": number, "phone_tail": telephone.tail(str(values.get("phone_tail", "")))}
        answer: dict[str, Any] = ask_as_portal(which(number), {**values, **proof}, patience=patience)
    except (NotFound, Forbidden, Invalid) as error:
        if isinstance(error, Invalid) and "number" not in error.details.get("fields", ()):
            raise
        raise NotFound("没有找到：请核对编号和电话后四位") from None
    limits.give_back(store, *spent)
    return answer


def asked_for(number: str) -> type[CommandSchema]:
    """What answers for numbers of that letter. Errors: NotFound for a kind that nobody looks up."""
    found = registry.LOOK_UPS.get(kind_of(number))
    if found is None:
        raise NotFound("没有这样的编号")
    return found


def posted(command: type[CommandSchema], values: dict[str, Any]) -> dict[str, Any]:
    """What everybody may read, of a place where one is named. While intake is away nobody can say that a place is none,
    and the board stands.

    Errors: NotFound for a place that does not exist; Invalid for what is no path.
    """
    place = str(values.get("area_path", ""))
    if is_path(place) and not exists(place):
        raise NotFound("没有这个地方，请核对地址里的区域代码")
    listed: dict[str, Any] = ask_as_portal(command, values)
    return listed


def exists(place: str) -> bool:
    """Whether there is such a place; yes while nobody can say."""
    try:
        beside = ask_as_portal(ListAreas, {"parent": parent(place)})
    except (Unavailable, DeadlineExceeded):
        return True
    return any(area["path"] == place for area in beside["items"])


def report(
    body: dict[str, Any], key: str | None, photos: Sequence[Prepared] = (), channel: Channel = Channel.WEB
) -> dict[str, Any]:
    """Registers what a resident reports; answers with the receipt. Errors: as `registered`."""
    return receipt(registered(body, key, photos, channel))


def registered(
    body: dict[str, Any],
    key: str | None,
    photos: Sequence[Prepared] = (),
    channel: Channel = Channel.WEB,
    shape: type[PublicAppeal] = PublicAppeal,
) -> dict[str, Any]:
    """The work order of what a resident reports. The same `key` again gives the same case.

    Errors: Invalid, TooManyRequests.
    """
    told = _loaded(body, shape())
    limits.spend(process().store, "report_address", limits.network(request.remote_addr), now())
    who = resident(told, key)
    command = {
        **told,
        "attachments": _kept(who, photos),
        "category": told["category"] or UNSORTED,
        "title": told["title"] or title_of(told["content"]),
        "channel": channel,
        "source": Source.RESIDENT,
    }
    identity = process().signer.mint(who, now())
    answer: dict[str, Any] = ask(RegisterAppeal, command, identity=identity, who=who, idempotency_key=key)
    return answer


def report_hazard(
    body: dict[str, Any], key: str | None, photos: Sequence[Prepared] = (), channel: Channel = Channel.WEB
) -> dict[str, Any]:
    """Reports a danger. Errors: as `report`."""
    told = _loaded(body, PublicHazard())
    limits.spend(process().store, "report_address", limits.network(request.remote_addr), now())
    who = resident(told, key)
    command = {**told, "photos": _kept(who, photos), "level": HazardLevel.SERIOUS, "channel": channel}
    answer = ask(ReportHazard, command, identity=process().signer.mint(who, now()), who=who, idempotency_key=key)
    answers = answer["on_duty"] or {"name": TO_BE_SENT}
    return receipt({**answer, "first_responder": answers})


def prove(command: type[CommandSchema], number: str, note: str | None, photos: Sequence[Prepared]) -> dict[str, Any]:
    """What somebody behind a code sends as proof, to be looked at on the spot. Errors: as `registered`."""
    limits.spend(process().store, "report_address", limits.network(request.remote_addr), now())
    sender = Principal(str(new_id()), Role.RESIDENT.label, (), "resident")
    told = {"number": number, "note": note, "photos": _kept(sender, photos, AttachmentStage.AFTER)}
    answer: dict[str, Any] = ask_as_portal(command, told, sender)
    return answer


TO_BE_SENT = "社区值班人员"
"""Who answers where no post is manned."""


def _kept(
    who: Principal, photos: Sequence[Prepared], stage: AttachmentStage = AttachmentStage.BEFORE
) -> list[dict[str, Any]]:
    if not photos:
        return []
    with process().store.transaction() as session:
        rows = [keeping.keep(session, who, photo, now()) for photo in photos]
    kind = AttachmentKind.PHOTO.value
    return [{"sha256": row["sha256"], "kind": kind, "stage": stage.value} for row in rows]


def resident(told: dict[str, Any], key: str | None) -> Principal:
    """Somebody without an account, for this one report: nobody else can act as the same resident."""
    one = UUID(bytes=hashlib.sha256(f"resident|{key}".encode()).digest()[:16], version=5) if key else new_id()
    name = mask_name(told["reporter"]["name"]) if told["reporter"] else Role.RESIDENT.label
    return Principal(str(one), name, (Grant(Role.RESIDENT, told["area_path"]),), "resident")


def receipt(answer: dict[str, Any]) -> dict[str, Any]:
    """What the resident takes home of the work order."""
    return {
        "number": answer["number"],
        "registered_at": answer["created_at"],
        "promise_at": answer.get("promise_at"),
        "first_responder_name": answer["first_responder"]["name"],
        "look_up": f"/api/public/cases/{answer['number']}",
    }


def _loaded(body: dict[str, Any], schema: StrictShape) -> dict[str, Any]:
    """The report as JSON again, cleaned and with defaults. Errors: Invalid."""
    try:
        told: dict[str, Any] = schema.dump(schema.load(body))
    except ValidationError as error:
        raise Invalid.because(error.messages_dict) from error
    return told


def title_of(content: str) -> str:
    """The first words, up to a full stop or thirty characters."""
    first = content.strip().partition("\n")[0].split("。")[0].strip()
    return first[:TITLE_LENGTH] or content.strip()[:TITLE_LENGTH]
