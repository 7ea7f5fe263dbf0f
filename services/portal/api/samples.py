"""Examples of answers, made from their schemas: one plausible value a field, from the told case A1."""

from __future__ import annotations

from typing import Any

from contracts import samples

DEEPEST = 8
SHAPES: dict[str, Any] = {
    "PersonRef": samples.LI_SHAN,
    "UnitRef": samples.JUDICIAL,
    "SourceRef": samples.ABOUT_APPEAL,
    "Attachment": samples.PHOTO,
    "Geo": {"lat": 38.47, "lon": 106.29},
}
NAMED: dict[str, Any] = {
    "id": samples.APPEAL,
    "number": samples.APPEAL_NO,
    "case_number": samples.APPEAL_NO,
    "area_path": samples.STAIRWELL,
    "node": samples.STAIRWELL,
    "path": samples.STAIRWELL,
    "name": "李珊",
    "masked_name": "陈*",
    "masked_phone": "139****0001",
    "phone": "13900000001",
    "title": "卫生间污水倒灌",
    "place_text": "5号楼2单元301室",
    "category": "housing.drain.blocked",
    "unit": "yinhong",
    "lead_unit": "yinhong",
    "handler_unit": "yinhong",
    "sha256": "ab" * 32,
    "token": "（登录凭证）",
    "allowed_commands": ["accept_appeal"],
    "next_cursor": None,
    "media_type": "image/jpeg",
    "expires_at": samples.EVENING,
    "look_up": f"/api/public/cases/{samples.APPEAL_NO}",
    "first_responder_name": "李珊",
}
FORMATS: dict[str, Any] = {
    "uuid": samples.CASE,
    "date-time": samples.NOON,
    "date": "2024-07-09",
    "binary": "（文件内容）",
}
PLAIN: dict[str, Any] = {"integer": 1, "number": 1.0, "boolean": False, "null": None, "object": {}}


def example_of(components: dict[str, Any], schema: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    """A value that fits the schema. Deeper than DEEPEST, and where only null or nothing is plausible, null."""
    if depth > DEEPEST:
        return None
    if "$ref" in schema:
        shape = schema["$ref"].rpartition("/")[2]
        return SHAPES.get(shape) or example_of(components, components["schemas"][shape], name, depth)
    if "properties" in schema:
        inner = schema["properties"].items()
        return {key: example_of(components, told, key, depth + 1) for key, told in inner}
    if name in NAMED:
        return NAMED[name]
    for choice in (*schema.get("anyOf", ()), *schema.get("allOf", ()), *schema.get("oneOf", ())):
        if choice.get("type") != "null":
            return example_of(components, choice, name, depth + 1)
    if "items" in schema:
        return [example_of(components, schema["items"], name, depth + 1)]
    return _plain(schema)


def _plain(schema: dict[str, Any]) -> Any:
    if "example" in schema or "enum" in schema:
        return schema.get("example", schema.get("enum", [None])[0])
    kinds = schema.get("type", "string")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    if kinds[0] in PLAIN:
        return PLAIN[kinds[0]]
    return "4800.00" if "[0-9]{1,2}" in schema.get("pattern", "") else "……"
