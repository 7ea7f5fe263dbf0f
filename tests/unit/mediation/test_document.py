"""The printed agreement: its contents, its looks as far as a test sees, its font, and the audit of printing it."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import select

from chassis.errors import Conflict, NotFound, Unavailable
from chassis.tables import AUDIT
from contracts.rpc import mediation as rpc
from services.mediation import document, fonts, paper, words
from tests.unit.mediation.people import ELSEWHERE, LISHAN, SHI, STREET_OFFICER, refusal

ARTICLE_29 = (
    "人民调解协议书",
    "（2024）银虹人调字第1号",
    "申请人：陈桂兰",
    "被申请人：赵建国",
    "调解员：石秀英",
    "纠纷主要事实",
    "楼上住户将杂物倒入马桶",
    "各方责任",
    "楼上住户承担全部责任",
    "赵建国向陈桂兰：赔偿地板和墙面损失",
    "4800.00元（大写：肆仟捌佰元整）",
    "履行方式为现金",
    "签订协议时当场履行",
    "按指印",
    "盖章",
    "司法确认",
    "不收取任何费用",
    "提起诉讼",
    "一式3份",
    "第1页，共",
)


def printed(world, key, who=SHI):
    command = rpc.AgreementDocument().load({"agreement_id": str(key)})
    with world.store.transaction() as session:
        return rpc.AgreementDocument.answer().dump(document.printed(session, who, command, world.now))


def pages(answer):
    return PdfReader(BytesIO(b64decode(answer["content"]))).pages


def text(answer):
    return "".join(page.extract_text() for page in pages(answer)).replace("\n", "").replace(" ", "")


def test_given_a_draft_when_printed_then_it_holds_what_article_29_asks_for(world):
    key = world.drafted()
    content = text(printed(world, key))
    missing = [part for part in ARTICLE_29 if part not in content]
    assert [] == missing


def test_given_a_binding_agreement_when_printed_then_the_last_day_for_the_court_and_the_marks_stand_there(world):
    key = world.effective()
    content = text(printed(world, key))
    asked = ("即在2024年8月8日前（含当日）", "已于2024年7月9日按指印", "已于2024年7月9日签名", "已于2024年7月9日盖章")
    assert [] == [part for part in asked if part not in content]


def test_given_an_oral_agreement_when_printed_then_it_is_a_register_sheet_without_parties_signatures(world):
    world.accord()
    content = text(printed(world, world.draft(form="ORAL")))
    assert ("人民调解口头协议登记表" in content, "签名、盖章或按指印）" in content) == (True, False)


def test_given_an_agreement_when_printed_then_it_is_small_a4_and_audited(world):
    key = world.drafted()
    answer = printed(world, key)
    with world.store.transaction() as session:
        notes = session.execute(select(AUDIT.c.act, AUDIT.c.subject, AUDIT.c.principal_id).order_by(AUDIT.c.no)).all()
    assert ("print_agreement", f"agreement:{key}", "u-shixiuying") == tuple(notes[-1])
    assert ("application/pdf", True) == (answer["media_type"], len(b64decode(answer["content"])) < 300_000)
    assert {(210, 297)} == {
        (round(float(page.mediabox.width) / 72 * 25.4), round(float(page.mediabox.height) / 72 * 25.4))
        for page in pages(answer)
    }


@pytest.mark.parametrize("who", [LISHAN, ELSEWHERE, STREET_OFFICER], ids=lambda who: who.id)
def test_given_the_wrong_role_or_place_when_printing_then_forbidden_and_not_audited(world, who):
    key = world.drafted()
    with pytest.raises(refusal(who)):
        printed(world, key, who)


def test_given_a_replaced_draft_when_printing_then_conflict(world):
    first = world.drafted()
    world.draft()
    with pytest.raises(Conflict):
        printed(world, first)


def test_given_no_such_agreement_when_printing_then_not_found(world):
    world.drafted()
    with pytest.raises(NotFound):
        printed(world, world.chen)


def test_given_a_long_agreement_when_printed_then_pages_are_numbered_and_nothing_is_lost(world):
    world.accord()
    facts = "。".join(f"第{no}项事实经双方确认无误" for no in range(120)) + "。"
    answer = printed(world, world.draft(facts=facts))
    count = len(pages(answer))
    assert count > 3
    content = text(answer)
    assert all(f"第{no}页，共{count}页" in content for no in range(1, count + 1))


# -- type and lines


def test_given_old_eyes_when_printed_then_no_body_text_is_below_14_points():
    assert min(paper.BODY, paper.TITLE, paper.HEADING) >= 14
    assert paper.LINE / (paper.BODY * 25.4 / 72) >= 1.3


@given(st.text(alphabet="调解协议书，。、（）《》“”；：2024.5元abc ", min_size=1, max_size=300))
def test_given_any_text_when_broken_then_nothing_is_lost_and_no_line_begins_with_a_stop(written):
    lines = list(SHEET.lines(written))
    assert SHEET._fonts.fit(written) == "".join(lines)
    assert not [line for line in lines[1:] if line and line[0] in "，。、）》；："]
    assert not [line for line in lines[:-1] if line and line[-1] in "（《"]


@given(st.text(alphabet="abc123中文。", min_size=1, max_size=300))
def test_given_any_words_when_broken_then_every_line_fits_but_for_a_hanging_stop(written):
    widest = max(SHEET.get_string_width(line.rstrip("。")) for line in SHEET.lines(written))
    assert widest <= SHEET.epw


SHEET = paper.Paper("t", "n")
SHEET.set_font("body", size=paper.BODY)


def test_given_a_figure_at_the_end_of_a_line_when_broken_then_it_stays_whole():
    lines = list(SHEET.lines("金" * 26 + "4800.00元"))
    assert any("4800.00" in line for line in lines)


# -- font


@pytest.fixture
def forget():
    yield fonts._found.cache_clear()
    fonts._found.cache_clear()


def test_given_a_setting_that_names_no_font_when_printing_then_it_is_said_which(monkeypatch, forget):
    monkeypatch.setenv("PDF_FONT", "/nowhere.ttf")
    with pytest.raises(Unavailable, match="PDF_FONT"):
        fonts.fonts()


def test_given_a_font_without_chinese_when_named_then_it_is_refused(monkeypatch, forget):
    if not fonts.LATIN[0].is_file():
        pytest.skip("no Latin font here")
    monkeypatch.setenv("PDF_FONT", str(fonts.LATIN[0]))
    with pytest.raises(Unavailable):
        fonts.fonts()


def test_given_no_font_at_all_when_printing_then_the_package_to_install_is_named(monkeypatch, forget):
    monkeypatch.delenv("PDF_FONT", raising=False)
    monkeypatch.setattr(fonts, "CHINESE", ())
    with pytest.raises(Unavailable, match="fonts-droid-fallback"):
        fonts.fonts()


def test_given_a_font_without_figures_and_no_other_when_printing_then_full_width_ones_stand_in(monkeypatch, forget):
    monkeypatch.setattr(fonts, "LATIN", ())
    found = fonts.fonts()
    assert ("４８００．００元「好」" if found.letters_missing else "4800.00元“好”") == found.fit("4800.00元“好”")


# -- words


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("4800.00", "肆仟捌佰元整"), ("0.00", "零元整"), ("0.05", "伍分"), ("0.50", "伍角整"), ("1.05", "壹元零伍分"),
        ("10.00", "壹拾元整"), ("105.30", "壹佰零伍元叁角整"), ("10005.36", "壹万零伍元叁角陆分"),
        ("100000.00", "壹拾万元整"), ("1000500.00", "壹佰万零伍佰元整"), ("120034.00", "壹拾贰万零叁拾肆元整"),
        ("999999999.99", "玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"), ("100000001.00", "壹亿零壹元整"),
        ("2030.00", "贰仟零叁拾元整"),
    ],
)  # fmt: skip
def test_given_an_amount_when_written_out_then_in_capital_figures(amount, said):
    assert said == words.capital(Decimal(amount))


@given(st.integers(1, 10**11 - 1))
def test_given_any_amount_when_written_out_then_zeros_never_double_and_it_ends_properly(cents):
    said = words.capital(Decimal(cents) / 100)
    assert "零零" not in said
    assert not said.startswith("零")
    assert said[-1] in "整分"


def test_given_the_last_instant_of_a_day_when_a_due_day_is_written_then_it_is_that_day():
    assert "2024年8月8日" == words.by(datetime(2024, 8, 8, 16, 0, tzinfo=UTC))
    assert "2024年7月9日" == words.day(datetime(2024, 7, 8, 16, 0, tzinfo=UTC))
