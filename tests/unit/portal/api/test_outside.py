"""Where the bytes of files lie: the portal's own store, a folder, or a bucket of a real S3 server."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.errors import Unavailable
from chassis.settings import MissingSetting
from ops.ports import any_free, is_open
from ops.waiting import wait_until
from services.portal.uploads import outside as stores
from services.portal.uploads.outside import Folder, Outside
from services.portal.uploads.tables import Upload
from tests.unit.portal.api.fakes import Portal
from tests.unit.portal.api.test_uploads import FINGERPRINT, PHOTO, send

CONTENT = b"%PDF-1.7 \x00\xff"
SHA = hashlib.sha256(CONTENT).hexdigest()
LOGIN = {"S3_ACCESS_KEY": "testing", "S3_SECRET_KEY": "testing"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of its own process, as any other S3: moto's."""
    pytest.importorskip("moto")
    pytest.importorskip("minio")
    port = any_free()
    run = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(run, **quiet, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    try:
        wait_until(lambda: is_open(port), seconds=60, what="the S3 server")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path: Path) -> Outside:
    if request.param == "folder":
        return Folder(tmp_path)
    from services.portal.uploads.bucket import Bucket

    bucket = Bucket("uploads", request.getfixturevalue("server"), "testing", "testing")
    if not bucket.client.bucket_exists("uploads"):
        bucket.client.make_bucket("uploads")
    return bucket


def test_given_a_file_when_put_twice_then_it_is_there_once_and_whole(store: Outside) -> None:
    store.put(SHA, CONTENT)
    store.put(SHA, CONTENT)
    assert CONTENT == store.get(SHA)


def test_given_a_file_when_deleted_twice_then_it_is_gone(store: Outside) -> None:
    store.put(SHA, CONTENT)
    store.delete(SHA)
    store.delete(SHA)
    assert None is store.get(SHA)


def test_given_no_server_when_asked_then_it_is_unavailable_and_not_a_fault() -> None:
    pytest.importorskip("minio")
    from services.portal.uploads.bucket import Bucket

    with pytest.raises(Unavailable):
        Bucket("uploads", f"http://127.0.0.1:{any_free()}", "testing", "testing").get(SHA)


@pytest.mark.parametrize("where", ["ftp:somewhere", "folder:", "s3:"])
def test_given_a_setting_that_names_no_store_when_read_then_it_says_so(monkeypatch, where: str) -> None:
    monkeypatch.setenv("UPLOADS", where)
    with pytest.raises(MissingSetting, match="UPLOADS"):
        stores.outside()


def test_given_a_folder_when_a_photo_is_kept_then_its_bytes_lie_there_and_are_read_back(
    portal: Portal, program: dict[str, str], monkeypatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("UPLOADS", f"folder:{tmp_path}")
    send(portal, program, PHOTO)
    answer = portal.client.get(f"/api/uploads/{FINGERPRINT}", headers=program)
    with portal.store.transaction() as session:
        kept = session.get_one(Upload, FINGERPRINT).content
    assert (None, PHOTO, PHOTO) == (kept, Folder(tmp_path).get(FINGERPRINT), answer.data)


def test_given_files_of_before_when_a_folder_is_set_then_they_are_still_read(
    portal: Portal, program: dict[str, str], monkeypatch, tmp_path: Path
) -> None:
    send(portal, program, PHOTO)
    monkeypatch.setenv("UPLOADS", f"folder:{tmp_path}")
    assert PHOTO == portal.client.get(f"/api/uploads/{FINGERPRINT}", headers=program).data
