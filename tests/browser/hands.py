"""Two ways of using a page: by pointing, and by keyboard alone."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_TABS = 400


class Hands(Protocol):
    def press(self, page: Page, target: Locator) -> None: ...

    def write(self, page: Page, target: Locator, words: str) -> None: ...

    def choose(self, page: Page, target: Locator, label: str) -> None: ...


def named(target: Locator, words: str) -> str:
    """The one choice of these words, or the one that begins with them and says more in brackets."""
    choices = [choice or "" for choice in target.locator("option").all_text_contents()]
    fitting = [choice for choice in choices if choice == words] or [c for c in choices if c.startswith(f"{words}（")]
    assert len(fitting) == 1, f"{words}: {choices}"
    return fitting[0]


class Pointing:
    """A finger or a mouse."""

    def press(self, page: Page, target: Locator) -> None:
        target.click()

    def write(self, page: Page, target: Locator, words: str) -> None:
        target.fill(words)

    def choose(self, page: Page, target: Locator, label: str) -> None:
        target.select_option(label=named(target, label))


class Keys:
    """Tab to it, then type: what cannot be reached so is no part of the page for many people."""

    def press(self, page: Page, target: Locator) -> None:
        self.reach(page, target)
        kind = target.evaluate("each => each.type || each.localName")
        page.keyboard.press("Space" if kind == "checkbox" else "Enter")

    def write(self, page: Page, target: Locator, words: str) -> None:
        self.reach(page, target)
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.insert_text(words)

    def choose(self, page: Page, target: Locator, label: str) -> None:
        self.reach(page, target)
        label = named(target, label)
        page.keyboard.press("Home")
        for _ in range(target.locator("option").count()):
            if target.locator("option:checked").text_content() == label:
                return
            page.keyboard.press("ArrowDown")
        raise AssertionError(f"the keyboard does not come to {label}")

    def reach(self, page: Page, target: Locator) -> None:
        target.wait_for()
        for _ in range(MOST_TABS):
            if target.evaluate("each => each === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not come to {target}")
