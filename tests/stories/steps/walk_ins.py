"""Sentences about cases that mediation opens itself: the station's visitors, talks on the stairs, cause and price."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

from pypdf import PdfReader
from pytest_bdd import parsers, then, when

from tests.stories import people, sql
from tests.stories.talk import Story

YANG, JIANG = "杨根娣", "姜维东"
CLAIMANT, RESPONDENT = "刘小军", "孙建平"
SAID = "嫌修理费贵，愿意出一半"
POSITIONS = {
    "CAUSE": ("水是从楼上卫生间漏下来的", "自家没有漏水", "现场查看，楼上地漏堵塞，水漫过门槛"),
    "PRICE": ("换地板要2600元", "最多出900元", "按市场价和新旧程度，1800元"),
}


def registered(story: Story, who: str, **more: Any) -> None:
    asked = {
        "origin": "WALK_IN", "dispute_type": "NEIGHBOUR", "area_path": people.WET_FLOOR_AREA, "risk_level": "YELLOW",
        "claimant": {"name": CLAIMANT, "phone": people.CHEN_PHONE}, "respondent": {"name": RESPONDENT},
    }  # fmt: skip
    story.case = story.do(who, "/api/mediations", **{**asked, **more})
    story.number, story.reader = story.case["number"], YANG


def act(story: Story, verb: str, who: str = YANG, **body: Any) -> dict[str, Any]:
    story.case = story.do(who, f"/api/mediations/{story.case['id']}/{verb}", **body)
    return story.case


def seen(story: Story, who: str = YANG) -> dict[str, Any]:
    story.case = story.ask(who, f"/api/mediations/{story.number}")
    return story.case


def party(story: Story, side: str) -> str:
    return next(str(each["party_id"]) for each in story.case["parties"] if each["side"] == side)


def willing(story: Story, side: str, word: str = "YES") -> None:
    act(story, "willingness", party_id=party(story, side), willing=word, how="ON_SITE")


@when(parsers.parse('小刘来到接待站，值班的杨根娣登记"{words}"'))
def walks_in(story: Story, words: str) -> None:
    registered(story, YANG, cause_text=words, claimed_amount="2600.00")


@when("社区的姜维东发现两家争吵，主动登记调解")
def found(story: Story) -> None:
    registered(story, JIANG, origin="FOUND", cause_text="为楼道里堆东西天天争吵")


@then("案件有自己的编号，调解员是当日值班的杨根娣")
def on_duty(story: Story) -> None:
    case = seen(story)
    expected = (story.number, "MEDIATION", "u-yanggendi", "ON_DUTY")
    assert expected == (case["case_number"], case["source"]["kind"], case["mediator"]["id"], case["how_chosen"])


@then(parsers.parse('杨根娣的待办里有它，案件页面上、按姓名按编号查找都看得到"{words}"'))
def on_desk_and_page(story: Story, words: str) -> None:
    def waiting() -> bool:
        return story.number in [row["number"] for row in story.ask(YANG, "/api/desk")["items"]]

    assert story.soon("the case on her desk", waiting)
    pages = (YANG, f"/cases/{story.number}"), (JIANG, f"/find?q={RESPONDENT}"), (JIANG, f"/find?q={story.number}")
    assert [True] * 3 == [words in story.send(who, "GET", path).text for who, path in pages]


@when("楼上的老孙同意调解")
def agrees_to_talk(story: Story) -> None:
    willing(story, "RESPONDENT")


@when("杨根娣楼上楼下单方沟通9次，一次3分钟")
def nine_talks(story: Story) -> None:
    for turn in range(9):
        story.later(minutes=3)
        side = "RESPONDENT" if turn % 2 else "CLAIMANT"
        act(story, "talks", party_id=party(story, side), words=SAID)


@then("案件记着9次单方沟通，没有开过一次会")
def counted(story: Story) -> None:
    case = seen(story)
    assert (9, [], "MEDIATING") == (len(case["talks"]), case["sessions"], case["state"])


@when("杨根娣记下双方对原因和价格的说法，分别作出认定")
def settled(story: Story) -> None:
    for kind, (claimant, respondent, finding) in POSITIONS.items():
        act(story, "issues", kind=kind, claimant_says=claimant, respondent_says=respondent)
        act(story, "issues/finding", kind=kind, finding=finding)


@then("原因和价格各有双方的说法和认定")
def both_points(story: Story) -> None:
    told = ("claimant_says", "respondent_says", "finding")
    assert POSITIONS == {one["kind"]: tuple(one[name] for name in told) for one in seen(story)["issues"]}


@when("双方在小刘家看过地板，达成一致")
def accord(story: Story) -> None:
    starts_at = story.now().isoformat()
    act(story, "rights-notice", party_ids=[each["party_id"] for each in story.case["parties"]], how="ON_SITE")
    act(story, "sessions", kind="ON_SITE", starts_at=starts_at, place_text="小刘家", helper_ids=[], notice_waived=True)
    verb = f"sessions/{story.case['sessions'][-1]['session_id']}/record"
    present = [each["party_id"] for each in story.case["parties"]]
    act(story, verb, outcome="AGREED", record_text="双方看过地板，认可认定", present=present)


@when(parsers.parse("杨根娣起草书面协议，赔偿{amount:d}元，当场付清"))
def drafted(story: Story, amount: int) -> None:
    term = {
        "obligor_party_id": party(story, "RESPONDENT"), "obligee_party_id": party(story, "CLAIMANT"),
        "content": "赔偿卧室地板损失", "amount": f"{amount}.00", "method": "CASH", "due_at": None,
    }  # fmt: skip
    words = {"facts": "楼上地漏堵塞，水渗到楼下，泡坏卧室地板", "liability": "楼上住户承担责任"}
    made = story.do(YANG, f"/api/mediations/{story.case['id']}/agreements", **words, terms=[term], copies=3)
    story.agreement = made["id"]


def agreement(story: Story) -> dict[str, Any]:
    return next(dict(one) for one in seen(story)["agreements"] if one["id"] == story.agreement)


@then("还缺双方签名、调解员签名和接待站的印章，协议没有生效")
def not_yet(story: Story) -> None:
    made = agreement(story)
    assert (4, None) == (len(made["missing"]), made["effective_at"])


@when("双方签字，杨根娣签字，接待站盖章")
def all_sign(story: Story) -> None:
    path = f"/api/agreements/{story.agreement}"
    for side in ("CLAIMANT", "RESPONDENT"):
        story.do(YANG, f"{path}/signatures", signer="PARTY", party_id=party(story, side), manner="SIGN")
    story.do(YANG, f"{path}/signatures", signer="MEDIATOR", manner="SIGN")
    story.do(YANG, f"{path}/seal")


@then("协议生效，双方各执一份，接待站留存一份")
def effective(story: Story) -> None:
    made = agreement(story)
    assert ("EFFECTIVE", [], 3) == (made["state"], made["missing"], made["copies"])


@then("协议书写明双方、责任和1800元，没有单方沟通时说的话")
def paper(story: Story) -> None:
    answer = story.send(YANG, "GET", f"/api/agreements/{story.agreement}/document.pdf")
    pages = PdfReader(io.BytesIO(answer.content)).pages
    words = re.sub(r"[\s,]", "", "".join(page.extract_text() for page in pages))
    wanted = ("红色家园居民自治接待站", CLAIMANT, RESPONDENT, "楼上住户承担责任", "1800")
    assert ([], False) == ([each for each in wanted if each not in words], "愿意出一半" in words)


@when("老孙当场付清，有收据")
def paid(story: Story) -> None:
    path = f"/api/agreements/{story.agreement}/performance"
    story.do(YANG, path, term_no=1, proof="RECEIPT", attachments=[story.photo(YANG)])


@then(parsers.parse('接待站的案件状态是"{state}"'))
def state_is(story: Story, state: str) -> None:
    assert state == seen(story)["state"]


@then("从登记到结案的每一步都在同一条时间线上")
def whole_timeline(story: Story) -> None:
    steps = ["mediation_case_opened", "mediator_assigned", *["talk_recorded"] * 9, "issue_recorded", "issue_settled",
             "agreement_drafted", "agreement_took_effect", "mediation_case_closed"]  # fmt: skip

    def told_so_far() -> bool:
        rest = iter(story.events(YANG))
        return all(step in rest for step in steps)

    assert story.soon("every step", told_so_far)


@then("总线上没有双方的名字，也没有他们说的话")
def nothing_personal(story: Story) -> None:
    secret = (CLAIMANT, RESPONDENT, "愿意出一半", "没有漏水", "地漏")
    query = "select count(*) from outbox where " + " or ".join(f"body like '%{word}%'" for word in secret)
    assert 0 == sql.one(story.world, "mediation", query)


@when("双方同意调解，约在心理疏导室面谈")
def invited(story: Story) -> None:
    for side in ("CLAIMANT", "RESPONDENT"):
        willing(story, side)
    starts_at = (story.now() + timedelta(days=2)).isoformat()
    act(story, "sessions", kind="JOINT", starts_at=starts_at, place_text="心理疏导室", helper_ids=[])


@then(parsers.parse('约好的地点是"{place}"'))
def place_is(story: Story, place: str) -> None:
    assert [place] == [one["place_text"] for one in seen(story)["sessions"]]


@when("对方明确拒绝调解")
def refuses(story: Story) -> None:
    willing(story, "RESPONDENT", "NO")


@when("老孙说四川话，想换一位懂的，社区从名单里选")
def another(story: Story) -> None:
    able = [one["id"] for one in seen(story, JIANG)["available"] if "四川话" in one["dialects"]]
    act(story, "mediator", JIANG, mediator_id=able[0], how_chosen="CHOSEN")


@then("调解员是当事人选择的丁玉成")
def chosen(story: Story) -> None:
    case = seen(story)
    assert ("u-dingyucheng", "CHOSEN") == (case["mediator"]["id"], case["how_chosen"])
