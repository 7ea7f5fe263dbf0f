"""Reading a duty catalogue 权责清单 from YAML: every fault is told with its line, and a list with any fault is refused.

Totals are told by the list itself and counted here; the seeds tell 4 categories/13 items/32 sub-items of
self-government, 4/17 admitted, 46 cancelled (domain §1.5 row 6, scenario A16).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from chassis.errors import Invalid
from kernel.codes import DutyList

LINE = "__line__"
Node = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One item with the line it stands on."""

    line: int
    code: str
    duty_list: DutyList
    category: str
    item: str
    sub_item: str | None = None
    lead_unit: str | None = None
    assist_units: tuple[str, ...] = ()
    legal_basis: str | None = None
    terms: str | None = None


@dataclass
class Catalogue:
    """A checked list."""

    version: str
    label: str | None
    valid_from: date
    valid_to: date | None
    fingerprint: str
    lines: list[Line] = field(default_factory=list)


class _Loader(yaml.SafeLoader):
    """Keeps the line of every mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        return {**super().construct_mapping(node, deep=deep), LINE: node.start_mark.line + 1}


def read(text: str) -> Catalogue:
    """The catalogue written as `text`. Errors: Invalid with one message a line at fault (`fields["catalogue"]`)."""
    try:
        raw = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as broken:
        raise Invalid.because({"catalogue": [f"不是有效的 YAML：{broken}"]}, "权责清单无法读取") from broken
    faults = list(_head_faults(raw))
    if not faults:
        lines = list(_lines(raw))
        faults = [*_line_faults(lines), *_total_faults(raw, lines)]
    if faults:
        raise Invalid.because({"catalogue": faults}, "权责清单未通过核对，整份不予导入")
    head = {key: raw.get(key) for key in ("label", "valid_from", "valid_to")}
    return Catalogue(
        version=str(raw["version"]), fingerprint=hashlib.sha256(text.encode()).hexdigest(), lines=lines, **head
    )


def _head_faults(raw: Any) -> Iterator[str]:
    if not isinstance(raw, dict):
        yield "第 1 行：文件顶层应为键值表"
        return
    if not raw.get("version"):
        yield "第 1 行：缺少 version"
    if type(raw.get("valid_from")) is not date:
        yield "第 1 行：valid_from 应为日期"
    totals = raw.get("totals")
    if not isinstance(totals, dict) or not all(isinstance(told, dict) for key, told in totals.items() if key != LINE):
        yield "第 1 行：totals 应写明各清单的总数"
    for section in ("self", "admitted", "cancelled"):
        if not raw.get(section):
            yield f"第 1 行：缺少 {section}"


def _lines(raw: Node) -> Iterator[Line]:
    yield from _self_governed(_nodes(raw, "self"))
    yield from _admitted(_nodes(raw, "admitted"))
    for node in _nodes(raw, "cancelled"):
        yield Line(**_base(node), duty_list=DutyList.CANCELLED, category="取消事项", lead_unit=node.get("owner"))
    for node in _nodes(raw, "department"):
        more: Node = {"lead_unit": node.get("lead"), "assist_units": tuple(node.get("assist") or ())}
        basis = node.get("legal_basis")
        yield Line(**_base(node), duty_list=DutyList.DEPARTMENT, category="部门职责", legal_basis=basis, **more)


def _self_governed(categories: list[Node]) -> Iterator[Line]:
    for category in categories:
        for item in _nodes(category, "items"):
            for sub_item in _nodes(item, "sub_items"):
                base = {**_base(sub_item), "item": _name(item), "sub_item": _name(sub_item)}
                yield Line(**base, duty_list=DutyList.SELF, category=_name(category))


def _admitted(categories: list[Node]) -> Iterator[Line]:
    for category in categories:
        for node in _nodes(category, "items"):
            more: Node = {"lead_unit": node.get("owner"), "terms": node.get("terms")}
            yield Line(**_base(node), duty_list=DutyList.ADMITTED, category=_name(category), **more)


def _nodes(parent: Node, key: str) -> list[Node]:
    """The mappings listed under a key. Errors: Invalid when there is anything else."""
    nodes = parent.get(key) or []
    if not isinstance(nodes, list) or not all(isinstance(node, dict) for node in nodes):
        raise Invalid.because({"catalogue": [f"第 {parent[LINE]} 行：{key} 应为条目列表"]}, "权责清单无法读取")
    return nodes


def _base(node: Node) -> dict[str, Any]:
    return {"line": node[LINE], "code": str(node.get("code") or ""), "item": _name(node)}


def _name(node: Node) -> str:
    return str(node.get("name") or "")


def _line_faults(lines: list[Line]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for line in lines:
        if not line.code:
            yield f"第 {line.line} 行：缺少 code"
        elif line.code in seen:
            yield f"第 {line.line} 行：{line.code} 与第 {seen[line.code]} 行重复"
        seen.setdefault(line.code, line.line)
        if not line.item or line.sub_item == "":
            yield f"第 {line.line} 行：{line.code} 缺少名称"
        if line.duty_list is DutyList.ADMITTED and not line.terms:
            yield f"第 {line.line} 行：准入事项 {line.code} 缺少准入条件 terms"


def _total_faults(raw: Node, lines: list[Line]) -> Iterator[str]:
    counted = _counted(raw, lines)
    for section, told in raw["totals"].items():
        if section == LINE:
            continue
        for what, actual in counted.get(section, {}).items():
            if told.get(what) != actual:
                yield f"第 {told[LINE]} 行：{section}.{what} 应为 {told.get(what)}，实为 {actual}"
    missing = [section for section in counted if section not in raw["totals"]]
    yield from (f"第 {raw['totals'][LINE]} 行：totals 缺少 {section}" for section in missing)


def _counted(raw: Node, lines: list[Line]) -> dict[str, dict[str, int]]:
    own = raw["self"]
    of = {duty_list: sum(line.duty_list is duty_list for line in lines) for duty_list in DutyList}
    items = sum(len(category.get("items") or []) for category in own)
    return {
        "self": {"categories": len(own), "items": items, "sub_items": of[DutyList.SELF]},
        "admitted": {"categories": len(raw["admitted"]), "items": of[DutyList.ADMITTED]},
        "cancelled": {"items": of[DutyList.CANCELLED]},
    }
