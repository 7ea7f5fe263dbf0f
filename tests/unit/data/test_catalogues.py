"""The category tree and the duty catalogue: shape, references, and the totals the newspaper tells."""

from __future__ import annotations

from collections import Counter
from typing import Any

from kernel.codes import UnitKind, Urgency
from tests.unit.data.reader import District

FIRST_LEVEL = [
    "住房与物业", "市政设施", "市容环卫", "园林绿化", "水电气热", "噪声与污染", "公共安全与隐患", "邻里与家庭纠纷",
    "物业纠纷", "社会保障", "社会救助", "养老助残", "教育托管", "医疗卫生", "就业", "消费维权", "停车与交通",
    "违法建设", "老旧小区改造", "法律咨询", "干部作风", "建议表扬", "其他",
]  # fmt: skip
LEAF_KEYS = {"code", "name", "urgency", "lead_kind", "dispute", "hazard", "sensitive", "questions"}


def items_of(categories: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item for category in categories for item in category["items"]]


class TestCategories:
    def test_given_the_tree_when_its_first_level_is_read_then_all_23_are_there(self, district: District) -> None:
        assert FIRST_LEVEL == [first["name"] for first in district.categories["categories"]]

    def test_given_a_node_when_read_then_its_code_is_unique_and_begins_with_its_parents(
        self, district: District
    ) -> None:
        codes: list[str] = []
        astray: list[str] = []
        for first in district.categories["categories"]:
            for second in first["children"]:
                leaves = [leaf["code"] for leaf in second["children"]]
                codes += [second["code"], *leaves]
                astray += [code for code in leaves if code.rpartition(".")[0] != second["code"]]
                astray += [] if second["code"].rpartition(".")[0] == first["code"] else [second["code"]]
        assert ([], []) == ([code for code, count in Counter(codes).items() if count > 1], astray)

    def test_given_a_leaf_when_read_then_every_field_is_good(self, district: District) -> None:
        units = {unit["code"]: unit["kind"] for unit in district.units}
        for leaf in district.leaves():
            assert LEAF_KEYS == set(leaf) - {"lead_unit"}
            assert [True, True, True] == [isinstance(leaf[flag], bool) for flag in ("dispute", "hazard", "sensitive")]
            assert (True, True) == (leaf["urgency"] in Urgency.values(), leaf["lead_kind"] in UnitKind.values())
            assert leaf["lead_kind"] == units.get(leaf["lead_unit"]) if "lead_unit" in leaf else True
            assert [] == [question for question in leaf["questions"] if not isinstance(question, str) or not question]
            assert [] != leaf["questions"]

    def test_given_the_blocked_drain_of_a1_when_read_then_it_may_become_a_dispute(self, district: District) -> None:
        leaf = next(leaf for leaf in district.leaves() if leaf["code"] == "housing.drain.blocked")
        assert ("下水堵塞", "URGENT", True) == (leaf["name"], leaf["urgency"], leaf["dispute"])

    def test_given_the_lamp_pole_of_a4_when_read_then_it_is_an_emergency_hazard_of_the_utility(
        self, district: District
    ) -> None:
        leaf = next(leaf for leaf in district.leaves() if leaf["code"] == "safety.pole.lamp")
        expected = ("EMERGENCY", "PUBLIC_UTILITY", "gongdian", True)
        assert expected == (leaf["urgency"], leaf["lead_kind"], leaf["lead_unit"], leaf["hazard"])


class TestDutyCatalogue:
    def test_given_self_governed_items_when_counted_then_they_are_4_13_32(self, district: District) -> None:
        categories = district.catalogue["self"]
        items = items_of(categories)
        assert (4, 13, 32) == (len(categories), len(items), sum(len(item["sub_items"]) for item in items))

    def test_given_admitted_items_when_counted_then_they_are_4_17_and_each_states_its_terms(
        self, district: District
    ) -> None:
        categories = district.catalogue["admitted"]
        items = items_of(categories)
        assert (4, 17, 17) == (len(categories), len(items), sum(bool(item["terms"]) for item in items))

    def test_given_cancelled_items_when_counted_then_they_are_46(self, district: District) -> None:
        assert 46 == len(district.catalogue["cancelled"])

    def test_given_the_stated_totals_when_compared_then_they_are_the_told_ones(self, district: District) -> None:
        expected = {
            "self": {"categories": 4, "items": 13, "sub_items": 32},
            "admitted": {"categories": 4, "items": 17},
            "cancelled": {"items": 46},
        }
        assert expected == district.catalogue["totals"]

    def test_given_every_entry_when_read_then_codes_are_unique_and_keys_are_known(self, district: District) -> None:
        catalogue = district.catalogue
        own = items_of(catalogue["self"])
        admitted = items_of(catalogue["admitted"])
        subs = [sub for item in own for sub in item["sub_items"]]
        entries = [*catalogue["self"], *own, *subs, *catalogue["admitted"], *admitted]
        entries += [*catalogue["cancelled"], *catalogue["department"]]
        repeated = [code for code, count in Counter(entry["code"] for entry in entries).items() if count > 1]
        assert ([], {"code", "name"}) == (repeated, {key for sub in subs for key in sub})
        assert {"code", "name", "owner", "terms"} == {key for item in admitted for key in item}
        assert {"code", "name", "owner"} == {key for item in catalogue["cancelled"] for key in item}

    def test_given_an_owner_or_lead_when_looked_up_then_the_unit_exists(self, district: District) -> None:
        catalogue = district.catalogue
        named = {item["owner"] for item in [*items_of(catalogue["admitted"]), *catalogue["cancelled"]]}
        for duty in catalogue["department"]:
            named |= {duty["lead"], *duty["assist"]}
        assert set() == named - district.unit_codes

    def test_given_the_catalogue_when_read_then_it_is_labelled_and_dated(self, district: District) -> None:
        catalogue = district.catalogue
        assert ("示例", True, None) == (catalogue["label"], bool(catalogue["valid_from"]), catalogue["valid_to"])
