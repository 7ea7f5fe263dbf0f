"""The groups of a desk: each count is that of the rows its link opens, for whoever looks at whatever lies there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from random import Random

import pytest
from flask.testing import FlaskClient

from contracts.intake.appeals import AppealRegistered
from contracts.intake.working import AppealFirstContacted
from services.portal.pages import desk as desk_page
from services.portal.pages import todos
from services.portal.readmodel import desks, kinds
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.district import PLACES, Told, put
from tests.unit.portal.pages.people import Pages, account
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import Teller, at, iso, uid

STREET = "yinchuan.xingqing.lijingjie"
NUMBER = "S202407080104000052"
NOW = 73.5
LINKS = re.compile(r'<a href="(/\?group=\w+|/)"[^>]*>[^<]*<b>(\d+)</b></a>')
ROW = re.compile(r'<li class="row ')
NEXT = re.compile(r'<a class="button" href="(/\?[^"]+cursor=[^"]+)">下一页</a>')
PEOPLE = ("lishan", "hewenbin", "street", "hejing", "shixiuying", "both")
WAITS = (
    ("role:COMMUNITY",), ("role:STREET",), ("role:GRID", "role:COMMUNITY"), ("person:u-lishan",), ("role:FOLLOWUP",),
    ("unit:lijingjie-sifasuo",), ("role:STREET", "unit:lijingjie-sifasuo"), ("role:MEDIATOR",), (),
)  # fmt: skip


def random_desks(seed: int, many: int) -> list[Told]:
    """Matters that wait for all kinds of people, due at all times or never."""
    chance = Random(seed)
    return [_random(chance) for _ in range(many)]


def _random(chance: Random) -> Told:
    kind = chance.choice(["APPEAL"] * 4 + ["HAZARD", "COUNCIL", "TASK", "FOLLOW_UP"])
    state, when = chance.choice(kinds.about(kind).states.values()), at(NOW - chance.choice([1, 23, 25, 300]))
    due = chance.choice([None, at(NOW) + timedelta(hours=chance.choice([-50, -1, 0, 1, 23, 24, 25, 200]))])
    unit = chance.choice(["lijingjie-sifasuo", "yinhong"])
    hidden = chance.choice([(), (), (), ("against:u-lishan",), ("against:lijingjie-sifasuo",)])
    return Told(kind, state, chance.choice(PLACES), when, chance.choice(WAITS), due, "", {"unit": unit}, hidden)


def listed(browser: FlaskClient, address: str) -> Iterator[str]:
    """What the link opens, page after page."""
    while address:
        html = browser.get(address).text
        yield html
        found = NEXT.search(html)
        address = unescape(found[1]) if found else ""


def rows(browser: FlaskClient, address: str) -> int:
    return sum(len(ROW.findall(html)) for html in listed(browser, address))


def counts(html: str) -> dict[str, int]:
    return {unescape(link): int(count) for link, count in LINKS.findall(html)}


@pytest.mark.parametrize("seed", range(3))
def test_given_any_matters_when_anybody_looks_then_each_count_is_that_of_the_rows_it_opens(
    pages: Pages, seed: int
) -> None:
    account(pages.store, "both", "两岗", ("STREET", STREET, "lijingjie"), ("RECEIVER", STREET, "lijingjie-sifasuo"))
    put(pages, random_desks(seed, 200))
    pages.peers.answers |= {command.method: answers.page([]) for command in todos.BY_NUMBER.values()}
    for user in PEOPLE:
        browser = pages.as_user(user)
        told = counts(browser.get("/").text)
        whole = told.pop("/")
        assert {link: rows(browser, link) for link in told} == told, user
        assert whole == sum(told[f"/?group={group.code}"] for group in desks.BY_TIME), user


def test_given_more_than_a_page_holds_when_looked_at_then_the_count_is_of_all_and_pages_lead_on(pages: Pages) -> None:
    put(pages, [Told("HAZARD", "REPORTED", STREET, at(0), ("role:STREET",), at(50)) for _ in range(230)])
    browser = pages.as_user("street")
    assert (230, 230) == (counts(browser.get("/").text)["/?group=late"], rows(browser, "/?group=late"))


@pytest.mark.parametrize(
    ("hours", "group"), [(-0.01, "late"), (0, "soon"), (24, "soon"), (24.01, "later"), (None, "waiting")]
)
def test_given_a_time_left_when_grouped_then_it_is_in_one_group_by_the_rule(
    pages: Pages, hours: float | None, group: str
) -> None:
    due = None if hours is None else at(NOW) + timedelta(hours=hours)
    before = counts(pages.as_user("street").get("/").text)
    put(pages, [Told("HAZARD", "REPORTED", STREET, at(0), ("role:STREET",), due)])
    html = pages.as_user("street").get("/").text
    after = counts(html)
    more = {link: after[link] - before[link] for link in before if link != "/"}
    assert {f"/?group={group}": 1} == {link: count for link, count in more.items() if count}
    assert f'id="group-{group}"' in html


def test_given_a_resident_nobody_has_reached_when_that_is_late_then_the_case_is_late_until_somebody_has(
    pages: Pages,
) -> None:
    told, before = Teller(NUMBER), counts(pages.as_user("lishan").get("/").text)["/?group=late"]
    told.say(70, AppealRegistered, uid("unreached"), first_contact_due=iso(71), promise_at=iso(300))
    tell(pages.store, told.events)
    html = pages.as_user("lishan").get("/?group=late").text
    assert (before + 1, True) == (counts(html)["/?group=late"], "首次联系" in html)
    tell(pages.store, [told.say(73, AppealFirstContacted, uid("unreached"))])
    assert before == counts(pages.as_user("lishan").get("/").text)["/?group=late"]


def test_given_something_new_when_its_viewer_acts_then_it_is_new_no_more_and_for_others_it_is(pages: Pages) -> None:
    told = Teller(NUMBER)
    before = {user: counts(pages.as_user(user).get("/").text)["/?group=new"] for user in ("lishan", "street")}
    told.say(70, AppealRegistered, uid("fresh"), "u-lishan", anonymous=True)
    tell(pages.store, told.events)
    after = {user: counts(pages.as_user(user).get("/").text)["/?group=new"] for user in ("lishan", "street")}
    assert {"lishan": 0, "street": 1} == {user: after[user] - before[user] for user in before}


def test_given_too_many_beside_when_counted_then_it_says_so_instead_of_a_wrong_number(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_page, "MOST_COUNTED", 3)
    put(pages, [Told("HAZARD", "REPORTED", STREET, at(0), ("person:u-x",)) for _ in range(5)])
    assert "辖区内其他在办<b>3 以上</b>" in pages.as_user("street").get("/").text


@pytest.mark.parametrize("address", ["/?group=nonsense", "/?group=late&cursor=nonsense"])
def test_given_an_address_nobody_made_when_opened_then_a_named_error(pages: Pages, address: str) -> None:
    assert pages.as_user("street").get(address).status_code in (404, 422)
