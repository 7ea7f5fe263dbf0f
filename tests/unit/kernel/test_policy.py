"""Policy packs: complete, checked at load, and falling back to the default."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import structlog
import yaml
from prometheus_client import REGISTRY

from kernel.codes import Urgency, WhistleKind
from kernel.deadlines import Limit, Unit, ladder
from kernel.policy import (
    BASIS,
    KEYS,
    InvalidPolicyPack,
    UnknownPolicyKey,
    UnknownPolicyPack,
    names,
    pack,
    parse_pack,
)
from kernel.reference import data_folder

APPENDIX_A = """
intake.net_accept_within intake.first_contact intake.feedback intake.consult_answer intake.extension
intake.object_within intake.object_decide_within intake.reopen_auto_max intake.reopen_window intake.on_account
dispatch.sign dispatch.contact dispatch.report dispatch.finish dispatch.approval dispatch.escalation dispatch.rating
mediation.limit mediation.extension mediation.session_notice mediation.confirm_window mediation.perform_reminder
council.grid_every council.notice council.publication council.objection_answer needlist.joint_meeting follow_up.start
follow_up.attempts look_back care.friday_round care.weekly_visit care.pairing_visit care.no_answer pager.answer
pager.accept pager.arrive quiet_hours tenure
"""
TABLE = [
    ("intake.net_accept_within", None, "2h", "2h", "2h"),
    ("intake.first_contact", "EMERGENCY", "15min", "15min", "15min"),
    ("intake.first_contact", "URGENT", "2h", "2h", "2h"),
    ("intake.first_contact", "NORMAL", "24h", "24h", "1wd"),
    ("intake.first_contact", "COMPLEX", "24h", "24h", "1wd"),
    ("intake.feedback", "EMERGENCY", "2h", "2h", "2h"),
    ("intake.feedback", "URGENT", "24h", "24h", "24h"),
    ("intake.feedback", "NORMAL", "5wd", "7d", "5wd"),
    ("intake.feedback", "COMPLEX", "15d", "15d", "5wd"),
    ("intake.consult_answer", None, "1wd", "24h", "1wd"),
    ("intake.object_within", "NORMAL", "4bh", "2h", "1wd"),
    ("intake.object_within", "EMERGENCY", "30min", "30min", "30min"),
    ("intake.object_decide_within", None, "4bh", "4bh", "4bh"),
    ("intake.reopen_window", None, "6mo", "6mo", "6mo"),
    ("intake.on_account", None, "90d", "90d", "90d"),
    ("dispatch.sign", "EMERGENCY", "15min", "15min", "15min"),
    ("dispatch.sign", "ENFORCEMENT", "1h", "1h", "1h"),
    ("dispatch.contact", "ENFORCEMENT", "4h", "4h", "4h"),
    ("dispatch.report", "EMERGENCY", "30min", "30min", "30min"),
    ("dispatch.report", "ENFORCEMENT", "1wd", "1wd", "1wd"),
    ("dispatch.report", "APPEAL", "3wd", "3wd", "3wd"),
    ("dispatch.report", "KEY", "5wd", "5wd", "5wd"),
    ("mediation.limit", None, "30d", "30d", "30d"),
    ("mediation.session_notice", None, "24h", "24h", "24h"),
    ("mediation.confirm_window", None, "30d", "30d", "30d"),
    ("council.publication", None, "7d", "7d", "7d"),
    ("follow_up.start", None, "1wd", "1wd", "1wd"),
    ("pager.answer", None, "30s", "30s", "30s"),
    ("pager.arrive", None, "30min", "30min", "30min"),
]


def raw(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((data_folder("policy") / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


def locality(*entries: dict[str, Any], **head: Any) -> dict[str, Any]:
    defaults = {"valid_from": date(2024, 1, 1), "basis": "A"}
    plain = {"name": "here", "title": "本地", "release": "1", "locality": "本地"}
    return {**plain, "defaults": defaults, "entries": list(entries), **head}


def test_given_the_shipped_packs_then_all_three_load_and_say_they_are_illustrative() -> None:
    assert ["beijing-like", "default", "jinan-like"] == names()
    assert all(pack(name).illustrative for name in names())


@pytest.mark.parametrize("key", APPENDIX_A.split())
def test_given_a_key_of_appendix_a_then_the_default_pack_has_it(key: str) -> None:
    assert key in pack().entries
    assert key in KEYS


@pytest.mark.parametrize("name", ["default", "beijing-like", "jinan-like"])
def test_given_any_shipped_value_then_it_has_version_locality_dates_and_basis(name: str) -> None:
    for entry in (entry for held in pack(name).entries.values() for entry in held):
        assert entry.version
        assert entry.locality
        assert entry.basis in BASIS
        assert entry.holds_on(date(2026, 11, 1))


@pytest.mark.parametrize(("key", "code", "default", "beijing", "jinan"), TABLE)
def test_given_the_table_of_appendix_a_then_the_packs_say_the_same(
    key: str, code: str | None, default: str, beijing: str, jinan: str
) -> None:
    found = [str(pack(name).limit(key, code)) for name in ("default", "beijing-like", "jinan-like")]
    assert [default, beijing, jinan] == found


@pytest.mark.parametrize("name", ["default", "beijing-like", "jinan-like"])
def test_given_any_code_then_no_look_up_by_code_fails(name: str) -> None:
    asked = [(key, code) for key, shape in KEYS.items() if shape.codes for code in shape.codes.values()]
    found = [pack(name).limit_or_none(key, code) for key, code in asked]
    assert asked
    assert {Limit, type(None)} >= {type(limit) for limit in found}


@pytest.mark.parametrize("name", ["default", "beijing-like", "jinan-like"])
def test_given_an_emergency_then_no_limit_waits_for_business_hours(name: str) -> None:
    for key, shape in KEYS.items():
        for codes in (Urgency, WhistleKind):
            limit = pack(name).limit_or_none(key, "EMERGENCY") if shape.codes is codes else None
            assert limit is None or limit.unit in {Unit.MINUTES, Unit.HOURS}


def test_given_no_contact_limit_for_emergencies_then_it_is_told_apart_from_an_unknown_key() -> None:
    assert None is pack().limit_or_none("dispatch.contact", WhistleKind.EMERGENCY)
    with pytest.raises(UnknownPolicyKey):
        pack().limit("dispatch.contact", WhistleKind.EMERGENCY)


def test_given_a_key_the_locality_leaves_out_then_the_default_answers_and_the_stamp_says_so() -> None:
    jinan = pack("jinan-like")
    assert "dispatch.sign" not in jinan.entries
    assert Limit(1, Unit.HOURS) == jinan.limit("dispatch.sign", "APPEAL")
    assert "default/2026.1" == jinan.stamp("dispatch.sign", "APPEAL")
    assert "jinan-like/2026.1" == jinan.stamp("intake.feedback", "NORMAL")
    assert "default/2026.1" == jinan.stamp("intake.first_contact", "EMERGENCY")
    assert "jinan-like/2026.1" == jinan.version


def test_given_values_then_they_are_read_whole_or_by_part_and_are_copies() -> None:
    rating = pack().value("dispatch.rating")
    rating["effect"] = 0
    assert 40 == pack().value("dispatch.rating", "effect")
    assert 1 == pack().value("intake.reopen_auto_max")
    assert [0, 50, 75, 100] == [step.after_percent for step in ladder(pack().value("dispatch.escalation"))]
    assert 2 == len(pack().hours.slots)


@pytest.mark.parametrize("key", ["intake.nothing", "", "feedback"])
def test_given_a_key_nobody_knows_then_the_error_names_pack_and_key(key: str) -> None:
    for ask in (pack("jinan-like").limit, pack("jinan-like").value, pack("jinan-like").entry, pack("jinan-like").stamp):
        with pytest.raises(UnknownPolicyKey, match="jinan-like") as refused:
            ask(key)
        assert key == refused.value.key


def test_given_a_code_nobody_knows_then_the_error_names_it() -> None:
    with pytest.raises(UnknownPolicyKey, match=r"intake.feedback\[LATER\]"):
        pack().limit("intake.feedback", "LATER")
    with pytest.raises(UnknownPolicyKey):
        pack().limit("intake.feedback")


def test_given_a_pack_nobody_knows_then_it_is_refused() -> None:
    with pytest.raises(UnknownPolicyPack, match="atlantis"):
        pack("atlantis")


def test_given_two_versions_of_a_value_then_the_day_decides() -> None:
    old = {"key": "pager.answer", "limit": "60s", "version": "1", "valid_to": date(2024, 12, 31)}
    new = {"key": "pager.answer", "limit": "20s", "version": "2", "valid_from": date(2025, 1, 1)}
    here = parse_pack(locality(old, new), "here", pack())
    days = [date(2023, 1, 1), date(2024, 12, 31), date(2025, 1, 1), None]
    assert ["30s", "60s", "20s", "20s"] == [str(here.on_day(day).limit("pager.answer")) for day in days]
    assert "here/1" == here.on_day(date(2024, 5, 1)).stamp("pager.answer")
    assert "here/2" == here.stamp("pager.answer")


def test_given_a_day_before_any_value_then_even_the_default_does_not_know() -> None:
    with pytest.raises(UnknownPolicyKey, match="2019-01-01"):
        pack("default", date(2019, 1, 1)).limit("pager.answer")


FAULTS = [
    ({"key": "pager.accept", "limit": "soon"}, "pager.accept: 时限“soon”"),
    ({"key": "pager.arrive", "limit": "30min", "basis": "?"}, "pager.arrive: basis"),
    ({"key": "intake.feedback", "limits": {"EMERGENCY": "1wd"}}, "EMERGENCY 的时限必须按钟点计"),
    ({"key": "tenure", "limit": "3d"}, "tenure: 此键没有时限"),
    ({"key": "council.notice", "value": 3}, "council.notice: 缺少时限"),
    (
        {"key": "council.publication", "limit": "7d", "limits": {}},
        "council.publication: limit 与 limits 只能有一个",
    ),
    ({"key": "council.publication", "limit": "7d", "colour": "red"}, "council.publication: 未知字段 colour"),
    (
        {"key": "mediation.limit", "limit": "30d", "valid_to": date(2020, 1, 1)},
        "mediation.limit: valid_to 早于 valid_from",
    ),
    ({"key": "accounts.second_factor", "value": {"roles": ["ADMN"]}}, "roles 应为角色代码的列表"),
    ({"key": "accounts.second_factor", "value": ["ADMIN"]}, "roles 应为角色代码的列表"),
    ({"key": "dispatch.rating", "value": {"effect": 99}}, "dispatch.rating: 各项分值之和应为 100"),
    ({"key": "dispatch.escalation", "value": [{"level": "MOON", "after_percent": 0}]}, "dispatch.escalation: "),
    ({"key": "hours.business", "value": ["late"]}, "hours.business: "),
]
"""An entry of a pack, and what is said of it."""


def test_given_a_faulty_pack_then_every_fault_is_listed() -> None:
    twice = [{"key": "quiet_hours", "value": 1}, {"key": "quiet_hours", "value": 2}]
    faulty = locality(*(entry for entry, _ in FAULTS), *twice, name="there", region=5, colour="red")
    with pytest.raises(InvalidPolicyPack) as refused:
        parse_pack(faulty, "here", pack())
    told = "；".join(refused.value.errors)
    of_the_pack = ["quiet_hours: 自 2024-01-01 起有两个有效值", "name 应与文件名", "region 应为", "未知字段 colour"]
    assert [] == [words for words in [*(words for _, words in FAULTS), *of_the_pack] if words not in told]


def test_given_keys_and_codes_of_a_newer_program_then_they_are_left_out_and_everything_else_holds() -> None:
    later = [
        {"key": "pager.answr", "limit": "30s"},
        {"key": "pager.hum", "value": {"whatever": ["it", "is"]}},
        {"key": "intake.feedback", "limits": {"LATER": "1d", "URGENT": "12h"}},
        {"key": "ledger.settle", "limits": {"VIOLET": "1h"}},
    ]
    read = parse_pack(locality(*later), "here", pack())
    assert ("intake.feedback[LATER]", "ledger.settle[VIOLET]", "pager.answr", "pager.hum") == read.unknown
    assert ("12h", "5wd") == tuple(str(read.limit("intake.feedback", code)) for code in ("URGENT", "NORMAL"))
    with pytest.raises(UnknownPolicyKey, match=r"pager\.hum"):
        read.value("pager.hum")


def test_given_a_file_with_a_newer_key_then_log_and_metric_tell_it_once_until_it_is_gone(tmp_path: Path) -> None:
    def write(*more: dict[str, Any]) -> None:
        content = raw("default")
        content["entries"] += more
        (tmp_path / "default.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

    def shown() -> float | None:
        return REGISTRY.get_sample_value("shaodao_policy_key_unknown", {"pack": "default", "key": "pager.hum"})

    with structlog.testing.capture_logs() as said:
        write({"key": "pager.hum", "limit": "30s"})
        assert ["pager.hum"] == pack("default", folder=tmp_path).all_unknown
        pack("default", folder=tmp_path)
        assert 1 == shown()
    assert [("policy_key_unknown", ["pager.hum"])] == [(line["event"], line["keys"]) for line in said]
    write()
    assert ([], 0) == (pack("default", folder=tmp_path).all_unknown, shown())


@pytest.mark.parametrize("name", names())
def test_given_a_pack_of_ours_then_it_holds_no_key_that_nobody_knows(name: str) -> None:
    assert [] == pack(name).all_unknown


def test_given_a_default_pack_with_gaps_then_each_missing_key_and_code_is_listed() -> None:
    content = raw("default")
    content["entries"] = [entry for entry in content["entries"] if entry["key"] != "tenure"]
    feedback = next(entry for entry in content["entries"] if entry["key"] == "intake.feedback")
    del feedback["limits"]["COMPLEX"]
    with pytest.raises(InvalidPolicyPack) as refused:
        parse_pack(content, "default")
    assert ["intake.feedback: 缺少 COMPLEX", "tenure: 默认包必须有此键"] == sorted(refused.value.errors)


def test_given_text_that_is_no_yaml_mapping_then_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "default.yaml").write_text("- a\n- b\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"default\.yaml"):
        pack("default", folder=tmp_path)
    (tmp_path / "default.yaml").write_text("a: [\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"default\.yaml"):
        pack("default", folder=tmp_path)


def test_given_a_setting_for_the_data_folder_then_packs_are_read_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "default.yaml").write_text(
        yaml.safe_dump(raw("default") | {"release": "9"}), encoding="utf-8"
    )
    monkeypatch.setenv("DATA_FOLDER", str(tmp_path))
    assert "default/9" == pack().version
