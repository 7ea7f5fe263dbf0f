"""The demo district holds together: whatever a row names exists, and the told numbers come out."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kernel.calendar.posted import is_written_well
from kernel.codes import AreaLevel, Role, UnitKind
from tests.unit.data.reader import District

LTREE_LABEL = re.compile(r"[a-z0-9_]+")
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
LANDLINE = re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)")
ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
FILES = {
    "areas.csv", "posts.csv", "units.csv", "receivers.csv", "owners.csv", "roster.csv",
    "care_stations.csv", "care_shifts.csv", "service_points.csv", "outlines.geojson",
    "categories.yaml", "duty_catalogue.yaml", "accounts.yaml", "mediation_orgs.yaml",
    "legal_helpers.yaml", "clinic_rota.csv",
}  # fmt: skip
BODIES_WITHOUT_RECEIVERS = {UnitKind.STREET, UnitKind.COMMUNITY, UnitKind.HIGHER_BODY}
YINHONG = "yinchuan.xingqing.lijingjie.yinhong"
HONGBEI = "yinchuan.xingqing.shandalu.hongbei"


def repeated(values: list[Any]) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]


def grants_of(district: District, account_id: str) -> set[tuple[str, str]]:
    return {(grant["role"], grant["node"]) for holder, grant in district.grants() if holder == account_id}


def test_given_the_folder_when_listed_then_it_holds_exactly_the_known_files(folder: Path) -> None:
    assert FILES == {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("name", sorted(FILES))
def test_given_a_file_when_opened_then_its_first_line_says_illustrative(folder: Path, name: str) -> None:
    first_line = (folder / name).read_text(encoding="utf-8").splitlines()[0]
    assert (True, True) == (first_line.startswith(("#", "{")), "示例数据" in first_line)


@pytest.mark.parametrize("name", sorted(FILES))
def test_given_a_file_when_searched_then_every_phone_is_fictitious_and_no_id_number_is_there(
    folder: Path, name: str
) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    real_mobiles = [number for number in MOBILE.findall(text) if not number.startswith("139000000")]
    real_landlines = [number for number in LANDLINE.findall(text) if not number.startswith("0951-600")]
    assert ([], [], []) == (real_mobiles, real_landlines, ID_NUMBER.findall(text))


class TestAreas:
    def test_given_areas_when_counted_then_codes_and_paths_are_unique(self, district: District) -> None:
        codes = repeated([area["code"] for area in district.areas])
        paths = repeated([area["path"] for area in district.areas])
        assert ([], []) == (codes, paths)

    def test_given_an_area_when_its_parent_is_looked_up_then_path_is_parent_path_and_label(
        self, district: District
    ) -> None:
        by_code = {area["code"]: area for area in district.areas}
        wrong = [
            area["code"]
            for area in district.areas
            if area["parent_code"]
            and f"{by_code[area['parent_code']]['path']}.{area['code'].rsplit('-', 1)[-1]}" != area["path"]
        ]
        roots = [area["path"] for area in district.areas if not area["parent_code"]]
        assert ([], ["yinchuan"]) == (wrong, roots)

    def test_given_an_area_when_read_then_level_is_known_and_labels_suit_ltree(self, district: District) -> None:
        bad_levels = {area["level_code"] for area in district.areas} - set(AreaLevel.values())
        bad_labels = [path for path in district.paths if not all(map(LTREE_LABEL.fullmatch, path.split(".")))]
        assert (set(), []) == (bad_levels, bad_labels)

    def test_given_communities_and_above_when_numbered_then_area4_is_four_digits_and_unique(
        self, district: District
    ) -> None:
        numbered = [area["area4"] for area in district.areas if area["area4"]]
        upper = [area for area in district.areas if area["level_code"] in {"CITY", "DISTRICT", "STREET", "COMMUNITY"}]
        malformed = [number for number in numbered if not re.fullmatch(r"\d{4}", number)]
        assert ([], [], len(upper)) == (repeated(numbered), malformed, len(numbered))

    def test_given_the_told_places_when_looked_up_then_they_are_there(self, district: District) -> None:
        told = {
            f"{YINHONG}.g3.b5u2": "5号楼2单元",
            f"{HONGBEI}.g2.b7": "7号楼",
            "yinchuan.xingqing.zhongshannanjie.qinghe.g1.jinmao": "金茂花园",
            "yinchuan.xingqing.zhongshannanjie.qinghe.g2.lijinyuan": "丽锦苑",
        }
        names = {area["path"]: area["local_name"] for area in district.areas}
        assert told == {path: names.get(path) for path in told}

    def test_given_qinyuan_when_its_stairwells_are_counted_then_there_are_67(self, district: District) -> None:
        qinyuan = [area for area in district.areas if ".qinyuan." in area["path"]]
        assert 67 == sum(area["level_code"] == "STAIRWELL" for area in qinyuan)


class TestPosts:
    def test_given_a_post_when_read_then_area_holders_and_hours_are_good(self, district: District) -> None:
        bad_areas = {post["area_path"] for post in district.posts} - district.paths
        holders = {post[holder] for post in district.posts for holder in ("holder_a", "holder_b")}
        bad_hours = [post["hours"] for post in district.posts if not is_written_well(post["hours"])]
        same = [post["area_path"] for post in district.posts if post["holder_a"] == post["holder_b"]]
        assert (set(), set(), [], []) == (bad_areas, holders - district.account_ids, bad_hours, same)

    def test_given_a_grid_when_its_posts_are_counted_then_it_has_exactly_one_a_and_one_b(
        self, district: District
    ) -> None:
        grids = {area["path"] for area in district.areas if area["level_code"] == "GRID"}
        posts = Counter(post["area_path"] for post in district.posts if post["duty"] == "GRID")
        assert dict.fromkeys(grids, 1) == posts

    def test_given_a_grid_post_when_its_holders_are_looked_up_then_both_hold_the_role_there(
        self, district: District
    ) -> None:
        granted = {(holder, grant["node"]) for holder, grant in district.grants() if grant["role"] == Role.GRID}
        posted = {
            (post[holder], post["area_path"])
            for post in district.posts
            if post["duty"] == "GRID"
            for holder in ("holder_a", "holder_b")
        }
        assert granted == posted

    @pytest.mark.parametrize("level", ["COMMUNITY", "STREET", "DISTRICT"])
    def test_given_a_body_when_offices_are_closed_then_somebody_is_on_duty(
        self, district: District, level: str
    ) -> None:
        bodies = {area["path"] for area in district.areas if area["level_code"] == level}
        duty = {post["area_path"] for post in district.posts if post["duty"] == f"{level}_OFF_HOURS"}
        assert bodies == duty


class TestUnits:
    def test_given_a_unit_when_read_then_code_kind_level_parent_area_and_phone_are_good(
        self, district: District
    ) -> None:
        parents = {unit["parent"] for unit in district.units if unit["parent"]}
        bad_codes = [unit["code"] for unit in district.units if not re.fullmatch(r"[a-z0-9-]+", unit["code"])]
        phones = [unit["duty_phone"] for unit in district.units]
        bad_phones = [phone for phone in phones if not re.fullmatch(r"0951-600\d{4}", phone)]
        assert ([], [], []) == (bad_codes, bad_phones, repeated([unit["code"] for unit in district.units] + phones))
        assert set() == parents - district.unit_codes
        assert set() == {unit["kind"] for unit in district.units} - set(UnitKind.values())
        assert set() == {unit["level"] for unit in district.units} - set(AreaLevel.values())
        assert set() == {unit["area_path"] for unit in district.units} - district.paths

    def test_given_kinds_of_units_when_collected_then_every_kind_is_shown(self, district: District) -> None:
        assert set(UnitKind.values()) == {unit["kind"] for unit in district.units}

    @pytest.mark.parametrize("kind", ["STREET", "COMMUNITY"])
    def test_given_streets_and_communities_when_looked_up_then_each_is_also_a_unit(
        self, district: District, kind: str
    ) -> None:
        areas = {area["code"]: area["path"] for area in district.areas if area["level_code"] == kind}
        assert areas == {unit["code"]: unit["area_path"] for unit in district.units if unit["kind"] == kind}


class TestReceivers:
    def test_given_the_roster_when_counted_then_there_are_66_different_people(self, district: District) -> None:
        accounts = [receiver["account"] for receiver in district.receivers]
        assert (66, 66) == (len(accounts), len(set(accounts)))

    def test_given_a_receiver_when_read_then_account_belongs_to_the_unit_and_may_receive(
        self, district: District
    ) -> None:
        homes = {account["id"]: account["unit"] for account in district.accounts}
        granted = {(holder, grant["unit"]) for holder, grant in district.grants() if grant["role"] == Role.RECEIVER}
        named = {(receiver["account"], receiver["unit"]) for receiver in district.receivers}
        strangers = [account for account, unit in named if homes.get(account) != unit]
        bad_hours = [row["hours"] for row in district.receivers if not is_written_well(row["hours"])]
        assert (granted, [], []) == (named, strangers, bad_hours)

    def test_given_a_unit_that_can_be_whistled_for_when_counted_then_it_has_one_a_and_at_most_one_b(
        self, district: District
    ) -> None:
        roles = Counter((receiver["unit"], receiver["role"]) for receiver in district.receivers)
        must = {unit["code"] for unit in district.units if unit["kind"] not in BODIES_WITHOUT_RECEIVERS}
        with_a = {unit for unit, role in roles if role == "A"}
        with_b = {unit for unit, role in roles if role == "B"}
        assert (set(), set(), 1) == (must - with_a, with_b - with_a, max(roles.values()))
        assert {"A", "B"} == {role for _, role in roles}
        assert len(with_b) > len(with_a) / 2

    def test_given_a_receiving_unit_when_overdue_climbs_then_it_has_one_head(self, district: District) -> None:
        heads = Counter(grant["unit"] for _, grant in district.grants() if grant["role"] == Role.DEPT_HEAD)
        assert dict.fromkeys({receiver["unit"] for receiver in district.receivers}, 1) == heads


class TestAccounts:
    def test_given_accounts_when_counted_then_ids_names_and_usernames_are_unique(self, district: District) -> None:
        columns = [[account[key] for account in district.accounts] for key in ("id", "username", "name")]
        assert [[], [], []] == [repeated(column) for column in columns]
        assert [] == [account["id"] for account in district.accounts if f"u-{account['username']}" != account["id"]]

    def test_given_an_account_when_read_then_its_units_nodes_and_roles_exist(self, district: District) -> None:
        grants = [grant for _, grant in district.grants()]
        units = {account["unit"] for account in district.accounts} | {grant["unit"] for grant in grants}
        assert {None} == units - district.unit_codes
        assert set() == {grant["node"] for grant in grants} - district.paths
        assert [] == [account["id"] for account in district.accounts if not account["grants"]]

    def test_given_the_roles_when_collected_then_every_role_has_an_account(self, district: District) -> None:
        assert set(Role.values()) == {grant["role"] for _, grant in district.grants()}

    def test_given_grants_without_unit_when_read_then_they_are_of_residents_only(self, district: District) -> None:
        residents = {account["id"] for account in district.accounts if account.get("kind") == "resident"}
        without_unit = {holder for holder, grant in district.grants() if grant["unit"] is None}
        roles = {grant["role"] for holder, grant in district.grants() if holder in residents}
        assert (residents, {Role.RESIDENT, Role.PROXY}) == (without_unit, roles)

    def test_given_follow_up_staff_when_compared_then_their_unit_handles_nothing(self, district: District) -> None:
        callers = {grant["unit"] for _, grant in district.grants() if grant["role"] == Role.FOLLOWUP}
        handlers = {grant["unit"] for _, grant in district.grants() if grant["role"] != Role.FOLLOWUP}
        assert set() == callers & handlers

    def test_given_the_demo_password_when_searched_then_it_is_stated_once_in_the_folder(self, folder: Path) -> None:
        times = sum(path.read_text(encoding="utf-8").count("shaodao-demo") for path in folder.iterdir())
        assert 1 == times


class TestStories:
    def test_given_a1_when_the_post_of_the_grid_is_read_then_lishan_holds_it(self, district: District) -> None:
        post = next(p for p in district.posts if p["area_path"] == f"{YINHONG}.g3" and p["duty"] == "GRID")
        expected = {("GRID", f"{YINHONG}.g3"), ("WHISTLER", f"{YINHONG}.g3")}
        assert ("u-lishan", expected) == (post["holder_a"], expected & grants_of(district, "u-lishan"))

    def test_given_a4_when_the_post_of_the_grid_is_read_then_lili_holds_it(self, district: District) -> None:
        post = next(p for p in district.posts if p["area_path"] == f"{HONGBEI}.g2" and p["duty"] == "GRID")
        expected = {("GRID", f"{HONGBEI}.g2"), ("WHISTLER", f"{HONGBEI}.g2")}
        assert ("u-lili", expected) == (post["holder_a"], expected & grants_of(district, "u-lili"))

    def test_given_the_whistled_units_when_looked_up_then_kinds_are_right_and_each_has_a_and_b(
        self, district: District
    ) -> None:
        expected = {
            "lijingjie-sifasuo": ("STATION", "AB"),
            "lijingjie-paichusuo": ("STATION", "AB"),
            "yinhong-falvguwen": ("LEGAL_COUNSEL", "AB"),
            "gongdian": ("PUBLIC_UTILITY", "AB"),
        }
        kinds = {unit["code"]: unit["kind"] for unit in district.units}
        roles = {code: "".join(sorted(r["role"] for r in district.receivers if r["unit"] == code)) for code in expected}
        assert expected == {code: (kinds[code], roles[code]) for code in expected}


class TestMediationOrgs:
    def test_given_an_org_when_read_then_unit_area_members_and_rota_exist(self, district: District) -> None:
        mediators = {(holder, grant["node"]) for holder, grant in district.grants() if grant["role"] == Role.MEDIATOR}
        members = {(member["account"], org["area_path"]) for org in district.orgs for member in org["members"]}
        assert mediators == members
        for org in district.orgs:
            accounts = {member["account"] for member in org["members"]}
            spoken = {dialect for member in org["members"] for dialect in member["dialects"]}
            assert set() == {turn["account"] for turn in org["rota"]} - accounts
            assert (True, True) == (org["unit"] in district.unit_codes, org["area_path"] in district.paths)
            assert spoken == set(org["dialects"])

    def test_given_a_member_when_compared_then_the_name_is_the_accounts_name(self, district: District) -> None:
        names = {account["id"]: account["name"] for account in district.accounts}
        members = {member["account"]: member["name"] for org in district.orgs for member in org["members"]}
        assert {account: names[account] for account in members} == members

    def test_given_orgs_when_asked_which_are_statutory_then_only_the_committee_is(self, district: District) -> None:
        expected = {"yinhong-tiaowei": True, "hongse-jiayuan": False, "chuxin": False, "zhongsi-falv": False}
        assert expected == {org["code"]: org["statutory"] for org in district.orgs}

    def test_given_a_statutory_org_when_its_members_are_counted_then_art_8_is_kept(self, district: District) -> None:
        committee = next(org for org in district.orgs if org["statutory"])
        sexes = [member["sex"] for member in committee["members"]]
        assert (True, True, True) == (3 <= len(sexes) <= 9, "F" in sexes, bool(committee["seal"]["text"]))
