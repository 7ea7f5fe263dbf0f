"""Masking, and finding what must not leave in free text."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields

from kernel.id_number import check_sign
from kernel.masking import find_personal, mask_id_number, mask_name, mask_personal, mask_phone, refuse_personal
from kernel.numbers import case_number


def complete(body: str) -> str:
    return body + check_sign(body)


MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
ID_NUMBERS = st.builds(
    lambda region, born, order, written: written(complete(f"{region}{born:%Y%m%d}{order:03d}")),
    st.integers(110000, 659999),
    st.dates(date(1900, 1, 1), date(2026, 1, 1)),
    st.integers(0, 999),
    st.sampled_from([str.upper, str.lower]),
)
JOINTS = st.sampled_from(["", " ", "-", "  ", "—", "·", ".", "\u200b", "\u3000", "_"])
WORDS = st.text(st.characters(categories=["Lo", "Po"], exclude_characters="零〇一二三四五六七八九幺"), max_size=8)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("王永祥", "王*祥"),
        ("王芳", "王*"),
        ("王", "*"),
        ("欧阳建国", "欧阳*国"),
        ("欧阳锋", "欧阳*"),
        ("欧阳", "欧*"),
        ("王李永祥", "王**祥"),
        ("买买提江·吐尔逊", "买***"),
        ("阿依古丽江", "阿***"),
        ("John Smith", "J***"),
        (" 王 永祥 ", "王*祥"),
        ("", ""),
        ("王*祥", "王*祥"),
        ("永祥*", "永***"),
    ],
)
def test_given_a_name_then_only_its_edges_are_shown(name: str, expected: str) -> None:
    assert expected == mask_name(name)


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("13812341234", "138****1234"),
        ("+86 138-1234-1234", "138****1234"),
        ("１３８１２３４１２３４", "138****1234"),
        ("0951-6012345", "0951*****45"),
        ("010 88886666", "010******66"),
        ("6012345", "*******"),
        ("138****1234", "138****1234"),
        ("", ""),
    ],
)
def test_given_a_phone_number_then_its_middle_is_hidden(phone: str, expected: str) -> None:
    assert expected == mask_phone(phone)


@pytest.mark.parametrize(
    ("number", "expected"),
    [("640104198501011234", "640*************34"), ("64010419850101123x", "640*************3X"), ("640104", "******")],
)
def test_given_an_id_number_then_three_and_two_places_are_shown(number: str, expected: str) -> None:
    assert expected == mask_id_number(number)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=6))
def test_given_any_name_then_it_never_shows_whole_and_masking_twice_changes_nothing(name: str) -> None:
    masked = mask_name(name)
    assert "*" in masked
    assert name not in masked
    assert masked == mask_name(masked)


@given(MOBILES)
def test_given_any_mobile_then_four_places_are_hidden_and_masking_twice_changes_nothing(phone: str) -> None:
    masked = mask_phone(phone)
    assert 4 == masked.count("*")
    assert masked == mask_phone(masked)


@given(ID_NUMBERS)
def test_given_any_id_number_then_birthday_and_order_are_hidden(number: str) -> None:
    masked = mask_id_number(number)
    assert 13 == masked.count("*")
    assert masked == mask_id_number(masked)


@st.composite
def spelt(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> str:
    """A number as people spell it: joints between digits, full-width or Chinese digits."""
    plain = draw(numbers)
    joints = draw(st.lists(JOINTS, min_size=len(plain), max_size=len(plain)))
    joined = plain[0] + "".join(joint + digit for joint, digit in zip(joints, plain[1:], strict=False))
    return joined.translate(draw(st.sampled_from([FULL_WIDTH, CHINESE, {}])))


@given(WORDS, spelt(MOBILES), WORDS)
@example("", "１３０００００.０ ０.０ ０", "")
def test_given_a_mobile_in_any_spelling_then_it_is_found_and_masked(before: str, phone: str, after: str) -> None:
    text = before + phone + after
    assert any(finding.kind == "MOBILE" for finding in find_personal(text))
    assert phone not in mask_personal(text)
    assert [] == find_personal(mask_personal(text))


@given(WORDS, spelt(ID_NUMBERS), WORDS)
def test_given_an_id_number_in_any_spelling_then_it_is_found_and_masked(before: str, number: str, after: str) -> None:
    text = before + number + after
    assert any(finding.kind == "ID_NUMBER" for finding in find_personal(text))
    assert number not in mask_personal(text)
    assert [] == find_personal(mask_personal(text))


@given(spelt(MOBILES), spelt(MOBILES), st.sampled_from(["，", "、", "/", " 或 ", "\n\n\n\n"]))
def test_given_two_mobiles_then_neither_is_left(first: str, second: str, between: str) -> None:
    masked = mask_personal(f"{first}{between}{second}")
    assert first not in masked
    assert second not in masked
    assert [] == find_personal(masked)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("拨打0951-6012345找老李", "LANDLINE"),
        ("座机(0951)6012345", "LANDLINE"),
        ("010 8888 6666", "LANDLINE"),
        ("+8613812341234", "MOBILE"),
        ("微信同号：138 1234 1234。", "MOBILE"),
        ("3号楼 13812341234 5单元", "MOBILE"),
        ("3 13812341234 501", "MOBILE"),
        ("一三八一二三四一二三四", "MOBILE"),
        ("身份证６４０１０４ 1985-0101-123Ｘ", "ID_NUMBER"),
    ],
)
def test_given_text_as_people_write_it_then_the_number_is_found(text: str, kind: str) -> None:
    assert [kind] == [finding.kind.value for finding in find_personal(text)]


def test_given_a_finding_then_it_points_into_the_original_text_and_does_not_keep_the_number() -> None:
    text = "请打１３８-1234-1234，谢谢"
    (finding,) = find_personal(text)
    assert "１３８-1234-1234" == text[finding.start : finding.end]
    assert "138****1234" == finding.masked
    assert "请打138****1234，谢谢" == mask_personal(text)


def test_given_digits_that_can_be_read_in_two_ways_then_all_of_them_are_hidden() -> None:
    assert "*" * 15 == mask_personal("13 45 138 1234 1234").replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        "12345热线已转110、119",
        "2026-02-11 15:30 至 2026-02-12 18:00",
        "5号楼2单元301室漏水3天，赔偿4800元",
        "二零二四年七月九日第二次协商",
        f"编号{case_number('S', date(2024, 7, 9), '6401', 17)}",
        f"编号{case_number('S', date(2026, 1, 19), '6401', 1234)}",
        "",
    ],
)
def test_given_text_without_personal_numbers_then_nothing_is_found(text: str) -> None:
    assert [] == find_personal(text)
    refuse_personal(text)


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(1, 99_999), st.sampled_from("SYWMF"))
def test_given_any_case_number_of_ours_then_it_is_no_finding(day: date, seq: int, kind: str) -> None:
    assert [] == find_personal(f"见{case_number(kind, day, '1920', seq)}。")


class Note(Schema):
    text = fields.String(validate=refuse_personal)


def test_given_a_schema_with_the_validator_then_such_text_is_refused_in_chinese() -> None:
    with pytest.raises(ValidationError) as refused:
        Note().load({"text": "电话13812341234，身份证640104198501011234"})
    assert {"text": ["内容中含有手机号码、身份证号码，请删除后再提交"]} == refused.value.messages
    assert {"text": "楼道漏水"} == Note().load({"text": "楼道漏水"})
