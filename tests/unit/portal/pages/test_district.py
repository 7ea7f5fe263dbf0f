"""The pictures of a district: every number is that of the rows it opens, and only who answers for the place sees it."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import Forbidden, Unavailable
from contracts.notify.rates import READERS
from kernel.codes import Role
from services.portal.pages import places
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.district import STREET, Told, counted, put, random_district, rows_of
from tests.unit.portal.pages.people import Outline, Pages, account
from tests.unit.portal.readmodel.story import at

PAGES = ("/district", "/district/flow", "/district/days", "/district/outcomes", "/district/burden")
FIGURE = {"name": f"响应率·{STREET}", "value": "75.0%", "part": 3, "whole": 4, "formula": "到期前÷有效",
          "rows": f"/api/rates?area_path={STREET}&month=2024-07&valid=true",
          "counted": f"/api/rates?area_path={STREET}&month=2024-07&valid=true&occasion=RESULT"}  # fmt: skip
REPORT = {
    "title": "月报",
    "first_day": "2024-07-01",
    "last_day": "2024-07-31",
    "version": "default/1",
    "area_path": STREET,
}
BACK = {"name": f"办结又回来·{STREET}", "value": "25.0%", "part": 1, "whole": 4, "formula": "又来的÷办结的",
        "rows": f"/api/returned?area_path={STREET}&month=2024-07"}  # fmt: skip
COVERED = {"name": f"落实率·{STREET}", "value": "50.0%", "part": 2, "whole": 4, "formula": "落实的÷名单上的",
           "rows": f"/api/care-coverage?area_path={STREET}&month=2024-07",
           "counted": f"/api/care-coverage?area_path={STREET}&month=2024-07&reached=true"}  # fmt: skip
SQUARE = ["106.24 38.45", "106.25 38.45", "106.25 38.46", "106.24 38.46"]
OUTLINES = [{"path": f"{STREET}.yinhong.g3", "name": "第3网格", "ring": SQUARE}]


def reports(*figures: dict[str, Any]) -> dict[str, Any]:
    return {**REPORT, "figures": list(figures)}


@pytest.fixture
def drawn(pages: Pages) -> Pages:
    """With outlines, reports and somebody who leads the district."""
    pages.peers.answers |= {
        "list_outlines": answers.page(OUTLINES), "report_rates": reports(FIGURE), "report_appraisal": reports(),
        "report_supervisions": reports(), "report_returned": reports(BACK), "report_re_calls": reports(),
        "report_care_coverage": reports(COVERED),
        "report_crossings": reports({**FIGURE, "name": "全部", "rows": "/api/duty-crossings?month=2024-07"}),
    }  # fmt: skip
    account(pages.store, "leader", "区领导", ("DISTRICT", "yinchuan.xingqing", None))
    return pages


@pytest.mark.parametrize("user", ["leader", "street"])
@pytest.mark.parametrize(
    "path", [*PAGES, "/district?by=overdue", "/district?by=risk", f"/district?at={STREET}.yinhong"]
)
def test_given_random_matters_when_a_page_counts_then_each_number_is_that_of_its_rows(
    drawn: Pages, user: str, path: str
) -> None:
    put(drawn, random_district(seed=7))
    browser = drawn.as_user(user)
    numbers = {link: number for link, number in counted(browser.get(path).text).items() if link.startswith("/find")}
    assert numbers == {link: rows_of(browser, link) for link in numbers}
    assert any(numbers.values())


def test_given_a_drawn_grid_when_the_map_is_seen_then_its_area_is_drawn_and_named_and_leads_inside(
    drawn: Pages,
) -> None:
    html = drawn.as_user("street").get(f"/district?at={STREET}.yinhong").text
    assert ('<path class="area level-' in html, 'aria-label="第3网格：在办' in html, "map-title" in html) == (True,) * 3
    inside = drawn.as_user("street").get(f"/district?at={STREET}.yinhong.g3")
    assert (200, True) == (inside.status_code, "5号楼2单元" in inside.text)


def test_given_no_outlines_when_the_map_is_seen_then_the_table_stands_alone(drawn: Pages) -> None:
    drawn.peers.answers["list_outlines"] = Unavailable("消息总线暂时不可用")
    html = drawn.as_user("street").get("/district").text
    assert ('<svg class="map"' in html, "还没有画出边界" in html, "银虹社区" in html) == (False, True, True)


@pytest.mark.parametrize("path", [*PAGES, "/district/rates", "/district/solved", "/district/care"])
@pytest.mark.parametrize("role", [*Role])
def test_given_a_role_when_the_figures_of_its_place_are_asked_for_then_only_readers_see_them(
    drawn: Pages, role: Role, path: str
) -> None:
    account(drawn.store, "somebody", "某人", (role, STREET, "lijingjie-sifasuo"))
    browser = drawn.as_user("somebody")
    expected = 200 if role in READERS.roles else 403
    found = browser.get(path), browser.get(f"{path}?at={STREET}"), browser.get(f"{path}?at=yinchuan.xingqing.shandalu")
    assert [expected, expected, 403] == [each.status_code for each in found]


@pytest.mark.parametrize(("query", "status"), [("at=yinchuan.xingqing.lijingjie.nirgends", 404), ("at=a..b", 404),
                                               ("month=2024-13", 422), ("by=alles", 404)])  # fmt: skip
def test_given_an_odd_question_when_asked_then_it_is_refused_by_name(drawn: Pages, query: str, status: int) -> None:
    assert status == drawn.as_user("leader").get(f"/district?{query}").status_code


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        *((path, 0) for path in PAGES[:-1]),
        ("/district/burden", 1),
        ("/district/rates", 3),
        ("/district/solved", 2),
        ("/district/care", 1),
    ],
)
def test_given_names_are_known_when_a_page_is_drawn_then_each_statistic_is_asked_for_once(
    drawn: Pages, path: str, asked: int
) -> None:
    browser = drawn.as_user("leader")
    browser.get(path)
    drawn.peers.calls.clear()
    assert 200 == browser.get(path).status_code
    assert asked == len(drawn.peers.calls)


@pytest.mark.parametrize("path", [*PAGES, "/district/rates", "/district/solved", "/district/care"])
def test_given_figures_when_drawn_then_the_markup_is_sound_and_nothing_inline(drawn: Pages, path: str) -> None:
    put(drawn, random_district(seed=3))
    found = Outline(drawn.as_user("leader").get(path).text)
    assert ("zh-CN", 1, [], [], []) == (
        found.lang, found.headings.count("h1"), found.unlabelled, found.inline, found.unbalanced,
    )  # fmt: skip
    assert len(found.ids) == len(set(found.ids))


def test_given_a_report_when_seen_then_value_formula_numerator_and_denominator_open_their_rows(drawn: Pages) -> None:
    html = drawn.as_user("street").get("/district/rates?month=2024-07").text
    numbers = counted(html)
    assert ("75.0%" in html, "到期前÷有效" in html) == (True, True)
    assert [3, 4] == sorted(numbers.values())
    assert all(link.startswith("/district/rows/rates?") for link in numbers)


def test_given_rows_of_a_figure_when_opened_then_the_service_is_asked_that_and_each_row_stands_there(
    drawn: Pages,
) -> None:
    row = {"number": "F202407090104000015", "area_path": STREET, "valid": True, "occasion": "RESULT", "solved": "YES",
           "satisfied": "SATISFIED", "completed_at": "2024-07-09T02:00:00Z"}  # fmt: skip
    drawn.peers.answers["list_rated"] = {"items": [row, row], "next_cursor": "c"}
    html = drawn.as_user("street").get(f"/district/rows/rates?area_path={STREET}&month=2024-07&valid=true").text
    asked = next(call for call in drawn.peers.calls if call.method == "list_rated").command
    assert (2, True, True) == (html.count('<tr class="counted">'), asked["valid"], "cursor=c" in html)


def test_given_who_came_again_when_its_rows_are_opened_then_both_numbers_lead_on_and_the_category_has_its_name(
    drawn: Pages,
) -> None:
    row = {"number": "S202407060104000059", "category": "housing", "lead_unit": "yinhong",
           "closed_at": "2024-07-09T02:00:00Z", "back": "S202407060104000067",
           "back_at": "2024-07-20T02:00:00Z"}  # fmt: skip
    named = {"code": "housing", "name": "住房", "parent": None}
    drawn.peers.answers |= {"list_returned": answers.page([row]), "list_categories": answers.page([named])}
    street = drawn.as_user("street")
    assert "/district/rows/returned?" in street.get("/district/solved?month=2024-07").text
    html = street.get(f"/district/rows/returned?area_path={STREET}&month=2024-07").text
    leads = [f'<a href="/find?q={row[name]}">' in html for name in ("number", "back")]
    assert ([True, True], True, True) == (leads, "<td>住房</td>" in html, "/district/solved?" in html)


def test_given_care_coverage_when_seen_then_each_number_opens_the_calls_it_counts(drawn: Pages) -> None:
    row = {"number": "T202407050104000015", "area_path": STREET, "week": "2024-07-05", "state": "VISITING",
           "reached": False, "needing": False, "tries": 3}  # fmt: skip
    drawn.peers.answers["list_care_covered"] = {"items": [row], "next_cursor": None}
    street = drawn.as_user("street")
    numbers = counted(street.get("/district/care?month=2024-07").text)
    link = next(link for link, number in numbers.items() if number == 2)
    html = street.get(link).text
    asked = next(call for call in drawn.peers.calls if call.method == "list_care_covered").command
    assert ([2, 4], True, True) == (sorted(numbers.values()), asked["reached"], "/district/care?" in html)


def test_given_a_service_is_away_or_refuses_when_seen_then_the_page_says_so(drawn: Pages) -> None:
    drawn.peers.answers |= {"report_rates": Unavailable("消息总线暂时不可用"), "report_appraisal": Forbidden("不行")}
    html = drawn.as_user("street").get("/district/rates").text
    assert ("暂时读不到" in html, "您的岗位不看这一项" in html) == (True, True)


def test_given_a_sealed_case_when_counted_then_no_figure_holds_it(drawn: Pages) -> None:
    browser = drawn.as_user("leader")
    before = counted(browser.get("/district").text)
    put(drawn, [Told("MEDIATION", "MEDIATING", STREET, at(1), ("role:STREET",), tally={"sealed": "yes"})])
    assert before == counted(browser.get("/district").text)


@pytest.fixture(autouse=True)
def names_are_asked_anew() -> None:
    places.forget()
