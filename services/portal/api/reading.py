"""Reading a request: JSON bodies, query strings by the field types of a command, and the headers that matter."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Request, request
from marshmallow import ValidationError, fields
from werkzeug.datastructures import MultiDict

from chassis.errors import Invalid
from contracts.schema import CommandSchema, StrictShape
from services.portal.problems import Malformed, UnsupportedMediaType
from services.portal.readmodel.saying import made

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""What stands in no address and no header."""

KEY_FORM = re.compile(r"[\x21-\x7e]{8,128}")
ETAG_FORM = re.compile(r'(?:W/)?"([0-9]{1,9})"')
WHOLE = re.compile(r"-?[0-9]{1,15}")
COUNT_FORM = re.compile(r"[0-9]{1,9}")


def body(request: Request) -> dict[str, Any]:
    """The JSON object in the body; no body at all is an empty one.

    Errors: TooLarge (through werkzeug), UnsupportedMediaType, Malformed.
    """
    raw = request.get_data(cache=False)
    if not raw.strip():
        return {}
    if not request.is_json:
        raise UnsupportedMediaType("请求内容应为 JSON", expected="application/json")
    try:
        found = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed("请求内容不是有效的 JSON") from error
    if not isinstance(found, dict):
        raise Invalid.because({"_schema": ["应为一组字段（JSON 对象）"]})
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


FLAGS = {"true": True, "false": False}


def query(request: Request, command: type[CommandSchema]) -> dict[str, Any]:
    """The query string as the command's fields want it: lists by repetition, numbers and flags as such, no blanks.

    What the command does not know stays, so that the service refuses it by name.
    """
    types = made(command).fields
    told = {name: [value for value in values if value.strip()] for name, values in request.args.lists()}
    return {name: typed(types.get(name), values) for name, values in told.items() if values}


def question(shape: type[StrictShape], query: MultiDict[str, str] | None = None) -> dict[str, Any]:
    """The query string, or another, through its shape. Errors: Invalid."""
    schema = made(shape)
    told: dict[str, Any] = {}
    for name, values in (request.args if query is None else query).lists():
        known = [value for value in values if value.strip()]
        if known:
            told[name] = typed(schema.fields.get(name), known)
    try:
        return dict(schema.load(told))
    except ValidationError as error:
        raise Invalid.because(error.messages_dict) from error


def typed(field: fields.Field[Any] | None, values: list[str]) -> Any:
    """What the values of one name in a query string mean to a field; what is none goes on as it was written."""
    if isinstance(field, fields.List):
        return [part for value in values for part in value.split(",") if part]
    if isinstance(field, fields.Integer) and WHOLE.fullmatch(values[0]):
        return int(values[0])
    if isinstance(field, fields.Boolean):
        return FLAGS.get(values[0], values[0])
    return values[0]


def count(told: str) -> int | None:
    """The number written in ASCII digits, as versions and terms are; None for anything else."""
    return int(told) if COUNT_FORM.fullmatch(told) else None


def idempotency_key(request: Request) -> str | None:
    """The Idempotency-Key header. Errors: Invalid."""
    return key_of(request.headers.get("Idempotency-Key"))


def key_of(key: str | None) -> str | None:
    """An idempotency key, from wherever. Errors: Invalid when it is not 8 to 128 visible ASCII characters."""
    if key is not None and KEY_FORM.fullmatch(key) is None:
        raise Invalid.because({"Idempotency-Key": ["应为 8 到 128 个可见的 ASCII 字符"]})
    return key


def if_match(request: Request) -> int | None:
    """The version in If-Match; None without the header or with `*`. Errors: Invalid when it is not one ETag of ours.

    A proxy that compresses makes ETags weak; ours is a version number, and equal all the same.
    """
    told = request.headers.get("If-Match")
    if told is None or told.strip() == "*":
        return None
    tags = [ETAG_FORM.fullmatch(tag.strip()) for tag in told.split(",") if tag.strip()]
    if len(tags) > 1:
        raise Invalid.because({"If-Match": ["一次只能给一个 ETag，不能给多个"]})
    if not tags or tags[0] is None:
        raise Invalid.because({"If-Match": ['应为读取时得到的 ETag，如 "3"']})
    return int(tags[0][1])
