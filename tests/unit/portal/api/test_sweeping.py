"""Erased matters lose their files; one that another matter shows stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.identity import Principal
from services.portal.uploads import keeping, sweeping
from services.portal.uploads.outside import Folder
from services.portal.uploads.tables import Upload
from tests.unit.portal.api.fakes import NOW, Portal
from tests.unit.portal.api.test_uploads import FINGERPRINT, PHOTO, send

OTHER = "S20240709640100025"
NUMBER = "S20240709640100017"


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
