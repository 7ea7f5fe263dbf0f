"""A root of a kind this portal does not know has a line on the desk, a page and a timeline all the same."""

from __future__ import annotations

from tests.unit.portal.pages.people import Pages
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.test_desk import NUMBER, council


def test_given_a_kind_nobody_knows_when_the_street_looks_then_desk_page_and_timeline_show_it(pages: Pages) -> None:
    tell(pages.store, [council(["role:STREET"])])
    street = pages.as_user("street")
    assert [True] * 3 == [
        f'<a href="/cases/{NUMBER}">' in street.get("/").text,
        f"<h1>事项 {NUMBER}</h1>" in street.get(f"/cases/{NUMBER}").text,
        "CONVENED" in street.get(f"/cases/{NUMBER}").text,
    ]
    assert 1 == len(street.get(f"/api/cases/{NUMBER}/timeline").json["items"])
