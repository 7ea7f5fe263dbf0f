"""Service discovery (https://wiki.open311.org/Service_Discovery/): where the endpoint is, and its forms."""

from __future__ import annotations

from typing import Any

from flask import request

from services.portal.accounts.current import now

View = dict[str, Any]
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CONTACT, KEY_SERVICE = "12345政务服务便民热线：12345", "不需要密钥，可以直接使用"


def document() -> View:
    """Its changeset is the day: services are told by another process, so clients fetch them anew once a day."""
    changed = f"{now().date()}T00:00:00Z"
    endpoint = {
        "specification": SPECIFICATION, "url": f"{request.host_url}open311/v2", "changeset": changed,
        "type": "production", "formats": ["text/xml", "application/json"],
    }  # fmt: skip
    return {"changeset": changed, "contact": CONTACT, "key_service": KEY_SERVICE, "endpoints": [endpoint]}
