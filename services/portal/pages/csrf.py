"""Forms carry a token only this site's own pages can know: a keyed hash of the session."""

from __future__ import annotations

import hmac

from flask import request

from chassis.sealing import keyed_hash
from services.portal.accounts.current import cookie_token
from services.portal.problems import CrossSite

FIELD = "csrf_token"


def token() -> str:
    """For the session in the cookie; empty without one."""
    session = cookie_token()
    return keyed_hash(f"form|{session}") if session else ""


def check() -> None:
    """Errors: CrossSite when the form was not drawn for this session."""
    if not hmac.compare_digest(token().encode(), request.form.get(FIELD, "").encode()):
        raise CrossSite("页面已经过期，请回到上一页刷新后再提交")
