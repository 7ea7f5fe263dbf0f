"""The papers of a council carry what was decided, and no paper is printed of what is not there."""

from __future__ import annotations

from collections import Counter

import pytest

from chassis.errors import Conflict, Forbidden
from tests.unit.mediation.meeting import AFTER, OWNER, council, do, held, published, topic
from tests.unit.mediation.test_document import pages, text


@pytest.fixture
def store(world):
    return world.store


def printed(store, number, paper, who=None):
    return text(do(store, "get_council_paper", who, number=number, paper=paper))


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        ("SIGN_IN", ["民主议事会签到表", "金茂花园院内", "36"]),
        ("MINUTES", ["到会：104人", "一户主张修补", "拆除后设栅栏：0票", "不是法定表决", "第二百七十八条"]),
        ("RESULT", ["先拆除围墙，再设置栅栏", "公示到", "第2步：设置栅栏", "主办单位（盖章）"]),
    ],
)
def test_given_a_published_council_when_printed_then_each_paper_says_its_part(store, paper, words):
    shown = printed(store, published(store), paper)
    assert [] == [each for each in words if each not in shown]


def test_given_the_result_to_put_up_when_printed_then_nobody_s_words_are_on_it(store):
    shown = printed(store, published(store), "RESULT")
    assert [] == [each for each in ("一户主张", "怕孩子", "业主与微网格长") if each in shown]


def test_given_a_council_to_come_when_its_notice_is_printed_then_time_place_and_agenda_are_on_it(store):
    number = council(store, topics=[topic(store, "SET")])
    shown = printed(store, number, "NOTICE")
    assert [] == [
        each
        for each in ("会议通知", "金茂花园院内", "1．共用围墙怎么办", "第二百七十八条", "主办单位（盖章）")
        if each not in shown
    ]
    assert "请按时到会" in shown


@pytest.mark.parametrize("paper", ["SIGN_IN", "MINUTES", "RESULT"])
def test_given_a_paper_when_printed_then_its_running_text_has_eighteen_points(store, paper):
    sizes: Counter[float] = Counter()
    for page in pages(do(store, "get_council_paper", number=published(store), paper=paper)):
        page.extract_text(visitor_text=lambda words, *at: sizes.update({round(at[3]): len(words)}))
    assert 18 == sizes.most_common(1)[0][0]


def sheets(store, number, paper):
    """The words of each page, without blanks."""
    found = pages(do(store, "get_council_paper", number=number, paper=paper))
    return ["".join(page.extract_text().split()) for page in found]


@pytest.mark.parametrize(("quorum", "lines"), [(None, 36), (104, 130)])
def test_given_a_quorum_when_the_sign_in_sheet_is_printed_then_there_is_room_and_every_page_says_what_it_is(
    store, quorum, lines
):
    shown = sheets(store, council(store, quorum=quorum), "SIGN_IN")
    assert [True] * len(shown) == ["民主议事会签到表" in page and "序号姓名身份签名" in page for page in shown]
    assert str(lines) in shown[-1]


@pytest.mark.parametrize("paper", ["MINUTES", "RESULT"])
def test_given_twenty_options_and_long_words_when_printed_then_each_page_names_the_paper_and_nothing_is_lost(
    store, paper
):
    options = [f"方案{no:02}：修补现有围墙并加固基础，设置警示标志，由两家物业公司每月检查一次" for no in range(1, 21)]
    number = held(store, minutes={"options": options, "minutes": "一起商议。" * 400})
    do(store, "draft_resolution", number=number, now=AFTER, cost=None, shares=[])
    do(store, "resolve_council", number=number, now=AFTER)
    do(store, "publish_council", number=number, now=AFTER)
    shown = sheets(store, number, paper)
    assert [] == [no for no, page in enumerate(shown[1:], 2) if "民主议事会" not in page or len(page) < 60]
    assert [] == [each for each in options if each[:5] not in "".join(shown)]


@pytest.mark.parametrize("paper", ["MINUTES", "RESULT"])
def test_given_a_council_to_come_when_its_minutes_are_printed_then_it_is_a_conflict(store, paper):
    with pytest.raises(Conflict):
        printed(store, council(store), paper)


def test_given_a_neighbour_when_she_prints_then_it_is_forbidden(store):
    with pytest.raises(Forbidden):
        printed(store, council(store), "SIGN_IN", OWNER)
