"""Files of an order by signed link: listed, read and brought without an account, as far as dispatch says."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from chassis.errors import NotFound
from chassis.identity import Principal
from chassis.tables import AUDIT
from contracts import samples
from services.portal.accounts.limits import LIMITS
from services.portal.uploads import keeping
from services.portal.uploads.tables import Upload
from tests.unit.portal.api.fakes import NOW, Portal
from tests.unit.portal.api.test_uploads import FINGERPRINT, PHOTO

LINK = f"/api/unit-files/{samples.TASK}/1721001600/k1-{'ab' * 32}"
FILE = {"sha256": FINGERPRINT, "kind": "PHOTO", "stage": "AFTER", "taken_at": None, "geo": None}
OPEN = {"unit": "gongdian", "number": samples.WHISTLE_NO, "taken": True, "files": [FILE]}


def noise() -> bytes:
    """A photo no reply could carry along."""
    out = BytesIO()
    Image.effect_noise((900, 900), 120).save(out, "JPEG", quality=95)
    return out.getvalue()


@pytest.fixture
def opened(portal: Portal) -> Portal:
    """Dispatch says that the link holds; one photo belongs to the order."""
    portal.peers.answers["open_file_link"] = OPEN
    with portal.store.transaction() as session:
        keeping.keep(session, Principal("u-wuqiang", "吴强"), keeping.prepared(PHOTO), NOW)
    return portal


def bring(portal: Portal, content: bytes) -> TestResponse:
    form = {"file": (BytesIO(content), "photo.jpg")}
    return portal.client.post(LINK, data=form, content_type="multipart/form-data")


def test_a_link_lists_the_files_of_the_order_and_nothing_else_of_them(opened: Portal) -> None:
    answer = opened.client.get(LINK)
    (item,) = answer.json["items"]
    assert (200, True, FINGERPRINT, f"{LINK}/{item['item']}") == (
        answer.status_code, answer.json["taken"], item["sha256"], item["href"],
    )  # fmt: skip
    assert {"item", "href", "sha256", "kind", "stage", "taken_at"} == set(item)
    asked = {"task_id": samples.TASK, "until": 1721001600, "signature": f"k1-{'ab' * 32}"}
    assert ("dispatch", asked, None) == (
        opened.peers.last.service, opened.peers.last.command, opened.peers.last.how["identity"],
    )  # fmt: skip


def test_a_file_is_read_as_the_unit_and_that_is_audited(opened: Portal) -> None:
    href = opened.client.get(LINK).json["items"][0]["href"]
    answer = opened.client.get(href)
    assert (200, PHOTO) == (answer.status_code, answer.data)
    with opened.store.transaction() as session:
        (row,) = session.execute(select(AUDIT.c.principal_id, AUDIT.c.act).where(AUDIT.c.act == "read_upload"))
    assert ("department.gongdian", "read_upload") == tuple(row)


def test_a_file_of_another_order_is_not_there(opened: Portal) -> None:
    assert 404 == opened.client.get(f"{LINK}/{'0' * 16}").status_code


def test_a_large_photo_is_brought_and_belongs_to_the_unit(opened: Portal) -> None:
    answer = bring(opened, noise())
    assert (201, True) == (answer.status_code, answer.json["size"] > 256 * 1024)
    with opened.store.transaction() as session:
        assert ["department.gongdian"] == session.get(Upload, answer.json["sha256"]).brought_by


def test_what_is_no_photo_is_refused_by_its_bytes(opened: Portal) -> None:
    assert (415, 422) == (bring(opened, b"<html>").status_code, opened.client.post(LINK).status_code)


def test_after_the_work_nothing_more_is_taken(opened: Portal) -> None:
    opened.peers.answers["open_file_link"] = {**OPEN, "taken": False}
    assert (409, 200) == (bring(opened, PHOTO).status_code, opened.client.get(LINK).status_code)


@pytest.mark.parametrize("path", [LINK, f"{LINK}/{'0' * 16}"])
def test_a_link_that_does_not_hold_is_a_plain_not_found(portal: Portal, path: str) -> None:
    portal.peers.answers["open_file_link"] = NotFound("链接不对或已过期")
    assert (404, 404) == (portal.client.get(path).status_code, bring(portal, PHOTO).status_code)
    with portal.store.transaction() as session:
        assert [] == session.scalars(select(Upload.sha256)).all()


@pytest.mark.parametrize("odd", ["x/1/y", f"{samples.TASK}/-1/{'ab' * 32}", f"{samples.TASK}/{10**30}/{'ab' * 32}"])
def test_an_address_that_is_no_link_is_a_plain_not_found(opened: Portal, odd: str) -> None:
    opened.peers.answers["open_file_link"] = NotFound("链接不对或已过期")
    assert 404 == opened.client.get(f"/api/unit-files/{odd}").status_code


def test_trying_links_from_one_address_ends_and_good_ones_do_not_count(opened: Portal) -> None:
    most = LIMITS["link_address"].times
    good: list[Any] = [opened.client.get(LINK).status_code for _ in range(3)]
    opened.peers.answers["open_file_link"] = NotFound("链接不对或已过期")
    wrong = [opened.client.get(LINK).status_code for _ in range(most + 1)]
    assert ([200] * 3, {404}, 429) == (good, set(wrong[:-1]), wrong[-1])
