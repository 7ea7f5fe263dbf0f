"""The files in the repository are what the code would write."""

import json
from pathlib import Path

import pytest

from contracts import files, jsonschema
from contracts.__main__ import main


def test_nothing_has_drifted() -> None:
    assert files.drift() == []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files.write(tmp_path)
    files.write_release("1", tmp_path)
    return tmp_path


def test_check_passes_after_generate(root: Path) -> None:
    assert main(["--root", str(root), "generate"]) == 0
    assert main(["--root", str(root), "check"]) == 0


def test_check_shows_a_drifted_file(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "deploy/rabbitmq/definitions.json"
    path.write_text(path.read_text("utf-8").replace('"portal.inbox"', '"portal.outbox"'), "utf-8")
    assert main(["--root", str(root), "check"]) == 1
    shown = capsys.readouterr().err
    assert '-      "name": "portal.outbox"' in shown
    assert '+      "name": "portal.inbox"' in shown


def test_check_names_missing_files(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "contracts/asyncapi.yaml").unlink()
    assert main(["--root", str(root), "check"]) == 1
    shown = capsys.readouterr().err
    assert "contracts/asyncapi.yaml: missing" in shown


def test_schemas_are_written_for_readers_of_a_release(tmp_path: Path) -> None:
    assert main(["schemas", str(tmp_path)]) == 0
    written = {kind: {path.stem for path in (tmp_path / kind).iterdir()} for kind in jsonschema.everything()}
    assert written == {kind: set(found) for kind, found in jsonschema.everything().items()}


def test_check_and_release_refuse_an_incompatible_change(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / files.RELEASED
    last = json.loads(path.read_text("utf-8"))
    last["schemas"]["events"]["cn.shaodao.intake.appeal_signed.v1"]["properties"]["old"] = {"type": "string"}
    path.write_text(json.dumps(last), "utf-8")
    assert main(["--root", str(root), "check"]) == 1
    assert "appeal_signed.v1.old: field removed" in capsys.readouterr().err
    assert main(["--root", str(root), "release", "2"]) == 1
    assert json.loads(path.read_text("utf-8"))["release"] == "1"


def test_release_freezes(root: Path) -> None:
    assert main(["--root", str(root), "release", "2"]) == 0
    assert files.released(root)["release"] == "2"


def test_nothing_generated_holds_a_secret() -> None:
    text = (files.ROOT / "deploy/rabbitmq/definitions.json").read_text("utf-8")
    assert "password" not in text
    assert "guest" not in text
