"""Consumers in three languages, each written from the contract alone, sign, report in and finish A4's whistle."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ops.waiting import wait_until
from ops.world import REPOSITORY
from tests.integration.departments.plug import Plug
from tests.integration.departments.whistling import lamp_pole, reaches
from tests.stories.sql import rows

pytestmark = pytest.mark.integration
KIT = REPOSITORY / "kit"


def python(_: Path) -> tuple[list[str], dict[str, str]]:
    return [sys.executable, str(KIT / "python" / "example.py")], {"PYTHONPATH": str(KIT / "python")}


def node(folder: Path) -> tuple[list[str], dict[str, str]]:
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not installed: the Node consumer was NOT tested")
    place = folder / "node"
    shutil.copytree(KIT / "node", place, ignore=shutil.ignore_patterns("node_modules"))
    got = subprocess.run(["npm", "ci", "--silent"], cwd=place, capture_output=True, text=True, check=False)
    assert 0 == got.returncode, got.stderr
    return ["node", str(place / "example.js")], {}


def ruby(_: Path) -> tuple[list[str], dict[str, str]]:
    if not shutil.which("ruby") or subprocess.run(["ruby", "-e", "require 'bunny'"], capture_output=True).returncode:
        pytest.skip("ruby with bunny (Debian: ruby-bunny) is not installed: the Ruby consumer was NOT tested")
    return ["ruby", str(KIT / "ruby" / "example.rb")], {}


Start = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture(scope="module", params=[python, node, ruby], ids=lambda language: language.__name__)
def start(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts a consumer of one language with the address given; ends it at the end."""
    folder = tmp_path_factory.mktemp(request.param.__name__)
    command, more = request.param(folder)
    running: list[subprocess.Popen[bytes]] = []

    def begin(uri: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **more, "SHAODAO_AMQP_URI": uri, "SHAODAO_DRILL": "1"}
        log = (folder / "log").open("ab")
        running.append(subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT))
        return running[-1]

    yield begin
    for process in running:
        process.kill()
        process.wait()
    print((folder / "log").read_text(encoding="utf8")[-4000:])


@pytest.fixture
def consumer(start: Start, power: Plug) -> Iterator[subprocess.Popen[bytes]]:
    process = start(power.uri)
    yield process
    process.terminate()
    process.wait(20)


def test_given_a_4_s_whistle_when_the_consumer_gets_it_then_it_is_signed_reported_in_and_finished(story, consumer):
    task_id = lamp_pole(story)
    done = reaches(story, task_id, "FINISHED")
    assert ("吴强", "PLACE", "演练完成", []) == (
        done["receiver"]["name"], done["mode"], done["result_text"], done["notes"],
    )  # fmt: skip
    consumer.terminate()
    assert 0 == consumer.wait(20)


def test_given_a_consumer_killed_while_whistles_come_when_it_starts_again_then_each_task_is_finished_once(
    story, start, power, district
):
    first = start(power.uri)
    tasks = [lamp_pole(story) for _ in range(3)]
    first.kill()
    first.wait()
    tasks += [lamp_pole(story)]
    second = start(power.uri)
    for task_id in tasks:
        reaches(story, task_id, "FINISHED")
    second.terminate()
    assert 0 == second.wait(20)
    refused = rows(district, "dispatch", "select code, detail from department_reply where outcome = 'REFUSED'")
    assert [] == refused


def test_given_a_connection_that_is_cut_when_a_whistle_comes_then_the_consumer_comes_back(
    story, consumer, power, district
):
    from ops import department_broker, rabbitmq_api

    consuming = lambda: department_broker.queues(district)["gongdian"].get("consumers")  # noqa: E731
    wait_until(consuming, seconds=60, what="the consumer listening")
    rabbitmq_api.call(district, "DELETE", "connections/username/department.gongdian")
    assert "演练完成" == reaches(story, lamp_pole(story), "FINISHED")["result_text"]
