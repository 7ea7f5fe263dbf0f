"""A mediation on its case's page: more time, what was not kept, and where violence at home is the matter."""

from __future__ import annotations

from contracts import samples
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import Pages
from tests.unit.portal.readmodel.story import APPEAL_NO

CASE = f"/cases/{APPEAL_NO}"
BY = samples.COMMUNITY_MEDIATOR


def looked_at(pages: Pages, *agreements: dict, commands: tuple[str, ...] = (), **more: object) -> str:
    pages.peers.answers["get_case"] = {**answers.mediation(*commands, agreements=agreements), **more}
    return str(pages.as_user("shixiuying").get(CASE).text)


def lacking(html: str, *words: str) -> list[str]:
    return [each for each in words if each not in html]


def test_given_words_on_more_time_when_looking_then_who_said_what_and_both_forms_are_there(pages: Pages) -> None:
    word = {
        "party_id": samples.PARTY_A,
        "term": 1,
        "word": "AGREES",
        "how": "PHONE",
        "said_at": answers.iso(30),
        "by": BY,
    }
    html = looked_at(pages, commands=("agree_to_extension", "extend_mediation"), extension_words=[word], extended=1)
    assert [] == lacking(
        html, "已延长 1 次", "陈*：同意延期", "记延期意见", "延长调解期限", "不同意延期", "还要查证或鉴定"
    )


def test_given_a_breach_when_looking_then_evidence_urging_and_the_ways_to_court_are_there(pages: Pages) -> None:
    breach = {
        "term_no": 1, "at": answers.iso(90), "words": "对方称手头紧", "attachments": [], "by": BY,
        "urged_at": None, "urged_how": None, "urged_until": None, "urged_by": None,
    }  # fmt: skip
    commands = ("record_breach", "urge_performance", "take_to_court", "record_performance")
    agreement = answers.agreement(*commands)
    kept = {**agreement, "state": "BREACHED", "breaches": [breach], "ways": ["CONFIRMATION", "SUIT"]}
    html = looked_at(pages, kept, state="BREACHED")
    words = ("对方称手头紧", "还没有催告", "共同申请司法确认、向人民法院起诉", "记未履行", "记催告", "记转入法院")
    assert [] == lacking(html, *words)
    assert 'value="CONFIRMATION"' not in html


def test_given_a_sealed_case_when_looking_then_it_says_so_with_the_hours_and_without_the_number(pages: Pages) -> None:
    sealed = {
        "sealed": True,
        "protected_party_id": samples.PARTY_A,
        "safe_hours": "工作日9点到11点",
        "chosen": ["SHUTTLE"],
    }
    html = looked_at(pages, commands=("protect_party", "report_danger"), escalated_at=answers.iso(31), **sealed)
    assert [] == lacking(html, "封存案件", "工作日9点到11点", "背靠背沟通", "已报警", "设为保护", "扬言自伤")
    assert "13900000777" not in html
