"""Urgency is computed, with reasons."""

from __future__ import annotations

import pytest

from kernel.codes import DangerFlag, HazardKind, HazardLevel, Nature, Urgency
from kernel.danger import DangerWords
from services.intake.urgency import of_appeal, of_hazard

SHOCK = DangerWords.read(
    {
        "near": 8, "harmless": [], "not": "没有", "over": "已修好", "now": "又",
        "flags": {"ELECTRIC_SHOCK": {"urgency": "EMERGENCY", "signs": ["触电|漏电"]}},
    }
)  # fmt: skip


def appeal(words="下水慢", flags=(), damage=False, nature=Nature.HELP, default=Urgency.NORMAL):
    return of_appeal(words, list(flags), damage, nature, default, SHOCK)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Urgency.NORMAL),
        ({"default": Urgency.COMPLEX}, Urgency.COMPLEX),
        ({"default": Urgency.URGENT}, Urgency.URGENT),
        ({"damage": True}, Urgency.EMERGENCY),
        ({"flags": [DangerFlag.GAS]}, Urgency.EMERGENCY),
        ({"words": "灯杆漏电"}, Urgency.EMERGENCY),
        ({"nature": Nature.CONSULT}, Urgency.CONSULT),
        ({"nature": Nature.CONSULT, "words": "漏电了怎么办"}, Urgency.EMERGENCY),
    ],
)
def test_given_what_is_known_when_judged_then_the_most_urgent_ground_decides(given, expected):
    assert expected == appeal(**given).urgency


def test_given_a_danger_word_when_judged_then_reason_and_flag_say_so():
    judged = appeal("路灯杆漏电")
    assert (["文字含“漏电”：触电危险"], [DangerFlag.ELECTRIC_SHOCK]) == (judged.reasons, judged.flags)


def test_given_word_and_flag_when_judged_then_the_flag_stands_once():
    assert [DangerFlag.ELECTRIC_SHOCK] == appeal("漏电", [DangerFlag.ELECTRIC_SHOCK]).flags


@pytest.mark.parametrize(
    ("words", "flags", "level", "expected"),
    [
        ("灯杆倾斜，雨天有触电危险", [], HazardLevel.GENERAL, Urgency.EMERGENCY),
        ("灯杆倾斜", [DangerFlag.COLLAPSE], HazardLevel.GENERAL, Urgency.EMERGENCY),
        ("灯杆倾斜", [], HazardLevel.MAJOR, Urgency.URGENT),
        ("台阶松动", [], HazardLevel.GENERAL, Urgency.NORMAL),
    ],
)
def test_given_a_hazard_when_judged_then_flags_and_words_make_it_an_emergency(words, flags, level, expected):
    assert expected == of_hazard(words, flags, HazardKind.ELECTRIC, level, SHOCK).urgency
