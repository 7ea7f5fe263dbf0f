"""Danger in words: how signs are read, and how well the shipped ones do on the labelled sentences."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.danger import DangerWords, InvalidDangerWords
from kernel.policy import pack
from tests.data.tables import Score, rows

pytestmark = pytest.mark.rule("14")
SENTENCES = rows("danger_sentences.csv")
SHIPPED = DangerWords.read(pack().value("intake.danger_words"))
MISSED, WRONG = 0.02, 0.05
TINY: dict[str, Any] = {
    "near": 4,
    "harmless": ["打不着火"],
    "not": "没有|没",
    "over": "已修好|演练",
    "now": "又",
    "flags": {
        "FIRE": {"urgency": "EMERGENCY", "signs": ["着火"]},
        "ELECTRIC_SHOCK": {"urgency": "EMERGENCY", "signs": ["电线|电缆 + 断了|垂"]},
    },
}


def flags(text: str, words: DangerWords | None = None) -> list[str]:
    return [danger.flag.value for danger in (words or DangerWords.read(TINY)).found(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电线断了", ["ELECTRIC_SHOCK"]),
        ("断了一根电线", ["ELECTRIC_SHOCK"]),
        ("电 线\u200b断了", ["ELECTRIC_SHOCK"]),
        ("电线很旧，网也断了好几回了", []),
        ("电线在。断了", []),
        ("着火了，电缆垂着", ["FIRE", "ELECTRIC_SHOCK"]),
        ("煤气灶打不着火", []),
        ("没有着火", []),
        ("着火点已修好", []),
        ("上次着火已修好，又着火了", ["FIRE"]),
        ("消防演练，楼上着火", ["FIRE"]),
        ("", []),
    ],
)
def test_given_signs_when_a_text_is_read_then_distance_negation_and_what_is_over_count(
    text: str, expected: list[str]
) -> None:
    assert expected == flags(text)


@pytest.mark.parametrize(
    "sentence",
    ["厨房燃气报警器一直响", "断头线垂到地上了", "天台上站着一个人不下来", "孩子掉进坑里", "老人摔倒起不来了"],
)
def test_given_danger_in_other_words_than_a_list_has_then_it_is_found(sentence: str) -> None:
    assert flags(sentence, SHIPPED)


def test_given_a_stove_that_does_not_light_then_it_is_no_fire() -> None:
    assert [] == flags("煤气灶打不着火，想预约维修", SHIPPED)


@pytest.mark.parametrize("part", ["tune", "held", "fresh"])
def test_given_the_labelled_sentences_then_the_figures_are_told(part: str) -> None:
    score = Score(f"danger, {part}")
    for row in (row for row in SENTENCES if row["part"] == part):
        score.note(row["sentence"], wanted=bool(row["flag"]), got=bool(flags(row["sentence"], SHIPPED)))
    score.tell()
    assert score.found > 0


def test_given_all_labelled_sentences_then_few_dangers_are_missed_and_few_found_wrongly() -> None:
    score = Score("danger, all")
    for row in SENTENCES:
        score.note(row["sentence"], wanted=bool(row["flag"]), got=bool(flags(row["sentence"], SHIPPED)))
    score.tell()
    dangers = score.found + len(score.missed)
    assert len(SENTENCES) >= 200
    assert len(score.missed) <= MISSED * dangers, score.missed
    assert len(score.wrong) <= WRONG * (len(SENTENCES) - dangers), score.wrong


@pytest.mark.parametrize(
    "wrong",
    [
        {"near": None}, {"near": "far"}, {"flags": {"MOON": {"urgency": "EMERGENCY", "signs": []}}},
        {"flags": {"FIRE": {"urgency": "SOON", "signs": []}}},
        {"flags": {"FIRE": {"urgency": "URGENT", "signs": ["火 + "]}}},
        {"more": 1},
    ],
    ids=str,
)  # fmt: skip
def test_given_words_that_cannot_be_read_then_the_pack_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidDangerWords):
        DangerWords.read({**TINY, **wrong})


def test_given_a_long_text_without_an_end_then_what_stands_anywhere_in_it_is_found() -> None:
    found = [flags("字" * place + "电线断了" + "字" * 900) for place in (0, 79, 80, 118, 119, 999)]
    assert [["ELECTRIC_SHOCK"]] * 6 == found
