"""Amounts in capital figures are one of the forms that 正确填写票据和结算凭证的基本规定 allows, and nothing else.

It is annex 1 of 支付结算办法 (银发〔1997〕393号); its article 4 says where 零 must stand and where it may.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.mediation import words

DIGITS = dict(zip("0123456789", "零壹贰叁肆伍陆柒捌玖", strict=True))
RULE = {
    "1409.50": {"壹仟肆佰零玖元伍角", "壹仟肆佰零玖元伍角整"},
    "6007.14": {"陆仟零柒元壹角肆分"},
    "1680.32": {"壹仟陆佰捌拾元零叁角贰分", "壹仟陆佰捌拾元叁角贰分"},
    "107000.53": {"壹拾万柒仟元零伍角叁分", "壹拾万零柒仟元伍角叁分", "壹拾万柒仟元伍角叁分"},
    "16409.02": {"壹万陆仟肆佰零玖元零贰分"},
    "325.04": {"叁佰贰拾伍元零肆分"},
}
"""The examples of article 4 with the forms it names; 107000.53 without any 零 follows from its own "may"."""
OTHERS = """
435.00     | 肆佰叁拾肆元玖角玖分 | cn2an 0.5.24, given 4.35 * 100 counted in floats
435.00     | 肆佰叁拾肆元整       | cn-amount 0.0.5, given the same
0.01       | 零壹分               | cn-amount 0.0.5
10.00      | 拾元整               | pycnnum 2.1.1
110.00     | 壹佰壹元整           | pycnnum 2.1.1
1100.00    | 壹仟壹元整           | pycnnum 2.1.1
11000.00   | 壹萬壹元整           | pycnnum 2.1.1
1005000.00 | 壹佰萬伍元整         | pycnnum 2.1.1
"""
"""What libraries write of an amount (findings/capital_figures.sh)."""


def lawful(amount: str) -> set[str]:
    """All forms of an amount of one yuan and more: read sign by sign, apart from how the product counts."""
    yuan, fraction = amount.split(".")
    jiao, fen = (DIGITS[sign] for sign in fraction)
    heads = {head + "元" for head in wholes(yuan)}
    if jiao == fen == "零":
        return {head + "整" for head in heads}
    if jiao == "零":
        return {f"{head}零{fen}分" for head in heads}
    may = ("", "零") if yuan.endswith("0") else ("",)
    tails = {f"{jiao}角{fen}分"} if fen != "零" else {f"{jiao}角", f"{jiao}角整"}
    return {head + zero + tail for head in heads for zero in may for tail in tails}


def wholes(yuan: str) -> set[str]:
    """The forms of a whole number, by four places: 零 for zeros between, perhaps where a group ends with one."""
    groups = [yuan.zfill(12)[start : start + 4] for start in (0, 4, 8)]
    forms, before = {""}, "1"
    for four, unit in zip(groups, ("亿", "万", ""), strict=True):
        if four == "0000":
            before = "0"
            continue
        said = "".join(
            DIGITS[sign] + place if sign != "0" else "零"
            for sign, place in zip(four, ("仟", "佰", "拾", ""), strict=True)
        ).rstrip("零")
        while "零零" in said:
            said = said.replace("零零", "零")
        must, plain = said.startswith("零"), said.lstrip("零")
        forms = {
            form + zero + plain + unit
            for form in forms
            for zero in (("零",) if must else ("", "零") if before.endswith("0") else ("",))
            if form or not zero
        } or {plain + unit}
        before = four
    return forms


@pytest.mark.parametrize(("amount", "forms"), RULE.items())
def test_given_an_example_of_the_rule_when_its_forms_are_counted_then_they_are_those_it_names(amount, forms):
    assert forms <= lawful(amount)
    assert words.capital(Decimal(amount)) in forms


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("4800.00", "肆仟捌佰元整"), ("0.00", "零元整"), ("0.01", "壹分"), ("0.10", "壹角整"), ("0.11", "壹角壹分"),
        ("1.05", "壹元零伍分"), ("10.00", "壹拾元整"), ("100.10", "壹佰元壹角整"), ("105.30", "壹佰零伍元叁角整"),
        ("1001.00", "壹仟零壹元整"), ("10005.36", "壹万零伍元叁角陆分"), ("10010.00", "壹万零壹拾元整"),
        ("100000.00", "壹拾万元整"), ("1000500.00", "壹佰万零伍佰元整"), ("120034.00", "壹拾贰万零叁拾肆元整"),
        ("1005000.00", "壹佰万伍仟元整"), ("100005000.00", "壹亿零伍仟元整"), ("100000000.00", "壹亿元整"),
        ("100000001.01", "壹亿零壹元零壹分"), ("100010001.00", "壹亿零壹万零壹元整"), ("2030.00", "贰仟零叁拾元整"),
        ("999999999.99", "玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)  # fmt: skip
def test_given_an_amount_when_written_out_then_in_capital_figures(amount, said):
    assert said == words.capital(Decimal(amount))


ROUND = st.text("0001", min_size=3, max_size=14).map(lambda signs: int(signs) or 1)


@given(st.integers(100, 10**14 - 1) | ROUND.filter(lambda cents: cents >= 100))
@example(10_700_053)
@example(10**13)
def test_given_any_amount_when_written_out_then_it_is_one_of_the_forms_the_rule_allows(cents):
    amount = f"{cents // 100}.{cents % 100:02}"
    assert words.capital(Decimal(amount)) in lawful(amount)


@given(st.lists(st.integers(0, 10**14 - 1) | ROUND, min_size=2, max_size=40, unique=True))
def test_given_two_amounts_when_written_out_then_they_differ(all_cents):
    said = [words.capital(Decimal(cents) / 100) for cents in all_cents]
    assert len(all_cents) == len(set(said))


@pytest.mark.parametrize("amount", ["-1", "-0.01", "0.005", "1.001", "1000000000000", "NaN", "Infinity"])
def test_given_what_is_no_amount_when_written_out_then_it_is_refused(amount):
    with pytest.raises(ValueError, match="no amount of whole fen"):
        words.capital(Decimal(amount))


@pytest.mark.parametrize("line", OTHERS.strip().splitlines())
def test_given_what_a_library_writes_otherwise_when_compared_then_ours_is_lawful(line):
    amount, theirs, _ = (part.strip() for part in line.split("|"))
    forms = lawful(amount) if amount[0] != "0" else {"壹分"}
    assert (True, False) == (words.capital(Decimal(amount)) in forms, theirs in forms)
