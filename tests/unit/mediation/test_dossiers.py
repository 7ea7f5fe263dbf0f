"""The dossier 卷宗: its order, its pages, who may print it, and what one side said alone in no open part."""

from __future__ import annotations

import re
from base64 import b64decode
from io import BytesIO

import pytest
from pypdf import PdfReader

from chassis.tables import AUDIT
from contracts.mediation.dossiers import GetDossier
from contracts.mediation.talks import RecordTalk
from services.mediation import dossiers, issues, talks, views
from tests.unit.mediation.people import ELSEWHERE, HEARING, LISHAN, SHI, STREET_OFFICER, refusal

SECRET = "愿意再让三百元"
ORDER = [
    "调解申请（受理）登记表", "当事人权利义务告知书", "当事人身份", "授权委托书", "调查记录", "调解记录", "调解协议",
    "履行凭据", "备考表", "封底",
]  # fmt: skip


def printed(world, part="OPEN", who=SHI):
    command = GetDossier().load({"case_id": str(world.case_id), "part": part})
    with world.store.transaction() as session:
        answer = GetDossier.answer().dump(dossiers.printed(session, who, command, world.now))
    return PdfReader(BytesIO(b64decode(answer["content"])))


def pages_of(reader):
    return [re.sub(r"\s", "", page.extract_text()) for page in reader.pages]


@pytest.fixture
def full(world):
    """A case with a bit of everything, performed."""
    world.mediating()
    world.represent(world.chen, "周明")
    said = {"kind": "CAUSE", "claimant_says": "楼上漏水", "respondent_says": "不是我家"}
    world.on_case(issues.RecordIssue, issues.record, SHI, **said)
    world.on_case(RecordTalk, talks.record, SHI, party_id=world.zhao, how="ON_SITE", words=SECRET)
    world.schedule(kind="SHUTTLE")
    world.now = HEARING
    world.record("NO_AGREEMENT", record_text=f"老赵说{SECRET}")
    world.challenge()
    world.rule("REJECTED")
    world.schedule(starts_at=world.now, notice_waived=True)
    world.name(world.chen, "陈桂兰")
    world.name(world.zhao, "赵建国")
    world.record("AGREED", record_text="当面谈妥")
    agreement = world.draft()
    for give in world.signatures(agreement).values():
        give()
    world.perform(agreement)
    return world


def test_given_a_whole_case_then_its_parts_stand_in_the_customary_order_with_true_pages(full):
    cover, contents, *body = pages_of(printed(full))
    listed = re.findall(r"\d\d：(.+?)（第(\d+)页）", contents)
    assert ORDER == [name for name, _ in listed]
    assert [True] * len(ORDER) == [body[int(page) - 3].startswith(name) for name, page in listed]
    assert [True] * 3 == [words in cover for words in ("银虹人调字第1号", "调解成功", "保管期限：至2034年7月")]


def test_given_pages_then_each_says_which_of_how_many_it_is(full):
    """pypdf reads another sign for 共; poppler does not."""
    pages = pages_of(printed(full))
    ends = [(int(no), int(total)) for text in pages for no, total in re.findall(r"第(\d+)页，\D+(\d+)页$", text)]
    assert [(no, len(pages)) for no in range(1, len(pages) + 1)] == ends


def test_given_what_one_side_said_alone_then_it_is_in_the_inner_part_alone(full):
    opened, inner = ("".join(pages_of(printed(full, part))) for part in ("OPEN", "INNER"))
    assert (0, 2) == (opened.count(SECRET), inner.count(SECRET))
    assert (False, True) == ("老战友" in opened, "老战友" in inner)


def test_given_what_one_side_said_alone_then_no_event_and_no_agreement_tells_it(full):
    told = str(full.envelopes())
    paper = full.see(lambda case: views.document.render(case.agreements[-1]))
    words = "".join(pages_of(PdfReader(BytesIO(paper))))
    assert (False, False) == (SECRET in told, SECRET in words)


def test_given_a_case_that_goes_on_then_its_dossier_says_so(world):
    world.opened()
    text = "".join(pages_of(printed(world)))
    assert [True] * 2 == [words in text for words in ("尚未结案", "结案后起算")]


@pytest.mark.parametrize("who", [LISHAN, STREET_OFFICER, ELSEWHERE], ids=lambda who: who.name)
def test_given_others_than_the_mediators_then_no_dossier(world, who):
    world.opened()
    with pytest.raises(refusal(who)):
        printed(world, who=who)


def test_given_a_print_then_it_is_audited(world):
    world.opened()
    printed(world)
    with world.store.transaction() as session:
        assert "print_dossier" in [row.act for row in session.execute(AUDIT.select())]
