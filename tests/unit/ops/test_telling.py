"""What the commands tell: tables whose ids can be copied, where the demo's cases are, what there is to run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console
from rich.table import Table

from ops import demo, department_sheet, listing, logs, preparing, status
from ops.narrator import Narrator
from ops.world import REPOSITORY, World

ID = "01a202d6-2c28-7c41-9256-513284f0c5fb"


@pytest.mark.parametrize("columns", ["60", "200"])
def test_given_an_id_when_the_terminal_is_narrow_then_it_stands_whole_on_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    listing.show(deliveries(), "nothing")
    said = capsys.readouterr().out
    assert (1, 9) == (said.count(ID), said.count("answer") - 1)


def test_given_a_pipe_when_shown_then_a_row_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    listing.show(deliveries(), "nothing")
    assert 2 == len(capsys.readouterr().out.splitlines())


def deliveries() -> Table:
    shown = listing.table("unit", "delivery", "answer", whole=["delivery"])
    shown.add_row("lijingjie-sifasuo", ID, "a long answer " * 9)
    return shown


def test_given_no_rows_when_shown_then_the_sentence_stands_instead(capsys: pytest.CaptureFixture[str]) -> None:
    listing.show(listing.table("a"), "nothing [here]")
    assert "nothing [here]\n" == capsys.readouterr().out


def test_given_five_digit_pids_when_status_is_shown_then_eighty_signs_are_enough() -> None:
    shown = listing.table(*status.COLUMNS)
    shown.add_row("portal-readmodel", "12345", "10:33", "0", "yes", "0", "1", "0", "0")
    assert 80 >= Console(width=200).measure(shown).maximum


def test_given_the_brokers_own_upgrade_log_when_logs_are_listed_then_it_is_not_among_them(world: World) -> None:
    for name in ("intake", "shaodao-x@localhost_upgrade"):
        (world.logs / f"{name}.log").touch()
    assert ["intake"] == [path.stem for path in logs.files(world, None)]


def test_given_a_migration_when_told_then_the_line_says_whether_it_did_something() -> None:
    assert "0003 (was 0002)" == preparing.told("0002", "0003")
    assert "0003, nothing to do" == preparing.told("0003", "0003")


def test_given_told_cases_when_the_demo_ends_then_it_says_where_they_are_and_who_may_read_them() -> None:
    cases = [("A4 洪北社区的路灯杆", "Y1", "李利"), ("A1 陈阿姨家污水倒灌", "S2", "社区")]
    said = "\n".join(demo.farewell("http://portal", cases))
    wanted = ("http://portal/cases/Y1", "log in as lili", "http://portal/cases/S2", "log in as wangfang",
              "shaodao-demo", "http://portal/public", "number S2, telephone ends in 0101", "make down")  # fmt: skip
    assert [] == [words for words in wanted if words not in said]


@pytest.mark.rule("43")
def test_given_a_story_that_failed_when_the_demo_ends_then_it_says_so_and_where_to_look(world: World) -> None:
    said = "\n".join(demo.apology(world))
    wanted = ("Not all went well", str(world.logs), "status", "make down")
    assert [] == [words for words in wanted if words not in said]
    assert "cases are closed" not in said


@pytest.mark.rule("49")
def test_given_the_demo_s_end_then_it_says_how_to_come_back_with_the_data() -> None:
    assert "SHAODAO_WORLD=demo .venv/bin/shaodao up" in demo.farewell("http://portal", [])[-1]


@pytest.mark.rule("49")
@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_given_a_machine_of_any_zone_when_a_moment_is_told_then_it_is_beijing_time(
    monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    moment = datetime(2026, 7, 5, 20, 30, 15, tzinfo=UTC)
    assert "07-06 04:30:15" == listing.moment(moment)
    assert "04:30" == status.since(moment.timestamp(), now=moment)
    assert "07-06" == status.since(moment.timestamp(), now=moment + timedelta(days=1))


def test_given_a_story_when_it_has_ended_then_the_narrator_keeps_its_number() -> None:
    narrator = Narrator(Console(quiet=True))
    for number in ("Y1", ""):
        story = SimpleNamespace(number=number, reader="李利")
        request = SimpleNamespace(getfixturevalue=lambda _, story=story: story)
        narrator.pytest_bdd_after_scenario(request, SimpleNamespace(name="路灯杆"), None)
    assert [("路灯杆", "Y1", "李利")] == narrator.cases


def test_given_stories_of_several_days_when_collected_then_they_are_told_as_time_goes_forward(tmp_path: Path) -> None:
    (tmp_path / "features").mkdir()
    for name, day, title in (
        ("a", "2024年7月5日9点10分", "从一个电话，到办结"),
        ("b", "2024年7月3日18点20分", "秒速服务"),
    ):
        words = f"功能: {name}\n  背景:\n    假如 今天是{day}\n\n  场景: {title}\n"
        (tmp_path / "features" / f"{name}.feature").write_text(words, "utf8")
    items = [
        SimpleNamespace(path=tmp_path / "test_x.py", name=f"test_{name}") for name in ("从一个电话到办结", "秒速服务")
    ]
    Narrator(Console(quiet=True)).pytest_collection_modifyitems(items)
    assert ["test_秒速服务", "test_从一个电话到办结"] == [item.name for item in items]


def test_given_the_welcome_sheet_when_read_then_its_steps_agree_that_a_drill_needs_the_variable(world: World) -> None:
    path = department_sheet.write(world, "gongdian", "供电公司", "secret")
    steps = path.read_text(encoding="utf8").partition("## 第一步")[2].partition("## 须知")[0]
    assert "SHAODAO_DRILL=1 python kit/python/example.py" in steps
    assert "十五分钟" not in steps


@pytest.mark.parametrize("module", ["bench", "tests.chaos"])
@pytest.mark.parametrize("word", ["nosuchword", "--help"])
def test_given_a_word_nothing_is_named_by_when_typed_then_what_there_is_is_listed_and_nothing_started(
    module: str, word: str, tmp_path: Path
) -> None:
    environment = {**os.environ, "SHAODAO_RUN_DIR": str(tmp_path)}
    command = [sys.executable, "-m", module, word]
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    assert 2 == done.returncode
    assert "usage: python -m " in done.stdout + done.stderr
    assert [] == list(tmp_path.iterdir())


def test_given_no_venv_when_make_down_is_typed_then_nothing_is_installed(tmp_path: Path) -> None:
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    (tmp_path / ".run" / "demo").mkdir(parents=True)
    (tmp_path / ".run" / "demo" / "settings.json").touch()
    done = subprocess.run(["make", "down"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (0, False) == (done.returncode, (tmp_path / ".venv").exists())
