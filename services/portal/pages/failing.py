"""Who is not logged in is sent to the login page, and comes back from there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import redirect, request

from chassis.errors import Unauthenticated
from services.portal.pages.blueprint import blueprint
from services.portal.problems import answer


@blueprint.errorhandler(Unauthenticated)
def to_login(error: Unauthenticated) -> Any:
    if request.method != "GET":
        return answer(error)
    asked = request.full_path.rstrip("?")
    return redirect(f"/login?{urlencode({'next': asked})}", 303)
