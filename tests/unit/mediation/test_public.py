"""What everybody may read of councils, decisions, elections and projects holds no name, telephone or flat number."""

from __future__ import annotations

import pytest

from contracts import registry
from kernel.rights import anybody
from services.mediation import elections
from tests.unit.mediation import adopting, electing, meeting
from tests.unit.mediation.electing import LAOYUAN, NAMES, OVER, SHI
from tests.unit.mediation.meeting import AFTER, OUTSIDER, QINGHE, do

OTHER = "欧阳晓燕"
NAME, PHONE, FLAT = "田小禾", "13900000601", "3号楼201室"
SAID = f"{NAME}（{PHONE}）住{FLAT}，说怕孩子碰着"
ENTITLED = {"entitled": 30, "attended": 24, "yes": 20}


@pytest.fixture
def store(world):
    return world.store


def of_a_council(store):
    topic = do(store, "propose_topic", content=SAID)["number"]
    do(store, "collect_opinions", number=topic)
    do(store, "say_opinion", number=topic, words=SAID)
    do(store, "set_topic", number=topic)
    number = meeting.council(store, topics=[topic])
    do(store, "take_roll", number=number, people=[{"name": NAME, "group": "业主", "phone": PHONE}])
    minutes = {"minutes": SAID, "opinions": [SAID], "dissent": SAID}
    do(store, "record_minutes", number=number, now=AFTER, **minutes)
    do(store, "draft_resolution", number=number, now=AFTER)
    for payer in (meeting.JINMAO, meeting.LIJIN):
        do(store, "confirm_share", payer, number=number, now=AFTER)
    do(store, "resolve_council", number=number, now=AFTER)
    do(store, "publish_council", number=number, now=AFTER)
    do(store, "object_to_council", number=number, words=SAID, now=AFTER)
    return number


def of_a_decision(store):
    number = do(store, "propose_decision", proposal=SAID)["number"]
    do(store, "hold_stage", number=number, stage="PROPOSED", **ENTITLED)


def of_an_election(store):
    number = electing.election(store)
    electing.do(store, "stand_for_election", number=number, name=OTHER, phone=PHONE, statement=SAID)
    electing.do(store, "open_voting", number=number)
    electing.hand_out(store, number, 104)
    electing.do(store, "count_ballots", number=number, **electing.counted(electing.VOTES | {8: 1}))
    electing.do(store, "publish_election", number=number)
    meeting.tick(store, elections.conclude_elections, OVER)
    project = electing.do(store, "open_project", now=OVER, election_number=number)["number"]
    electing.do(store, "raise_site_issue", SHI, OVER, number=project, words=SAID, place_text=FLAT)
    electing.week_over(store)


def of_a_covenant(store):
    number, council = adopting.drafted(store), meeting.resolved(store)
    adopting.do(store, "adopt_covenant", number=number, council_number=council)
    adopting.do(store, "file_covenant", number=number)
    return number


def everything_public(store, asked):
    """Every question of mediation that anybody may ask and that is about a place or a council."""
    found = {}
    for (service, method), command in registry.COMMANDS.items():
        if service != "mediation" or not command.public or str(command.by) != str(anybody()):
            continue
        for place in (QINGHE, LAOYUAN):
            if "area_path" in command().fields:
                found[method, place] = do(store, method, OUTSIDER, area_path=place)
        if method in asked:
            found[method, ""] = do(store, method, OUTSIDER, **asked[method])
    return found


def test_given_private_words_everywhere_when_the_public_pages_are_read_then_none_of_them_is_there(store):
    number = of_a_council(store)
    of_a_decision(store)
    of_an_election(store)
    compared = {"number": of_a_covenant(store), "old": 1, "new": 1}
    council = {"number": number}
    asked = {"get_council_record": council, "get_council_invitation": council, "compare_covenant": compared}
    read = everything_public(store, asked)
    filled = {method for (method, _), page in read.items() if page.get("items") or page.get("number")}
    wanted = {*asked, "list_topic_board", "list_council_board", "list_covenant_board", "list_decision_board",
              "list_election_board", "list_project_board"}  # fmt: skip
    secret = (*NAMES, NAME, OTHER, PHONE, FLAT, "郑守业", "韩彩云")
    assert set() == wanted - filled
    assert [] == [(method, word) for (method, _), page in read.items() for word in secret if word in str(page)]


@pytest.mark.parametrize(
    ("method", "field"),
    [
        ("convene_council", "subject"), ("convene_council", "place_text"), ("convene_council", "invited"),
        ("record_minutes", "options"), ("draft_resolution", "resolution"), ("set_topic", "subject"),
        ("propose_decision", "subject"), ("publish_stage", "published"), ("draft_covenant", "title_text"),
        ("draft_covenant", "draft"), ("call_election", "subject"), ("call_election", "voters_rule"),
        ("call_election", "place_text"), ("open_project", "name"),
    ],
)  # fmt: skip
def test_given_a_telephone_in_words_that_are_for_everybody_when_sent_then_they_are_refused(method, field):
    command = registry.command("mediation", method)()
    assert field in command.validate({field: [SAID] if field == "options" else SAID})
