"""Departments in languages without a kit, each with its own client library, written from the contract alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.departments.plug import Plug
from tests.integration.departments.whistling import lamp_pole, reaches
from tests.stories.talk import Story

pytestmark = pytest.mark.integration
TONGUES = Path(__file__).with_name("tongues")
JARS = "/usr/share/java/*"
GO_SOURCES = Path("/usr/share/gocode")


def php(_: Path) -> list[str] | None:
    has = shutil.which("php") and b"amqp" in subprocess.run(["php", "-m"], capture_output=True, check=False).stdout
    return ["php", str(TONGUES / "sign.php")] if has else None


def java(folder: Path) -> list[str] | None:
    if not (shutil.which("javac") and list(Path(JARS).parent.glob("amqp-client*.jar"))):
        return None
    subprocess.run(["javac", "-cp", JARS, "-d", str(folder), str(TONGUES / "Sign.java")], check=True)
    return ["java", "-cp", f"{folder}:{JARS}", "Sign"]


def go(folder: Path) -> list[str] | None:
    if not (shutil.which("go") and (GO_SOURCES / "src" / "github.com" / "streadway" / "amqp").exists()):
        return None
    built = {**os.environ, "GO111MODULE": "off", "GOPATH": str(GO_SOURCES), "GOCACHE": str(folder / "cache")}
    subprocess.run(["go", "build", "-o", str(folder / "sign"), str(TONGUES / "sign.go")], env=built, check=True)
    return [str(folder / "sign")]


@pytest.mark.parametrize("language", [php, java, go], ids=lambda language: language.__name__)
def test_given_an_order_when_a_program_of_another_language_signs_then_the_task_is_signed_without_a_note(
    story: Story, power: Plug, tmp_path: Path, language
) -> None:
    command = language(tmp_path)
    if command is None:
        pytest.skip(f"{language.__name__} and its client are not installed: a department in it was NOT tested")
    with power.connect() as connection:
        connection.channel().queue_purge("department.gongdian")
    task_id = lamp_pole(story)
    subprocess.run(command, env={**os.environ, "SHAODAO_AMQP_URI": power.uri}, check=True, timeout=60)
    assert [] == reaches(story, task_id, "SIGNED")["notes"]
