"""What somebody has to do, what they were told, and what is said of a matter."""

from __future__ import annotations

from typing import Any

from tests.stories import sql
from tests.stories.talk import Story


def on_desk(story: Story, who: str, number: str) -> dict[str, Any] | None:
    """The desk's line of a matter."""
    items = story.ask(who, "/api/desk")["items"]
    return next((dict(row) for row in items if row["number"] == number), None)


def bodies(story: Story, who: str, number: str, template: str) -> list[str]:
    """The messages of one template about a number, as somebody of the place reads them."""
    items = story.ask(who, "/api/messages", case_number=number)["items"]
    return [item["body"] for item in items if item["template"] == template]


def all_said(story: Story, *names: str) -> None:
    """The timeline of the matter has these, in this order."""

    def told() -> bool:
        rest = iter(story.events(story.reader))
        return all(name in rest for name in names)

    assert story.soon("every step", told)


def nothing_said(story: Story, *secret: str) -> None:
    query = "select count(*) from outbox where " + " or ".join(f"body like '%{word}%'" for word in secret)
    assert 0 == sql.one(story.world, "mediation", query)
