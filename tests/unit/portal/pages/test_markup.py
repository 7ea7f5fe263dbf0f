"""Every page: valid in its basics, usable by keyboard and reader, and without a line of inline script or style."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.portal.pages.people import ORIGIN, Outline, Pages
from tests.unit.portal.readmodel.story import APPEAL_NO, HAZARD_NO

PAGES = [
    ("lishan", "/"),
    ("street", "/"),
    ("hewenbin", "/"),
    ("lishan", f"/cases/{APPEAL_NO}"),
    ("hewenbin", f"/cases/{APPEAL_NO}"),
    ("lili", f"/cases/{HAZARD_NO}"),
    ("hewenbin", "/tasks"),
    ("lishan", "/cases/S000000000000000000"),
    (None, "/login"),
    (None, "/public"),
    (None, "/notices/yinchuan.xingqing.lijingjie.yinhong"),
    (None, "/nowhere"),
]
CSS = Path(__file__).parents[4] / "services/portal/pages/static/shaodao.css"


@pytest.mark.parametrize(("user", "path"), PAGES)
def test_given_any_page_when_drawn_then_its_markup_is_sound(pages: Pages, user: str | None, path: str) -> None:
    browser = pages.as_user(user) if user else pages.browser()
    found = Outline(browser.get(path).text)
    assert ("zh-CN", 1, True) == (found.lang, found.headings.count("h1"), found.skip)
    assert ([], [], []) == (found.unlabelled, found.inline, found.unbalanced)
    assert len(found.ids) == len(set(found.ids))


def test_given_a_found_case_when_a_resident_reads_then_the_markup_is_sound(pages: Pages) -> None:
    asked = {"number": APPEAL_NO, "phone_tail": "0001"}
    found = Outline(pages.browser().post("/public", data=asked, headers=ORIGIN).text)
    assert ("zh-CN", 1, [], []) == (found.lang, found.headings.count("h1"), found.unlabelled, found.inline)


def test_given_the_style_when_measured_then_colours_are_readable_and_targets_large_enough() -> None:
    css = CSS.read_text()
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", css))
    pairs = [("ink", "ground"), ("soft", "ground"), ("soft", "paper"), ("accent", "paper"), ("accent", "tint"),
             ("late", "paper"), ("late", "late-tint"), ("accent-dark", "tint")]  # fmt: skip
    assert [] == [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5]
    targets = [int(each) for each in re.findall(r"--target: (\d+)px", css)]
    assert (True, True) == (min(targets) >= 44, max(targets) >= 60)
    assert float(re.search(r"body\.public \{ font-size: ([\d.]+)rem", css)[1]) * 16 >= 18


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast ratio."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_given_the_script_when_served_then_the_policy_lets_it_in_and_nothing_inline(pages: Pages) -> None:
    answer = pages.browser().get("/static/timeline.js")
    policy = answer.headers["Content-Security-Policy"]
    assert (200, True, False) == (answer.status_code, "default-src 'self'" in policy, "unsafe-inline" in policy)
