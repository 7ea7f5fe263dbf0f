"""The tables of news/: everything they name exists, everything that is said is used, what is wrong is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.entrypoints import Handles
from contracts.intake.erasures import ErasureOrdered
from contracts.intake.persons import ConsentWithdrawn
from contracts.listeners import LISTENERS
from contracts.registry import EVENTS
from services.notify import saying, telling, templates
from services.notify.service import NotifyService
from services.notify.templates import SAYS, WrongNews, load, read
from tests.unit.notify.facts import fact, messages, tell

ENTRIES = templates.ENTRIES
TOLD_TO_NOBODY = {ConsentWithdrawn, ErasureOrdered}
"""What notify hears for its own store alone."""
FIELDS = {name for contract in EVENTS.values() for name in contract().fields}


def test_given_the_tables_when_compared_with_the_contracts_then_their_events_are_what_notify_hears():
    handled = {entry.contract for entry in NotifyService.entrypoints.values() if isinstance(entry, Handles)}
    named = {telling.contract_of(entry) for entry in ENTRIES if entry.event != SAYS}
    own = {contract for contract in named if contract.source == telling.OWN}
    assert (set(LISTENERS["notify"]), named - own) == (handled, handled - TOLD_TO_NOBODY)
    assert {contract.name for contract in own} == set(saying.TELLS)


def test_given_a_message_that_code_queues_then_code_names_it_and_no_table_addresses_it():
    code = "".join(path.read_text(encoding="utf-8") for path in Path(telling.__file__).parent.glob("*.py"))
    said = [form for entry in ENTRIES if entry.event == SAYS for form in entry.tells]
    assert [] == [form.key for form in said if form.to or f'"{form.key.removesuffix("_helper")}"' not in code]


def test_given_the_functions_a_table_can_name_then_each_is_named_and_none_hides_a_field():
    forms = [form for entry in ENTRIES for form in entry.tells]
    words = [
        word for one in forms for word in (*one.when, *one.unless, *one.breaks_quiet, *one.cycle, *one.words.values())
    ]
    named = {*words, *(form.to for form in forms), *(entry.about for entry in ENTRIES)}
    named |= {step for entry in ENTRIES for step in (*entry.keeps, *entry.does)}
    functions = {name for name, one in {**telling.STEPS, **telling.CONDITIONS, **telling.RECIPIENTS}.items()}
    assert set() == functions - named - {"COMMUNITY", "DISTRICT", "FOLLOWUP"}
    assert {"subject"} >= {*telling.CONDITIONS} & FIELDS
    assert {"parties", "receiver", "lead_unit", "reporter"} >= {*telling.RECIPIENTS} & FIELDS


HEARD = [entry for entry in ENTRIES if entry.event != SAYS and entry.event not in saying.TELLS]


@pytest.mark.parametrize("entry", HEARD, ids=lambda entry: entry.event)
def test_given_an_event_of_a_table_when_heard_then_no_blank_stays_empty(store, entry):
    tell(store, fact(telling.contract_of(entry), version=7, actor="u-somebody"))
    assert [] == [row.body for row in messages(store) if "{" in row.title + row.body or "未填" in row.body]


TOLD = {"to": "handler", "title": "甲", "body": "乙{number}"}
BROKEN = {
    "event": ("appeal_sung", {"tells": [TOLD]}),
    "keeps": ("appeal_assigned", {"keeps": "everything"}),
    "does": ("appeal_assigned", {"does": ["turn", "return"]}),
    "takes_back": ("appeal_assigned", {"takes_back": "appeal_asigned"}),
    "about": ("appeal_assigned", {"about": "task_id"}),
    "to": ("appeal_assigned", {"tells": [{**TOLD, "to": "mayor"}]}),
    "when": ("appeal_assigned", {"tells": [{**TOLD, "when": "raining"}]}),
    "unless": ("appeal_assigned", {"tells": [{**TOLD, "unless": ["own_doing", "raining"]}]}),
    "breaks_quiet": ("appeal_assigned", {"tells": [{**TOLD, "breaks_quiet": "always"}]}),
    "cycle": ("appeal_assigned", {"tells": [{**TOLD, "cycle": "handler.age"}]}),
    "words": ("appeal_assigned", {"tells": [{**TOLD, "body": "{due_at}{until}"}]}),
    "wards": ("appeal_assigned", {"tells": [{**TOLD, "wards": {"number": "number"}}]}),
    "title": ("appeal_assigned", {"tells": [{"to": "handler", "body": "乙"}]}),
    "PIGEON": ("appeal_assigned", {"tells": [{**TOLD, "channels": ["PIGEON"]}]}),
    "body": ("appeal_assigned", {"tells": [{**TOLD, "body": "乙{number"}]}),
    "tells": ("appeal_assigned", {"tells": TOLD}),
}


@pytest.mark.parametrize("key", BROKEN)
def test_given_a_table_with_an_error_when_loaded_then_file_event_and_key_are_named(key):
    event, raw = BROKEN[key]
    with pytest.raises(WrongNews) as refused:
        telling.contract_of(read("choir.yaml", event, raw))
    assert [] == [word for word in ("choir.yaml", event, key) if word not in str(refused.value)]


@pytest.mark.parametrize(
    ("second", "event", "twice"),
    [("b.yaml", "appeal_answered", "event"), ("b.yaml", "appeal_merged", "key"), ("a.yaml", "appeal_merged", "key")],
)
def test_given_an_event_or_a_key_twice_when_loaded_then_it_is_refused(tmp_path, second, event, twice):
    row = "{}:\n  tells: [{{key: one, to: reporter, title: 甲, body: 乙}}]\n"
    (tmp_path / "a.yaml").write_text(row.format("appeal_answered"), encoding="utf-8")
    with (tmp_path / second).open("a", encoding="utf-8") as file:
        file.write(row.format(event))
    with pytest.raises(WrongNews, match=f"{second}: {event}: {twice}: “(one|appeal_answered)”"):
        load(tmp_path)
