"""The portal of the pages' tests, with an administrator."""

from __future__ import annotations

import pytest

from tests.unit.portal.pages.conftest import application as application
from tests.unit.portal.pages.conftest import pages as plain_pages
from tests.unit.portal.pages.people import Pages, account

__all__ = ["application", "plain_pages"]


@pytest.fixture
def pages(plain_pages: Pages) -> Pages:
    account(plain_pages.store, "admin", "谢松", ("ADMIN", "yinchuan.xingqing.lijingjie", "xinxi"))
    return plain_pages
