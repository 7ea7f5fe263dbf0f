"""Every field that names a file is looked at, in every command there is: found in the schemas, not in a list."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.errors import Forbidden, Invalid
from chassis.identity import Principal
from contracts import jsonschema, registry
from contracts.portal.files import KeepFiles
from contracts.tokens import SHA256_PATTERN
from services.portal.uploads import keeping, sent_along
from services.portal.uploads.naming import named_in, naming
from services.portal.uploads.tables import Upload
from tests.unit.portal.api.fakes import Portal
from tests.unit.portal.api.test_uploads import FINGERPRINT, PHOTO, send

pytestmark = pytest.mark.rule("6")
NOW = datetime(2024, 7, 5, 1, 0, tzinfo=UTC)
ABSENT = "ef" * 32


def holds_fingerprint(schema: Any) -> bool:
    if isinstance(schema, dict):
        return schema.get("pattern") == SHA256_PATTERN or any(map(holds_fingerprint, schema.values()))
    return isinstance(schema, list) and any(map(holds_fingerprint, schema))


def published(command: Any) -> set[str]:
    """By the published schema: an independent way to find them."""
    return {name for name, part in jsonschema.shape_of(command)["properties"].items() if holds_fingerprint(part)}


COMMANDS = [command for command in registry.COMMANDS.values() if published(command)]


def unproved(value: Any) -> Any:
    """The example with every fingerprint replaced by one of a file nobody uploaded."""
    if isinstance(value, dict):
        return {key: unproved(below) for key, below in value.items()}
    if isinstance(value, list):
        return [unproved(below) for below in value]
    return ABSENT if isinstance(value, str) and len(value) == 64 else value


def test_given_all_commands_when_walked_then_the_fields_are_those_of_the_published_schemas() -> None:
    differ = [one for one in registry.COMMANDS.values() if set(naming(one)) != published(one)]
    assert ([], True) == (differ, "SignAgreement" in {command.__name__ for command in COMMANDS})


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_given_a_file_nobody_uploaded_when_named_in_any_command_then_it_is_refused_by_field(
    portal: Portal, command: Any
) -> None:
    values = unproved(command.example)
    filled = {name for name in published(command) if ABSENT in str(values.get(name))}
    named = {name: found for name, found in named_in(command, values).items() if found}
    with portal.store.transaction() as session, pytest.raises(Invalid) as refused:
        keeping.require_kept(session, Principal.service("dispatch"), named)
    assert filled == set(refused.value.details["fields"])


def test_given_a_scan_nobody_uploaded_when_an_agreement_is_signed_by_http_then_it_is_refused(
    portal: Portal, program: dict[str, str]
) -> None:
    command = registry.command("mediation", "sign_agreement")
    body = {key: value for key, value in command.example.items() if key not in ("agreement_id", "expected_version")}
    path = f"/api/agreements/{command.example['agreement_id']}/signatures"
    answer = portal.client.post(path, json={**body, "scan_sha256": ABSENT}, headers=program)
    assert (422, ["scan_sha256"], []) == (answer.status_code, list(answer.json["errors"]), portal.peers.calls)


def kept(portal: Portal, *files: dict[str, Any], who: Principal | None = None) -> list[dict[str, Any]]:
    command = KeepFiles().load({"by": "department.gongdian", "files": list(files)})
    with portal.store.transaction() as session:
        answer = sent_along.keep_files(session, who or Principal.service("dispatch"), command, NOW)
    return list(KeepFiles.answer().dump(answer)["files"])


def test_given_a_file_sent_along_when_kept_then_it_is_there_and_the_department_brought_it(portal: Portal) -> None:
    (one,) = kept(portal, {"sha256": FINGERPRINT, "content": base64.b64encode(PHOTO).decode()})
    assert (True, None) == (bool(one["kept_as"]), one["problem"])
    with portal.store.transaction() as session:
        assert ["department.gongdian"] == session.get_one(Upload, one["kept_as"]).brought_by


def test_given_a_file_uploaded_before_when_looked_for_then_it_is_there_and_another_is_not(
    portal: Portal, program: dict[str, str]
) -> None:
    sha256 = send(portal, program, PHOTO).json["sha256"]
    answers = kept(portal, {"sha256": sha256}, {"sha256": ABSENT})
    assert [(sha256, None), (None, keeping.NOT_KEPT)] == [(each["kept_as"], each["problem"]) for each in answers]


@pytest.mark.parametrize(
    ("content", "named", "problem"),
    [
        (b"plain words", None, "文件类型不对"),
        (PHOTO, ABSENT, sent_along.OTHER_CONTENT),
        (b"", None, "文件是空的"),
    ],
)
def test_given_a_file_that_is_none_when_sent_along_then_the_answer_says_why(
    portal: Portal, content: bytes, named: str | None, problem: str
) -> None:
    sha256 = named or hashlib.sha256(content).hexdigest()
    command = {
        "sender": "department.gongdian",
        "case_number": None,
        "files": [{"sha256": sha256, "content": base64.b64encode(content).decode()}],
    }
    with portal.store.transaction() as session:
        (answer,) = sent_along.keep_files(session, Principal.service("dispatch"), command, NOW)["files"]
    assert (None, True) == (answer["kept_as"], problem in str(answer["problem"]))


def test_given_a_person_when_asking_to_keep_files_then_it_is_forbidden(portal: Portal) -> None:
    with pytest.raises(Forbidden):
        kept(portal, {"sha256": ABSENT}, who=Principal("u-lishan", "李珊"))
