"""The document for departments: their messages and what these need, whole, and nothing else."""

import pytest
import yaml

from contracts import files, registry
from tests.contract.test_asyncapi import Node, references, resolve

pytestmark = pytest.mark.rule("42")


@pytest.fixture(scope="module")
def document() -> Node:
    found: Node = yaml.safe_load((files.ROOT / "kit/departments.asyncapi.yaml").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def whole() -> Node:
    found: Node = yaml.safe_load((files.ROOT / "contracts/asyncapi.yaml").read_text("utf-8"))
    return found


def test_it_holds_the_messages_of_departments_and_no_event(document: Node) -> None:
    assert 13 == len(document["components"]["messages"])
    assert set(registry.DEPARTMENT_MESSAGES) == set(document["components"]["messages"])
    assert {"departments", "department-replies"} == set(document["channels"])
    assert {"department-receives", "department-replies"} == set(document["operations"])


def test_every_reference_leads_somewhere(document: Node) -> None:
    assert all(resolve(document, reference) for reference in set(references(document)))


def test_it_says_what_the_whole_document_says(document: Node, whole: Node) -> None:
    for part in ("messages", "schemas"):
        for name, said in document["components"][part].items():
            assert whole["components"][part][name] == said
