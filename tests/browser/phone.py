"""A phone: a browser with a profile that outlives it, and a network that comes and goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from ops.waiting import wait_until
from tests.browser import chromium
from tests.browser.stage import PHONE, Stage, Visitor
from tests.stories import people
from tests.stories.talk import PATIENCE_SECONDS

ENTRIES = """() => new Promise((resolve) => {
  const asked = indexedDB.open("shaodao", 1);
  asked.onsuccess = () => {
    const all = asked.result.transaction("entries").objectStore("entries").getAll();
    all.onsuccess = () => { asked.result.close(); resolve(all.result.length); };
  };
})"""


@dataclass
class Phone:
    """A switched-on phone. Closing it is closing the browser; what is kept in `profile` stays."""

    stage: Stage
    context: BrowserContext
    page: Page

    def network(self, there: bool) -> None:
        self.context.set_offline(not there)

    def login(self, who: str) -> None:
        visitor = Visitor(self.stage, self.page)
        self.page.goto("/login")
        visitor.write(self.page.get_by_label("用户名"), people.username(who))
        visitor.write(self.page.get_by_label("密码"), people.PASSWORD)
        visitor.press(self.page.get_by_role("button", name="登录"))

    def prepare(self) -> None:
        """The page of what is done outdoors, until the phone has it."""
        self.page.goto("/outdoors")
        expect(self.page.locator("#prepared")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)

    def fill(self, form: Any, **told: Any) -> None:
        Visitor(self.stage, self.page).fill(form, told)

    def waiting(self, count: int) -> None:
        """So many are said to wait; none, and nothing is said."""
        mark = self.page.locator("#waiting")
        if count:
            expect(mark).to_have_text(f"未上传 {count}", timeout=PATIENCE_SECONDS * 1000)
        else:
            expect(mark).to_be_hidden(timeout=PATIENCE_SECONDS * 1000)

    def without_room(self) -> None:
        """What pages keep may not grow any more."""
        told = {"origin": self.stage.story.world.portal_url, "quotaSize": 1}
        self.context.new_cdp_session(self.page).send("Storage.overrideQuotaForOrigin", told)

    def kept(self, count: int) -> None:
        """So many entries lie on the phone, whoever's they are."""
        look = lambda: self.page.evaluate(ENTRIES) == count  # noqa: E731
        wait_until(look, seconds=PATIENCE_SECONDS, what=f"{count} entries on the phone", every=0.3)


NOWHERE: Any = {"server": "http://127.0.0.1:9", "bypass": "<-loopback>"}
"""A way out that leads nowhere. A browser that starts with a network may upload at once, before any page is open
(Background Sync), so taking the network away afterwards would be too late."""


@contextmanager
def switched_on(stage: Stage, profile: Path, network: bool = True) -> Iterator[Phone]:
    """With `network` False there is none as long as this browser runs."""
    width, height = PHONE
    context = stage.browser.browser_type.launch_persistent_context(
        profile, executable_path=chromium.program(), args=chromium.ARGUMENTS, base_url=stage.story.world.portal_url,
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True,
        proxy=None if network else NOWHERE,
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    try:
        yield Phone(stage, context, context.pages[0])
    finally:
        context.close()
