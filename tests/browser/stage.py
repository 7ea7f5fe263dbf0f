"""The people of the told cases, each at the pages of the portal, on the clock of the story."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from ops.waiting import wait_until
from tests.browser.hands import Hands, Pointing
from tests.stories import people
from tests.stories.talk import PATIENCE_SECONDS, Story, dot

PHONE, DESKTOP = (390, 844), (1280, 900)
FURTHER = "再加几项"
FASTER = "内容已被他人更新"
"""Opens the further rows of a list."""
SERIOUS = ("serious", "critical")


@dataclass(frozen=True)
class Choose:
    """An option of a list, by what it says."""

    label: str


@dataclass
class Stage:
    """One telling: screen, hands, and whether scripts run. Faults that axe finds are gathered by page."""

    browser: Browser
    story: Story
    size: tuple[int, int] = PHONE
    scripts: bool = True
    hands: Hands = field(default_factory=Pointing)
    faults: dict[str, list[str]] = field(default_factory=dict)
    seen: int = 0

    def uses(self, size: tuple[int, int], hands: Hands | None = None, scripts: bool = True) -> None:
        """What whoever comes next has before them."""
        self.size, self.hands, self.scripts = size, hands or Pointing(), scripts

    @contextmanager
    def somebody(self) -> Iterator[Visitor]:
        """A browser nobody has logged in with."""
        width, height = self.size
        context: BrowserContext = self.browser.new_context(
            base_url=self.story.world.portal_url, viewport={"width": width, "height": height}, locale="zh-CN",
            timezone_id="Asia/Shanghai", java_script_enabled=self.scripts, has_touch=self.size == PHONE,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        try:
            yield Visitor(self, context.new_page())
        finally:
            context.close()

    @contextmanager
    def staff(self, who: str) -> Iterator[Visitor]:
        """The browser of a member of staff who has just logged in."""
        with self.somebody() as visitor:
            visitor.go("/login")
            visitor.write(visitor.page.get_by_label("用户名"), people.STAFF.get(who) or people.RECEIVERS[who])
            visitor.write(visitor.page.get_by_label("密码"), people.PASSWORD)
            with visitor.page.expect_navigation():
                visitor.press(visitor.page.get_by_role("button", name="登录"))
            yield visitor


@dataclass
class Visitor:
    """Somebody at a page."""

    stage: Stage
    page: Page

    def go(self, address: str) -> None:
        self.page.goto(address)
        self.judge()

    def case(self) -> None:
        self.go(f"/cases/{self.stage.story.number}")

    def press(self, target: Locator) -> None:
        self.stage.hands.press(self.page, target)

    def menu(self, words: str) -> None:
        """The entry of the main menu, from behind its heading."""
        entry = self.page.locator('nav[aria-label="主菜单"] a').filter(has_text=re.compile(f"^{words}$")).first
        for holder in entry.locator("xpath=ancestor::details[not(@open)]").all():
            self.press(holder.locator("summary"))
        with self.page.expect_navigation():
            self.press(entry)
        self.judge()

    def open(self, number: str) -> None:
        """The page of another matter than the last."""
        self.stage.story.number = number
        self.case()

    def write(self, target: Locator, words: str) -> None:
        self.stage.hands.write(self.page, target, words)

    def sees(self, words: str, address: str | None = None) -> None:
        """The page says so, now or when the events have gone round."""

        def there() -> bool:
            if self.page.get_by_text(words).locator("visible=true").count():
                return True
            self.page.goto(address or self.page.url.partition("#")[0])
            return False

        wait_until(there, seconds=PATIENCE_SECONDS, what=f"{words} on {self.page.url}", every=0.3)
        self.judge()

    def offered(self, method: str, nth: int = 0) -> Locator:
        """The form that does `method`, when it is offered: nothing on a page runs ahead of its events."""
        number = self.stage.story.number
        form = self.page.locator(f'form[action*="/cases/{number}/do/{method}#"]').nth(nth)

        def there() -> bool:
            if form.count():
                return True
            self.page.reload()
            return False

        wait_until(there, seconds=PATIENCE_SECONDS, what=f"{method} on {self.page.url}", every=0.3)
        return form

    def do(self, method: str, nth: int = 0, **told: Any) -> None:
        """Opens the form, fills it in by its labels and sends it; anew where somebody, or a clock, was faster."""
        self._give(method, nth, told)
        if self.page.get_by_text(FASTER).count():
            self.case()
            self._give(method, nth, told)
        taken = self.page.get_by_role("status").filter(has_text="已提交")
        assert taken.count() == 1, self.page.locator("main").inner_text()[:600]

    def _give(self, method: str, nth: int, told: dict[str, Any]) -> None:
        form = self.offered(method, nth)
        for holder in form.locator("xpath=ancestor::details").all():
            if holder.get_attribute("open") is None:
                self.press(holder.locator("summary").first)
        self.fill(form, told)
        self.send(form)

    def send(self, form: Locator) -> None:
        with self.page.expect_navigation():
            self.press(form.locator("button[type=submit]").last)
        self.judge()

    def fill(self, form: Locator, told: dict[str, Any]) -> None:
        for label, value in told.items():
            self.put(form.get_by_text(label).first if label == FURTHER else form.get_by_label(label).first, value)

    def put(self, target: Locator, value: Any) -> None:
        if isinstance(value, Choose):
            self.stage.hands.choose(self.page, target, value.label)
        elif value is True:
            self.press(target)
        elif isinstance(value, int):
            target.set_input_files([photo() for _ in range(value)])
        else:
            self.write(target, value)

    def judge(self) -> None:
        """Notes what axe finds grave on the page as it stands."""
        if not self.stage.scripts:
            return
        self.stage.seen += 1
        found = Axe().run(self.page, options={"resultTypes": ["violations"]}).response["violations"]
        grave = [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found if each["impact"] in SERIOUS]
        if grave:
            self.stage.faults[self.page.url] = grave


def photo() -> Any:
    return {"name": "photo.png", "mimeType": "image/png", "buffer": dot()}
