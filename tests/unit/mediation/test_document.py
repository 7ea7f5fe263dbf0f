"""The printed agreement: its contents, its looks as far as a test sees, its font, and the audit of printing it."""

from __future__ import annotations

import re
from base64 import b64decode
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from capability.papers import fonts, paper
from chassis.errors import Conflict, NotFound, Unavailable
from chassis.tables import AUDIT
from contracts.mediation.agreements import AgreementDocument
from services.mediation import document
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
    command = AgreementDocument().load({"agreement_id": str(key)})
    with world.store.transaction() as session:
        return AgreementDocument.answer().dump(document.printed(session, who, command, world.now))


def pages(answer):
    return PdfReader(BytesIO(b64decode(answer["content"]))).pages


def text(answer):
    """Without blanks; pypdf puts a zero before each sign of a CFF font."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages(answer)))


def test_given_a_draft_when_printed_then_it_holds_what_article_29_asks_for(world):
    key = world.drafted()
    content = text(printed(world, key))
    missing = [part for part in ARTICLE_29 if part not in content]
    assert [] == missing


def test_given_a_binding_agreement_when_printed_then_the_last_day_for_the_court_and_the_marks_stand_there(world):
    key = world.effective()
    content = text(printed(world, key))
    asked = (
        "即在2024年8月8日（周四）24:00前",
        "已于2024年7月9日按指印",
        "已于2024年7月9日签名",
        "已于2024年7月9日盖章",
    )
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


# -- type


def test_given_old_eyes_when_printed_then_no_body_text_is_below_14_points():
    assert min(paper.BODY, paper.TITLE, paper.HEADING) >= 14
    assert paper.LINE_OF_POINT / (25.4 / 72) >= 1.3


@pytest.mark.rule("25")
@pytest.mark.parametrize("sign", ["𬭎", "鿏", "⑴", "𠮷", "㐂", "龘", "㎡"])
def test_given_a_rare_sign_when_printed_then_it_stands_on_the_paper(world, sign):
    world.accord()
    assert f"当事人{sign}某" in text(printed(world, world.draft(facts=f"当事人{sign}某反映漏水。")))


@pytest.mark.rule("25")
def test_given_a_sign_no_font_has_when_printed_then_it_is_refused_by_name(world):
    world.accord()
    with pytest.raises(Conflict, match="U\\+10FFFD") as refused:
        printed(world, world.draft(facts="当事人\U0010fffd某反映漏水。"))
    assert {"sign": "\U0010fffd"} == refused.value.details


@pytest.mark.rule("25")
def test_given_a_long_name_when_signed_then_its_label_is_broken_and_ends_inside_the_margins():
    sheet = paper.Paper("t", "n")
    for done in ("", "（已于2024年7月9日按指印，原件存档）"):
        sheet.signature(f"被申请人 {'阿卜杜拉·买买提·' * 5}（签名、盖章或按指印）：", done)
        sheet.signature_and_seal(f"调解员 {'阿卜杜拉·买买提·' * 3}（签名）：", done, "银虹社区人民调解委员会", done)
    sheet.set_font("body", size=paper.BODY)
    rows = sheet._rows("调解员 " + "阿卜杜拉·买买提·" * 3, paper.COLUMN)
    assert paper.COLUMN >= max(map(sheet.get_string_width, rows))


@pytest.mark.rule("25")
def test_given_uyghur_when_printed_then_letters_are_joined_and_the_line_begins_at_the_right():
    sheet = paper.Paper("t", "n")
    sheet.set_font("body", size=paper.BODY)
    joined, parted = map(sheet._width, ("ئالىم", "ئ\u200cا\u200cل\u200cى\u200cم"))
    assert joined < parted
    assert (True, False, False) == tuple(map(paper._is_from_right, ("«ئالىم»", "阿里木（ئالىم）", "……")))


# -- font


@pytest.fixture
def forget():
    yield fonts._found.cache_clear()
    fonts._found.cache_clear()


def test_given_a_setting_that_names_no_font_when_printing_then_it_is_said_which(monkeypatch, forget):
    monkeypatch.setenv("PDF_FONT", "/nowhere.ttf")
    with pytest.raises(Unavailable, match="PDF_FONT"):
        fonts.faces()


def test_given_a_font_without_chinese_when_named_then_it_is_refused(monkeypatch, forget):
    monkeypatch.setenv("PDF_FONT", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    with pytest.raises(Unavailable):
        fonts.faces()


def test_given_no_font_at_all_when_printing_then_the_package_to_install_is_named(monkeypatch, forget):
    monkeypatch.delenv("PDF_FONT", raising=False)
    monkeypatch.setattr(fonts, "PLACES", ())
    with pytest.raises(Unavailable, match="fonts-noto-cjk"):
        fonts.faces()


@pytest.mark.rule("25")
def test_given_a_collection_when_it_is_chosen_then_its_mainland_face_is_taken(monkeypatch, forget):
    monkeypatch.setenv("PDF_FONT", str(fonts.PLACES[0]))
    assert fonts.Face(fonts.PLACES[0], 2) == fonts.faces()[0]
