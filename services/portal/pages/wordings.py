"""通知用语: every message the platform can send, as it reads, how long it is and which version is in use."""

from __future__ import annotations

from flask import render_template, request

from contracts.notify.wordings import ListWordings
from services.portal.accounts.current import current_principal
from services.portal.api.asking import ask
from services.portal.api.reading import count
from services.portal.pages.blueprint import blueprint

SHOWN, LONGEST = 40, 60
SEARCHED = ("template", "event", "to", "title", "body", "sample")


@blueprint.get("/wordings")
def wordings() -> str:
    """Those that say the words asked for, the longest first, so many a page. Errors: Unauthenticated, Forbidden."""
    current_principal()
    words, start = request.args.get("q", "").strip()[:LONGEST], count(request.args.get("from", "")) or 0
    every = ask(ListWordings, {})["items"]
    found = [each for each in every if any(words in each[name] for name in SEARCHED)]
    return render_template(
        "wordings.html", title=ListWordings.title, words=words, found=found[start : start + SHOWN],
        many=len(found), further=start + SHOWN if start + SHOWN < len(found) else None,
    )  # fmt: skip
