"""Attachments."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from chassis.errors import Forbidden, NotFound
from chassis.tables import AUDIT
from contracts import samples
from services.portal.api.files import item_of
from services.portal.uploads.kinds import sniff
from services.portal.uploads.tables import Upload
from tests.unit.portal.api.fakes import Portal
from tests.unit.portal.api.pictures import picture

PHOTO = picture("JPEG")
FINGERPRINT = hashlib.sha256(PHOTO).hexdigest()
NUMBER = samples.APPEAL_NO
ITEM = f"/api/matters/{NUMBER}/attachments/{item_of(NUMBER, FINGERPRINT)}"


def send(portal: Portal, headers: dict[str, str], content: bytes, name: str = "photo.jpg") -> TestResponse:
    form = {"file": (BytesIO(content), name)}
    return portal.client.post("/api/uploads", data=form, headers=headers, content_type="multipart/form-data")


def test_a_file_is_named_by_its_content(portal: Portal, program: dict[str, str]) -> None:
    # When
    answer = send(portal, program, PHOTO)
    # Then
    assert {"sha256": FINGERPRINT, "size": len(PHOTO), "media_type": "image/jpeg"} == answer.json
    assert (201, f"/api/uploads/{FINGERPRINT}") == (answer.status_code, answer.headers["Location"])


def test_the_same_file_is_kept_once(portal: Portal, program: dict[str, str]) -> None:
    # Given
    send(portal, program, PHOTO)
    # When
    again = send(portal, program, PHOTO)
    # Then
    with portal.store.transaction() as session:
        assert (201, 1) == (again.status_code, session.scalar(select(func.count()).select_from(Upload)))


def test_what_a_file_is_is_told_by_its_bytes(portal: Portal, program: dict[str, str]) -> None:
    # When
    answer = send(portal, program, b"<html><script>alert(1)</script>", "photo.jpg")
    # Then
    assert (415, "unsupported_media_type") == (answer.status_code, answer.json["code"])


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", "audio/wav"),
        (b"XXXX\x00\x00\x00\x00WAVE", None),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"),
        (b"%PDF-1.7", "application/pdf"),
        (b"#!AMR\n", "audio/amr"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isomiso2", "video/mp4"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", "video/quicktime"),
        (b"<svg xmlns", None),
        (b"MZ\x90", None),
    ],
)
def test_marks(head: bytes, expected: str | None) -> None:
    assert expected == sniff(head + b"\x00" * 20)


def test_a_file_over_eight_megabytes_is_refused(portal: Portal, program: dict[str, str]) -> None:
    # When
    answer = send(portal, program, PHOTO + b"\x00" * 8 * 1024 * 1024)
    # Then
    assert (413, "too_large") == (answer.status_code, answer.json["code"])


def test_a_photo_over_a_megabyte_is_taken(portal: Portal, program: dict[str, str]) -> None:
    assert 201 == send(portal, program, PHOTO + b"\x00" * 2 * 1024 * 1024).status_code


@pytest.mark.parametrize(("content", "status"), [(b"", 422), (b"\xff\xd8", 415), (PHOTO[:90], 422)])
def test_what_is_hardly_a_file_is_refused(portal: Portal, program: dict[str, str], content: bytes, status: int) -> None:
    assert status == send(portal, program, content).status_code


def test_a_form_without_a_file_is_refused(portal: Portal, program: dict[str, str]) -> None:
    answer = portal.client.post("/api/uploads", data={"x": "y"}, headers=program)
    assert (422, ["file"]) == (answer.status_code, list(answer.json["errors"]))


def test_nobody_uploads_without_a_session(portal: Portal) -> None:
    assert 401 == send(portal, {}, PHOTO).status_code


def test_every_reading_leaves_a_trace(portal: Portal, program: dict[str, str]) -> None:
    # Given
    send(portal, program, PHOTO)
    # When
    answer = portal.client.get(f"/api/uploads/{FINGERPRINT}", headers=program)
    # Then
    assert (200, "image/jpeg", PHOTO) == (answer.status_code, answer.content_type, answer.data)
    with portal.store.transaction() as session:
        row = session.execute(select(AUDIT)).one()
    assert ("u-lishan", "read_upload", FINGERPRINT) == (row.principal_id, row.act, row.subject)


def test_what_is_handed_out_cannot_run(portal: Portal, program: dict[str, str]) -> None:
    # Given
    send(portal, program, PHOTO)
    # When
    headers = portal.client.get(f"/api/uploads/{FINGERPRINT}", headers=program).headers
    # Then
    assert ("default-src 'none'; sandbox", "nosniff") == (
        headers["Content-Security-Policy"], headers["X-Content-Type-Options"],
    )  # fmt: skip


@pytest.mark.rule("4")
def test_a_fingerprint_alone_is_no_right(portal: Portal, program: dict[str, str]) -> None:
    # Given
    send(portal, program, PHOTO)
    others = [("admin", "person"), ("chenguilan", "resident")]
    # When
    answers = []
    for name, kind in others:
        portal.account(name, kind=kind)
        answers.append(portal.client.get(f"/api/uploads/{FINGERPRINT}", headers=portal.bearer(name)).status_code)
    # Then
    assert [404, 404] == answers


@pytest.mark.rule("4")
@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ({"attachments": [{"sha256": FINGERPRINT}]}, 200),
        ({"handling": [{"attachments": [{"sha256": FINGERPRINT}]}]}, 200),
        ({"attachments": []}, 404),
        (NotFound("没有找到这个编号"), 404),
        (Forbidden("无权"), 404),
    ],
)
def test_a_file_is_read_by_whom_the_service_shows_it(
    portal: Portal, program: dict[str, str], view: Any, expected: int
) -> None:
    # Given
    send(portal, program, PHOTO)
    portal.account("liuwei")
    portal.peers.answers["get_appeal"] = view
    # When
    answer = portal.client.get(ITEM, headers=portal.bearer("liuwei"))
    # Then
    assert (expected, ("get_appeal", {"number": NUMBER})) == (
        answer.status_code, (portal.peers.last.method, portal.peers.last.command),
    )  # fmt: skip


@pytest.mark.rule("4")
def test_the_uploader_reads_her_own_until_it_is_attached(portal: Portal, program: dict[str, str]) -> None:
    # Given
    send(portal, program, PHOTO)
    portal.peers.answers["get_appeal"] = NotFound("没有找到这个编号")
    before = portal.client.get(f"/api/uploads/{FINGERPRINT}", headers=program).status_code
    # When
    body = {"result_kind": "SOLVED", "result_text": "已修好", "attachments": [{"sha256": FINGERPRINT, "kind": "PHOTO"}]}
    portal.client.post(f"/api/appeals/{NUMBER}/results", json=body, headers=program)
    # Then
    after = portal.client.get(ITEM, headers=program).status_code
    assert [200, 404] == [before, after]


@pytest.mark.rule("4")
def test_nobody_names_a_file_that_only_others_brought(portal: Portal, program: dict[str, str]) -> None:
    # Given
    send(portal, program, PHOTO)
    portal.account("liuwei")
    other = portal.bearer("liuwei")
    body = {"result_kind": "SOLVED", "result_text": "已修好", "attachments": [{"sha256": FINGERPRINT, "kind": "PHOTO"}]}
    # When
    before = portal.client.post(f"/api/appeals/{NUMBER}/results", json=body, headers=other).status_code
    send(portal, other, PHOTO)
    after = portal.client.post(f"/api/appeals/{NUMBER}/results", json=body, headers=other).status_code
    # Then
    assert [422, 200] == [before, after]


def test_a_resident_reads_only_the_own_files(portal: Portal, program: dict[str, str]) -> None:
    # Given
    send(portal, program, PHOTO)
    portal.account("chenguilan", kind="resident")
    resident = portal.bearer("chenguilan")
    own = send(portal, resident, picture("PNG", colour=(9, 9, 9))).json["sha256"]
    # When
    answers = [portal.client.get(f"/api/uploads/{one}", headers=resident).status_code for one in (FINGERPRINT, own)]
    # Then
    assert [404, 200] == answers


@pytest.mark.parametrize(("named", "expected"), [([FINGERPRINT], None), ([FINGERPRINT, "ab" * 32], ["attachments"])])
def test_given_files_named_as_proof_when_sent_then_each_must_have_been_uploaded(
    portal: Portal, program: dict[str, str], named: list[str], expected: list[str] | None
) -> None:
    # Given
    send(portal, program, PHOTO)
    # When
    files = [{"sha256": one, "kind": "PHOTO"} for one in named]
    body = {"result_kind": "SOLVED", "result_text": "已修好", "attachments": files}
    answer = portal.client.post(f"/api/appeals/{NUMBER}/results", json=body, headers=program)
    # Then
    refused = list(answer.json["errors"]) if answer.status_code == 422 else None
    assert (expected, expected is None) == (refused, bool(portal.peers.calls))


@pytest.mark.rule("4")
def test_given_the_fingerprint_of_an_attached_file_when_asked_by_it_alone_then_nobody_reads_it(
    portal: Portal, program: dict[str, str]
) -> None:
    # Given
    send(portal, program, PHOTO)
    portal.peers.answers["get_appeal"] = {"attachments": [{"sha256": FINGERPRINT, "kind": "PHOTO"}]}
    body = {"result_kind": "SOLVED", "result_text": "已修好", "attachments": [{"sha256": FINGERPRINT, "kind": "PHOTO"}]}
    portal.client.post(f"/api/appeals/{NUMBER}/results", json=body, headers=program)
    # When
    asked = [f"/api/uploads/{FINGERPRINT}", ITEM.replace("attachments/", "attachments/0"), ITEM]
    answers = [portal.client.get(path, headers=program).status_code for path in asked]
    # Then
    assert [404, 404, 200] == answers


def test_given_a_matter_when_its_files_are_listed_then_each_has_an_address_of_its_own_without_fingerprint(
    portal: Portal, program: dict[str, str]
) -> None:
    # Given
    send(portal, program, PHOTO)
    shown = {"sha256": FINGERPRINT, "kind": "PHOTO", "stage": "AFTER"}
    portal.peers.answers["get_appeal"] = {"attachments": [shown], "handling": [{"attachments": [shown]}]}
    # When
    answer = portal.client.get(f"/api/matters/{NUMBER}/attachments", headers=program)
    # Then
    (item,) = answer.json["items"]
    assert (ITEM, "AFTER", False) == (item["href"], item["stage"], FINGERPRINT in answer.text)
