"""Lines of Chinese text: nothing lost, nothing in the wrong place, every line as wide as it may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capability.papers.breaking import NOT_FIRST, NOT_LAST, broken

pytestmark = pytest.mark.rule("25")
ROOM = 24
WORDS = [
    "调",
    "解",
    "漏水",
    "（",
    "）",
    "【",
    "】",
    "〔",
    "〕",
    "，",
    "。",
    "；",
    "……",
    "——",
    "￥",
    "4800.00",
    "元",
    "“",
    "”",
]
WORDS += ["abc", " ", "2024-07-09", "№", "％", "ئالىم"]


def width(text: str) -> int:
    """Two for a Chinese sign, one for a letter."""
    return sum(1 if sign.isascii() else 2 for sign in text)


def lines(text: str) -> list[str]:
    return list(broken(text, width, ROOM, ROOM))


def sentences() -> st.SearchStrategy[str]:
    """Words and marks as people set them: no more than two marks in a row."""
    marked = st.tuples(st.sampled_from(WORDS), st.sampled_from(["", "好", "好，", "的。", "。》"])).map("好".join)
    return st.lists(marked, min_size=1, max_size=60).map("".join)


@given(sentences())
def test_given_a_text_when_broken_then_nothing_is_lost_and_every_line_fits(written):
    found = lines(written)
    assert written == "".join(found)
    assert ROOM >= max(map(width, found))


@given(sentences())
def test_given_a_text_when_broken_then_no_line_begins_or_ends_with_what_may_not(written):
    found = lines(written)
    assert [] == [line for line in found[1:] if line[0] in NOT_FIRST]
    assert [] == [line for line in found[:-1] if line[-1] in NOT_LAST]


@pytest.mark.parametrize("whole", ["……", "——", "4800.00", "￥4800", "2024-07-09", "abc", "ئالىم"])
@pytest.mark.parametrize("before", range(ROOM // 2 + 1))
def test_given_what_is_never_parted_when_broken_then_it_stands_on_one_line(whole, before):
    assert any(whole in line for line in lines("金" * before + "，" + whole + "元，好。"))


@given(st.text(alphabet="。，（【…—", min_size=1, max_size=200))
def test_given_marks_without_end_when_broken_then_nothing_is_lost_and_every_line_fits(written):
    found = lines(written)
    assert written == "".join(found)
    assert ROOM >= max(map(width, found))


def test_given_an_indented_beginning_when_broken_then_the_first_line_alone_is_shorter():
    assert ["一二三", "四五六七", "八"] == list(broken("一二三四五六七八", width, 6, 8))
