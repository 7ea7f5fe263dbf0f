"""What the conformance check of the kit knows of the contract: it stands alone and imports nothing of ours."""

from typing import Any

from contracts import departments, envelope, registry
from contracts.jsonschema import shape_of


def contract() -> dict[str, Any]:
    """Examples of what a department is sent, and the schemas of what it may reply."""
    messages = registry.DEPARTMENT_MESSAGES.values()
    return {
        "examples": {each.type: envelope.example(each) for each in messages if each.exchange == departments.OUT},
        "envelope": envelope.reply(),
        "replies": {each.type: shape_of(each) for each in messages if each.exchange == departments.BACK},
    }
