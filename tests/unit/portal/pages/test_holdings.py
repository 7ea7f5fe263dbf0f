"""A person's own data as a file: every store a part, and who did not answer is named."""

from __future__ import annotations

from io import BytesIO

from python_calamine import CalamineWorkbook

from chassis.errors import Forbidden
from contracts import samples

PATH = f"/people/{samples.RESIDENT}/holdings.xlsx"
HELD = {
    "person": {"name": "陈阿姨", "phone": "13900000001"},
    "stores": [
        {
            "store": "INTAKE",
            "missing": False,
            "items": [
                {"what": "居民档案", "number": None, "at": None, "words": [{"label": "姓名", "text": "=陈阿姨"}]}
            ],
        },
        {"store": "MEDIATION", "missing": True, "items": []},
    ],
}


def rows(content):
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_given_a_person_when_the_file_is_fetched_then_it_holds_every_store_and_names_the_missing(pages):
    pages.peers.answers["show_holdings"] = HELD
    answer = pages.as_user("street").get(f"{PATH}?purpose=本人到窗口")
    assert ["诉求受理", "居民档案", "", "", "姓名", "=陈阿姨"] == rows(answer.data)[1]
    assert ["调解", "暂时读不到，请稍后再导出"] == rows(answer.data)[2][:2]
    assert "no-store" == answer.headers["Cache-Control"]


def test_given_nobody_logged_in_when_the_file_is_fetched_then_no_service_is_asked(pages):
    answer = pages.browser().get(PATH)
    assert ([], True) == (pages.peers.calls, answer.status_code in (302, 303, 401))


def test_given_who_may_not_when_the_file_is_fetched_then_it_is_refused(pages):
    pages.peers.answers["show_holdings"] = Forbidden("您没有办理此事的权限")
    assert 403 == pages.as_user("hejing").get(f"{PATH}?purpose=看看").status_code
