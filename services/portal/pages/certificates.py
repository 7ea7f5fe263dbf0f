"""Whether a certificate of volunteer service is one of ours: for whoever is shown the paper, without an account."""

from __future__ import annotations

import re
from typing import Any

from flask import render_template, request

from chassis.errors import Invalid, NotFound
from contracts.notify.service_certificates import CheckServiceCertificate
from services.portal.accounts import limits
from services.portal.accounts.current import now, process
from services.portal.api.public import posted
from services.portal.pages.blueprint import blueprint
from services.portal.problems import TooManyRequests

WRONG = "没有这个校验码，请对照证明再填一次；还是对不上的，不是这里出具的。"

BETWEEN = re.compile(r"[\s-]")


@blueprint.get("/certificates")
def certificate() -> Any:
    """The code stands in the address: so it does in the QR code of the paper, and it tells nobody who it is."""
    code = request.args.get("code", "")
    if not code:
        return render_template("certificate.html", found=None)
    store, moment = process().store, now()
    try:
        spent = limits.spend(store, "look_up_address", limits.network(request.remote_addr), moment)
        found = posted(CheckServiceCertificate, {"code": BETWEEN.sub("", code).upper()})
    except (NotFound, Invalid, TooManyRequests) as error:
        words = str(error) if isinstance(error, TooManyRequests) else WRONG
        return render_template("certificate.html", found=None, error=words, code=code), error.status
    limits.give_back(store, spent)
    return render_template("certificate.html", found=found)
