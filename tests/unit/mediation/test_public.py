"""What everybody may read of councils, decisions, elections and projects holds no name, telephone or flat number."""

from __future__ import annotations

import pytest

from contracts import registry
from kernel.rights import anybody
from services.mediation import elections
from tests.unit.mediation import electing, meeting
from tests.unit.mediation.electing import LAOYUAN, NAMES, OVER, SHI
from tests.unit.mediation.meeting import AFTER, OUTSIDER, QINGHE, do

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
    do(store, "take_roll", number=number, people=[{"name": NAME, "group": "业主"}])
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
    number = electing.voting(store)
    electing.do(store, "count_ballots", number=number, **electing.counted(electing.VOTES))
    electing.do(store, "publish_election", number=number)
    meeting.tick(store, elections.conclude_elections, OVER)
    project = electing.do(store, "open_project", now=OVER, election_number=number)["number"]
    electing.do(store, "raise_site_issue", SHI, OVER, number=project, words=SAID, place_text=FLAT)
    electing.week_over(store)


def everything_public(store, number):
    """Every question of mediation that anybody may ask and that is about a place or a council."""
    found = {}
    for (service, method), command in registry.COMMANDS.items():
        if service != "mediation" or not command.public or str(command.by) != str(anybody()):
            continue
        asked = {"number": number} if method == "get_council_record" else {}
        for place in (QINGHE, LAOYUAN):
            if "area_path" in command().fields:
                found[method, place] = do(store, method, OUTSIDER, area_path=place)
        if asked:
            found[method, number] = do(store, method, OUTSIDER, **asked)
    return found


def test_given_private_words_everywhere_when_the_public_pages_are_read_then_none_of_them_is_there(store):
    number = of_a_council(store)
    of_a_decision(store)
    of_an_election(store)
    read = everything_public(store, number)
    filled = {method for (method, _), page in read.items() if page.get("items") or page.get("number")}
    wanted = {"list_topic_board", "list_council_board", "get_council_record", "list_decision_board",
              "list_election_board", "list_project_board"}  # fmt: skip
    secret = (*NAMES, NAME, PHONE, FLAT, "郑守业", "韩彩云")
    assert set() == wanted - filled
    assert [] == [(method, word) for (method, _), page in read.items() for word in secret if word in str(page)]
