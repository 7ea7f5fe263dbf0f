"""A council's poster is one page however long its words are; who answers for the place finds its papers on its page."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from contracts import samples
from contracts.mediation.council_views import CouncilView
from services.portal.pages.choices import of
from services.portal.pages.derived import derived
from services.portal.pages.forms import FORMS
from services.portal.pages.posters import LEAST
from tests.unit.portal.pages.people import Pages, account

NUMBER = "C20240708000000003A"
HONGBEI = "yinchuan.xingqing.shandalu.hongbei"
RECORD = {
    "number": NUMBER, "state": "CONVENED", "kind": "DEMOCRATIC", "mode": "MOBILE", "subject": "共用围墙怎么办",
    "starts_at": samples.NOON, "place_text": "金茂花园院内", "area_path": HONGBEI,
    "options": [], "works": [], "steps": [],
}  # fmt: skip
LARGE = 18.0


def poster(pages: Pages, **more: Any) -> PdfReader:
    pages.peers.answers["get_council_record"] = {**RECORD, **more}
    return PdfReader(BytesIO(pages.browser().get(f"/c/{NUMBER}/poster.pdf").data))


def code_width(paper: PdfReader) -> float:
    """Millimetres from the first to the last square drawn."""
    drawn: list[float] = []

    def seen(operator: bytes, operands: Any, *_: Any) -> None:
        if operator == b"re":
            drawn.extend((float(operands[0]), float(operands[0]) + float(operands[2])))

    paper.pages[0].extract_text(visitor_operand_before=seen)
    return (max(drawn) - min(drawn)) / 72 * 25.4


@pytest.mark.parametrize(
    "more",
    [{}, {"subject": "墙" * 80, "place_text": "院" * 200}, {"subject": "墙" * 60}],
    ids=("short", "longest", "long"),
)
def test_given_words_however_long_when_printed_then_one_page_holds_them_and_a_code_that_can_be_read(
    pages: Pages, more: dict[str, str]
):
    paper, sizes = poster(pages, **more), set[float]()
    paper.pages[0].extract_text(visitor_text=lambda text, m, t, font, size: sizes.add(round(float(size), 1)))
    told = "".join(paper.pages[0].extract_text().split())
    assert (1, True, True) == (len(paper.pages), code_width(paper) >= LEAST - 0.5, max(sizes) >= LARGE)
    assert "扫一扫，看议题、结果和进展" in told


def test_given_the_forms_of_a_council_when_drawn_then_parts_are_chosen_and_whom_to_invite_is_written():
    view = {
        "options": [{"no": 1, "option": "修补"}], "agenda": [{"no": 1, "subject": "墙", "outcome": "SOLVED"},
        {"no": 2, "subject": "灯", "outcome": None}], "works": [{"no": 1, "what": "拆墙", "state": "OPEN"}],
    }  # fmt: skip
    chosen = {name: of(method)[name](view) for method, name in (  # type: ignore[operator]
        ("cast_vote", "option_no"), ("end_item", "item_no"), ("finish_work", "work_no"),
    )}  # fmt: skip
    assert {"option_no": [("1", "1．修补")], "item_no": [("2", "2．灯")], "work_no": [("1", "第1步：拆墙")]} == chosen
    assert ["word"] == [each.kind for each in FORMS["convene_council"].fields if each.name == "invited"]


def test_given_a_roll_as_people_write_it_when_sent_then_names_groups_and_walk_ins_are_told_apart():
    told = FORMS["take_roll"].adapt({"people": ["王大爷 业主", "李四", "过路的邻居 自来"]})["people"]
    assert [("王大爷", "业主", False), ("李四", None, False), ("过路的邻居", None, True)] == [
        (each["name"], each["group"], each["walk_in"]) for each in told
    ]


def test_given_the_board_when_anybody_reads_it_then_each_council_leads_to_its_own_page(pages: Pages):
    pages.peers.answers["list_council_board"] = {"items": [RECORD], "next_cursor": None}
    assert f'href="/c/{NUMBER}"' in pages.browser().get(f"/council-board/{HONGBEI}").text


def test_given_a_way_of_deciding_to_choose_when_the_form_opens_then_each_is_named_with_its_stages(pages: Pages):
    account(pages.store, "hongbei", "洪北社区", ("COMMUNITY", HONGBEI, "hongbei"))
    stages = [
        {"code": "RAISED", "name": "民提", "kind": "MEETING"},
        {"code": "TALKED", "name": "民议", "kind": "MEETING"},
    ]
    listed = [{"code": "FOUR_BY_PEOPLE", "title": "四民工作法", "stages": stages}]
    pages.peers.answers["list_decision_templates"] = {"items": listed}
    shown = pages.as_user("hongbei").get("/new/propose_decision").text
    assert '<option value="FOUR_BY_PEOPLE">四民工作法（民提→民议）</option>' in shown


def test_given_a_share_of_the_cost_when_drawn_then_its_part_is_per_cent_and_its_amount_is_money():
    share = {"payer": "jinmao-wuye", "percent": "50.00", "amount": "24000.00", "confirmed_at": None}
    (table,) = derived(CouncilView, {"shares": [share]}, {"jinmao-wuye": "金茂花园物业公司"}).tables
    assert [["金茂花园物业公司", "50.00%", "24000.00 元", ""]] == table.rows


def test_given_a_named_rhythm_when_anybody_opens_its_page_then_days_and_tasks_stand_there_and_no_others(pages: Pages):
    rhythm = {
        "code": "WEDNESDAY",
        "state": "NEXT_WORKING_DAY",
        "title": "周三开放日",
        "occasion": "开放日",
        "note": None,
    }
    told = {"days": ["2024-07-10", "2024-07-17"], "tasks": ["开门接访"]}
    pages.peers.answers["list_rhythms"] = {"items": [{**rhythm, **told}], "next_cursor": None}
    shown = pages.browser().get(f"/rhythms/{HONGBEI}").text
    assert [] == [words for words in ("周三开放日：开放日", "7月10日", "7月17日", "开门接访") if words not in shown]
