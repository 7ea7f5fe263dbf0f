"""The conformance check passes our three examples, and catches consumers that are wrong in a known way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.departments.test_consumers import KIT, node, python, ruby

pytestmark = pytest.mark.integration

FORGETFUL = """
from shaodao_kit import Department, MemorySeen
department = Department.from_environment(seen=MemorySeen(size=0))
import uuid
from shaodao_kit import replying
replying.Replies._id = lambda self, verb, content: str(uuid.uuid4())
@department.on_whistle
def handle(task, reply): reply.sign()
department.run()
"""
CARELESS = """
from shaodao_kit import Department, replying
def send(self, verb, data, reply_id, plain=replying.Replier.send):
    plain(self, verb, {**data, "mode": "BY_BICYCLE"} if verb == "report_in" else data, reply_id)
replying.Replier.send = send
department = Department.from_environment()
@department.on_whistle
def handle(task, reply): reply.report_in(); reply.sign()
department.run()
"""
ONE_ID = """
import uuid
from shaodao_kit import Department, replying
replying.Replies._id = lambda self, verb, content: str(uuid.uuid5(uuid.NAMESPACE_OID, content["task_id"]))
department = Department.from_environment()
@department.on_whistle
def handle(task, reply): reply.sign(); reply.report_in()
department.run()
"""
FIRST_EDITION = """
from shaodao_kit import Department
department = Department.from_environment()
@department.on_whistle
def handle(task, reply): reply.sign(); reply.report_in(); reply.finish("好了", [{"sha256": "ab" * 32, "kind": "PHOTO"}])
department.run()
"""
HASTY = """
from shaodao_kit import Department
department = Department.from_environment()
@department.on_whistle
def handle(task, reply):
    reply.sign()
    reply.report_in()
    reply.appeal_rating("还没有赋分")
    if task.parts:
        reply.tick_parts([1], [PHOTO])
        reply.tick_parts([1, 9], [PHOTO])
        reply.finish("好了", [PHOTO])
PHOTO = {"sha256": "ab" * 32, "kind": "PHOTO", "stage": "AFTER"}
department.run()
"""
DEAF = """
from shaodao_kit import Department
department = Department.from_environment()
@department.on_whistle
def handle(task, reply): pass
department.run()
"""


def check(folder: Path, command: list[str], more: dict[str, str]) -> tuple[int, str]:
    environment = {**os.environ, "PYTHONPATH": str(KIT / "python"), **more, "SHAODAO_DRILL": "1"}
    argv = [sys.executable, "-m", "shaodao_kit.conformance", "--unit", "gongdian", "--patience", "6", "--", *command]
    done = subprocess.run(argv, env=environment, cwd=folder, capture_output=True, timeout=280)
    return done.returncode, (done.stdout + done.stderr).decode("utf8", errors="replace")


@pytest.mark.parametrize("language", [python, node, ruby], ids=lambda each: each.__name__)
def test_given_an_example_of_the_kit_when_checked_then_it_passes(tmp_path, language):
    status, told = check(tmp_path, *language(tmp_path))
    assert 0 == status, told
    assert (23, 3) == (told.count("通过 pass"), told.count("未用 not used")), told


def test_given_a_consumer_that_knows_none_of_the_new_verbs_when_checked_then_it_passes_and_is_told_so(tmp_path):
    (tmp_path / "first.py").write_text(FIRST_EDITION)
    status, told = check(tmp_path, [sys.executable, "first.py"], {})
    assert (0, 22, 4) == (status, told.count("通过 pass"), told.count("未用 not used")), told


@pytest.mark.parametrize(
    ("program", "caught"),
    [
        (FORGETFUL, ["签收了 2 次"]),
        (CARELESS, ["not one of PLACE", "report_in 早于 sign"]),
        (DEAF, ["没有签收"]),
        (HASTY, ["没有这几处或已销", "处就办结", "还没有赋分就申诉"]),
        pytest.param(ONE_ID, ["用了同一 id"], marks=pytest.mark.rule("40")),
    ],
    ids=["forgets what it handled", "breaks the contract", "never signs", "hasty with the new verbs", "one id for all"],
)
def test_given_a_consumer_that_is_wrong_when_checked_then_it_says_what_and_fails(tmp_path, program, caught):
    (tmp_path / "wrong.py").write_text(program)
    status, told = check(tmp_path, [sys.executable, "wrong.py"], {})
    assert (1, []) == (status, [words for words in caught if words not in told]), told


@pytest.mark.parametrize(("program", "said"), [("false", "程序已退出"), ("no-such-program", "无法检查")])
def test_given_a_program_that_never_listens_when_checked_then_the_check_itself_says_so(tmp_path, program, said):
    status, told = check(tmp_path, [program], {})
    assert (2, True) == (status, said in told), told
