"""The limits of single fields, and the Chinese they answer with."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from contracts import fields, tokens
from contracts.words import shared_text
from kernel.codes import Urgency
from tests.data.tables import rows


class Tried(Schema):
    amount = tokens.Amount(optional=True)
    at = fields.Moment(optional=True)
    code = fields.Code(Urgency, optional=True)
    count = fields.Count(0, 20, optional=True)
    limit = tokens.limit_text(optional=True)
    number = tokens.case_no(optional=True)
    path = tokens.area(optional=True)
    phone = tokens.Phone(optional=True)
    text = fields.Text(10, optional=True)
    unit = tokens.unit_code(optional=True)
    words = shared_text(200, optional=True)
    yes = fields.Flag(optional=True)


def loaded(**data: Any) -> Any:
    (name,) = data
    return Tried().load(data)[name]


def refused(**data: Any) -> str:
    (name,) = data
    with pytest.raises(ValidationError) as caught:
        Tried().load(data)
    messages: list[str] = caught.value.messages_dict[name]
    return messages[0]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13900000001", "13900000001"),
        (" 139 0000 0001 ", "13900000001"),
        ("+8613900000001", "13900000001"),
        ("0951-6000001", "09516000001"),
        ("010-12345678", "01012345678"),
    ],
)
def test_phones(typed: str, kept: str) -> None:
    assert loaded(phone=typed) == kept


@pytest.mark.rule("21")
@pytest.mark.parametrize("row", rows("telephones.csv"), ids=lambda row: row["written"])
def test_a_phone_is_taken_as_in_the_table_or_refused_with_the_reason(row: dict[str, str]) -> None:
    if row["refused"] and not row["written"].isdigit():
        assert row["refused"] in refused(phone=row["written"])
    if row["normal"]:
        assert loaded(phone=row["written"]) in (row["normal"], row["normal"].removeprefix("0951"))


@pytest.mark.parametrize("typed", ["1390000000", "139000000011", "23900000001", "陈阿姨", ""])
def test_no_phones(typed: str) -> None:
    assert re.search("手机号|电话", refused(phone=typed))


@pytest.mark.parametrize("typed", ["4800", "4800.5", "4800.50", "0", "0.00"])
def test_amounts(typed: Any) -> None:
    kept = loaded(amount=typed)
    assert kept == Decimal(str(typed))
    assert kept.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-1", "之间"),
        ("1000000000", "之间"),
        ("1.005", "两位小数"),
        ("NaN", "应为金额"),
        ("Infinity", "应为金额"),
        ("很多", "应为金额"),
        (True, "应为金额"),
        ([], "应为金额"),
    ],
)
def test_no_amounts(typed: Any, said: str) -> None:
    assert said in refused(amount=typed)


@given(st.decimals(0, Decimal("999999999.99"), places=2))
def test_an_amount_survives_the_journey(amount: Decimal) -> None:
    assert loaded(amount=Tried().dump({"amount": amount})["amount"]) == amount


def test_moments_are_utc() -> None:
    assert loaded(at="2024-07-09T15:00:00+08:00") == datetime(2024, 7, 9, 7, tzinfo=UTC)
    assert Tried().dump({"at": datetime(2024, 7, 9, 7, tzinfo=UTC)})["at"] == "2024-07-09T07:00:00Z"


@pytest.mark.parametrize("typed", ["2024-07-09T15:00:00", "昨天", "0001-01-01T00:00:00+08:00", 5])
def test_no_moments(typed: Any) -> None:
    assert "时" in refused(at=typed)


def test_a_naive_moment_is_never_told() -> None:
    with pytest.raises(ValueError, match="zone"):
        Tried().dump({"at": datetime(2024, 7, 9)})


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+08:00", "1899-12-31T23:59:59Z", "2200-01-01T00:00:00Z"]
)
def test_a_moment_no_clock_can_count_from_is_refused(at: str) -> None:
    assert "1900" in refused(at=at)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC)))
def test_a_moment_survives_the_journey(at: datetime) -> None:
    assert loaded(at=Tried().dump({"at": at})["at"]) == at


def test_codes_load_as_members_and_dump_from_either() -> None:
    assert loaded(code="URGENT") is Urgency.URGENT
    assert Tried().dump({"code": "URGENT"})["code"] == Tried().dump({"code": Urgency.URGENT})["code"] == "URGENT"
    assert "EMERGENCY" in refused(code="soon")
    with pytest.raises(ValueError, match="soon"):
        Tried().dump({"code": "soon"})


def test_texts_are_stripped_and_measured() -> None:
    assert loaded(text="  漏水  ") == "漏水"
    assert "1 到 10" in refused(text="   ")
    assert "1 到 10" in refused(text="字" * 11)


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\ud800"])
def test_signs_postgresql_would_refuse_are_refused(sign: str) -> None:
    assert refused(text=f"a{sign}b") == "含有不能使用的字符"


def test_numbers_are_taken_as_people_type_them() -> None:
    assert loaded(number="s20240706-0104-00001-8") == "S202407060104000018"
    assert "18 位" in refused(number="S2024")


@pytest.mark.parametrize("path", ["yinchuan", "yinchuan.xingqing.g3.b5u2", "6401.640104"])
def test_paths(path: str) -> None:
    assert loaded(path=path) == path


@pytest.mark.parametrize("path", ["", ".a", "a.", "a..b", "a b", "a/b", "*"])
def test_no_paths(path: str) -> None:
    assert "区域" in refused(path=path)


@pytest.mark.parametrize("unit", ["", "a.b", "#", "a*", "-a", "a b"])
def test_no_unit_codes(unit: str) -> None:
    assert "单位代码" in refused(unit=unit)


@pytest.mark.parametrize("limit", ["0d", "5", "5 wd", "1y", "-1d"])
def test_no_limits(limit: str) -> None:
    assert "时限" in refused(limit=limit)


@pytest.mark.parametrize("limit", ["30min", "2h", "4bh", "15d", "5wd"])
def test_limits_are_those_of_the_kernel(limit: str) -> None:
    from kernel.deadlines import Limit

    assert loaded(limit=limit) == limit
    assert Limit.parse(limit)


def test_counts_and_flags() -> None:
    assert loaded(count=20) == 20
    assert "0 到 20" in refused(count=21)
    assert refused(count=1.5) == refused(count="many") == "应为整数"
    assert refused(yes="maybe") == "应为是或否"


def test_words_for_departments_hold_no_telephone_or_identity_number() -> None:
    assert loaded(words="到会讲解相邻关系") == "到会讲解相邻关系"
    assert "手机号码" in refused(words="请联系13900000001")
    assert "身份证号码" in refused(words="身份证640104199001011234")


@pytest.mark.rule("23")
def test_words_for_departments_may_name_the_public_line_of_an_office_but_nobodys_own() -> None:
    assert loaded(words="请打供电所抢修电话0951-6012345") == "请打供电所抢修电话0951-6012345"
    assert "固定电话号码" in refused(words="请打王某家里0951-6012345")


def test_what_is_left_out_is_null() -> None:
    assert set(Tried().load({}).values()) == {None}
    assert set(Tried().dump({}).values()) == {None}
