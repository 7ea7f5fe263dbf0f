"""Every page: valid in its basics, usable by keyboard and reader, and without a line of inline script or style."""

from __future__ import annotations

import re
from html import unescape

import pytest

from services.portal.pages import colours
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
    ("lishan", "/styleguide"),
    ("lishan", "/me"),
    ("lishan", "/find"),
    ("lishan", "/outdoors"),
    ("lishan", "/new/register_appeal"),
    ("street", "/duty-wall"),
    ("street", "/?group=late"),
    ("street", "/?group=elsewhere"),
    ("lishan", "/cases/S000000000000000000"),
    (None, "/login"),
    (None, "/public"),
    (None, "/notices/yinchuan.xingqing.lijingjie.yinhong"),
    (None, "/nowhere"),
]
CSS = "".join(sheet.read_text() for sheet in sorted(colours.SHEET.parent.glob("*.css")))
FRONT = re.compile(r"(?<![-\w])color: var\(--([a-z-]+)\)")
BACK = re.compile(r"background: var\(--([a-z-]+)\)")
MEASURES = {"gap", "target", "radius"}


@pytest.mark.parametrize(("user", "path"), PAGES)
def test_given_any_page_when_drawn_then_its_markup_is_sound(pages: Pages, user: str | None, path: str) -> None:
    browser = pages.as_user(user) if user else pages.browser()
    found = Outline(browser.get(path).text)
    assert ("zh-CN", 1, True) == (found.lang, found.headings.count("h1"), found.skip)
    assert ([], [], []) == (found.unlabelled, found.inline, found.unbalanced)
    assert len(found.ids) == len(set(found.ids))


@pytest.mark.parametrize(("user", "path"), PAGES)
def test_given_any_page_when_large_print_is_chosen_on_it_then_it_comes_back_large_and_so_does_every_other(
    pages: Pages, user: str | None, path: str
) -> None:
    browser = pages.as_user(user) if user else pages.browser()
    html = browser.get(path).text
    link = re.search(r'<a href="(/public/print-size[^"]+)">大字版</a>', html)
    chosen = unescape(link[1]) if link else "/public/print-size?large=1&next=/public"
    back = browser.get(chosen).headers["Location"]
    assert (path, True) == (back.removesuffix("?"), bool(link) or 'name="print" value="1"' in html)
    assert [True, True] == [" large" in body_of(browser.get(each).text) for each in (path, "/login")]


def body_of(html: str) -> str:
    """The classes of the page."""
    return str(re.search(r'<body class="([^"]*)"', html)[1])


def test_given_a_found_case_when_a_resident_reads_then_the_markup_is_sound(pages: Pages) -> None:
    asked = {"number": APPEAL_NO, "phone_tail": "0001"}
    found = Outline(pages.browser().post("/public", data=asked, headers=ORIGIN).text)
    assert ("zh-CN", 1, [], []) == (found.lang, found.headings.count("h1"), found.unlabelled, found.inline)


@pytest.mark.parametrize("theme", colours.THEMES)
def test_given_the_style_when_measured_then_every_pair_of_colours_can_be_read(theme: str) -> None:
    known = colours.themes()[theme]
    measured = {pair: colours.contrast(known[pair.front], known[pair.back]) for pair in colours.PAIRS}
    assert {} == {pair: ratio for pair, ratio in measured.items() if ratio < pair.least}


def test_given_black_on_white_and_a_known_grey_when_measured_then_the_ratios_are_those_of_the_standard() -> None:
    ratios = [colours.contrast("#000", "#fff"), colours.contrast("#fff", "#fff"), colours.contrast("#777777", "#fff")]
    assert [21.0, 1.0, 4.48] == [round(ratio, 2) for ratio in ratios]


def test_given_the_style_when_read_then_colours_are_named_once_and_what_lies_upon_what_is_measured() -> None:
    rules = re.findall(r"\{([^{}]*)\}", CSS)
    known = {(pair.front, pair.back) for pair in colours.PAIRS}
    used = {(front, back) for rule in rules for front in FRONT.findall(rule) for back in BACK.findall(rule)}
    assert (set(), 12) == (used - known, min(len(used), 12))
    loose = [line for line in CSS.splitlines() if re.search(r": [^;]*#[0-9a-f]{3,6}\b", line) and "--" not in line]
    assert [
        "  body, body.public, body.large, body.largest { background: #fff; font-size: 18pt; line-height: 1.5; }"
    ] == loose
    assert colours.themes()["light"].keys() == set(re.findall(r"var\(--([a-z-]+)\)", CSS)) - MEASURES


def test_given_the_style_when_read_then_targets_and_print_are_large_enough() -> None:
    targets = [int(each) for each in re.findall(r"--target: (\d+)px", CSS)]
    assert (True, True) == (min(targets) >= 44, max(targets) >= 60)
    sizes = {name: float(rem) * 16 for name, rem in re.findall(r"body\.(\w+) \{ font-size: ([\d.]+)rem", CSS)}
    assert {"public": 20, "large": 24, "largest": 30} == sizes


def test_given_the_script_when_served_then_the_policy_lets_it_in_and_nothing_inline(pages: Pages) -> None:
    answer = pages.browser().get("/static/timeline.js")
    policy = answer.headers["Content-Security-Policy"]
    assert (200, True, False) == (answer.status_code, "default-src 'self'" in policy, "unsafe-inline" in policy)
