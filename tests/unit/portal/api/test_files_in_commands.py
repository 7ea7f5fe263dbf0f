"""A command that takes the bytes of a file may be as large as its field says, and no other."""

from __future__ import annotations

import pytest

from contracts import samples
from contracts.intake.imports import UploadImport
from contracts.tokens import FileContent
from tests.unit.portal.api.fakes import Portal

VIEW = {"number": "I202407080100000017", "version": 1}


@pytest.mark.parametrize(("size", "status"), [(4, 201), (2 << 20, 201), (3 * FileContent.most, 413)])
def test_given_a_file_in_a_command_when_sent_then_the_limit_is_that_of_the_field(
    portal: Portal, program: dict[str, str], size: int, status: int
) -> None:
    portal.peers.answers["upload_import"] = VIEW
    body = {"content": "A" * size, "area_path": samples.COMMUNITY}
    assert status == portal.client.post("/api/imports", json=body, headers=program).status_code


@pytest.mark.parametrize(
    ("content", "words"), [("ä", "Base64"), ("A" * (FileContent.most * 4 // 3 + 8), "11 MB"), (None, "空")]
)
def test_given_what_is_no_file_when_loaded_then_it_is_refused_by_field(content: str | None, words: str) -> None:
    told = UploadImport().validate({"content": content, "area_path": samples.COMMUNITY})
    assert (["content"], True) == (list(told), words in str(told))
