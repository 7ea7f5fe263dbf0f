"""Erased matters lose their files; one that another matter shows stays."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from chassis.identity import Principal
from contracts import registry, samples
from contracts.portal.files import KeepFiles
from services.portal.uploads import keeping, sent_along, sweeping
from services.portal.uploads.outside import Folder
from services.portal.uploads.tables import Upload
from tests.unit.portal.api.fakes import APPEAL, NOW, Portal
from tests.unit.portal.api.test_uploads import FINGERPRINT, PHOTO, send

OTHER = "S20240709640100025"
NUMBER = samples.APPEAL_NO


def used(portal: Portal, *numbers: str) -> None:
    with portal.store.transaction() as session:
        for number in numbers:
            keeping.attach(session, {"attachments": {FINGERPRINT}}, number, NOW)


def erased(portal: Portal, *numbers: str) -> int:
    with portal.store.transaction() as session:
        return sweeping.forget(session, numbers, NOW)


def swept(portal: Portal) -> bool:
    """Whether the file is still there after the sweep."""
    with portal.store.transaction() as session:
        sweeping.sweep(session, Principal.service("portal"), NOW)
    with portal.store.transaction() as session:
        return session.get(Upload, FINGERPRINT) is not None


@pytest.mark.parametrize(("of", "gone", "left"), [((NUMBER,), 1, False), ((NUMBER, OTHER), 0, True)])
def test_given_an_erased_matter_when_swept_then_its_file_goes_unless_another_shows_it(
    portal: Portal, program: dict[str, str], of: tuple[str, ...], gone: int, left: bool
) -> None:
    send(portal, program, PHOTO)
    used(portal, *of)
    assert (gone, left) == (erased(portal, NUMBER), swept(portal))


def test_given_a_file_a_program_sent_along_when_its_case_is_erased_then_it_goes(portal: Portal) -> None:
    files = [{"sha256": FINGERPRINT, "content": base64.b64encode(PHOTO).decode()}]
    asked = KeepFiles().load({"by": "department.gongdian", "case_number": NUMBER, "files": files})
    with portal.store.transaction() as session:
        sent_along.keep_files(session, Principal.service("dispatch"), asked, NOW)
    assert (1, False) == (erased(portal, NUMBER), swept(portal))


def test_given_proof_at_the_desk_when_the_case_of_its_task_is_erased_then_it_goes(
    portal: Portal, program: dict[str, str]
) -> None:
    send(portal, program, PHOTO)
    finish = registry.command("dispatch", "finish_task")
    proof = [{"sha256": FINGERPRINT, "kind": "PHOTO", "stage": "AFTER"}]
    portal.peers.answers["finish_task"] = {**APPEAL, "number": None, "case_number": NUMBER}
    path = f"/api/tasks/{finish.example['task_id']}/completion"
    done = portal.client.post(path, json={"result_text": "已修复", "evidence": proof}, headers=program)
    assert (200, 1, False) == (done.status_code, erased(portal, NUMBER), swept(portal))


def test_given_a_file_outside_when_swept_then_its_bytes_go_too(
    portal: Portal, program: dict[str, str], monkeypatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("UPLOADS", f"folder:{tmp_path}")
    send(portal, program, PHOTO)
    used(portal, NUMBER)
    assert (1, False, None) == (erased(portal, NUMBER), swept(portal), Folder(tmp_path).get(FINGERPRINT))


def test_given_a_file_about_to_go_when_brought_again_then_it_stays(portal: Portal, program: dict[str, str]) -> None:
    send(portal, program, PHOTO)
    used(portal, NUMBER)
    erased(portal, NUMBER)
    send(portal, program, PHOTO)
    assert swept(portal)
    assert PHOTO == portal.client.get(f"/api/uploads/{FINGERPRINT}", headers=program).data
